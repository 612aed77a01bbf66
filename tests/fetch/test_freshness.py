"""What servers say about time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.fetch.freshness import fresh_for, retry_after

NOW = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NOTHING = timedelta(0)


@pytest.mark.parametrize(
    ("headers", "wish"),
    [
        pytest.param({}, None, id="silence"),
        pytest.param({"Cache-Control": "max-age=600"}, 10 * MINUTE, id="max-age"),
        pytest.param({"Cache-Control": 'Public, MAX-AGE="600"'}, 10 * MINUTE, id="any case, quoted"),
        pytest.param(
            {"Cache-Control": "max-age=600", "Age": "240"}, 6 * MINUTE, id="less the time in caches"
        ),
        pytest.param({"Cache-Control": "max-age=600", "Age": "9999"}, NOTHING, id="older than it may be"),
        pytest.param({"Cache-Control": "max-age=600", "Age": "-5"}, 10 * MINUTE, id="an age that is none"),
        pytest.param({"Cache-Control": "max-age=0"}, NOTHING, id="stale at once"),
        pytest.param(
            {"Cache-Control": "no-cache, max-age=315360000"},
            None,
            id="no-cache voids max-age, ten years or not",
        ),
        pytest.param(
            {"Cache-Control": "no-store", "Expires": "Wed, 01 May 2024 13:00:00 GMT"}, None, id="no-store"
        ),
        pytest.param(
            {"Cache-Control": "max-age=999999999999999999999"},
            timedelta(seconds=2**31),
            id="a number too large counts as 2^31 seconds",
        ),
        pytest.param({"Cache-Control": "max-age=soon"}, None, id="a number that is none"),
        pytest.param(
            {"Cache-Control": "s-maxage=600"}, None, id="what is meant for shared caches is not for us"
        ),
        pytest.param(
            {"Cache-Control": "max-age=60", "Expires": "Wed, 01 May 2024 13:00:00 GMT"},
            MINUTE,
            id="max-age goes before Expires",
        ),
        pytest.param({"Expires": "Wed, 01 May 2024 12:30:00 GMT"}, 30 * MINUTE, id="Expires, by our clock"),
        pytest.param(
            {"Expires": "Wed, 01 May 2024 12:30:00 GMT", "Date": "Wed, 01 May 2024 12:25:00 GMT"},
            5 * MINUTE,
            id="Expires, by the server's clock",
        ),
        pytest.param({"Expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, NOTHING, id="expired long ago"),
        pytest.param({"Expires": "0"}, NOTHING, id="Expires: 0 means already"),
        pytest.param(
            {"Expires": "Fri, 31 Dec 9999 23:59:59 GMT"},
            datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC) - NOW,
            id="an expiry at the end of the calendar; the schedule caps it",
        ),
        pytest.param(
            {"Expires": "Wed, 01 May 2024 12:30:00 GMT", "Date": "yesterday"},
            30 * MINUTE,
            id="Expires, by our clock if the server's cannot be read",
        ),
        pytest.param({"Cache-Control": ",,=,max-age"}, None, id="directives that are none"),
        pytest.param({"Cache-Control": "max-age=60, max-age=600"}, 10 * MINUTE, id="said twice: the last"),
        pytest.param(
            {"Expires": "Wed, 99 May 2024 99:00:00 GMT"}, NOTHING, id="an expiry that cannot be read"
        ),
    ],
)
def test_how_long_an_answer_stays_fresh(headers: dict[str, str], wish: timedelta | None) -> None:
    assert fresh_for(headers, NOW) == wish


@pytest.mark.parametrize(
    ("headers", "wish"),
    [
        pytest.param({}, None, id="silence"),
        pytest.param({"Retry-After": "120"}, 2 * MINUTE, id="seconds"),
        pytest.param({"Retry-After": " 120 "}, 2 * MINUTE, id="seconds with spaces"),
        pytest.param({"Retry-After": "0"}, NOTHING, id="at once"),
        pytest.param({"Retry-After": "Wed, 01 May 2024 12:05:00 GMT"}, 5 * MINUTE, id="a date, by our clock"),
        pytest.param(
            {"Retry-After": "Wed, 01 May 2024 12:05:00 GMT", "Date": "Wed, 01 May 2024 12:04:00 GMT"},
            MINUTE,
            id="a date, by the server's clock",
        ),
        pytest.param(
            {"Retry-After": "Wed, 01 May 2024 11:00:00 GMT"}, NOTHING, id="a moment that has passed"
        ),
        pytest.param({"Retry-After": "later"}, None, id="neither"),
        pytest.param(
            {"Retry-After": "Wed, 01 May 99999999999 12:00:00 GMT"}, None, id="a year beyond all years"
        ),
        pytest.param(
            {"Retry-After": "Fri, 31 Dec 9999 23:59:59 -0100"}, None, id="past the end of the calendar"
        ),
        pytest.param({"Retry-After": "-1"}, None, id="less than nothing"),
        pytest.param({"Retry-After": "9" * 50}, timedelta(seconds=2**31), id="for ever is 2^31 seconds"),
    ],
)
def test_how_long_to_stay_away(headers: dict[str, str], wish: timedelta | None) -> None:
    assert retry_after(headers, NOW) == wish
