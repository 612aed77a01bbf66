"""Reading in child processes that can be killed: a feed may hang or kill its reader, never the bot.

Not `anyio.to_process`, though it kills as well: its worker runs the parent's main module again (for
`python -m bot` that is the whole bot: 2.2 s and 86 MB a child, against 0.3 s and 25 MB here), inherits every
secret of the environment, takes no memory limit, and an idle one stays for five minutes.
"""

from __future__ import annotations

import asyncio
import io
import os
import pickle
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import structlog

import bot
from bot.fetch.child import HEADER, OUT_OF_MEMORY
from bot.model import (
    Enclosure,
    Entry,
    FeedLink,
    FetchFailed,
    NotAFeed,
    ParsedFeed,
    Problem,
    ReadResult,
    Terms,
)

# By its file, not as `-m bot.fetch.child`: that would import this whole room first, aiohttp and all. -P keeps
# the room's files from passing for modules of their own.
COMMAND = (sys.executable, "-P", str(Path(__file__).with_name("child.py")))
# What a Python needs to start; nothing else, no token above all, goes to where strangers' bytes are read.
_ENVIRONMENT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", "VIRTUAL_ENV")
# feedparser's objects leave the heap stretched: after a body of this size the next child starts afresh.
_STRETCHING = 1024 * 1024
# No feed of 10 MB becomes this much.
_LONGEST_ANSWER = 256 * 1024 * 1024
# Seconds that a child gets to end by itself.
_PATIENCE = 2.0
# How a child ends that needs too much: by itself, or by the kernel when the machine has no more.
_HUNGRY = frozenset({OUT_OF_MEMORY, -signal.SIGKILL})
# All that an answer is built from.
_WORDS = frozenset(
    (kind.__module__, kind.__name__)
    for kind in (
        ParsedFeed,
        Entry,
        Enclosure,
        NotAFeed,
        Problem,
        FeedLink,
        Terms,
        dict,
        datetime,
        timedelta,
        timezone,
    )
)


class Children:
    """A few child processes that read bodies. Use it as an async context manager.

    Args:
        most: children at the same time; each takes a core while it reads, and 40 MB.
        idle: a child with nothing to do ends after this.
        command: what starts a child.
    """

    def __init__(
        self, *, most: int = 2, idle: timedelta = timedelta(seconds=30), command: Sequence[str] = COMMAND
    ) -> None:
        self._turns = asyncio.Semaphore(most)
        self._idle_for = idle.total_seconds()
        self._command = command
        self._idle: list[_Child] = []
        self._ending: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._idle:
            self._dismiss(self._idle.pop())
        await asyncio.gather(*self._ending)

    async def read(
        self, body: bytes, *, url: str, content_type: str, deadline: timedelta
    ) -> ReadResult | FetchFailed:
        """Read a body in a child.

        Args:
            body: a whole document, unzipped.
            url: where it came from; relative links are read against it.
            content_type: as sent.
            deadline: for starting a child, if none is there, and reading; waiting for one's turn apart.

        Returns:
            What was read; or `parse.timeout` (the child is killed), `parse.memory` (it needed too much),
            `parse.crashed` (it died otherwise, or met a mistake of ours).
        """
        request = pickle.dumps((body, url, content_type, deadline.total_seconds()), pickle.HIGHEST_PROTOCOL)
        host = urlsplit(url).hostname or ""
        key = "parse.crashed"
        async with self._turns:
            try:
                async with asyncio.timeout(deadline.total_seconds()):
                    answer = await self._ask(request, stretching=len(body) >= _STRETCHING)
            except TimeoutError:
                return FetchFailed(Problem("parse.timeout", {"host": host}))
            except _DiedError as error:
                key = "parse.memory" if error.status in _HUNGRY else key
                answer = f"status {error.status}"
            except (OSError, pickle.UnpicklingError) as error:
                answer = type(error).__name__
        if isinstance(answer, str):
            structlog.get_logger().warning(key, host=host, size=len(body), reason=answer)
            return FetchFailed(Problem(key, {"host": host}))
        return answer

    async def _ask(self, request: bytes, *, stretching: bool) -> ReadResult | str:
        child = self._take() or _Child(await self._start())
        try:
            answer = await child.ask(request)
        except BaseException:
            # It hangs, it is broken, or nobody waits for its answer any more.
            child.kill()
            self._dismiss(child)
            raise
        if stretching:
            self._dismiss(child)
        else:
            self._keep(child)
        return answer

    def _take(self) -> _Child | None:
        while self._idle:
            child = self._idle.pop()
            if child.is_alive:
                child.wake()
                return child
            self._dismiss(child)
        return None

    def _keep(self, child: _Child) -> None:
        self._idle.append(child)
        child.sleep(self._idle_for, self._retire)

    def _retire(self, child: _Child) -> None:
        self._idle.remove(child)
        self._dismiss(child)

    def _dismiss(self, child: _Child) -> None:
        child.wake()
        task = asyncio.get_running_loop().create_task(child.end())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _start(self) -> asyncio.subprocess.Process:
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        # `bot` need not be installed: the child finds it where the parent did.
        environment["PYTHONPATH"] = str(Path(bot.__file__).parent.parent)
        return await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment,
        )


class _DiedError(Exception):
    """A child ended before it answered."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _Child:
    """One process, asked one thing at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_alive(self) -> bool:
        return self._process.returncode is None

    async def ask(self, request: bytes) -> ReadResult | str:
        """Raises _DiedError if the process does, pickle.UnpicklingError for an answer that is none."""
        to, back = self._process.stdin, self._process.stdout
        assert to is not None
        assert back is not None
        try:
            to.writelines((HEADER.pack(len(request)), request))
            await to.drain()
            length = HEADER.unpack(await back.readexactly(HEADER.size))[0]
            if length > _LONGEST_ANSWER:
                raise pickle.UnpicklingError(f"an answer of {length} bytes")
            answer = await back.readexactly(length)
        except (EOFError, OSError) as error:
            raise _DiedError(await self._process.wait()) from error
        # Thousands of entries take longer to build than the loop may stand still.
        return await asyncio.to_thread(_unpickle, answer) if length >= _STRETCHING else _unpickle(answer)

    def sleep(self, seconds: float, retire: Callable[[_Child], None]) -> None:
        """Call `retire` unless woken before."""
        self._timer = asyncio.get_running_loop().call_later(seconds, retire, self)

    def wake(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def kill(self) -> None:
        # Gone already: that is what was wanted.
        with suppress(ProcessLookupError):
            self._process.kill()

    async def end(self) -> None:
        """Let it end by itself, as its input ends; kill it if it does not."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._process.wait()
        except TimeoutError:
            self.kill()
            await self._process.wait()


class _OurWords(pickle.Unpickler):  # noqa: S301 - its words are limited, which is its purpose
    """Builds what a ReadResult is made of and nothing else: a child that strangers took over stays alone."""

    def find_class(self, module: str, name: str) -> object:
        if (module, name) in _WORDS:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a feed")


def _unpickle(answer: bytes) -> ReadResult | str:
    try:
        value = _OurWords(io.BytesIO(answer)).load()
    except Exception as error:
        # Bytes that are no pickle make it raise nearly anything.
        raise pickle.UnpicklingError from error
    if not isinstance(value, ParsedFeed | NotAFeed | str):
        raise pickle.UnpicklingError(f"{type(value).__name__} is no answer")
    return value
