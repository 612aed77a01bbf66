"""Asks many filters about one article at once.

All terms of all filters stand in one Aho-Corasick automaton, so an article is read once however many filters there
are. Only filters of which a term was seen are then evaluated: all others say of this article what they say of an
empty one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping

from ahocorasick_rs import AhoCorasick

from bot.filters.expression import EVERYWHERE, Expression, FieldName
from bot.filters.fold import fold
from bot.filters.match import field_texts
from bot.filters.plan import Planner, holds, terms
from bot.model import Article


def percolate(filters: Mapping[int, Expression], article: Article) -> frozenset[int]:
    """The ids of the filters that let the article through, as `matches` says of each one.

    Builds an index for this one article; whoever has several articles keeps a `FilterIndex`.
    """
    return FilterIndex(filters).passing(article)


class FilterIndex:
    """Many filters, ready to be asked together. Never changes; make a new one when a filter does."""

    def __init__(self, filters: Mapping[int, Expression]) -> None:
        ids: dict[Expression, list[int]] = {}
        for number, expression in filters.items():
            ids.setdefault(expression, []).append(number)
        planner = Planner()
        self._plans = tuple(planner.plan(expression, EVERYWHERE) for expression in ids)
        self._ids = tuple(map(tuple, ids.values()))
        self._asked = planner.asked
        self._users = self._users_of_terms()
        self._by_default = frozenset(place for place, plan in enumerate(self._plans) if holds(plan, ()))
        patterns: dict[str, list[int]] = {}
        for number, asked in enumerate(self._asked):
            patterns.setdefault(asked.needle.text, []).append(number)
        self._patterns = tuple(patterns.values())
        self._automaton = AhoCorasick(list(patterns))

    def passing(self, article: Article) -> frozenset[int]:
        """The ids of the filters that let the article through."""
        seen = self._seen(article)
        touched = {place for term in seen for place in self._users[term]}
        passing = self._by_default - touched
        passing |= {place for place in touched if holds(self._plans[place], seen)}
        return frozenset(number for place in passing for number in self._ids[place])

    def _users_of_terms(self) -> tuple[list[int], ...]:
        """For each term, the places of the plans that contain it."""
        users: tuple[list[int], ...] = tuple([] for _ in self._asked)
        for place, plan in enumerate(self._plans):
            for term in set(terms(plan)):
                users[term].append(place)
        return users

    def _seen(self, article: Article) -> set[int]:
        """The numbers of the terms that stand in the article, in a field where they look."""
        page = _Page(article)
        seen: set[int] = set()
        for pattern, start, end in self._automaton.find_matches_as_indexes(page.text, overlapping=True):
            for number in self._patterns[pattern]:
                if number not in seen and self._stands(number, page, start, end):
                    seen.add(number)
        return seen

    def _stands(self, number: int, page: _Page, start: int, end: int) -> bool:
        """True if the letters at this place are the term, as a word and in a field where it looks."""
        asked = self._asked[number]
        return page.field_at(start) in asked.fields and asked.needle.fits(page.text, start, end)


class _Page:
    """All fields of an article folded into one text, a line each. No term holds a line break, so none spans two."""

    def __init__(self, article: Article) -> None:
        lines = list(_folded_lines(article))
        self.text = "\n".join(line for _, line in lines)
        self._fields = [name for name, _ in lines]
        self._starts: list[int] = []
        at = 0
        for _, line in lines:
            self._starts.append(at)
            at += len(line) + 1

    def field_at(self, position: int) -> FieldName:
        """Which field a position of the text lies in."""
        return self._fields[bisect_right(self._starts, position) - 1]


def _folded_lines(article: Article) -> Iterator[tuple[FieldName, str]]:
    for name, texts in field_texts(article).items():
        for text in texts:
            yield name, fold(text)
