"""One crash test from beginning to end: the world is set up, the bot dies again and again, and then all is counted."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bot.sandbox.run import simulated_telegram
from tests.crash.line import PATIENCE, SENDS, Line, bad_line
from tests.crash.mortal import MortalBot
from tests.crash.newspapers import Newspapers, newspapers
from tests.crash.people import GUESTS, PAPERS, Hands, Reader, readership
from tests.crash.reckoning import Reckoning, Shown, certainly_known, headlines, owed_to, reckon

# A start takes a good second: some die before they are awake, most at work, a few after they waited for an answer in
# vain.
SHORTEST_LIFE, LONGEST_LIFE = 0.5, 7.0  # seconds
SMALL_TALK = 3.0  # seconds between two commands of somebody, on average
COMMANDS = ("/list", "/help", "/start")
WINDOW = 61.0  # seconds that Telegram's longest limit looks back, and a little
OUT_OF_PATIENCE = "reason='no answer in time'"
CUT_SHORT = 20.0  # seconds; a group takes its messages in bursts, with pauses as long as this
HEARTBEAT = 0.02  # seconds
TELLING_PAUSE = (
    0.05  # seconds; 28 a second are planned and 30 allowed: so much later, two more come within one second
)
STILL = 4.0  # seconds without a new message before the outbox may be called empty


@dataclass(frozen=True, slots=True)
class Plan:
    """How hard it is to be."""

    kills: int = 100
    seconds: float | None = None
    """Kill no more after this long; None for no such limit."""
    seed: int = 1
    rate: float = 3.0
    """Articles a second, of all papers together."""
    bad_calls: float = 0.15
    """The share of sends that meet a mishap."""
    small_talk: bool = True
    """Whether people give commands meanwhile, whose answers Telegram counts like alerts."""
    drain: float = 300.0
    """Seconds that the last bot may take for what is left."""


@dataclass
class Result:
    """What a trial came to."""

    kills: int
    unknown: int
    """Sends of which the bot could not know that they went out."""
    too_fast: tuple[str, ...]
    """429s that Telegram's own limits gave, not the line."""
    at_a_pause: int
    """Such as came when the simulator had just stood still, so that calls of two moments came as one."""
    given_up: int
    """Sends whose answer the bot did not wait for any longer, as its log says."""
    mishaps: Counter[str]
    digests: int
    reckoning: Reckoning
    drained_in: float
    cut_short: bool
    """Messages still came when the time to drain was up."""

    def line(self) -> str:
        found = self.reckoning
        return (
            f"kills {self.kills}  delivered {found.delivered}  lost {len(found.lost)}  "
            f"doubles {len(found.doubles)}  order violations {len(found.disorder)}  429s {len(self.too_fast)}"
        )

    @property
    def _how_sure(self) -> str:
        return " or late, as messages still came when the time was up (--drain)" if self.cut_short else ""

    def faults(self) -> list[str]:
        """Each promise that was broken, with its first evidence; empty if all were kept."""
        found = self.reckoning
        allowed = self.kills + self.unknown
        broken = {
            f"lost{self._how_sure}: {found.lost[:5]}": bool(found.lost),
            f"doubles beyond the {allowed} explained: {found.doubles[:5]}": len(found.doubles) > allowed,
            f"out of order: {found.disorder[:5]}": bool(found.disorder),
            f"too fast: {self.too_fast[:5]}": bool(self.too_fast),
        }
        return [sentence for sentence, is_so in broken.items() if is_so]


@dataclass
class Scene:
    """Everything a trial stands in."""

    plan: Plan
    papers: Newspapers
    line: Line
    hands: Hands
    bot: MortalBot
    readers: tuple[Reader, ...] = field(default_factory=readership)
    pauses: list[tuple[float, float]] = field(default_factory=list)
    """When this process had not come to its work for how long, in seconds."""

    @property
    def chats(self) -> list[int]:
        return sorted({reader.chat for reader in self.readers})

    async def shown(self) -> list[Shown]:
        """All headlines that arrived, chat by chat."""
        return [
            one
            for chat in self.chats
            for one in headlines(await self.hands.written(chat), chat, self.papers.names)
        ]


@asynccontextmanager
async def scene(plan: Plan, folder: Path, **settings: str) -> AsyncIterator[Scene]:
    """Simulator with Telegram's limits on, line, papers, people; the bot is not started.

    Args:
        folder: for the database and the bot's log.
        settings: of the bot, besides those that bind it to this scene.
    """
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(simulated_telegram(port=0))
        papers = await stack.enter_async_context(newspapers(PAPERS))
        line = await stack.enter_async_context(bad_line(telegram.url, random.Random(plan.seed)))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        hands = Hands(telegram.url, http)
        await hands.post("/sim/limits", {"enabled": True})
        await hands.invite()
        database = folder / "feedbell.db"
        environment = {
            "FEEDBELL_TOKEN": telegram.token,
            "FEEDBELL_API_URL": line.url,
            "FEEDBELL_DATABASE_URL": f"sqlite:///{database}",
            "FEEDBELL_ALLOW_PRIVATE": f"127.0.0.1:{papers.port}",
            "FEEDBELL_MIN_INTERVAL": "1",
            "FEEDBELL_DEFAULT_INTERVAL": "1",
            "FEEDBELL_SEND_TIMEOUT": str(PATIENCE),
            "FEEDBELL_MAX_INTERVAL": "1",
            # Nobody presses buttons here, and a dead bot finds whole heaps.
            "FEEDBELL_BURST": "1000",
            **settings,
        }
        bot = MortalBot(environment, database, folder / "bot.log")
        stack.push_async_callback(bot.end)
        yield Scene(plan, papers, line, hands, bot)


async def trial(plan: Plan, folder: Path) -> Result:
    """Run it. Raises AssertionError if the database is damaged, or the bot ends by itself."""
    async with scene(plan, folder) as world, _meanwhile(_watch_pauses(world)):
        await world.bot.start()
        await world.hands.subscribe(world.readers, world.papers, world.bot.alive)
        world.line.share = plan.bad_calls
        async with _meanwhile(_publish(world), _talk(world)):
            kills = await _kill_again_and_again(world)
        world.line.share = 0.0
        drained_in = await _drain(world)
        return await _result(world, kills, drained_in)


@asynccontextmanager
async def _meanwhile(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Endless works run inside. Raises what one of them raised."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):
            raise end


async def _kill_again_and_again(world: Scene) -> int:
    rng = random.Random(world.plan.seed + 1)
    end = time.monotonic() + (world.plan.seconds or float("inf"))
    kills = 0
    while kills < world.plan.kills and time.monotonic() < end:
        await asyncio.sleep(rng.uniform(SHORTEST_LIFE, LONGEST_LIFE))
        await world.bot.kill()
        kills += 1
        world.bot.check_database()
        await world.bot.start()
    return kills


async def _publish(world: Scene) -> None:
    rng = random.Random(world.plan.seed + 2)
    while True:
        await asyncio.sleep(rng.expovariate(world.plan.rate))
        world.papers.publish(rng.choice(world.papers.names))


async def _talk(world: Scene) -> None:
    rng = random.Random(world.plan.seed + 3)
    while True:
        await asyncio.sleep(rng.expovariate(1 / SMALL_TALK))
        if world.plan.small_talk:
            await world.hands.say(rng.choice(GUESTS), rng.choice(COMMANDS))


async def _drain(world: Scene) -> float:
    """Wait until all that is owed has come, and nothing more comes; the seconds it took."""
    began = still_since = time.monotonic()
    owed = owed_to(world.readers, world.papers.printed)
    arrived = -1
    while (now := time.monotonic()) < began + world.plan.drain:
        world.bot.alive()
        shown = await world.shown()
        if len(shown) != arrived:
            arrived, still_since = len(shown), now
        if owed <= {one.key for one in shown} and now > still_since + STILL:
            break
        await asyncio.sleep(2)
    return still_since - began


async def count(world: Scene) -> Reckoning:
    """What came of all that was published until now."""
    known = certainly_known(world.papers.printed, world.papers.asked)
    return reckon(world.readers, world.papers.printed, await world.shown(), known)


async def _result(world: Scene, kills: int, drained_in: float) -> Result:
    calls = await world.hands.get("/sim/calls")
    sends = [call for call in calls if call["method"].lower() in SENDS]
    refused = [call for call in calls if call["status"] == 429]
    earned = [call for call in refused if _pause(call, world.pauses) < TELLING_PAUSE]
    per_message = Counter((one.chat, one.message) for one in await world.shown())
    return Result(
        kills=kills,
        unknown=world.line.unknown,
        given_up=world.bot.log.read_text(errors="replace").count(OUT_OF_PATIENCE),
        too_fast=tuple(_evidence(call, sends) for call in earned),
        at_a_pause=len(refused) - len(earned),
        mishaps=Counter({str(mishap): count for mishap, count in world.line.mishaps.items()}),
        digests=sum(count > 1 for count in per_message.values()),
        reckoning=await count(world),
        drained_in=drained_in,
        cut_short=drained_in > world.plan.drain - CUT_SHORT,
    )


async def _watch_pauses(world: Scene) -> None:
    """Telegram lives in this process: what comes while it stands still comes at once, and the bot is not to blame."""
    while True:
        before = time.monotonic()
        await asyncio.sleep(HEARTBEAT)
        world.pauses.append((time.time(), time.monotonic() - before - HEARTBEAT))


def _pause(refused: dict[str, Any], pauses: list[tuple[float, float]]) -> float:
    """The longest that the simulator stood still before it, in seconds."""
    return max((length for at, length in pauses if -0.2 <= refused["at"] - at <= 2), default=0.0)


def _evidence(refused: dict[str, Any], sends: list[dict[str, Any]]) -> str:
    """A 429, and how long before it Telegram had taken what counts against it."""
    ago = [(refused["at"] - one["at"], one["chat"]) for one in sends if one["status"] == 200]
    same_chat = [f"{age:.3f}" for age, chat in ago if 0 <= age <= WINDOW and chat == refused["chat"]]
    everybody = sum(0 <= age <= 1 for age, _ in ago)
    text = str(refused["params"].get("text", ""))[:60]
    return (
        f"{refused['method']} {text!r} to {refused['chat']} at {refused['at']:.3f}, "
        f"sends there {', '.join(same_chat)} s before, to all {everybody} within a second"
    )
