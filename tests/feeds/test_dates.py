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
        pytest.param("Tue, 03 Mar 2026 08:30:00 CET", utc(2026, 3, 3, 7, 30), id="a European zone's name"),
        pytest.param("Tue, 03 Mar 2026 08:30:00 MSK", utc(2026, 3, 3, 5, 30), id="Moscow's"),
        pytest.param("Tue, 03 Mar 2026 08:30:00 KST", utc(2026, 3, 2, 23, 30), id="Korea's"),
        pytest.param(
            "Tue, 03 Mar 2026 08:30:00 A", utc(2026, 3, 3, 8, 30), id="a military zone says nothing"
        ),
        pytest.param("Tue, 03 Mar 2026 08:30:00 GMT+0200", utc(2026, 3, 3, 6, 30), id="GMT and an offset"),
        pytest.param("Tue, 03 Mar 2026 08:30:00 UTC+2", utc(2026, 3, 3, 6, 30), id="an offset of one digit"),
        pytest.param(
            "Tue, 03 Mar 2026 08:30:00 +0100 (CET)", utc(2026, 3, 3, 7, 30), id="a zone's name as a remark"
        ),
        pytest.param("Wed, 03 Mar 2026 08:30:00 GMT", utc(2026, 3, 3, 8, 30), id="a weekday that is wrong"),
        pytest.param(
            "Tue, 03 Mar 99 08:30:00 GMT", utc(1999, 3, 3, 8, 30), id="two digits of the last century"
        ),
        pytest.param("Tue,03 Mar, 2026 08:30:00 GMT", utc(2026, 3, 3, 8, 30), id="commas in odd places"),
        pytest.param("Tue, 03 Mar 2026 24:00:00 GMT", utc(2026, 3, 4), id="the end of a day, in RFC 822"),
        pytest.param(
            "Tue, 03 Mar 2026 08:30:60 GMT", utc(2026, 3, 3, 8, 30, 59), id="a leap second, in RFC 822"
        ),
        pytest.param(
            "Tue Mar  3 08:30:00 GMT 2026", utc(2026, 3, 3, 8, 30), id="as C writes it, with a zone"
        ),
        pytest.param("Tue Mar 03 08:30:00 +0100 2026", utc(2026, 3, 3, 7, 30), id="the year last"),
        pytest.param("Thursday 5th of March 2026", utc(2026, 3, 5), id="British in words"),
        pytest.param("2026-03-03 08:30:00 EST", utc(2026, 3, 3, 13, 30), id="ISO with a zone's name"),
        pytest.param("2026-03-03 08:30:00 +0000 UTC", utc(2026, 3, 3, 8, 30), id="as Go prints it"),
        pytest.param(
            "2026-03-03T08:30:00+01:00[Europe/Paris]", utc(2026, 3, 3, 7, 30), id="as Java prints it"
        ),
        pytest.param("2026-3-3", utc(2026, 3, 3), id="ISO without zeros"),
        pytest.param("2026-03", utc(2026, 3, 1), id="a month alone"),
        pytest.param("2026", utc(2026, 1, 1), id="a year alone"),
        pytest.param("20260303083000", utc(2026, 3, 3, 8, 30), id="digits alone"),
        pytest.param("1772526600", utc(2026, 3, 3, 8, 30), id="seconds since 1970"),
        pytest.param("1772526600000", utc(2026, 3, 3, 8, 30), id="milliseconds since 1970"),
        pytest.param("2026/03/03 08:30:00", utc(2026, 3, 3, 8, 30), id="slashes, year first"),
        pytest.param("03.03.26", utc(2026, 3, 3), id="dots and two digits"),
        pytest.param("3. 3. 2026 8:30", utc(2026, 3, 3, 8, 30), id="Czech with spaces"),
        pytest.param("12/25/2025 5:30:00 PM", utc(2025, 12, 25, 17, 30), id="as American Windows prints it"),
        pytest.param(
            "Вт, 03 мая 2026 08:30:00 +0300",
            utc(2026, 5, 3, 5, 30),
            id="Russian, with a letter that has an accent",
        ),
        pytest.param("3 березня 2026", utc(2026, 3, 3), id="Ukrainian"),
        pytest.param(
            "mardi 3 août 2026 - 08h30", utc(2026, 8, 3, 8, 30), id="French, with the hour's letter"
        ),
        pytest.param("1er mars 2026", utc(2026, 3, 1), id="French first"),
        pytest.param("3. Dezember 2026 08:30 Uhr", utc(2026, 12, 3, 8, 30), id="German in full"),
        pytest.param("martes, 3 de marzo de 2026", utc(2026, 3, 3), id="Spanish"),
        pytest.param("3 de março de 2026 às 08:30", utc(2026, 3, 3, 8, 30), id="Portuguese in full"),
        pytest.param("3 października 2026", utc(2026, 10, 3), id="Polish"),
        pytest.param("3. července 2026", utc(2026, 7, 3), id="Czech July, which begins as June"),
        pytest.param("Κυρ, 11 Ιούλ 2004 12:00:00 EST", utc(2004, 7, 11, 17), id="Greek"),
        pytest.param(
            "2004-július-13T9:15-05:00", utc(2004, 7, 13, 14, 15), id="Hungarian, as feedparser knows it"
        ),
        pytest.param("2026. március 3. 08:30", utc(2026, 3, 3, 8, 30), id="Hungarian in full"),
        pytest.param("Sal, 03 Ağu 2026 08:30:00 +0300", utc(2026, 8, 3, 5, 30), id="Turkish"),
        pytest.param("3 maart 2026", utc(2026, 3, 3), id="Dutch"),
        pytest.param("3. marraskuuta 2026", utc(2026, 11, 3), id="Finnish November, which begins as March"),
        pytest.param("2026年03月03日 下午8:30", utc(2026, 3, 3, 20, 30), id="Chinese afternoon"),
        pytest.param("2026年3月3日 上午12:30", utc(2026, 3, 3, 0, 30), id="Chinese midnight"),
        pytest.param("2026年3月3日20時30分", utc(2026, 3, 3, 20, 30), id="Japanese clock"),
        pytest.param(
            "2026-03-03 오후 8:30:00", utc(2026, 3, 3, 20, 30), id="Korean afternoon, as feedparser knows it"
        ),
        pytest.param("2026년 3월 3일 오전 8시 30분", utc(2026, 3, 3, 8, 30), id="Korean clock"),
        pytest.param("٣ مارس ٢٠٢٦ ٠٨:٣٠", utc(2026, 3, 3, 8, 30), id="Arabic with its digits"),
        pytest.param("۳/۱۲/۲۰۲۶", utc(2026, 3, 12), id="Persian digits"),
        pytest.param("3 במרץ 2026", utc(2026, 3, 3), id="Hebrew"),
        pytest.param("3 มีนาคม 2569", utc(2026, 3, 3), id="Thai, counted from the Buddha"),
        pytest.param("พฤ., 03 พ.ย. 2005 21:24:18 +0000", utc(2005, 11, 3, 21, 24, 18), id="Thai, cut short"),
        pytest.param(
            "Fri, 31 Dec 9999 23:59:59 GMT",
            utc(9999, 12, 31, 23, 59, 59),
            id="the future is what the publisher says",
        ),
        pytest.param("Thu, 01 Jan 1970 00:00:00 GMT", utc(1970, 1, 1), id="so is 1970"),
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
        pytest.param("Mon, 01 Jan 0001 00:00:00 +0000", id="a program's first day, which means none"),
        pytest.param("Tue, 03 Mar 2026 99:99:99 GMT", id="no clock shows it"),
        pytest.param("9999999999999999", id="digits that count nothing"),
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
