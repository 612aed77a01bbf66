"""The whole of it: the simulated Telegram, the demo newsroom, and the unchanged bot as a process of its own."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bot.demo import bot_environment, bot_process
from bot.sandbox.newsroom import Newsroom, demo_newsroom
from bot.sandbox.run import Sandbox, simulated_telegram

ADA = 1001
XIAOMING = 1002


@dataclass(frozen=True)
class World:
    """What a test stands in."""

    telegram: Sandbox
    newsroom: Newsroom
    http: aiohttp.ClientSession
    database: Path

    def feed(self, name: str) -> str:
        """The address of a paper's feed."""
        return next(feed.url for feed in self.newsroom.feeds if feed.name == name)

    @asynccontextmanager
    async def bot(self, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
        environment = bot_environment(self.telegram, self.newsroom, self.database)
        async with bot_process({**environment, "FEEDBELL_MIN_INTERVAL": "1", **settings}) as process:
            yield process

    async def say(self, text: str, user: int = ADA) -> None:
        body = {"user": user, "chat": user, "text": text}
        async with self.http.post(f"{self.telegram.url}/sim/send", json=body) as answer:
            assert answer.status == 200, await answer.text()

    async def messages(self, chat: int = ADA) -> list[dict[str, Any]]:
        """What the bot wrote, oldest first."""
        async with self.http.get(f"{self.telegram.url}/sim/chats/{chat}/messages") as answer:
            said: list[dict[str, Any]] = await answer.json()
        return [message for message in said if message["from"]["is_bot"]]

    async def reply(self, text: str, user: int = ADA, *, within: float = 20) -> str:
        """Say something in private, and give the bot's next words."""
        before = len(await self.messages(user))
        await self.say(text, user)
        end = time.monotonic() + within
        while len(now := await self.messages(user)) <= before:
            assert time.monotonic() < end, f"no answer to {text[:100]!r} within {within:.0f} s"
            await asyncio.sleep(0.05)
        return str(now[before]["text"])

    async def until(self, words: str, chat: int = ADA, *, within: float = 20) -> dict[str, Any]:
        """Wait until the bot has written these words; give the last message that has them."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            found = [message for message in await self.messages(chat) if words in message.get("text", "")]
            if found:
                return found[-1]
            await asyncio.sleep(0.05)
        said = [message.get("text") for message in await self.messages(chat)]
        raise AssertionError(f"{words!r} did not come within {within:.0f} s; the bot wrote {said}")


@asynccontextmanager
async def world(folder: Path) -> AsyncIterator[World]:
    """Nothing is published but on demand."""
    async with (
        simulated_telegram(port=0) as telegram,
        demo_newsroom(port=0, every=None) as newsroom,
        aiohttp.ClientSession() as http,
    ):
        yield World(telegram, newsroom, http, folder / "feedbell.db")
