"""Who reads what: people, groups of both kinds, a topic and a channel, and how they subscribe."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.crash.newspapers import Newspapers

ADA, XIAOMING, BEA = 1001, 1002, 1003
NEWSROOM, READERS, FAMILY, CHANNEL = -1001234567890, -1001234567891, -4001, -1009876543210
TOPIC = 7
GUESTS = tuple(range(2001, 2011))
PAPERS = ("harbour", "gazette", "lantern", "orchard", "railway", "meadow")

# How some have pictures: an album counts as its pictures in Telegram's limits.
WISHES = {2001: "album", READERS: "album", XIAOMING: "photo"}

# In the bot's answer to a subscription, in every language.
YES = "✅"

PATIENCE = 120.0  # seconds until everybody must have subscribed; groups take twenty messages a minute


@dataclass(frozen=True, slots=True)
class Reader:
    """A chat, or a topic of one, that reads a paper."""

    chat: int
    paper: str
    thread: int | None = None


def readership() -> tuple[Reader, ...]:
    """Every chat reads several papers; in groups together more than Telegram lets in."""
    harbour, gazette, lantern, orchard, railway, meadow = PAPERS
    crowds = {
        ADA: (harbour, gazette, lantern),
        XIAOMING: (harbour, railway),
        BEA: (lantern, orchard, meadow),
        READERS: (harbour, gazette, orchard),
        FAMILY: (gazette, railway, meadow),
        CHANNEL: (harbour, lantern, railway),
    }
    guests = {guest: (PAPERS[guest % 6], PAPERS[(guest + 2) % 6]) for guest in GUESTS}
    plain = [Reader(chat, paper) for chat, papers in (crowds | guests).items() for paper in papers]
    forum = [Reader(NEWSROOM, harbour, TOPIC), Reader(NEWSROOM, meadow, TOPIC), Reader(NEWSROOM, gazette)]
    return (*plain, *forum)


@dataclass(frozen=True)
class Hands:
    """What people do at the simulator."""

    url: str
    http: aiohttp.ClientSession

    async def post(self, path: str, body: Any) -> Any:
        async with self.http.post(f"{self.url}{path}", json=body) as answer:
            assert answer.status == 200, f"{path} {body}: {await answer.text()}"
            return await answer.json()

    async def get(self, path: str) -> Any:
        async with self.http.get(f"{self.url}{path}") as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def say(self, chat: int, text: str, *, thread: int | None = None) -> None:
        """A person says it in their private chat, Ada in all others."""
        user = chat if chat > 0 else ADA
        body = {"user": user, "chat": chat, "text": text}
        await self.post("/sim/send", body | ({"thread": thread} if thread else {}))

    async def written(self, chat: int) -> list[dict[str, Any]]:
        """What the bot wrote there, oldest first."""
        said = await self.get(f"/sim/chats/{chat}/messages")
        return [message for message in said if (message.get("from") or {}).get("is_bot", chat == CHANNEL)]

    async def invite(self) -> None:
        """The guests come."""
        for guest in GUESTS:
            person = {"id": guest, "first_name": f"Guest {guest}", "language": "en", "started": True}
            await self.post("/sim/chats", {"user": person})

    async def subscribe(
        self, readers: tuple[Reader, ...], papers: Newspapers, alive: Callable[[], object]
    ) -> None:
        """Everybody asks for their papers, and waits until the bot has said yes to each.

        Args:
            alive: asked while waiting; raises AssertionError if the bot has ended.
        """
        for chat, thread in dict.fromkeys((one.chat, one.thread) for one in readers):
            theirs = [one.paper for one in readers if (one.chat, one.thread) == (chat, thread)]
            named = "@feedbell_demo " if chat == CHANNEL else ""
            urls = " ".join(map(papers.url, theirs))
            await self.say(_home(chat), f"/subscribe {named}{urls}", thread=thread)
        for chat, wish in WISHES.items():
            await self.say(chat, f"/settings {wish}")
        wanted = Counter(_home(one.chat) for one in readers)
        end = time.monotonic() + PATIENCE
        for home, count in wanted.items():
            while await self._agreed(home) < count:
                alive()
                assert time.monotonic() < end, f"{home} could not subscribe: {await self._last(home)}"
                await asyncio.sleep(0.2)

    async def _agreed(self, home: int) -> int:
        return sum(YES in message.get("text", "") for message in await self.written(home))

    async def _last(self, chat: int) -> list[str]:
        return [message.get("text", "") for message in await self.written(chat)][-5:]


def _home(chat: int) -> int:
    """Where one speaks about a chat: a channel is managed from Ada's private chat."""
    return ADA if chat == CHANNEL else chat
