"""Politeness to one host within this process: few requests at the same time, and a gap between them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from weakref import WeakValueDictionary


class Host:
    """Whose turn it is at one host, first come, first served. Keep a turn by `async with host.free`.

    Args:
        at_once: turns at the same time.
    """

    __slots__ = ("__weakref__", "_next_at", "free")

    def __init__(self, at_once: int) -> None:
        self.free = asyncio.Semaphore(at_once)
        # By the loop's clock.
        self._next_at = 0.0

    async def spare(self, gap: timedelta) -> None:
        """Wait until so much time has passed since the last who asked for this began."""
        loop = asyncio.get_running_loop()
        start = max(loop.time(), self._next_at)
        self._next_at = start + gap.total_seconds()
        # The timer's argument keeps this object in memory until the gap has passed.
        loop.call_at(self._next_at, id, self)
        if (wait := start - loop.time()) > 0:
            await asyncio.sleep(wait)


class Turns:
    """The hosts that somebody waits for, or that were asked a moment ago; the others are forgotten.

    Args:
        at_once: requests to a host at the same time.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._hosts: WeakValueDictionary[str, Host] = WeakValueDictionary()

    def at(self, name: str) -> Host:
        """The host of that name, lower case; keep it while it is needed."""
        host = self._hosts.get(name)
        if host is None:
            host = self._hosts[name] = Host(self._at_once)
        return host
