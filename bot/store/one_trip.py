"""SQLite in one thread, one trip to it for each statement.

aiosqlite makes a trip for the cursor, one for the statement, one for its rows and one to close, each a handover
between threads that costs more than the statement. These two classes stand where SQLAlchemy expects aiosqlite's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Self

import aiosqlite


class OneTripCursor:
    """Runs a statement and brings all its rows back at once."""

    arraysize = 1

    def __init__(self, connection: OneTripConnection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_ending: object) -> None:
        return None

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Self:
        await self._connection.on_thread(lambda raw: self._take(raw.execute(sql, parameters)))
        return self

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> Self:
        await self._connection.on_thread(lambda raw: self._take(raw.executemany(sql, parameters)))
        return self

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing is open: all rows were read, or there were none."""

    def _take(self, cursor: sqlite3.Cursor) -> None:
        self._rows = cursor.fetchall() if cursor.description else []
        self.description, self.rowcount, self.lastrowid = (
            cursor.description,
            cursor.rowcount,
            cursor.lastrowid,
        )
        cursor.close()


class OneTripConnection(aiosqlite.Connection):
    """aiosqlite's thread and queue, with a cursor that is used once."""

    def cursor(self) -> OneTripCursor:  # type: ignore[override]
        return OneTripCursor(self)

    async def on_thread(self, work: Callable[[sqlite3.Connection], None]) -> None:
        await self._execute(lambda: work(self._conn))  # type: ignore[no-untyped-call]


def connect(database: str, **options: Any) -> OneTripConnection:
    """As `aiosqlite.connect`, for SQLAlchemy's `async_creator_fn`."""
    connection = OneTripConnection(lambda: sqlite3.connect(database, **options), iter_chunk_size=64)
    connection._thread.daemon = True  # as SQLAlchemy does: a forgotten store must not keep the program alive
    return connection
