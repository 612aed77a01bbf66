"""What the measurements stand on: a feed server, a simulated Telegram, and the bot as a process of its own."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
from aiohttp import web

from bot.sandbox.run import Sandbox, simulated_telegram

ADA = 1001
PARAGRAPH = (
    "The harbour was calm in the morning, and the boats came back before noon. Nobody had expected that. "
)


@dataclass
class FeedServer:
    """Any number of Atom feeds, `/feed/<name>`, thirty entries each."""

    port: int = 0
    editions: dict[str, int] = field(default_factory=dict)
    fetched: dict[tuple[str, int], float] = field(default_factory=dict)
    """When each edition of a feed was first asked for, in seconds of the wall clock."""

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/feed/{name}"

    def publish(self, name: str) -> int:
        """Put a new entry on top and give its edition."""
        self.editions[name] = self.editions.get(name, 0) + 1
        return self.editions[name]

    async def answer(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        edition = self.editions.get(name, 0)
        self.fetched.setdefault((name, edition), time.time())
        etag = f'"{name}-{edition}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        body = _atom(name, edition)
        return web.Response(text=body, content_type="application/atom+xml", headers={"ETag": etag})


def _atom(name: str, edition: int) -> str:
    entries = "".join(
        f"<entry><id>{name}-{number}</id><title>{name} edition {number}</title>"
        f'<link href="https://example.org/{name}/{number}"/><updated>2026-11-23T12:00:00Z</updated>'
        f'<content type="html">&lt;p&gt;{PARAGRAPH * 8}&lt;/p&gt;</content></entry>'
        for number in range(edition, edition - 30, -1)
    )
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Feed {name}</title><id>{name}</id>{entries}</feed>'
    )


@asynccontextmanager
async def feed_server() -> AsyncIterator[FeedServer]:
    server = FeedServer()
    app = web.Application()
    app.router.add_get("/feed/{name}", server.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.port = runner.addresses[0][1]
    try:
        yield server
    finally:
        await runner.cleanup()


@dataclass
class Rig:
    """All of it, and Ada's hands."""

    feeds: FeedServer
    sandbox: Sandbox
    http: aiohttp.ClientSession
    bot: asyncio.subprocess.Process

    async def say(self, text: str) -> None:
        body = {"user": ADA, "chat": ADA, "text": text}
        async with self.http.post(f"{self.sandbox.url}/sim/send", json=body) as answer:
            assert answer.status == 200, await answer.text()

    async def messages(self) -> list[dict[str, Any]]:
        async with self.http.get(f"{self.sandbox.url}/sim/chats/{ADA}/messages") as answer:
            found: list[dict[str, Any]] = await answer.json()
            return found

    async def until(self, words: str, *, times: int = 1, within: float = 60) -> dict[str, Any]:
        """Wait until the bot has said these words that often; give the last message that has them."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            found = [message for message in await self.messages() if words in message.get("text", "")]
            if len(found) >= times:
                return found[-1]
            await asyncio.sleep(0.05)
        raise TimeoutError(f"{words!r} did not come {times} times within {within:.0f} s")


@asynccontextmanager
async def rig(*, interval: float) -> AsyncIterator[Rig]:
    with TemporaryDirectory(prefix="feedbell-bench-") as folder:
        async with (
            feed_server() as feeds,
            simulated_telegram(port=0) as sandbox,
            aiohttp.ClientSession() as http,
        ):
            environment = {
                **os.environ,
                "FEEDBELL_TOKEN": sandbox.token,
                "FEEDBELL_API_URL": sandbox.url,
                "FEEDBELL_DATABASE_URL": f"sqlite:///{Path(folder) / 'feedbell.db'}",
                "FEEDBELL_ALLOW_PRIVATE": f"127.0.0.1:{feeds.port}",
                # Two hundred answers in one chat would take minutes at Telegram's rate.
                "FEEDBELL_CHAT_RATE": "30",
                "FEEDBELL_MIN_INTERVAL": str(min(interval, 60)),
                "FEEDBELL_DEFAULT_INTERVAL": str(interval),
                "FEEDBELL_MAX_INTERVAL": str(interval),
            }
            with (Path(folder) / "bot.log").open("wb") as log:
                command = [sys.executable, "-m", "bot", "run"]
                bot = await asyncio.create_subprocess_exec(*command, env=environment, stderr=log)
                try:
                    yield Rig(feeds, sandbox, http, bot)
                finally:
                    bot.terminate()
                    await bot.wait()
