"""What an RSS document says of when it wants to be read again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from bot.model import Terms

_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_LONGEST = timedelta(days=365)
_DIGITS = re.compile(r"\s*(\d{1,6})")

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SKIPPED = re.compile(r"<(hour|day)\b[^<>]{0,100}>\s*(\w{1,9})\s*</", re.IGNORECASE)
_HOURS = frozenset(f"{hour:{width}}" for hour in range(25) for width in ("", "02"))
_LISTS = re.compile(r"<skip(?:hours|days)\b", re.IGNORECASE)
_LONGEST_LIST = 2_000
"""Characters of a list of 24 hours, richly set."""


def terms_of(feed: Mapping[str, Any], text: str) -> Terms:
    """Read what a document asks for.

    Args:
        feed: what feedparser found of the channel; of a list it keeps only the last item.
        text: the document itself, for the lists.

    Source: RSS 2.0, <ttl>, <skipHours> (GMT) and <skipDays>; RSS 1.0's module "syndication".
    """
    # What stands before the items and behind them; all of it (both say -1) if there are none.
    channel = text[: text.find("<item")] + text[text.rfind("</item") :]
    skipped = [
        (kind.lower(), value.lower())
        for start in islice(_LISTS.finditer(channel), 2)
        for kind, value in _SKIPPED.findall(channel, start.end(), start.end() + _LONGEST_LIST)
    ]
    # RSS 0.91 counted from 1 to 24.
    hours = {int(value) % 24 for kind, value in skipped if kind == "hour" and value in _HOURS}
    days = {_DAYS.index(value) for kind, value in skipped if kind == "day" and value in _DAYS}
    # One that leaves no time at all is a mistake.
    return Terms(
        gap=_gap(feed),
        skip_hours=frozenset(hours) if len(hours) < 24 else frozenset(),
        skip_days=frozenset(days) if len(days) < 7 else frozenset(),
    )


def _gap(feed: Mapping[str, Any]) -> timedelta | None:
    """Read RSS <ttl> (minutes), else sy:updatePeriod and sy:updateFrequency (times in a period)."""
    ttl = _DIGITS.match(str(feed.get("ttl", "")))
    if ttl and int(ttl[1]):
        return min(timedelta(minutes=int(ttl[1])), _LONGEST)
    period = _PERIODS.get(str(feed.get("sy_updateperiod", "")).strip().lower())
    times = _DIGITS.match(str(feed.get("sy_updatefrequency", "")))
    return period / max(int(times[1]) if times else 1, 1) if period else None
