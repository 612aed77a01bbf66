"""A feed as we keep it, and all that one check of it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from bot.model.reading import Article, Problem, Validators


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of a feed's entries."""

    policy: str | None
    """How this feed's entries are told apart, one of `feeds.identity.POLICIES`; sticky. None before the first read."""
    keys: frozenset[str] = frozenset()
    """First keys of every entry known."""
    second_keys: frozenset[str] = frozenset()
    """Keys that survive a change of guid, of every entry known."""


@dataclass(frozen=True, slots=True)
class SeenKey:
    """One entry's two names, as remembered."""

    key: str
    second: str | None


@dataclass(frozen=True, slots=True)
class DueFeed:
    """A feed as a check needs it."""

    id: int
    url: str
    title: str
    validators: Validators
    failures: int
    """Failed checks in a row."""
    memory: Memory
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    """Sent with every request of this feed (its login, its own user agent), and to its own server alone. Secret."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One subscription, as matching needs it."""

    subscription_id: int
    chat_id: int
    filter: str
    """In the filter language; "" lets everything through."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One article is owed to one subscription."""

    article_key: str
    subscription_id: int
    chat_id: int
    behind: bool = False
    """Came with so many others that it waits until somebody asks for it."""
    more: int = 0
    """So many of the same check stand behind this one, which offers them."""


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """All that one check changes; written in one transaction, or not at all."""

    feed_id: int
    checked_at: datetime
    next_check_at: datetime
    validators: Validators
    """To be kept; the old ones after a failure."""
    failures: int
    problem: Problem | None
    """Why the check failed; None if it went well."""
    policy: str | None = None
    """How entries are told apart from now on; None leaves it."""
    title: str | None = None
    """The feed's own title; None leaves it."""
    site: str | None = None
    seen: tuple[SeenKey, ...] = ()
    """Every key in the document, old and new: the replay window."""
    articles: tuple[Article, ...] = ()
    """New ones, oldest first."""
    deliveries: tuple[Delivery, ...] = ()
