"""What was given up, on the command line: list, retry, drop."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.config import Settings
from bot.model import DeadLetter
from bot.store import SqlStore

PAGE = 50  # read at a time


async def given_up(settings: Settings) -> AsyncIterator[DeadLetter]:
    """Every dropped row, newest first."""
    async with SqlStore(settings.database_url) as store:
        offset = 0
        while page := await store.dead_letters(limit=PAGE, offset=offset):
            for letter in page:
                yield letter
            offset += PAGE


async def decide(settings: Settings, *, retry: tuple[int, ...], drop: tuple[int, ...]) -> list[int]:
    """Let rows wait again, or forget them.

    Returns:
        The rows that are no dropped rows.
    """
    unknown = []
    async with SqlStore(settings.database_url) as store, store.transaction() as tx:
        for row_id in retry:
            if not await tx.retry(row_id):
                unknown.append(row_id)
        for row_id in drop:
            if not await tx.discard(row_id):
                unknown.append(row_id)
    return unknown
