"""A filter → one sentence in the reader's language that says what it lets through."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import assert_never

from bot import filters
from bot.errors import FilterError
from bot.filters.expression import (
    Age,
    And,
    Everything,
    Expression,
    Fact,
    Field,
    FieldName,
    Has,
    Media,
    Not,
    Or,
    Part,
    Pattern,
    Phrase,
    Term,
    Word,
)
from bot.telegram.words import Html, Words

_FIELDS = {
    FieldName.TITLE: "meaning.in_title",
    FieldName.TEXT: "meaning.in_text",
    FieldName.AUTHOR: "meaning.in_author",
    FieldName.TAG: "meaning.in_tag",
    FieldName.LINK: "meaning.in_link",
    FieldName.FEED: "meaning.in_feed",
    FieldName.LANG: "meaning.in_lang",
}
_MEDIA = {Media.PICTURE: "meaning.picture", Media.AUDIO: "meaning.audio", Media.VIDEO: "meaning.video"}


def meaning(words: Words, text: str, key: str = "meaning.sentence") -> Html:
    """What the filter asks of an article; "" if an older Feedbell kept it in words we no longer read.

    Args:
        key: of the sentence around it.
    """
    try:
        expression = filters.parse(text)
    except FilterError:
        return Html("")
    return words.html(key, what=_said(words, expression))


def _said(words: Words, expression: Expression) -> Html:
    match expression:
        case Word() | Phrase() | Part() | Pattern() | Has() | Age():
            return _leaf(words, expression)
        case Everything():
            return words.html("meaning.everything")
        case Field(name, inner):
            return words.html(_FIELDS[name], inner=_grouped(words, inner))
        case Not(inner):
            return _denied(words, inner)
        case And(parts):
            return _joined(
                words, "meaning.and", tuple(part for part in parts if part != Everything()) or parts
            )
        case Or(parts):
            return _joined(words, "meaning.or", parts)
        case _:
            assert_never(expression)


def _leaf(words: Words, leaf: Term | Fact) -> Html:
    match leaf:
        case Word(text) | Phrase(text):
            return words.html("meaning.word", text=text)
        case Part(text, open_start, open_end):
            shown = f"{'…' if open_start else ''}{text}{'…' if open_end else ''}"
            return words.html("meaning.part", text=shown)
        case Pattern(text):
            return words.html("meaning.pattern", text=text)
        case Has(media):
            return words.html(_MEDIA[media])
        case Age(older, count, unit):
            return words.html("meaning.older" if older else "meaning.newer", age=f"{count}{unit}")
        case _:
            assert_never(leaf)


def _denied(words: Words, inner: Expression) -> Html:
    match inner:
        case Word() | Phrase() | Part() | Pattern() | Has():
            return words.html("meaning.not", inner=_said(words, inner))
        case Age(older):
            return _said(words, replace(inner, older=not older))
        case Field(
            name, Word() | Phrase() | Part() | Pattern() as term
        ):  # "no x in the title" reads better than "not (x in…)"
            return words.html(_FIELDS[name], inner=_denied(words, term))
        case _:
            return words.html("meaning.not_group", inner=_said(words, inner))


def _joined(words: Words, key: str, parts: tuple[Expression, ...]) -> Html:
    said = [_grouped(words, part) for part in parts]
    return reduce(lambda first, second: words.html(key, first=first, second=second), said)


def _grouped(words: Words, expression: Expression) -> Html:
    said = _said(words, expression)
    return words.html("meaning.group", inner=said) if isinstance(expression, And | Or) else said
