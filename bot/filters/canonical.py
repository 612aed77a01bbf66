"""Prints an expression in the one form that parses to itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from bot.filters.expression import (
    Age,
    And,
    Everything,
    Expression,
    Fact,
    Field,
    Has,
    Not,
    Or,
    Part,
    Pattern,
    Phrase,
    Term,
    Word,
)
from bot.filters.grammar import LONGEST


@dataclass(frozen=True, slots=True)
class _Style:
    either: str
    """Between alternatives."""
    gap: str
    """Between parts that quotes or brackets keep apart anyway."""


_READABLE = _Style(either=" OR ", gap=" ")
_TIGHT = _Style(either="|", gap="")


def canonical(expression: Expression) -> str:
    """The expression as text, operators as words.

    Someone may type 500 characters of `a,b,c`; with OR spelled out they would be too long to parse again.
    Such an expression is printed tight, which is never longer than what was typed.
    """
    readable = _printed(expression, _READABLE)
    return readable if len(readable) <= LONGEST else _printed(expression, _TIGHT)


def printed_leaf(term: Term | Fact) -> str:
    """One term or fact as it would be typed."""
    match term:
        case Word(text):
            return text
        case Phrase(text):
            escaped = text.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{escaped}"'
        case Part(text, open_start, open_end):
            return f"{'*' * open_start}{text}{'*' * open_end}"
        case Pattern(text):
            return f"/{text}/"
        case Has(media):
            return f"has:{media}"
        case Age(older, count, unit):
            return f"{'older' if older else 'newer'}:{count}{unit}"
        case _:
            assert_never(term)


def _printed(expression: Expression, style: _Style) -> str:
    match expression:
        case Word() | Phrase() | Part() | Pattern() | Has() | Age():
            return printed_leaf(expression)
        case Everything():
            return "*"
        case Field(name, inner):
            return f"{name.value}:{_bracketed(inner, style, And, Or)}"
        case Not(inner):
            # `--x` would read as one dash.
            return f"-{_bracketed(inner, style, And, Or, Not)}"
        case And(parts):
            return _side_by_side([_bracketed(part, style, Or) for part in parts], style)
        case Or(parts):
            return style.either.join(_alternative(part, style) for part in parts)
        case _:
            assert_never(expression)


def _alternative(part: Expression, style: _Style) -> str:
    """A minus outside brackets would take away from all alternatives. Other brackets are for the eye only:
    together binds tighter than OR, but who remembers?"""
    needed = isinstance(part, And) and any(isinstance(one, Not) for one in part.parts)
    return _bracketed(part, style, *((And,) if needed or style is _READABLE else ()))


def _bracketed(expression: Expression, style: _Style, *kinds: type[And | Or | Not]) -> str:
    """The expression, in brackets if it is one of these kinds."""
    text = _printed(expression, style)
    return f"({text})" if isinstance(expression, kinds) else text


def _side_by_side(parts: list[str], style: _Style) -> str:
    text = parts[0]
    for part in parts[1:]:
        # After a Hebrew letter a quote could be gershayim.
        apart = text[-1] in '")' or part[0] == "(" or (part[0] == '"' and not "א" <= text[-1] <= "ת")
        text += (style.gap if apart else " ") + part
    return text
