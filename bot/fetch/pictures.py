"""Pictures to be uploaded: fetched as carefully as feeds, and passed on only if Telegram takes them as photos.

Rests on imagesize, which reads the sizes of all kinds from their first bytes and decodes nothing.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from io import BytesIO
from types import TracebackType
from typing import Self

import imagesize
import structlog

from bot.fetch.addresses import host_of
from bot.fetch.get import NOBODY, Fetcher, Limits
from bot.fetch.guard import Allowed
from bot.fetch.ways import Proxy
from bot.model import Fetched, FetchFailed, Picture, Validators
from bot.ports import Clock

# What Telegram takes as a photo, https://core.telegram.org/bots/api#sendphoto.
LARGEST = 10 * 1024 * 1024
LONGEST_SIDES = 10_000
"""Pixels, width and height together."""
LARGEST_RATIO = 20

PATIENCE = timedelta(seconds=15)
"""For one picture, waiting for one's turn at its host included: an alert waits for it."""
ACCEPT = "image/jpeg, image/png, image/gif;q=0.8, image/*;q=0.5"

# By first bytes, since servers call pictures what they like. Not WebP, AVIF, SVG: those become files or stickers.
_KINDS = (
    (b"\xff\xd8\xff", "jpg", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png", "image/png"),
    (b"GIF87a", "gif", "image/gif"),
    (b"GIF89a", "gif", "image/gif"),
    (b"BM", "bmp", "image/bmp"),
    (b"II*\0", "tif", "image/tiff"),
    (b"MM\0*", "tif", "image/tiff"),
)
# A GIF that repeats says so: Telegram makes a film of it, and of no other.
_REPEATS = b"NETSCAPE2.0"
# Bytes. Sizes stand in front, behind a camera's notes and colour profile. A file made to be slow takes 60 ms to
# look through so far, and all of its 10 MB two seconds of everybody's time.
_HEAD = 256 * 1024


class WebPictures:
    """A PictureSource: the open web. Use it as an async context manager.

    Args:
        clock: for the Fetcher.
        allowed: private places that may be connected to.
        patience: for one picture.
        proxy: as the Fetcher's.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        allowed: Allowed = NOBODY,
        patience: timedelta = PATIENCE,
        proxy: Proxy | None = None,
    ) -> None:
        self._patience = patience
        # No gap between an album's pictures: a browser leaves none either.
        limits = Limits(body=LARGEST, time=patience, gap=timedelta(0))
        self._fetcher = Fetcher(clock, allowed=allowed, limits=limits, proxy=proxy, accept=ACCEPT)

    async def __aenter__(self) -> Self:
        await self._fetcher.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._fetcher.__aexit__(kind, error, trace)

    async def picture(self, url: str) -> Picture | None:
        """Fetch a picture; None if there is none that Telegram would take. Never raises for what the web does."""
        found = await self._fetch(url)
        if isinstance(found, Picture):
            return found
        # Addresses may carry private tokens; the host says enough.
        structlog.get_logger().info("picture.none", host=host_of(url), reason=found)
        return None

    async def _fetch(self, url: str) -> Picture | str:
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                result = await self._fetcher.get(url, Validators())
        except TimeoutError:
            return "fetch.timeout"
        if isinstance(result, Fetched):
            return _picture_in(result.body)
        return result.problem.key if isinstance(result, FetchFailed) else "fetch.broken_answer"


def _picture_in(content: bytes) -> Picture | str:
    """Tell what a body is; a word for the log if it is no picture that can be a photo."""
    for start, ending, media_type in _KINDS:
        if content.startswith(start):
            head = content[:_HEAD]
            if ending == "gif" and _REPEATS in head:
                return "moving"
            fits = _fits(*imagesize.get(BytesIO(head), exif_rotation=False))
            return Picture(content, f"picture.{ending}", media_type) if fits else "odd_size"
    return "no_photo"


def _fits(width: int, height: int) -> bool:
    """Say whether Telegram takes a picture of that size; one that cannot be read (-1, -1) it may judge itself."""
    if (width, height) == (-1, -1):
        return True
    return width + height <= LONGEST_SIDES and 0 < max(width, height) <= LARGEST_RATIO * min(width, height)
