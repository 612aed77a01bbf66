"""How alerts come, as the people of a chat wish it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from functools import lru_cache
from typing import Any


class Pictures(StrEnum):
    """How an article's pictures come, as its readers set it."""

    CARD = "card"
    """The first of them, large above the text, as a link's preview."""
    PHOTO = "photo"
    """The first of them, with the text as its caption."""
    ALBUM = "album"
    """All of them, up to ten."""
    NONE = "none"


class Length(StrEnum):
    """How much of an article is told."""

    HEADLINE = "headline"
    """The headline alone, with its link."""
    SHORT = "short"
    """At most 300 code points below it."""
    LONG = "long"
    """At most 900."""
    FULL = "full"
    """All of it, in as many messages as it takes."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody said of it; None: nothing. What a feed's readers leave open is as their chat has it."""

    pictures: Pictures | None = None
    length: Length | None = None
    silent: bool | None = None
    hashtags: bool | None = None
    marks: bool | None = None
    title: str | None = None
    """What one feed is called here, in place of its own title."""
    template: str | None = None
    """Their own form of an alert, as `telegram.template` prints it; "": the usual one."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How an alert comes once all is said; what nobody spoke of, as here."""

    pictures: Pictures = Pictures.CARD
    length: Length = Length.SHORT
    silent: bool = False
    """It comes without a sound."""
    hashtags: bool = False
    """The article's tags stand below it."""
    marks: bool = False
    """The words of the filter that were found are bold."""
    title: str = ""
    """"": the feed's own."""
    template: str = ""
    """"": the usual form."""


@dataclass(frozen=True, slots=True)
class Form:
    """How an alert has its words."""

    hashtags: bool = False
    marks: tuple[str, ...] = ()
    """What is bold wherever it stands, in the article's own letters."""
    template: str = ""
    """The words are arranged after it; "": in the usual form."""


_NAMES = tuple(field.name for field in fields(Wishes))


@lru_cache(maxsize=256)
def shown(chat: Wishes, feed: Wishes) -> Shown:
    """Put them together: what was said of the feed goes first."""
    said: dict[str, Any] = spoken(chat) | spoken(feed)
    return Shown(**said)


def spoken(wishes: Wishes) -> dict[str, Pictures | Length | bool | str]:
    """Those that were said, by name."""
    return {name: wish for name in _NAMES if (wish := getattr(wishes, name)) is not None}
