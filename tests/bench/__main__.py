"""`python -m tests.bench [NAME ...]`: all measurements without a name; the names are at the end of this file."""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any

from tests.bench.checks import checks, memory
from tests.bench.condensing import condensing
from tests.bench.filters import filters
from tests.bench.flood import backlog, cpu, group
from tests.bench.mistakes import mistakes
from tests.bench.processes import cpu_seconds, rss_megabytes
from tests.bench.reading import lag, reading
from tests.bench.rig import rig

RUNS = 5
IDLE_FEEDS = 100
IDLE_SECONDS = 60


async def help_() -> None:
    """`python -m bot --help` against an empty Python."""
    ours, bare = (
        statistics.median(_seconds([sys.executable, *words]) for _ in range(RUNS))
        for words in (["-m", "bot", "--help"], ["-c", "pass"])
    )
    print(f"help     {ours:.3f} s, {ours / bare:.1f}x an empty Python ({bare:.3f} s); median of {RUNS}")


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


async def idle() -> None:
    """The bot at rest with 100 feeds at the normal interval of ten minutes."""
    async with rig(interval=600) as bot:
        for start in range(0, IDLE_FEEDS, 10):
            await bot.say("/subscribe " + " ".join(bot.feeds.url(str(start + one)) for one in range(10)))
        # Each is confirmed, and shows a sample.
        await bot.until("Feed ", times=2 * IDLE_FEEDS, within=120)
        await asyncio.sleep(10)
        before, start_time = cpu_seconds(bot.bot.pid), time.perf_counter()
        await asyncio.sleep(IDLE_SECONDS)
        share = (cpu_seconds(bot.bot.pid) - before) / (time.perf_counter() - start_time)
        print(
            f"idle     {rss_megabytes(bot.bot.pid):.0f} MB, {share:.2%} of a core; {IDLE_FEEDS} feeds, {IDLE_SECONDS} s"
        )


async def publish() -> None:
    """From the moment the feed is asked for with a new entry in it, to the message."""
    async with rig(interval=1) as bot:
        await bot.say("/subscribe " + bot.feeds.url("coast"))
        await bot.until("Feed coast")
        waits = []
        for _ in range(2 * RUNS):
            edition = bot.feeds.publish("coast")
            message = await bot.until(f"coast edition {edition}\n")
            waits.append(message["sent_at"] - bot.feeds.fetched["coast", edition])
        typical, worst = statistics.median(waits), max(waits)
        print(f"publish  {typical:.3f} s to the alert, {worst:.3f} s at worst; {len(waits)} articles")


BENCHES: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
    "help": help_,
    "idle": idle,
    "publish": publish,
    "backlog": backlog,
    "group": group,
    "cpu": cpu,
    "checks": checks,
    "memory": memory,
    "reading": reading,
    "lag": lag,
    "condense": condensing,
    "filters": filters,
    "mistakes": mistakes,
}

if __name__ == "__main__":
    for name in sys.argv[1:] or BENCHES:
        asyncio.run(BENCHES[name]())
