"""When the next message may go."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Chat, ChatKind
from bot.pacing import Limit, Limits, next_turn

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LIMITS = Limits(everybody=Limit(SECOND / 28), private=Limit(SECOND), group=Limit(3 * SECOND))


def chat(kind: ChatKind, number: int = 1) -> Chat:
    return Chat(number, kind, "", "en")


def moments(chats: list[Chat], limits: Limits = LIMITS) -> list[float]:
    """When each of these messages goes, one drain after the other, in seconds from the first."""
    paces: Mapping[str, datetime] = {}
    found = []
    for one in chats:
        turn = next_turn(NOW, one, paces, limits)
        while not turn.taken:
            turn = next_turn(turn.at, one, paces, limits)
        paces = {**paces, **turn.paces}
        found.append(round((turn.at - NOW).total_seconds(), 3))
    return found


PRIVATE, GROUP, CHANNEL = chat(ChatKind.PRIVATE), chat(ChatKind.GROUP), chat(ChatKind.CHANNEL)


@pytest.mark.parametrize(
    ("chats", "seconds"),
    [
        pytest.param([PRIVATE], [0], id="the first goes at once"),
        pytest.param([PRIVATE] * 3, [0, 1, 2], id="one a second to a private chat"),
        pytest.param([GROUP] * 3, [0, 3, 6], id="20 a minute to a group"),
        pytest.param([CHANNEL] * 3, [0, 3, 6], id="20 a minute to a channel"),
    ],
)
def test_one_chat(chats: list[Chat], seconds: list[float]) -> None:
    assert moments(chats) == seconds


def test_all_chats_together_keep_the_global_rate() -> None:
    many = moments([chat(ChatKind.PRIVATE, number) for number in range(57)])
    assert many[28] == pytest.approx(1.0)
    assert many[56] == pytest.approx(2.0)


def test_a_burst_is_as_large_as_the_limit_says() -> None:
    limits = Limits(everybody=Limit(SECOND / 28), private=Limit(SECOND, burst=3), group=Limit(SECOND))
    assert moments([PRIVATE] * 5, limits) == [0, 0.036, 0.071, 1, 2]


def test_the_past_gives_no_credit_beyond_the_burst() -> None:
    """A chat that was silent for a day may not get a day's messages at once."""
    yesterday = {"all": NOW - timedelta(days=1), "chat:1": NOW - timedelta(days=1)}
    turn = next_turn(NOW, PRIVATE, yesterday, LIMITS)
    assert turn.at == NOW
    assert turn.paces["chat:1"] == NOW + SECOND


def test_a_chat_that_waits_for_itself_takes_no_place_among_all() -> None:
    """Otherwise one busy chat would push the line of everybody ahead."""
    first = next_turn(NOW, PRIVATE, {}, LIMITS)
    second = next_turn(NOW, PRIVATE, first.paces, LIMITS)
    assert (second.taken, second.at) == (False, NOW + SECOND)
    assert next_turn(NOW, chat(ChatKind.PRIVATE, 2), {"all": first.paces["all"]}, LIMITS).at < NOW + SECOND
