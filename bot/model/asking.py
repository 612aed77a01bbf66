"""What people are shown who ask: how feeds fare, filters on trial, what became of an article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model.polling import Beat
from bot.model.reading import Article
from bot.model.sending import RowState, Subscription

MOST_TRIED = 60
"""So many articles of a feed, its newest, are kept with their texts to try filters on."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A filter that was tried, and is not saved."""

    subscription: Subscription
    filter: str
    """In its canonical form."""
    more: tuple[str, ...] = ()
    """Filters that are one word away from it."""


@dataclass(frozen=True, slots=True)
class Story:
    """What became of an article for one who follows its feed."""

    article: Article
    known_at: datetime
    """When it was first seen in its feed."""
    subscription: Subscription
    followed_since: datetime
    state: RowState | None = None
    """None: it is not owed, and never was."""
    owed_at: datetime | None = None
    closed_at: datetime | None = None
    """When it was sent or given up."""
    attempts: int = 0
    reason: str | None = None
    """Why it is not sent yet, or never will be."""
    follow: tuple[str, str] | None = None
    """The name and filter of the follow that sent it here from another place, whose subscription this is then; None:
    it is about the subscription itself."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a feed that a chat follows fares."""

    subscription: Subscription
    succeeded_at: datetime | None
    """The last check that went well; None if none did."""
    next_check_at: datetime | None
    """In the past if it is due; None if it was put aside."""
    beat: Beat | None
    """How often articles come; None if it is not known."""
    gap: timedelta | None
    """From the last check to the next; None if there is none."""
    failing_since: datetime | None
