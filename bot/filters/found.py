"""The words of a filter as an article has them, to be marked where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import assert_never

from bot.errors import FilterError
from bot.filters.expression import (
    Age,
    And,
    Everything,
    Expression,
    Field,
    FieldName,
    Has,
    Not,
    Or,
    Part,
    Pattern,
    Phrase,
    Word,
)
from bot.filters.fold import fold
from bot.filters.match import needle
from bot.filters.origin import as_written
from bot.filters.parse import parse
from bot.filters.words import begins_word, ends_word

# Finding back how a word is written reads the whole text again; the first few places show how it is.
_SPELLINGS = 5

_Texts = dict[FieldName, str]


def words_found(filter_: str, title: str, text: str) -> tuple[str, ...]:
    """What title and text say of the words that a filter asks for, in their own letters, each once.

    Also where these two alone would not have passed it; words after a minus are none. Nothing for a filter that
    cannot be read.
    """
    try:
        expression = parse(filter_)
    except FilterError:
        return ()
    return tuple(dict.fromkeys(_found(expression, {FieldName.TITLE: title, FieldName.TEXT: text})))


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """With the rest of the word, where the filter named only a part of it."""
    while start > 0 and not begins_word(text, start):
        start -= 1
    while end < len(text) and not ends_word(text, end):
        end += 1
    return start, end


def _found(expression: Expression, texts: _Texts) -> Iterator[str]:
    match expression:
        case Word() | Phrase() | Part():
            wanted = needle(expression)
            for text in texts.values():
                folded = fold(text)
                for start, end in islice(wanted.places(folded), _SPELLINGS):
                    yield as_written(text, *_whole_words(folded, start, end))
        case Field(name, inner):
            yield from _found(inner, {name: texts[name]} if name in texts else {})
        case And(parts) | Or(parts):
            for part in parts:
                yield from _found(part, texts)
        case Not() | Everything() | Has() | Age() | Pattern():  # what a pattern meets may be half the article
            return
        case _:
            assert_never(expression)
