"""Subscriptions go to another chat, or to another topic of theirs, with all that is theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Change, ChangeKind, Chat, Deliver, Limit, Problem, Subscription
from bot.ports import Clock, Jobs, Store, Transaction
from bot.services.quotas import Quotas


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of it."""

    count: int
    """So many come at the new place now."""
    there: tuple[Subscription, ...] = ()
    """These are followed there already, and stay as they are here."""
    private: tuple[Subscription, ...] = ()
    """These are read with a login of this chat, and stay."""
    change_id: int | None = None
    """None if nothing moved."""


class Moves:
    """Moving can be taken back (`Changes`). The rights of whoever asks for it are looked at already."""

    def __init__(self, store: Store, jobs: Jobs, clock: Clock, quotas: Quotas) -> None:
        self._store = store
        self._jobs = jobs
        self._clock = clock
        self._quotas = quotas

    async def move(self, those: Sequence[Subscription], to: Chat, thread_id: int | None) -> Moved | Problem:
        """Have these of one chat come in that chat and topic from now on, also what waits.

        Returns:
            What moved and what did not; a problem if the chat has no room for those that would.
        """
        following = {
            one.feed_id for one in await self._store.subscriptions(to.id) if one.thread_id == thread_id
        }
        private = tuple(one for one in those if one.private and one.chat_id != to.id)
        # Of two to one feed the first.
        going = {one.feed_id: one for one in reversed(those) if one not in private}
        ids = {one.id for feed_id, one in going.items() if feed_id not in following}
        there = tuple(one for one in those if one not in private and one.id not in ids)
        if not ids:
            return Moved(0, there, private)
        async with self._store.transaction() as tx:
            if problem := await self._full(tx, those[0], to, len(ids)):
                return problem
            first = next(one for one in those if one.id in ids)
            change_id = await tx.remember(self._change(first, to, len(ids)), sorted(ids))
            settled = await tx.settle(sorted(ids), to.id, thread_id)
            await self._jobs.enqueue([Deliver()], tx)
        return Moved(len(settled), there, private, change_id)

    async def _full(self, tx: Transaction, one: Subscription, to: Chat, count: int) -> Problem | None:
        if one.chat_id == to.id:
            return None
        return await self._quotas.full(tx, to.id, Limit.FEEDS, more=count)

    def _change(self, first: Subscription, to: Chat, count: int) -> Change:
        what, now = first.title or first.feed_url, self._clock.now()
        elsewhere = None if to.id == first.chat_id else to.id
        return Change(first.chat_id, ChangeKind.MOVED, now, what, count, elsewhere)
