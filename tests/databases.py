"""The databases that tests run on: SQLite always, PostgreSQL where a server is offered."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

# The address of a PostgreSQL whose user may create databases; without it tests run on SQLite only.
SERVER = os.environ.get("FEEDBELL_TEST_POSTGRESQL")
ON_SERVER = ["postgresql"] if SERVER else []
"""To be added to the kinds of database that a fixture runs on."""


@asynccontextmanager
async def on_server() -> AsyncIterator[str]:
    """The address of an empty database on the server, gone afterwards."""
    assert SERVER
    name = f"feedbell_test_{uuid.uuid4().hex}"
    await _say(SERVER, f"CREATE DATABASE {name}")
    try:
        yield sa.make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    finally:
        await _say(SERVER, f"DROP DATABASE {name} WITH (FORCE)")


async def _say(server: str, command: str) -> None:
    address = sa.make_url(server).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(address, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.exec_driver_sql(command)
    await engine.dispose()
