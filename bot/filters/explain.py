"""Judges one article by one filter and says which words decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from bot.filters.canonical import printed_leaf
from bot.filters.expression import (
    EVERYWHERE,
    Age,
    And,
    Everything,
    Expression,
    Fact,
    Field,
    FieldName,
    Has,
    Not,
    Or,
    Part,
    Pattern,
    Phrase,
    Term,
    Word,
)
from bot.filters.fold import fold
from bot.filters.match import field_texts, is_true, needle
from bot.filters.origin import as_written
from bot.model import Article


@dataclass(frozen=True, slots=True)
class Because:
    """One term that decided."""

    term: str
    """As typed in the filter."""
    field: FieldName | None
    """Where it was found; if it was not, the field it was asked in, or None for title, text, author and tags. None
    for what stands in no field, such as `has:audio`."""
    words: str
    """What the article says there, in its own letters; "" if the term was not found. Of `has:` and ages that hold,
    what was asked."""

    @property
    def found(self) -> bool:
        """A term after a minus decides by being found, too: then it holds the article back."""
        return bool(self.words)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a filter says of an article."""

    holds: bool
    because: tuple[Because, ...]
    """In the filter's order; empty for a filter that lets everything through."""


def matches(expression: Expression, article: Article, *, now: datetime, feed: str = "") -> Verdict:
    """Judge one article and explain it. For many filters at once see `FilterIndex`, which does not explain.

    Args:
        now: aware; what `older:` and `newer:` count from.
        feed: the title of the feed that brought the article; "" if not known.
    """
    return Judge(article, now, feed).judge(expression)


class Judge:
    """One article with its texts folded once, to be judged by several filters; arguments as of `matches`."""

    def __init__(self, article: Article, now: datetime, feed: str) -> None:
        self._article = article
        self._now = now
        self._texts: Mapping[FieldName, tuple[tuple[str, str], ...]] = {
            name: tuple((text, fold(text)) for text in texts)
            for name, texts in field_texts(article, feed).items()
        }

    def judge(self, expression: Expression, fields: tuple[FieldName, ...] = EVERYWHERE) -> Verdict:
        """Args: `fields` are where a term looks that names none."""
        match expression:
            case Word() | Phrase() | Part() | Pattern():
                return self._term(expression, fields)
            case Has() | Age():
                return self._fact(expression)
            case Everything():
                return Verdict(True, ())
            case Field(name, inner):
                return self.judge(inner, (name,))
            case Not(inner):
                verdict = self.judge(inner, fields)
                return Verdict(not verdict.holds, verdict.because)
            case And(parts):
                return _decided([self.judge(part, fields) for part in parts], wanted=False)
            case Or(parts):
                return _decided([self.judge(part, fields) for part in parts], wanted=True)
            case _:
                assert_never(expression)

    def _term(self, term: Term, fields: tuple[FieldName, ...]) -> Verdict:
        place = next(self._places(term, fields), None)
        if place is None:
            asked = fields[0] if len(fields) == 1 else None
            return Verdict(False, (Because(printed_leaf(term), asked, ""),))
        return Verdict(True, (Because(printed_leaf(term), *place),))

    def _fact(self, fact: Fact) -> Verdict:
        holds = is_true(fact, self._article, self._now)
        printed = printed_leaf(fact)
        asked = printed.partition(":")[2]
        return Verdict(holds, (Because(printed, None, asked if holds else ""),))

    def _places(self, term: Term, fields: tuple[FieldName, ...]) -> Iterator[tuple[FieldName, str]]:
        wanted = needle(term)
        for name in fields:
            for text, folded in self._texts[name]:
                for start, end in wanted.places(folded):
                    yield name, as_written(text, start, end)


def _decided(verdicts: list[Verdict], *, wanted: bool) -> Verdict:
    """One verdict of several: `wanted` if any is `wanted`; then only those decided, else all did."""
    deciding = [verdict for verdict in verdicts if verdict.holds is wanted] or verdicts
    because = tuple(reason for verdict in deciding for reason in verdict.because)
    return Verdict(deciding[0].holds, because)
