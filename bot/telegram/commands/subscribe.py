"""/subscribe: follow what stands at one or several addresses."""

from __future__ import annotations

from collections import Counter
from typing import assert_never

from bot.feeds.webpage import is_of_comments
from bot.model import FeedLink, Subscription, shown
from bot.services.subscriptions import AlreadySubscribed, NotSubscribed, Offered, Subscribed, SubscribeResult
from bot.telegram.command import Act, Command, always
from bot.telegram.commands.sample import show_sample
from bot.telegram.talk import Buttons, Talk, button
from bot.telegram.words import Html, cut

# One message may name this many; each is fetched, one after the other, while the person waits.
_MOST_ADDRESSES = 20

# What people put around addresses in a row.
_AROUND = ",;，；、"

# What a site answers that wants to know who asks.
_WANT_LOGIN = frozenset({"fetch.login", "fetch.forbidden"})

_LONGEST_ADDRESS = 200
_LONGEST_LABEL = 60
_LONGEST_END = 25


async def subscribe(talk: Talk, argument: str) -> None:
    """Follow every address named, each with its own answer; ask for one if none is."""
    addresses = list(dict.fromkeys(filter(None, (word.strip(_AROUND) for word in argument.split()))))
    if not addresses:
        await talk.ask(talk.words.html("subscribe.ask"), "subscribe")
        return
    if len(addresses) > _MOST_ADDRESSES:
        await talk.say("subscribe.too_many", most=_MOST_ADDRESSES)
        return
    for address in addresses:
        await talk.typing()
        result = await talk.subscriptions.subscribe(talk.chat, talk.thread_id, address)
        await report(talk, result, address)


async def accept(talk: Talk, argument: str) -> None:
    """Follow what the pressed button offered."""
    # Telegram forgets a press within seconds, and reading a feed may take longer.
    await talk.notice("press.reading")
    await talk.typing()
    result = await talk.subscriptions.accept(talk.chat, talk.thread_id, int(argument))
    await report(talk, result, None)


async def report(talk: Talk, result: SubscribeResult, address: str | None) -> None:
    """Say what came of it.

    Args:
        address: as typed; None if a button was pressed.
    """
    match result:
        case Subscribed():
            await _welcome(talk, result)
        case AlreadySubscribed(subscription):
            title = talk.words.linked(subscription)
            await talk.say("subscribe.already", _card(talk, subscription, "button.unsubscribe"), title=title)
        case Offered():
            await _offer(talk, result)
        case NotSubscribed(problem):
            sentence = talk.words.problem(problem)
            if address is None:
                await talk.say("subscribe.failed", problem=sentence)
            else:
                url = cut(address, _LONGEST_ADDRESS)
                lines = [talk.words.html("subscribe.failed_at", url=url, problem=sentence)]
                if problem.key in _WANT_LOGIN and talk.in_private:
                    lines.append(talk.words.html("login.offer", which=talk.typed(url)))
                await talk.show(Html("\n".join(lines)))
        case _:
            assert_never(result)


async def _welcome(talk: Talk, result: Subscribed) -> None:
    title = talk.words.linked(result.subscription)
    buttons = _card(talk, result.subscription, "button.undo")
    if result.sample is None:
        await talk.say("subscribe.done_empty", buttons, title=title)
        return
    await talk.say("subscribe.done", buttons, title=title)
    how = shown(talk.chat.wishes, result.subscription.wishes)
    await show_sample(talk, result.sample, talk.words.title(result.subscription), how)


def _card(talk: Talk, subscription: Subscription, leave: str) -> Buttons:
    return [
        [
            button(talk.words.plain(leave), "undo", subscription.id),
            button(talk.words.plain("button.filter"), "filter", subscription.id),
        ]
    ]


async def _offer(talk: Talk, offered: Offered) -> None:
    titles = Counter(found.title for _, found in offered.offers)
    rows = [
        [button(_label(found, alone=titles[found.title] == 1), "offer", offer_id)]
        for offer_id, found in offered.offers
    ]
    await talk.show(
        talk.words.count("subscribe.offered", len(rows), url=cut(offered.url, _LONGEST_ADDRESS)), rows
    )


def _label(found: FeedLink, *, alone: bool) -> str:
    """The feed's title; with the end of its address where others have the same; feeds of comments marked."""
    mark = "💬 " if is_of_comments(found) else ""
    if not found.title:
        return mark + cut(found.url, _LONGEST_LABEL)
    if alone:
        return mark + cut(found.title, _LONGEST_LABEL)
    end = found.url.partition("://")[2]
    end = end if len(end) <= _LONGEST_END else "…" + end[-_LONGEST_END:]
    return f"{mark}{cut(found.title, _LONGEST_LABEL - _LONGEST_END)} ({end})"


COMMAND = Command(
    "subscribe",
    subscribe,
    always,
    aliases=("sub", "add"),
    presses=(Act("offer", accept, always),),
    answers=(Act("subscribe", subscribe, always, takes=""),),
)
