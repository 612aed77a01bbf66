"""A feed as we keep it, and all that one check of it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from bot.model.reading import Article, Problem, Terms, Validators


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
class Beat:
    """How often a feed's articles come, learned from those that we saw come."""

    weekly: float
    """A virtual rate: articles a week, as it was when the last ones came. Above 0."""
    heard_at: datetime
    """When we last saw new ones, or began to look."""


@dataclass(frozen=True, slots=True)
class Streak:
    """Failures in a row; empty for a feed that is well."""

    since: datetime | None = None
    """When the first of them was."""
    gone_since: datetime | None = None
    """When the first of those was that say "removed for good" (410) without another answer between."""
    kills: int = 0
    """How often the child that read it had to be killed, or died."""
    told: int = 0
    """What its readers know of it: 0 nothing, 1 that it fails for days, 2 for a month, 3 that it was put aside."""


class Trouble(StrEnum):
    """What a feed's readers are told; the value is its key in the catalogue."""

    DAYS = "trouble.days"
    MONTH = "trouble.month"
    GONE = "trouble.gone"
    UNREADABLE = "trouble.unreadable"
    OVER = "trouble.over"


@dataclass(frozen=True, slots=True)
class Host:
    """What many feeds share: a host, and how it fares. (Or one feed's whole address, see `hosts.host_of`.)"""

    name: str
    open_at: datetime | None = None
    """Nobody asks it before this; None if at once."""
    failing_since: datetime | None = None
    """When the first feed failed through its fault with none well since; None if it is well."""
    failed_feeds: int = 0
    """How many different feeds failed so."""
    refusals: int = 0
    """How often in a row it made us wait."""


@dataclass(frozen=True, slots=True)
class DueFeed:
    """A feed as a check needs it."""

    id: int
    url: str
    title: str
    validators: Validators
    failures: int
    """Failed checks in a row, those that were the host's fault left out."""
    memory: Memory | None
    """None if it was not asked for: it may be thousands of keys, and only a document is compared with them."""
    host: Host
    beat: Beat | None = None
    """None before anything is known."""
    streak: Streak = Streak()
    checked_at: datetime | None = None
    """The check before this one; None if there was none."""
    terms: Terms = field(default_factory=Terms)
    """Of its document as read last."""
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    """Sent with every request of this feed (its login, its own user agent), and to its own server alone. Secret."""


@dataclass(frozen=True, slots=True)
class Login:
    """What one chat alone has a feed read with."""

    chat_id: int
    headers: Mapping[str, str] = field(repr=False)
    """As `DueFeed.headers`; not empty. Secret."""


Who = tuple[int | None, int | None]
"""A subscription, or a follow, by its id."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One subscription, as matching needs it; or one follow whose matches go to a place of their own."""

    subscription_id: int | None
    """None: a follow."""
    chat_id: int
    """Where its articles go."""
    filter: str
    """In the filter language; "" lets everything through."""
    mute: str = ""
    """Of its chat, see `Chat`."""
    follows: tuple[str, ...] = ()
    """The filters of its chat's follows, see `Chat`."""
    full: bool = False
    """Reads articles in full."""
    thread_id: int | None = None
    """The topic that its articles go to."""
    follow_id: int | None = None
    """None: a subscription."""

    @property
    def who(self) -> Who:
        """What tells it from the others."""
        return self.subscription_id, self.follow_id


@dataclass(frozen=True, slots=True)
class Delivery:
    """One article is owed to one reader."""

    article_key: str
    subscription_id: int | None
    """None: a follow."""
    chat_id: int
    behind: bool = False
    """Came with so many others that it waits until somebody asks for it."""
    more: int = 0
    """So many of the same check stand behind this one, which offers them."""
    follow_id: int | None = None
    """None: a subscription."""

    @property
    def who(self) -> Who:
        """As `Reader.who`."""
        return self.subscription_id, self.follow_id


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """All that one check changes; written in one transaction, or not at all."""

    feed_id: int
    checked_at: datetime
    next_check_at: datetime | None
    """None: no more by itself."""
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
    streak: Streak = Streak()
    host: Host | None = None
    """How its host fares from now on; None leaves it."""
    beat: Beat | None = None
    """None leaves it."""
    terms: Terms | None = None
    """None leaves them."""
    moved_to: str | None = None
    """The address that takes the old one's place; None: it stays."""
    tell: Trouble | None = None
    """What its readers are told; None: nothing."""

    @property
    def is_quiet(self) -> bool:
        """Nothing is lost with it but one check."""
        return not (self.articles or self.deliveries or self.moved_to or self.tell)
