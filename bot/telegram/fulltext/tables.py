"""Tables and numbered lists: what of their markup decides how they read."""

from __future__ import annotations

from collections.abc import Iterator

from bs4.element import Tag

_PARTS = (
    "table",
    "ul",
    "ol",
    "dl",
    "pre",
    "blockquote",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "iframe",
    "video",
    "figure",
)
# A cell of prose is a part of a page and not of a table.
_LONGEST_CELL = 400
_INLINE = ("p", "div", "center", "section")


def is_layout(table: Tag) -> bool:
    """Whether a table only puts parts of a page beside each other."""
    if table.find(_PARTS) is not None:
        return True
    return any(
        len(cell.find_all("p", limit=2)) > 1 or len(cell.get_text(strip=True)) > _LONGEST_CELL
        for cell in table.find_all(("td", "th"))
    )


def rows(table: Tag) -> Iterator[list[Tag]]:
    """The cells of each row, the caption first; each cell is one line."""
    for row in table.find_all(("caption", "tr")):
        cells = [row] if row.name == "caption" else row.find_all(("td", "th"), recursive=False)
        for cell in cells:
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
