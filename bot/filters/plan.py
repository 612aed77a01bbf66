"""A filter made ready for evaluation: terms are numbers, fields have gone into them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from bot.filters.expression import (
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
    Word,
)
from bot.filters.match import Needle, needle
from bot.filters.pattern import Search


@dataclass(frozen=True, slots=True)
class Asked:
    """A term and where it looks, or a fact, which looks nowhere; filters that ask the same share it."""

    needle: Needle | Search | Fact
    fields: tuple[FieldName, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """Holds if the term with this number was seen."""

    term: int


@dataclass(frozen=True, slots=True)
class AllOf:
    """Holds if every part does; without parts, always."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds if one part does."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """Holds if the part does not."""

    part: Plan


Plan = Seen | AllOf | AnyOf | NoneOf


class Planner:
    """Plans several filters, giving each term one number."""

    def __init__(self) -> None:
        self._numbers: dict[Asked, int] = {}

    @property
    def asked(self) -> tuple[Asked, ...]:
        """Every term so far; its number is its place."""
        return tuple(self._numbers)

    def plan(self, expression: Expression, fields: tuple[FieldName, ...]) -> Plan:
        """Args: `fields` are where a term looks that names none."""
        match expression:
            case Word() | Phrase() | Part() | Pattern():
                return self._seen(Asked(needle(expression), fields))
            case Has() | Age():
                return self._seen(Asked(expression, ()))
            case Everything():
                return AllOf(())
            case Field(name, inner):
                return self.plan(inner, (name,))
            case Not(inner):
                return NoneOf(self.plan(inner, fields))
            case And(parts):
                return AllOf(tuple(self.plan(part, fields) for part in parts))
            case Or(parts):
                return AnyOf(tuple(self.plan(part, fields) for part in parts))
            case _:
                assert_never(expression)

    def _seen(self, asked: Asked) -> Seen:
        return Seen(self._numbers.setdefault(asked, len(self._numbers)))


def holds(plan: Plan, seen: Collection[int]) -> bool:
    """Evaluate a plan; `seen` has the numbers of the terms that stand in the article."""
    match plan:
        case Seen(term):
            return term in seen
        case AllOf(parts):
            return all(holds(part, seen) for part in parts)
        case AnyOf(parts):
            return any(holds(part, seen) for part in parts)
        case NoneOf(part):
            return not holds(part, seen)
        case _:
            assert_never(plan)


def terms(plan: Plan) -> Iterator[int]:
    """The numbers of all terms in a plan, some more than once."""
    match plan:
        case Seen(term):
            yield term
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from terms(part)
        case NoneOf(part):
            yield from terms(part)
        case _:
            assert_never(plan)


def movers(plan: Plan, users: Sequence[int]) -> frozenset[int]:
    """Terms of which at least one was seen whenever the plan says something else than it says of an empty article.

    Of `rust snow` one of the two is enough: the one that fewer filters use, so that no term has to wake many.

    Args:
        users: for each term, how many plans use it.
    """
    match plan:
        case Seen(term):
            return frozenset((term,))
        case NoneOf(part):
            return movers(part, users)
        case AllOf(parts) | AnyOf(parts):
            usual = holds(plan, ())
            # Any part can move it; or else those that say what it says must all move, so that one of them is enough.
            if usual is isinstance(plan, AllOf):
                return frozenset().union(*(movers(part, users) for part in parts))
            ways = [movers(part, users) for part in parts if holds(part, ()) is usual]
            return min(ways, key=lambda way: sum(users[term] for term in way))
        case _:
            assert_never(plan)
