"""Papers that keep publishing: Atom feeds on loopback, each headline a paper's name and a running number."""

from __future__ import annotations

import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiohttp import web

# The bot may be dead, or its database locked, while this many appear; what falls out of a feed unread is lost to it.
LONGEST_FEED = 150

# 60 x 40 dots, none of them drawn: nobody looks.
PICTURE = b"GIF89a" + struct.pack("<HH", 60, 40) + bytes(7)

# Dates begin this long ago and rise by a second for each article, so that they stay in the past.
HEAD_START = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Printed:
    """One article."""

    paper: str
    number: int
    order: int
    """Its place among the articles of all papers; their dates rise with it."""
    at: float
    """When it appeared, by the wall clock."""

    @property
    def headline(self) -> str:
        return f"{self.paper} {self.number}"


@dataclass
class Newspapers:
    """All papers. Number 0 of each is there from the beginning, for the first reading; news begin at 1."""

    names: tuple[str, ...]
    port: int = 0
    printed: list[Printed] = field(default_factory=list)
    asked: dict[str, list[tuple[float, int]]] = field(default_factory=dict)
    """For each paper: when the bot asked with the tag of an edition, and that edition's newest number. The tag is in
    the database with the edition's articles, or not at all."""
    _editions: dict[str, list[tuple[Printed, datetime]]] = field(default_factory=dict)
    _began: datetime = field(default_factory=lambda: datetime.now(UTC) - HEAD_START)

    def __post_init__(self) -> None:
        for name in self.names:
            self.publish(name)

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/feed/{name}"

    def publish(self, name: str) -> Printed:
        edition = self._editions.setdefault(name, [])
        article = Printed(name, len(edition), len(self.printed), time.time())
        self.printed.append(article)
        edition.append((article, self._began + timedelta(seconds=article.order)))
        return article

    async def answer(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        newest = len(self._editions[name]) - 1
        tag = f'"{name}-{newest}"'
        held = request.headers.get("If-None-Match")
        if held:
            number = int(held.strip('"').rpartition("-")[2])
            self.asked.setdefault(name, []).append((time.time(), number))
        if held == tag:
            return web.Response(status=304, headers={"ETag": tag})
        return web.Response(text=self._atom(name), content_type="application/atom+xml", headers={"ETag": tag})

    def _atom(self, name: str) -> str:
        entries = "".join(
            f"<entry><id>urn:{name}:{article.number}</id><title>{article.headline}</title>"
            f'<link href="https://example.org/{name}/{article.number}"/><updated>{date.isoformat()}</updated>'
            "<summary>The boats came back before noon, and nobody had expected that.</summary>"
            f"{self._pictures(article)}</entry>"
            for article, date in reversed(self._editions[name][-LONGEST_FEED:])
        )
        return (
            f'<feed xmlns="http://www.w3.org/2005/Atom"><title>The {name} paper</title><id>urn:{name}</id>'
            f"{entries}</feed>"
        )

    def _pictures(self, article: Printed) -> str:
        """Every third article has some."""
        names = () if article.number % 3 else ("sea", "rocks", "light")
        return "".join(
            f'<link rel="enclosure" type="image/gif" href="http://127.0.0.1:{self.port}/{article.number}-{name}.gif"/>'
            for name in names
        )


async def _picture(_request: web.Request) -> web.Response:
    return web.Response(body=PICTURE, content_type="image/gif")


@asynccontextmanager
async def newspapers(names: tuple[str, ...]) -> AsyncIterator[Newspapers]:
    """Serve the papers as long as the block runs."""
    papers = Newspapers(names)
    app = web.Application()
    app.router.add_get("/feed/{name}", papers.answer)
    app.router.add_get("/{name}.gif", _picture)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    papers.port = runner.addresses[0][1]
    try:
        yield papers
    finally:
        await runner.cleanup()
