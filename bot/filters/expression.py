"""What a filter says, as a tree: the one vocabulary that text, matching, index and explanation share.

A new operator begins here; `assert_never` then names every place that must learn it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType


class FieldName(StrEnum):
    """A part of an article that a filter can ask for by name; the value is what people type."""

    TITLE = "title"
    TEXT = "text"
    AUTHOR = "author"
    TAG = "tag"
    LINK = "link"
    FEED = "feed"
    """The title of the feed that brought it."""
    LANG = "lang"
    """A language tag such as `zh-cn`, so that `lang:zh` finds it too."""


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
class Pattern:
    """A regular expression, as typed between its slashes. See `pattern` for what it means here."""

    text: str


class Media(StrEnum):
    """What can hang on an article."""

    PICTURE = "picture"
    AUDIO = "audio"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Has:
    """Holds for an article with at least one of these."""

    media: Media


class Unit(StrEnum):
    """What an age is counted in; the value is how it is printed."""

    MINUTE = "min"
    HOUR = "h"
    DAY = "d"
    WEEK = "w"
    MONTH = "mo"
    YEAR = "y"


@dataclass(frozen=True, slots=True)
class Age:
    """How long ago an article was published, at the time of matching. One without a date is new."""

    older: bool
    """False: newer."""
    count: int
    unit: Unit

    @property
    def span(self) -> timedelta:
        """A month is 30 days and a year 365."""
        return self.count * _SPANS[self.unit]


_SPANS = MappingProxyType(
    {
        Unit.MINUTE: timedelta(minutes=1),
        Unit.HOUR: timedelta(hours=1),
        Unit.DAY: timedelta(days=1),
        Unit.WEEK: timedelta(weeks=1),
        Unit.MONTH: timedelta(days=30),
        Unit.YEAR: timedelta(days=365),
    }
)


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


Term = Word | Phrase | Part | Pattern
"""What is looked for in words."""
Fact = Has | Age
"""What is true of an article, whatever its words are."""
Expression = Term | Fact | Field | Not | And | Or | Everything
