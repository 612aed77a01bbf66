"""/status: when each feed was read and will be, how often it publishes, and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.model import Standing
from bot.schedule import weekly
from bot.services.subscribing import AlreadySubscribed, Subscribed
from bot.telegram import times
from bot.telegram.command import NUMBER, Act, Command, always, never
from bot.telegram.commands.subscribe import report
from bot.telegram.pager import pager
from bot.telegram.talk import Buttons, Talk, button
from bot.telegram.words import Html, Words, cut

PAGE = 10

# Ten of them, three lines and a problem each, stay below the 4,096 code points of a message.
_LONGEST_TITLE = 60
_LONGEST_PROBLEM = 150
_BUTTONS_IN_A_ROW = 5


async def status(talk: Talk, _argument: str) -> None:
    """Show the first page."""
    await talk.show(*await _page(talk, 0))


async def turn(talk: Talk, argument: str) -> None:
    """Show another page in place of the one whose button was pressed."""
    await talk.edit(*await _page(talk, int(argument)))


async def _page(talk: Talk, page: int) -> tuple[Html, Buttons]:
    standings = await talk.desk.services.standings.of(talk.chat.id)
    if not standings:
        return talk.words.html("list.empty"), ()
    pages = -(-len(standings) // PAGE)
    page = max(0, min(page, pages - 1))
    shown = list(enumerate(standings[page * PAGE : (page + 1) * PAGE], page * PAGE + 1))
    now = talk.desk.services.standings.now
    head = talk.words.count("status.head", len(standings))
    html = Html("\n\n".join([head, *(_fares(talk.words, number, one, now) for number, one in shown)]))
    return html, [*_looks(shown), *pager("status", page, pages)]


def _fares(words: Words, number: int, standing: Standing, now: datetime) -> Html:
    lines = [
        f"{number}. {words.linked(standing.subscription, _LONGEST_TITLE)}",
        f"    {times.reading(words, standing, now)}",
    ]
    if standing.beat is not None and standing.gap is not None:
        rhythm = times.rhythm(words, weekly(standing.beat, now))
        lines.append(words.html("status.rhythm", rhythm=rhythm, every=times.every(words, standing.gap)))
    if standing.subscription.problem is not None:
        problem = cut(words.problem(standing.subscription.problem), _LONGEST_PROBLEM)
        lines.append(words.html("status.problem", problem=problem))
    return Html("\n".join(lines))


def _looks(shown: Sequence[tuple[int, Standing]]) -> Buttons:
    """One small button for each feed."""
    row = [button(f"↻ {number}", "look", standing.subscription.id) for number, standing in shown]
    return [row[start : start + _BUTTONS_IN_A_ROW] for start in range(0, len(row), _BUTTONS_IN_A_ROW)]


async def replace(talk: Talk, argument: str) -> None:
    """Ask for the address that is to stand in for a feed's."""
    subscription = await talk.subscriptions.one(talk.chat.id, int(argument))
    if subscription is None:
        await talk.notice("press.gone")
        return
    question = talk.words.html("replace.ask", title=talk.words.linked(subscription))
    await talk.ask(question, "replace", subscription.id)


async def replaced(talk: Talk, argument: str) -> None:
    """Follow the new address in place of the old feed, with its filter."""
    number, _, address = argument.partition(" ")
    old = await talk.subscriptions.one(talk.chat.id, int(number))
    if old is None:
        await talk.say("subscription.gone")
        return
    await talk.typing()
    result = await talk.subscriptions.subscribe(talk.chat, talk.thread_id, address.strip())
    await report(talk, result, address)
    if not isinstance(result, Subscribed | AlreadySubscribed) or result.subscription.id == old.id:
        return
    if old.filter and isinstance(result, Subscribed):
        await talk.subscriptions.filter(result.subscription, old.filter)
    await talk.subscriptions.unsubscribe(old)
    await talk.say("unsubscribe.done", title=talk.words.linked(old))


COMMAND = Command(
    "status",
    status,
    never,
    presses=(Act("status", turn, never), Act("replace", replace, always)),
    answers=(Act("replace", replaced, always, takes=NUMBER),),
)
