"""One GET: conditional, capped, redirects followed by hand, every connection past the guard.

On aiohttp: a tenth of httpx's CPU, and its `socket_factory` sees the very address that is about to be
connected to, so that IP literals, redirects and names that change their mind are all stopped there.
"""

from __future__ import annotations

import asyncio
import re
import socket
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import timedelta
from types import TracebackType
from typing import Self
from urllib.parse import quote, urljoin, urlsplit, urlunsplit
from weakref import WeakValueDictionary

import aiohttp
from yarl import URL

from bot import __version__
from bot.fetch.freshness import fresh_for, retry_after
from bot.fetch.guard import Allowed, refusal
from bot.fetch.problems import (
    CHALLENGE_SIZE,
    CHALLENGE_STATUSES,
    RefusedAddress,
    problem_of_error,
    problem_of_status,
)
from bot.model import Fetched, FetchFailed, FetchResult, Problem, Unchanged, Validators
from bot.ports import Clock

USER_AGENT = f"Feedbell/{__version__} (+https://github.com/feedbell/feedbell)"
# Everything at the end: a site's address typed for its feed answers with a page that names it.
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml,"
    " application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)

_PERMANENT = frozenset({301, 308})
_REDIRECTS = _PERMANENT | {302, 303, 307}
# Not allowed in an address (RFC 3986); what holds any of them is quoted before it is sent.
_UNQUOTED = re.compile(r"[^!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]")
_RAW = re.compile("[\x80-\U0010ffff]+")
# What aiohttp and the layers below it raise for what the web does; ValueError: addresses and headers they
# cannot read.
_FOREIGN = (aiohttp.ClientError, OSError, ValueError)

# Whom the request under way asks for: the socket factory is told only the address that the name led to.
_HOST: ContextVar[str] = ContextVar("host", default="")


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps that the open web makes necessary."""

    body: int = 10 * 1024 * 1024
    """Bytes, unzipped."""
    time: timedelta = timedelta(seconds=30)
    """Over all hops, waiting for one's turn apart."""
    redirects: int = 5
    at_one_host: int = 2
    """Requests at the same time."""


LIMITS = Limits()
NOBODY = Allowed()


@dataclass(frozen=True, slots=True)
class _Redirect:
    to: str
    permanent: bool


class Fetcher:
    """Gets documents over HTTP. Use it as an async context manager.

    Args:
        clock: for freshness where a server sends no `Date`.
        allowed: private places that may be connected to.
        limits: the caps.
        accept: the media types to ask for.
    """

    def __init__(
        self, clock: Clock, *, allowed: Allowed = NOBODY, limits: Limits = LIMITS, accept: str = ACCEPT
    ) -> None:
        self._clock = clock
        self._allowed = allowed
        self._limits = limits
        self._accept = accept
        self._session: aiohttp.ClientSession | None = None
        # Held weakly: a host nobody waits for is forgotten.
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(socket_factory=self._socket),
            cookie_jar=aiohttp.DummyCookieJar(),
            # Ours is over all hops, and includes the body.
            timeout=aiohttp.ClientTimeout(total=None),
            trust_env=False,
            headers={"User-Agent": USER_AGENT, "Accept": self._accept},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(self, url: str, validators: Validators) -> FetchResult:
        """Get a document, if it changed. Never raises for what the web does.

        Args:
            url: http or https, absolute; a login in it is sent as Basic authorization to that host alone.
            validators: sent back byte for byte.
        """
        moved_to: str | None = None
        unbroken = True
        left = self._limits.time.total_seconds()
        for _ in range(self._limits.redirects + 1):
            answer, spent = await self._hop(url, validators, left)
            if isinstance(answer, Fetched):
                return replace(answer, moved_to=moved_to)
            if not isinstance(answer, _Redirect):
                return answer
            left -= spent
            url = answer.to
            unbroken = unbroken and answer.permanent
            moved_to = url if unbroken else moved_to
        return _failed("fetch.too_many_redirects", host_of(url) or url)

    async def _hop(
        self, url: str, validators: Validators, seconds: float
    ) -> tuple[FetchResult | _Redirect, float]:
        host = host_of(url)
        if host is None:
            return FetchFailed(Problem("url.not_a_url", {"url": url})), 0.0
        # The clock stands still until one's turn comes: a slow host with many feeds must not make the last
        # of them fail.
        async with self._turns.setdefault(host, asyncio.Semaphore(self._limits.at_one_host)):
            began = asyncio.get_running_loop().time()
            _HOST.set(host)
            try:
                async with asyncio.timeout(seconds):
                    answer = await self._request(url, host, validators)
            except _FOREIGN as error:
                answer = FetchFailed(problem_of_error(error, host))
            return answer, asyncio.get_running_loop().time() - began

    async def _request(self, url: str, host: str, validators: Validators) -> FetchResult | _Redirect:
        assert self._session is not None, "used outside `async with`"
        asked = self._session.get(_to_send(url), headers=_conditions(validators), allow_redirects=False)
        async with asked as response:
            if response.status in _REDIRECTS:
                return _redirect(url, host, response)
            if response.status == 304:
                return self._not_modified(host, response, validators)
            if not 200 <= response.status <= 299:
                return await self._failure(host, response)
            fetched = _validators(response)
            if fetched.etag is not None and fetched.etag == validators.etag:
                # It ignores conditions, but names the same version: the body would tell nothing new.
                return self._not_modified(host, response, validators)
            return await self._body(url, host, response, fetched)

    def _not_modified(
        self, host: str, response: aiohttp.ClientResponse, validators: Validators
    ) -> FetchResult:
        if not _conditions(validators):
            # "Not modified" in answer to a plain question leaves us with nothing to read.
            return _failed("fetch.broken_answer", host)
        new = _validators(response)
        kept = replace(
            validators,
            etag=new.etag or validators.etag,
            last_modified=new.last_modified or validators.last_modified,
        )
        return Unchanged(kept, fresh_for(response.headers, self._clock.now()))

    async def _failure(self, host: str, response: aiohttp.ClientResponse) -> FetchFailed:
        start = b""
        if response.status in CHALLENGE_STATUSES:
            start, _ = await _read(response, CHALLENGE_SIZE)
        problem = problem_of_status(response.status, host, response.headers, start)
        wait = None
        if response.status in {429, 503}:
            wait = retry_after(response.headers, self._clock.now())
        return FetchFailed(problem, wait)

    async def _body(
        self, url: str, host: str, response: aiohttp.ClientResponse, validators: Validators
    ) -> Fetched | FetchFailed:
        limit = self._limits.body
        body, whole = await _read(response, limit)
        if not whole:
            return FetchFailed(Problem("fetch.too_large", {"host": host, "limit": f"{limit >> 20} MB"}))
        return Fetched(
            body=body,
            final_url=_without_login(url),
            content_type=_text(response.headers.get("Content-Type", "")) or "",
            validators=validators,
            fresh_for=fresh_for(response.headers, self._clock.now()),
        )

    def _socket(self, address: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, protocol, _, place = address
        if refusal(str(place[0]), int(place[1]), self._allowed, host=_HOST.get()) is not None:
            # The same text each time: several different ones would be merged into another exception.
            raise RefusedAddress("not a public address")
        return socket.socket(family=family, type=kind, proto=protocol)


def host_of(url: str) -> str | None:
    """Name the host of an absolute http or https address, in lower case; None if it is no such address."""
    try:
        parts = urlsplit(url)
        valid = parts.port is None or parts.port > 0
    except ValueError:
        return None
    return parts.hostname if valid and parts.scheme in {"http", "https"} else None


async def _read(response: aiohttp.ClientResponse, most: int) -> tuple[bytes, bool]:
    """Read up to so many unzipped bytes; False if there was more. The rest is never unzipped."""
    parts: list[bytes] = []
    size = 0
    async for part in response.content.iter_any():
        size += len(part)
        parts.append(part)
        if size > most:
            response.close()
            return b"".join(parts)[:most], False
    return b"".join(parts), True


def _conditions(validators: Validators) -> dict[str, str]:
    conditions = {}
    if validators.etag:
        conditions["If-None-Match"] = validators.etag
    if validators.last_modified:
        conditions["If-Modified-Since"] = validators.last_modified
    return conditions


def _validators(response: aiohttp.ClientResponse) -> Validators:
    return Validators(
        etag=_text(response.headers.get("ETag", "")),
        last_modified=_text(response.headers.get("Last-Modified", "")),
    )


def _text(header: str) -> str | None:
    """Take a header that is text; None if it is empty, or holds bytes that could not be sent back as they came."""
    try:
        header.encode()
    except UnicodeEncodeError:
        return None
    return header or None


def _redirect(url: str, host: str, response: aiohttp.ClientResponse) -> _Redirect | FetchFailed:
    # Bytes beyond ASCII come as surrogates or as UTF-8; both go back as the bytes they were.
    location = _RAW.sub(
        lambda raw: quote(raw[0].encode(errors="surrogateescape")), response.headers.get("Location", "")
    )
    try:
        to = urljoin(url, location.strip())
    except ValueError:
        return _failed("fetch.bad_redirect", host)
    if not location or host_of(to) is None:
        return _failed("fetch.bad_redirect", host)
    return _Redirect(to, response.status in _PERMANENT)


def _to_send(url: str) -> URL:
    # Byte for byte where that is legal: an address that is signed dies of being quoted anew.
    return URL(url, encoded=_UNQUOTED.search(url) is None)


def _without_login(url: str) -> str:
    """Links are read against this and shown to people; a login must not travel with them."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, parts.query, ""))


def _failed(key: str, host: str) -> FetchFailed:
    return FetchFailed(Problem(key, {"host": host}))
