"""Pieces of text, each in its dress → the lines of a message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.telegram.cuts import shows
from bot.telegram.fulltext.lines import Line, Span
from bot.telegram.template.tree import Dress

Piece = tuple[str, Dress]


def lines_of(rows: Iterable[Sequence[Piece]], *, widest: int) -> list[Line]:
    """Rows as lines; empty ones as the gaps between them.

    Args:
        widest: line ends that follow each other at most.
    """
    lines: list[Line] = []
    gap = 0
    for row in rows:
        gap = min(gap + 1, widest)
        spans = tuple(_span(text, dress) for text, dress in row if text)
        if spans:
            # Telegram shows a quote as lines of their own, wherever it begins.
            frame = next((dress.frame for text, dress in row if text), None)
            lines.append(Line(spans, gap, frame))
            gap = 0
    return lines


def _span(text: str, dress: Dress) -> Span:
    """Code is nothing but code, and what shows nothing is no link: Telegram drops the one or the other in silence."""
    if dress.frame is not None and dress.frame.tag == "pre":
        return Span(text)
    if "code" in dress.marks:
        return Span(text, ("code",))
    return Span(text, dress.marks, dress.href if any(map(shows, text)) else None)


def linked(dress: Dress, href: str | None) -> Dress:
    """With the address of the link that it stands in."""
    return replace(dress, href=href) if href else dress
