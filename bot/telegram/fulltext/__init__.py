"""An article's HTML → the Telegram messages that hold all of it. Pure.

Read in this order: `reading` (the tree becomes lines), `lines` (what a line is, weighs, and looks like as Telegram's
HTML), `fitting` (lines become messages), with `links`, `media` and `signs` below them.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.condense.blocks import MAX_HTML
from bot.condense.text import fingerprint
from bot.telegram.fulltext.fitting import fitted
from bot.telegram.fulltext.lines import Line, Span, bold
from bot.telegram.fulltext.links import host_of, taken
from bot.telegram.fulltext.reading import article_lines
from bot.telegram.marks import finder, words_of

__all__ = ["MOST_PAGES", "pages"]

# A private chat takes a message a second, a group twenty a minute: more of one article would hold up all others.
MOST_PAGES = 10


def pages(head: str, html: str, *, base: str, marks: Sequence[str] = ()) -> tuple[str, ...]:
    """Say a whole article in messages, each within all of Telegram's limits and complete in itself.

    Args:
        head: HTML that Telegram takes, well below a message's limits; stands on top of the first.
        html: the article as its feed gave it. Of more than MAX_HTML characters the start is read.
        base: the article's address: relative links are read against it, and what is too long ends with it.
        marks: words that are to be bold, as they stand in the article.

    Returns:
        Telegram HTML; at least the head, at most MOST_PAGES.
    """
    lines = _after_headline(article_lines(html, base), words_of(head))
    if (words := finder(marks)) is not None:
        lines = [bold(line, words) for line in lines]
    rest = _rest(base)
    if len(html) > MAX_HTML:
        lines = [*lines, rest]
    return fitted(head, lines, rest=rest, most=MOST_PAGES)


def _after_headline(lines: list[Line], head: str) -> list[Line]:
    """The article without its own headline on top, where the head says it."""
    said = {fingerprint(line) for line in head.splitlines()} - {""}
    return lines[1:] if lines and fingerprint(lines[0].text) in said else lines


def _rest(base: str) -> Line:
    """Says that there is more, and where."""
    if not taken(base):
        return Line((Span("…"),), gap=2)
    return Line((Span("… "), Span(host_of(base), href=base)), gap=2)
