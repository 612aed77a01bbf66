"""Pictures to be uploaded, against real servers on loopback."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.fetch.guard import Allowed, parse_allowed
from bot.fetch.pictures import LARGEST, PATIENCE, WebPictures
from bot.model import Picture
from tests.fetch.server import LOOPBACK, FixedClock, Web, serving


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\x08\x02\0\0\0\0\0\0\0"


def jpeg(width: int, height: int, notes: int = 0) -> bytes:
    """With so many bytes of a camera's notes before the size."""
    camera = b"\xff\xe1" + struct.pack(">H", notes + 2) + b"\0" * notes if notes else b""
    return (
        b"\xff\xd8" + camera + b"\xff\xc0\0\x11\x08" + struct.pack(">HH", height, width) + b"\x03" + b"\0" * 9
    )


def gif(width: int, height: int, *, repeats: bool = False) -> bytes:
    loop = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0" if repeats else b""
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\0\0\0" + loop + b";"


def tiff(width: int, height: int) -> bytes:
    sides = struct.pack("<HHIIHHII", 256, 4, 1, width, 257, 4, 1, height)
    return b"II*\0" + struct.pack("<IH", 8, 2) + sides


BMP = b"BM" + b"\0" * 16 + struct.pack("<ii", 800, -450) + b"\0" * 8
WEBP = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0"
AVIF = b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="800" height="450"/>'
PAGE = b"<!doctype html><title>Not found</title>"


@pytest.fixture
async def site() -> AsyncIterator[Web]:
    async with serving() as site:
        yield site


async def picture(url: str, *, allowed: Allowed = LOOPBACK, patience: timedelta = PATIENCE) -> Picture | None:
    async with WebPictures(FixedClock(), allowed=allowed, patience=patience) as pictures:
        return await pictures.picture(url)


@pytest.mark.parametrize(
    ("content", "filename", "media_type"),
    [
        pytest.param(jpeg(800, 450), "picture.jpg", "image/jpeg", id="JPEG"),
        pytest.param(png(800, 450), "picture.png", "image/png", id="PNG"),
        pytest.param(gif(800, 450), "picture.gif", "image/gif", id="GIF that stands still"),
        pytest.param(BMP, "picture.bmp", "image/bmp", id="BMP, written from its top"),
        pytest.param(tiff(800, 450), "picture.tif", "image/tiff", id="TIFF"),
        pytest.param(png(9_500, 500), "picture.png", "image/png", id="the largest sides"),
        pytest.param(png(2_000, 100), "picture.png", "image/png", id="the largest ratio"),
        pytest.param(
            jpeg(800, 450, notes=60_000), "picture.jpg", "image/jpeg", id="a size behind a camera's notes"
        ),
        pytest.param(
            b"\xff\xd8\xff\xe0\0\x04",
            "picture.jpg",
            "image/jpeg",
            id="a size nobody can read: Telegram judges",
        ),
    ],
)
async def test_what_is_a_photo_comes_under_its_true_name(
    site: Web, content: bytes, filename: str, media_type: str
) -> None:
    """Telegram goes by the name's ending; the server's own word is not believed."""
    url = site.says("/a.php", content, headers={"Content-Type": "text/html"})
    assert await picture(url) == Picture(content, filename, media_type)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(PAGE, "no_photo", id="a page under a picture's name"),
        pytest.param(WEBP, "no_photo", id="WebP, which becomes a sticker"),
        pytest.param(AVIF, "no_photo", id="AVIF"),
        pytest.param(SVG, "no_photo", id="SVG"),
        pytest.param(b"", "no_photo", id="nothing"),
        pytest.param(gif(800, 450, repeats=True), "moving", id="a GIF that moves"),
        pytest.param(png(9_501, 500), "odd_size", id="sides of more than 10,000 together"),
        pytest.param(png(12_000, 100), "odd_size", id="a strip of 12,000 by 100"),
        pytest.param(jpeg(100, 2_001), "odd_size", id="a ratio of more than 20"),
        pytest.param(png(0, 0), "odd_size", id="no sides at all"),
        pytest.param(png(800, 450) + b"\0" * LARGEST, "fetch.too_large", id="more than 10 MB"),
    ],
)
async def test_what_is_no_photo_does_not_come(site: Web, content: bytes, reason: str) -> None:
    url = site.says("/a.jpg", content, headers={"Content-Type": "image/jpeg"})
    with capture_logs() as logs:
        assert await picture(url) is None
    assert [(line["event"], line["log_level"], line["reason"]) for line in logs] == [
        ("picture.none", "info", reason)
    ]


async def test_an_error_page_is_no_picture_even_if_it_shows_one(site: Web) -> None:
    assert await picture(site.says("/a.jpg", jpeg(800, 450), status=404)) is None


async def test_redirects_are_followed(site: Web) -> None:
    target = site.says("/b.png", png(800, 450))
    assert await picture(site.redirects("/a.png", target)) == Picture(
        png(800, 450), "picture.png", "image/png"
    )


async def test_pictures_are_asked_for(site: Web) -> None:
    """Some servers turn to WebP, or to a page about the picture, for who does not say what he takes."""
    await picture(site.says("/a.png", png(800, 450)))
    assert site.requests[0].headers["Accept"].startswith("image/jpeg, image/png")


async def test_a_private_address_is_not_connected_to(site: Web) -> None:
    with capture_logs() as logs:
        assert await picture(site.says("/a.png", png(800, 450)), allowed=parse_allowed([])) is None
    assert logs[0]["reason"] == "fetch.private_address"
    assert site.requests == []


async def test_a_slow_server_is_not_waited_for(site: Web) -> None:
    done = asyncio.Event()

    async def never(_: web.Request) -> web.Response:
        await done.wait()
        return web.Response()

    with capture_logs() as logs:
        assert await picture(site.does("/a.png", never), patience=timedelta(seconds=0.1)) is None
    done.set()
    assert logs[0]["reason"] == "fetch.timeout"


async def test_waiting_for_ones_turn_counts_too(site: Web) -> None:
    """The Fetcher's own clock stands still then: the last of ten slow pictures would come minutes later."""
    done = asyncio.Event()

    async def never(_: web.Request) -> web.Response:
        await done.wait()
        return web.Response()

    url = site.does("/a.png", never)
    async with WebPictures(FixedClock(), allowed=LOOPBACK, patience=timedelta(seconds=0.1)) as pictures:
        async with asyncio.timeout(5):
            assert await asyncio.gather(*(pictures.picture(url) for _ in range(10))) == [None] * 10
    done.set()
    assert len(site.requests) < 10


async def test_a_log_names_the_host_alone(site: Web) -> None:
    """Addresses may carry private tokens."""
    with capture_logs() as logs:
        await picture(site.says("/secret/a.jpg", PAGE) + "?token=secret")
    assert logs == [{"event": "picture.none", "log_level": "info", "host": "127.0.0.1", "reason": "no_photo"}]


async def test_what_is_no_address_is_no_picture() -> None:
    assert await picture("http://[broken/a.jpg") is None
