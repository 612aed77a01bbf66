"""What the owners' services need of the store beside `ports`: who may do what, what is told everybody, figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from bot.model import Acquaintance, Address, Broadcast, Guest, Hearing, Letter, Limit, Vitals
from bot.ports import Store, Transaction


class BackstageTransaction(Transaction, Protocol):
    """Writes that happen together or not at all. Every method raises StoreError, and nothing else."""

    async def admit(self, number: int, *, admitted: bool) -> None:
        """Let a person or chat in, or turn it away. A chat that is turned away rests, whatever wakes others, until
        it is let in; nothing of it is deleted."""

    async def set_limit(self, number: int, limit: Limit, most: int | None) -> None:
        """Say how much one person or chat may have: 0 for no limit, None as everybody."""

    async def draft_broadcast(self, owner_id: int, letter: Letter, now: datetime) -> int:
        """Keep what an owner is about to tell everybody, in place of an older draft.

        Returns:
            Its id.
        """

    async def begin_broadcast(self, broadcast_id: int, now: datetime) -> int | None:
        """Address it to every chat that neither rests nor is a channel.

        Returns:
            How many; None if there is no such draft, or it has begun.
        """

    async def take_address(self, broadcast_id: int, chat_id: int) -> bool:
        """It goes out to this chat now, and stays in doubt until it is settled; False if another one takes it, or
        it was stopped."""

    async def settle_address(
        self, broadcast_id: int, chat_id: int, state: Hearing, again_at: datetime | None = None
    ) -> None:
        """What became of it there.

        Args:
            again_at: when to try again, if it certainly did not arrive.
        """

    async def end_broadcast(self, broadcast_id: int) -> Mapping[Hearing, int] | None:
        """Forget it, also a draft; it goes to nobody any more.

        Returns:
            How it fared; None if it is gone already.
        """


class BackstageStore(Store, Protocol):
    """Where everything is kept. Reads see only what is committed. Every method raises StoreError only."""

    def transaction(self) -> AbstractAsyncContextManager[BackstageTransaction]:
        """Commit at the end, or roll back when the body raises."""

    async def guests(self, numbers: Sequence[int]) -> Mapping[int, Guest]:
        """What owners said of each of these people and chats."""

    async def spoken_of(self, limit: int) -> tuple[tuple[Guest, str], ...]:
        """Whom owners let in and whom they turned away, with the names of those that the bot knows."""

    async def acquaintances(self, *, limit: int, offset: int = 0) -> tuple[Acquaintance, ...]:
        """Every chat, those that spoke last first."""

    async def acquaintance(self, chat_id: int) -> Acquaintance | None:
        """None if the bot never met it."""

    async def headcount(self) -> tuple[int, int]:
        """How many chats there are, and how many of them rest."""

    async def hearers(self) -> int:
        """How many chats a broadcast that begins now would go to."""

    async def broadcasts_under_way(self) -> tuple[Broadcast, ...]:
        """Those that have begun and not ended, the oldest first."""

    async def next_address(self, broadcast_id: int, now: datetime) -> Address | None:
        """Whom it goes to next; None if nobody's turn has come."""

    async def vitals(self, now: datetime) -> Vitals:
        """How the bot fares."""
