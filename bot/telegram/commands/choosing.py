"""Which feeds of the chat a command is about: as typed, by the alert that it answers, or by buttons."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Subscription
from bot.telegram.commands.list import page_of
from bot.telegram.pager import pager
from bot.telegram.talk import Buttons, Talk, button

YES = frozenset({"yes", "ja", "sí", "si", "oui", "да", "はい", "是", "بله"})
"""Also as people type it in our other languages; so are the others."""
BUTTONS = 8  # rows that a phone shows without scrolling
LONGEST_LABEL = 50
ALL = frozenset({"all", "alle", "todos", "tous", "все", "всё", "همه", "すべて", "全部"})


async def named(talk: Talk, typed: str) -> tuple[Subscription, ...]:
    """Several numbers are several feeds; anything else is one name, blanks and all.

    Returns:
        Each once; nothing if one of them is none: half of a list that was half misread is nobody's wish.
    """
    words = typed.replace(",", " ").split()
    # int() refuses thousands of digits.
    if not words or not all(word.isdecimal() and len(word) < 10 for word in words):
        found = await talk.subscriptions.named(talk.chat.id, typed)
        return (found,) if found else ()
    followed = await talk.subscriptions.of(talk.chat.id)
    numbers = dict.fromkeys(map(int, words))
    return tuple(followed[one - 1] for one in numbers) if all(0 < n <= len(followed) for n in numbers) else ()


async def named_or_all(talk: Talk, typed: str) -> tuple[Subscription, ...]:
    """As `named`; `all` is everything that the chat follows."""
    return await (talk.subscriptions.of(talk.chat.id) if typed.casefold() in ALL else named(talk, typed))


async def alerted_here(talk: Talk) -> list[Subscription]:
    """The subscriptions whose alert, or list of alerts, the person's message answers."""
    if talk.answered_id is None or talk.about_channel:
        return []
    followed = {one.id: one for one in await talk.subscriptions.of(talk.chat.id)}
    told = await talk.desk.services.changes.alerted(talk.chat.id, talk.answered_id)
    return [followed[number] for number in told if number in followed]


def label(talk: Talk, number: int, one: Subscription) -> str:
    """A feed on a button of its own."""
    return f"{number}. {talk.words.title(one, LONGEST_LABEL)}"


def choice(
    talk: Talk, followed: Sequence[Subscription], page: int, turn: tuple[str, ...], take: tuple[str, ...]
) -> Buttons:
    """A button for each feed of a page, and those that turn it.

    Args:
        turn: the verb of the buttons that turn pages, and what they carry behind the page.
        take: the verb of the feeds' buttons, and what they carry before the feed's id.
    """
    page, pages, shown = page_of(followed, page, BUTTONS)
    rows = [[button(label(talk, number, one), *take, one.id)] for number, one in shown]
    return [*rows, *pager(turn[0], page, pages, *turn[1:])]
