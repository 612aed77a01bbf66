"""The line between the bot and Telegram, and all that goes wrong on it: a proxy that spoils calls by a seeded die.

It stands before the simulator, so that the simulator's own log of calls holds only what Telegram itself answered, and
a 429 there is one that the bot has earned.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum

import aiohttp
from aiohttp import web

# A telegram that is held back arrives in a later window than the bot reckons with: more than this, and Telegram's 429
# would be the line's fault and not the bot's. An answer may be held back much longer, as that earns no 429.
SLOW_WAY_THERE = 0.15  # seconds
SLOW_WAY_BACK = 1.5  # seconds
# The bot waits for an answer so long, and the line is silent for longer.
PATIENCE = 2.5  # seconds
SILENCE = 4.0  # seconds
LONGEST_RETRY_AFTER = 3  # seconds
SENDS = frozenset({"sendmessage", "sendphoto", "sendmediagroup"})


class Mishap(StrEnum):
    """What may happen to one call; of the first seven Telegram hears nothing."""

    CHAT_TOO_FAST = "429 for one chat"
    ALL_TOO_FAST = "429 for everybody"
    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"
    PICTURE_REFUSED = "400 for a picture"
    RESET_BEFORE = "connection reset before"
    SILENT_BEFORE = "no answer in time, and not passed on"
    RESET_AFTER = "connection reset after"
    SILENT_AFTER = "no answer in time, and passed on"
    GATEWAY_TIMEOUT_AFTER = "504 after"
    HALF_AN_ANSWER = "half an answer"
    NO_JSON = "an answer that is no JSON"
    SLOW_THERE = "slow on the way there"
    SLOW_BACK = "slow on the way back"

    @property
    def leaves_unknown(self) -> bool:
        """Whether the message went out although the bot was not told."""
        return self in {
            Mishap.RESET_AFTER,
            Mishap.SILENT_AFTER,
            Mishap.GATEWAY_TIMEOUT_AFTER,
            Mishap.HALF_AN_ANSWER,
            Mishap.NO_JSON,
        }


ANYTIME = tuple(mishap for mishap in Mishap if mishap is not Mishap.PICTURE_REFUSED)
REFUSALS = {
    Mishap.CHAT_TOO_FAST: 429,
    Mishap.SERVER_ERROR: 500,
    Mishap.BAD_GATEWAY: 502,
    Mishap.PICTURE_REFUSED: 400,
}
REASONS = {
    400: "Bad Request: failed to get HTTP URL content",
    429: "Too Many Requests: retry after {wait}",
    500: "Internal Server Error: restart",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


@dataclass
class Line:
    """Passes calls on, and spoils some of those that send."""

    telegram: str
    """Where the simulator is."""
    rng: random.Random
    share: float = 0.0
    """Of the sends, how many meet a mishap; 0.0 to 1.0."""
    held: float = 0.0
    """Seconds that the answer to every send is held back."""
    port: int = 0
    mishaps: Counter[Mishap] = field(default_factory=Counter)
    session: aiohttp.ClientSession | None = None
    _shut_until: float = 0.0
    """Everybody is refused until then, in the loop's time."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def unknown(self) -> int:
        """Sends of which the bot cannot know that they went out."""
        return sum(count for mishap, count in self.mishaps.items() if mishap.leaves_unknown)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        try:
            body = await request.read()
        except ConnectionError:  # the bot was killed in the middle of the word
            return web.Response()
        method = request.path.lower().rpartition("/")[2]
        if method not in SENDS:
            return await self._passed_on(request, body)
        wait = self._shut_until - asyncio.get_running_loop().time()
        if wait > 0:
            return _refusal(429, int(wait) + 1)
        mishap = self._cast(pictured=method != "sendmessage")
        if mishap is None:
            answer = await self._passed_on(request, body)
            await asyncio.sleep(self.held)
            return answer
        self.mishaps[mishap] += 1
        return await self._spoiled(request, body, mishap)

    def _cast(self, *, pictured: bool) -> Mishap | None:
        """Each call casts all dice, so that none hangs on another. A picture meets its own mishap as often as all the
        others together."""
        struck, which = self.rng.random() < self.share, self.rng.choice(ANYTIME)
        refused = self.rng.random() < self.share
        if pictured and refused:
            return Mishap.PICTURE_REFUSED
        return which if struck else None

    async def _spoiled(self, request: web.Request, body: bytes, mishap: Mishap) -> web.StreamResponse:
        wait = self.rng.randint(1, LONGEST_RETRY_AFTER)
        if mishap in REFUSALS:
            return _refusal(REFUSALS[mishap], wait)
        if mishap is Mishap.ALL_TOO_FAST:
            self._shut_until = asyncio.get_running_loop().time() + wait
            return _refusal(429, wait)
        if mishap is Mishap.RESET_BEFORE:
            return _reset(request)
        if mishap is Mishap.SILENT_BEFORE:
            await asyncio.sleep(SILENCE)
            return _reset(request)
        if mishap is Mishap.SLOW_THERE:
            await asyncio.sleep(self.rng.uniform(0, SLOW_WAY_THERE))
        answer = await self._passed_on(request, body)
        return await self._answer_spoiled(request, answer, mishap)

    async def _answer_spoiled(
        self, request: web.Request, answer: web.Response, mishap: Mishap
    ) -> web.StreamResponse:
        match mishap:
            case Mishap.RESET_AFTER:
                return _reset(request)
            case Mishap.SILENT_AFTER:
                await asyncio.sleep(SILENCE)
                return _reset(request)
            case Mishap.GATEWAY_TIMEOUT_AFTER:
                return _refusal(504, 0)
            case Mishap.NO_JSON:
                return web.Response(text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
            case Mishap.HALF_AN_ANSWER:
                return await _half(request, answer)
            case Mishap.SLOW_BACK:
                await asyncio.sleep(self.rng.uniform(0, SLOW_WAY_BACK))
        return answer

    async def _passed_on(self, request: web.Request, body: bytes) -> web.Response:
        assert self.session is not None
        kind = {"Content-Type": request.headers.get("Content-Type", "application/json")}
        address = self.telegram + request.path_qs
        try:
            async with self.session.request(request.method, address, data=body, headers=kind) as answer:
                said = await answer.read()
                return web.Response(body=said, status=answer.status, content_type=answer.content_type)
        except aiohttp.ClientError:  # the simulator is being shut down
            return _refusal(502, 0)


def _refusal(status: int, wait: int) -> web.Response:
    body = {"ok": False, "error_code": status, "description": REASONS[status].format(wait=wait)}
    more = {"parameters": {"retry_after": wait}} if status == 429 else {}
    return web.Response(text=json.dumps(body | more), status=status, content_type="application/json")


def _reset(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _half(request: web.Request, answer: web.Response) -> web.StreamResponse:
    """Promise the whole answer, give half of it, and hang up."""
    whole = answer.body if isinstance(answer.body, bytes) else b""
    half = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(whole))})
    await half.prepare(request)
    await half.write(whole[: len(whole) // 2])
    return _reset(request)


@asynccontextmanager
async def bad_line(telegram: str, rng: random.Random) -> AsyncIterator[Line]:
    """Stand before the simulator as long as the block runs; nothing is spoiled until `share` is set."""
    line = Line(telegram, rng)
    app = web.Application(client_max_size=64 << 20)
    app.router.add_route("*", "/{rest:.*}", line.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    line.port = runner.addresses[0][1]
    async with aiohttp.ClientSession(auto_decompress=True) as line.session:
        try:
            yield line
        finally:
            await runner.cleanup()
