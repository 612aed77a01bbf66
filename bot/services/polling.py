"""Checking feeds: claim what is due, read it, record all that it changes at once."""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot.model import Check, Deliver, PollOutcome
from bot.pipeline import conclude
from bot.ports import Clock, FeedReader, Jobs, Store
from bot.schedule import Rhythm

# Long enough for the slowest fetch (30 s) and reading of a feed; then another worker may take it.
LEASE = timedelta(minutes=2)

# Feeds claimed in one transaction, which costs about 2 ms however many they are.
BATCH = 100


class Polling:
    """From the clock to the outbox."""

    def __init__(self, store: Store, reader: FeedReader, jobs: Jobs, clock: Clock, rhythm: Rhythm) -> None:
        self._store = store
        self._reader = reader
        self._jobs = jobs
        self._clock = clock
        self._rhythm = rhythm

    async def claim_due(self) -> int:
        """Lease the feeds that are due and ask for their checks.

        Returns:
            How many; BATCH means there may be more.
        """
        now = self._clock.now()
        async with self._store.transaction() as tx:
            due = await tx.claim_due_feeds(now, until=now + LEASE, limit=BATCH)
            await self._jobs.enqueue([Check(feed_id) for feed_id in due], tx)
        return len(due)

    async def check(self, feed_id: int) -> None:
        """Fetch one feed and record the outcome, all of it or none."""
        feed = await self._store.feed(feed_id)
        if feed is None:
            return
        result = await self._reader.read(feed.url, feed.validators, feed.headers)
        readers = await self._store.readers(feed_id)
        outcome = conclude(feed, result, readers, rhythm=self._rhythm, now=self._clock.now())
        # Only the write is a transaction: SQLite's one writer must not wait while we think.
        async with self._store.transaction() as tx:
            owed = await tx.record_poll(outcome)
            if owed:
                await self._jobs.enqueue([Deliver()], tx)
        _log(outcome)


def _log(outcome: PollOutcome) -> None:
    """Quiet checks are the rule, and no news."""
    if outcome.problem:
        structlog.get_logger().warning("feed.failed", feed=outcome.feed_id, problem=outcome.problem.key)
    elif outcome.articles:
        owed = len(outcome.deliveries)
        structlog.get_logger().info(
            "feed.new", feed=outcome.feed_id, articles=len(outcome.articles), owed=owed
        )
