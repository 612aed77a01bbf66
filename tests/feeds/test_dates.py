"""Dates read in every form that publishers write."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.feeds.dates import from_milliseconds, moment


def utc(year: int, month: int, day: int, *clock: int) -> datetime:
    return datetime(year, month, day, *clock, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Tue, 03 Mar 2026 08:30:00 +0100", utc(2026, 3, 3, 7, 30), id="RFC 822 with an offset"),
        pytest.param("Tue, 03 Mar 2026 08:30:00 GMT", utc(2026, 3, 3, 8, 30), id="RFC 822 with GMT"),
        pytest.param(
            "Tue, 03 Mar 2026 08:30:00 EST", utc(2026, 3, 3, 13, 30), id="RFC 822 with a zone's name"
        ),
        pytest.param(
            "3 Mar 26 08:30", utc(2026, 3, 3, 8, 30), id="two digits for the year, no zone, no seconds"
        ),
        pytest.param(
            "Mon, 26 Sept 2005 21:46:23+0900", utc(2005, 9, 26, 12, 46, 23), id="four letters, no space"
        ),
        pytest.param("Tuesday, 3 March 2026 08:30:00 +0000", utc(2026, 3, 3, 8, 30), id="names in full"),
        pytest.param("2026-03-03T08:30:00Z", utc(2026, 3, 3, 8, 30), id="ISO 8601"),
        pytest.param("2026-03-03T08:30:00.123456+01:00", utc(2026, 3, 3, 7, 30), id="ISO with fractions"),
        pytest.param("2026-03-03T08:30+0100", utc(2026, 3, 3, 7, 30), id="ISO without seconds or colon"),
        pytest.param(
            "2017-06-02T22:05:47-07", utc(2017, 6, 3, 5, 5, 47), id="ISO with hours alone as offset"
        ),
        pytest.param("2026-03-03 08:30:00", utc(2026, 3, 3, 8, 30), id="ISO with a space"),
        pytest.param("2026-03-03", utc(2026, 3, 3), id="a day alone"),
        pytest.param("20260303T083000Z", utc(2026, 3, 3, 8, 30), id="ISO without dashes"),
        pytest.param("2026-03-03T24:00:00Z", utc(2026, 3, 4), id="the end of a day"),
        pytest.param("2016-12-31T23:59:60Z", utc(2016, 12, 31, 23, 59, 59), id="a leap second"),
        pytest.param("Friday, January 29, 2021 04:42 PM", utc(2021, 1, 29, 16, 42), id="American in words"),
        pytest.param("January 29th, 2021 12:05 a.m.", utc(2021, 1, 29, 0, 5), id="just after midnight"),
        pytest.param("05.02.2025", utc(2025, 2, 5), id="day first with dots"),
        pytest.param("05.02.2025 14:10", utc(2025, 2, 5, 14, 10), id="day first with a time"),
        pytest.param("02/28/2025 10:00:00", utc(2025, 2, 28, 10), id="month first with slashes"),
        pytest.param("28/02/2025", utc(2025, 2, 28), id="slashes, but no month 28"),
        pytest.param("Seg, 24 Set 2018 19:18:49 -0300", utc(2018, 9, 24, 22, 18, 49), id="Portuguese"),
        pytest.param("24 августа 2018 г. 10:00", utc(2018, 8, 24, 10), id="Russian"),
        pytest.param("3 März 2026 08:30", utc(2026, 3, 3, 8, 30), id="German"),
        pytest.param("Mer, 3 fév 2026 08:30:00 +0100", utc(2026, 2, 3, 7, 30), id="French"),
        pytest.param("2026年3月3日 08:30", utc(2026, 3, 3, 8, 30), id="Chinese and Japanese"),
        pytest.param("  2026-03-03\n08:30 ", utc(2026, 3, 3, 8, 30), id="white space around and within"),
    ],
)
def test_a_date_is_read(text: str, expected: datetime) -> None:
    assert moment(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(None, id="missing"),
        pytest.param("", id="empty"),
        pytest.param("yesterday", id="a word"),
        pytest.param("2026-13-45T99:99:99Z", id="no day of any calendar"),
        pytest.param("Tue, 99 Mar 2026 08:30:00 GMT", id="no day of March"),
        pytest.param("0000-00-00 00:00:00", id="a database's zero"),
        pytest.param("0001-01-01T00:00:00+14:00", id="before the first day there is"),
        pytest.param("9" * 5000, id="too long to be a date"),
    ],
)
def test_what_is_no_date_is_none(text: str | None) -> None:
    assert moment(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1712571302000", datetime(2024, 4, 8, 10, 15, 2, tzinfo=UTC), id="an ordinary day"),
        pytest.param("-1000", datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), id="before 1970"),
        pytest.param("9" * 17, None, id="beyond every calendar"),
    ],
)
def test_milliseconds(text: str, expected: datetime | None) -> None:
    assert from_milliseconds(text) == expected
