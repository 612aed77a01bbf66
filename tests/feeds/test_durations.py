"""How long a file plays, as feeds write it."""

import pytest

from bot.feeds.pictures import seconds_of


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        pytest.param("245", 245, id="seconds"),
        pytest.param("4:05", 245, id="minutes and seconds"),
        pytest.param(" 1:02:33 ", 3753, id="hours too"),
        pytest.param("90:00", 5400, id="more than sixty minutes"),
        pytest.param("245.7", 245, id="with a fraction"),
        pytest.param("", None, id="nothing"),
        pytest.param("0", None, id="a film of no length is none"),
        pytest.param("00:00:00", None, id="nor this"),
        pytest.param("4 min", None, id="words"),
        pytest.param("-5", None, id="below nothing"),
        pytest.param("1:2:3:4", None, id="too many parts"),
        pytest.param("٤:٠٥", None, id="figures of another script"),
        pytest.param("9" * 5000, None, id="longer than any"),
    ],
)
def test_seconds(written: str, seconds: int | None) -> None:
    assert seconds_of(written) == seconds
