"""What a filter says, as a tree: the one vocabulary that text, matching, index and explanation share.

A new operator begins here; `assert_never` then names every place that must learn it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FieldName(StrEnum):
    """A part of an article that a filter can ask for by name; the value is what people type."""

    TITLE = "title"
    TEXT = "text"
    AUTHOR = "author"
    TAG = "tag"
    LINK = "link"


EVERYWHERE = (FieldName.TITLE, FieldName.TEXT, FieldName.AUTHOR, FieldName.TAG)
"""Where a term without a field looks. Never in links: nobody who writes `facebook` means a share button."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word, as typed; it is folded only to be compared."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order; quotes also protect what would be an operator."""

    text: str
    """Without its quotes, one space between words."""


@dataclass(frozen=True, slots=True)
class Part:
    """Letters inside words: `prefix*`, `*suffix`, `*part*`."""

    text: str
    open_start: bool
    """Letters may stand before it."""
    open_end: bool
    """Letters may follow it."""


@dataclass(frozen=True, slots=True)
class Field:
    """What is inside looks only in this field; the innermost field counts."""

    name: FieldName
    inner: Expression


@dataclass(frozen=True, slots=True)
class Not:
    """Holds when what is inside does not."""

    inner: Expression


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more; never directly an And inside an And."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of two or more; never directly an Or inside an Or."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Everything:
    """Lets every article through; typed as a lone `*`."""


Term = Word | Phrase | Part
Expression = Term | Field | Not | And | Or | Everything
