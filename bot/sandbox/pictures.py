"""Fetches pictures sent by address, as Telegram does, but from this machine only; others are taken on trust."""

import asyncio
import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.params import Params

LARGEST = 5 << 20  # bytes, as Telegram's for a picture by address
PATIENCE = 5.0  # seconds
MOST = 10  # of one album

# Telegram's server errors; the Bot API turns them into sentences, but not inside an album.
UNREACHABLE = "WEBPAGE_CURL_FAILED"
NO_PICTURE = "WEBPAGE_MEDIA_EMPTY"


async def fetch_pictures(session: aiohttp.ClientSession, params: Params) -> dict[str, bytes | str]:
    """The loopback pictures a call names: by address the bytes, or Telegram's server error."""
    urls = [url for url in dict.fromkeys(_named(params)) if on_loopback(url)][:MOST]
    found = await asyncio.gather(*(_picture(session, url) for url in urls))
    return dict(zip(urls, found, strict=True))


def on_loopback(url: str) -> bool:
    """Whether an http(s) address is on this machine by its literal number; no name is ever looked up."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def _named(params: Params) -> Iterator[str]:
    yield params.text("photo")
    media = params.values.get("media")
    for item in params.items("media") if media else []:
        if isinstance(item, dict) and item.get("type") == "photo":
            yield str(item.get("media", ""))


async def _picture(session: aiohttp.ClientSession, url: str) -> bytes | str:
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    try:
        # A redirect could lead off this machine.
        async with session.get(url, timeout=timeout, allow_redirects=False, ssl=False) as answer:
            if answer.status != 200:
                return UNREACHABLE
            body = await answer.content.read(LARGEST + 1)
            while len(body) <= LARGEST and (more := await answer.content.read(LARGEST + 1 - len(body))):
                body += more
            if len(body) > LARGEST:
                return UNREACHABLE
            return body if answer.content_type.startswith("image/") and body else NO_PICTURE
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
        return UNREACHABLE
