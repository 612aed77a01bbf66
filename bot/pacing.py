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
    """A place in the line, or the moment to ask again."""

    at: datetime
    """When to send, or to ask again; never earlier than the moment asked."""
    paces: Mapping[str, datetime]
    """What to keep, as the place is taken; empty if it is not, and `at` is when to ask again."""

    @property
    def taken(self) -> bool:
        """Whether the message may go at `at`."""
        return bool(self.paces)


def scopes(chat: Chat) -> tuple[str, str]:
    """The two lines that a message to this chat stands in."""
    return EVERYBODY, f"chat:{chat.id}"


def next_turn(now: datetime, chat: Chat, paces: Mapping[str, datetime], limits: Limits) -> Turn:
    """Find this message's place in the line.

    A chat that has to wait for its own limit takes no place among all: a place far ahead would push the line of
    everybody to that moment, and one busy chat would slow all others.

    Args:
        now: aware UTC.
        paces: the stored times of `scopes(chat)`; a scope never used is missing.
    """
    everybody, mine = scopes(chat)
    my_limit = limits.private if chat.kind is ChatKind.PRIVATE else limits.group
    mine_due, all_due = paces.get(mine, now), paces.get(everybody, now)
    own_turn = mine_due - my_limit.gap * (my_limit.burst - 1)
    if own_turn > now:
        return Turn(own_turn, {})
    at = max(now, all_due - limits.everybody.gap * (limits.everybody.burst - 1))
    return Turn(
        at, {mine: max(at, mine_due) + my_limit.gap, everybody: max(at, all_due) + limits.everybody.gap}
    )
