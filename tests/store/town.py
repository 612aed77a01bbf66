"""A small town to test in: one moment, its feeds, its chats, and what is said about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.model import (
    Article,
    Chat,
    ChatKind,
    Delivery,
    OutboxRow,
    PollOutcome,
    RowState,
    SeenKey,
    SendOutcome,
    Validators,
)
from bot.store import SqlStore

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

HERALD = "https://herald.example/feed"
ANNA = Chat(id=7, kind=ChatKind.PRIVATE, title="Anna", language="en")
CLUB = Chat(id=-100, kind=ChatKind.GROUP, title="Club", language="de")


def article(key: str, **facts: Any) -> Article:
    plain = Article(key=key, title=f"About {key}", url=None, summary="", image=None, published=None)
    return Article(**{name: facts.get(name, getattr(plain, name)) for name in Article.__slots__})


def checked(feed_id: int = 0, at: datetime = NOON, **facts: Any) -> PollOutcome:
    """What a check brought; by default nothing new, due again in an hour."""
    plain = {"next_check_at": at + HOUR, "validators": Validators(), "failures": 0, "problem": None}
    return PollOutcome(**{"feed_id": feed_id, "checked_at": at, **plain, **facts})


def tried(row: OutboxRow, state: RowState, at: datetime = NOON, **facts: Any) -> SendOutcome:
    """What a send brought."""
    base = {"row_id": row.id, "chat_id": row.chat.id, "at": at, "state": state}
    return SendOutcome(**{**base, "attempts": row.attempts + 1, **facts})


@dataclass(frozen=True)
class Town:
    """Shorthand for the steps that many tests begin with, each in a transaction of its own."""

    store: SqlStore

    async def feed(self, url: str = HERALD, **facts: Any) -> int:
        async with self.store.transaction() as tx:
            return await tx.add_feed(url, checked(**facts))

    async def follow(self, chat: Chat, feed_id: int, thread_id: int | None = None) -> int:
        async with self.store.transaction() as tx:
            await tx.save_chat(chat)
            return await tx.subscribe(chat.id, thread_id, feed_id, NOON)

    async def publish(
        self, feed_id: int, *articles: Article, to: dict[int, int], at: datetime = NOON
    ) -> frozenset[int]:
        """Record a check that found articles for the subscriptions `to` (each with its chat)."""
        owed = tuple(Delivery(one.key, sub, chat) for one in articles for sub, chat in to.items())
        seen = tuple(SeenKey(one.key, None) for one in articles)
        outcome = checked(feed_id, at, articles=articles, seen=seen, deliveries=owed)
        async with self.store.transaction() as tx:
            return await tx.record_poll(outcome)

    async def claim(self, chat_id: int, at: datetime = NOON, lease: timedelta = MINUTE) -> OutboxRow | None:
        async with self.store.transaction() as tx:
            return await tx.claim_row(chat_id, at, until=at + lease)

    async def must_claim(self, chat_id: int, at: datetime = NOON) -> OutboxRow:
        row = await self.claim(chat_id, at)
        assert row is not None
        return row

    async def record(self, outcome: SendOutcome) -> None:
        async with self.store.transaction() as tx:
            await tx.record_send(outcome)

    async def drain(self, chat_id: int, at: datetime = NOON) -> list[str]:
        """Send all that may go now; the keys in the order they went."""
        went = []
        while row := await self.claim(chat_id, at):
            went.append(row.article.key)
            await self.record(tried(row, RowState.SENT, at, message_ids=(len(went),)))
        return went

    async def states(self) -> dict[str, int]:
        """How many outbox rows stand in each state, those that have any."""
        depth = await self.store.depth()
        return {state: depth[state] for state in RowState if depth[state]}
