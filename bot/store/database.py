"""The connections: which driver, how SQLite is set up, and the gate that its one writer passes."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import StoreError
from bot.store.one_trip import BEGIN, FileEngine, driver_of

T = TypeVar("T")

BUSY_SECONDS = 5
"""How long SQLite waits for another process (a backup, `migrate`) before it says "locked"."""
READERS = 2
"""Threads that only read; each has a connection and up to 2 MB of cache, and no read takes long."""
SERVER_CONNECTIONS = 5

# WAL: readers and the writer do not wait for each other.
# NORMAL: the log reaches the disk at checkpoints, not at every commit. After a power cut (not after a crash of
# the program) the newest commits may be missing, never half there and never out of order. That keeps the promise:
# a check that is undone takes its validators and keys with it, so the next check finds the same entries again;
# a send that is undone is sent once more, a double, never a loss. FULL would wait for the disk twice for each
# message, 10-50 ms each time on a Raspberry Pi's card, and 28 messages a second could not be kept up.
# No checkpoints by itself, and no waiting for locks once it is open: both are done in a thread, see one_trip.
FILE_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "wal_autocheckpoint = 0",
    "journal_size_limit = 16777216",
    "busy_timeout = 0",
)
SCRATCH_PRAGMAS = ("journal_mode = WAL", "synchronous = OFF", "busy_timeout = 0")
READ_PRAGMAS = ("query_only = ON",)


class Database:
    """The engines of one database: one that writes, one that only reads.

    `sqlite://` is a file in a directory of its own that vanishes with it: a true in-memory database has a single
    connection, so its readers would see uncommitted rows, and one cancelled statement would lose it all.
    """

    def __init__(self, url: str) -> None:
        address = _address(url)
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self.gate: AbstractAsyncContextManager[Any]
        self.writer: AsyncEngine | FileEngine
        self.reader: AsyncEngine | FileEngine
        if address.get_backend_name() == "postgresql":
            self.gate = nullcontext()  # PostgreSQL locks rows, not the whole database
            self.writer, self.reader = _server_engines(address)
            return
        self.gate = asyncio.Lock()
        if address.database in {None, "", ":memory:"}:
            self._scratch = tempfile.TemporaryDirectory(prefix="feedbell-")
            address = address.set(database=str(Path(self._scratch.name) / "scratch.db"))
        self.writer, self.reader = _file_engines(
            address, FILE_PRAGMAS if not self._scratch else SCRATCH_PRAGMAS
        )

    async def ask(self, question: Callable[[sa.Connection], T]) -> T:
        """Let it see what is committed."""
        if isinstance(self.reader, FileEngine):
            return await self.reader.ask(question)
        async with self.reader.connect() as connection:
            return await connection.run_sync(question)

    async def glance(self, question: Callable[[sa.Connection], T]) -> T:
        """The same for what an index answers at once: the loop does not wait longer than for a handover."""
        if isinstance(self.reader, FileEngine):
            return await self.reader.glance(question)
        return await self.ask(question)

    async def close(self) -> None:
        """Give all connections back."""
        await self.reader.dispose()
        await self.writer.dispose()
        if self._scratch:
            self._scratch.cleanup()


def _address(url: str) -> sa.URL:
    try:
        address = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        # The address itself is not repeated: it may hold a password.
        raise StoreError("the database address cannot be read; try sqlite:///feedbell.db") from error
    match address.drivername:
        case "sqlite" | "sqlite+pysqlite":
            return address.set(drivername="sqlite+pysqlite")
        case "postgresql" | "postgres" | "postgresql+asyncpg":
            return address.set(drivername="postgresql+asyncpg")
        case other:
            raise StoreError(f"no database of the kind {other!r}: use sqlite or postgresql")


def _server_engines(address: sa.URL) -> tuple[AsyncEngine, AsyncEngine]:
    engine = create_async_engine(
        address, pool_size=SERVER_CONNECTIONS, max_overflow=0, pool_pre_ping=True, hide_parameters=True
    )
    return engine, engine.execution_options(isolation_level="AUTOCOMMIT")


def _file_engines(address: sa.URL, pragmas: tuple[str, ...]) -> tuple[FileEngine, FileEngine]:
    writer = _file_engine(address, 1, pragmas)

    # The default BEGIN takes the write lock at the first write, too late: what was read before may be stale.
    @event.listens_for(writer.sync_engine, "begin")
    def begin_immediate(connection: sa.Connection) -> None:
        if not driver_of(connection).in_transaction:
            connection.exec_driver_sql(BEGIN)

    # A read is one statement, which SQLite keeps consistent by itself: no BEGIN, no ROLLBACK.
    alone = {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
    return writer, _file_engine(address, READERS, READ_PRAGMAS, spare=1, **alone)


def _file_engine(
    address: sa.URL, threads: int, pragmas: tuple[str, ...], *, spare: int = 0, **options: Any
) -> FileEngine:
    """`spare`: connections of the loop's own, beside one for each thread."""
    engine = sa.create_engine(
        address,
        # The one connection that writes is used by the loop's thread too; never by both at a time: the gate sees to it.
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        pool_size=threads + spare,
        max_overflow=0,
        # Each unit ends its transaction itself.
        pool_reset_on_return=None,
        hide_parameters=True,
        **options,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is ours to say, see above
        for pragma in (*pragmas, "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")

    return FileEngine(engine, threads, BUSY_SECONDS)
