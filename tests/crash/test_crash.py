"""The short form of the crash test: ten kills. The long one is `python -m tests.crash`."""

from pathlib import Path

from tests.crash.trial import Plan, trial


async def test_nothing_is_lost_though_the_bot_is_killed_ten_times_on_a_bad_line(tmp_path: Path) -> None:
    """Each article is owed to every reader at least once, in order, and Telegram never has to say "too fast"."""
    result = await trial(Plan(kills=10, seconds=45, rate=1.0, drain=180), tmp_path)
    assert result.kills > 0
    assert result.reckoning.delivered > 0
    assert result.faults() == [], result.line()
