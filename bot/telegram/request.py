"""python-telegram-bot's HTTP on aiohttp, and the one road that every message takes to Telegram.

aiohttp, because a call costs a fifth of httpx's CPU. Whether a failed call ever left this machine is kept as the
cause of PTB's error: `NeverLeft` or `LineBroke`. Neither carries an address, since addresses carry the token.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

CONNECTIONS = 256
"""Alerts, answers and the long poll share these; more calls than this wait for a place."""
# Used where a call brings none of its own.
_CONNECT_SECONDS, _POOL_SECONDS, _WRITE_SECONDS = 10.0, 10.0, 20.0
READ_SECONDS = 30.0
"""Telegram may take long to answer a send; giving up early is what makes doubles."""

# What begins with "send" and puts no message into a chat.
_NO_MESSAGES = frozenset({"sendchataction", "sendmessagedraft"})
_TOO_MANY_REQUESTS = 429
_JSON = {"Content-Type": "application/json"}
# Telegram always says how long; something between it and us may not.
_WAIT_UNSAID = timedelta(seconds=1)


class NeverLeft(Exception):
    """No connection came about: Telegram certainly did not get the call."""


class LineBroke(Exception):
    """The call went out, or may have: nobody knows whether Telegram did it."""


_NEVER_LEFT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)


class Road(Protocol):
    """Keeps every message of this bot within Telegram's limits."""

    async def turn(self, chat_id: int, count: int) -> None:
        """Wait until that many messages may go to the chat."""

    async def refused(self, chat_id: int, retry_after: timedelta) -> None:
        """Telegram said "too fast" (429) all the same."""


class Connections:
    """One aiohttp session for all calls of a bot. Opens at the first call."""

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

    def session(self) -> aiohttp.ClientSession:
        """To be asked for inside a running loop.

        Raises:
            NeverLeft: closed already.
        """
        if self._closed:
            raise NeverLeft("the connections are closed")
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": BaseRequest.USER_AGENT},
                proxy=proxy_for(self._api_url),
            )
        return self._session

    async def close(self) -> None:
        """Hang up, for good. What is in flight breaks off."""
        self._closed = True
        if self._session is not None:
            await self._session.close()


def proxy_for(url: str) -> str | None:
    """The environment's proxy for this address (HTTPS_PROXY, NO_PROXY, …); None if it names none.

    Looked up once: aiohttp's own `trust_env` would do it, and read a netrc file, at every call.
    """
    parts = urlsplit(url)
    if parts.hostname is None or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all") or ""
    if proxy and "://" not in proxy:
        proxy = f"http://{proxy}"
    return proxy if proxy.startswith(("http://", "https://")) else None  # aiohttp speaks no SOCKS


class AiohttpRequest(BaseRequest):
    """PTB's calls on shared connections. Whoever made the connections closes them."""

    __slots__ = ("_connections", "_read_seconds")

    def __init__(self, connections: Connections, read_seconds: float = READ_SECONDS) -> None:
        self._connections = connections
        self._read_seconds = read_seconds

    @property
    def read_timeout(self) -> float:
        """Seconds, for calls that bring none of their own."""
        return self._read_seconds

    async def initialize(self) -> None:
        """Nothing: the connections open at the first call."""

    async def shutdown(self) -> None:
        """Nothing: other bots may share the connections."""

    async def do_request(  # noqa: PLR0913, PLR0917 - the contract of BaseRequest
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one call. An HTTP status of any kind is an answer.

        Raises:
            NetworkError: no answer; its cause is NeverLeft or LineBroke.
            TimedOut: the same; the answer did not come in time.
        """
        read_timeout = self._read_seconds if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        timeout = _timeout(read_timeout, write_timeout, connect_timeout, pool_timeout)
        body, headers = _body(request_data)
        try:
            # Telegram never redirects; whoever does would be handed the token.
            async with self._connections.session().request(
                method, url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                return response.status, await response.read()
        except NeverLeft as error:
            raise NetworkError(str(error)) from error
        except _NEVER_LEFT as error:
            raise NetworkError(f"no connection to Telegram: {_said(error)}") from NeverLeft(_said(error))
        except TimeoutError as error:
            raise TimedOut("no answer in time") from LineBroke(_said(error))
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(f"the line broke: {_said(error)}") from LineBroke(_said(error))


@dataclass(frozen=True, slots=True)
class Account:
    """Who the bot is, where Telegram is, and how to get there."""

    token: str
    api_url: str
    """Of the Bot API server, without a slash at its end."""
    road: Road | None = None
    """None: as fast as it goes."""
    read_seconds: float = READ_SECONDS
    """How long an answer is waited for; by then nobody knows whether Telegram did it."""

    def __repr__(self) -> str:
        """Without the token."""
        return f"Account({self.api_url!r})"


class PacedRequest(BaseRequest):
    """Every call that puts messages into a chat waits for its turn first.

    Those count, and no others, as in Telegram's limits ("messages a second", "messages a minute"): edits, answers
    to presses, chat actions and deletions put none there. Should Telegram find any call too fast, the road is told.

    Source: Bot API FAQ, "My bot is hitting limits, how do I avoid this?".
    """

    __slots__ = ("_inner", "_road")

    def __init__(self, inner: BaseRequest, road: Road) -> None:
        self._inner = inner
        self._road = road

    @property
    def read_timeout(self) -> float | None:
        """Seconds, for calls that bring none of their own."""
        return self._inner.read_timeout

    async def initialize(self) -> None:
        """Begin, if what is below needs it."""
        await self._inner.initialize()

    async def shutdown(self) -> None:
        """End, if what is below needs it."""
        await self._inner.shutdown()

    async def do_request(  # noqa: PLR0913, PLR0917 - the contract of BaseRequest
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Wait for the turn, then make the call; its timeouts begin after the wait."""
        parameters = request_data.parameters if request_data else {}
        chat_id = _chat_of(parameters)
        count = messages_of(url.rpartition("/")[2], parameters)
        if chat_id is not None and count:
            await self._road.turn(chat_id, count)
        status, payload = await self._inner.do_request(
            url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
        )
        if status == _TOO_MANY_REQUESTS and chat_id is not None:
            await self._road.refused(chat_id, _wait_of(payload))
        return status, payload


def messages_of(method: str, parameters: dict[str, Any]) -> int:
    """How many messages a call puts into its chat; an album counts as its pictures."""
    name = method.lower()
    if name == "sendmediagroup":
        return _length(parameters.get("media"))
    if name in {"copymessages", "forwardmessages"}:
        return _length(parameters.get("message_ids"))
    one = name.startswith("send") and name not in _NO_MESSAGES
    return int(one or name in {"copymessage", "forwardmessage"})


def _length(value: object) -> int:
    return len(value) if isinstance(value, list | tuple) else 1


def _chat_of(parameters: dict[str, Any]) -> int | None:
    """None where no chat is named, or only by its @name: the bot writes to no chat that way."""
    try:
        return int(parameters["chat_id"])
    except (KeyError, TypeError, ValueError):
        return None


def _wait_of(payload: bytes) -> timedelta:
    try:
        return timedelta(seconds=int(json.loads(payload)["parameters"]["retry_after"]))
    except (KeyError, TypeError, ValueError):
        return _WAIT_UNSAID


def _body(request_data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str]]:
    """The form and its headers; with the files in it, where there are any."""
    if request_data is None:
        return None, {}
    if not request_data.contains_files:
        return json.dumps(request_data.parameters).encode(), _JSON  # a quarter of what a form costs
    # Names as UTF-8, as browsers send them: the percent signs of the alternative would be shown to people.
    form = aiohttp.FormData(request_data.json_parameters, quote_fields=False)
    for name, (filename, content, kind) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form, {}


@lru_cache(maxsize=16)
def _timeout(read: object, write: object, connect: object, pool: object) -> aiohttp.ClientTimeout:
    """PTB's four waits as aiohttp's, which has none for writing: that one ends with the whole call."""
    read, write = _seconds(read, READ_SECONDS), _seconds(write, _WRITE_SECONDS)
    connect, pool = _seconds(connect, _CONNECT_SECONDS), _seconds(pool, _POOL_SECONDS)
    connected = None if connect is None or pool is None else connect + pool
    everything = None if connected is None or read is None or write is None else connected + read + write
    return aiohttp.ClientTimeout(total=everything, connect=connected, sock_connect=connect, sock_read=read)


def _seconds(given: object, usual: float) -> float | None:
    """None is a wish: for ever."""
    return given if isinstance(given, int | float) or given is None else usual


def _said(error: Exception) -> str:
    """What went wrong. The texts of most errors name the whole address, and with it the token."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"{type(error).__name__}: {error}"
    return type(error).__name__
