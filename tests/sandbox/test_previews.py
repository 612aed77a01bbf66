"""A link-preview card says what the page says about itself, and never looks outside this machine."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.previews import MOST_BYTES, card, is_loopback

FULL = """<title>Not this</title><meta property="og:title" content="A  headline &amp; more">
<meta name="description" content="plain"><meta property="og:description" content="told">
<meta property="og:site_name" content="The Paper"><meta property="og:image" content="/picture.png">"""


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def site() -> AsyncIterator[str]:
    """A site whose pages are named for what is odd about them."""

    def html(text: str) -> web.Response:
        return web.Response(text=f"<html><head>{text}</head></html>", content_type="text/html")

    pages = {
        "full": lambda: html(FULL),
        "plain": lambda: html("<title>Only a\n title</title><meta name=description content='And a line'>"),
        "drawing": lambda: html("<title>Page</title></head><body><svg><title>Drawing</title></svg>"),
        "outside": lambda: html("<title>T</title><meta property=og:image content=https://example.org/a.png>"),
        "untitled": lambda: html("<p>Nothing to say</p>"),
        "feed": lambda: web.Response(text="<rss/>", content_type="application/rss+xml"),
        "picture": lambda: web.Response(body=b"\x89PNG", content_type="image/png"),
        "gone": lambda: web.Response(status=410),
        "moved": lambda: web.Response(status=302, headers={"Location": "/full"}),
        "out": lambda: web.Response(status=302, headers={"Location": "http://192.0.2.1/"}),
        "circle": lambda: web.Response(status=302, headers={"Location": "/circle"}),
        "late": lambda: html(" " * MOST_BYTES + "<title>Too far down</title>"),
        "gbk": lambda: web.Response(
            body='<meta charset="gbk"><title>江海时报</title>'.encode("gbk"),
            headers={"Content-Type": "text/html"},
        ),
    }

    async def answer(request: web.Request) -> web.Response:
        return pages[request.match_info["page"]]()

    application = web.Application()
    application.router.add_get("/{page}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    server = web.TCPSite(runner, "127.0.0.1", 0)
    await server.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_open_graph_goes_before_plain_tags(http: aiohttp.ClientSession, site: str) -> None:
    assert await card(http, f"{site}/full", anywhere=False) == {
        "url": f"{site}/full",
        "site_name": "The Paper",
        "title": "A headline & more",
        "description": "told",
        "image": f"{site}/picture.png",
    }


async def test_a_picture_is_its_own_card(http: aiohttp.ClientSession, site: str) -> None:
    picture = f"{site}/picture"
    nothing_else = {"site_name": None, "title": None, "description": None}
    assert await card(http, picture, anywhere=False) == {"url": picture, "image": picture, **nothing_else}


async def test_a_plain_page_has_a_card_too(http: aiohttp.ClientSession, site: str) -> None:
    assert await card(http, f"{site}/plain", anywhere=False) == {
        "url": f"{site}/plain",
        "site_name": "127.0.0.1",
        "title": "Only a title",
        "description": "And a line",
        "image": None,
    }


@pytest.mark.parametrize(
    ("anywhere", "image"),
    [
        pytest.param(False, None, id="the browser is not sent off this machine either"),
        pytest.param(True, "https://example.org/a.png", id="unless the operator wants the real thing"),
    ],
)
async def test_a_picture_elsewhere(
    http: aiohttp.ClientSession, site: str, anywhere: bool, image: str | None
) -> None:
    found = await card(http, f"{site}/outside", anywhere=anywhere)
    assert found is not None
    assert found["image"] == image


@pytest.mark.parametrize(
    ("page", "title"),
    [
        pytest.param("moved", "A headline & more", id="a redirect is followed"),
        pytest.param("drawing", "Page", id="a drawing's own title is not the page's"),
        pytest.param("gbk", "江海时报", id="the encoding a page declares in its head is used"),
    ],
)
async def test_title(http: aiohttp.ClientSession, site: str, page: str, title: str) -> None:
    found = await card(http, f"{site}/{page}", anywhere=False)
    assert found is not None
    assert found["title"] == title


@pytest.mark.parametrize(
    "page",
    [
        pytest.param("untitled", id="nothing to show"),
        pytest.param("feed", id="not a page"),
        pytest.param("gone", id="an error"),
        pytest.param("out", id="a redirect off this machine is not followed"),
        pytest.param("circle", id="a redirect in a circle ends"),
        pytest.param("late", id="only the first half megabyte is read"),
    ],
)
async def test_no_card(http: aiohttp.ClientSession, site: str, page: str) -> None:
    assert await card(http, f"{site}/{page}", anywhere=False) is None


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("http://127.0.0.1:8082/x", True),
        ("http://127.9.9.9/", True),
        ("https://[::1]/", True),
        ("http://localhost:1/", True),
        ("http://localhost.example.com/", False),
        ("http://127.0.0.1.example.com/", False),
        ("http://10.0.0.1/", False),
        ("http://0.0.0.0/", False),
        ("http://192.0.2.1/", False),
        ("http://2130706433/", False),
        ("file:///etc/hosts", False),
        ("http://[broken/", False),
        ("", False),
    ],
)
def test_loopback(url: str, ours: bool) -> None:
    """By name alone, before any connection: what is not plainly this machine is not contacted."""
    assert is_loopback(url) is ours


async def test_a_dead_address_is_no_card(http: aiohttp.ClientSession, unused_tcp_port: int) -> None:
    assert await card(http, f"http://127.0.0.1:{unused_tcp_port}/", anywhere=False) is None
