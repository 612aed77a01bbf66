"""The last changes of a chat, and taking them back."""

from __future__ import annotations

from bot.model import UNDO_FOR, Change, Deliver
from bot.ports import Clock, Jobs, Store


class Changes:
    """Every change is the chat's, not the person's: what a chat follows belongs to all its administrators, one of
    them may mend what another did, and anonymous ones have no name to keep it under. They form a stack: the last is
    taken back first, since an earlier one may be about what a later one changed again."""

    def __init__(self, store: Store, jobs: Jobs, clock: Clock) -> None:
        self._store = store
        self._jobs = jobs
        self._clock = clock

    async def last(self, chat_id: int) -> Change | None:
        """What can be taken back next; None if nothing was changed within UNDO_FOR."""
        return await self._store.last_change(chat_id, self._clock.now() - UNDO_FOR)

    async def alerted(self, chat_id: int, message_id: int) -> tuple[int, ...]:
        """Of which subscriptions a message of ours told, by id."""
        return await self._store.alerted(chat_id, message_id)

    async def take_back(self, change: Change) -> bool:
        """Make everything as it was before; False if somebody was faster."""
        async with self._store.transaction() as tx:
            done = await tx.take_back(change.id, self._clock.now())
            await self._jobs.enqueue([Deliver()], tx)
        return done
