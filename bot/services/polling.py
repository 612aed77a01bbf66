"""Checking feeds: claim what is due, read it, record all that it changes at once.

Outcomes with something in them commit each on its own. The others, nearly all, go in groups: a transaction costs
several times as much as a GET, and losing one of these costs only one more check. For the same reason nothing is
read for a feed that is well and unchanged: what its check needs came with the claim.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog

from bot.audience import BURST, guard_against_burst
from bot.errors import StoreError
from bot.filters import Indexes
from bot.hosts import OWN_LINE, UNREACHED, is_well, stands_alone
from bot.model import (
    Check,
    Deliver,
    DueFeed,
    FeedRead,
    PollOutcome,
    SourceResult,
    Streak,
    Unchanged,
    Validators,
)
from bot.pipeline import conclude
from bot.ports import Clock, FeedReader, Jobs, Store, Transaction
from bot.schedule import Rhythm
from bot.services.extras import Extras

T = TypeVar("T")

# Long enough for the slowest fetch (30 s) and reading of a feed, and for `extras`; then another worker may take it.
LEASE = timedelta(minutes=2)

# A host that wants to be left alone for longer is not waited for.
LINGER = timedelta(seconds=5)

# From so many on, their filters are read and asked in a thread: an index of 1,000 is made in 0.1 s, one of 100,000 in
# 9 s, and others talk meanwhile (they wait 0.2 s at most; `python -m tests.bench filters` measures it).
MANY_READERS = 300

# Feeds claimed in one transaction, one of each host.
BATCH = 100

WELL = Streak()

# How long after the database could not take an outcome it is asked again.
AGAIN = timedelta(seconds=1)

# A quiet outcome waits at most so long for the other feeds that are being read, to be written with theirs.
GATHERING = timedelta(seconds=0.05)


class Polling:
    """From the clock to the outbox.

    Args:
        burst: more new articles of a feed at once, for one reader, are held back.
    """

    def __init__(
        self,
        store: Store,
        reader: FeedReader,
        jobs: Jobs,
        clock: Clock,
        rhythm: Rhythm,
        *,
        burst: int = BURST,
    ) -> None:
        self._store = store
        self._reader = reader
        self._jobs = jobs
        self._clock = clock
        self._rhythm = rhythm
        self._burst = burst
        self._extras: Extras | None = None
        self._indexes = Indexes()
        self._line = _Line()
        self._claimed: dict[int, DueFeed] = {}
        """As claimed, until their checks begin; one whose check never does is replaced at its next claim."""
        self._reading = 0
        """How many, now."""
        self._group: _Group | None = None
        self.trouble: str | None = None
        """Why the outcome of a check cannot be written down; None if it can."""

    def switch_on(self, extras: Extras) -> None:
        """What an operator may have, and by default has not."""
        self._extras = extras

    async def claim_due(self) -> int:
        """Lease the feeds that are due, one of each host, and ask for their checks.

        Returns:
            How many; BATCH means there may be more.
        """
        now = self._clock.now()
        # Asked first: nearly always nothing is due, and a transaction is dear.
        at = await self._store.next_check_at()
        if at is None or at > now:
            return 0
        return await self._store.at_once(partial(self._claim, now))

    async def _claim(self, now: datetime, tx: Transaction) -> int:
        due = await tx.claim_due_feeds(now, until=now + LEASE, limit=BATCH)
        # In this order: their checks look there.
        tx.after_commit(partial(self._expect, due))
        await self._jobs.enqueue([Check(feed.id) for feed in due], tx)
        return len(due)

    async def _expect(self, due: Sequence[DueFeed]) -> None:
        self._claimed.update((feed.id, feed) for feed in due)

    async def owes(self, since: datetime) -> bool:
        """Whether a feed was due then and has not been checked yet, though its host may be asked soon."""
        return await self._store.is_owed_a_check(since, open_by=self._clock.now() + LINGER)

    async def check(self, feed_id: int) -> None:
        """Fetch one feed and record the outcome, all of it or none.

        Raises:
            StoreError: the database was away until the lease ended; it is checked again.
        """
        feed = self._claimed.pop(feed_id, None) or await self._store.feed(feed_id)
        if feed is not None:
            await self._look(feed)

    async def look(self, feed_id: int) -> PollOutcome | None:
        """As `check`.

        Returns:
            What came of it; None if there is no such feed any more.
        """
        feed = await self._store.feed(feed_id)
        return None if feed is None else await self._look(feed)

    async def _look(self, claimed: DueFeed) -> PollOutcome | None:
        lease_ends = self._clock.now() + LEASE
        self._reading += 1
        try:
            result = await self._reader.read(claimed.url, claimed.validators, claimed.headers)
        finally:
            self._reading -= 1
        feed: DueFeed | None = claimed
        if not _suffices(claimed, result):
            feed = await self._patiently(lease_ends, lambda: self._store.feed(claimed.id))
        if feed is None:
            return None
        if self._extras is not None and isinstance(result, FeedRead):
            result = await self._extras.with_pages(feed, result)
        outcome = await self._patiently(lease_ends, lambda: self._conclude(feed, result))
        if self._line.is_down(feed, outcome):
            # Nothing was learned of any feed: the leases run out, and they are all due again within minutes.
            structlog.get_logger().warning("feed.no_network", feed=feed.id)
            return outcome
        outcome = await self._patiently(lease_ends, lambda: self._written(feed, outcome, result))
        _log(outcome)
        return outcome

    async def _patiently(self, lease_ends: datetime, step: Callable[[], Awaitable[T]]) -> T:
        """Again while the database is away: nobody else may have the feed before the lease ends, so its news would
        wait as long."""
        while True:
            try:
                done = await step()
            except StoreError as error:
                self.trouble = str(error)
                if self._clock.now() >= lease_ends:
                    raise
                structlog.get_logger().error("feed.not_recorded", error=str(error))
            else:
                self.trouble = None
                return done
            await self._clock.sleep(AGAIN)

    async def _conclude(self, feed: DueFeed, result: SourceResult) -> PollOutcome:
        readers = await self._store.readers(feed.id) if isinstance(result, FeedRead) else ()
        now = self._clock.now()
        work = partial(conclude, feed, result, readers, rhythm=self._rhythm, now=now, indexes=self._indexes)
        outcome = await asyncio.to_thread(work) if len(readers) > MANY_READERS else work()
        if outcome.deliveries:
            outcome = guard_against_burst(outcome, feed, most=self._burst)
        return outcome if self._extras is None else await self._extras.retell(feed, outcome)

    async def _written(self, feed: DueFeed, outcome: PollOutcome, result: SourceResult) -> PollOutcome:
        there = None if outcome.moved_to is None else await self._feed_at(outcome.moved_to, not_=feed.id)
        if there is not None:
            return await self._join(outcome, result, there)
        if outcome.is_quiet:
            await self._record_quietly(outcome)
        else:
            await self._record(outcome)
        return outcome

    async def _feed_at(self, url: str, *, not_: int) -> DueFeed | None:
        """Another feed of that address, if there is one."""
        known = await self._store.feed_by_url(url)
        return None if known in {None, not_} else await self._store.feed(known)

    async def _join(self, outcome: PollOutcome, result: SourceResult, there: DueFeed) -> PollOutcome:
        """The feed moved to where another one is: they become one, once both know what stands there now.

        Only a whole document can say what the other feed's readers have not had; for one that is unchanged the
        validators are dropped, and the next check gets it whole.
        """
        if not isinstance(result, FeedRead):
            outcome = replace(outcome, moved_to=None, validators=Validators())
            await self._record(outcome)
            return outcome
        theirs = await self._conclude(there, result)
        # Only the write is a transaction: SQLite's one writer must not wait while we think.
        async with self._store.transaction() as tx:
            if await tx.record_merger(outcome, theirs):
                await self._jobs.enqueue([Deliver()], tx)
        structlog.get_logger().info("feed.merged", feed=outcome.feed_id, into=there.id)
        return outcome

    async def _record(self, outcome: PollOutcome) -> None:
        async with self._store.transaction() as tx:
            if await tx.record_poll(outcome):
                await self._jobs.enqueue([Deliver()], tx)

    async def _record_quietly(self, outcome: PollOutcome) -> None:
        """Write it down with those of the feeds that are being read, if they are quiet too and do not take long.

        Raises:
            StoreError: they could not be.
        """
        if self._group is None or self._group.is_closed:
            self._group = _Group(self._store)
        self._group.outcomes.append(outcome)
        if not self._reading:
            self._group.is_full.set()
        # Who is cancelled does not take the others along.
        await asyncio.shield(self._group.written)


class _Group:
    """Quiet outcomes that are written together: when it is full, or after a moment."""

    def __init__(self, store: Store) -> None:
        self.outcomes: list[PollOutcome] = []
        self.is_full = asyncio.Event()
        self.is_closed = False
        self.written = asyncio.create_task(self._write(store))

    async def _write(self, store: Store) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(GATHERING.total_seconds()):
                await self.is_full.wait()
        self.is_closed = True
        await store.at_once(lambda tx: tx.record_quiet_polls(self.outcomes))


class _Line:
    """Whether it is us who are off the net: a night without a network must not make every feed wait for half a day."""

    def __init__(self) -> None:
        self._unreached: set[str] = set()

    def is_down(self, feed: DueFeed, outcome: PollOutcome) -> bool:
        if outcome.problem is None or outcome.problem.key not in UNREACHED:
            self._unreached.clear()
            return False
        # Those that failed before prove nothing; nor do those in our own house, which need no line.
        if feed.streak.since is None and not stands_alone(feed.host):
            self._unreached.add(feed.host.name)
        return len(self._unreached) >= OWN_LINE


def _suffices(claimed: DueFeed, result: SourceResult) -> bool:
    """Whether nothing more need be read of a feed. Not of one that was well and has not changed: there is nothing to
    compare, and nobody to be told. Of others their memory, and how they are by now."""
    nothing_new = isinstance(result, Unchanged) and claimed.streak == WELL and is_well(claimed.host)
    return nothing_new or claimed.memory is not None


def _log(outcome: PollOutcome) -> None:
    """Quiet checks are the rule, and no news."""
    if outcome.problem is None and outcome.tell is None and not outcome.articles:
        return
    log = structlog.get_logger()
    if outcome.problem:
        log.warning("feed.failed", feed=outcome.feed_id, problem=outcome.problem.key)
    elif outcome.articles:
        log.info(
            "feed.new", feed=outcome.feed_id, articles=len(outcome.articles), owed=len(outcome.deliveries)
        )
    if outcome.tell:
        log.info("feed.told", feed=outcome.feed_id, trouble=outcome.tell.value)
