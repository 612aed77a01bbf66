"""For every test: nothing leaves this machine, and python-telegram-bot's waits are timedelta."""

import ipaddress
import sys
from typing import Any

import pytest


def _stay_at_home(event: str, args: tuple[Any, ...]) -> None:
    """An audit hook of the interpreter (PEP 578): it sees every connect, whichever library makes it."""
    if event not in {"socket.connect", "socket.sendto"} or not isinstance(args[1], tuple):
        return
    host = str(args[1][0]).partition("%")[0]
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise RuntimeError(f"a test tried to reach {host}")


def pytest_configure() -> None:
    sys.addaudithook(_stay_at_home)


@pytest.fixture(autouse=True)
def _waits_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `app` sets it: python-telegram-bot warns at every old-style wait."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
