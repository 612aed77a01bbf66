"""How a chat's feeds fare, and looking again when somebody asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.hosts import is_down
from bot.model import PollOutcome, Problem, Standing, Subscription
from bot.ports import Clock, Store

# A person may look again this often; whoever presses more often sees nothing new.
PATIENCE = timedelta(minutes=1)
LEASE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Looked:
    """The feed was checked just now."""

    articles: int
    """New ones; they come as alerts."""
    problem: Problem | None
    """Why it failed; None if it is well."""


@dataclass(frozen=True, slots=True)
class NotYet:
    """It was not checked."""

    until: datetime
    """When it may be."""
    host: str | None
    """Who asks us to wait; None: it was checked a moment ago."""


@dataclass(frozen=True, slots=True)
class UnderWay:
    """Somebody else checks it at this moment."""


LookResult = Looked | NotYet | UnderWay

Look = Callable[[int], Awaitable[PollOutcome | None]]
"""Checks a feed and records what came of it."""


class Standings:
    """What a chat may know of its feeds."""

    def __init__(self, store: Store, clock: Clock, look: Look) -> None:
        self._store = store
        self._clock = clock
        self._look = look

    @property
    def now(self) -> datetime:
        """The time that everything here is told against."""
        return self._clock.now()

    async def of(self, chat_id: int) -> tuple[Standing, ...]:
        """All that the chat follows, in the order of its list."""
        return await self._store.standings(chat_id)

    async def look(self, subscription: Subscription) -> LookResult:
        """Check its feed now, also one that was put aside; not against its host's wish."""
        now = self._clock.now()
        feed = await self._store.feed(subscription.feed_id)
        if feed is None:
            return UnderWay()  # it has just become one with another
        open_at = feed.host.open_at
        # One that is down asked for nothing: a person may know that it is back.
        if open_at is not None and open_at > now and not is_down(feed.host):
            return NotYet(open_at, feed.host.name)
        if feed.checked_at is not None and feed.checked_at + PATIENCE > now:
            return NotYet(feed.checked_at + PATIENCE, None)
        async with self._store.transaction() as tx:
            ours = await tx.claim_feed(feed.id, now, until=now + LEASE)
        if not ours:
            return UnderWay()
        outcome = await self._look(feed.id)
        return UnderWay() if outcome is None else Looked(len(outcome.articles), outcome.problem)
