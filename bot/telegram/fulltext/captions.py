"""Pictures that nobody describes: each with the caption below it, or a number; several in a row side by side."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from bot.telegram.fulltext.lines import Line, Span
from bot.telegram.fulltext.media import PICTURE

# So many bare pictures stand side by side; more would hide behind each other on a telephone.
_ABREAST = 5
# Longer is a paragraph in italics.
_LONGEST_CAPTION = 300


def captioned(lines: list[Line]) -> list[Line]:
    """The same lines, with no picture's sign alone in one: a sign is hard to hit, and says nothing of what it shows."""
    told = _numbered(_with_captions(lines))
    rows: list[Line] = []
    abreast = 0
    for line in told:
        abreast = abreast + 1 if _is_numbered(line) else 0
        if abreast > 1 and rows[-1].frame == line.frame:
            rows[-1] = replace(rows[-1], spans=(*rows[-1].spans, Span("  "), *line.spans))
            abreast %= _ABREAST
        else:
            rows.append(line)
    return rows


def _with_captions(lines: list[Line]) -> list[Line]:
    """A bare picture and the line in italics that is next to it are one line."""
    told: list[Line] = []
    taken = False
    for line, below in pairwise([*lines, None]):
        assert line is not None
        if taken:
            taken = False
        elif below is not None and _is_bare(line) and _is_caption(below, line):
            told.append(replace(line, spans=(*line.spans, Span(" "), *below.spans)))
            taken = True
        else:
            told.append(line)
    return told


def _numbered(lines: list[Line]) -> list[Line]:
    numbered = []
    count = 0
    for line in lines:
        if _is_bare(line):
            count += 1
            line = replace(line, spans=(line.spans[0]._replace(text=f"{PICTURE} {count}"),))
        numbered.append(line)
    return numbered


def _is_bare(line: Line) -> bool:
    return line.text == PICTURE and len(line.spans) == 1


def _is_numbered(line: Line) -> bool:
    return line.text.startswith(PICTURE) and line.text.removeprefix(PICTURE).strip().isdecimal()


def _is_caption(line: Line, picture: Line) -> bool:
    beside = line.gap == 1 and line.frame == picture.frame and len(line.text) < _LONGEST_CAPTION
    return beside and not line.text.startswith(PICTURE) and all("i" in span.marks for span in line.spans)
