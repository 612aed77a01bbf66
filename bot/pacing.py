"""When the next message may go. Pure arithmetic on stored times, so that a restart remembers and workers share it.

All chats together stand in one line: the generic cell rate algorithm (GCRA, ITU-T I.371 Annex A), one number. Each
chat has a true sliding window besides: the times of its last messages. Source: Telegram's Bots FAQ, "My bot is
hitting limits": about 30 messages a second over all, one a second in a chat, 20 a minute in a group.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.model import ChatKind, ChatPace, Pace

# Our clock and Telegram's see a message at moments that differ by the way of the request; a window kept to the
# millisecond here could be too short there.
_MARGIN = 1.03
# Short bursts are allowed in a private chat, at the same rate: an answer may follow an alert at once.
_PRIVATE_BURST = 3
# Of a group's messages a minute, for answers: alerts leave this many free.
_KEPT_FREE = 1

# After Telegram said "too fast" all gaps grow by this; half of the slowdown is gone after each half-life.
_SLOWER = 1.1
_SLOWEST = 3.0
_HALF_LIFE = timedelta(minutes=1)
# Two chats refused within this time: the limit of all chats was hit, not theirs.
_TOGETHER = timedelta(seconds=10)
# Alerts of one hundredth of a second go at its end, in microseconds.
_TICK = 10_000


@dataclass(frozen=True, slots=True)
class Window:
    """At most `count` messages in any `span`; alerts at least `gap` apart, and never in the places kept free."""

    count: int
    span: timedelta
    gap: timedelta = timedelta(0)
    kept_free: int = 0

    @property
    def margin(self) -> timedelta:
        """How much later than planned a message may arrive without coming too close to the next."""
        return self.span - self.span / _MARGIN


@dataclass(frozen=True, slots=True)
class Limits:
    """The operator's settings, as arithmetic needs them."""

    gap: timedelta
    """Between any two messages."""
    private: Window
    group: Window
    """Of groups and channels."""

    def of(self, kind: ChatKind) -> Window:
        """A chat's own limit."""
        return self.private if kind is ChatKind.PRIVATE else self.group

    def of_number(self, chat_id: int) -> Window:
        """The same by Telegram's own numbers: people are positive, groups and channels negative."""
        return self.private if chat_id > 0 else self.group


def limits(global_rate: float, chat_rate: float, group_rate: float) -> Limits:
    """Turn rates into limits, with a margin.

    Args:
        global_rate: messages a second over all chats.
        chat_rate: messages a second in a private chat.
        group_rate: messages a minute in a group or channel.
    """
    gap = timedelta(seconds=1) / chat_rate * _MARGIN
    in_minute = max(1, int(group_rate))
    return Limits(
        gap=timedelta(seconds=1) / global_rate,
        private=Window(_PRIVATE_BURST, gap * _PRIVATE_BURST, gap),
        group=Window(
            in_minute,
            timedelta(minutes=1) * (in_minute / group_rate) * _MARGIN,
            kept_free=_KEPT_FREE if in_minute > 1 else 0,
        ),
    )


# --- the line of all ---


def room(now: datetime, pace: Pace, limits: Limits, horizon: timedelta) -> int:
    """How many places of the line begin before `now + horizon`."""
    first = _due(now, pace)
    return max(0, math.floor((now + horizon - first) / _gap(now, pace, limits)) + 1)


def place(now: datetime, pace: Pace, limits: Limits, count: int = 1) -> tuple[datetime, Pace]:
    """Take the next place in the line.

    Args:
        count: messages that go at once: an album counts as its pictures.

    Returns:
        When to send, and the line behind it.
    """
    at = _due(now, pace)
    due = at + count * _gap(now, pace, limits)
    return at, Pace(due, pace.slowdown, pace.refused_at, pace.refused_chat)


def together(now: datetime, at: datetime) -> datetime:
    """When an alert really goes whose place in the line is `at`: with all others of that hundredth of a second, at its
    end. At Telegram's own rate each has one to itself; where the rate is high, sends that begin together are answered
    together, and one commit writes them down.
    """
    return at if at <= now else at + timedelta(microseconds=-at.microsecond % _TICK)


def refused(pace: Pace, chat_id: int, now: datetime, retry_after: timedelta) -> Pace:
    """Telegram said "too fast" about a chat: go a little slower; all wait if it says so of two chats together."""
    together = (
        pace.refused_at is not None and now - pace.refused_at < _TOGETHER and pace.refused_chat != chat_id
    )
    slower = min(_slowdown(now, pace) * _SLOWER, _SLOWEST)
    due = max(pace.due_at or now, now + retry_after) if together else pace.due_at
    return Pace(due, slower, refused_at=now, refused_chat=chat_id)


def _due(now: datetime, pace: Pace) -> datetime:
    """When the line's next place begins. Far ahead it does only after a refusal; else the clock went back."""
    due = pace.due_at or now
    was_refused = pace.refused_at is not None and pace.refused_at <= now
    return max(now, due) if was_refused or due - now < _TOGETHER else now


def _gap(now: datetime, pace: Pace, limits: Limits) -> timedelta:
    return limits.gap * _slowdown(now, pace)


def _slowdown(now: datetime, pace: Pace) -> float:
    """What is left of it: the rate creeps back."""
    if pace.refused_at is None:
        return pace.slowdown
    half_lives = max(0.0, (now - pace.refused_at) / _HALF_LIFE)
    return 1 + (pace.slowdown - 1) * math.pow(0.5, half_lives)


# --- a chat's own window ---


def answer_turn(now: datetime, pace: ChatPace, window: Window, count: int = 1) -> datetime:
    """When an answer may go to this chat: as soon as the window has room."""
    return _fits(now, pace, window.count, window, count)


def alert_turn(now: datetime, pace: ChatPace, window: Window, count: int = 1) -> datetime:
    """When an alert of `count` messages may go to this chat. One may at once where the chat is ready."""
    return _fits(now, pace, window.count - window.kept_free, window, count)


def after(pace: ChatPace, at: datetime, window: Window, count: int = 1) -> ChatPace:
    """The chat's pace once a message goes at `at`: also when the next alert may."""
    recent = (*_recent(at, pace, window), *[at] * count)[-window.count :]
    fits = _fits(at, ChatPace(recent), window.count - window.kept_free, window, 1)
    return ChatPace(recent, max(fits, at + count * window.gap))


def is_late(planned: datetime, answered: datetime, window: Window) -> bool:
    """Whether a message that Telegram answered then may have arrived too late for the next one's turn."""
    return answered - planned > window.margin


def moved(pace: ChatPace, planned: datetime, later: datetime, window: Window) -> ChatPace:
    """The chat's pace once what was planned for one moment is known to have gone by a later one at the latest.

    Whatever else was counted meanwhile stays, and no wait becomes shorter.
    """
    others = tuple(time for time in pace.recent if time != planned)
    count = max(1, len(pace.recent) - len(others))  # an album counts as its pictures
    sent = ChatPace(tuple(sorted((*others, *[later] * count))[-window.count :]))
    fits = _fits(later, sent, window.count - window.kept_free, window, 1)
    return replace(sent, ready_at=max(fits, later + window.gap, pace.ready_at or later))


def _fits(now: datetime, pace: ChatPace, places: int, window: Window, count: int) -> datetime:
    """When `count` more fit into `places`; more than it holds may go alone into an empty window."""
    recent = _recent(now, pace, window)
    too_many = len(recent) + min(count, places) - places
    return now if too_many <= 0 else max(now, recent[too_many - 1] + window.span)


def _recent(now: datetime, pace: ChatPace, window: Window) -> list[datetime]:
    """A clock that went back leaves times of the future behind: they do not count."""
    return [time for time in pace.recent if time <= now + window.span]
