"""Politeness to one host within this process: few requests at the same time, and a gap between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from weakref import WeakValueDictionary


class _Host:
    """Whose turn it is at one host."""

    __slots__ = ("__weakref__", "free", "next_at")

    def __init__(self, at_once: int) -> None:
        self.free = asyncio.Semaphore(at_once)
        self.next_at = 0.0
        """By the loop's clock."""


class Turns:
    """Gives turns at hosts, first come, first served.

    Args:
        at_once: requests to a host at the same time.
        gap: between the beginnings of two requests to a host.
    """

    def __init__(self, at_once: int, gap: timedelta) -> None:
        self._at_once = at_once
        self._gap = gap.total_seconds()
        # Held weakly: a host that nobody waits for, and whose gap has passed, is forgotten.
        self._hosts: WeakValueDictionary[str, _Host] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, name: str, *, gap: bool = True) -> AsyncIterator[None]:
        """Wait for a turn, and keep it inside.

        Args:
            name: of the host, lower case.
            gap: False for a host that need not be spared.
        """
        host = self._hosts.setdefault(name, _Host(self._at_once))
        async with host.free:
            if gap and self._gap:
                await self._wait(host)
            yield

    async def _wait(self, host: _Host) -> None:
        loop = asyncio.get_running_loop()
        start = max(loop.time(), host.next_at)
        host.next_at = start + self._gap
        # The timer's argument keeps the host in memory until its gap has passed.
        loop.call_at(host.next_at, id, host)
        if (wait := start - loop.time()) > 0:
            await asyncio.sleep(wait)
