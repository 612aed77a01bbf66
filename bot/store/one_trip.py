"""SQLite in threads of its own, one trip there for each piece of work; short ones need no trip.

A handover between threads costs more than a statement, and a bridge from asyncio to a driver as much again for each
statement; so a whole piece of work, plain code on a plain connection, is handed over. A transaction of two statements
costs a quarter of what it cost with aiosqlite.

Work that is a whole transaction of few statements is done in the loop's own thread. A thread would save the loop no
time, since nearly all of it is Python's, and two threads that take Python's lock from each other at each statement
cost a quarter of sending a message. What may really take long is left to the thread: waiting for another program's
lock, and moving the log into the database, which waits for the disk.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa

P = ParamSpec("P")
T = TypeVar("T")

BEGIN = "BEGIN IMMEDIATE"
LONG_LOG = 200
"""Commits after which the log is moved into the database; one is a few pages of 4 KB."""


class Threads:
    """Do what they are given, in the order it came."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._given: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        for _ in range(count):
            # Daemons: a forgotten store must not keep the program alive.
            Thread(target=self._work, name="sqlite", daemon=True).start()

    async def do(self, work: Callable[[], T]) -> T:
        """Have it done there. Cancelled, it is done all the same, before whatever is given later."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._given.put(partial(_answered, loop, answer, work))
        return await answer

    def stop(self) -> None:
        """When all that was given is done."""
        for _ in range(self._count):
            self._given.put(None)

    def _work(self) -> None:
        while work := self._given.get():
            work()


def _answered(loop: asyncio.AbstractEventLoop, answer: asyncio.Future[T], work: Callable[[], T]) -> None:
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 - it is raised where the work was asked for
        tell = partial(_set, answer, answer.set_exception, error)
    else:
        tell = partial(_set, answer, answer.set_result, result)
    with suppress(RuntimeError):  # the loop is gone: nobody waits
        loop.call_soon_threadsafe(tell)


def _set(answer: asyncio.Future[T], how: Callable[[Any], None], what: object) -> None:
    if not answer.done():  # nobody waits for what was cancelled
        how(what)


class FileConnection:
    """One transaction, as SQLAlchemy's AsyncConnection offers it."""

    def __init__(self, engine: FileEngine) -> None:
        self._engine = engine
        self._there: sa.Connection | None = None
        self.dialect = engine.sync_engine.dialect
        self.closed = False

    async def start(self) -> None:
        """Nothing yet."""

    async def begin(self) -> None:
        """Nothing yet: the first work begins it, which saves a trip."""

    async def run_sync(
        self, work: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do all of this in one trip."""
        return await self._engine.threads.do(lambda: work(self._begun(), *args, **kwargs))

    async def finish(self, work: Callable[[sa.Connection], T]) -> T:
        """Do all of this, and commit: here if nothing is in the way, else in one trip."""

        def last() -> T:
            result = work(self._begun())
            self._commit()
            return result

        if self._there is None and self._engine.is_at_hand and self._begun_without_waiting():
            result = last()
        else:
            result = await self._engine.threads.do(self._then_tidy(last))
        self.closed = True
        return result

    async def commit(self) -> None:
        """It closes too, which saves another."""
        await self._engine.threads.do(self._then_tidy(self._commit))
        self.closed = True

    async def close(self) -> None:
        """Roll back what was not committed."""
        if not self.closed:
            self.closed = True
            await self._engine.threads.do(self._close)

    def _begun(self) -> sa.Connection:
        """In the thread: another program that writes just now is waited for."""
        if self._there is None:
            self._there = self._engine.lend()
            driver = driver_of(self._there)
            driver.execute(f"PRAGMA busy_timeout = {1000 * self._engine.patience}")
            try:
                driver.execute(BEGIN)
            finally:
                driver.execute("PRAGMA busy_timeout = 0")
        return self._there

    def _begun_without_waiting(self) -> bool:
        """False if another program writes just now."""
        connection = self._engine.lend()
        try:
            driver_of(connection).execute(BEGIN)
        except sqlite3.OperationalError:
            self._engine.take_back(connection)
            return False
        self._there = connection
        return True

    def _commit(self) -> None:
        if self._there is not None:
            driver_of(self._there).commit()
            self._engine.take_back(self._there)
            self._engine.commits += 1

    def _then_tidy(self, work: Callable[[], T]) -> Callable[[], T]:
        def tidied() -> T:
            result = work()
            self._engine.shorten_log()
            return result

        return tidied

    def _close(self) -> None:
        if self._there is not None:
            driver_of(self._there).rollback()
            self._engine.take_back(self._there)


def driver_of(connection: sa.Connection) -> sqlite3.Connection:
    """Past SQLAlchemy, which would begin a transaction."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


class FileEngine:
    """Connections to one file, each used by one thread at a time. As much of AsyncEngine as the store needs.

    Args:
        engine: its connections that write do not wait for locks by themselves.
        threads: as many as it has connections.
        patience: seconds that the beginning of a transaction waits for another program's.
    """

    def __init__(self, engine: sa.Engine, threads: int, patience: int) -> None:
        self.sync_engine = engine
        self.threads = Threads(threads)
        self.patience = patience
        self.commits = 0
        """Since the log was last moved into the database."""
        self._kept: sa.Connection | None = None
        self._is_lent = False

    def connect(self) -> FileConnection:
        return FileConnection(self)

    @property
    def is_at_hand(self) -> bool:
        """Whether nothing needs the thread: no work of somebody who was cancelled there, and no long log."""
        return self.commits < LONG_LOG and not self._is_lent

    def lend(self) -> sa.Connection:
        """The connection that writes, to be given back. It is kept: to take it from the pool and put it there costs as
        much as writing down what came of a send."""
        self._is_lent = True
        kept, self._kept = self._kept, None
        return kept or self.sync_engine.connect()

    def take_back(self, connection: sa.Connection) -> None:
        """It is in no transaction now."""
        if connection.invalidated:
            connection.close()
        else:
            self._kept = connection
        self._is_lent = False

    def shorten_log(self) -> None:
        """Move it into the database if it is long: what SQLite would do by itself at a commit, in the loop."""
        if self.commits >= LONG_LOG:
            self.commits = 0
            # What is committed stays so; the next time may go better.
            connection = self.lend()
            with suppress(sqlite3.Error):
                driver_of(connection).execute("PRAGMA wal_checkpoint(PASSIVE)")
            self.take_back(connection)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[FileConnection]:
        """A transaction; undone if the body raises."""
        connection = self.connect()
        try:
            await connection.begin()
            yield connection
            await connection.commit()
        finally:
            await asyncio.shield(connection.close())

    async def ask(self, question: Callable[[sa.Connection], T]) -> T:
        """On a connection of its own, in one trip."""
        return await self.threads.do(partial(self._ask, question))

    async def glance(self, question: Callable[[sa.Connection], T]) -> T:
        """A question of a moment, here and now, on a connection kept for such; a trip costs several times as much.
        In a thread after all if the file is locked, as while another program recovers it: the loop must not wait."""
        try:
            return self._asked_without_waiting(question)
        except sa.exc.OperationalError:
            return await self.ask(question)

    async def dispose(self) -> None:
        """Give all connections back, and end the threads. It is not opened again."""
        await self.threads.do(self._let_go)
        self.threads.stop()

    def _let_go(self) -> None:
        if self._kept is not None:
            self._kept.close()
        self.sync_engine.dispose()

    def _asked_without_waiting(self, question: Callable[[sa.Connection], T]) -> T:
        with self.sync_engine.connect() as connection:
            driver = driver_of(connection)
            driver.execute("PRAGMA busy_timeout = 0")
            try:
                return question(connection)
            finally:
                driver.execute(f"PRAGMA busy_timeout = {1000 * self.patience}")

    def _ask(self, question: Callable[[sa.Connection], T]) -> T:
        with self.sync_engine.connect() as connection:
            return question(connection)
