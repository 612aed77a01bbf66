"""Forgetting what has aged out, in small batches, so that the database stays as large as its use."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from bot.model import UNDO_FOR
from bot.ports import Clock, Store, Transaction

# Articles explain alerts and stand behind filters' trials for a month.
KEEP_ARTICLES = timedelta(days=30)

# What could not be delivered for so long is no news; the chat is told how many there were.
KEEP_WAITING = timedelta(days=14)

# A feed may bring an entry back after a long absence; a key costs a few dozen bytes.
KEEP_KEYS = timedelta(days=365)

BATCH = 500


class Housekeeping:
    """Retention."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def forget(self) -> int:
        """Give up and drop what has aged out.

        Returns:
            How many rows went.
        """
        now = self._clock.now()

        async def expire(tx: Transaction) -> int:
            return await tx.expire(before=now - KEEP_WAITING, limit=BATCH)

        async def forget(tx: Transaction) -> int:
            return await tx.forget(
                articles_before=now - KEEP_ARTICLES,
                keys_before=now - KEEP_KEYS,
                changes_before=now - UNDO_FOR,
                limit=BATCH,
            )

        expired = await self._in_batches(expire)
        if expired:
            structlog.get_logger().warning("outbox.expired", rows=expired)
        return expired + await self._in_batches(forget)

    async def _in_batches(self, one_batch: Callable[[Transaction], Awaitable[int]]) -> int:
        """Others write between two batches."""
        total, gone = 0, BATCH
        while gone >= BATCH:
            async with self._store.transaction() as tx:
                gone = await one_batch(tx)
            total += gone
        return total
