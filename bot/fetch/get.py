"""One GET: conditional, capped, redirects followed by hand, every connection past the guard.

On aiohttp: a tenth of httpx's CPU, and its `socket_factory` sees the very address that is about to be
connected to, so that IP literals, redirects and names that change their mind are all stopped there.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType, TracebackType
from typing import Self

import aiohttp
import aiohttp_socks

from bot.feeds import may_send
from bot.fetch.addresses import host_of, redirected, same_server, to_send, without_login
from bot.fetch.freshness import fresh_for, retry_after
from bot.fetch.guard import Allowed
from bot.fetch.problems import (
    CHALLENGE_SIZE,
    CHALLENGE_STATUSES,
    problem_of_error,
    problem_of_status,
    says_challenge,
)
from bot.fetch.turns import Turns
from bot.fetch.unzip import BrokenCoding, Unzipper
from bot.fetch.ways import Proxy, Ways
from bot.model import Fetched, FetchFailed, FetchResult, Problem, Unchanged, Validators
from bot.ports import Clock

# Everything at the end: a site's address typed for its feed answers with a page that names it.
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml,"
    " application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)

_PERMANENT = frozenset({301, 308})
_REDIRECTS = _PERMANENT | {302, 303, 307}
# What aiohttp and the layers around it raise for what the web does; ValueError: addresses and headers they cannot
# read, codings that are none.
_FOREIGN = (
    aiohttp.ClientError,
    aiohttp_socks.ProxyError,
    aiohttp_socks.ProxyConnectionError,
    aiohttp_socks.ProxyTimeoutError,
    OSError,
    ValueError,
)
# Seconds for a look at the page of an error: a 429 must not lose its Retry-After to a page that trickles.
_GLANCE = 3.0
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps that the open web makes necessary."""

    body: int = 10 * 1024 * 1024
    """Bytes, unzipped."""
    time: timedelta = timedelta(seconds=30)
    """Over all hops, waiting for one's turn apart."""
    connecting: timedelta = timedelta(seconds=10)
    """For one connection, TLS included. A healthy one takes a second from the other side of the earth."""
    redirects: int = 5
    at_one_host: int = 2
    """Requests at the same time."""
    gap: timedelta = timedelta(seconds=0.5)
    """Between two requests to a host; places that the operator allowed by name or network need none."""


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
        proxy: that everything but the allowed places goes through; None for none.
        accept: the media types to ask for.
        turns: of another one that asks the same hosts; None for its own.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        allowed: Allowed = NOBODY,
        limits: Limits = LIMITS,
        proxy: Proxy | None = None,
        accept: str = ACCEPT,
        turns: Turns | None = None,
    ) -> None:
        self._clock = clock
        self._limits = limits
        self._ways = Ways(allowed, proxy, limits.connecting, accept)
        self.turns = turns or Turns(limits.at_one_host)

    async def __aenter__(self) -> Self:
        await self._ways.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._ways.__aexit__(kind, error, trace)

    async def get(
        self, url: str, validators: Validators, headers: Mapping[str, str] = NO_HEADERS
    ) -> FetchResult:
        """Get a document, if it changed. Never raises for what the web does.

        Args:
            url: http or https, absolute; a login in it is sent as Basic authorization to that server alone.
            validators: sent back byte for byte.
            headers: of this feed; those that `feeds.may_send` lets pass go to the server of `url` alone.
        """
        own = {name: value for name, value in headers.items() if may_send(name, value)}
        moved_to: str | None = None
        unbroken = True
        left = self._limits.time.total_seconds()
        here = url
        for _ in range(self._limits.redirects + 1):
            secrets = own if here == url or same_server(url, here) else {}
            answer, spent = await self._hop(here, validators, secrets, left)
            if isinstance(answer, Fetched | Unchanged):
                return replace(answer, moved_to=moved_to) if moved_to else answer
            if not isinstance(answer, _Redirect):
                return answer
            left -= spent
            here = answer.to
            # A move that leaves the feed's headers behind is not adopted: they would follow it to a stranger.
            unbroken = unbroken and answer.permanent and (not own or same_server(url, here))
            moved_to = here if unbroken else moved_to
        return _failed("fetch.too_many_redirects", here)

    async def _hop(
        self, url: str, validators: Validators, headers: Mapping[str, str], seconds: float
    ) -> tuple[FetchResult | _Redirect, float]:
        # aiohttp refuses to choose between a login in the address and one in a header.
        address = to_send(without_login(url) if _has_login(headers) else url)
        if address is None:
            return FetchFailed(Problem("url.not_a_url", {"url": url})), 0.0
        name, port = (address.raw_host or "").lower(), address.port or 0
        host = self.turns.at(name)
        # The clock stands still until one's turn comes: a slow host with many feeds must not make the last
        # of them fail.
        async with host.free:
            if self._limits.gap and not self._ways.is_own(name, port):
                await host.spare(self._limits.gap)
            began = asyncio.get_running_loop().time()
            answer: FetchResult | _Redirect
            try:
                session = self._ways.to(name, port)
                sent = {**headers, **_conditions(validators)}
                async with asyncio.timeout_at(began + seconds):
                    response = await session.get(address, headers=sent, allow_redirects=False)
                async with response:
                    answer = await self._answer(url, response, validators, began + seconds)
            except _FOREIGN as error:
                answer = FetchFailed(problem_of_error(error, host_of(url), address))
            return answer, asyncio.get_running_loop().time() - began

    async def _answer(
        self, url: str, response: aiohttp.ClientResponse, validators: Validators, deadline: float
    ) -> FetchResult | _Redirect:
        if response.status == 304:
            return self._not_modified(url, response, validators)
        if response.status in _REDIRECTS:
            to = redirected(url, response.headers.get("Location", ""))
            permanent = response.status in _PERMANENT
            return _Redirect(to, permanent) if to else _failed("fetch.bad_redirect", url)
        fetched = _validators(response)
        well = 200 <= response.status <= 299 and not says_challenge(response.headers)
        if well and fetched.etag is not None and fetched.etag == validators.etag:
            # It ignores conditions, but names the same version: the body would tell nothing new.
            return self._not_modified(url, response, validators)
        try:
            async with asyncio.timeout_at(deadline):
                return await (self._body(url, response, fetched) if well else self._failure(url, response))
        except TimeoutError:
            # It began to answer, and does not come to an end.
            return _failed("fetch.too_slow", url)

    def _not_modified(
        self, url: str, response: aiohttp.ClientResponse, validators: Validators
    ) -> Unchanged | FetchFailed:
        if not (validators.etag or validators.last_modified):
            # "Not modified" in answer to a plain question leaves us with nothing to read.
            return _failed("fetch.broken_answer", url)
        new = _validators(response)
        kept = Validators(
            new.etag or validators.etag, new.last_modified or validators.last_modified, validators.body_hash
        )
        return Unchanged(kept, fresh_for(response.headers, self._clock.now()))

    async def _failure(self, url: str, response: aiohttp.ClientResponse) -> FetchFailed:
        start = b""
        if response.status in CHALLENGE_STATUSES:
            start = await _start(response)
        problem = problem_of_status(response.status, host_of(url), response.headers, start)
        wait = None
        if response.status in {429, 503}:
            wait = retry_after(response.headers, self._clock.now())
        return FetchFailed(problem, wait)

    async def _body(
        self, url: str, response: aiohttp.ClientResponse, validators: Validators
    ) -> Fetched | FetchFailed:
        limit = self._limits.body
        body = await _whole(response, limit)
        if body is None:
            return FetchFailed(
                Problem("fetch.too_large", {"host": host_of(url), "limit": f"{limit >> 20} MB"})
            )
        return Fetched(
            body=body,
            final_url=without_login(url),
            content_type=_text(response.headers.get("Content-Type", "")) or "",
            validators=validators,
            fresh_for=fresh_for(response.headers, self._clock.now()),
        )


async def _unzipped(response: aiohttp.ClientResponse) -> AsyncGenerator[bytes]:
    """The body in small pieces; close the response to have no more of it."""
    unzipper = Unzipper(response.headers.get("Content-Encoding", ""))
    async for part in response.content.iter_any():
        for piece in unzipper.pieces(part):
            yield piece
    unzipper.end()


async def _whole(response: aiohttp.ClientResponse, most: int) -> bytes | None:
    """Read so many unzipped bytes at most; None if there are more. The rest is never unzipped."""
    parts: list[bytes] = []
    size = 0
    async with aclosing(_unzipped(response)) as pieces:
        async for piece in pieces:
            size += len(piece)
            if size > most:
                response.close()
                return None
            parts.append(piece)
    return b"".join(parts)


async def _start(response: aiohttp.ClientResponse) -> bytes:
    """Enough of a page to know it by; less of one that is broken, or slow: its status says enough."""
    start = b""
    try:
        async with asyncio.timeout(_GLANCE), aclosing(_unzipped(response)) as pieces:
            async for piece in pieces:
                start += piece[:CHALLENGE_SIZE]
                if len(start) >= CHALLENGE_SIZE:
                    response.close()
                    break
    except (aiohttp.ClientError, BrokenCoding, TimeoutError):
        response.close()
    return start


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


def _has_login(headers: Mapping[str, str]) -> bool:
    return any(name.lower() == "authorization" for name in headers)


def _failed(key: str, url: str) -> FetchFailed:
    return FetchFailed(Problem(key, {"host": host_of(url)}))
