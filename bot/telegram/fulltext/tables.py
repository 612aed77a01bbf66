"""Tables and numbered lists: what of their markup decides how they read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from bs4.element import Tag

_PARTS = frozenset((
    "table", "ul", "ol", "dl", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "iframe", "video", "figure",
))  # fmt: skip
# A cell of prose is a part of a page and not of a table.
_LONGEST_CELL = 400
_CELLS = ("td", "th")
# Elements between a table and a part of a page in one of its cells.
_FEW = 30
_INLINE = ("p", "div", "center", "section")


def layouts(root: Tag) -> frozenset[int]:
    """The ids of the tables that only put parts of a page beside each other.

    One pass over all, and few steps up from each part: bs4 needs as many as an element is deep to search it.
    """
    found: set[int] = set()
    for part in root.descendants:
        if not isinstance(part, Tag) or not (part.name in _PARTS or (part.name in _CELLS and _is_long(part))):
            continue
        for above in islice(part.parents, _FEW):
            if above.name == "table":
                found.add(id(above))
            if above.name in _PARTS:
                break
    return frozenset(found)


def _is_long(cell: Tag) -> bool:
    """Whether a cell holds paragraphs, or as much as one."""
    paragraphs = length = 0
    for child in cell.children:
        paragraphs += isinstance(child, Tag) and child.name == "p"
        length += 0 if isinstance(child, Tag) else len(str(child))
    return paragraphs > 1 or length > _LONGEST_CELL


def rows(table: Tag) -> Iterator[list[Tag]]:
    """The cells of each row, the caption first; each cell is one line."""
    for row in table.find_all(("caption", "tr")):
        cells = [row] if row.name == "caption" else row.find_all(("td", "th"), recursive=False)
        for cell in cells:
            if not any(isinstance(child, Tag) for child in cell.contents):  # as most; a search is slow
                continue
            for line_break in cell.find_all("br"):
                line_break.replace_with(" ")
            for block in cell.find_all(_INLINE):
                block.insert_after(" ")
                block.unwrap()
        yield cells


class Numbers:
    """The numbers of an <ol>'s items. Source: HTML Living Standard §4.4.5."""

    def __init__(self, tag: Tag) -> None:
        items = len(tag.find_all("li", recursive=False))
        self._step = -1 if "reversed" in tag.attrs else 1
        self._next = _number(tag.attrs.get("start"), items if self._step < 0 else 1)
        self._letters = {"a": "abcdefghijklmnopqrstuvwxyz", "A": "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}.get(
            str(tag.attrs.get("type", ""))
        )

    def next(self, item: Tag) -> str:
        """The number or letter of the next item."""
        number = _number(item.attrs.get("value"), self._next)
        self._next = number + self._step
        if self._letters and 0 < number <= len(self._letters):
            return self._letters[number - 1]
        return str(number)


def _number(written: object, default: int) -> int:
    text = str(written or "").strip()
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdecimal() and len(digits) < 7 else default
