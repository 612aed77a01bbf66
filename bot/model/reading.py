"""From bytes to articles: what the web sends, and what we make of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Problem:
    """Something went wrong in a way a reader should hear of; a sentence only at the edge, in their language."""

    key: str
    """A key of the catalogue, e.g. `fetch.too_large`."""
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What the sentence names, e.g. `{"host": "example.org"}`."""


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
    moved_to: str | None = None
    """As of Fetched; adopted as well, for what is unchanged there was read well before."""


@dataclass(frozen=True, slots=True)
class FetchFailed:
    """No body worth reading came."""

    problem: Problem
    retry_after: timedelta | None = None
    """The server's own wish (429, 503); None if it said nothing."""


FetchResult = Fetched | Unchanged | FetchFailed


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that hangs on an entry (RSS 2.0 <enclosure>, Atom rel=enclosure, Media RSS, JSON Feed attachments)."""

    url: str
    type: str
    """A media type in lower case, e.g. `audio/mpeg`; "" if not said."""
    length: int | None = None
    """Bytes; None if not said."""
    duration: int | None = None
    """Seconds; None if not said."""


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
    images: tuple[str, ...] = ()
    """All full pictures named outright, in the publisher's order; thumbnails and covers are none."""
    enclosures: tuple[Enclosure, ...] = ()
    comments: str | None = None
    language: str = ""
    """A tag such as `zh-cn`, lower case; the feed's when the entry has none; "" if unknown."""


@dataclass(frozen=True, slots=True)
class Terms:
    """When a feed wants to be asked; may slow us, never hurry us."""

    gap: timedelta | None = None
    """No sooner than so long after the last time; None if it said nothing."""
    skip_hours: frozenset[int] = frozenset()
    """Not in these hours of the day, 0 to 23, UTC."""
    skip_days: frozenset[int] = frozenset()
    """Not on these days of the week, UTC; Monday is 0."""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document, entries in its own order."""

    title: str
    """Plain text; "" if it has none."""
    site: str | None
    """The page the feed belongs to."""
    language: str
    entries: tuple[Entry, ...]
    terms: Terms = Terms()
    """What the document itself asks for; holds until another one says otherwise."""
    whole: bool = True
    """False: its end is missing, and entries with it."""


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
    """As of Fetched."""
    moved_to: str | None = None
    """As of Fetched."""
    pages: Mapping[str, str] | None = None
    """HTML found on the pages of new entries, by link; None if nobody looked."""


SourceResult = FeedRead | Unchanged | FetchFailed | NotAFeed


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
    html: str = ""
    """The whole of it as its feed states it; "" where nobody is owed it in full."""
    language: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    comments: str | None = None
    """The page where it is talked of; None if its feed names none."""
    gallery: tuple[str, ...] = ()
    """Further pictures after `image`, in the article's order; at most 9, since Telegram's album holds 10."""
    long: str = ""
    """`summary` told at greater length, at most 900 code points; "" when there is no more to say than that."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's bytes, of a kind that Telegram takes as a photo."""

    content: bytes = field(repr=False)
    filename: str
    """Ends in its kind, e.g. `picture.jpg`: Telegram goes by it."""
    media_type: str
    """E.g. `image/jpeg`; what the bytes are, whatever their server says."""
