"""What somebody typed, or what we kept → draft: each sign with how it is formatted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import accumulate
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.telegram.fulltext.lines import Frame
from bot.telegram.fulltext.links import taken
from bot.telegram.marks import words_of
from bot.telegram.template.tree import Draft, Dress

if TYPE_CHECKING:
    from telegram import MessageEntity

# The kinds of Telegram's formatting that a template can have, in the order in which they are written; what Telegram
# finds by itself, or only some people may use, is words alone. Source: Bot API, MessageEntity.
_MARKS = MappingProxyType(
    {
        "bold": "b",
        "italic": "i",
        "underline": "u",
        "strikethrough": "s",
        "spoiler": "tg-spoiler",
        "code": "code",
    }
)
_ORDER = tuple(_MARKS.values())
_FRAMES = MappingProxyType(
    {"blockquote": "blockquote", "expandable_blockquote": "blockquote expandable", "pre": "pre"}
)
_TAG = re.compile(r"<(?P<closing>/?)(?P<name>[a-z-]+)(?P<rest>[^<>]*)>|[^<>]+")
_VALUE = re.compile(r'="([^"]*)"')
_CODE = re.compile(r"[\w+#.-]{1,20}")


def typed(text: str, entities: Iterable[MessageEntity]) -> Draft:
    """As Telegram brings it: entities count in UTF-16 units."""
    dresses = [Dress()] * len(text)
    units = [0, *accumulate(2 if sign > "\uffff" else 1 for sign in text)]
    places = {unit: place for place, unit in enumerate(units)}
    for number, one in enumerate(entities, 1):
        start, end = places.get(one.offset), places.get(one.offset + one.length)
        if start is not None and end is not None:
            for place in range(start, end):
                dresses[place] = _worn(dresses[place], one, number)
    return Draft(text, tuple(dresses))


def _worn(dress: Dress, one: MessageEntity, number: int) -> Dress:
    if one.type in _MARKS:
        return _with_mark(dress, _MARKS[one.type])
    if one.type in _FRAMES:
        return replace(dress, frame=Frame(_FRAMES[one.type], number, _language(one.language or "")))
    return replace(dress, href=one.url) if one.url and taken(one.url) else dress


def _with_mark(dress: Dress, mark: str) -> Dress:
    if mark in dress.marks:
        return dress
    return replace(dress, marks=tuple(sorted({*dress.marks, mark}, key=_ORDER.index)))


def _language(said: str) -> str:
    return said if _CODE.fullmatch(said) else ""


def stored(html: str) -> Draft:
    """As `writing.canonical` wrote it."""
    text, dresses = "", list[Dress]()
    dress, outer, number = Dress(), list[Dress](), 0
    for piece in _TAG.finditer(html):
        if piece["name"] is None:
            words = words_of(piece[0])
            text += words
            dresses += [dress] * len(words)
        elif piece["closing"]:
            dress = outer.pop() if outer else Dress()
        else:
            number += 1
            outer.append(dress)
            dress = _opened(dress, piece["name"], piece["rest"], number)
    return Draft(text, tuple(dresses))


def _opened(dress: Dress, name: str, rest: str, number: int) -> Dress:
    value = _VALUE.search(rest)
    said = words_of(value[1]) if value else ""
    if name == "a":
        return replace(dress, href=said)
    if name == "code" and dress.frame is not None and dress.frame.tag == "pre":
        return replace(dress, frame=replace(dress.frame, language=said.removeprefix("language-")))
    if name in _ORDER:
        return _with_mark(dress, name)
    return replace(dress, frame=Frame(f"{name}{rest}", number))
