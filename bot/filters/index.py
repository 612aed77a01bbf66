"""Asks many filters about one article at once.

The article is read once, however many filters there are (`scan`). What was seen then wakes only the filters that it
can move: `rust snow` waits for the rarer of the two, `rust OR snow` passes with either and is not evaluated at all.
Filters that say the same are one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.filters.expression import EVERYWHERE, Expression
from bot.filters.plan import AllOf, AnyOf, NoneOf, Plan, Planner, Seen, holds, movers, terms
from bot.filters.scan import Scanner
from bot.model import Article

_Found = TypeVar("_Found")


def percolate(
    filters: Mapping[int, Expression], article: Article, *, now: datetime, feed: str = ""
) -> frozenset[int]:
    """The ids of the filters that let the article through, as `matches` says of each one.

    Builds an index for this one article; whoever has several articles keeps a `FilterIndex`.
    """
    return FilterIndex(filters).passing(article, now=now, feed=feed)


@dataclass(frozen=True, slots=True)
class _Check:
    """Filters that say the same: all of `needed`, one of each of `choices`, none of `banned`. Numbers of terms."""

    needed: tuple[int, ...]
    choices: tuple[tuple[int, ...], ...]
    banned: tuple[int, ...]
    ids: tuple[int, ...]

    def passes(self, seen: set[int]) -> bool:
        return (
            seen.issuperset(self.needed)
            and seen.isdisjoint(self.banned)
            and not any(map(seen.isdisjoint, self.choices))
        )

    def beside(self, term: int) -> tuple[int, ...]:
        """Terms of which one must be seen beside this one; none if there need be no other."""
        for one in self.needed:
            if one != term:
                return (one,)
        return next((several for several in self.choices if term not in several), ())

    @property
    def is_pair(self) -> bool:
        """Whether two terms are all there is to it."""
        return not self.banned and len(self.needed) + len(self.choices) == 2


@dataclass(frozen=True, slots=True)
class _Other:
    """Filters of any other form that say the same."""

    plan: Plan
    ids: tuple[int, ...]


class FilterIndex:
    """Many filters, ready to be asked together. Never changes; make a new one when a filter does."""

    def __init__(self, filters: Mapping[int, Expression]) -> None:
        ids: dict[Expression, list[int]] = {}
        for number, expression in filters.items():
            ids.setdefault(expression, []).append(number)
        planner = Planner()
        plans = [(planner.plan(expression, EVERYWHERE), tuple(same)) for expression, same in ids.items()]
        users = [0] * len(planner.asked)
        for plan, _ in plans:
            for term in set(terms(plan)):
                users[term] += 1
        self._scanner = Scanner(planner.asked)
        self._always: set[int] = set()
        """The ids of those that let an empty article through."""
        self._passing: dict[int, list[int]] = {}
        """For a term, the ids that pass wherever it was seen,"""
        self._spoiled: dict[int, dict[int, list[int]]] = {}
        """but not if this was seen too; such an id stands nowhere else."""
        self._pairs: dict[int, dict[int, list[int]]] = {}
        """For a term, and another beside it, the ids that pass wherever both were seen."""
        self._checks: dict[int, dict[int, list[_Check]]] = {}
        """For a term, and another beside it, those that may pass where both were seen."""
        self._others: dict[int, list[_Other]] = {}
        """For a term, those that may say something else than of an empty article."""
        for plan, same in plans:
            self._add(plan, same, users)

    def passing(self, article: Article, *, now: datetime, feed: str = "") -> frozenset[int]:
        """The ids of the filters that let the article through; arguments as of `matches`."""
        seen = self._scanner.seen(article, now, feed)
        passing = set(self._always)
        for term in seen & self._passing.keys():
            passing.update(self._passing[term])
        for spoiled in _beside(self._spoiled, seen):
            passing.difference_update(spoiled)
        for paired in _beside(self._pairs, seen):
            passing.update(paired)
        for checks in _beside(self._checks, seen):
            passing.update(*(check.ids for check in checks if check.passes(seen)))
        for term in seen & self._others.keys():
            for other in self._others[term]:
                change = passing.update if holds(other.plan, seen) else passing.difference_update
                change(other.ids)
        return frozenset(passing)

    def _add(self, plan: Plan, ids: tuple[int, ...], users: list[int]) -> None:
        if holds(plan, ()):
            self._always.update(ids)
        alternatives = tuple(_alternatives(plan))
        checks = [_check(alternative, ids) for alternative in alternatives]
        several = len(checks) > 1
        if holds(plan, ()) or any(check is None or (several and check.banned) for check in checks):
            for term in movers(plan, users):
                self._others.setdefault(term, []).append(_Other(plan, ids))
            return
        for alternative, check in zip(alternatives, checks, strict=True):
            for term in movers(alternative, users):
                assert check is not None
                self._wake(term, check)

    def _wake(self, term: int, check: _Check) -> None:
        beside = check.beside(term)
        if not beside:
            self._passing.setdefault(term, []).extend(check.ids)
            for spoiler in check.banned:
                self._spoiled.setdefault(term, {}).setdefault(spoiler, []).extend(check.ids)
        for other_term in beside:
            if check.is_pair:
                self._pairs.setdefault(term, {}).setdefault(other_term, []).extend(check.ids)
            else:
                self._checks.setdefault(term, {}).setdefault(other_term, []).append(check)


def _beside(waiting: Mapping[int, Mapping[int, _Found]], seen: set[int]) -> Iterator[_Found]:
    """What waits for two terms that were both seen."""
    for term in seen & waiting.keys():
        others = waiting[term]
        for other in seen & others.keys():
            yield others[other]


def _alternatives(plan: Plan) -> Iterator[Plan]:
    if isinstance(plan, AnyOf):
        yield from plan.parts
    else:
        yield plan


def _check(plan: Plan, ids: tuple[int, ...]) -> _Check | None:
    """The plan as a check, if it has that form."""
    needed: list[int] = []
    choices: list[tuple[int, ...]] = []
    banned: list[int] = []
    for part in plan.parts if isinstance(plan, AllOf) else (plan,):
        several = _any_seen(part.part if isinstance(part, NoneOf) else part)
        if several is None:
            return None
        if isinstance(part, NoneOf):
            banned.extend(several)
        elif len(several) == 1:
            needed.extend(several)
        else:
            choices.append(several)
    return _Check(tuple(needed), tuple(choices), tuple(banned), ids)


def _any_seen(plan: Plan) -> tuple[int, ...] | None:
    """The terms of which one is enough, if it is no more than that."""
    parts = tuple(_alternatives(plan))
    several = tuple(part.term for part in parts if isinstance(part, Seen))
    return several if len(several) == len(parts) else None
