"""/list: what the chat follows, numbered, in pages, folder by folder; with words behind it, what has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TypeVar

from telegram import InlineKeyboardButton

from bot.model import Listed, Standing
from bot.telegram.command import NUMBER, Act, Command, never
from bot.telegram.pager import pager
from bot.telegram.talk import Buttons, Talk, button
from bot.telegram.words import Html, Words, code, cut, escape

T = TypeVar("T")

PAGE = 20

# 20 lines of 4 + 50 + 20 (here or above) + 30 + 80 and their signs stay below the 4,096 code points of a message.
_LONGEST_TITLE = 50
_LONGEST_FOLDER = 20
_LONGEST_FILTER = 30
_LONGEST_PROBLEM = 80
_BUTTONS_IN_A_ROW = 5
# A button has 64 bytes, with a page, an id and a channel; what is searched for must fit beside them.
_MOST_BYTES = 24
# These part a button's data.
_PARTS = re.compile(r"[:@\s]+")
WORDS = r"[^:@]{0,24}"


async def list_(talk: Talk, argument: str) -> None:
    """Show the first page, of all or of what has these words."""
    await talk.show(*await page_at(talk, 0, searchable(argument)))


async def turn(talk: Talk, argument: str) -> None:
    """Show another page in place of the one whose button was pressed."""
    page, _, words = argument.partition(":")
    await talk.edit(*await page_at(talk, int(page), words))


async def ask(talk: Talk, _argument: str) -> None:
    """Ask what to search for."""
    await talk.notice()
    await talk.ask(talk.words.html("list.ask"), "search")


def searchable(typed: str) -> str:
    """As much of what was typed as a button can carry."""
    words = " ".join(_PARTS.sub(" ", typed).split())
    return words.encode()[:_MOST_BYTES].decode(errors="ignore").strip()


async def page_at(talk: Talk, page: int, words: str) -> tuple[Html, Buttons]:
    """One page and its buttons; the last page if there are fewer by now."""
    listed = await talk.desk.services.standings.listed(talk.chat.id, words)
    back = [button(talk.words.plain("button.whole_list"), "list", 0)]
    if not listed:
        empty = talk.words.html("list.none_has", words=words) if words else talk.words.html("list.empty")
        return empty, [back] if words else ()
    page, pages, shown = _cut_out(listed, page)
    standings = await talk.desk.services.standings.of(talk.chat.id, [one.id for one in shown])
    lines = list(_lines(talk.words, shown, {one.subscription.id: one for one in standings}, words))
    rows = _numbers(shown, page, words) + pager("list", page, pages, *([words] if words else []))
    if words:
        rows.append(back)
    elif pages > 1:
        rows.append([button(talk.words.plain("button.search"), "find")])
    return Html("\n".join([_head(talk, len(listed), words), "", *lines])), rows


def _head(talk: Talk, count: int, words: str) -> Html:
    head = (
        talk.words.count("list.have", count, words=words) if words else talk.words.count("list.head", count)
    )
    return Html(f"{head}\n{talk.words.html('list.paused')}") if talk.chat.paused else head


def _cut_out(listed: Sequence[Listed], page: int) -> tuple[int, int, Sequence[Listed]]:
    pages = -(-len(listed) // PAGE)
    page = min(page, pages - 1)
    return page, pages, listed[page * PAGE : (page + 1) * PAGE]


def _lines(
    words: Words, shown: Sequence[Listed], standings: dict[int, Standing], searched: str
) -> Iterator[Html]:
    """Each feed's line; where nobody searches, below the name of its folder."""
    for folder, group in groupby(shown, lambda one: "" if searched else one.folder):
        if folder:
            yield Html(f"📁 <b>{escape(cut(folder, _LONGEST_FOLDER))}</b>")
        for one in group:
            if one.id in standings:  # else somebody has just dropped it
                yield _line(words, one, standings[one.id], with_folder=bool(searched))


def _line(words: Words, one: Listed, standing: Standing, *, with_folder: bool) -> Html:
    """Number, title, folder, filter, and what is wrong."""
    subscription = standing.subscription
    text = f"{one.number}. {words.linked(subscription, _LONGEST_TITLE)}"
    if with_folder and one.folder:
        text += f" 📁 {escape(cut(one.folder, _LONGEST_FOLDER))}"
    if subscription.filter:
        text += f" · {code(cut(subscription.filter, _LONGEST_FILTER))}"
    if standing.next_check_at is None:
        text += "\n" + words.html("list.aside")
    elif subscription.problem is not None:
        problem = cut(words.problem(subscription.problem), _LONGEST_PROBLEM)
        text += "\n" + words.html("list.problem", problem=problem)
    return Html(text)


def _numbers(shown: Sequence[Listed], page: int, words: str) -> list[Sequence[InlineKeyboardButton]]:
    """One small button for each feed, which opens its card."""
    place = (page, words) if words else (page,)
    row = [button(str(one.number), "card", one.id, *place) for one in shown]
    return [row[start : start + _BUTTONS_IN_A_ROW] for start in range(0, len(row), _BUTTONS_IN_A_ROW)]


def page_of(lines: Sequence[T], page: int, size: int) -> tuple[int, int, list[tuple[int, T]]]:
    """The page that is there, of how many, and what is on it with its number (from 1)."""
    pages = max(1, -(-len(lines) // size))
    page = max(0, min(page, pages - 1))
    first = page * size
    return page, pages, list(enumerate(lines[first : first + size], first + 1))


COMMAND = Command(
    "list",
    list_,
    never,
    aliases=("search",),
    presses=(
        Act("list", turn, never, takes=rf"{NUMBER}(?::{WORDS})?"),
        Act("find", ask, never, takes=""),
    ),
    answers=(Act("search", list_, never, takes=""),),
)
