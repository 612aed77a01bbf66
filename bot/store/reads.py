"""Reads: each sees only what is committed, and waits for no writer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import StoreError
from bot.model import Article, Chat, DueFeed, FeedLink, Memory, Reader, RowState, Subscription
from bot.store.feed_writes import FEED_AT
from bot.store.guard import guarded
from bot.store.outbox_writes import CHAT_IS_READY, ROW_IS_READY
from bot.store.rows import ARTICLE, CHAT, SUBSCRIPTION, article_of, chat_of, due_feed_of, subscription_of
from bot.store.tables import article_texts, articles, chats, feeds, keys, offers, outbox, subscriptions

AnyRow: TypeAlias = sa.Row[*tuple[Any, ...]]
FOLLOWED = sa.join(subscriptions, feeds, feeds.c.id == subscriptions.c.feed_id)


# Asked at every check, so built once.
FEED = sa.select(feeds).where(feeds.c.id == sa.bindparam("feed"))
KNOWN = sa.select(keys.c.key, keys.c.second).where(keys.c.feed_id == sa.bindparam("feed"))
READERS = (
    sa.select(subscriptions.c.id, subscriptions.c.chat_id, subscriptions.c.filter)
    .where(subscriptions.c.feed_id == sa.bindparam("feed"))
    .order_by(subscriptions.c.id)
)
CHATS_WITH_ROWS = (
    sa.select(outbox.c.chat_id)
    .join_from(outbox, chats, chats.c.id == outbox.c.chat_id)
    .where(ROW_IS_READY, CHAT_IS_READY)
    .group_by(outbox.c.chat_id)
    .order_by(sa.func.min(outbox.c.created_at), outbox.c.chat_id)
    .limit(sa.bindparam("limit", type_=sa.Integer()))
)


class Reads:
    """The part of the store that only reads."""

    def _reader(self) -> AsyncEngine:
        raise StoreError("the store is not open")

    async def _all(self, *queries: sa.Select[Any], **values: Any) -> list[Sequence[AnyRow]]:
        """Ask one or more questions on one connection."""
        async with self._reader().connect() as connection:
            return [(await connection.execute(query, values)).all() for query in queries]

    async def _first(self, query: sa.Select[Any], **values: Any) -> sa.RowMapping | None:
        (rows,) = await self._all(query, **values)
        return rows[0]._mapping if rows else None

    @guarded
    async def feed(self, feed_id: int) -> DueFeed | None:
        found, known = await self._all(FEED, KNOWN, feed=feed_id)
        if not found:
            return None
        row = found[0]._mapping
        memory = Memory(
            policy=row["policy"],
            keys=frozenset(key for key, _ in known),
            second_keys=frozenset(second for _, second in known if second is not None),
        )
        return due_feed_of(row, memory)

    @guarded
    async def feed_by_url(self, url: str) -> int | None:
        row = await self._first(FEED_AT, address=url)
        return None if row is None else int(row["id"])

    @guarded
    async def readers(self, feed_id: int) -> tuple[Reader, ...]:
        (rows,) = await self._all(READERS, feed=feed_id)
        return tuple(Reader(*row) for row in rows)

    @guarded
    async def newest_article(self, feed_id: int) -> Article | None:
        # Articles are added oldest first, so the highest id is the newest; publishers' dates may lie.
        query = (
            sa.select(*ARTICLE)
            .join_from(articles, article_texts, article_texts.c.article_id == articles.c.id, isouter=True)
            .where(articles.c.feed_id == feed_id)
            .order_by(articles.c.id.desc())
            .limit(1)
        )
        row = await self._first(query)
        return None if row is None else article_of(row)

    @guarded
    async def chat(self, chat_id: int) -> Chat | None:
        row = await self._first(sa.select(*CHAT).where(chats.c.id == chat_id))
        return None if row is None else chat_of(row)

    @guarded
    async def subscriptions(self, chat_id: int) -> tuple[Subscription, ...]:
        query = sa.select(*SUBSCRIPTION).select_from(FOLLOWED).where(subscriptions.c.chat_id == chat_id)
        (rows,) = await self._all(query.order_by(subscriptions.c.id))
        return tuple(subscription_of(row._mapping) for row in rows)

    @guarded
    async def subscription(self, subscription_id: int) -> Subscription | None:
        query = sa.select(*SUBSCRIPTION).select_from(FOLLOWED).where(subscriptions.c.id == subscription_id)
        row = await self._first(query)
        return None if row is None else subscription_of(row)

    @guarded
    async def offer(self, chat_id: int, offer_id: int) -> FeedLink | None:
        query = sa.select(offers).where(offers.c.id == offer_id, offers.c.chat_id == chat_id)
        row = await self._first(query)
        return None if row is None else FeedLink(row["url"], row["title"])

    @guarded
    async def chats_with_rows(self, now: datetime, limit: int) -> tuple[int, ...]:
        (rows,) = await self._all(CHATS_WITH_ROWS, now=now, limit=limit)
        return tuple(row.chat_id for row in rows)

    @guarded
    async def depth(self) -> Mapping[str, int]:
        counts = [
            sa.select(sa.literal(table.name).label("name"), sa.func.count().label("many")).select_from(table)
            for table in (feeds, subscriptions)
        ]
        states = sa.select(outbox.c.state, sa.func.count()).group_by(outbox.c.state)
        (rows,) = await self._all(sa.select(sa.union_all(*counts, states).subquery()))
        return {state.value: 0 for state in RowState} | dict(rows)
