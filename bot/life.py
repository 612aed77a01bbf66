"""The life of the process: whether it is to end, and what troubles it."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import UTC, datetime
from typing import Protocol

from bot.errors import TokenRefused


class Watched(Protocol):
    """A part that knows when it is in trouble."""

    @property
    def trouble(self) -> str | None:
        """What it is; None if all is well."""


class Life:
    """Whether the process is to end, and why; what troubles it meanwhile."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.reason: TokenRefused | None = None
        self._troubles: dict[str, str] = {}
        """Why the ticks failed whose last time did not go well."""
        self._past: deque[tuple[datetime, str]] = deque(maxlen=5)
        self._watched: tuple[Watched, ...] = ()

    def watch(self, *parts: Watched) -> None:
        """Their troubles are ours."""
        self._watched = parts

    def went_well(self, tick: str) -> None:
        """It did, this time."""
        self._troubles.pop(tick, None)

    def failed(self, tick: str, why: str) -> None:
        """It did not go well; said again each time, until it does."""
        if self._troubles.get(tick) != why:
            self._past.appendleft((datetime.now(UTC), why))
        self._troubles[tick] = why

    def troubles(self) -> tuple[str, ...]:
        """What goes wrong at this moment."""
        found = (*self._troubles.values(), *(one.trouble for one in self._watched))
        return tuple(dict.fromkeys(filter(None, found)))

    def past_troubles(self) -> tuple[tuple[datetime, str], ...]:
        """The last ticks that failed, the newest first."""
        return tuple(self._past)

    def now(self, reason: TokenRefused | None = None) -> None:
        """End in order."""
        self.reason = self.reason or reason
        self._event.set()

    async def wait(self) -> None:
        """Until somebody asks."""
        await self._event.wait()

    @property
    def asked(self) -> bool:
        """True once somebody asked."""
        return self._event.is_set()
