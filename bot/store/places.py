"""Writes about where things are said: topics of forums, and who rules which chat."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables import OPEN_STATES, outbox, rulers, subscriptions
from bot.store.unit import Unit, insert_if_new, whole


class PlaceWrites(Unit):
    """The part of a transaction that is about places."""

    @whole
    async def note_ruler(self, user_id: int, chat_id: int) -> None:
        values = {"user_id": user_id, "chat_id": chat_id}
        await self._run(insert_if_new(self._dialect, rulers).values(values))

    @whole
    async def place(self, subscription_id: int, thread_id: int) -> bool:
        own = subscriptions.c.id == subscription_id
        there = subscriptions.alias("there")
        taken = sa.select(there.c.id).where(
            there.c.chat_id == subscriptions.c.chat_id,
            there.c.feed_id == subscriptions.c.feed_id,
            there.c.thread_id == thread_id,
        )
        free = sa.update(subscriptions).where(own, ~taken.exists())
        if not (await self._run(free.values(thread_id=thread_id, topic_gone=False))).rowcount:
            return False
        waiting = sa.update(outbox).where(outbox.c.subscription_id == subscription_id, sa.text(OPEN_STATES))
        await self._run(waiting.values(thread_id=thread_id))
        return True
