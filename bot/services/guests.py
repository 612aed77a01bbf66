"""Whom the bot serves: what its owners said of people and chats, and whom it knows."""

from __future__ import annotations

from collections.abc import Mapping

from bot.backstage import BackstageStore
from bot.model import Acquaintance, Deliver, Guest, Limit
from bot.ports import Jobs


class Guests:
    """The owners' book of people and chats. Read anew at every update: what they say holds at once."""

    def __init__(self, store: BackstageStore, jobs: Jobs) -> None:
        self._store = store
        self._jobs = jobs

    async def of(self, *numbers: int) -> Mapping[int, Guest]:
        """What was said of each of these."""
        return await self._store.guests(numbers)

    async def spoken_of(self, most: int) -> tuple[tuple[Guest, str], ...]:
        """Who was let in, then who was turned away, with names where they are known."""
        return await self._store.spoken_of(most)

    async def admit(self, number: int, *, admitted: bool) -> None:
        """Let a person or chat in, or turn it away. What a chat follows rests meanwhile, and is kept."""
        async with self._store.transaction() as tx:
            await tx.admit(number, admitted=admitted)
            await self._jobs.enqueue([Deliver()], tx)

    async def set_limit(self, number: int, limit: Limit, most: int | None) -> None:
        """Say how much one person or chat may have: 0 for no limit, None as everybody."""
        async with self._store.transaction() as tx:
            await tx.set_limit(number, limit, most)

    async def known(self, limit: int, offset: int) -> tuple[Acquaintance, ...]:
        """Chats, those that spoke last first."""
        return await self._store.acquaintances(limit=limit, offset=offset)

    async def one(self, number: int) -> Acquaintance | None:
        """None if the bot never met this chat."""
        return await self._store.acquaintance(number)

    async def headcount(self) -> tuple[int, int]:
        """How many chats there are, and how many of them rest."""
        return await self._store.headcount()
