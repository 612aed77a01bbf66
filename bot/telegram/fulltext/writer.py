"""Gathers an article's words into lines: white space folded, markers before items, one style after another."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace

from bot.condense.text import decode, tidy
from bot.telegram.fulltext.lines import Frame, Line, Span
from bot.telegram.fulltext.signs import Script, set_off

_ENTITY = re.compile(r"&(?=(?:[a-zA-Z][a-zA-Z0-9]{1,31}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)")
_TAG = re.compile(r"<(?=/?[a-zA-Z!][^<>]*>)")
# As in a book: deeper lists stand a little further in, as far as a narrow screen allows.
_INDENT, _DEEPEST = "   ", 4
# Telegram's tags, outermost first; inside code there are no others.
_ORDER = ("tg-spoiler", "b", "i", "u", "s", "code")
# Blocks without a margin of their own are paragraphs all the same if one of them is so long.
_PARAGRAPH = 120


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand: what the elements around them say of them."""

    marks: frozenset[str] = frozenset()
    href: str | None = None
    frame: Frame | None = None
    depth: int = 0
    """Of lists."""
    script: Script = ""
    heading: bool = False
    verbatim: bool = False
    """Line ends in the source are line ends on the page."""

    def marked(self, *marks: str) -> Place:
        return self if self.marks.issuperset(marks) else replace(self, marks=self.marks.union(marks))


@dataclass(slots=True)
class Writer:
    """Takes words as they come and makes lines of them."""

    lines: list[Line] = field(default_factory=list)
    length: int = 0
    """Code points so far."""
    _pieces: list[Span] = field(default_factory=list)
    _place: Place = field(default_factory=Place)
    _gap: int = 0
    _soft: bool = False
    _marker: str = ""

    def text(self, text: str, place: Place) -> None:
        """Words as the page has them."""
        for number, row in enumerate(text.split("\n") if place.verbatim else [text]):
            if number:
                self.line_break()
            self.add(_span(set_off(_running(row, place), place.script), place), place)

    def add(self, span: Span, place: Place) -> None:
        """Words that are not to be touched."""
        if not self._pieces:
            self._place = place
        if span.text:
            self._pieces.append(span)
            self.length += len(span.text)

    def separate(self) -> None:
        """Between two cells of a row."""
        if self._pieces:
            self._pieces.append(Span(" | "))

    def mark(self, marker: str) -> None:
        """What stands before the next line."""
        self._marker = marker

    def line_break(self) -> None:
        """As <br>: two of them leave a blank line."""
        if not self.end_line() and self.lines:
            self._gap = 2

    def end_block(self, gap: int) -> None:
        """End a paragraph, with so many line ends below it."""
        self.end_line()
        self._gap = max(self._gap, gap)
        self._soft = True

    def end_line(self) -> bool:
        """Make a line of what came; whether anything that shows did."""
        if not self._pieces:
            return False
        spans, self._pieces = _tidied(self._pieces), []
        if not any(_shows(span.text) for span in spans):
            return False
        place = self._place
        if prefix := self._prefix(place):
            spans = [Span(prefix), *spans]
        line = Line(tuple(spans), self._next_gap(spans), place.frame, place.heading)
        self.lines.append(line)
        self._gap, self._soft = 1, False
        return True

    def code(self, text: str, frame: Frame) -> None:
        """Lines that stand as they were written."""
        self.end_block(2)
        self.length += len(text)
        blank, gap = True, 2
        for row in map(_bare, text.split("\n")):
            if not blank or any(map(_shows, row)):  # two blank lines say no more than one
                self.lines.append(Line((Span(row),) if row else (), gap, frame))
                gap = 1
            blank = not any(map(_shows, row))
        while self.lines and self.lines[-1].frame is frame and not _shows(self.lines[-1].text):
            self.lines.pop()
        self._gap = 2

    def _prefix(self, place: Place) -> str:
        marker, self._marker = self._marker, ""
        if not place.depth:
            return marker
        return _INDENT * min(place.depth - 1, _DEEPEST) + (marker or _INDENT)

    def _next_gap(self, spans: list[Span]) -> int:
        if not self.lines:
            return 0
        before = self.lines[-1]
        if self._gap == 1 and self._soft and not (self._place.depth or before.frame or self._place.frame):
            length = max(len(before.text), sum(len(span.text) for span in spans))
            return 2 if length > _PARAGRAPH else 1
        return max(self._gap, 1)


def _span(text: str, place: Place) -> Span:
    marks = tuple(mark for mark in _ORDER if mark in place.marks)
    if "code" in marks:
        # A link says more than a typeface, and Telegram has not both.
        marks = tuple(mark for mark in marks if mark != "code") if place.href else ("code",)
    return Span(text, marks, place.href)


def _running(text: str, place: Place) -> str:
    """Running text with single spaces, at its ends too."""
    if not text:
        return ""
    words = " ".join(decode(text).split()) if "code" in place.marks else tidy(text)
    if not words:
        return " "
    return " " * text[0].isspace() + words + " " * text[-1].isspace()


def _tidied(pieces: list[Span]) -> list[Span]:
    """One line: single spaces, none at the ends; neighbours in one style are one."""
    spans: list[Span] = []
    for piece in pieces:
        before = spans[-1].text[-1] if spans else " "
        text = piece.text.lstrip(" ") if before == " " else piece.text
        if not text:
            continue
        if spans and spans[-1][1:] == piece[1:]:
            spans[-1] = piece._replace(text=spans[-1].text + text)
        else:
            spans.append(piece._replace(text=text))
    if spans:
        last = spans.pop()
        if text := last.text.rstrip(" "):
            spans.append(last._replace(text=text))
    return _without_markup(spans)


def _without_markup(spans: list[Span]) -> list[Span]:
    """Words that look like tags or entities, outside code, in signs that no reader takes for them; lengths stay."""
    whole = "".join("\0" * len(span.text) if "code" in span.marks else span.text for span in spans)
    if "<" not in whole and "&" not in whole:
        return spans
    clean = _ENTITY.sub("＆", _TAG.sub("‹", whole))
    found, at = [], 0
    for span in spans:
        text = span.text if "code" in span.marks else clean[at : at + len(span.text)]
        found.append(span._replace(text=text))
        at += len(span.text)
    return found


def _shows(text: str) -> bool:
    """Whether a reader sees anything of it; Telegram refuses messages of blanks and invisible signs."""
    return any(unicodedata.category(sign)[0] not in "CZM" for sign in text)


def _bare(row: str) -> str:
    """A line of code without what Telegram would not show."""
    return "".join(
        sign for sign in row.expandtabs(4).rstrip() if unicodedata.category(sign) not in ("Cc", "Cs")
    )
