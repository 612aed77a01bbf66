"""A template as we keep it and show it: Telegram's HTML, with the fields in braces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import assert_never

from bot.telegram.fulltext.lines import written
from bot.telegram.template.layout import Piece, lines_of
from bot.telegram.template.reading import LONGEST
from bot.telegram.template.tree import Dress, Field, If, Link, Template, Words

_SIGNS = re.compile(r"([{}｛｝\\])")


def canonical(template: Template) -> str:
    """Print it; `stored` and `parse` read it as the same template."""
    rows: list[list[Piece]] = [[]]
    for text, dress in _pieces(template):
        first, *others = text.split("\n")
        rows[-1].append((first, dress))
        rows += [[(other, dress)] for other in others]
    return written(lines_of(rows, widest=LONGEST))


def _pieces(template: Template) -> Iterator[Piece]:
    for node in template:
        match node:
            case Words(text, dress):
                yield _SIGNS.sub(r"\\\1", text), dress
            case Field(name, dress):
                yield f"{{{name}}}", dress
            case Link(name, inside, dress):
                yield from _around(f"{{{name}:", inside, dress)
            case If(name, present, inside, dress):
                yield from _around(f"{{{'?' if present else '!'}{name}:", inside, dress)
            case _:
                assert_never(node)


def _around(head: str, inside: Template, dress: Dress) -> Iterator[Piece]:
    yield head, dress
    yield from _pieces(inside)
    yield "}", dress
