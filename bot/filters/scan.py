"""Finds which of many terms stand in an article, reading it once.

Words stand in an Aho-Corasick automaton, parts of words in a second one, and patterns in RE2 sets. The automaton
finds letters; whether they stand there as a word is then one look at both ends (`Edges`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from ahocorasick_rs import AhoCorasick, Implementation

from bot.filters.expression import EVERYWHERE, Age, Fact, FieldName, Has
from bot.filters.fold import fold
from bot.filters.match import Needle, field_texts, is_true
from bot.filters.pattern import Search, SearchSet
from bot.filters.plan import Asked
from bot.filters.words import Edges
from bot.model import Article

_FEW = 1_000
"""Up to so many words the automaton is made in a third of the time, and of a quarter of the size (8 KB for 20 words)
if it is told which kind to be; beyond, its own choice is better."""

_Place = tuple[int, int, int]
"""A pattern, and where it starts and ends."""
_NOBODY = -1
"""The number of no term."""


class Scanner:
    """Many terms, ready to be looked for together. A term's number is its place in `asked`."""

    def __init__(self, asked: Sequence[Asked]) -> None:
        self._facts: list[tuple[Fact, int]] = []
        words: dict[str, list[tuple[tuple[FieldName, ...], int]]] = {}
        parts: dict[str, list[tuple[Needle, tuple[FieldName, ...], int]]] = {}
        searches: dict[Search, list[tuple[tuple[FieldName, ...], int]]] = {}
        for number, one in enumerate(asked):
            match one.needle:
                case Has() | Age() as fact:
                    self._facts.append((fact, number))
                case Search() as search:
                    searches.setdefault(search, []).append((one.fields, number))
                case Needle(text, False, False):
                    words.setdefault(text, []).append((one.fields, number))
                case Needle(text) as needle:
                    parts.setdefault(text, []).append((needle, one.fields, number))
        self._everywhere = [dict(owners).get(EVERYWHERE, _NOBODY) for owners in words.values()]
        """For a word, the number of the term that asks for it in the usual fields."""
        self._elsewhere = {
            pattern: tuple(owners) for pattern, owners in enumerate(words.values()) if _is_elsewhere(owners)
        }
        self._parts = [tuple(owners) for owners in parts.values()]
        self._searches = [tuple(owners) for owners in searches.values()]
        self._word_automaton = _automaton(words)
        self._part_automaton = _automaton(parts)
        self._search_set = SearchSet(list(searches)) if searches else None
        self._fields = frozenset(name for one in asked for name in one.fields)

    def seen(self, article: Article, now: datetime, feed: str) -> set[int]:
        """The numbers of the terms that stand in the article where they look, and of the facts that are true."""
        seen = {number for fact, number in self._facts if is_true(fact, article, now)}
        for name, texts in field_texts(article, feed).items():
            if name in self._fields:
                for text in texts:
                    self._read(name, fold(text), seen)
        seen.discard(_NOBODY)
        return seen

    def _read(self, field: FieldName, text: str, seen: set[int]) -> None:
        if found := _found(self._word_automaton, text):
            whole = _whole(found, Edges(text))
            if field in EVERYWHERE:
                seen.update([self._everywhere[pattern] for pattern in whole])
            for pattern in whole & self._elsewhere.keys():
                seen.update(number for fields, number in self._elsewhere[pattern] if field in fields)
        if found := _found(self._part_automaton, text):
            self._read_parts(field, found, Edges(text), seen)
        if self._search_set is not None:
            for pattern in self._search_set.found(text):
                seen.update(number for fields, number in self._searches[pattern] if field in fields)

    def _read_parts(self, field: FieldName, found: Iterable[_Place], edges: Edges, seen: set[int]) -> None:
        for pattern, start, end in found:
            for needle, fields, number in self._parts[pattern]:
                if number in seen or field not in fields:
                    continue
                if (needle.open_start or edges.begins(start)) and (needle.open_end or edges.ends(end)):
                    seen.add(number)


def _is_elsewhere(owners: Sequence[tuple[tuple[FieldName, ...], int]]) -> bool:
    return any(fields != EVERYWHERE for fields, _ in owners)


def _automaton(texts: Iterable[str]) -> AhoCorasick | None:
    """An automaton of them; None if there is none."""
    listed = list(texts)
    if not listed:
        return None
    kind = Implementation.ContiguousNFA if len(listed) <= _FEW else None
    return AhoCorasick(listed, implementation=kind, store_patterns=False)


def _found(automaton: AhoCorasick | None, text: str) -> list[_Place]:
    return [] if automaton is None else automaton.find_matches_as_indexes(text, overlapping=True)


def _whole(found: Iterable[_Place], edges: Edges) -> set[int]:
    """Which of the patterns, found from start to end, are whole words there."""
    if edges.korean:
        return {pattern for pattern, start, end in found if edges.begins(start) and edges.ends(end)}
    # The same, spelled out: the hot loop, a thousand rounds an article.
    joined = edges.joined
    return {pattern for pattern, start, end in found if not (joined[start] or joined[end])}
