import pytest


@pytest.fixture(autouse=True)
def _waits_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `app` sets it: python-telegram-bot warns at every old-style wait."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
