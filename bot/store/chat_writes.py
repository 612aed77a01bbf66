"""Writes about chats and what they follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.model import Chat, FeedLink, RowState, Tried, Wishes
from bot.store.checks import RING
from bot.store.guests import denied
from bot.store.moving import ChatMoves
from bot.store.rows import chat_values, chunks, wishes_document
from bot.store.tables import chats, feeds, offers, outbox, subscriptions, trials
from bot.store.unit import insert_into, whole

CLOSED = (RowState.SENT.value, RowState.DROPPED.value, RowState.EXPIRED.value)
DONE = (RowState.SENT.value, RowState.EXPIRED.value)
"""Nobody can bring these back; what was dropped, an owner can."""

NEWCOMER = {"missed": 0, "recent_sends": (), "ready_at": None}
"""What the store itself knows of a chat that it never met."""


def asleep_if_left(*feed_ids: int) -> sa.Update:
    """A feed that nobody follows any more is not checked, and its login is forgotten."""
    followed = sa.exists().where(subscriptions.c.feed_id == feeds.c.id)
    left = sa.update(feeds).where(feeds.c.id.in_(feed_ids), ~followed)
    return left.values(next_check_at=None, headers=sa.null())


class ChatWrites(ChatMoves):
    """The part of a transaction that is about chats."""

    @whole
    async def save_chat(self, chat: Chat) -> None:
        # Nothing wakes a chat that an owner turned away.
        rests = sa.or_(sa.literal(chat.resting), denied(chat.id))
        insert = insert_into(self._dialect, chats).values(chat_values(chat) | NEWCOMER | {"resting": rests})
        facts = {name: insert.excluded[name] for name in chat_values(chat) if name != "id"}
        await self._run(insert.on_conflict_do_update(index_elements=[chats.c.id], set_=facts))
        await self._doubt_follows([chat.id] if chat.resting else [])

    @whole
    async def subscribe(
        self, chat_id: int, thread_id: int | None, feed_id: int, now: datetime, folder: str = ""
    ) -> int:
        await self._wake([feed_id], now)
        place = {"chat_id": chat_id, "thread_id": thread_id or 0, "feed_id": feed_id}
        add = (
            insert_into(self._dialect, subscriptions)
            .values(place | {"filter": "", "folder": folder or None, "topic_gone": False, "created_at": now})
            .on_conflict_do_nothing()
            .returning(subscriptions.c.id)
        )
        added = (await self._run(add)).scalar()
        if added is None:
            added = (await self._run(sa.select(subscriptions.c.id).filter_by(**place))).scalar_one()
        return int(added)

    async def _wake(self, feed_ids: Sequence[int], now: datetime) -> set[int]:
        """Have feeds checked from now on; those that there are."""
        self._write(RING, *({"feed": one, "at": now} for one in feed_ids))
        # The feed's row first, here and in `unsubscribe`: on PostgreSQL the two then wait for each other, and
        # a feed cannot be put to sleep while somebody subscribes to it.
        awake = sa.func.coalesce(
            feeds.c.next_check_at, sa.bindparam("now", now, type_=feeds.c.next_check_at.type)
        )
        wake = sa.update(feeds).where(feeds.c.id.in_(feed_ids)).values(next_check_at=awake)
        return {one for (one,) in await self._rows(wake.returning(feeds.c.id))}

    @whole
    async def unsubscribe(self, *subscription_ids: int) -> None:
        for chunk in chunks(sorted(subscription_ids)):
            own = subscriptions.c.id.in_(chunk)
            followed = sorted(
                {one for (one,) in await self._rows(sa.select(subscriptions.c.feed_id).where(own))}
            )
            locked = sa.select(feeds.c.id).where(feeds.c.id.in_(followed)).order_by(feeds.c.id)
            await self._run(locked.with_for_update())
            waiting = sa.and_(outbox.c.subscription_id.in_(chunk), outbox.c.state.not_in(DONE))
            await self._run(sa.delete(outbox).where(waiting))
            await self._run(sa.delete(subscriptions).where(own))
            await self._run(asleep_if_left(*followed))

    @whole
    async def set_filter(self, subscription_id: int, expression: str) -> None:
        await self._run(
            sa.update(subscriptions).where(subscriptions.c.id == subscription_id).values(filter=expression)
        )

    @whole
    async def set_wishes(self, wishes: Wishes, *subscription_ids: int) -> None:
        for chunk in chunks(subscription_ids):
            own = sa.update(subscriptions).where(subscriptions.c.id.in_(chunk))
            await self._run(own.values(wishes=wishes_document(wishes)))

    @whole
    async def keep_offers(self, chat_id: int, links: Sequence[FeedLink], now: datetime) -> tuple[int, ...]:
        if not links:
            return ()
        rows = [
            {"chat_id": chat_id, "url": link.url, "title": link.title, "created_at": now} for link in links
        ]
        add = sa.insert(offers).returning(offers.c.id, sort_by_parameter_order=True)
        return tuple((await self._run(add, rows)).scalars())

    @whole
    async def keep_trial(self, tried: Tried, now: datetime) -> int | None:
        there = sa.select(subscriptions.c.id).where(subscriptions.c.id == tried.subscription.id)
        if (await self._run(there)).scalar() is None:
            return None  # it went while the filter was being tried
        values = {
            "subscription_id": tried.subscription.id,
            "filter": tried.filter,
            "more": list(tried.more),
            "created_at": now,
        }
        return int((await self._run(sa.insert(trials).values(values).returning(trials.c.id))).scalar_one())
