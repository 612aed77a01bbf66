"""Flood limits and faults: pure arithmetic and counting."""

import pytest

from bot.sandbox.faults import Fault, Faults
from bot.sandbox.limits import Limits, Rates
from bot.sandbox.shapes import ChatType


@pytest.mark.parametrize(
    ("kind", "moments", "waits"),
    [
        pytest.param("private", [0, 0, 0], [None, None, None], id="a short burst in private passes"),
        pytest.param("private", [0, 0, 0, 0], [None, None, None, 3], id="then it is one a second on average"),
        pytest.param("private", [0, 1, 2, 3, 4], [None] * 5, id="one a second never waits"),
        pytest.param("supergroup", [0] * 21, [None] * 20 + [60], id="twenty a minute in a group"),
        pytest.param("supergroup", [*range(20), 59, 60], [None] * 20 + [1, None], id="the window slides"),
        pytest.param("channel", [0] * 21, [None] * 20 + [60], id="a channel is as slow as a group"),
    ],
)
def test_one_chat(kind: ChatType, moments: list[float], waits: list[int | None]) -> None:
    limits = Limits(Rates(enabled=True))
    assert [limits.take(moment, 1, kind) for moment in moments] == waits


def test_all_chats_together_get_thirty_a_second() -> None:
    limits = Limits(Rates(enabled=True))
    assert [limits.take(0.0, chat, "private") for chat in range(31)] == [None] * 30 + [1]
    assert limits.take(1.0, 30, "private") is None


def test_every_picture_of_an_album_counts() -> None:
    limits = Limits(Rates(enabled=True))
    assert [limits.take(0.0, 1, "supergroup", count=10) for _ in range(3)] == [None, None, 60]


def test_a_refused_message_does_not_count() -> None:
    """Otherwise a bot that tries again too soon would never get through."""
    limits = Limits(Rates(enabled=True, private_burst=1))
    assert [limits.take(moment, 1, "private") for moment in (0.0, 0.5, 1.0)] == [None, 1, None]


def test_limits_are_off_by_default() -> None:
    limits = Limits()
    assert {limits.take(0.0, 1, "private") for _ in range(100)} == {None}


def test_a_fault_strikes_only_what_it_names_and_as_often_as_it_says() -> None:
    faults = Faults([Fault.read({"method": "sendMessage", "chat": 7, "times": 2, "status": 500})])
    asked = [("getme", 7), ("sendmessage", 8), ("sendmessage", 7), ("sendmessage", 7), ("sendmessage", 7)]
    struck = [faults.strike(method, chat) is not None for method, chat in asked]
    assert struck == [False, False, True, True, False]
    assert faults.waiting == []


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        pytest.param(
            Fault(status=403, description="Forbidden: user is deactivated"),
            403,
            {"ok": False, "error_code": 403, "description": "Forbidden: user is deactivated"},
            id="status and text as given",
        ),
        pytest.param(
            Fault(retry_after=7),
            429,
            {
                "ok": False,
                "error_code": 429,
                "description": "Too Many Requests: retry after 7",
                "parameters": {"retry_after": 7},
            },
            id="retry_after alone is a 429",
        ),
        pytest.param(
            Fault(status=502),
            502,
            {"ok": False, "error_code": 502, "description": "Bad Gateway"},
            id="the usual text",
        ),
    ],
)
def test_the_answer_of_a_fault(fault: Fault, status: int, body: dict[str, object]) -> None:
    assert fault.refuses()
    assert fault.answer() == (status, body)


@pytest.mark.parametrize(
    "raw", [{"drop": "sideways"}, {"metod": "getMe"}], ids=["an unknown drop", "a misspelt field"]
)
def test_a_senseless_fault_is_refused(raw: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"drop|metod"):
        Fault.read(raw)
