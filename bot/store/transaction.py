"""One unit of work: writes that happen together or not at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.broadcasts import BroadcastWrites
from bot.store.changes import Changes
from bot.store.claims import Claims
from bot.store.feed_writes import FeedWrites
from bot.store.follows import FollowWrites
from bot.store.guests import GuestWrites
from bot.store.one_trip import FileConnection
from bot.store.outbox_writes import OutboxWrites
from bot.store.paces import PaceWrites
from bot.store.places import PlaceWrites
from bot.store.upkeep import Upkeep


class SqlTransaction(
    FeedWrites,
    Changes,
    Claims,
    FollowWrites,
    OutboxWrites,
    PaceWrites,
    Upkeep,
    GuestWrites,
    BroadcastWrites,
    PlaceWrites,
):
    """The port `Transaction` on one connection."""

    def __init__(self, connection: AsyncConnection | FileConnection) -> None:
        super().__init__(connection)
        self._actions: list[Callable[[], Awaitable[None]]] = []

    def after_commit(self, action: Callable[[], Awaitable[None]]) -> None:
        self._actions.append(action)

    async def committed(self) -> None:
        """Run what was to happen once this is on disk, in the order it was asked for."""
        for action in self._actions:
            await action()
