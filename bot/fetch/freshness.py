"""What a server says about time: how long its answer stays fresh, and how long to stay away. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# RFC 9111 §1.2.2: a number too large to keep counts as 2^31 seconds.
_LONGEST = 2**31


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Say how long the server wishes not to be asked again.

    `max-age` goes before `Expires`; `no-cache` and `no-store` void both; the time the answer already spent in
    caches (`Age`) is taken off.

    Args:
        headers: of a 200 or a 304; names in any case if the mapping does not mind.
        now: aware UTC; stands in for a missing `Date`.

    Returns:
        Zero if it is stale already; None if the server said nothing.

    Source: RFC 9111 §4.2.1 and §5.2.2.
    """
    directives = _directives(headers.get("Cache-Control", ""))
    if "no-cache" in directives or "no-store" in directives:
        return None
    lifetime = _seconds(directives.get("max-age", ""))
    if lifetime is not None:
        age = _seconds(headers.get("Age", "")) or timedelta(0)
        return max(lifetime - age, timedelta(0))
    return _until_expiry(headers, now)


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Say how long the server asks us to stay away (429, 503).

    Args:
        headers: of the answer.
        now: aware UTC; stands in for a missing `Date`.

    Returns:
        Zero if the moment named has passed; None if the server named none that can be read.

    Source: RFC 9110 §10.2.3: seconds, or a date.
    """
    text = headers.get("Retry-After", "")
    seconds = _seconds(text)
    if seconds is not None:
        return seconds
    moment = _date(text)
    if moment is None:
        return None
    return max(moment - (_date(headers.get("Date", "")) or now), timedelta(0))


def _until_expiry(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    text = headers.get("Expires", "")
    if not text:
        return None
    expires = _date(text)
    if expires is None:
        # `Expires: 0` and its like mean "already" (RFC 9111 §5.3).
        return timedelta(0)
    return max(expires - (_date(headers.get("Date", "")) or now), timedelta(0))


def _directives(cache_control: str) -> dict[str, str]:
    if not cache_control:
        return {}
    pairs = (directive.partition("=") for directive in cache_control.split(","))
    return {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}


def _seconds(text: str) -> timedelta | None:
    text = text.strip()
    if not (text.isascii() and text.isdigit()):
        return None
    # The length first: int() of a million digits would be work.
    return timedelta(seconds=_LONGEST if len(text) > 10 else min(int(text), _LONGEST))


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
