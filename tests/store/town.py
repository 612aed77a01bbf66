"""A small town to test in: one moment, its feeds, its chats, and what is said about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.model import (
    Article,
    Chat,
    ChatKind,
    Delivery,
    Parcel,
    PollOutcome,
    RowState,
    SeenKey,
    SendOutcome,
    Validators,
)
from bot.store import SqlStore
from bot.store.transaction import SqlTransaction

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


def tried(parcel: Parcel, state: RowState, at: datetime = NOON, **facts: Any) -> SendOutcome:
    """What a send brought."""
    base = {"row_ids": tuple(row.id for row in parcel.rows), "chat_id": parcel.chat.id, "at": at}
    base["catching_up"] = parcel.chat.catching_up
    return SendOutcome(**{**base, "state": state, "attempts": parcel.rows[0].attempts + 1, **facts})


def keys(parcel: Parcel) -> str:
    """The articles of one message, oldest first."""
    return " ".join(row.article.key for row in parcel.rows)


async def rows(tx: SqlTransaction, statement: sa.Executable) -> list[Any]:
    """What a statement brings that is no business of the store's."""

    def ask(connection: sa.Connection) -> list[Any]:
        result = connection.execute(statement)
        return list(result.all()) if result.returns_rows else []

    return await tx._connection.run_sync(ask)


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

    async def claim_all(
        self, at: datetime = NOON, *, limit: int = 99, backlog: int = 99, most: int = 99
    ) -> tuple[Parcel, ...]:
        """Claim for a minute what may go now, for all chats."""
        async with self.store.transaction() as tx:
            return await tx.claim_parcels(at, until=at + MINUTE, limit=limit, backlog=backlog, most=most)

    async def claim(self, at: datetime = NOON, **options: int) -> Parcel | None:
        """Claim the first that may go now."""
        parcels = await self.claim_all(at, **{**options, "limit": 1})
        return parcels[0] if parcels else None

    async def must_claim(self, at: datetime = NOON, **options: int) -> Parcel:
        parcel = await self.claim(at, **options)
        assert parcel is not None
        return parcel

    async def record(self, *outcomes: SendOutcome) -> tuple[tuple[Chat, int], ...]:
        async with self.store.transaction() as tx:
            return await tx.record_sends(outcomes)

    async def drain(self, at: datetime = NOON, **options: int) -> list[str]:
        """Send all that may go now; what each message carried, in the order they went."""
        went = []
        while parcel := await self.claim(at, **options):
            went.append(keys(parcel))
            await self.record(tried(parcel, RowState.SENT, at, message_ids=(len(went),)))
        return went

    async def states(self) -> dict[str, int]:
        """How many outbox rows stand in each state, those that have any."""
        depth = await self.store.depth()
        return {state: depth[state] for state in RowState if depth[state]}
