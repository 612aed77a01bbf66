"""What was given up, for owners to look at, try again, or drop."""

from __future__ import annotations

from bot.model import DeadLetter, Deliver
from bot.ports import Jobs, Store


class DeadLetters:
    """Dropped articles."""

    def __init__(self, store: Store, jobs: Jobs) -> None:
        self._store = store
        self._jobs = jobs

    async def newest(self, limit: int, offset: int = 0) -> tuple[DeadLetter, ...]:
        """Newest first."""
        return await self._store.dead_letters(limit=limit, offset=offset)

    async def retry(self, row_id: int) -> bool:
        """Let it wait for its turn again; False if it is no longer there."""
        async with self._store.transaction() as tx:
            found = await tx.retry(row_id)
            await self._jobs.enqueue([Deliver()], tx)
        return found

    async def discard(self, row_id: int) -> bool:
        """Forget it; False if it is no longer there."""
        async with self._store.transaction() as tx:
            return await tx.discard(row_id)
