"""When the next message may go: the generic cell rate algorithm (GCRA) on stored times.

One number a scope, kept in the database, so that a restart remembers and workers share it: the time at which
the next message would be exactly on schedule. Source: ITU-T I.371 Annex A; Telegram's limits: Bots FAQ
("about 30 messages per second", "20 messages per minute" to a group, one a second to a chat).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model import Chat, ChatKind

EVERYBODY = "all"


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` messages at once, then one each `gap`."""

    gap: timedelta
    burst: int = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """The operator's settings, as arithmetic needs them."""

    everybody: Limit
    private: Limit
    group: Limit
    """For groups and channels."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A place in the line."""

    at: datetime
    """When to send; never earlier than the moment asked."""
    paces: Mapping[str, datetime]
    """What to keep once the turn is taken."""


def scopes(chat: Chat) -> tuple[str, str]:
    """The two lines that a message to this chat stands in."""
    return EVERYBODY, f"chat:{chat.id}"


def next_turn(now: datetime, chat: Chat, paces: Mapping[str, datetime], limits: Limits) -> Turn:
    """Find the earliest moment that suits every line.

    Args:
        now: aware UTC.
        paces: the stored times of `scopes(chat)`; a scope never used is missing.
    """
    mine = limits.private if chat.kind is ChatKind.PRIVATE else limits.group
    lines = dict(zip(scopes(chat), (limits.everybody, mine), strict=True))
    at = max(now, *(paces.get(scope, now) - limit.gap * (limit.burst - 1) for scope, limit in lines.items()))
    return Turn(at, {scope: max(at, paces.get(scope, at)) + limit.gap for scope, limit in lines.items()})
