"""Jobs in one process: PGQueuer on its in-memory adapter, with our own rule about what may wait and run.

PGQueuer gives the queue, the limits and the waking up. Its `dedupe_key` is not used here: it holds a key from
enqueue until up to 0.12 s after the job has ended (the log is written in batches), and a job asked for while
the same is running would be lost. Three sets of jobs keep the rule instead: a job waits at most once and runs
at most once at a time, and one that is asked for while it runs is run once more afterwards.

Checks that are asked for together are queued in packs: PGQueuer's own work for a job costs as much as a GET. Within
a pack each check is on its own; packs begin as single checks would, so that a slow feed takes one place, no more.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import timedelta

import structlog
from pgqueuer.adapters.inmemory import InMemoryDriver, InMemoryQueries
from pgqueuer.models import Job as QueuedJob
from pgqueuer.qm import QueueManager

from bot.errors import StoreError
from bot.model import Check, Deliver, Job
from bot.ports import Transaction

CHECK = "check"
DELIVER = "deliver"

# PGQueuer frees a slot when it writes its log: after this many ended jobs, or after 0.12 s. A small number
# keeps the slots turning.
BATCH = 4
# Checks queued as one: all that one claim brings.
PACK = 100
# In-memory log rows between two clearings; three rows a pack at about 0.5 KB each.
JOBS_PER_CLEARING = 500
NEVER = timedelta(0)
# A missed wake-up would wait this long; none was seen, as the adapter wakes the loop itself.
LONGEST_SLEEP = timedelta(seconds=30)

Work = Callable[[], Awaitable[None]]


class MemoryJobs:
    """Implements `ports.Jobs`. What waits here is lost with the process; the reconcile tick asks again.

    Args:
        checks: feeds checked at the same time; most of it is waiting for servers.
    """

    def __init__(self, *, checks: int = 32) -> None:
        # What `PgQueuer.in_memory()` makes, without the cron loop beside it.
        self._queries = InMemoryQueries(InMemoryDriver())
        self._queue = QueueManager(self._queries)
        self._checks = checks
        self._places = asyncio.Semaphore(checks)
        self._waiting: set[Job] = set()
        self._running: set[Job] = set()
        self._again: set[Job] = set()
        self._ended = 0
        self._failed = 0

    async def enqueue(self, jobs: Sequence[Job], transaction: Transaction | None = None) -> None:
        """Ask for these, each at most once at a time; with a transaction, only if it commits."""
        if transaction is not None:
            transaction.after_commit(functools.partial(self._add, tuple(jobs)))
        else:
            await self._add(jobs)

    def register(self, check: Callable[[int], Awaitable[None]], deliver: Work) -> None:
        """Say who does the work: checks by feed id; delivery for all chats."""

        async def run_checks(feed_ids: Iterator[int]) -> None:
            for feed_id in feed_ids:
                async with self._places:
                    await self._work(Check(feed_id), functools.partial(check, feed_id))

        async def run_pack(queued: QueuedJob) -> None:
            # A few that share the pack, not a task for each check: so many places are there, and each comes dear.
            feed_ids = _unpacked(queued)
            left = iter(feed_ids)
            await asyncio.gather(*(run_checks(left) for _ in feed_ids[: self._checks]))
            await self._clear_log()

        async def run_deliver(_: QueuedJob) -> None:
            await self._work(Deliver(), deliver)
            await self._clear_log()

        # As many packs as places: if all have begun, and each has one slow feed left, the places are taken.
        self._queue.entrypoint(CHECK, concurrency_limit=self._checks, accepts_context=False)(run_pack)
        self._queue.entrypoint(DELIVER, concurrency_limit=1, accepts_context=False)(run_deliver)

    async def run(self) -> None:
        """Work until `stop`; then finish what has begun."""
        await self._queue.run(dequeue_timeout=LONGEST_SLEEP, batch_size=BATCH, log_aggregation_interval=NEVER)

    def stop(self) -> None:
        """Take no more work."""
        self._queue.shutdown.set()

    def health(self) -> Mapping[str, int]:
        """Figures for an operator: jobs `queued` and `running` now, `failed` since the start."""
        queued = len(self._waiting) + len(self._again)
        return {"queued": queued, "running": len(self._running), "failed": self._failed}

    async def _add(self, jobs: Sequence[Job]) -> None:
        self._again.update(job for job in jobs if job in self._running)
        new = [job for job in dict.fromkeys(jobs) if job not in self._waiting and job not in self._running]
        if not new:
            return
        self._waiting.update(new)
        packs = _packed([job.feed_id for job in new if isinstance(job, Check)])
        if Deliver() in new:
            await self._queries.enqueue(DELIVER, None)
        if packs:
            await self._queries.enqueue([CHECK] * len(packs), packs, [0] * len(packs))

    async def _work(self, job: Job, once: Callable[[], Awaitable[None]]) -> None:
        self._waiting.discard(job)
        # PGQueuer hands out a whole batch before it looks at the shutdown again.
        if self._queue.shutdown.is_set():
            return
        self._running.add(job)
        try:
            await self._run_once(job, once)
            while job in self._again and not self._queue.shutdown.is_set():
                self._again.discard(job)
                await self._run_once(job, once)
        finally:
            self._running.discard(job)
            self._again.discard(job)

    async def _run_once(self, job: Job, once: Callable[[], Awaitable[None]]) -> None:
        try:
            await once()
        # The edge of the loop: whatever one job meets, the others go on, and the tick brings it back.
        except StoreError as error:  # the operator's to mend: a line, not a traceback of ours
            self._failed += 1
            structlog.get_logger().warning("job.failed", job=str(job), error=str(error))
        except Exception:
            self._failed += 1
            log = structlog.get_logger()
            log.exception("job.failed", job=str(job))

    async def _clear_log(self) -> None:
        self._ended += 1
        if self._ended % JOBS_PER_CLEARING == 0:
            await self._queries.clear_queue_log()


def _packed(feed_ids: Sequence[int]) -> list[bytes | None]:
    packs = (feed_ids[first : first + PACK] for first in range(0, len(feed_ids), PACK))
    return [b" ".join(b"%d" % feed_id for feed_id in pack) for pack in packs]


def _unpacked(queued: QueuedJob) -> list[int]:
    return [int(feed_id) for feed_id in (queued.payload or b"").split()]
