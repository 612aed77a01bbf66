"""A child process whose reader does what the body says. `python -m tests.fetch.odd_child`."""

from __future__ import annotations

import os
import runpy
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import cast

import bot
from bot.model import ParsedFeed, ReadResult

CHILD = str(Path(bot.__file__).parent / "fetch" / "child.py")


def _raise() -> None:
    raise ValueError("a mistake of ours")


def _recurse() -> None:
    _recurse()


def _watched() -> None:
    runpy.run_path(CHILD)["end_beyond"](10 << 20, lambda: 11 << 20)
    time.sleep(60)


ODDITIES: dict[bytes, Callable[[], object]] = {
    b"hang": lambda: time.sleep(60),
    b"die": lambda: os._exit(1),
    b"raise": _raise,
    b"recurse": _recurse,
    b"eat": lambda: bytes(4 << 30),
    b"killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    b"watched": _watched,
    b"print": lambda: print("a stray line", flush=True),
}
ANSWERS: dict[bytes, Callable[[], object]] = {
    b"env": lambda: _feed(" ".join(sorted(os.environ))),
    b"foreign": lambda: Path("/"),
    b"counter": lambda: Counter("a"),
    b"none": lambda: None,
}


def odd_read(body: bytes, *, url: str, content_type: str = "") -> ReadResult:
    if body in ANSWERS:
        return cast(ReadResult, ANSWERS[body]())
    if body in ODDITIES:
        ODDITIES[body]()
    return _feed(f"{os.getpid()} {content_type} {len(body)}")


def _feed(title: str) -> ParsedFeed:
    return ParsedFeed(title=title, site=None, language="", entries=())


if __name__ == "__main__":
    # By its file, as the bot does it: the room around it would import aiohttp.
    runpy.run_path(CHILD)["serve"](odd_read)
