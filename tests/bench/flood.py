"""A backlog, and how it flows off: rate, order, answers meanwhile, and what a message costs."""

import asyncio
import dataclasses
import itertools
import math
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from bot.model import Article, Chat, ChatKind, Delivery, PollOutcome, Validators
from bot.sandbox.run import Sandbox, simulated_telegram
from bot.store import SqlStore
from tests.bench.processes import cpu_seconds

FIRST_USER = 50_000
CHATS = 500
ARTICLES = 20
MINUTE = 60.0
ROUNDS = 5
NEWSROOM = -1001234567890
ADA = 1001


def people(count: int) -> list[Chat]:
    return [Chat(FIRST_USER + n, ChatKind.PRIVATE, f"Reader {n}", "en") for n in range(count)]


async def fill(database: Path, chats: Sequence[Chat], articles: int) -> None:
    """Every chat is owed every article of one feed."""
    now = datetime.now(UTC)
    outcome = PollOutcome(
        0, now, now + timedelta(days=1), Validators(), failures=0, problem=None, title="Flood"
    )
    new = tuple(
        Article(
            f"k{n}", f"Article {n}", f"https://example.org/{n}", "It happened. It was over soon.", None, now
        )
        for n in range(articles)
    )
    async with SqlStore(f"sqlite:///{database}") as store, store.transaction() as tx:
        feed = await tx.add_feed("http://127.0.0.1:1/feed", outcome)
        readers = []
        for chat in chats:
            await tx.save_chat(chat)
            readers.append((await tx.subscribe(chat.id, None, feed, now), chat.id))
        owed = tuple(Delivery(article.key, reader, chat) for article in new for reader, chat in readers)
        await tx.record_poll(dataclasses.replace(outcome, feed_id=feed, articles=new, deliveries=owed))


@dataclasses.dataclass
class Flood:
    """A bot with a backlog on a simulated Telegram."""

    sandbox: Sandbox
    http: aiohttp.ClientSession
    bot: asyncio.subprocess.Process

    async def calls(self, since: float = 0) -> list[dict[str, Any]]:
        async with self.http.get(f"{self.sandbox.url}/sim/calls", params={"since": str(since)}) as answer:
            found: list[dict[str, Any]] = await answer.json()
            return [call for call in found if call["method"].lower() == "sendmessage"]

    async def until_sent(self, count: int, within: float) -> list[dict[str, Any]]:
        end = time.monotonic() + within
        while len(sent := [call for call in await self.calls() if call["status"] == 200]) < count:
            assert time.monotonic() < end, f"only {len(sent)} of {count} after {within:.0f} s"
            await asyncio.sleep(0.2)
        return sent

    async def answer_time(self) -> float:
        """Seconds from a command to its answer."""
        begun = time.time()
        body = {"user": ADA, "chat": ADA, "text": "/list"}
        async with self.http.post(f"{self.sandbox.url}/sim/send", json=body) as answer:
            assert answer.status == 200
        while not [call for call in await self.calls(begun) if call["chat"] == ADA]:
            assert time.time() - begun < 30, "no answer"
            await asyncio.sleep(0.01)
        return time.time() - begun


@asynccontextmanager
async def flood(
    chats: Sequence[Chat], articles: int, *, rates: dict[str, Any] | None, **settings: str
) -> AsyncIterator[Flood]:
    with TemporaryDirectory(prefix="feedbell-bench-") as folder:
        database = Path(folder) / "feedbell.db"
        await fill(database, chats, articles)
        async with simulated_telegram(port=0) as sandbox, aiohttp.ClientSession() as http:
            for chat in chats:
                if chat.kind is ChatKind.PRIVATE:
                    user = {"id": chat.id, "first_name": chat.title, "started": True}
                    async with http.post(f"{sandbox.url}/sim/chats", json={"user": user}) as answer:
                        assert answer.status == 200, await answer.text()
            if rates:
                await http.post(f"{sandbox.url}/sim/limits", json={"enabled": True, **rates})
            environment = {
                **os.environ,
                "FEEDBELL_TOKEN": sandbox.token,
                "FEEDBELL_API_URL": sandbox.url,
                "FEEDBELL_DATABASE_URL": f"sqlite:///{database}",
                "FEEDBELL_BACKLOG": "100000",
                **settings,
            }
            with (Path(folder) / "bot.log").open("wb") as log:
                command = [sys.executable, "-m", "bot", "run"]
                bot = await asyncio.create_subprocess_exec(*command, env=environment, stderr=log)
                try:
                    yield Flood(sandbox, http, bot)
                finally:
                    bot.terminate()
                    await bot.wait()


async def backlog() -> None:
    """10,000 alerts for 500 people under Telegram's limits, and somebody who types meanwhile."""
    async with flood(people(CHATS), ARTICLES, rates={}) as run:
        await run.until_sent(1, within=20)
        await asyncio.sleep(5)
        start, answers = time.time(), []
        while time.time() - start < MINUTE:
            answers.append(await run.answer_time())
            await asyncio.sleep(1.2)
        calls = [call for call in await run.calls(start) if call["at"] < start + MINUTE]
        share = sum(call["status"] == 200 for call in calls) / MINUTE / 28
        refused = sum(call["status"] == 429 for call in calls)
        p99 = sorted(answers)[math.ceil(len(answers) * 0.99) - 1]
        typical = statistics.median(answers)
        print(f"backlog  {share:.1%} of the global rate over a minute, {refused} times 429; {CHATS} chats")
        print(f"answers  {typical:.3f} s, p99 {p99:.3f} s meanwhile; {len(answers)} commands")


async def group() -> None:
    """500 articles into one group, at sixty times the speed of life."""
    newsroom = Chat(NEWSROOM, ChatKind.GROUP, "Newsroom", "en")
    rates = {"group_rate": 1200, "global_rate": 1000}
    async with flood(
        [newsroom], 500, rates=rates, FEEDBELL_GROUP_RATE="1200", FEEDBELL_GLOBAL_RATE="900"
    ) as run:
        await run.until_sent(500, within=120)
        async with run.http.get(f"{run.sandbox.url}/sim/chats/{NEWSROOM}/messages") as answer:
            texts = [message["text"].split("\n")[0] for message in await answer.json() if "text" in message]
        in_order = [text for text in texts if text.startswith("Article ")] == [
            f"Article {n}" for n in range(500)
        ]
        refused = sum(call["status"] == 429 for call in await run.calls())
        print(f"group    500 articles {'in order' if in_order else 'OUT OF ORDER'}, {refused} times 429")


async def cpu() -> None:
    """What a message costs the bot, against a bare loop of aiohttp POSTs: each chat at Telegram's own rate, but so
    many of them that they keep the bot busy. Medians of five rounds, each beside the loop just before and just after
    it: a machine that others use is not of one speed."""
    bare, ours = [await _yardstick()], []
    for _ in range(ROUNDS):
        ours.append(await _busy())
        bare.append(await _yardstick())
    beside = [(before + after) / 2 for before, after in itertools.pairwise(bare)]
    ratios = sorted(one / other for one, other in zip(ours, beside, strict=True))
    print(
        f"cpu      {statistics.median(ours) * 1000:.2f} ms a message, {statistics.median(ratios):.1f}x a bare "
        f"aiohttp POST ({statistics.median(bare) * 1000:.2f} ms); {ratios[0]:.1f}x to {ratios[-1]:.1f}x"
    )


async def _busy() -> float:
    """CPU-seconds of one message of a bot that has thousands to send."""
    count = 4_000
    fast = {"FEEDBELL_GLOBAL_RATE": "1000"}
    async with flood(people(2 * CHATS), count // (2 * CHATS), rates=None, **fast) as run:
        await run.until_sent(100, within=30)
        begun, already = cpu_seconds(run.bot.pid), len(await run.calls())
        await run.until_sent(count - 100, within=120)
        return (cpu_seconds(run.bot.pid) - begun) / (len(await run.calls()) - already)


async def _yardstick() -> float:
    """CPU-seconds of one bare POST, beside a bot that has nothing to do."""
    async with flood(people(1), 1, rates=None) as run:
        await run.until_sent(1, within=20)
        return await _bare(run.sandbox, 2_000)


async def _bare(sandbox: Sandbox, count: int) -> float:
    """CPU-seconds of one POST in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "tests.bench.bare",
        f"{sandbox.url}/bot{sandbox.token}/sendMessage",
        str(count),
    ]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    return float(output)
