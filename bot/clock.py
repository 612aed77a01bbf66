"""The machine's clock: the port `Clock` outside of tests."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta


class SystemClock:
    """Wall time and real waiting."""

    def now(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC)

    async def sleep(self, duration: timedelta) -> None:
        """Not at all for a duration in the past."""
        await asyncio.sleep(max(duration.total_seconds(), 0))
