from collections.abc import AsyncIterator

import pytest

from bot.store import SqlStore
from tests.services.stage import Stage, stage


@pytest.fixture
async def life() -> AsyncIterator[Stage]:
    """A stage on SQLite in memory."""
    async with SqlStore("sqlite://") as store:
        yield stage(store)
