"""Reads what a page says about itself, so that the chat page can draw its link-preview card.

Telegram's servers do this for a real chat. Here it is our own GET, so it is kept on a short lead:
loopback only (unless the operator says otherwise), three seconds, half a megabyte, three redirects.
"""

import asyncio
import ipaddress
import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import aiohttp

SECONDS = 3.0
MOST_BYTES = 512 * 1024
MOST_REDIRECTS = 3
LONGEST_DESCRIPTION = 300  # about what Telegram's clients show before they cut

Card = dict[str, str | None]

_CHARSET = re.compile(rb"""<meta[^>]{0,80}charset=["']?([\w-]{3,20})""", re.IGNORECASE)
_REDIRECTS = {301, 302, 303, 307, 308}


async def card(session: aiohttp.ClientSession, url: str, *, anywhere: bool) -> Card | None:
    """Fetch a page and read its card.

    Args:
        session: whose connections to use.
        url: http or https.
        anywhere: if not, only loopback addresses are ever contacted, redirects included.

    Returns:
        `url`, `site_name`, `title`, `description`, `image`, absent ones None: of a page that has a title, or
        of a picture, which is nothing but itself. None for anything else, if it cannot be read in time, or
        may not be contacted.
    """
    try:
        async with asyncio.timeout(SECONDS):
            found = await _card(session, url, anywhere=anywhere)
    except (TimeoutError, aiohttp.ClientError, ValueError, OSError):
        return None
    if found and not anywhere and not is_loopback(found["image"] or ""):
        found["image"] = None  # the reader's browser would fetch it
    return found


def is_loopback(url: str) -> bool:
    """Is this an http(s) address of this very machine, so that reading it leaves no trace outside?"""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"}:
        return False
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _card(session: aiohttp.ClientSession, url: str, *, anywhere: bool) -> Card | None:
    """Follow redirects by hand, so that each hop is checked."""
    for _ in range(MOST_REDIRECTS + 1):
        allowed = anywhere and urlsplit(url).scheme in {"http", "https"}
        if not allowed and not is_loopback(url):
            return None
        async with session.get(url, allow_redirects=False) as answer:
            if answer.status in _REDIRECTS and "Location" in answer.headers:
                url = urljoin(url, answer.headers["Location"])
                continue
            if answer.status != 200:
                return None
            if answer.content_type.startswith("image/"):
                return {"url": url, "site_name": None, "title": None, "description": None, "image": url}
            if answer.content_type not in {"text/html", "application/xhtml+xml"}:
                return None
            return _read(_text(await _head(answer), answer.charset), url)
    return None


async def _head(answer: aiohttp.ClientResponse) -> bytes:
    """Read no more than MOST_BYTES: a card stands at the top of a page."""
    body = bytearray()
    async for piece in answer.content.iter_chunked(16 * 1024):
        body += piece
        if len(body) >= MOST_BYTES:
            break
    return bytes(body[:MOST_BYTES])


def _text(body: bytes, charset: str | None) -> str:
    named = _CHARSET.search(body[:2048])
    guess = charset or (named.group(1).decode("ascii") if named else "utf-8")
    try:
        return body.decode(guess, errors="replace")
    except LookupError:
        return body.decode("utf-8", errors="replace")


def _read(html: str, url: str) -> Card | None:
    """Choose among Open Graph, Twitter and plain tags, in Telegram's order."""
    reader = _HeadReader()
    reader.feed(html)
    reader.close()
    told = reader.told
    title = told.get("og:title") or told.get("twitter:title") or reader.title
    if not title:
        return None
    description = told.get("og:description") or told.get("twitter:description") or told.get("description")
    image = urljoin(url, told.get("og:image") or told.get("twitter:image") or "")
    return {
        "url": url,
        "site_name": told.get("og:site_name") or urlsplit(url).hostname,
        "title": title,
        "description": _cut(description) if description else None,
        "image": image if image != url and image.startswith(("http://", "https://")) else None,
    }


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_DESCRIPTION else text[: LONGEST_DESCRIPTION - 1].rstrip() + "…"


class _HeadReader(HTMLParser):
    """Collects the first value of every meta tag, and the text of <title>."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.told: dict[str, str] = {}
        self._title: list[str] = []
        self._in_title = False

    @property
    def title(self) -> str:
        return " ".join("".join(self._title).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title":
            # An SVG drawing may carry a <title> of its own further down: the first one counts.
            self._in_title = not self._title
        elif tag == "meta":
            given = dict(attrs)
            name = (given.get("property") or given.get("name") or "").lower()
            content = " ".join((given.get("content") or "").split())
            if name and content:
                self.told.setdefault(name, content)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self._title.append(data)
