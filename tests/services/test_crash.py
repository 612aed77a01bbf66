"""Killed at any point, the bot loses nothing; at most one message doubles."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from bot.store import SqlStore
from tests.fakes import NOW, FakeClock
from tests.services.stage import ADA, RHYTHM, URL, Stage, stage


async def killed(file: Path, point: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.services.killed", str(file), point, stderr=asyncio.subprocess.PIPE
    )
    _, complaint = await process.communicate()
    assert process.returncode == -signal.SIGKILL, complaint.decode()


async def next_life(store: SqlStore) -> Stage:
    """Start again as the app does: free the leases, then tick, reconcile, work."""
    life = stage(store, FakeClock(NOW))
    life.publish("storm", "tides")
    life.clock.advance(RHYTHM.longest)
    async with store.transaction() as tx:
        await tx.release_leases()
    await life.polling.claim_due()
    feed_id = await store.feed_by_url(URL)
    assert feed_id is not None
    await life.polling.check(feed_id)
    await life.delivery.deliver()
    return life


@pytest.mark.parametrize(
    "point",
    [
        pytest.param("before-commit", id="before the commit: the article is found again"),
        pytest.param("after-commit", id="after the commit: the article waits in the outbox"),
        pytest.param("after-send", id="after Telegram accepted it: it doubles, once"),
    ],
)
async def test_killed(point: str, tmp_path: Path) -> None:
    file = tmp_path / "feedbell.db"
    await killed(file, point)
    async with SqlStore(f"sqlite:///{file}") as store:
        first = await next_life(store)
        second = await next_life(store)
    assert first.messenger.sent == [(ADA.id, "storm")]
    assert second.messenger.sent == []
