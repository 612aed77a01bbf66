"""The Store: opened at an address, it hands out transactions and answers questions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Self, TypeVar

from bot.errors import StoreError
from bot.store.database import Database
from bot.store.guard import guarded, translated
from bot.store.people_reads import PeopleReads
from bot.store.schema import bring_up_to_date
from bot.store.transaction import SqlTransaction

T = TypeVar("T")


class SqlStore(PeopleReads):
    """The port `Store` on SQLite or PostgreSQL; open between `start` and `close`, or in an `async with`.

    Args:
        url: as people write it: `sqlite:///feedbell.db` (a path from the working directory), `sqlite://` (kept
            nowhere: gone when closed), `postgresql://user:password@host/name`.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._database: Database | None = None

    @guarded
    async def start(self) -> None:
        """Connect, and bring the tables up to date.

        Raises:
            SchemaTooNew: a newer Feedbell wrote this database.
            StoreError: it cannot be reached or read.
        """
        database = Database(self._url)
        try:
            await bring_up_to_date(database)
        except BaseException:
            await database.close()
            raise
        self._database = database

    @guarded
    async def close(self) -> None:
        """Let go of the database; a second time does nothing."""
        database, self._database = self._database, None
        if database:
            await database.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_ending: object) -> None:
        await self.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqlTransaction]:
        """Commit at the end, or roll back when the body raises; then run what waits for the commit.

        What the body raises comes out as it is. An action that raises after the commit keeps the later ones from
        running and comes out too: the rows are written then, and the reconcile tick finds what was not asked for.
        """
        database = self._open()
        async with database.gate:
            connection = database.writer.connect()
            with translated():
                await connection.start()
            try:
                with translated():
                    await connection.begin()
                unit = SqlTransaction(connection)
                yield unit
                if not connection.closed:
                    with translated():
                        await connection.commit()
            finally:
                # Rolls back what was not committed; shielded, so that a cancelled task still gives it back.
                if not connection.closed:
                    with translated():
                        await asyncio.shield(connection.close())
        await unit.committed()

    async def at_once(self, work: Callable[[SqlTransaction], Coroutine[Any, Any, T]]) -> T:
        """A whole transaction in one trip: the work is done where the database lives."""
        async with self.transaction() as unit:
            return await unit.finish(partial(work, unit))

    def _open(self) -> Database:
        if self._database is None:
            raise StoreError("the store is not open")
        return self._database


@guarded
async def migrate(url: str) -> None:
    """Bring the tables of that database up to date, and let go of it.

    Raises:
        SchemaTooNew: a newer Feedbell wrote this database.
        StoreError: it cannot be reached or read.
    """
    async with SqlStore(url):
        pass
