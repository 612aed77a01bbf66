"""Dates in the forms that publishers write, valid or not → aware UTC.

Not by dateutil, which knows English alone, and guesses: it reads "May I?" as a day of this month.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta

_ISO = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})(?:[Tt ]*(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d*)?)?)?"
    r" *(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?(?:\[.*\])?"
)
# RFC 822 as nearly all feeds have it: apart from the rest, since that is five times as slow.
_RFC_822 = re.compile(
    r"(?:[A-Za-z]+,? )?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d{2}):(\d{2})(?::(\d{2}))? (GMT|UTC?|Z|[+-]\d{2}:?\d{2})"
)
_ENGLISH = "janfebmaraprmayjunjulaugsepoctnovdec"
_MONTH_ALONE = re.compile(r"(\d{4})(?:-(\d{1,2}))?")
_EPOCH = re.compile(r"(\d{10})(?:\d{3}|\.\d*)?")
# The beginnings of months' names, without accents: English, German, French, Spanish, Portuguese, Italian, Dutch,
# Nordic, Polish, Czech, Hungarian, Romanian, Turkish, Finnish, Russian, Ukrainian, Greek, Arabic, Hebrew, Thai.
_NAMES = (
    "jan ene gen ian sty led oca tammi янв січ ιαν ינואר يناير มกราคม มค",
    "feb fev lut uno sub helmi фев лют φεβ פברואר فبراير กุมภาพันธ์ กพ",
    "mar maa mrt bre maalis мар бер μαρ מרץ مارس มีนาคม มีค",
    "apr avr abr kwi dub nis huhti апр кві απρ אפריל ابريل เมษายน เมย",
    "may mai maj mag mei kve touko маи мая тра μαι מאי مايو พฤษภาคม พค",
    "jun juin giu iun cze cer haz kesa июн чер ιουν יוני يونيو มิถุนายน มิย",
    "jul juil lug iul lip cervenc tem heina июл лип ιουλ יולי يوليو กรกฎาคม กค",
    "aug aou ago agu sie srp elo авг сер αυγ אוגוסט اغسطس สิงหาคม สค",
    "sep set sze wrz zar eyl syys сен вер σεπ ספטמבר سبتمبر กันยายน กย",
    "oct okt out ott paz rij eki loka окт жов οκτ אוקטובר اكتوبر ตุลาคม ตค",
    "nov noi lis kas marras ноя лис νοε נובמבר نوفمبر พฤศจิกายน พย",
    "dec dez dic des gru pro ara joulu дек гру δεκ דצמבר ديسمبر ธันวาคม ธค",
)
_TO = r"(?:st|nd|rd|th|er|\.)?[\s.,/-]*(?:de |of )?"
_WORD = r"([^\W\d_][^\d\s.,/-]+)\.?"
_YEAR = r"'?(\d{4}|\d{2})\b"
_THAI_DOT = re.compile(r"(?<=[ก-๛])\.")
_DAY_MONTH_YEAR = re.compile(rf"\b(\d{{1,2}}){_TO}{_WORD}[\s.,/-]+(?:del? |of )?{_YEAR}")
_MONTH_DAY_YEAR = re.compile(rf"{_WORD}\s+(\d{{1,2}})(?:st|nd|rd|th)?\b.*?(?<![\d:+-])(\d{{4}})\b")
_YEAR_MONTH_DAY = re.compile(rf"(\d{{4}})[\s.-]+{_WORD}[\s-]+(\d{{1,2}})(?!\d)")
_BIG_END_FIRST = re.compile(r"(\d{4})\s*[-年년/.]\s*(\d{1,2})\s*[-月월/.]\s*(\d{1,2})")
_SMALL_END_FIRST = re.compile(r"\b(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})\b")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})\s?[:h時时시点點]\s?(\d{2})(?:\s?[:分분]\s?(\d{2}))?")
_MORNING = re.compile(r"\d\s*a\.?\s?m\b|上午|午前|凌晨|早上|오전|πμ|π\.μ|ص")
_EVENING = re.compile(r"\d\s*p\.?\s?m\b|下午|午后|午後|晚上|오후|μμ|μ\.μ|\bم\b")
_OFFSET = re.compile(r"([+-])(\d{1,2})(?::?(\d{2}))?\b")
_ZONE_NAME = re.compile(r"[a-z]{3,4}")
# Minutes before or behind. Where two zones share a name, the one with more publishers: India's IST, Britain's BST.
_ZONES = (
    "edt-240 est-300 cdt-300 cst-360 mdt-360 mst-420 pdt-420 pst-480 akst-540 hst-600 brt-180 art-180 wet+0 west+60"
    " bst+60 cet+60 met+60 mez+60 cest+120 mest+120 mesz+120 eet+120 eest+180 sast+120 msk+180 msd+240 ist+330"
    " wib+420 hkt+480 sgt+480 awst+480 jst+540 kst+540 aest+600 aedt+660 nzst+720 nzdt+780"
)
_EARLIEST = 1900
"""Earlier years are a program's word for "none": .NET says 0001."""
_BUDDHIST = 543
"""Thailand counts from the Buddha's death."""


def moment(text: str | None) -> datetime | None:
    """Read a date in any form we have met.

    Args:
        text: RFC 822, ISO 8601, seconds or milliseconds since 1970, or what publishers take for a date, months in
            some twenty languages, digits in any script. Weekdays are not believed.

    Returns:
        Aware UTC; a date without a zone, or with a military one (RFC 2822 §4.3), is taken as UTC. None if it is
        missing or cannot be read.
    """
    if not text or len(text) > 100:
        return None
    text = " ".join(text.split())
    try:
        found = _rfc_822(text) or _epoch(text) or _iso(text) or _loose(_folded(text))
    except (ValueError, OverflowError):
        return None
    return found if found is not None and found.year >= _EARLIEST else None


def from_milliseconds(text: str) -> datetime | None:
    """Read milliseconds since 1970, as archived articles have them; None if no calendar reaches that far."""
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(text))
    except (ValueError, OverflowError):
        return None


def _rfc_822(text: str) -> datetime | None:
    match = _RFC_822.fullmatch(text)
    place = _ENGLISH.find(match[2].lower()) if match else -1
    if match is None or place < 0 or place % 3:
        return None
    day = datetime(int(match[3]), place // 3 + 1, int(match[1]), tzinfo=UTC)
    clock = timedelta(hours=int(match[4]), minutes=int(match[5]), seconds=min(int(match[6] or 0), 59))
    return _at(day, clock, match[7])


def _epoch(text: str) -> datetime | None:
    """Read ten digits as seconds, thirteen as milliseconds: the years 2001 to 2286."""
    match = _EPOCH.fullmatch(text)
    return from_milliseconds(f"{match[1]}000") if match else None


def _iso(text: str) -> datetime | None:
    match = _ISO.fullmatch(text)
    if match is None:
        alone = _MONTH_ALONE.fullmatch(text)
        return datetime(int(alone[1]), int(alone[2] or 1), 1, tzinfo=UTC) if alone else None
    year, month, day, hour, minute, second, zone = match.groups()
    clock = timedelta(hours=int(hour or 0), minutes=int(minute or 0), seconds=min(int(second or 0), 59))
    return _at(datetime(int(year), int(month), int(day), tzinfo=UTC), clock, zone or "")


def _folded(text: str) -> str:
    """Write letters small and without accents, digits as 0 to 9."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", _THAI_DOT.sub("", text))
    bare = "".join(letter for letter in parts if not unicodedata.combining(letter))
    digits = (str(unicodedata.decimal(letter, letter)) for letter in unicodedata.normalize("NFKC", bare))
    return "".join(digits).casefold()


def _loose(text: str) -> datetime | None:
    """Read a day in words or numbers, and a clock time with a zone if they stand somewhere."""
    day = _day_in_words(text) or _day_in_numbers(text)
    clock = _CLOCK.search(text)
    if day is None or clock is None:
        return day
    hour = int(clock[1])
    if _EVENING.search(text):
        hour = hour % 12 + 12
    elif hour == 12 and _MORNING.search(text):
        hour = 0
    time = timedelta(hours=hour, minutes=int(clock[2]), seconds=min(int(clock[3] or 0), 59))
    return _at(day, time, text[clock.end() :])


def _at(day: datetime, clock: timedelta, zone: str) -> datetime | None:
    """Put day, clock time and the zone behind it together; None if no clock shows that time."""
    if not clock <= timedelta(days=1):
        return None
    offset = _OFFSET.search(zone) if zone else None
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        return day + clock - timedelta(minutes=minutes if offset[1] == "+" else -minutes)
    named = (re.search(rf"\b{name}([+-]\d+)", _ZONES) for name in _ZONE_NAME.findall(zone))
    return day + clock - timedelta(minutes=next((int(found[1]) for found in named if found), 0))


def _day_in_words(text: str) -> datetime | None:
    for pattern, year, month, day in (
        (_DAY_MONTH_YEAR, 3, 2, 1),
        (_MONTH_DAY_YEAR, 3, 1, 2),
        (_YEAR_MONTH_DAY, 1, 2, 3),
    ):
        for match in pattern.finditer(text):
            number = _month(match[month])
            if number is not None:
                return datetime(_full_year(match[year]), number, int(match[day]), tzinfo=UTC)
    return None


def _month(name: str) -> int | None:
    """Know a month by the longest beginning that fits: marraskuu is no March."""
    name = name.removeprefix("ב")
    found = (
        (len(start), number)
        for number, names in enumerate(_NAMES, start=1)
        for start in names.split()
        if name.startswith(start)
    )
    return max(found, default=(0, None))[1]


def _day_in_numbers(text: str) -> datetime | None:
    big = _BIG_END_FIRST.search(text)
    if big is not None:
        return datetime(int(big[1]), int(big[2]), int(big[3]), tzinfo=UTC)
    match = _SMALL_END_FIRST.search(text)
    if match is None:
        return None
    first, second = int(match[1]), int(match[3])
    # Day first, unless that is impossible, or a slash makes it American.
    month_first = second > 12 or (match[2] == "/" and first <= 12)
    month, day = (first, second) if month_first else (second, first)
    return datetime(_full_year(match[4]), month, day, tzinfo=UTC)


def _full_year(digits: str) -> int:
    """Complete two digits as POSIX does, and bring a Buddhist year into our count."""
    year = int(digits)
    if len(digits) == 2:
        return year + (2000 if year < 69 else 1900)
    return year - _BUDDHIST if year >= 1900 + _BUDDHIST and year < 2700 else year
