"""A feed as we keep it, and all that one check of it changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model.reading import Article, Problem, Validators


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of a feed's entries."""

    policy: str | None
    """How this feed's entries are told apart, one of `feeds.identity.POLICIES`; sticky. None before the first read."""
    keys: frozenset[str] = frozenset()
    """First keys of every entry known."""
    second_keys: frozenset[str] = frozenset()
    """Link, title and date of every entry known, hashed: they survive a change of guid."""


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
