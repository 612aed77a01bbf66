"""SQLite in threads of its own, one trip there for each piece of work.

A handover between threads costs more than a statement, and a bridge from asyncio to a driver as much again for each
statement; so a whole piece of work, plain code on a plain connection, is handed over. A transaction of two statements
costs a quarter of what it cost with aiosqlite.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa

P = ParamSpec("P")
T = TypeVar("T")


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

    def __init__(self, engine: sa.Engine, threads: Threads) -> None:
        self._engine = engine
        self._threads = threads
        self._there: sa.Connection | None = None
        self.dialect = engine.dialect
        self.closed = False

    async def start(self) -> None:
        """Nothing yet."""

    async def begin(self) -> None:
        """Nothing yet: the first work begins it, which saves a trip."""

    async def run_sync(
        self, work: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do all of this in one trip."""
        return await self._threads.do(lambda: work(self._begun(), *args, **kwargs))

    async def finish(self, work: Callable[[sa.Connection], T]) -> T:
        """Do all of this, and commit, in one trip."""

        def last() -> T:
            result = work(self._begun())
            self._commit()
            return result

        result = await self._threads.do(last)
        self.closed = True
        return result

    async def commit(self) -> None:
        """It closes too, which saves another."""
        await self._threads.do(self._commit)
        self.closed = True

    async def close(self) -> None:
        """Roll back what was not committed."""
        if not self.closed:
            self.closed = True
            await self._threads.do(self._close)

    def _begun(self) -> sa.Connection:
        if self._there is None:
            self._there = self._engine.connect()
            self._there.begin()
        return self._there

    def _commit(self) -> None:
        if self._there is not None:
            self._there.commit()
            self._there.close()

    def _close(self) -> None:
        if self._there is not None:
            self._there.close()


class FileEngine:
    """Connections to one file, each used by one thread at a time. As much of AsyncEngine as the store needs."""

    def __init__(self, engine: sa.Engine, threads: int) -> None:
        self.sync_engine = engine
        self._threads = Threads(threads)

    def connect(self) -> FileConnection:
        return FileConnection(self.sync_engine, self._threads)

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
        return await self._threads.do(partial(self._ask, question))

    async def dispose(self) -> None:
        """Give all connections back, and end the threads. It is not opened again."""
        await self._threads.do(self.sync_engine.dispose)
        self._threads.stop()

    def _ask(self, question: Callable[[sa.Connection], T]) -> T:
        with self.sync_engine.connect() as connection:
            return question(connection)
