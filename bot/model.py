"""The words that two or more rooms share: frozen values, one for each arrow of the path.

All moments are aware UTC. All addresses are absolute, http or https. Nothing here fetches, stores or sends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Problem:
    """Something went wrong in a way a reader should hear of; a sentence only at the edge, in their language."""

    key: str
    """A key of the catalogue, e.g. `fetch.too_large`."""
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What the sentence names, e.g. `{"host": "example.org"}`."""


# --- bytes ---


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask "has it changed?" with. Opaque: sent back byte for byte (RFC 9110 §8.8)."""

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    """Of the body as read last, its volatile dates taken out; None before the first read."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole body came."""

    body: bytes
    """Already unzipped; never longer than the limit."""
    final_url: str
    """After redirects; relative links are read against it."""
    content_type: str
    """As sent, with its charset; "" if none."""
    validators: Validators
    fresh_for: timedelta | None
    """The server's own wish; None if it said nothing."""
    moved_to: str | None = None
    """The new address, when an unbroken row of permanent redirects named one."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The server says, or the body's hash shows, that nothing changed."""

    validators: Validators
    fresh_for: timedelta | None


@dataclass(frozen=True, slots=True)
class FetchFailed:
    """No body worth reading came."""

    problem: Problem
    retry_after: timedelta | None = None
    """The server's own wish (429, 503); None if it said nothing."""


FetchResult = Fetched | Unchanged | FetchFailed


# --- feed and entries ---


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that hangs on an entry (RSS 2.0 <enclosure>, Atom rel=enclosure, Media RSS, JSON Feed attachments)."""

    url: str
    type: str
    """A media type in lower case, e.g. `audio/mpeg`; "" if not said."""
    length: int | None = None
    """Bytes; None if not said."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as its feed states it: decoded, links absolute, markup still in it."""

    guid: str | None = None
    link: str | None = None
    title: str = ""
    """May hold markup and entities; "" if there is none."""
    summary: str = ""
    """The publisher's own summary as HTML; "" if there is none."""
    content: str = ""
    """The whole text as HTML; "" if the feed gives only a summary."""
    author: str = ""
    tags: tuple[str, ...] = ()
    published: datetime | None = None
    """As the publisher says; may lie. None if missing or unreadable."""
    image: str | None = None
    """A picture the publisher named outright (media:thumbnail, image enclosure, itunes:image…)."""
    enclosures: tuple[Enclosure, ...] = ()
    comments: str | None = None
    language: str = ""
    """A tag such as `zh-cn`, lower case; the feed's when the entry has none; "" if unknown."""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document, entries in its own order."""

    title: str
    """Plain text; "" if it has none."""
    site: str | None
    """The page the feed belongs to."""
    language: str
    entries: tuple[Entry, ...]
    fresh_for: timedelta | None = None
    """What the document itself asks for (RSS <ttl>, sy:updatePeriod); None if nothing."""


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a web page names."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class NotAFeed:
    """The bytes are no feed."""

    problem: Problem
    found: tuple[FeedLink, ...] = ()
    """Feeds that the page names, best first."""


ReadResult = ParsedFeed | NotAFeed


@dataclass(frozen=True, slots=True)
class FeedRead:
    """A feed was fetched and read, and its bytes are new to us."""

    feed: ParsedFeed
    final_url: str
    validators: Validators
    fresh_for: timedelta | None
    """The longer of the server's and the document's wish; None if neither said anything."""
    moved_to: str | None = None


SourceResult = FeedRead | Unchanged | FetchFailed | NotAFeed


# --- article ---


@dataclass(frozen=True, slots=True)
class Article:
    """An entry condensed: what an alert says of it, and what filters look at."""

    key: str
    """Names it within its feed, for ever."""
    title: str
    """Plain text in one line; "" only if the entry has no words at all."""
    url: str | None
    summary: str
    """Plain text, whole sentences; "" when there is nothing to condense."""
    image: str | None
    published: datetime | None
    author: str = ""
    tags: tuple[str, ...] = ()
    text: str = ""
    """The article's whole plain text without boilerplate; filters match on it."""
    language: str = ""
    enclosures: tuple[Enclosure, ...] = ()


# --- feeds as we keep them ---


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


@dataclass(frozen=True, slots=True)
class Reader:
    """One subscription, as matching needs it."""

    subscription_id: int
    chat_id: int
    filter: str
    """In the filter language; "" lets everything through."""


# --- polling ---


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

    @property
    def changes_entries(self) -> bool:
        """False if losing this outcome would cost no more than another check."""
        return bool(self.articles or self.seen)


# --- chats and messages ---


class ChatKind(StrEnum):
    """Telegram's kinds of chat, with what they share in limits."""

    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat that the bot serves."""

    id: int
    """Telegram's."""
    kind: ChatKind
    title: str
    language: str
    """A language of the catalogue, e.g. `zh_Hans`."""
    paused: bool = False
    resting: bool = False
    """Telegram refuses this chat (blocked, kicked); wakes on /start or my_chat_member."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A chat follows a feed."""

    id: int
    chat_id: int
    thread_id: int | None
    """The forum topic it was made in; None outside topics, and in General."""
    feed_id: int
    feed_url: str
    feed_title: str
    filter: str
    problem: Problem | None = None
    """Why the feed's last check failed; None if it went well."""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One article, owed to one subscription, claimed for sending."""

    id: int
    chat: Chat
    thread_id: int | None
    subscription_id: int
    feed_title: str
    article: Article
    attempts: int
    """Sends tried before this one."""


@dataclass(frozen=True, slots=True)
class Alert:
    """What is to be shown; how, is the platform's business."""

    article: Article
    feed_title: str
    language: str
    """Of the words around the article."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram has it."""

    message_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TooFast:
    """Telegram asks us to wait (429)."""

    retry_after: timedelta


@dataclass(frozen=True, slots=True)
class ChatGone:
    """The chat refuses us until somebody there invites us back (403 and its like)."""

    reason: str


@dataclass(frozen=True, slots=True)
class ChatMoved:
    """A group became a supergroup under a new id."""

    to: int


@dataclass(frozen=True, slots=True)
class TopicGone:
    """The forum topic is closed or deleted; the chat itself is well."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram will never take this message."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """It certainly did not arrive; try again."""

    reason: str


@dataclass(frozen=True, slots=True)
class PerhapsSent:
    """It may have arrived: the line broke after the request went out. Tried again; it may double."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unauthorized:
    """The token is refused: stop and say so; no chat is to blame."""

    reason: str


SendResult = (
    Sent | TooFast | ChatGone | ChatMoved | TopicGone | Refused | NotSent | PerhapsSent | Unauthorized
)


class RowState(StrEnum):
    """Where an outbox row stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    HELD = "held"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """All that one send changes; written in one transaction."""

    row_id: int
    chat_id: int
    at: datetime
    state: RowState
    attempts: int
    reason: str | None = None
    """Why it is not sent yet, or never will be; None once sent."""
    message_ids: tuple[int, ...] = ()
    not_before: datetime | None = None
    """When the row may be tried again; None if at once, or never."""
    perhaps_double: bool = False
    """The next try may show it twice."""
    chat_rests: bool = False
    chat_moves_to: int | None = None
    chat_not_before: datetime | None = None
    """The whole chat waits until then (429); None if it need not."""


@dataclass(frozen=True, slots=True)
class Check:
    """A job: check this feed."""

    feed_id: int


@dataclass(frozen=True, slots=True)
class Drain:
    """A job: send what waits for this chat."""

    chat_id: int


Job = Check | Drain
