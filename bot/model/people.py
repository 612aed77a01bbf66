"""Whom the bot knows and serves, how much they may have, and what its owners tell all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.model.sending import Chat, Letter


class Limit(StrEnum):
    """What can be limited, by the name that owners type."""

    FEEDS = "feeds"
    """That a chat follows."""
    FOLLOWS = "follows"
    """That a chat has over all its feeds."""
    CHANGES = "changes"
    """A minute, by one person or in one chat."""


@dataclass(frozen=True, slots=True)
class Guest:
    """A person or chat that an owner spoke about."""

    id: int
    """Telegram's; the bot may never have met it."""
    admitted: bool | None = None
    """Let in, or turned away; None: neither was said."""
    limits: Mapping[Limit, int] = field(default_factory=dict)
    """Those that differ from everybody's; 0 for no limit."""


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """A chat as an owner sees it."""

    chat: Chat
    feeds: int
    """How many it follows."""
    guest: Guest


class Hearing(StrEnum):
    """How a broadcast fares in one chat."""

    WAITING = "waiting"
    DOUBTFUL = "doubtful"
    """It went out, and nobody knows whether it arrived; it is not tried again, so that nobody has it twice."""
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Broadcast:
    """What an owner tells everybody."""

    id: int
    owner_id: int
    letter: Letter
    tally: Mapping[Hearing, int]
    """How many chats stand where."""


@dataclass(frozen=True, slots=True)
class Address:
    """A chat's place in a broadcast."""

    chat: Chat
    attempts: int
    """Sends that certainly did not arrive."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """Figures by which an owner sees how the bot fares."""

    waiting_since: datetime | None
    """When the oldest alert that may go was made; None if none waits."""
    due_feeds: int
    due_since: datetime | None
    """When the longest due feed was due; None if none is."""
    failing_feeds: int
    refused_at: datetime | None
    """When Telegram last found us too fast; None if it never did."""
