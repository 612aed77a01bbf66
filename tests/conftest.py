"""For every test: nothing leaves this machine, and python-telegram-bot's waits are timedelta."""

import ipaddress
import os
import sys
from typing import Any

import pytest
from hypothesis import settings


def _stay_at_home(event: str, args: tuple[Any, ...]) -> None:
    """An audit hook of the interpreter (PEP 578): it sees every connect, whichever library makes it."""
    if event not in {"socket.connect", "socket.sendto"} or not isinstance(args[1], tuple):
        return
    host = str(args[1][0]).partition("%")[0]
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise RuntimeError(f"a test tried to reach {host}")


def pytest_configure() -> None:
    sys.addaudithook(_stay_at_home)
    # The gate asks the same questions each time; new ones are for whoever is there to read the answer.
    settings.register_profile("gate", derandomize=True)
    if os.environ.get("CI"):
        settings.load_profile("gate")


@pytest.fixture(autouse=True)
def _waits_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `app` sets it: python-telegram-bot warns at every old-style wait."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
