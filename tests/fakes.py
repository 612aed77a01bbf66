"""One fake for each port; the store's is the real one, on SQLite in memory."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from urllib.parse import urlsplit

from bot.model import (
    Alert,
    Article,
    Chat,
    Digest,
    FetchFailed,
    Job,
    Letter,
    Notice,
    Picture,
    Post,
    Problem,
    SendResult,
    Sent,
    SourceResult,
    Validators,
)
from bot.ports import Transaction

NO_HEADERS: Mapping[str, str] = MappingProxyType({})
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass
class FakeClock:
    """Time stands still but for `advance` and `sleep`."""

    time: datetime = NOW

    def now(self) -> datetime:
        return self.time

    async def sleep(self, duration: timedelta) -> None:
        self.advance(max(duration, timedelta(0)))

    def advance(self, duration: timedelta) -> None:
        self.time += duration


@dataclass
class FakeReader:
    """The web, as a table; an address that is not in it has no host."""

    web: dict[str, SourceResult] = field(default_factory=dict)
    asked: list[tuple[str, Validators]] = field(default_factory=list)
    locked: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """What must be sent to an address; without it, it wants a login."""
    sent: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    """Which headers went where, of all that was asked with some."""
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    """Addresses that answer only when their gate is open."""

    async def read(
        self, url: str, validators: Validators, headers: Mapping[str, str] = NO_HEADERS
    ) -> SourceResult:
        self.asked.append((url, validators))
        if headers:
            self.sent.append((url, dict(headers)))
        if not self.locked.get(url, {}).items() <= headers.items():
            return FetchFailed(Problem("fetch.login", {"host": urlsplit(url).hostname or url}))
        if url in self.gates:
            await self.gates[url].wait()
        return self.web.get(url, FetchFailed(Problem("fetch.no_such_host", {"host": url})))


@dataclass
class FakePictures:
    """The pictures of the web; an address that is not in it has none."""

    web: dict[str, Picture] = field(default_factory=dict)

    async def picture(self, url: str) -> Picture | None:
        return self.web.get(url)


@dataclass
class FakePages:
    """The articles on the web's pages; an address that is not in it has none."""

    web: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    late: set[str] = field(default_factory=set)
    """Addresses that never answer."""

    async def article(self, url: str) -> str | None:
        self.asked.append(url)
        if url in self.late:
            await asyncio.Event().wait()
        return self.web.get(url)


@dataclass
class FakeSummarizer:
    """Answers by headline; says nothing of others."""

    answers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    late: set[str] = field(default_factory=set)
    """Headlines that it thinks about for ever."""

    async def summary(self, article: Article) -> str | None:
        self.asked.append(article.title)
        if article.title in self.late:
            await asyncio.Event().wait()
        return self.answers.get(article.title)


@dataclass
class FakeMessenger:
    """Takes everything, unless told to answer otherwise."""

    answers: list[SendResult] = field(default_factory=list)
    """Given in turn; then everything is sent."""
    tried: list[tuple[Chat, int | None, Post]] = field(default_factory=list)
    sent: list[tuple[int, str]] = field(default_factory=list)
    """Chat and words of what was accepted: a headline (a full text's with its page), a digest's headlines with
    bars between, a notice's key."""
    after_send: Callable[[], None] = lambda: None
    after_try: Callable[[], None] = lambda: None

    async def send(self, chat: Chat, thread_id: int | None, post: Post) -> SendResult:
        self.tried.append((chat, thread_id, post))
        self.after_try()
        result = self.answers.pop(0) if self.answers else Sent((len(self.tried),), has_more(post))
        if isinstance(result, Sent):
            self.sent.append((chat.id, words_of(post)))
            self.after_send()
        return result


def has_more(post: Post) -> bool:
    """Whether a full text has pages left: here each sentence is one."""
    return isinstance(post, Alert) and post.page is not None and post.page + 1 < post.article.html.count(".")


def words_of(post: Post) -> str:
    match post:
        case Alert(article, page=int(page)):
            return f"{article.title}/{page + 1}"
        case Alert(article):
            return article.title
        case Digest(headlines, _, missed):
            titles = " | ".join(headline.title for headline in headlines)
            return f"{titles} + {missed} missed" if missed else titles
        case Notice(key):
            return key
        case Letter(text):
            return text


@dataclass
class FakeJobs:
    """Remembers what was asked for, in order; runs nothing."""

    asked: list[Job] = field(default_factory=list)

    async def enqueue(self, jobs: Sequence[Job], transaction: Transaction | None = None) -> None:
        async def later() -> None:
            self.asked.extend(jobs)

        if transaction is None:
            await later()
        else:
            transaction.after_commit(later)

    def register(
        self, check: Callable[[int], Awaitable[None]], deliver: Callable[[], Awaitable[None]]
    ) -> None: ...

    async def run(self) -> None: ...

    def stop(self) -> None: ...

    def health(self) -> Mapping[str, int]:
        return {"queued": len(self.asked), "running": 0, "failed": 0}


@dataclass
class FakeDiary:
    """What went wrong, as told."""

    now: tuple[str, ...] = ()
    past: tuple[tuple[datetime, str], ...] = ()

    def troubles(self) -> tuple[str, ...]:
        return self.now

    def past_troubles(self) -> tuple[tuple[datetime, str], ...]:
        return self.past
