"""The database cannot be written for a while: the bot waits, says so, loses nothing, and goes on by itself."""

from __future__ import annotations

import asyncio
import os
import re
import resource
import socket
import sqlite3
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.crash.people import ADA, READERS, Reader
from tests.crash.trial import OUT_OF_PATIENCE, Plan, Scene, count, scene

FEW = (Reader(ADA, "harbour"), Reader(ADA, "gazette"), Reader(READERS, "harbour"))
CHATS = 2
LONGER_THAN_SQLITE_WAITS = 9.0  # seconds; the bot lets SQLite wait 5 for a lock
IN_FLIGHT = 2.0  # seconds
TO_SAY_SO = 15.0  # seconds
RECOVERY = 60.0  # seconds until everything must have come after the end of the fault
# Of a tick that could do nothing, or of an answer that could not be written down; with SQLite's own words.
COMPLAINT = (
    r"\[error *\] (?:store\.unavailable|(?:delivery|feed)\.not_recorded) +error='OperationalError: {words}'"
)

Fault = Callable[[Scene], AbstractContextManager[None]]


@contextmanager
def locked(world: Scene) -> Iterator[None]:
    """Another program holds SQLite's one write lock: a backup, a curious owner."""
    other = sqlite3.connect(world.bot.database, isolation_level=None, timeout=10)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def unwritable(world: Scene) -> Iterator[None]:
    """No file takes a byte more: what a disk looks like that the kernel has made read-only.

    By the process's limit on file sizes, since neither permissions nor a remount stop who has the file open already.
    """
    pid = world.bot.alive()
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))


@contextmanager
def full(world: Scene) -> Iterator[None]:
    """The file system has no byte left."""
    filler = world.bot.database.with_name("filler")
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            pass  # now it is full
    try:
        yield
    finally:
        filler.unlink()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk to fill up")
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "feedbell", str(tmp_path)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a small disk to fill up")
    try:
        yield tmp_path
    finally:
        subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


@asynccontextmanager
async def living(folder: Path) -> AsyncIterator[tuple[Scene, str]]:
    """A bot at work on a good line, and the address of its health."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    listen = f"127.0.0.1:{port}"
    async with scene(Plan(), folder, FEEDBELL_HTTP_LISTEN=listen, FEEDBELL_SEND_TIMEOUT="30") as world:
        world.readers = FEW
        await world.bot.start()
        await world.hands.subscribe(FEW, world.papers, world.bot.alive)
        yield world, f"http://127.0.0.1:{port}/readyz"


async def survives(folder: Path, fault: Fault, words: str) -> list[str]:
    """The whole story; one article is in flight as the fault begins, and six more appear during it.

    Args:
        words: SQLite's own, for what is wrong.

    Returns:
        A sentence for each promise that was broken.
    """
    async with living(folder) as (world, readyz):
        world.papers.publish("harbour")
        assert await _soon(lambda: _came(world, 2), within=20), "the first article did not come"
        pid, said_before = world.bot.alive(), len(world.bot.log.read_text())
        # The answer to this one comes during the fault, when it cannot be written down.
        world.line.held = IN_FLIGHT
        world.papers.publish("gazette")
        assert await _soon(lambda: _came(world, 3), within=20), "the second article did not come"
        with fault(world):
            world.line.held = 0.0
            for paper in ("harbour", "gazette") * 3:
                world.papers.publish(paper)
            began = time.monotonic()
            told = await _soon(lambda: _answers(world, readyz, 503), within=TO_SAY_SO)
            await asyncio.sleep(max(0.0, began + LONGER_THAN_SQLITE_WAITS - time.monotonic()))
        said = world.bot.log.read_text()[said_before:]
        await _soon(lambda: _came(world, 12), within=RECOVERY)
        found = await count(world)
        promises = {
            "/readyz did not say so during it": told,
            f"the log did not say so: {said!r}": bool(re.search(COMPLAINT.format(words=words), said)),
            "the process did not live through it": world.bot.alive() == pid,
            f"within {RECOVERY:.0f} s did not come: {found.lost}": not found.lost,
            f"came out of order: {found.disorder}": not found.disorder,
            f"came twice, more than was in flight: {found.doubles}": len(found.doubles) <= CHATS,
            "/readyz is not content after it": await _soon(lambda: _answers(world, readyz, 200), within=20),
        }
        return [broken for broken, kept in promises.items() if not kept]


async def _came(world: Scene, deliveries: int) -> bool:
    return (await count(world)).delivered >= deliveries


async def _answers(world: Scene, readyz: str, status: int) -> bool:
    timeout = aiohttp.ClientTimeout(total=TO_SAY_SO)
    async with world.hands.http.get(readyz, timeout=timeout) as answer:
        return answer.status == status


async def _soon(happened: Callable[[], Awaitable[bool]], *, within: float) -> bool:
    end = time.monotonic() + within
    while time.monotonic() < end:
        if await happened():
            return True
        await asyncio.sleep(0.3)
    return await happened()


async def test_a_database_that_somebody_else_has_locked_for_some_seconds(tmp_path: Path) -> None:
    assert not await survives(tmp_path, locked, "database is locked")


async def test_a_database_that_may_only_be_read(tmp_path: Path) -> None:
    assert not await survives(tmp_path, unwritable, "disk I/O error")


async def test_a_full_disk(small_disk: Path) -> None:
    assert not await survives(small_disk, full, "database or disk is full")


async def test_an_answer_that_comes_when_the_bot_waits_no_longer(tmp_path: Path) -> None:
    """Telegram has taken the message, and nobody knows: it comes again, and is counted as a possible double."""
    async with scene(Plan(), tmp_path, FEEDBELL_SEND_TIMEOUT="1") as world:
        world.readers = (Reader(ADA, "harbour"),)
        await world.bot.start()
        await world.hands.subscribe(world.readers, world.papers, world.bot.alive)
        world.line.held = 3 * IN_FLIGHT
        world.papers.publish("harbour")
        assert await _soon(lambda: _came(world, 1), within=20), "it did not come"
        world.line.held = 0.0
        assert await _soon(lambda: _doubled(world), within=RECOVERY), "it did not come again"
        assert OUT_OF_PATIENCE in world.bot.log.read_text()
        assert await world.bot.stop() == 0
    with sqlite3.connect(world.bot.database) as database:
        assert database.execute("SELECT state, perhaps_double FROM outbox").fetchall() == [("sent", 1)]


async def _doubled(world: Scene) -> bool:
    return len((await count(world)).doubles) > 0
