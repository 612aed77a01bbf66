"""/check: look at a feed now, not at its next turn."""

from __future__ import annotations

from typing import assert_never

from bot.model import Subscription
from bot.services.standings import Looked, LookResult, NotYet, UnderWay
from bot.telegram import times
from bot.telegram.command import Act, Command, never
from bot.telegram.talk import Talk
from bot.telegram.words import Html, cut


async def check(talk: Talk, argument: str) -> None:
    """Look at the feed that is named; at the only one if there is one."""
    followed = await talk.subscriptions.of(talk.chat.id)
    if not followed:
        await talk.say("list.empty")
        return
    found = await talk.subscriptions.named(talk.chat.id, argument) if argument else None
    if not argument and len(followed) == 1:
        found = followed[0]
    if found is None:
        await talk.say("check.which", name=cut(argument, 100))
        return
    await _look(talk, found)


async def press(talk: Talk, argument: str) -> None:
    """Look at the feed of the pressed button."""
    subscription = await talk.subscriptions.one(talk.chat.id, int(argument))
    if subscription is None:
        await talk.notice("press.gone")
        return
    # Telegram forgets a press within seconds, and reading a feed may take longer.
    await talk.notice("press.reading")
    await _look(talk, subscription)


async def _look(talk: Talk, subscription: Subscription) -> None:
    await talk.typing()
    result = await talk.desk.services.standings.look(subscription)
    await talk.show(_said(talk, subscription, result))


def _said(talk: Talk, subscription: Subscription, result: LookResult) -> Html:
    title = talk.words.linked(subscription)
    match result:
        case Looked(_, problem) if problem is not None:
            return talk.words.html("check.failed", title=title, problem=talk.words.problem(problem))
        case Looked(articles=0):
            return talk.words.html("check.nothing", title=title)
        case Looked(articles):
            return talk.words.count("check.found", articles, title=title)
        case NotYet(until, host):
            ahead = times.ahead(talk.words, until - talk.desk.services.standings.now)
            if host is None:
                return talk.words.html("check.just_now", title=title, ahead=ahead)
            return talk.words.html("check.site_waits", title=title, ahead=ahead)
        case UnderWay():
            return talk.words.html("check.under_way", title=title)
        case _:
            assert_never(result)


COMMAND = Command("check", check, never, presses=(Act("look", press, never),))
