"""How much came to a chat, and from where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.model import Figures, Subscription
from bot.ports import Clock, Store

DAY, WEEK, MONTH = timedelta(days=1), timedelta(days=7), timedelta(days=30)
"""No more: what was sent is forgotten after a month (`housekeeping`)."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What is known of one chat."""

    figures: Figures
    active: tuple[tuple[Subscription, int], ...]
    """Those that brought most in a month, with how many articles."""
    quiet: tuple[Subscription, ...]
    """Some of those that had nothing new for a month, the longest quiet first."""


class Counting:
    """Counts what the store holds anyway."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def of(self, chat_id: int, most: int) -> Counts:
        """Args:
        most: so many feeds are named at most, of the active and of the quiet ones.
        """
        now = self._clock.now()
        figures = await self._store.figures(chat_id, (now - DAY, now - WEEK, now - MONTH), most)
        quiet = figures.quiet[:most]
        named = await self._named(chat_id, [*(one for one, _ in figures.active), *quiet])
        active = tuple((named[one], count) for one, count in figures.active if one in named)
        return Counts(figures, active, tuple(named[one] for one in quiet if one in named))

    async def _named(self, chat_id: int, ids: Sequence[int]) -> dict[int, Subscription]:
        standings = await self._store.standings(chat_id, ids)
        return {one.subscription.id: one.subscription for one in standings}
