"""When a feed is due again, and how its failures add up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Beat, Problem, Streak, Terms, Trouble
from bot.schedule import (
    Rhythm,
    beat_after,
    first_beat,
    next_check_at,
    put_aside,
    retry_at,
    spread_of,
    streak_after,
    weekly,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTES = timedelta(minutes=1)
HOURS = timedelta(hours=1)
DAYS = timedelta(days=1)
RHYTHM = Rhythm(shortest=1 * MINUTES, normal=10 * MINUTES, longest=1440 * MINUTES)


def gap_of(weekly: float | None, wish: timedelta | None = None, spread: float = 0.0) -> timedelta:
    beat = None if weekly is None else Beat(weekly, NOW)
    return next_check_at(NOW, rhythm=RHYTHM, beat=beat, terms=Terms(wish), spread=spread) - NOW


@pytest.mark.parametrize(
    ("weekly", "minutes"),
    [
        pytest.param(None, 10, id="nothing is known yet: the normal gap"),
        pytest.param(3360, 1.6, id="a post every three minutes: nearly the shortest gap"),
        pytest.param(50_000, 1, id="faster than we may ask: the shortest gap"),
        pytest.param(168, 7.1, id="one an hour"),
        pytest.param(84, 10, id="twelve a day: what the normal gap is meant for"),
        pytest.param(21, 20, id="three a day"),
        pytest.param(1, 91.7, id="a weekly blog: within two hours"),
        pytest.param(0.23, 191.1, id="one a month: within a few hours"),
        pytest.param(0.001, 1296, id="one in twenty years: once a day, less a tenth to drift"),
    ],
)
def test_the_gap_follows_the_feeds_own_rhythm(weekly: float | None, minutes: float) -> None:
    assert gap_of(weekly) / MINUTES == pytest.approx(minutes, abs=0.06)


@pytest.mark.parametrize(
    ("wish", "gap"),
    [
        pytest.param(3 * MINUTES, 10 * MINUTES, id="the server may not hurry us"),
        pytest.param(60 * MINUTES, 60 * MINUTES, id="the server may slow us"),
        pytest.param(timedelta(days=3650), 1440 * MINUTES, id="max-age=315360000: the longest gap"),
        pytest.param(timedelta(0), 10 * MINUTES, id="stale at once is no hurry either"),
    ],
)
def test_the_servers_wish(wish: timedelta, gap: timedelta) -> None:
    assert gap_of(84, wish) == gap


@pytest.mark.parametrize(
    ("failures", "wish", "gap"),
    [
        pytest.param(1, None, 30 * MINUTES, id="one failure: half an hour"),
        pytest.param(2, None, 60 * MINUTES, id="doubling"),
        pytest.param(6, None, 16 * HOURS, id="doubling still"),
        pytest.param(7, None, 24 * HOURS, id="up to a day"),
        pytest.param(10_000, None, 24 * HOURS, id="a feed dead for years is still asked once a day"),
        pytest.param(3, 5 * MINUTES, 120 * MINUTES, id="a short Retry-After does not shorten the backoff"),
        pytest.param(1, 90 * MINUTES, 90 * MINUTES, id="a long Retry-After counts"),
        pytest.param(1, timedelta(days=400), 24 * HOURS, id="not for longer than the longest gap"),
    ],
)
def test_backing_off_by_the_clock(failures: int, wish: timedelta | None, gap: timedelta) -> None:
    at = retry_at(NOW, rhythm=RHYTHM, failures=failures, terms=Terms(wish), spread=0.0)
    assert 0.9 * gap <= at - NOW <= gap


NIGHT = frozenset({22, 23, 0, 1, 2, 3, 4, 5})
WEEKEND = frozenset({5, 6})
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
FRIDAY = MONDAY + 4 * DAYS


@pytest.mark.parametrize(
    ("now", "terms", "longest", "due"),
    [
        pytest.param(MONDAY + 12 * HOURS, Terms(skip_hours=NIGHT), 24, "Mon 12:10", id="outside: as ever"),
        pytest.param(
            MONDAY + 21.9 * HOURS,
            Terms(skip_hours=NIGHT),
            24,
            "Tue 06:00",
            id="the first minute after the night",
        ),
        pytest.param(
            MONDAY + 23 * HOURS,
            Terms(skip_hours=NIGHT),
            6,
            "Tue 05:00",
            id="but never beyond the longest gap",
        ),
        pytest.param(
            MONDAY + 5.9 * HOURS, Terms(skip_hours=NIGHT), 24, "Mon 06:04", id="already over when it is due"
        ),
        pytest.param(
            FRIDAY + 23.9 * HOURS, Terms(skip_days=WEEKEND), 72, "Mon 00:00", id="the first minute of Monday"
        ),
        pytest.param(
            FRIDAY + 23.9 * HOURS,
            Terms(skip_days=WEEKEND),
            24,
            "Sat 23:54",
            id="a weekend is longer than a day",
        ),
        pytest.param(
            FRIDAY + 21.9 * HOURS, Terms(None, NIGHT, WEEKEND), 72, "Mon 06:00", id="days, and then hours"
        ),
        pytest.param(
            MONDAY + 12 * HOURS, Terms(10 * HOURS, NIGHT), 24, "Tue 06:00", id="a gap that ends in the night"
        ),
        pytest.param(
            MONDAY + 12 * HOURS,
            Terms(None, frozenset(range(24)), frozenset(range(7))),
            24,
            "Tue 12:00",
            id="always skipped: the longest gap, not for ever",
        ),
    ],
)
def test_hours_and_days_that_are_skipped(now: datetime, terms: Terms, longest: int, due: str) -> None:
    rhythm = Rhythm(1 * MINUTES, 10 * MINUTES, longest * HOURS)
    at = next_check_at(now, rhythm=rhythm, beat=None, terms=terms, spread=0.0)
    assert f"{at:%a %H:%M}" == due


def test_a_failed_feed_is_not_asked_in_skipped_hours_either() -> None:
    at = retry_at(MONDAY + 21.9 * HOURS, rhythm=RHYTHM, failures=1, terms=Terms(skip_hours=NIGHT), spread=0.0)
    assert at == MONDAY + 30 * HOURS


@given(
    st.timedeltas(timedelta(0), timedelta(days=14)),
    st.frozensets(st.integers(0, 23)),
    st.frozensets(st.integers(0, 6)),
)
def test_skipping_may_slow_us_never_hurry_us(
    later: timedelta, hours: frozenset[int], days: frozenset[int]
) -> None:
    now = NOW + later
    plain, moved = (
        next_check_at(now, rhythm=RHYTHM, beat=None, terms=terms, spread=0.5)
        for terms in (Terms(), Terms(None, hours, days))
    )
    assert plain <= moved <= now + RHYTHM.longest
    assert moved == now + RHYTHM.longest or not (moved.hour in hours or moved.weekday() in days)


def test_feeds_added_together_drift_apart() -> None:
    gaps = {gap_of(84, spread=spread_of(feed)) for feed in range(50)}
    assert len(gaps) == 50
    assert min(gaps) >= 10 * MINUTES
    assert max(gaps) <= 11 * MINUTES


@pytest.mark.parametrize(
    "wish", [pytest.param(2 * HOURS, id="a wish of the server"), pytest.param(30 * DAYS, id="a long one")]
)
def test_feeds_of_one_server_drift_apart_and_none_comes_too_soon(wish: timedelta) -> None:
    gaps = [gap_of(84, wish, spread_of(feed)) for feed in range(50)]
    assert min(gaps) >= min(wish, RHYTHM.longest)
    assert max(gaps) <= RHYTHM.longest


RATES = st.none() | st.floats(1e-9, 1e9)
WISHES = st.none() | st.timedeltas(min_value=timedelta(0))


@given(RATES, WISHES, st.floats(0, 1), st.integers(0, 1000))
def test_every_gap_is_within_the_bounds_and_later_than_now(
    rate: float | None, wish: timedelta | None, spread: float, failures: int
) -> None:
    retry = retry_at(NOW, rhythm=RHYTHM, failures=failures, terms=Terms(wish), spread=spread) - NOW
    for gap in (gap_of(rate, wish, spread), retry):
        assert RHYTHM.shortest <= gap <= RHYTHM.longest


@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6), WISHES, st.floats(0, 1))
def test_more_articles_never_mean_fewer_checks(
    one: float, other: float, wish: timedelta | None, spread: float
) -> None:
    assert gap_of(max(one, other), wish, spread) <= gap_of(min(one, other), wish, spread)


# --- learning ---


def published(*ages: timedelta | None) -> list[datetime | None]:
    return [None if age is None else NOW - age for age in ages]


@pytest.mark.parametrize(
    ("dates", "rate"),
    [
        pytest.param(published(1 * DAYS, 8 * DAYS, 14 * DAYS), 1.5, id="three in two weeks"),
        pytest.param(published(7 * DAYS), 84, id="one date says nothing"),
        pytest.param(published(None, None), 84, id="no dates"),
        pytest.param(published(*[HOURS / 10 * n for n in range(1, 50)]), 84, id="dates never hurry us"),
        pytest.param(published(*[timedelta(0)] * 20), 84, id="the time of the request, as some write"),
        pytest.param(published(-5 * DAYS, 2 * DAYS, 14 * DAYS), 1, id="a date ahead is a lie"),
        pytest.param(published(3650 * DAYS, 7300 * DAYS), 0.0019, id="a blog that died"),
    ],
)
def test_dates_are_a_hint_at_the_first_read(dates: list[datetime | None], rate: float) -> None:
    assert first_beat(dates, NOW).weekly == pytest.approx(rate, rel=0.02)


def watched(beat: Beat, gap: timedelta, times: int) -> Beat:
    for _ in range(times):
        beat = beat_after(beat, 1, beat.heard_at + gap)
    return beat


@pytest.mark.parametrize(
    ("start", "gap", "times", "rate"),
    [
        pytest.param(84, 3 * MINUTES, 60, 3360, id="a ticker, after three hours"),
        pytest.param(84, 7 * DAYS, 20, 1, id="a weekly blog"),
        pytest.param(0.01, 1 * DAYS, 21, 7, id="a blog that woke up, after three weeks"),
    ],
)
def test_the_rate_is_learned_from_what_came(start: float, gap: timedelta, times: int, rate: float) -> None:
    assert watched(Beat(start, NOW), gap, times).weekly == pytest.approx(rate, rel=0.25)


def test_silence_slows_us_by_and_by() -> None:
    beat = Beat(3360, NOW)
    gaps = [
        next_check_at(NOW + silence, rhythm=RHYTHM, beat=beat, terms=Terms(), spread=0.0) - NOW - silence
        for silence in (timedelta(0), 1 * HOURS, 8 * HOURS, 7 * DAYS, 365 * DAYS)
    ]
    assert gaps == sorted(gaps)
    assert [round(gap / MINUTES) for gap in gaps] == [2, 4, 10, 46, 331]


@given(st.floats(1e-6, 1e6), st.integers(1, 10_000), st.timedeltas(timedelta(0), timedelta(days=9999)))
def test_a_rate_stays_above_nothing(rate: float, new: int, silence: timedelta) -> None:
    beat = Beat(rate, NOW)
    assert beat_after(beat, new, NOW + silence).weekly > 0
    assert 0 < weekly(beat, NOW + silence) <= rate * 1.000001


def test_a_clock_that_was_set_back_does_no_harm() -> None:
    assert beat_after(Beat(1, NOW), 1, NOW - 8 * DAYS).weekly == 1.25


# --- failures in a row ---

GONE, TIMEOUT = Problem("fetch.gone"), Problem("fetch.timeout")
KILLED, CRASHED = Problem("parse.timeout"), Problem("parse.crashed")


def failing(*failures: tuple[timedelta, Problem]) -> tuple[Streak, Trouble | None]:
    """Failures, each so long after the first."""
    streak, aside = Streak(), None
    for after, problem in failures:
        streak = streak_after(streak, problem, NOW + after)
        aside = put_aside(streak, NOW + after)
    return streak, aside


@pytest.mark.parametrize(
    ("failures", "aside"),
    [
        pytest.param([(0 * HOURS, GONE)], None, id="410 once: wait and see"),
        pytest.param([(0 * HOURS, GONE), (8 * HOURS, GONE)], None, id="410 again on the same day"),
        pytest.param([(11.9 * HOURS, GONE), (12.1 * HOURS, GONE)], None, id="on both sides of midnight"),
        pytest.param([(0 * HOURS, GONE), (24 * HOURS, GONE)], Trouble.GONE, id="410 on two different days"),
        pytest.param(
            [(0 * HOURS, GONE), (6 * HOURS, TIMEOUT), (24 * HOURS, GONE)],
            None,
            id="with another answer between",
        ),
        pytest.param([(0 * HOURS, KILLED), (1 * HOURS, CRASHED)], None, id="its reader died twice"),
        pytest.param(
            [(0 * HOURS, KILLED), (1 * HOURS, CRASHED), (3 * HOURS, KILLED)],
            Trouble.UNREADABLE,
            id="its reader died three times",
        ),
        pytest.param(
            [(0 * HOURS, KILLED), (1 * HOURS, TIMEOUT), (2 * HOURS, KILLED), (3 * HOURS, KILLED)],
            Trouble.UNREADABLE,
            id="a failed fetch between them proves nothing",
        ),
        pytest.param(
            [
                (0 * HOURS, KILLED),
                (1 * HOURS, KILLED),
                (2 * HOURS, Problem("parse.broken")),
                (3 * HOURS, KILLED),
            ],
            None,
            id="it was read to its end between them",
        ),
        pytest.param([(n * DAYS, TIMEOUT) for n in range(999)], None, id="never for failing alone"),
    ],
)
def test_what_puts_a_feed_aside(failures: list[tuple[timedelta, Problem]], aside: Trouble | None) -> None:
    assert failing(*failures)[1] == aside


def test_a_streak_knows_when_it_began() -> None:
    streak, _ = failing((0 * HOURS, TIMEOUT), (5 * DAYS, KILLED))
    assert streak == replace(Streak(), since=NOW, kills=1)
