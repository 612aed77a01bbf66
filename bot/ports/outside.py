"""A clock, a feed reader, a messenger, the road to Telegram, jobs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.model import (
    Article,
    Chat,
    Job,
    Picture,
    Post,
    SendResult,
    SourceResult,
    Validators,
)
from bot.ports.store import Transaction


class Clock(Protocol):
    """The time, and waiting for it."""

    def now(self) -> datetime:
        """Aware UTC."""

    async def sleep(self, duration: timedelta) -> None:
        """Let others work for that long."""


class FeedReader(Protocol):
    """One GET and one reading of what came."""

    async def read(self, url: str, validators: Validators, headers: Mapping[str, str] = ...) -> SourceResult:
        """Never raises for what the web does; every ending is a value.

        Args:
            headers: of this feed (`DueFeed.headers`), sent to its own server alone.
        """


class PictureSource(Protocol):
    """Pictures to be uploaded, where Telegram cannot get them itself."""

    async def picture(self, url: str) -> Picture | None:
        """None if there is none that Telegram would take. Never raises for what the web does."""


class PageSource(Protocol):
    """The pages of articles whose feeds give only teasers."""

    async def article(self, url: str) -> str | None:
        """The article on a page, as HTML with absolute links; None if none is found. Never raises for what the web
        does. What is found may be anything (`condense.is_article_of` tells)."""


class Summarizer(Protocol):
    """A machine that retells articles."""

    async def summary(self, article: Article) -> str | None:
        """What the machine answers; None if it does not, or is not asked. Never raises for what it does. It may be
        anything (`condense.retelling` tells)."""


class Messenger(Protocol):
    """Shows posts to people."""

    async def send(self, chat: Chat, thread_id: int | None, post: Post) -> SendResult:
        """One try. Never raises for what the platform answers; every ending is a value."""


class Rights(Protocol):
    """Who may do what in which chat, as the platform says at this moment."""

    async def hindrance(self, user_id: int, chat_id: int, *, to_read: bool) -> str | None:
        """What keeps this person from having something sent to that chat, or us from sending it; or, `to_read`, the
        person from reading what comes there.

        Returns:
            A key of the catalogue, for a sentence about the chat's `{name}`; "" if nothing is in the way, None if
            nobody can say now.
        """


class Road(Protocol):
    """The one road to Telegram, for every call that counts against its limits and has no turn yet."""

    async def turn(self, chat_id: int, count: int = 1) -> None:
        """Wait until `count` messages may go to this chat, and count them."""

    async def refused(self, chat_id: int, retry_after: timedelta) -> None:
        """Telegram said "too fast" about this chat."""


class Jobs(Protocol):
    """Who does what now. Truth lives in the store; a job lost is found again by the reconcile tick."""

    async def enqueue(self, jobs: Sequence[Job], transaction: Transaction | None = None) -> None:
        """Ask for these, each at most once at a time; with a transaction, only if it commits."""

    def register(
        self, check: Callable[[int], Awaitable[None]], deliver: Callable[[], Awaitable[None]]
    ) -> None:
        """Say who does the work: checks by feed id; delivery for all chats."""

    async def run(self) -> None:
        """Work until `stop`; then finish what has begun."""

    def stop(self) -> None:
        """Take no more work."""

    def health(self) -> Mapping[str, int]:
        """Figures for an operator: jobs `queued`, `running`, `failed`."""
