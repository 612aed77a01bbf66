"""The ways to a server: straight, every connection past the guard; or through the operator's proxy.

What the guard sees through a proxy is only what the proxy is told: addresses written as such, private names and
ports are refused before anything is sent, but a name is looked up by the proxy, in its network. So a proxy
should stand where it reaches the public internet and nothing else. Places of FEEDBELL_ALLOW_PRIVATE are reached
straight, proxy or not: they are the operator's own.
"""

from __future__ import annotations

import functools
import socket
import ssl
from contextlib import AsyncExitStack
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import ClassVar, Literal, Self
from urllib.parse import unquote, urlsplit

import aiohttp
from aiohttp_socks import ProxyConnector, ProxyType

from bot import __version__
from bot.errors import SettingsError
from bot.fetch.guard import BAD_PORT, Allowed, is_allowed, refusal, refusal_by_name
from bot.fetch.problems import RefusedAddress
from bot.fetch.unzip import ACCEPT_ENCODING

USER_AGENT = f"Feedbell/{__version__} (+https://github.com/feedbell/feedbell)"
_LONGEST_HEADER = 32 * 1024
# Reading an address costs a tenth of a GET, and the same ones come again.
_KNOWN_PLACES = 1024

# By the scheme of the setting: which port unless it names one.
_PROXIES = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}

# Whom the request under way asks for: the socket factory is told only the address that the name led to.
_HOST: ContextVar[str] = ContextVar("host", default="")


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where feeds are fetched through. May hold a password."""

    url: str = field(repr=False)

    @property
    def is_socks(self) -> bool:
        return self.url.startswith("socks")


def parse_proxy(text: str | None) -> Proxy | None:
    """Read the operator's setting: `http://`, `https://`, `socks5://` or `socks5h://`, perhaps a login, a host,
    perhaps a port. Names are looked up by the proxy in each of these.

    Raises:
        SettingsError: it is none of these. The setting itself is not in it.
    """
    if not text:
        return None
    try:
        parts = urlsplit(text)
        valid = parts.scheme in _PROXIES and parts.hostname and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise SettingsError(("FEEDBELL_FEED_PROXY: write http://host:port or socks5://host:port",))
    return Proxy(text)


class Ways:
    """Sessions of aiohttp, opened and closed together. Use it as an async context manager.

    Args:
        allowed: private places that may be connected to.
        proxy: for all other places; None connects straight.
        connecting: most time for a connection, TLS included.
        accept: the media types to ask for.
    """

    trust: ClassVar[ssl.SSLContext | Literal[True]] = True
    """Which certificates are trusted: those that the system trusts. Tests put an authority of their own here."""

    def __init__(self, allowed: Allowed, proxy: Proxy | None, connecting: timedelta, accept: str) -> None:
        self._allowed = allowed
        self._is_own = functools.lru_cache(_KNOWN_PLACES)(functools.partial(is_allowed, allowed=allowed))
        self._proxy = proxy
        self._accept = accept
        self._timeout = aiohttp.ClientTimeout(total=None, sock_connect=connecting.total_seconds())
        self._straight: aiohttp.ClientSession | None = None
        self._proxied: aiohttp.ClientSession | None = None
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        straight = aiohttp.TCPConnector(socket_factory=self._socket, ssl=self.trust)
        self._straight = await self._open.enter_async_context(self._session(straight))
        if self._proxy is not None:
            if self._proxy.is_socks:
                session = self._session(_socks(self._proxy, self.trust))
            else:
                session = self._session(aiohttp.TCPConnector(ssl=self.trust), self._proxy.url)
            self._proxied = await self._open.enter_async_context(session)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    def is_own(self, host: str, port: int) -> bool:
        """Whether the operator named this place."""
        return self._is_own(host, port)

    def to(self, host: str, port: int) -> aiohttp.ClientSession:
        """The session for a request to this place; ask from the task that makes it.

        Raises:
            RefusedAddress: the proxy may not be told to go there.
        """
        assert self._straight is not None, "used outside `async with`"
        if self._proxied is None or self.is_own(host, port):
            _HOST.set(host)
            return self._straight
        _refuse(refusal_by_name(host, port))
        return self._proxied

    def _session(self, connector: aiohttp.BaseConnector, proxy: str | None = None) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=self._timeout,
            trust_env=False,
            # Security policies grow beyond aiohttp's 8 KB.
            max_field_size=_LONGEST_HEADER,
            headers={"User-Agent": USER_AGENT, "Accept": self._accept, "Accept-Encoding": ACCEPT_ENCODING},
            # `unzip` does it.
            auto_decompress=False,
            proxy=proxy,
        )

    def _socket(self, address: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, protocol, _, place = address
        _refuse(refusal(str(place[0]), int(place[1]), self._allowed, host=_HOST.get()))
        return socket.socket(family=family, type=kind, proto=protocol)


def _socks(proxy: Proxy, trust: ssl.SSLContext | Literal[True]) -> aiohttp.BaseConnector:
    parts = urlsplit(proxy.url)
    return ProxyConnector(
        parts.hostname or "",
        parts.port or _PROXIES[parts.scheme],
        ProxyType.SOCKS5,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        rdns=True,
        ssl=trust,
    )


def _refuse(kind: str | None) -> None:
    """The same text for all kinds: aiohttp merges several different ones into another exception."""
    if kind == BAD_PORT:
        raise RefusedAddress(BAD_PORT)
    if kind is not None:
        raise RefusedAddress("not a public address")
