"""SQLite's threads: all of a piece of work is one trip, and cancelling it leaves nothing half done.

A short transaction takes no trip at all, unless there is something to wait for.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.model import Pace, RowState
from bot.store import SqlStore
from bot.store.one_trip import LONG_LOG, FileEngine, Threads
from bot.store.transaction import SqlTransaction
from tests.store.town import ANNA, NOON, Town, article, tried


@pytest.fixture
async def thread() -> AsyncIterator[Threads]:
    one = Threads(1)
    yield one
    one.stop()


async def test_work_is_done_elsewhere_and_its_result_comes_back(thread: Threads) -> None:
    assert await thread.do(threading.get_ident) != threading.get_ident()


async def test_what_work_raises_is_raised_here(thread: Threads) -> None:
    with pytest.raises(ZeroDivisionError):
        await thread.do(lambda: 1 / 0)
    assert await thread.do(lambda: "goes on") == "goes on"


async def test_cancelled_work_is_done_before_what_is_given_later(thread: Threads) -> None:
    """A transaction that is cancelled in the middle of a statement is rolled back after it, not during it."""
    held, done = threading.Event(), []

    def work() -> None:
        held.wait(10)
        done.append("first")

    first = asyncio.create_task(thread.do(work))
    await asyncio.sleep(0)
    first.cancel()
    held.set()
    await thread.do(lambda: done.append("second"))
    assert done == ["first", "second"]


def test_the_threads_end_when_they_are_told() -> None:
    before = set(threading.enumerate())
    two = Threads(2)
    added = set(threading.enumerate()) - before
    assert len(added) == 2
    two.stop()
    for one in added:
        one.join(10)
    assert not any(one.is_alive() for one in added)


def writer_of(store: SqlStore) -> FileEngine:
    assert store._database
    assert isinstance(store._database.writer, FileEngine)
    return store._database.writer


def count_trips(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    trips: list[object] = []
    threads = writer_of(store).threads
    cross = threads.do

    async def counted(work: Callable[[], object]) -> object:
        trips.append(work)
        return await cross(work)

    monkeypatch.setattr(threads, "do", counted)
    return trips


async def test_a_transaction_takes_a_trip_for_each_thing_it_does_and_one_to_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with SqlStore(f"sqlite:///{tmp_path / 'feedbell.db'}") as store:
        town = Town(store)
        feed_id = await town.feed()
        subscription = await town.follow(ANNA, feed_id)
        await town.publish(feed_id, article("a"), to={subscription: ANNA.id})
        parcel = await town.must_claim()
        trips = count_trips(store, monkeypatch)
        async with store.transaction() as tx:
            await tx.record_sends([tried(parcel, RowState.SENT)])
            await tx.save_paces(Pace(NOON), {})
        assert len(trips) == 3


async def write(tx: SqlTransaction) -> None:
    await tx.save_paces(Pace(NOON), {})


async def test_a_short_transaction_takes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with SqlStore(f"sqlite:///{tmp_path / 'feedbell.db'}") as store:
        trips = count_trips(store, monkeypatch)
        await store.at_once(write)
        assert trips == []
        assert await store.at_once(lambda tx: tx.pace()) == Pace(NOON)


async def test_it_waits_in_the_thread_while_another_program_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop goes on meanwhile."""
    path = tmp_path / "feedbell.db"
    async with SqlStore(f"sqlite:///{path}") as store:
        trips = count_trips(store, monkeypatch)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            writing = asyncio.create_task(store.at_once(write))
            await asyncio.sleep(0)  # as far as it comes without waiting
            assert len(trips) == 1
            assert not writing.done()
            other.execute("COMMIT")
            await writing
        assert await store.at_once(lambda tx: tx.pace()) == Pace(NOON)


async def test_it_does_not_take_the_connection_from_work_that_is_still_done_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever was cancelled twice lets go of the gate before the thread is done with the connection."""
    async with SqlStore(f"sqlite:///{tmp_path / 'feedbell.db'}") as store:
        writer = writer_of(store)
        trips = count_trips(store, monkeypatch)
        left = writer.connect()
        held = threading.Event()
        working = asyncio.create_task(left.run_sync(lambda _: held.wait(10)))
        await asyncio.sleep(0)
        while writer.is_at_hand:  # noqa: ASYNC110 - the thread tells nobody that it has begun
            await asyncio.sleep(0.001)
        closing_it = asyncio.create_task(left.close())
        await asyncio.sleep(0)
        later = asyncio.create_task(store.at_once(write))
        await asyncio.sleep(0)
        held.set()
        await asyncio.gather(working, closing_it, later)
        assert len(trips) == 3
        assert await store.at_once(lambda tx: tx.pace()) == Pace(NOON)


async def test_the_log_is_moved_into_the_database_before_it_is_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "feedbell.db"
    async with SqlStore(f"sqlite:///{path}") as store:
        trips = count_trips(store, monkeypatch)
        for _ in range(2 * (LONG_LOG + 1)):
            await store.at_once(write)
        assert len(trips) == 2
        most = LONG_LOG * 3 * 4120  # a commit is up to three pages
        assert path.with_name("feedbell.db-wal").stat().st_size <= most


async def test_a_failed_move_of_the_log_undoes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with SqlStore(f"sqlite:///{tmp_path / 'feedbell.db'}") as store:
        writer = writer_of(store)
        writer.commits = LONG_LOG

        def full(_: object) -> None:
            raise sqlite3.OperationalError("disk I/O error")

        monkeypatch.setattr("bot.store.one_trip.driver_of", full)
        writer.shorten_log()
        assert writer.commits == 0


async def test_the_loop_does_not_wait_for_a_locked_file(tmp_path: Path) -> None:
    """As while another program recovers it. A loop that waited could not end what locks it here."""
    path = tmp_path / "locked.db"
    engine = FileEngine(sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 60}), 1, patience=60)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE numbers AS SELECT 7 AS number")
        other.execute("BEGIN EXCLUSIVE")
        question = sa.text("SELECT number FROM numbers")
        asked = asyncio.create_task(engine.glance(lambda connection: connection.scalar(question)))
        await asyncio.sleep(0)
        other.execute("ROLLBACK")
        assert await asked == 7
    await engine.dispose()
