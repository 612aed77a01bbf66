"""Forgetting what has aged out, in small batches, so that the database stays as large as its use."""

from __future__ import annotations

from datetime import timedelta

from bot.ports import Clock, Store

# Articles explain alerts and stand behind filters' trials for a month.
KEEP_ARTICLES = timedelta(days=30)

# A feed may bring an entry back after a long absence; a key costs a few dozen bytes.
KEEP_KEYS = timedelta(days=365)

BATCH = 500


class Housekeeping:
    """Retention."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def forget(self) -> int:
        """Drop what has aged out, batch by batch, others' writes between.

        Returns:
            How many rows went.
        """
        now = self._clock.now()
        total, gone = 0, BATCH
        while gone >= BATCH:
            async with self._store.transaction() as tx:
                gone = await tx.forget(
                    articles_before=now - KEEP_ARTICLES, keys_before=now - KEEP_KEYS, limit=BATCH
                )
            total += gone
        return total
