"""Dates in the forms that publishers write, valid or not → aware UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

_ISO = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:[T\s]\s*(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d*)?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{0,2})?",
    re.IGNORECASE,
)
_MONTHS = (
    ("jan", "янв", "ene", "led", "sty", "gen", "oca", "jän"),
    ("feb", "фев", "fev", "fév", "lut", "úno", "şub"),
    ("mar", "мар", "mär", "bře", "mrt"),
    ("apr", "апр", "avr", "abr", "kwi", "dub", "nis"),
    ("may", "май", "мая", "mai", "mag", "maj", "kvě", "mei"),
    ("jun", "июн", "juin", "giu", "cze", "čer", "haz"),
    ("jul", "июл", "juil", "lug", "lip", "tem"),
    ("aug", "авг", "aoû", "ago", "sie", "srp", "ağu"),
    ("sep", "сен", "set", "wrz", "zář", "eyl"),
    ("oct", "окт", "okt", "out", "ott", "paź", "říj", "eki"),
    ("nov", "ноя", "lis", "kas"),
    ("dec", "дек", "déc", "dez", "dic", "gru", "pro", "ara"),
)
_WORDS = re.compile(
    r"(?:(\d{1,2})[.\s/-]+([^\W\d_]{3,})|([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?)[,.\s/-]+(?:de\s+)?(\d{4})"
)
_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_EAST_ASIAN = re.compile(r"(\d{4})\s*[年년/.]\s*(\d{1,2})\s*[月월/.]\s*(\d{1,2})")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]\.?m)?", re.IGNORECASE)
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})\b\s*$")
_EMAIL = re.compile(r"(?:[A-Za-z]{3,9},?\s+)?\d{1,2}\s+[A-Za-z]{3}\s+\d{2,4}\s+\d{1,2}:\d{2}")


def moment(text: str | None) -> datetime | None:
    """Read a date in any form we have met.

    Args:
        text: RFC 822, ISO 8601, or what publishers take for it; English and some other names of months.

    Returns:
        Aware UTC; a date without a zone is taken as UTC. None if it is missing or cannot be read.
    """
    if not text or len(text) > 100:
        return None
    text = " ".join(text.split())
    try:
        return _email(text) or _iso(text) or _loose(text)
    except (ValueError, OverflowError):
        return None


def from_milliseconds(text: str) -> datetime | None:
    """Read milliseconds since 1970, as archived articles have them; None if no calendar reaches that far."""
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(text))
    except (ValueError, OverflowError):
        return None


def _email(text: str) -> datetime | None:
    if not _EMAIL.match(text):
        return None
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError):
        return None
    return _utc(found)


def _iso(text: str) -> datetime | None:
    match = _ISO.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    clock = (int(hour or 0), int(minute or 0), min(int(second or 0), 59))
    digits = (zone or "").replace(":", "")
    offset = UTC
    if digits[:1] in {"+", "-"} and digits:
        shift = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5] or 0))
        offset = timezone(shift if digits[0] == "+" else -shift)
    if clock[0] == 24:
        return _utc(datetime(int(year), int(month), int(day), tzinfo=offset) + timedelta(days=1))
    return _utc(datetime(int(year), int(month), int(day), *clock, tzinfo=offset))


def _loose(text: str) -> datetime | None:
    """Read a day in words or numbers, with a clock time and an offset if they stand somewhere."""
    day = _day_in_words(text) or _day_in_numbers(text)
    if day is None:
        return None
    hour, minute, second = _clock_time(text)
    offset = _OFFSET.search(text)
    found = day.replace(hour=hour, minute=minute, second=second, tzinfo=UTC)
    if offset is None:
        return found
    shift = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
    return found - shift if offset[1] == "+" else found + shift


def _clock_time(text: str) -> tuple[int, int, int]:
    clock = _CLOCK.search(text)
    if clock is None:
        return 0, 0, 0
    hour = int(clock[1])
    half = (clock[4] or "").lower()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour, int(clock[2]), int(clock[3] or 0)


def _day_in_words(text: str) -> datetime | None:
    for match in _WORDS.finditer(text):
        name = (match[2] or match[3]).casefold()
        for number, prefixes in enumerate(_MONTHS, start=1):
            if name.startswith(prefixes):
                return datetime(int(match[5]), number, int(match[1] or match[4]), tzinfo=UTC)
    return None


def _day_in_numbers(text: str) -> datetime | None:
    eastern = _EAST_ASIAN.search(text)
    if eastern is not None:
        return datetime(int(eastern[1]), int(eastern[2]), int(eastern[3]), tzinfo=UTC)
    match = _NUMBERS.search(text)
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    # Day first, unless that is impossible, or a slash makes it American.
    month_first = second > 12 or (match[2] == "/" and first <= 12)
    month, day = (first, second) if month_first else (second, first)
    return datetime(year, month, day, tzinfo=UTC)


def _utc(found: datetime) -> datetime:
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
