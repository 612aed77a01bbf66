"""How a chat's feeds fare, and looking again when somebody asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.filters.fold import fold
from bot.hosts import is_down
from bot.model import Article, Listed, PollOutcome, Problem, Standing, Subscription
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

    async def of(self, chat_id: int, ids: Sequence[int] | None = None) -> tuple[Standing, ...]:
        """All that the chat follows, or these of it, in the order of its list."""
        return await self._store.standings(chat_id, ids)

    async def listed(self, chat_id: int, words: str = "") -> tuple[Listed, ...]:
        """What the chat follows: folder by folder, first what is in none; or, in the order of the list, what has
        all these words in its title, address, folder or filter."""
        followed = await self._store.listed(chat_id)
        wanted = fold(words).split()
        if not wanted:
            return tuple(sorted(followed, key=lambda one: (one.folder, one.number)))
        return tuple(one for one in followed if _has(one, wanted))

    async def recent(self, subscription: Subscription, most: int) -> tuple[Article, ...]:
        """The last articles of its feed, newest first."""
        return await self._store.recent_articles(subscription.feed_id, most)

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


def _has(one: Listed, wanted: Sequence[str]) -> bool:
    text = fold(f"{one.title} {one.url} {one.folder} {one.filter}")
    return all(word in text for word in wanted)
