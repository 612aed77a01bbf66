"""When the next message may go."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import ChatKind, ChatPace, Pace
from bot.pacing import after, answer_turn, is_late, limits, moved, place, refused, room, together

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LIMITS = limits(global_rate=28, chat_rate=1, group_rate=20)
ADA, BEA = 1001, 1003


def alerts(kind: ChatKind, count: int) -> list[float]:
    """When each of so many alerts to one chat goes, in seconds from the first."""
    pace, at, found = ChatPace(), NOW, []
    for _ in range(count):
        at = max(at, pace.ready_at or at)
        pace = after(pace, at, LIMITS.of(kind))
        found.append((at - NOW).total_seconds())
    return found


def most_in(span: float, moments: list[float]) -> int:
    """The most that any window of so many seconds holds."""
    return max(sum(start <= moment < start + span for moment in moments) for start in moments)


def test_a_private_chat_gets_one_a_second() -> None:
    assert alerts(ChatKind.PRIVATE, 4) == pytest.approx([0, 1.03, 2.06, 3.09])


@pytest.mark.parametrize("kind", [ChatKind.GROUP, ChatKind.CHANNEL])
def test_a_group_gets_all_but_one_of_its_twenty_at_once_and_then_waits_for_its_minute(kind: ChatKind) -> None:
    """The one kept free is for answers to people."""
    moments = alerts(kind, 60)
    assert moments[:19] == [0] * 19
    assert moments[19] == pytest.approx(61.8)
    assert most_in(60, moments) == 19


def test_an_answer_fits_into_a_group_that_alerts_have_filled() -> None:
    window = LIMITS.of(ChatKind.GROUP)
    pace = ChatPace()
    for _ in range(19):
        pace = after(pace, NOW, window)
    assert answer_turn(NOW, pace, window) == NOW
    assert answer_turn(NOW, after(pace, NOW, window), window) == NOW + window.span


def test_an_album_counts_as_its_pictures() -> None:
    window = LIMITS.of(ChatKind.GROUP)
    pace = after(ChatPace(), NOW, window, count=10)
    assert answer_turn(NOW, pace, window, count=10) == NOW
    assert answer_turn(NOW, pace, window, count=11) == NOW + window.span


def test_all_chats_together_keep_the_global_rate() -> None:
    pace, moments = Pace(), []
    for _ in range(57):
        at, pace = place(NOW, pace, LIMITS)
        moments.append((at - NOW).total_seconds())
    assert moments[28] == pytest.approx(1.0, abs=1e-4)
    assert moments[56] == pytest.approx(2.0, abs=1e-4)


MS = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("place_at", "goes_at"),
    [
        pytest.param(NOW, NOW, id="who has the line alone goes at once"),
        pytest.param(NOW + 1 * MS, NOW + 10 * MS, id="a place ahead goes at the end of its hundredth"),
        pytest.param(NOW + 10 * MS, NOW + 10 * MS, id="that end is part of it"),
        pytest.param(NOW + 11 * MS, NOW + 20 * MS, id="the next hundredth has its own"),
        pytest.param(NOW + 995 * MS, NOW + SECOND, id="the last one ends with the second"),
    ],
)
def test_alerts_of_one_hundredth_of_a_second_go_together(place_at: datetime, goes_at: datetime) -> None:
    assert together(NOW, place_at) == goes_at


def test_going_together_keeps_telegrams_rate_in_every_second() -> None:
    pace, moments = Pace(), []
    for _ in range(200):
        at, pace = place(NOW, pace, LIMITS)
        moments.append((together(NOW, at) - NOW).total_seconds())
    assert most_in(1, moments) <= 30


def test_the_past_gives_no_credit() -> None:
    """A bot that was silent for a day may not send a day's messages at once."""
    at, pace = place(NOW, Pace(due_at=NOW - timedelta(days=1)), LIMITS)
    assert (at, pace.due_at) == (NOW, NOW + LIMITS.gap)


@pytest.mark.parametrize(
    ("due", "places"),
    [
        pytest.param(None, 15, id="a free line: half a second at 28 a second, and the one now"),
        pytest.param(NOW + SECOND / 4, 8, id="half of it is taken"),
        pytest.param(NOW + SECOND, 0, id="all of it is taken"),
    ],
)
def test_room(due: datetime | None, places: int) -> None:
    assert room(NOW, Pace(due_at=due), LIMITS, SECOND / 2) == places


def test_one_chat_refused_slows_all_a_little_and_stops_nobody_else() -> None:
    pace = refused(Pace(), ADA, NOW, 30 * SECOND)
    assert pace.due_at is None
    assert pace.slowdown == pytest.approx(1.1)


def test_two_chats_refused_together_stop_all() -> None:
    """Then it was the limit of all chats."""
    once = refused(Pace(), ADA, NOW, 30 * SECOND)
    assert refused(once, ADA, NOW + SECOND, 30 * SECOND).due_at is None
    assert refused(once, BEA, NOW + SECOND, 30 * SECOND).due_at == NOW + 31 * SECOND
    assert refused(once, BEA, NOW + 60 * SECOND, 30 * SECOND).due_at is None


def test_the_rate_creeps_back() -> None:
    pace = refused(Pace(), ADA, NOW, SECOND)

    def gap(later: timedelta) -> float:
        at, after_it = place(NOW + later, pace, LIMITS)
        assert after_it.due_at
        return (after_it.due_at - at) / LIMITS.gap

    assert gap(timedelta(0)) == pytest.approx(1.1, abs=1e-3)
    assert gap(timedelta(minutes=1)) == pytest.approx(1.05, abs=1e-3)
    assert gap(timedelta(hours=1)) == pytest.approx(1.0, abs=1e-3)


def test_a_clock_that_went_back_an_hour_does_not_silence_the_bot_for_an_hour() -> None:
    hour = timedelta(hours=1)
    assert place(NOW, Pace(due_at=NOW + hour), LIMITS)[0] == NOW
    full = ChatPace(tuple(NOW + hour for _ in range(20)))
    assert answer_turn(NOW, full, LIMITS.of(ChatKind.GROUP)) == NOW


def test_a_refusal_of_all_may_last_an_hour() -> None:
    pace = Pace(due_at=NOW + timedelta(hours=1), refused_at=NOW - SECOND, refused_chat=ADA)
    assert place(NOW, pace, LIMITS)[0] == NOW + timedelta(hours=1)


def seconds(*numbers: float) -> tuple[datetime, ...]:
    return tuple(NOW + number * SECOND for number in numbers)


@pytest.mark.parametrize(
    ("kind", "late", "matters"),
    [
        pytest.param(ChatKind.PRIVATE, 0.09, False, id="a private chat's three seconds have 90 ms to spare"),
        pytest.param(ChatKind.PRIVATE, 0.091, True, id="and no more"),
        pytest.param(ChatKind.GROUP, 1.8, False, id="a group's minute has 1.8 s to spare"),
        pytest.param(ChatKind.GROUP, 1.801, True, id="and no more than that"),
        pytest.param(ChatKind.GROUP, -3600, False, id="the clock went back an hour"),
    ],
)
def test_what_is_late(kind: ChatKind, late: float, matters: bool) -> None:
    assert is_late(NOW, NOW + late * SECOND, LIMITS.of(kind)) is matters


@pytest.mark.parametrize(
    ("recent", "ready", "planned", "later", "recent_then", "ready_then"),
    [
        pytest.param((0,), 1.03, 0, 0.5, (0.5,), 1.53, id="the next waits from when it really went"),
        pytest.param((-1, 0), 1.03, 0, 2, (-1, 2), 3.03, id="what went before it stays"),
        pytest.param((0, 0.2), 1.23, 0, 0.1, (0.1, 0.2), 1.23, id="an answer that went meanwhile stays"),
        pytest.param((0, 0.2), 1.23, 0, 9, (0.2, 9), 10.03, id="also if it overtook it"),
        pytest.param((0,), 60, 0, 0.5, (0.5,), 60, id="a longer wait, which Telegram asked for, stays"),
        pytest.param(
            (1, 2, 3), 4.09, 0, 2.5, (2, 2.5, 3), 5.09, id="three answers went since: it is forgotten"
        ),
        pytest.param((0, 0), 3.09, 0, 1, (1, 1), 3.09, id="an album counts as its pictures"),
    ],
)
def test_what_went_late_is_moved(
    recent: tuple[float, ...],
    ready: float,
    planned: float,
    later: float,
    recent_then: tuple[float, ...],
    ready_then: float,
) -> None:
    pace = ChatPace(seconds(*recent), *seconds(ready))
    found = moved(pace, NOW + planned * SECOND, NOW + later * SECOND, LIMITS.of(ChatKind.PRIVATE))
    assert found == ChatPace(seconds(*recent_then), *seconds(ready_then))


@given(
    kind=st.sampled_from(list(ChatKind)),
    steps=st.lists(st.tuples(st.booleans(), st.integers(0, 20_000), st.integers(1, 4)), max_size=80),
)
def test_no_window_ever_holds_more_than_telegram_allows(
    kind: ChatKind, steps: list[tuple[bool, int, int]]
) -> None:
    """Alerts and answers in any mixture, at any moments; albums of up to four."""
    window = LIMITS.of(kind)
    now, pace, sent = NOW, ChatPace(), []
    for is_answer, wait, count in steps:
        now += timedelta(milliseconds=wait)
        count = min(count, window.count) if is_answer else 1
        at = answer_turn(now, pace, window, count) if is_answer else max(now, pace.ready_at or now)
        pace = after(pace, at, window, count)
        sent += [(at - NOW).total_seconds()] * count
        now = at
    allowed, span = (3, 3.0) if kind is ChatKind.PRIVATE else (20, 60.0)
    assert not sent or most_in(span, sent) <= allowed
