"""SQLite's threads: all of a piece of work is one trip, and cancelling it leaves nothing half done."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.model import Pace, RowState
from bot.store import SqlStore
from bot.store.one_trip import FileEngine, Threads
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


async def test_a_transaction_takes_a_trip_for_each_thing_it_does_and_one_to_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with SqlStore(f"sqlite:///{tmp_path / 'feedbell.db'}") as store:
        town = Town(store)
        feed_id = await town.feed()
        subscription = await town.follow(ANNA, feed_id)
        await town.publish(feed_id, article("a"), to={subscription: ANNA.id})
        parcel = await town.must_claim()
        assert store._database
        assert isinstance(store._database.writer, FileEngine)
        trips, threads = [], store._database.writer.threads
        cross = threads.do

        async def counted(work: Callable[[], object]) -> object:
            trips.append(work)
            return await cross(work)

        monkeypatch.setattr(threads, "do", counted)
        async with store.transaction() as tx:
            await tx.record_sends([tried(parcel, RowState.SENT)])
            await tx.save_paces(Pace(NOON), {})
        assert len(trips) == 3
