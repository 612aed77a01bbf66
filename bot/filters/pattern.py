r"""Regular expressions, through RE2 only: its time is linear in the text, so that no pattern can hang.

A pattern sees what words see, the folded text, one field at a time: so it ignores case, accents, width and
traditional or simplified Chinese, and its own letters are folded too. RE2's `\w` is ASCII; here it is any letter,
mark or digit of any script. Its `\b` is ASCII and cannot be widened, for RE2 never looks around: it stands between
Latin letters (their accents are folded away) and anything else. Beside a letter of another script it is refused, not
left to fail.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bot.errors import FilterError
from bot.filters.fold import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_INSTRUCTIONS = 3_000
r"""Of RE2's program: where its automaton does not fit into memory RE2 walks the program for each letter, and so many
take 0.04 s for a text of 100,000 letters. `\pL` alone has 1,400."""
_MEMORY = 1 << 19
_SET_MEMORY = 1 << 25
_SET = 50

_OUTSIDE = re.compile(r"\\[pPx]\{[^}]*\}|\\.|\[\^?\]?|\s+|.", re.DOTALL)
_INSIDE = re.compile(r"\\[pPx]\{[^}]*\}|\\.|\[:\^?\w+:\]|[^\\\]]-[^\\\]]|.", re.DOTALL)
_WORDS = (
    r"0-9A-Za-z_\x{aa}\x{b5}\x{ba}\x{c0}-\x{1fff}\x{2c00}-\x{2dff}\x{3005}-\x{3007}\x{3021}-\x{d7ff}"
    r"\x{f900}-\x{fdff}\x{10000}-\x{1efff}\x{20000}-\x{3ffff}"
)
r"""By blocks: 33 instructions, where `\pL\pM\pN` has 1,447. What is left out is punctuation and signs."""


@dataclass(frozen=True, slots=True)
class Search:
    """A pattern made ready for folded text."""

    pattern: str
    """For RE2."""

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """The first place in a folded text, as start and end. Nothing between two letters is no place."""
        found = _compiled(self.pattern).search(text)
        if found is not None and found.end() > found.start():
            yield found.start(), found.end()


def search(text: str) -> Search:
    """The pattern, folded."""
    return Search("".join(piece for _, piece in _pieces(text)))


def check(text: str, position: int) -> None:
    """Refuse a pattern that RE2 cannot read, or that would not do what it seems to say.

    Args:
        position: where in the filter `text` begins.

    Raises:
        FilterError: `filter.bad_regex`, `regex_too_large`, `regex_boundary`, `regex_empty`.
    """
    import re2

    boundary = next(_misleading_boundaries(text), None)
    try:
        re2.compile(text, _options(_MEMORY))
        if boundary is not None:
            raise FilterError("filter.regex_boundary", position + boundary)
        ours = _compiled(search(text).pattern)
    except re2.error as error:
        raise _refusal(error.args[0].decode(), text, position) from None
    if ours.programsize > _MOST_INSTRUCTIONS:
        raise FilterError("filter.regex_too_large", position)
    if ours.search("") is not None:
        raise FilterError("filter.regex_empty", position)


class SearchSet:
    """Many patterns, asked together."""

    def __init__(self, searches: list[Search]) -> None:
        self._searches = searches
        self._sets = [_joined(searches[at : at + _SET]) for at in range(0, len(searches), _SET)]

    def found(self, text: str) -> Iterator[int]:
        """The places, in the list, of those that are found in a folded text."""
        for number, patterns in enumerate(self._sets):
            first = number * _SET
            matched = patterns.Match(text) or ()
            # The empty pattern goes last and always matches: without it RE2 ran out of memory and says nothing.
            several = range(len(self._searches[first : first + _SET]))
            for place in several if len(several) not in matched else matched:
                if place in several and any(self._searches[first + place].places(text)):
                    yield first + place


def _joined(searches: list[Search]) -> Any:
    import re2

    patterns = re2.Set.SearchSet(_options(_SET_MEMORY))
    for one in searches:
        patterns.Add(one.pattern)
    patterns.Add("")
    patterns.Compile()
    return patterns


@lru_cache(maxsize=1_000)
def _compiled(pattern: str) -> Any:
    import re2

    return re2.compile(pattern, _options(_MEMORY))


def _options(memory: int) -> Any:
    import re2

    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = memory
    return options


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """What the pattern is made of, each piece as typed and as RE2 gets it."""
    text = unicodedata.normalize("NFC", text)
    at, in_class = 0, False
    while at < len(text):
        found = (_INSIDE if in_class else _OUTSIDE).match(text, at)
        assert found is not None, "both end in a dot"
        typed = found.group()
        at += len(typed)
        yield typed, _for_re2(typed, in_class=in_class)
        in_class = typed != "]" if in_class else typed[0] == "["


def _for_re2(typed: str, *, in_class: bool) -> str:
    if typed == r"\w":
        return _WORDS if in_class else f"[{_WORDS}]"
    if typed == r"\W" and not in_class:
        return f"[^{_WORDS}]"
    if typed.isspace():
        return " "
    # The ends of a range stay: folded, they could change places.
    if typed.isascii() or len(typed) > 1:
        return typed
    folded = re.escape(fold(typed))
    return folded if in_class or len(folded) < 2 else f"(?:{folded})"


def _misleading_boundaries(text: str) -> Iterator[int]:
    r"""Where `\b` or `\B` touches a letter that RE2 takes for none."""
    for found in re.finditer(r"\\.", text, re.DOTALL):
        beside = text[found.start() - 1 : found.start()] + text[found.end() : found.end() + 1]
        if found.group() in {r"\b", r"\B"} and any(
            letter.isalnum() and not fold(letter).isascii() for letter in beside
        ):
            yield found.start()


def _refusal(said: str, text: str, position: int) -> FilterError:
    """RE2 says which part of the pattern it cannot read: `missing closing ]: [a`."""
    reason, _, part = said.partition(": ")
    if "too large" in reason:
        return FilterError("filter.regex_too_large", position)
    return FilterError("filter.bad_regex", position + max(0, text.find(part)))
