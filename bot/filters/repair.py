"""Offers the nearest text that parses: one small repair at the place of the error, again until it reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from types import MappingProxyType

from bot.errors import FilterError
from bot.filters import grammar
from bot.filters.expression import Expression, FieldName, Media

_MOST_REPAIRS = 4
"""A text with more mistakes than this was no filter; each costs a parse, 3 ms for the worst 500 characters."""


def nearest(text: str, error: FilterError, read: Callable[[str], Expression]) -> str:
    """The nearest text that `read` takes, or "" if a few small repairs do not make one."""
    for _ in range(_MOST_REPAIRS):
        repair = _REPAIRS.get(error.reason)
        text = repair(text, error.position) if repair else ""
        if not text:
            return ""
        # As it will be shown: fewer blanks can make a quotation mark of an apostrophe.
        text = " ".join(text.split())
        try:
            read(text)
        except FilterError as next_error:
            error = next_error
        else:
            return text
    return ""


def _close_quote(text: str, position: int) -> str:
    if position == len(text.rstrip()) - 1:
        return text[:position]
    # A backslash at the end would swallow the quote we add.
    return text.rstrip("\\ ") + '"'


def _balance(text: str, position: int) -> str:
    return text + ")" if text[position] in "(（" else _without(r"[)）]", text, position)


def _drop_group(text: str, position: int) -> str:
    return _without(r"[(（]\s*[)）]", text, position)


def _drop_operator(text: str, position: int) -> str:
    operators = f"{grammar.OR}|{grammar.AND}|{grammar.NOT}|{grammar.FIELD}|[{grammar.DASHES}]+"
    return _without(operators, text, position)


def _drop_term(text: str, position: int) -> str:
    return _without(f"{grammar.QUOTED}|{grammar.SINGLE_QUOTED}|{grammar.WORD}", text, position)


def _drop_character(text: str, position: int) -> str:
    return _without(r"[\s\S]", text, position)


def _known_field(text: str, position: int) -> str:
    """`titel:` becomes `title:`; `https://…` and `std::vector` become quoted."""
    typed = _found(grammar.FIELD, text, position)
    names = [*(name.value for name in FieldName), "has", "older", "newer"]
    close = get_close_matches(typed[:-1].lower(), names, n=1)
    rest = text[position + len(typed) :]
    if close:
        return f"{text[:position]}{close[0]}:{rest}"
    word = _found(grammar.WORD, text, position)
    return f"{text[:position]}{_quoted(word)}{text[position + len(word) :]}"


def _quoted_pattern(text: str, position: int) -> str:
    """`/C++/` becomes `"C++"`; one that uses what only patterns have has nothing near it."""
    start = max(text.rfind(slash, 0, position) for slash in "/／")
    typed = _found(grammar.REGEX, text, max(start, 0))
    letters = typed[1:].rstrip("ims")[:-1]
    if start < 0 or set(letters) & set("\\()[]{}^$|"):
        return ""
    return f"{text[:start]}{_quoted(letters)}{text[start + len(typed) :]}"


def _drop_boundary(text: str, position: int) -> str:
    return text[:position] + text[position + 2 :]


def _nearest_media(text: str, position: int) -> str:
    """`has:pictur` becomes `has:picture`; what is nothing of the kind goes."""
    typed = _found(grammar.WORD, text, position)
    close = get_close_matches(typed.lower(), [media.value for media in Media], n=1)
    return f"{text[:position]}{close[0]}{text[position + len(typed) :]}" if close else ""


def _nearest_age(text: str, position: int) -> str:
    """`newer:30m` becomes `newer:30min`, and `newer:2` becomes `newer:2d`."""
    typed = _found(grammar.WORD, text, position)
    number = re.match(r"[0-9]{1,4}(?![0-9])", typed)
    if number is None:
        return ""
    unit = "min" if typed.lower().endswith("m") else "d"
    return f"{text[:position]}{number.group()}{unit}{text[position + len(typed) :]}"


def _everything_without(text: str, position: int) -> str:
    return f"* ({text})"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\")
    return f'"{escaped}"'


def _found(pattern: str, text: str, position: int) -> str:
    found = re.compile(pattern).match(text, position)
    return found.group() if found else text[position]


def _without(pattern: str, text: str, position: int) -> str:
    return f"{text[:position]} {text[position + len(_found(pattern, text, position)) :]}"


_REPAIRS: Mapping[str, Callable[[str, int], str]] = MappingProxyType(
    {
        "filter.unbalanced_quote": _close_quote,
        "filter.unbalanced_parenthesis": _balance,
        "filter.empty_group": _drop_group,
        "filter.missing_operand": _drop_operator,
        "filter.empty_term": _drop_term,
        "filter.control_character": _drop_character,
        "filter.unknown_field": _known_field,
        "filter.unknown_media": _nearest_media,
        "filter.unknown_age": _nearest_age,
        "filter.bad_regex": _quoted_pattern,
        "filter.regex_empty": _quoted_pattern,
        "filter.regex_boundary": _drop_boundary,
        "filter.only_without": _everything_without,
    }
)
