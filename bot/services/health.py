"""How the bot itself fares, for those who run it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.backstage import BackstageStore
from bot.model import Vitals
from bot.ports import Clock, Jobs

# Long enough to meet whatever holds up the loop, and no wait for a person.
_NAP = timedelta(milliseconds=50)


class Diary(Protocol):
    """Where the process notes what goes wrong."""

    def troubles(self) -> Sequence[str]:
        """At this moment."""

    def past_troubles(self) -> Sequence[tuple[datetime, str]]:
        """Lately, and when; the newest first."""


@dataclass(frozen=True, slots=True)
class Findings:
    """All of it, at one moment."""

    now: datetime
    answered_in: timedelta
    """How long the database took for all these figures."""
    depth: Mapping[str, int]
    """See `Store.depth`."""
    vitals: Vitals
    jobs: Mapping[str, int]
    """See `Jobs.health`."""
    lag: timedelta
    """How late the loop was with something that it was to do in a moment."""
    troubles: tuple[str, ...]
    past: tuple[tuple[datetime, str], ...]


class Health:
    """Looks at everything once."""

    def __init__(self, store: BackstageStore, jobs: Jobs, clock: Clock, diary: Diary) -> None:
        self._store = store
        self._jobs = jobs
        self._clock = clock
        self._diary = diary

    async def look(self) -> Findings:
        """Ask the database and the engine, and watch the loop for a moment."""
        asked_at = self._clock.now()
        depth, vitals = await self._store.depth(), await self._store.vitals(asked_at)
        answered_at = self._clock.now()
        await self._clock.sleep(_NAP)
        now = self._clock.now()
        return Findings(
            now,
            answered_at - asked_at,
            depth,
            vitals,
            self._jobs.health(),
            max(now - answered_at - _NAP, timedelta(0)),
            tuple(self._diary.troubles()),
            tuple(self._diary.past_troubles()),
        )
