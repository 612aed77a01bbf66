"""A store for each test: on a SQLite file, and on SQLite that is kept nowhere; PostgreSQL where one is offered."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store import SqlStore

# The address of a PostgreSQL whose user may create databases; without it these tests run on SQLite only.
SERVER = os.environ.get("FEEDBELL_TEST_POSTGRESQL")
KINDS = ["file", "scratch", *(["postgresql"] if SERVER else [])]


@pytest.fixture(params=KINDS)
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    if request.param == "file":
        yield f"sqlite:///{tmp_path / 'feedbell.db'}"
    elif request.param == "scratch":
        yield "sqlite://"
    else:
        assert SERVER
        name = f"feedbell_test_{uuid.uuid4().hex}"
        await _on_server(SERVER, f"CREATE DATABASE {name}")
        yield sa.make_url(SERVER).set(database=name).render_as_string(hide_password=False)
        await _on_server(SERVER, f"DROP DATABASE {name} WITH (FORCE)")


async def _on_server(server: str, command: str) -> None:
    address = sa.make_url(server).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(address, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.exec_driver_sql(command)
    await engine.dispose()


@pytest.fixture
async def store(url: str) -> AsyncIterator[SqlStore]:
    async with SqlStore(url) as opened:
        yield opened
