"""/users, for those who run the bot: whom it knows, how much they follow, and when they last spoke.

Which feeds somebody follows is not told: their addresses may be private.
"""

from __future__ import annotations

from datetime import datetime

from bot.model import Acquaintance, ChatKind
from bot.telegram import times
from bot.telegram.command import NUMBER, Act, Command, never
from bot.telegram.commands.allow import ID, in_words, whom
from bot.telegram.commands.limits import limit_line
from bot.telegram.pager import pager
from bot.telegram.talk import Buttons, Talk, button
from bot.telegram.words import Html, Words, cut

PAGE = 10

_BUTTONS_IN_A_ROW = 5
_KINDS = {ChatKind.PRIVATE: "👤", ChatKind.GROUP: "👥", ChatKind.CHANNEL: "📢"}


async def users(talk: Talk, argument: str) -> None:
    """Show the first page, or the chat that is named."""
    if not argument and talk.pointed_at is None:
        await talk.show(*await _page(talk, 0))
        return
    number = await whom(talk, argument)
    one = None if number is None else await talk.desk.services.guests.one(number)
    if one is None:
        await talk.say("users.unknown", name=cut(argument, 100))
    else:
        await talk.show(*_card(talk, one, 0))


async def turn(talk: Talk, argument: str) -> None:
    """Show another page in place of what the button hung on."""
    await talk.edit(*await _page(talk, int(argument)))


async def open_(talk: Talk, argument: str) -> None:
    """Show one chat in place of the list."""
    number, page = map(int, argument.split(":"))
    one = await talk.desk.services.guests.one(number)
    if one is None:  # the group has moved
        await talk.notice("press.stale")
    else:
        await talk.edit(*_card(talk, one, page))


async def admit(talk: Talk, argument: str) -> None:
    """Let the shown chat in, or turn it away."""
    number, page, wish = map(int, argument.split(":"))
    if number in talk.desk.access.owners:
        await talk.notice("press.stale")
        return
    await talk.desk.services.guests.admit(number, admitted=bool(wish))
    await open_(talk, f"{number}:{page}")


async def _page(talk: Talk, page: int) -> tuple[Html, Buttons]:
    """The page, from 0; the last one if there are fewer."""
    guests = talk.desk.services.guests
    count, resting = await guests.headcount()
    pages = max(1, -(-count // PAGE))
    page = min(page, pages - 1)
    shown = list(enumerate(await guests.known(PAGE, page * PAGE), page * PAGE + 1))
    now = talk.desk.services.standings.now
    head = talk.words.count("users.head", count, resting=resting)
    html = Html("\n\n".join([head, *(_line(talk.words, number, one, now) for number, one in shown)]))
    row = [button(str(number), "user", one.chat.id, page) for number, one in shown]
    rows = [row[start : start + _BUTTONS_IN_A_ROW] for start in range(0, len(row), _BUTTONS_IN_A_ROW)]
    return html, [*rows, *pager("users", page, pages)]


def _line(words: Words, number: int, one: Acquaintance, now: datetime) -> Html:
    return Html(f"{number}. {_KINDS[one.chat.kind]} {_who(one)}\n{_facts(words, one, now)}")


def _who(one: Acquaintance) -> Html:
    return in_words(one.chat.title, one.chat.id)


def _facts(words: Words, one: Acquaintance, now: datetime) -> Html:
    seen = one.chat.seen_at
    facts = [
        words.count("users.feeds", one.feeds),
        words.html("users.unseen")
        if seen is None
        else words.html("users.seen", ago=times.ago(words, now - seen)),
    ]
    if one.guest.admitted is False:
        facts.append(words.html("users.denied"))
    elif one.chat.resting:
        facts.append(words.html("users.resting"))
    if one.chat.paused:
        facts.append(words.html("users.paused"))
    return Html(" · ".join(facts))


def _card(talk: Talk, one: Acquaintance, page: int) -> tuple[Html, Buttons]:
    words, denied = talk.words, one.guest.admitted is False
    lines = [
        Html(f"{_KINDS[one.chat.kind]} <b>{_who(one)}</b>"),
        _facts(words, one, talk.desk.services.standings.now),
        *(limit_line(words, limit, most) for limit, most in one.guest.limits.items()),
    ]
    rows = [[button(words.plain("button.users"), "users", page)]]
    if one.chat.id not in talk.desk.access.owners:
        label = words.plain("button.allow" if denied else "button.deny")
        rows.insert(0, [button(label, "admit", one.chat.id, page, int(denied))])
    return Html("\n".join(lines)), rows


COMMAND = Command(
    "users",
    users,
    never,
    for_channels=False,
    for_owners=True,
    presses=(
        Act("users", turn, never),
        Act("user", open_, never, takes=f"{ID}:{NUMBER}"),
        Act("admit", admit, never, takes=f"{ID}:{NUMBER}:[01]"),
    ),
)
