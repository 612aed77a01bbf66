from collections.abc import AsyncIterator

import pytest

from bot.store import SqlStore
from tests.databases import ON_SERVER, on_server
from tests.services.stage import Stage, stage


@pytest.fixture(params=["sqlite", *ON_SERVER])
async def life(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """A stage on SQLite in memory; on PostgreSQL too where one is offered."""
    if request.param == "sqlite":
        async with SqlStore("sqlite://") as store:
            yield stage(store)
    else:
        async with on_server() as address, SqlStore(address) as store:
            yield stage(store)
