"""When a feed is due again. Pure arithmetic on times handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The operator's bounds on how often a feed is asked."""

    shortest: timedelta
    normal: timedelta
    longest: timedelta


# Doubling stops here: 2^16 normal gaps exceed any sensible `longest`, and a feed dead for years would overflow.
_MOST_DOUBLINGS = 16

# How far feeds added together drift apart, as a share of their gap.
_SPREAD = 0.1


def next_check_at(
    now: datetime, *, rhythm: Rhythm, failures: int, wish: timedelta | None, spread: float
) -> datetime:
    """Say when a feed is due again.

    A healthy feed waits the normal gap, or as long as its server asks. A failing feed waits twice as long after
    each failure. A server may slow us, never hurry us; nobody waits longer than the longest gap.

    Args:
        now: aware UTC.
        failures: failed checks in a row; 0 for a healthy feed.
        wish: what the server asks for (freshness, Retry-After, ttl); None if it said nothing.
        spread: 0.0 to 1.0, fixed per feed, so that feeds added together drift apart.

    Returns:
        Aware UTC, later than `now`.

    Source: RFC 9111 §4.2.1, RFC 9110 §10.2.3, RSS 2.0 <ttl>; backoff by the clock and never a stop, as asked for
    in miniflux 306, 879, 1893.
    """
    backoff = rhythm.normal * (1 << min(failures, _MOST_DOUBLINGS))
    gap = min(max(backoff, wish or rhythm.normal, rhythm.shortest), rhythm.longest)
    return now + gap * (1 + _SPREAD * spread)


def spread_of(feed_id: int) -> float:
    """A feed's own place between 0.0 and 1.0: the fractional part of its multiples of the golden ratio, which
    lie as evenly as can be for any run of ids (Weyl's equidistribution)."""
    return feed_id * 0.618033988749895 % 1.0
