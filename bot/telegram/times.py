"""Times in words, as people say them: rounded to the unit that matters."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.model import Standing
from bot.telegram.words import Html, Words

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)

# Below these a smaller unit says more: "90 min", "36 hours".
_FEW_HOURS = 2 * _HOUR
_FEW_DAYS = 2 * _DAY

_AGO = ("time.minutes_ago", "time.hours_ago", "time.days_ago")
_AHEAD = ("time.in_minutes", "time.in_hours", "time.in_days")
_EVERY = ("time.every_minutes", "time.every_hours", "time.every_days")

# How many of each a week has, and from how many articles a week on it is the unit that people count in.
_RHYTHMS = (
    (336.0, 168.0, "rhythm.hour"),
    (7.0, 7.0, "rhythm.day"),
    (1.0, 1.0, "rhythm.week"),
    (0.23, 0.23, "rhythm.month"),
)


def ago(words: Words, duration: timedelta) -> Html:
    """How long something is past; "just now" under a minute."""
    return words.html("time.now") if duration < _MINUTE else _counted(words, duration, _AGO)


def ahead(words: Words, duration: timedelta) -> Html:
    """How long something is off; "in a moment" under a minute, or if it is past."""
    return words.html("time.soon") if duration < _MINUTE else _counted(words, duration, _AHEAD)


def reading(words: Words, standing: Standing, now: datetime) -> Html:
    """When a feed was read, and will be."""
    last = standing.succeeded_at
    read = words.html("status.unread") if last is None else ago(words, now - last)
    if standing.next_check_at is None:
        return words.html("status.aside", ago=read)
    return words.html("status.when", ago=read, ahead=ahead(words, standing.next_check_at - now))


def every(words: Words, gap: timedelta) -> Html:
    """How often something happens; never more often than every minute, which is what people care about."""
    return _counted(words, max(gap, _MINUTE), _EVERY)


def rhythm(words: Words, weekly: float) -> Html:
    """How often articles come.

    Args:
        weekly: articles a week.
    """
    for least, unit, key in _RHYTHMS:
        if weekly >= least:
            return words.count(key, round(weekly / unit))
    return words.html("rhythm.rare")


def _counted(words: Words, duration: timedelta, keys: tuple[str, str, str]) -> Html:
    minutes, hours, days = keys
    if duration < _FEW_HOURS:
        return words.count(minutes, round(duration / _MINUTE))
    if duration < _FEW_DAYS:
        return words.count(hours, round(duration / _HOUR))
    return words.count(days, round(duration / _DAY))
