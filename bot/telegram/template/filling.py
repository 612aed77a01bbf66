"""A template and an article → the message's HTML, within all of Telegram's limits whatever they are.

A line whose fields are all empty is left out with what else stands in it, so that "By {author}" needs no condition;
so is one that a condition leaves empty. What is too long is taken from the summary, sentence by sentence; then titles
and names are cut; what will not fit even so is told in the usual form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from types import MappingProxyType
from typing import NamedTuple, assert_never
from unicodedata import bidirectional

from bot.condense.text import balanced
from bot.errors import TemplateError
from bot.model import Alert, Look
from bot.telegram.cuts import (
    LONGEST_CAPTION,
    LONGEST_SOURCE,
    LONGEST_TITLE,
    first_seen,
    fitting,
    graphemes,
    shows,
)
from bot.telegram.foot import clock, moment_tag, playable, tag_line, utc
from bot.telegram.fulltext.lines import ROOM, Line, Weight, written
from bot.telegram.fulltext.links import taken
from bot.telegram.marks import MOST_MARKS, finder, words_of
from bot.telegram.template.drafts import stored
from bot.telegram.template.layout import Piece, lines_of, linked
from bot.telegram.template.reading import parse
from bot.telegram.template.tree import ADDRESSES, Dress, Field, If, Link, Name, Template, Words

# Titles and names are cut to the first pair with which everything fits.
_WIDTHS = ((LONGEST_TITLE, LONGEST_SOURCE), (80, 40), (30, 15))
# Less of a summary than this says nothing.
_LEAST_SUMMARY = 40
_MOMENTS: Mapping[Name, str] = MappingProxyType({Name.DATE: "D", Name.TIME: "t"})
"""How Telegram is to show them."""


def own_html(alert: Alert) -> str | None:
    """An alert in its reader's own form; None if that is to be the usual one, or nothing would be said, or too much."""
    template = _kept(alert.form.template)
    if template is None:
        return None
    # Above a full text, and below a photo, there is less room.
    short = alert.look < Look.CARD or alert.page is not None
    room = ROOM._replace(points=LONGEST_CAPTION) if short else ROOM
    for title_width, name_width in _WIDTHS:
        lines = _fitted(template, _values(alert, title_width, name_width), alert, room)
        if lines is not None:
            html = written(lines)
            return html if any(map(shows, words_of(html))) else None
    return None


def _kept(html: str) -> Template | None:
    try:
        return parse(stored(html)) if html else None
    except TemplateError:  # an older Feedbell read what we no longer do
        return None


def _fitted(template: Template, values: dict[Name, str], alert: Alert, room: Weight) -> list[Line] | None:
    """With as much of the summary as has room; None if there is no room for the rest."""
    lines = _lines(template, values, alert)
    weight = _weight(lines)
    if weight.fits(room):
        return lines
    summary = values[Name.SUMMARY]
    most = len(summary) - (weight.points - room.points)
    told = fitting(summary, most, alert.article.language) if most >= _LEAST_SUMMARY else ""
    lines = _lines(template, values | {Name.SUMMARY: told}, alert)
    return lines if _weight(lines).fits(room) else None


def _weight(lines: list[Line]) -> Weight:
    frames = [None, *(line.frame for line in lines)]
    return reduce(Weight.plus, map(Line.weight, lines, frames), Weight())


def _values(alert: Alert, title_width: int, name_width: int) -> dict[Name, str]:
    """What each field says, "" if nothing: texts in one line, and the bare addresses."""
    article = alert.article
    file = playable(article)
    known = moment_tag(article.published, "D")
    addresses = {
        Name.LINK: article.url,
        Name.MEDIA: file.url if file else None,
        Name.COMMENTS: article.comments,
    }
    texts = {
        Name.TITLE: graphemes(first_seen(article.title, article.url, alert.feed_title), title_width),
        Name.SUMMARY: article.summary,
        Name.SOURCE: graphemes(alert.feed_title, name_width),
        Name.AUTHOR: graphemes(article.author, name_width),
        Name.DATE: utc(article.published, "%Y-%m-%d") if known else "",
        Name.TIME: utc(article.published, "%H:%M UTC") if known else "",
        Name.TAGS: tag_line(article),
        Name.DURATION: clock(file.duration) if file and file.duration else "",
    }
    return {
        **{name: balanced(first_seen(" ".join(text.split()))) for name, text in texts.items()},
        **{name: url if url and taken(url) else "" for name, url in addresses.items()},
    }


class _Said(NamedTuple):
    """Some of the words of a line."""

    text: str
    dress: Dress
    from_article: bool


@dataclass(slots=True)
class _Row:
    """One line that is being filled."""

    said: list[_Said] = field(default_factory=list)
    built: bool = False
    """The template has more than words here."""
    fields: int = 0
    """How many stand here, and how many of them say something."""
    filled: int = 0

    @property
    def left_out(self) -> bool:
        empty = not any(shows(sign) for one in self.said for sign in one.text)
        return self.built and (empty or self.fields > self.filled == 0)

    def pieces(self) -> list[Piece]:
        """Where directions meet, the line has that of its first letter, and fields cannot turn what is beside them.

        Source: UAX #9 §2.4, §3.3.1: an isolate says nothing of the direction of its line, so a mark does.
        """
        line = "".join(one.text for one in self.said)
        strong = (
            [] if line.isascii() else [way for way in map(bidirectional, line) if way in ("L", "R", "AL")]
        )
        if len(self.said) < 2 or set(strong) <= {"L"}:
            return [(one.text, one.dress) for one in self.said]
        mark = "\u200e" if strong[0] == "L" else "\u200f"
        apart = (f"\u2068{one.text}\u2069" if one.from_article else one.text for one in self.said)
        return [(mark, self.said[0].dress), *zip(apart, (one.dress for one in self.said), strict=True)]


def _lines(template: Template, values: Mapping[Name, str], alert: Alert) -> list[Line]:
    filling = _Filling(values, alert)
    filling.add(template, None)
    if not any(row.filled for row in filling.rows):
        return []
    # What was left out between two blank lines leaves one.
    return lines_of((row.pieces() for row in filling.rows if not row.left_out), widest=2)


class _Filling:
    def __init__(self, values: Mapping[Name, str], alert: Alert) -> None:
        self._values = values
        self._published = alert.article.published
        self._marks = finder(alert.form.marks)
        self.rows = [_Row()]

    def add(self, template: Template, href: str | None) -> None:
        """Put it behind what is there.

        Args:
            href: of the link that it stands in.
        """
        for node in template:
            match node:
                case Words(text, dress):
                    self._say(text, linked(dress, href))
                case Field(name, dress):
                    self._count(bool(self._values[name]))
                    self._show(name, linked(dress, href))
                case Link(name, inside):
                    address = self._values[name]
                    self._count(bool(address))
                    if address:
                        self.add(inside, address)
                case If(name, present, inside):
                    self.rows[-1].built = True
                    if present is bool(self._values[name]):
                        self.add(inside, href)
                case _:
                    assert_never(node)

    def _count(self, filled: bool) -> None:
        row = self.rows[-1]
        row.built, row.fields, row.filled = True, row.fields + 1, row.filled + filled

    def _say(self, text: str, dress: Dress) -> None:
        first, *others = text.split("\n")
        self.rows[-1].said.append(_Said(first, dress, from_article=False))
        self.rows += [_Row([_Said(other, dress, from_article=False)]) for other in others]

    def _show(self, name: Name, dress: Dress) -> None:
        text = self._values[name]
        if name is Name.SUMMARY and self._marks is not None:
            # Of a split at one group every second piece is what was found.
            for number, piece in enumerate(self._marks.split(text, maxsplit=MOST_MARKS)):
                self._put(piece, _bold(dress) if number % 2 else dress, name)
        elif name in _MOMENTS and not dress.href:
            tag = moment_tag(self._published, _MOMENTS[name])
            self._put(text, replace(dress, marks=(*dress.marks, tag)), name)
        else:
            self._put(text, dress, name)

    def _put(self, text: str, dress: Dress, name: Name) -> None:
        # An address ends where it ends: a sign behind it would become part of it.
        self.rows[-1].said.append(_Said(text, dress, from_article=bool(text) and name not in ADDRESSES))


def _bold(dress: Dress) -> Dress:
    return dress if "b" in dress.marks else replace(dress, marks=("b", *dress.marks))
