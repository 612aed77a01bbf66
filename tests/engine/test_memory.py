"""Jobs in one process: each at most once at a time, none lost, none in another's way."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import cast

from structlog.testing import capture_logs

from bot.engine.memory import MemoryJobs
from bot.model import Check, Deliver, Job
from bot.ports import Transaction

PATIENCE = 10  # seconds; a test that needs them has failed


class Worker:
    """Notes what it is asked to do; waits at the gate while that is closed."""

    def __init__(self) -> None:
        self.began: list[Job] = []
        self.ended: list[Job] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.quick: set[Job] = set()
        """For these the gate is always open."""
        self.changed = asyncio.Event()
        self.at_once = 0
        self.most_at_once = 0
        self.fails_on: set[Job] = set()

    async def check(self, feed_id: int) -> None:
        await self._work(Check(feed_id))

    async def deliver(self) -> None:
        await self._work(Deliver())

    async def _work(self, job: Job) -> None:
        self.began.append(job)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.changed.set()
        if job not in self.quick:
            await self.gate.wait()
        self.at_once -= 1
        self.ended.append(job)
        self.changed.set()
        if job in self.fails_on:
            raise RuntimeError("a mistake in our own code")

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not holds():
                self.changed.clear()
                await self.changed.wait()


class FakeTransaction:
    """Only what jobs use of it."""

    def __init__(self) -> None:
        self.actions: list[Callable[[], Awaitable[None]]] = []

    def after_commit(self, action: Callable[[], Awaitable[None]]) -> None:
        self.actions.append(action)

    async def commit(self) -> None:
        for action in self.actions:
            await action()


@asynccontextmanager
async def running(worker: Worker, jobs: MemoryJobs) -> AsyncIterator[asyncio.Task[None]]:
    jobs.register(worker.check, worker.deliver)
    task = asyncio.create_task(jobs.run())
    try:
        yield task
    finally:
        worker.gate.set()
        jobs.stop()
        async with asyncio.timeout(PATIENCE):
            await task


async def quiet(jobs: MemoryJobs) -> None:
    """Wait until nothing is queued or running."""
    async with asyncio.timeout(PATIENCE):
        while jobs.health()["queued"] or jobs.health()["running"]:  # noqa: ASYNC110 - no event tells it
            await asyncio.sleep(0.001)


async def test_a_job_reaches_the_one_who_does_it() -> None:
    worker, jobs = Worker(), MemoryJobs()
    async with running(worker, jobs):
        await jobs.enqueue([Check(7), Deliver()])
        await worker.until(lambda: len(worker.ended) == 2)
    assert set(worker.ended) == {Check(7), Deliver()}


async def test_jobs_asked_for_before_the_start_are_done() -> None:
    worker, jobs = Worker(), MemoryJobs()
    await jobs.enqueue([Check(1)])
    async with running(worker, jobs):
        await worker.until(lambda: worker.ended == [Check(1)])


async def test_a_job_that_waits_is_not_queued_twice() -> None:
    worker, jobs = Worker(), MemoryJobs()
    await jobs.enqueue([Check(1), Check(1)])
    await jobs.enqueue([Check(1)])
    assert jobs.health() == {"queued": 1, "running": 0, "failed": 0}
    async with running(worker, jobs):
        await quiet(jobs)
    assert worker.ended == [Check(1)]


async def test_a_job_asked_for_while_it_runs_is_run_once_more_afterwards() -> None:
    """Otherwise an article that comes while its chat's drain is ending would wait for the next tick."""
    worker, jobs = Worker(), MemoryJobs()
    worker.gate.clear()
    async with running(worker, jobs):
        await jobs.enqueue([Deliver()])
        await worker.until(lambda: len(worker.began) == 1)
        await jobs.enqueue([Deliver()])
        await jobs.enqueue([Deliver()])
        assert worker.began == [Deliver()]
        worker.gate.set()
        await worker.until(lambda: len(worker.ended) == 2)
        await quiet(jobs)
    assert worker.ended == [Deliver(), Deliver()]
    assert worker.most_at_once == 1


async def test_a_job_asked_for_the_moment_it_ends_is_run_again() -> None:
    """PGQueuer still holds the ended job then, and would take the new one for a duplicate."""
    worker, jobs = Worker(), MemoryJobs()
    async with running(worker, jobs):
        for times in range(1, 21):
            await jobs.enqueue([Deliver()])
            await worker.until(lambda times=times: len(worker.ended) == times)  # type: ignore[misc]
        await quiet(jobs)
    assert len(worker.ended) == 20


async def test_a_failure_is_logged_with_its_job_and_stops_nothing() -> None:
    worker, jobs = Worker(), MemoryJobs()
    worker.fails_on = {Check(13)}
    with capture_logs() as logs:
        async with running(worker, jobs):
            await jobs.enqueue([Check(13), Check(14)])
            await quiet(jobs)
            await jobs.enqueue([Check(13)])
            await quiet(jobs)
    assert worker.ended.count(Check(13)) == 2
    assert Check(14) in worker.ended
    assert jobs.health()["failed"] == 2
    assert [(log["event"], log["job"]) for log in logs] == [("job.failed", "Check(feed_id=13)")] * 2


async def test_checks_at_the_same_time_are_limited() -> None:
    worker, jobs = Worker(), MemoryJobs(checks=3)
    worker.gate.clear()
    async with running(worker, jobs):
        await jobs.enqueue([Check(n) for n in range(10)])
        await worker.until(lambda: len(worker.began) == 3)
        await asyncio.sleep(0.01)
        assert jobs.health() == {"queued": 7, "running": 3, "failed": 0}
        worker.gate.set()
        await quiet(jobs)
    assert worker.most_at_once == 3
    assert len(worker.ended) == 10


async def test_slow_feeds_do_not_hold_up_a_chat() -> None:
    worker, jobs = Worker(), MemoryJobs(checks=2)
    worker.gate.clear()
    async with running(worker, jobs):
        await jobs.enqueue([Check(n) for n in range(50)])
        await worker.until(lambda: len(worker.began) == 2)
        await jobs.enqueue([Deliver()])
        await worker.until(lambda: Deliver() in worker.began)


async def test_slow_feeds_take_one_place_each_and_hold_up_none_that_was_asked_for_with_them() -> None:
    worker, jobs = Worker(), MemoryJobs(checks=3)
    worker.gate.clear()
    worker.quick.update(Check(n) for n in range(100) if n not in {0, 50})
    async with running(worker, jobs):
        await jobs.enqueue([Check(n) for n in range(100)])
        await worker.until(lambda: len(worker.ended) == 98)
        assert jobs.health() == {"queued": 0, "running": 2, "failed": 0}


async def test_a_check_asked_for_again_with_others_waits_and_runs_once() -> None:
    """One runs, one waits, one is new: the first is run again, the second is not queued twice."""
    worker, jobs = Worker(), MemoryJobs(checks=1)
    worker.gate.clear()
    async with running(worker, jobs):
        await jobs.enqueue([Check(1), Check(2)])
        await worker.until(lambda: worker.began == [Check(1)])
        await jobs.enqueue([Check(1), Check(2), Check(3)])
        assert jobs.health() == {"queued": 3, "running": 1, "failed": 0}
        worker.gate.set()
        await quiet(jobs)
    assert sorted(worker.ended, key=repr) == [Check(1), Check(1), Check(2), Check(3)]
    assert worker.most_at_once == 1


async def test_what_a_transaction_asks_for_waits_for_its_commit() -> None:
    worker, jobs, transaction = Worker(), MemoryJobs(), FakeTransaction()
    async with running(worker, jobs):
        await jobs.enqueue([Deliver()], cast(Transaction, transaction))
        assert jobs.health()["queued"] == 0
        await transaction.commit()
        await worker.until(lambda: worker.ended == [Deliver()])


async def test_stopping_finishes_what_has_begun_and_begins_nothing() -> None:
    worker, jobs = Worker(), MemoryJobs(checks=2)
    worker.gate.clear()
    async with running(worker, jobs) as task:
        await jobs.enqueue([Check(n) for n in range(10)])
        await worker.until(lambda: len(worker.began) == 2)
        await jobs.enqueue([Check(0)])
        jobs.stop()
        await asyncio.sleep(0.01)
        assert not task.done()
        worker.gate.set()
        async with asyncio.timeout(PATIENCE):
            await task
    assert sorted(worker.ended, key=repr) == sorted(worker.began, key=repr)
    assert len(worker.began) == 2


async def test_ten_thousand_jobs_leave_nothing_in_memory() -> None:
    """PGQueuer's in-memory log keeps three rows a job (about 8 MB here) until somebody clears it."""
    worker, jobs = Worker(), MemoryJobs()

    async def nothing(_: int) -> None:
        await asyncio.sleep(0)

    jobs.register(nothing, worker.deliver)
    task = asyncio.create_task(jobs.run())
    await _many(jobs, 1_000)
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    await _many(jobs, 10_000)
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    jobs.stop()
    await task
    assert after - before < 1_500_000


async def _many(jobs: MemoryJobs, count: int) -> None:
    for first in range(0, count, 200):
        await jobs.enqueue([Check(n) for n in range(first, first + 200)])
        await quiet(jobs)
