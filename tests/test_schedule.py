"""When a feed is due again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.schedule import Rhythm, next_check_at, spread_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTES = timedelta(minutes=1)
RHYTHM = Rhythm(shortest=1 * MINUTES, normal=10 * MINUTES, longest=1440 * MINUTES)


@pytest.mark.parametrize(
    ("failures", "wish", "gap"),
    [
        pytest.param(0, None, 10 * MINUTES, id="healthy: the normal gap"),
        pytest.param(0, 3 * MINUTES, 10 * MINUTES, id="the server may not hurry us"),
        pytest.param(0, 60 * MINUTES, 60 * MINUTES, id="the server may slow us"),
        pytest.param(0, timedelta(days=3650), 1440 * MINUTES, id="nobody waits longer than the longest gap"),
        pytest.param(1, None, 20 * MINUTES, id="one failure doubles the gap"),
        pytest.param(3, 5 * MINUTES, 80 * MINUTES, id="a short Retry-After does not shorten the backoff"),
        pytest.param(1, 90 * MINUTES, 90 * MINUTES, id="a long Retry-After counts"),
        pytest.param(10_000, None, 1440 * MINUTES, id="a feed dead for years is still asked once a day"),
    ],
)
def test_gap(failures: int, wish: timedelta | None, gap: timedelta) -> None:
    assert next_check_at(NOW, rhythm=RHYTHM, failures=failures, wish=wish, spread=0.0) == NOW + gap


def test_feeds_added_together_drift_apart() -> None:
    gaps = {
        next_check_at(NOW, rhythm=RHYTHM, failures=0, wish=None, spread=spread_of(feed)) - NOW
        for feed in range(50)
    }
    assert len(gaps) == 50
    assert min(gaps) >= 10 * MINUTES
    assert max(gaps) <= 11 * MINUTES


@given(st.integers(0, 1000), st.none() | st.timedeltas(min_value=timedelta(0)), st.floats(0, 1))
def test_the_next_check_is_always_later(failures: int, wish: timedelta | None, spread: float) -> None:
    assert next_check_at(NOW, rhythm=RHYTHM, failures=failures, wish=wish, spread=spread) > NOW
