"""Writes about where things are said: topics of forums, and who rules which chat."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from bot.model import RowState
from bot.store.chat_writes import DONE
from bot.store.rows import chunks
from bot.store.tables import EVERYBODY, feeds, outbox, rulers, subscriptions
from bot.store.unit import Unit, insert_if_new, whole


def untouched(subscription_ids: Sequence[int]) -> sa.ColumnElement[bool]:
    """What may go elsewhere with these. What is under way, and a text of which some messages are out, ends where it
    began."""
    return sa.and_(
        outbox.c.subscription_id.in_(subscription_ids),
        outbox.c.state.not_in((*DONE, RowState.SENDING.value)),
        sa.func.json_array_length(outbox.c.message_ids) == 0,
    )


class PlaceWrites(Unit):
    """The part of a transaction that is about places."""

    @whole
    async def note_ruler(self, user_id: int, chat_id: int) -> None:
        values = {"user_id": user_id, "chat_id": chat_id}
        await self._run(insert_if_new(self._dialect, rulers).values(values))

    @whole
    async def settle(
        self, subscription_ids: Sequence[int], chat_id: int, thread_id: int | None
    ) -> frozenset[int]:
        settled: set[int] = set()
        for chunk in chunks(sorted(subscription_ids)):
            settled |= await self._settle(chunk, chat_id, thread_id or 0)
        return frozenset(settled)

    async def _settle(self, those: Sequence[int], chat_id: int, thread_id: int) -> set[int]:
        there = subscriptions.alias("there")
        taken = sa.exists().where(
            there.c.chat_id == chat_id,
            there.c.thread_id == thread_id,
            there.c.feed_id == subscriptions.c.feed_id,
        )
        # Of two to one feed, from two topics, the older one.
        free = (
            sa.select(sa.func.min(subscriptions.c.id))
            .join_from(subscriptions, feeds, feeds.c.id == subscriptions.c.feed_id)
            .where(subscriptions.c.id.in_(those), ~taken, feeds.c.private_to.in_((EVERYBODY, chat_id)))
            .group_by(subscriptions.c.feed_id)
        )
        settled = [one for (one,) in await self._rows(free)]
        home = {"chat_id": chat_id, "thread_id": thread_id}
        own = sa.update(subscriptions).where(subscriptions.c.id.in_(settled))
        await self._run(own.values(home | {"topic_gone": False}))
        waits = untouched(settled)
        await self._run(sa.update(outbox).where(waits).values(home))
        held = sa.and_(waits, outbox.c.state == RowState.HELD.value)
        await self._run(sa.update(outbox).where(held).values(state=RowState.WAITING.value, reason=None))
        return set(settled)
