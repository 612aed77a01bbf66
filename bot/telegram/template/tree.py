"""What a template is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.telegram.fulltext.lines import Frame


class Name(StrEnum):
    """What of an article can be shown, as it is typed."""

    TITLE = "title"
    SUMMARY = "summary"
    LINK = "link"
    SOURCE = "source"
    AUTHOR = "author"
    DATE = "date"
    TIME = "time"
    TAGS = "tags"
    DURATION = "duration"
    MEDIA = "media"
    COMMENTS = "comments"


ADDRESSES = frozenset({Name.LINK, Name.MEDIA, Name.COMMENTS})
"""What words can link to."""


@dataclass(frozen=True, slots=True)
class Dress:
    """How one sign of a template is formatted."""

    marks: tuple[str, ...] = ()
    """Telegram's tags around it, outermost first."""
    href: str | None = None
    frame: Frame | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A template as somebody wrote it: the text, and how each of its signs is formatted."""

    text: str
    dresses: tuple[Dress, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What stands there in every alert."""

    text: str
    dress: Dress


@dataclass(frozen=True, slots=True)
class Field:
    """`{title}`."""

    name: Name
    dress: Dress


@dataclass(frozen=True, slots=True)
class Link:
    """`{link:words}`: the words, as a link to that address; nothing without one."""

    name: Name
    inside: Template
    dress: Dress


@dataclass(frozen=True, slots=True)
class If:
    """`{?author:words}`: the words, if there is an author; `{!author:words}`: if there is none."""

    name: Name
    present: bool
    inside: Template
    dress: Dress


Node = Words | Field | Link | If
Template = tuple[Node, ...]
