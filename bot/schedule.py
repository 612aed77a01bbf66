"""When a feed is due again, and how its failures add up. Pure arithmetic on times handed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.model import Beat, Problem, Streak, Terms, Trouble

WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)

TYPICAL = 84.0
"""Articles a week (twelve a day) for which the operator's normal gap is meant; also what we expect of a feed that
we know nothing of."""

# A rate weighs as much as this many arrivals: enough that one odd day does not turn it over, few enough that a
# ticker is followed closely within hours.
_WEIGHT = 4
# And no more than this is looked back on: a blog that was dead for years is followed again within weeks.
_LONGEST_MEMORY = 16.0  # weeks

# How far feeds added together drift apart, as a share of their gap.
_SPREAD = 0.1

_FIRST_BACKOFF = timedelta(minutes=30)
_LONGEST_BACKOFF = DAY
# Beyond this doubling means nothing any more, and a feed dead for years would overflow.
_MOST_DOUBLINGS = 16

# A feed that stops its reader so often in a row is put aside: each time costs a process and twenty seconds.
_MOST_KILLS = 3
_KILLS = frozenset({"parse.timeout", "parse.memory", "parse.crashed"})
_GONE = "fetch.gone"
# "Two different days" must not be five minutes around midnight.
_GONE_FOR = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The operator's bounds on how often a feed is asked."""

    shortest: timedelta
    normal: timedelta
    longest: timedelta


def next_check_at(
    now: datetime, *, rhythm: Rhythm, beat: Beat | None, terms: Terms, spread: float
) -> datetime:
    """Say when a feed that is well is due again.

    The gap is `normal * sqrt(TYPICAL / rate)`. Why the root: with a gap g and r articles a week readers wait
    r·g/2 altogether, and we ask week/g times; the sum of the two costs is least where g goes with 1/√r. Asking in
    step with the rate instead (g ~ 1/r) would look at a weekly blog every other day and at a live ticker every
    few seconds. With the normal gap of ten minutes: 12 articles a day wait 10 minutes at most, 3 a day 20, a
    weekly blog an hour and a half, one a month three hours; a ticker's article every three minutes a minute and
    a half. Simulated with chance arrivals and what `beat_after` learns of them: a ticker's articles are 0.9 minutes
    late on average and cost 1.7 checks each; at 3 a day 11 minutes and 21 checks; at one a week 51 minutes and 93.
    A server may slow us, never hurry us.

    Args:
        now: aware UTC.
        beat: how often articles come; None if nothing is known.
        terms: what its server and its document ask for.
        spread: 0.0 to 1.0, fixed per feed, so that feeds added together drift apart.

    Returns:
        Aware UTC, later than `now` by `shortest` to `longest`.

    Source: RFC 9111 §4.2.1, RSS 2.0 <ttl>, <skipHours>, <skipDays>; the root is that of the economic order
    quantity (Harris, 1913).
    """
    rate = TYPICAL if beat is None else weekly(beat, now)
    # Bounded before it is multiplied: a feed that never publishes would overflow.
    own = min(rhythm.normal * min((TYPICAL / rate) ** 0.5, 1e4), rhythm.longest)
    return _waited(now, own, rhythm=rhythm, terms=terms, spread=spread)


def retry_at(now: datetime, *, rhythm: Rhythm, failures: int, terms: Terms, spread: float) -> datetime:
    """Say when a feed that failed is tried again: after half an hour, doubling to a day, then daily for ever.

    By the clock and never "stop after N errors": YouTube answers 404 for every feed for hours on many days.

    Args:
        now: aware UTC.
        failures: failed checks in a row, this one included.
        terms: what its document asks for, but for the gap, which is Retry-After.
        spread: as in `next_check_at`.

    Returns:
        Aware UTC, later than `now` by at most `longest`.

    Source: RFC 9110 §10.2.3; miniflux issues 306, 879, 1893.
    """
    backoff = min(_FIRST_BACKOFF * (1 << min(max(failures - 1, 0), _MOST_DOUBLINGS)), _LONGEST_BACKOFF)
    return _waited(now, backoff, rhythm=rhythm, terms=terms, spread=spread)


def longer(one: timedelta | None, other: timedelta | None) -> timedelta | None:
    """Of two wishes the one that slows us more; None if there is none."""
    return max((wish for wish in (one, other) if wish is not None), default=None)


def _waited(now: datetime, gap: timedelta, *, rhythm: Rhythm, terms: Terms, spread: float) -> datetime:
    least = min(max(rhythm.shortest, terms.gap or rhythm.shortest), rhythm.longest)
    wanted = min(max(gap, least), rhythm.longest)
    at = now + _spread(wanted, least, rhythm.longest, spread)
    return _outside(terms, at, latest=now + rhythm.longest)


def _outside(terms: Terms, at: datetime, *, latest: datetime) -> datetime:
    """Move a moment out of the hours and days that are skipped, but not beyond the latest."""
    while at < latest and (at.hour in terms.skip_hours or at.weekday() in terms.skip_days):
        at = at.replace(minute=0, second=0, microsecond=0) + _HOUR
    return min(at, latest)


def _spread(gap: timedelta, least: timedelta, longest: timedelta, spread: float) -> timedelta:
    """A gap that differs from feed to feed by up to a tenth, within its bounds."""
    room = gap * _SPREAD
    first = max(min(gap, longest - room), least)
    return min(first + room * spread, longest)


def spread_of(feed_id: int) -> float:
    """A feed's own place between 0.0 and 1.0: the fractional part of its multiples of the golden ratio, which
    lie as evenly as can be for any run of ids (Weyl's equidistribution)."""
    return feed_id * 0.618033988749895 % 1.0


# --- how often articles come ---


def first_beat(published: Iterable[datetime | None], now: datetime) -> Beat:
    """Guess how often articles come from the dates of a first document. They may lie, so they never hurry us
    beyond the normal gap: whatever is faster shows itself within the hour."""
    past = [moment for moment in published if moment is not None and moment < now]
    rate = TYPICAL if len(past) < 2 else len(past) / _weeks(max(now - min(past), timedelta(hours=1)))
    return Beat(min(rate, TYPICAL), now)


def beat_after(beat: Beat | None, new: int, now: datetime) -> Beat:
    """Learn from `new` articles, all that came since the last ones: as if we had watched a few come at the old
    rate, and then these. (The mean of a gamma distribution, whose weight is kept at a few arrivals.)"""
    known = beat or Beat(TYPICAL, now)
    watched = min(_WEIGHT / known.weekly + _weeks(now - known.heard_at), _LONGEST_MEMORY)
    return Beat((_WEIGHT + new) / watched, now)


def weekly(beat: Beat, now: datetime) -> float:
    """Articles a week as it looks now: silence since the last one counts against what was learned before."""
    return _WEIGHT / (_WEIGHT / beat.weekly + _weeks(now - beat.heard_at))


def arrivals(beat: Beat | None, since: datetime, now: datetime) -> float:
    """How many articles were to be expected since then; as many as of any feed, where less is known."""
    return max(TYPICAL, beat.weekly if beat else 0.0) * _weeks(now - since)


def _weeks(duration: timedelta) -> float:
    return max(duration / WEEK, 0.0)  # a clock set back is no reason to divide by less than nothing


# --- failures in a row ---


def streak_after(streak: Streak, problem: Problem, now: datetime) -> Streak:
    """One more failure."""
    fetched = not problem.key.startswith("fetch.")
    kills = streak.kills + 1 if problem.key in _KILLS else 0 if fetched else streak.kills
    gone_since = (streak.gone_since or now) if problem.key == _GONE else None
    return replace(streak, since=streak.since or now, kills=kills, gone_since=gone_since)


def put_aside(streak: Streak, now: datetime) -> Trouble | None:
    """Why a feed is no longer checked by itself; None if it goes on.

    Returns:
        GONE after 410 on two different days; UNREADABLE if it stopped its reader three times in a row.
    """
    gone = streak.gone_since
    if gone is not None and gone.date() < now.date() and now - gone >= _GONE_FOR:
        return Trouble.GONE
    return Trouble.UNREADABLE if streak.kills >= _MOST_KILLS else None
