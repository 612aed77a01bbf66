"""Reads a filter: text → lark's tree → Expression, with every mistake pointing at its character.

Each step is bounded before it recurses: 500 characters, 20 brackets deep, 50 terms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, assert_never

from bot.errors import FilterError
from bot.filters import pattern
from bot.filters.canonical import canonical
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
    Unit,
    Word,
)
from bot.filters.fold import DOUBLE_QUOTES, fold
from bot.filters.grammar import DASHES, LONGEST, language
from bot.filters.repair import nearest

if TYPE_CHECKING:
    from lark import Token, Tree

MOST_TERMS = 50
DEEPEST = 20
"""Brackets, minuses and fields inside each other. Nobody reads deeper; recursion here and in matching stays far
below Python's limit."""

_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_APOSTROPHES = "'‘’"
_WANTS_OPERAND = frozenset({"_OR", "_AND", "NOT", "MINUS", "FIELD"})


def parse(text: str) -> Expression:
    """Read a filter.

    Raises:
        FilterError: with the reason, the position, and in `offered` the nearest text that parses. Reasons:
            `filter.empty`, `too_long`, `too_many_terms`, `too_deep`, `control_character`, `unbalanced_quote`,
            `unbalanced_parenthesis`, `empty_group`, `empty_term`, `missing_operand`, `unknown_field`,
            `unknown_media`, `unknown_age`, `bad_regex`, `regex_too_large`, `regex_boundary`, `regex_empty`,
            `only_without`, each after `filter.`.
    """
    try:
        return _read(text)
    except FilterError as error:
        mended = nearest(text, error, _read)
        raise FilterError(error.reason, error.position, canonical(_read(mended)) if mended else "") from None


def _read(text: str) -> Expression:
    _check_characters(text)
    expression = _Builder().build(_tree(text), 0)
    if not _asks(expression):
        raise FilterError("filter.only_without", len(text) - len(text.lstrip()))
    return expression


def _asks(expression: Expression, *, wanted: bool = True) -> bool:
    """Whether a filter says what it wants, or, not `wanted`, what it does not want: `-java` alone wants nothing."""
    match expression:
        case Not(inner):
            return _asks(inner, wanted=not wanted)
        case Field(_, inner):
            return _asks(inner, wanted=wanted)
        case And(parts) | Or(parts):
            return any(_asks(part, wanted=wanted) for part in parts)
        case Word() | Phrase() | Part() | Pattern() | Has() | Age() | Everything():
            return wanted
        case _:
            assert_never(expression)


def _check_characters(text: str) -> None:
    # First, so that no later step sees a long text.
    if len(text) > LONGEST:
        raise FilterError("filter.too_long", LONGEST)
    if not text.strip():
        raise FilterError("filter.empty", 0)
    for position, letter in enumerate(text):
        if _is_control(letter):
            raise FilterError("filter.control_character", position)


def _is_control(letter: str) -> bool:
    """Characters that no keyboard types, and those that make a filter look like another one (bidi overrides)."""
    if letter in "\t\n\r":
        return False
    return unicodedata.category(letter) in {"Cc", "Cs"} or letter in _BIDI_CONTROLS


def _tree(text: str) -> Tree[Token] | Token:
    """Lark's tree (or its only token), foreign errors turned into ours."""
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken

    try:
        return language().parse(text)
    except UnexpectedCharacters as error:
        # lark's annotation says None; it is the position.
        raise _unreadable(text, getattr(error, "pos_in_stream", 0)) from None
    except UnexpectedToken as error:
        raise _misplaced(list(_tokens_before(text, error.token)), error.token) from None


def _unreadable(text: str, position: int) -> FilterError:
    """The lexer stops only at a quote without its other half, and at dashes that touch nothing."""
    quote = text[position] in DOUBLE_QUOTES
    return FilterError("filter.unbalanced_quote" if quote else "filter.missing_operand", position)


def _tokens_before(text: str, stop: Token) -> Iterator[Token]:
    for token in language().lex(text):
        if stop.type != "$END" and (token.start_pos or 0) >= (stop.start_pos or 0):
            return
        yield token


def _misplaced(before: list[Token], token: Token) -> FilterError:
    """Say what is wrong at a token that cannot stand where it stands ($END: the text ends too early)."""
    if before and before[-1].type in _WANTS_OPERAND:
        return FilterError("filter.missing_operand", _at(before[-1]))
    if token.type == "$END":
        return FilterError("filter.unbalanced_parenthesis", _last_open(before))
    if token.type == "CLOSE":
        return FilterError("filter.unbalanced_parenthesis", _at(token))
    return FilterError("filter.missing_operand", _at(token))


def _last_open(tokens: list[Token]) -> int:
    """Where the innermost bracket opens that nothing closes."""
    still_open: list[int] = []
    for token in tokens:
        if token.type == "OPEN":
            still_open.append(_at(token))
        elif token.type == "CLOSE":
            still_open.pop()
    return still_open[-1]


def _at(token: Token) -> int:
    return token.start_pos or 0


class _Builder:
    """Turns lark's tree into ours, counting terms on the way."""

    def __init__(self) -> None:
        self._terms = 0
        self._leaf: Callable[[Token], Expression] = _term
        """What reads a term: as words, or after `has:` and the like as something else."""

    def build(self, node: Tree[Token] | Token, depth: int) -> Expression:
        """Args: `depth` counts brackets, minuses and fields around this node."""
        if isinstance(node, str):
            return self._counted(node)
        if node.data == "any":
            return self._any(node.children, depth)
        if node.data == "all":
            return _joined(And, self._all(node.children, depth))
        first, *rest = node.children
        assert isinstance(first, str)  # the grammar: `not`, `field` and `group` begin with a token
        if depth >= DEEPEST:
            raise FilterError("filter.too_deep", _at(first))
        return self._wrapped(node.data, first, rest[0], depth + 1)

    def _any(self, alternatives: list[Tree[Token] | Token], depth: int) -> Expression:
        """A minus takes away from the whole line, or its brackets: in `tea, coffee -decaf` from both.

        An alternative that is nothing but a minus stays one: `tea OR -coffee`.
        """
        wanted: list[Expression] = []
        unwanted: list[Expression] = []
        for node in alternatives:
            together: list[Tree[Token] | Token] = [node]
            if not isinstance(node, str) and node.data == "all":
                together = list(node.children)
            without = [one for one in together if not isinstance(one, str) and one.data == "not"]
            rest = [one for one in together if one not in without]
            if rest and without:
                wanted.append(_joined(And, self._all(rest, depth)))
                unwanted.extend(self._all(without, depth))
            else:
                wanted.append(self.build(node, depth))
        either = _joined(Or, wanted)
        return _joined(And, [either, *unwanted]) if unwanted else either

    def _all(self, nodes: Sequence[Tree[Token] | Token], depth: int) -> list[Expression]:
        return [self.build(node, depth) for node in nodes]

    def _wrapped(self, kind: str, first: Token, inner: Tree[Token] | Token, depth: int) -> Expression:
        match kind:
            case "not":
                return Not(self.build(inner, depth))
            case "field":
                return self._field(first, inner, depth)
            case _ if isinstance(inner, str) and inner.type == "CLOSE":
                raise FilterError("filter.empty_group", _at(first))
            case _:
                return self.build(inner, depth)

    def _field(self, token: Token, inner: Tree[Token] | Token, depth: int) -> Expression:
        name, outer = token[:-1].lower(), self._leaf
        self._leaf = _FACTS.get(name, _term)
        try:
            within = self.build(inner, depth)
        finally:
            self._leaf = outer
        return within if name in _FACTS else Field(_field_name(token), within)

    def _counted(self, token: Token) -> Expression:
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise FilterError("filter.too_many_terms", _at(token))
        return self._leaf(token)


def _term(token: Token) -> Expression:
    match token.type:
        case "REGEX":
            return _regex(token)
        case "HAS":
            return _joined(Or, [Has(_MEDIA[name]) for name in re.split("[|｜]", token[4:].lower())])
        case kind:
            term = _phrase(token) if kind == "QUOTED" else _word(token)
    if not isinstance(term, Everything) and not fold(term.text):
        raise FilterError("filter.empty_term", _at(token))
    return term


def _regex(token: Token) -> Pattern:
    # Repairs make one blank of several, and so do texts.
    inside = " ".join(re.split(r"\s+", token[1:].rstrip("ims")[:-1]))
    pattern.check(inside, _at(token) + 1)
    return Pattern(inside)


def _media(token: Token) -> Fact:
    try:
        return Has(_MEDIA[_bare(token)])
    except KeyError:
        raise FilterError("filter.unknown_media", _at(token)) from None


def _older(token: Token) -> Fact:
    return _age(token, older=True)


def _newer(token: Token) -> Fact:
    return _age(token, older=False)


def _age(token: Token, *, older: bool) -> Fact:
    found = re.fullmatch(r"([0-9]{1,4}) ?(\w+)", _bare(token))
    if found is None or found[2] not in _UNITS:
        raise FilterError("filter.unknown_age", _at(token))
    return Age(older, int(found[1]), _UNITS[found[2]])


def _bare(token: Token) -> str:
    """The token folded, without quotes."""
    return fold(token).strip("\"' ")


_FACTS: Mapping[str, Callable[[Token], Fact]] = MappingProxyType(
    {"has": _media, "older": _older, "newer": _newer}
)
_MEDIA = MappingProxyType(
    {
        name + plural: media
        for media, names in {
            Media.PICTURE: ("picture", "image", "photo"),
            Media.AUDIO: ("audio",),
            Media.VIDEO: ("video",),
        }.items()
        for name in names
        for plural in ("", "s")
    }
)
_UNITS = MappingProxyType(
    {
        name: unit
        for unit, names in {
            Unit.MINUTE: ("min", "mins", "minute", "minutes", "分钟"),
            Unit.HOUR: ("h", "hour", "hours", "小时"),
            Unit.DAY: ("d", "day", "days", "天", "日"),
            Unit.WEEK: ("w", "week", "weeks", "周", "星期"),
            Unit.MONTH: ("mo", "month", "months", "个月", "月"),
            Unit.YEAR: ("y", "year", "years", "年"),
        }.items()
        for name in names
    }
)
"""`m` is none: it could be minutes or months."""


def _joined(kind: type[And] | type[Or], parts: list[Expression]) -> Expression:
    """Brackets that change nothing leave no trace."""
    flat: list[Expression] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else (part,))
    return kind(tuple(flat)) if len(flat) > 1 else flat[0]


def _field_name(token: str) -> FieldName:
    try:
        return FieldName(token[:-1].lower())
    except ValueError:
        raise FilterError("filter.unknown_field", getattr(token, "start_pos", 0)) from None


def _phrase(token: str) -> Phrase:
    inside = re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL)
    plain = inside.translate(dict.fromkeys(map(ord, DOUBLE_QUOTES), '"'))
    return Phrase(" ".join(plain.split()))


def _word(token: str) -> Word | Phrase | Part | Everything:
    """A word, or a part of words if stars stand at its ends; stars inside are letters (`f*ck`).

    What begins with an apostrophe is kept as a phrase of one word: printed bare beside another such word, the
    two would read as quotation marks.
    """
    text = token.strip("*＊")
    if not text:
        return Everything()
    if text == token:
        return Phrase(text) if text[0] in _APOSTROPHES else Word(text)
    if token[0] in _APOSTROPHES:
        text = text.lstrip(_APOSTROPHES + DASHES)
    return Part(text, open_start=token[0] in "*＊", open_end=token[-1] in "*＊")
