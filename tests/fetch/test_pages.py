"""Articles' pages, from real servers on loopback and through real children."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.clock import SystemClock
from bot.errors import SettingsError
from bot.fetch import web_pages, web_reader
from bot.fetch.children import Children
from bot.fetch.get import NOBODY
from bot.fetch.pages import ACCEPT, LIMITS, REST, WebPages, check_extra
from tests.fakes import FakeClock
from tests.fetch.server import Web, fetcher, serving

ODD = (sys.executable, "-m", "tests.fetch.odd_child")
LONG = "The harbour commission voted on Tuesday to rebuild the northern pier, which a storm had damaged in winter. "
PAGE = f"<html><body><article><h1>Pier</h1><p>{LONG}</p><p>{LONG * 3}</p></article></body></html>".encode()
PATIENT = timedelta(minutes=1)
HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture
async def site() -> AsyncIterator[Web]:
    async with serving() as site:
        yield site


@pytest.fixture
def clock() -> SystemClock:
    """One that goes on: a host that nobody lets rest must not rest until "now"."""
    return SystemClock()


@pytest.fixture
async def source(clock: SystemClock) -> AsyncIterator[WebPages]:
    async with WebPages(fetcher(limits=LIMITS), clock, deadline=PATIENT) as source:
        yield source


async def reason(source: WebPages, url: str) -> str:
    """Why there is no article."""
    with capture_logs() as logs:
        assert await source.article(url) is None
    (line,) = logs
    assert line["event"] == "page.none"
    assert line["host"] == "127.0.0.1"
    return str(line["reason"])


async def test_the_article_is_found(site: Web, source: WebPages) -> None:
    article = await source.article(site.says("/pier", PAGE, headers=HTML))
    assert article is not None
    assert LONG.strip() in article


async def test_pages_are_asked_for_as_pages_and_in_the_turns_of_feeds(site: Web, clock: SystemClock) -> None:
    """Many sites answer with a feed, if feeds are asked for."""
    url = site.says("/pier", PAGE, headers=HTML)
    async with (
        web_reader(["127.0.0.1"], clock) as reader,
        web_pages(["127.0.0.1"], clock, beside=reader) as source,
    ):
        turn = reader.turns.at("127.0.0.1")
        async with turn.free, turn.free:
            task = asyncio.create_task(source.article(url))
            assert await asyncio.wait([task], timeout=0.05) == (set(), {task})
            assert site.requests == []
        assert await task is not None
    assert site.requests[0].headers["Accept"] == ACCEPT


async def test_a_redirect_is_followed(site: Web, source: WebPages) -> None:
    site.says("/pier", PAGE, headers=HTML)
    assert await source.article(site.redirects("/short", "/pier")) is not None


@pytest.mark.parametrize(
    ("body", "status", "headers", "why"),
    [
        pytest.param(PAGE, 404, HTML, "fetch.not_found", id="a page that is gone"),
        pytest.param(b"<script>_cf_chl_opt</script>", 403, HTML, "fetch.challenge", id="a browser check"),
        pytest.param(PAGE, 200, {"Content-Type": "application/pdf"}, "page.no_article", id="no page at all"),
        pytest.param(b"<html><body></body></html>", 200, HTML, "page.no_article", id="no article on it"),
        pytest.param(PAGE + b" " * LIMITS.body, 200, HTML, "fetch.too_large", id="too large"),
    ],
)
async def test_no_article(
    site: Web, source: WebPages, body: bytes, status: int, headers: dict[str, str], why: str
) -> None:
    assert await reason(source, site.says("/page", body, status=status, headers=headers)) == why


async def test_private_addresses_are_refused(site: Web, clock: SystemClock) -> None:
    """A feed of strangers names the pages; none may reach into the operator's network."""
    url = site.says("/pier", PAGE, headers=HTML)
    async with WebPages(fetcher(allowed=NOBODY), clock) as source:
        assert await reason(source, url) == "fetch.private_address"
    assert site.requests == []


@pytest.mark.parametrize(
    ("body", "deadline", "why"),
    [
        pytest.param(b"hang", timedelta(seconds=0.2), "parse.timeout", id="hangs"),
        pytest.param(b"eat", PATIENT, "parse.memory", id="needs too much"),
        pytest.param(b"die", PATIENT, "parse.crashed", id="kills it"),
    ],
)
async def test_a_page_that_takes_its_reader_along(
    site: Web, clock: SystemClock, body: bytes, deadline: timedelta, why: str
) -> None:
    async with (
        WebPages(fetcher(), clock, children=Children(command=ODD), deadline=deadline) as source,
    ):
        with capture_logs() as logs:
            assert await source.article(site.says("/bad", body, headers=HTML)) is None
    assert logs[-1] == {"event": "page.none", "host": "127.0.0.1", "reason": why, "log_level": "info"}


@pytest.mark.parametrize(
    ("status", "headers", "rest"),
    [
        pytest.param(429, {"Retry-After": "120"}, timedelta(minutes=2), id="it says how long"),
        pytest.param(429, {}, REST, id="it does not say how long"),
    ],
)
async def test_a_host_that_refuses_is_left_alone(
    site: Web, status: int, headers: dict[str, str], rest: timedelta
) -> None:
    """Its feeds come from there too, and must not pay for it."""
    clock = FakeClock()
    async with WebPages(fetcher(limits=LIMITS), clock, deadline=PATIENT) as source:
        urls = [site.says(f"/{number}", b"", status=status, headers=headers) for number in range(4)]
        await asyncio.gather(*map(source.article, urls))
        assert len(site.requests) == 1
        clock.advance(rest - timedelta(seconds=1))
        await source.article(urls[1])
        assert len(site.requests) == 1
        clock.advance(timedelta(seconds=1))
        site.says("/1", PAGE, headers=HTML)
        assert await source.article(urls[1]) is not None


async def test_who_gives_up_on_a_slow_page_leaves_nothing_behind(site: Web, source: WebPages) -> None:
    asked, never = asyncio.Event(), asyncio.Event()

    async def trickle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers=HTML)
        await response.prepare(request)
        asked.set()
        await never.wait()
        return response

    task = asyncio.create_task(source.article(site.does("/slow", trickle)))
    await asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    never.set()
    assert await source.article(site.says("/pier", PAGE, headers=HTML)) is not None


def test_what_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    check_extra()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SettingsError, match="feedbell\\[article\\]"):
        check_extra()
