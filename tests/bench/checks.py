"""What a check costs that finds nothing new, and whether many of them make the bot grow."""

import asyncio
import logging
import statistics
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
import structlog

from bot.clock import SystemClock
from bot.engine.memory import MemoryJobs
from bot.fetch import web_reader
from bot.model import Chat, ChatKind, PollOutcome, Validators
from bot.schedule import Rhythm
from bot.services.polling import Polling
from bot.store import SqlStore

RUNS = 5
HOSTS = 100
FEEDS = 1_000
MANY = 10_000
AT_ONCE = 32
"""GETs under way in the bare loop; as many as the engine checks at the same time."""
SECOND = timedelta(seconds=1)


@asynccontextmanager
async def quiet_feeds(name: str, count: int = FEEDS) -> AsyncIterator[list[str]]:
    """The addresses of so many feeds, of a hundred hosts, that another process serves."""
    command = [sys.executable, "-m", "tests.bench.quiet", str(HOSTS)]
    server = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert server.stdout is not None
    port = int(await server.stdout.readline())
    try:
        yield [f"http://127.0.0.{1 + number % HOSTS}:{port}/{name}{number}" for number in range(count)]
    finally:
        server.terminate()
        await server.wait()


@dataclass
class Checker:
    """All that checks feeds, in this process: the store, the engine, the fetcher; nobody sends."""

    polling: Polling
    jobs: MemoryJobs
    done: int = 0

    async def check(self, feed_id: int) -> None:
        await self.polling.check(feed_id)
        self.done += 1

    async def until(self, count: int) -> None:
        """Claim what is due, batch after batch, until so many checks were made."""
        while self.done < count:
            if self.jobs.health()["queued"] or not await self.polling.claim_due():
                await asyncio.sleep(0.02)

    async def nothing(self) -> None:
        """Whom nobody sends anything."""


@asynccontextmanager
async def checker(urls: list[str], rhythm: Rhythm) -> AsyncIterator[Checker]:
    """Every feed is followed, due, and known in the version that its server has."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="feedbell-bench-"))
        store = await stack.enter_async_context(SqlStore(f"sqlite:///{Path(folder) / 'feedbell.db'}"))
        clock = SystemClock()
        reader = await stack.enter_async_context(web_reader(["127.0.0.0/8"], clock))
        await _subscribe(store, urls)
        jobs = MemoryJobs()
        made = Checker(Polling(store, reader, jobs, clock, rhythm), jobs)
        jobs.register(made.check, made.nothing)
        working = asyncio.create_task(jobs.run())
        try:
            yield made
        finally:
            jobs.stop()
            await working


async def _subscribe(store: SqlStore, urls: list[str]) -> None:
    now = datetime.now(UTC)
    known = PollOutcome(
        0, now, now - SECOND, Validators(etag='"0"'), failures=0, problem=None, policy="guid", title="Quiet"
    )
    async with store.transaction() as tx:
        await tx.save_chat(Chat(1, ChatKind.PRIVATE, "Ada", "en"))
        for number, url in enumerate(urls):
            # In the order in which the bare loop asks them, host by host; else ours would open twice the connections.
            due = replace(known, next_check_at=now - SECOND + number * timedelta(microseconds=1))
            await tx.subscribe(1, None, await tx.add_feed(url, due), now)


async def checks() -> None:
    """1,000 checks of feeds that have not changed, against as many bare conditional GETs. Before they are counted,
    both ask every host once: a process opens its database and compiles its statements once in its life."""
    async with quiet_feeds("quiet", HOSTS + FEEDS) as urls:
        ours, bare = [], []
        for _ in range(RUNS):
            async with checker(
                urls, Rhythm(timedelta(hours=1), timedelta(hours=1), timedelta(hours=1))
            ) as bot:
                await bot.until(HOSTS)
                start = time.process_time()
                await bot.until(HOSTS + FEEDS)
                ours.append(time.process_time() - start)
            bare.append(await _bare(urls))
        ratio = statistics.median(one / other for one, other in zip(ours, bare, strict=True))
        typical, yardstick = (1000 * statistics.median(times) / FEEDS for times in (ours, bare))
        print(
            f"checks   {typical:.2f} ms of CPU a check that finds nothing new, {ratio:.1f}x a bare aiohttp GET"
            f" ({yardstick:.2f} ms); median of {RUNS}, {FEEDS} feeds of {HOSTS} hosts"
        )


async def _bare(urls: list[str]) -> float:
    """CPU-seconds of a conditional GET of each but the first of every host, nothing kept."""
    async with aiohttp.ClientSession() as session:
        await _together(session, iter(urls[:HOSTS]))
        start = time.process_time()
        await _together(session, iter(urls[HOSTS:]))
        return time.process_time() - start


async def _together(session: aiohttp.ClientSession, urls: Iterator[str]) -> None:
    async def get() -> None:
        for url in urls:
            async with session.get(url, headers={"If-None-Match": '"0"'}) as answer:
                await answer.read()

    await asyncio.gather(*(get() for _ in range(AT_ONCE)))


async def memory() -> None:
    """10,000 checks of 1,000 feeds; every fiftieth brings an article."""
    # News is not, here.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    rhythm = Rhythm(SECOND, SECOND, SECOND)
    async with quiet_feeds("news") as urls, checker(urls, rhythm) as bot:
        start = _resident()
        await bot.until(FEEDS)
        warm = _resident()
        await bot.until(MANY)
        print(
            f"memory   {start:.0f} MB at the start, {warm:.0f} MB after {FEEDS:,} checks,"
            f" {_resident():.0f} MB after {MANY:,}"
        )


def _resident() -> float:
    """Megabytes of this process alone, without the children that read."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024
