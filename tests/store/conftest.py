"""A store for each test: on a SQLite file, and on SQLite that is kept nowhere; PostgreSQL where one is offered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store import SqlStore
from tests.databases import ON_SERVER, on_server


@pytest.fixture(params=["file", "scratch", *ON_SERVER])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    if request.param == "file":
        yield f"sqlite:///{tmp_path / 'feedbell.db'}"
    elif request.param == "scratch":
        yield "sqlite://"
    else:
        async with on_server() as address:
            yield address


@pytest.fixture
async def store(url: str) -> AsyncIterator[SqlStore]:
    async with SqlStore(url) as opened:
        yield opened
