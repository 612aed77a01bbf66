"""A web server on loopback that answers as its test says, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.fetch.get import Fetcher, Limits
from bot.fetch.guard import Allowed, parse_allowed
from bot.fetch.ways import Proxy

NOW = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
CERTIFICATES = Path(__file__).parent / "certificates"
LOOPBACK = parse_allowed(["127.0.0.1"])

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FixedClock:
    """It is always NOW."""

    def now(self) -> datetime:
        return NOW

    async def sleep(self, duration: timedelta) -> None:
        await asyncio.sleep(duration.total_seconds())


class Web:
    """Answers by path; what it is asked stands in `requests`."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.requests: list[web.Request] = []
        self.base = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        return await self.answers[request.path](request)

    def says(
        self, path: str, body: bytes = b"", *, status: int = 200, headers: dict[str, str] | None = None
    ) -> str:
        """Answer with that, always; returns the address."""

        async def answer(_: web.Request) -> web.Response:
            return web.Response(body=body, status=status, headers=headers)

        return self.does(path, answer)

    def does(self, path: str, answer: Answer) -> str:
        self.answers[path] = answer
        return self.base + path

    def redirects(self, path: str, to: str, status: int = 302) -> str:
        return self.says(path, status=status, headers={"Location": to})


@asynccontextmanager
async def serving(tls: ssl.SSLContext | None = None) -> AsyncIterator[Web]:
    site = Web()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.handle)
    server = TestServer(app)
    await server.start_server(ssl=tls)
    site.base = f"http{'s' if tls else ''}://127.0.0.1:{server.port}"
    try:
        yield site
    finally:
        await server.close()


def certificate(name: str) -> ssl.SSLContext:
    """A server's side of TLS, with one of `certificates/`."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATES / f"{name}.pem")
    return context


def fetcher(
    *,
    allowed: Allowed = LOOPBACK,
    limits: Limits | None = None,
    proxy: Proxy | None = None,
) -> Fetcher:
    limits = limits or Limits(time=timedelta(seconds=10))
    return Fetcher(FixedClock(), allowed=allowed, limits=limits, proxy=proxy)


def trusting() -> ssl.SSLContext:
    """A client that trusts the authority of `certificates/`."""
    return ssl.create_default_context(cafile=str(CERTIFICATES / "authority.pem"))


async def until(holds: Callable[[], bool]) -> None:
    """Wait for what no event tells, and fail if it does not come."""
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
