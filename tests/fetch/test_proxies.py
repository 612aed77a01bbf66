"""Feeds through the operator's proxy: an HTTP proxy and a SOCKS5 server on loopback."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.errors import SettingsError
from bot.fetch import guard
from bot.fetch.get import Limits
from bot.fetch.guard import Allowed
from bot.fetch.ways import Proxy, Ways, parse_proxy
from bot.model import Fetched, FetchFailed, Problem, Validators
from tests.fetch.proxies import TinyProxy, proxying
from tests.fetch.server import Web, certificate, fetcher, serving, trusting

NO_VALIDATORS = Validators()
NAME = {"host": "feeds.example"}
SCHEMES = ["http", "socks5", "socks5h"]
NOBODY = Allowed()
NO_GAP = Limits(time=timedelta(seconds=10), gap=timedelta(0))


@pytest.fixture(params=SCHEMES)
async def proxy(request: pytest.FixtureRequest) -> AsyncIterator[TinyProxy]:
    async with proxying(request.param) as proxy:
        yield proxy


@pytest.fixture
async def site(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Web]:
    async with serving() as site:
        open_port(site, monkeypatch)
        yield site


def open_port(site: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's server cannot be at port 80."""
    monkeypatch.setattr(guard, "PORTS", guard.PORTS | {int(site.base.rpartition(":")[2])})


def named(url: str) -> str:
    """The same place by a name that only the proxy can look up."""
    return url.replace("127.0.0.1", "feeds.example")


async def through(proxy: Proxy, url: str) -> object:
    async with fetcher(allowed=NOBODY, limits=NO_GAP, proxy=proxy) as client:
        return await client.get(url, NO_VALIDATORS)


async def test_a_name_is_looked_up_by_the_proxy(site: Web, proxy: TinyProxy) -> None:
    url = named(site.says("/feed", b"<rss/>"))
    result = await through(Proxy(proxy.url()), url)
    assert isinstance(result, Fetched)
    assert result.body == b"<rss/>"
    assert proxy.asked == [url.split("/")[2]]
    assert site.requests[0].headers["Host"] == url.split("/")[2]


async def test_tls_goes_through_the_proxy_to_the_server_itself(
    proxy: TinyProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ways, "trust", trusting())
    async with serving(certificate("sound")) as site:
        open_port(site, monkeypatch)
        url = named(site.says("/feed", b"<rss/>"))
        assert isinstance(await through(Proxy(proxy.url()), url), Fetched)


async def test_a_proxy_does_not_vouch_for_a_certificate(
    proxy: TinyProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ways, "trust", trusting())
    async with serving(certificate("other_host")) as site:
        open_port(site, monkeypatch)
        url = named(site.says("/feed", b"<rss/>"))
        result = await through(Proxy(proxy.url()), url)
    assert result == FetchFailed(Problem("fetch.tls_wrong_host", NAME))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::a00:1]",
        "localhost",
        "router.lan",
        "db.internal",
        "nas",
    ],
)
async def test_a_private_address_is_refused_before_anything_is_sent(
    site: Web, proxy: TinyProxy, host: str
) -> None:
    url = site.says("/feed", b"<rss/>").replace("127.0.0.1", host)
    result = await through(Proxy(proxy.url()), url)
    assert result == FetchFailed(Problem("fetch.private_address", {"host": host.strip("[]")}))
    assert proxy.asked == []


@pytest.mark.parametrize(
    "host", ["127.1", "0x7f000001", "2130706433", "0177.0.0.1", "127.0.0.1.", "127。0。0。1"]
)
async def test_no_spelling_of_an_address_reaches_the_proxy(site: Web, proxy: TinyProxy, host: str) -> None:
    result = await through(Proxy(proxy.url()), site.says("/feed", b"<rss/>").replace("127.0.0.1", host))
    assert isinstance(result, FetchFailed)
    assert proxy.asked == []


async def test_a_redirect_into_the_private_network_is_refused(site: Web, proxy: TinyProxy) -> None:
    url = named(site.redirects("/feed", "http://169.254.169.254/latest/meta-data/"))
    result = await through(Proxy(proxy.url()), url)
    assert result == FetchFailed(Problem("fetch.private_address", {"host": "169.254.169.254"}))
    assert proxy.asked == [url.split("/")[2]]


async def test_a_port_where_no_websites_are_is_refused(proxy: TinyProxy) -> None:
    result = await through(Proxy(proxy.url()), "http://feeds.example:25/")
    assert result == FetchFailed(Problem("fetch.port", {**NAME, "port": "25"}))
    assert proxy.asked == []


async def test_the_operators_own_places_are_reached_without_it(site: Web, proxy: TinyProxy) -> None:
    async with fetcher(proxy=Proxy(proxy.url())) as client:
        assert isinstance(await client.get(site.says("/feed", b"<rss/>"), NO_VALIDATORS), Fetched)
    assert proxy.asked == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("login", "key"),
    [
        pytest.param("me:s%40cret", None, id="the right login"),
        pytest.param("me:wrong", "fetch.proxy", id="a wrong one"),
    ],
)
async def test_a_proxy_may_want_a_login(site: Web, scheme: str, login: str, key: str | None) -> None:
    url = named(site.says("/feed", b"<rss/>"))
    async with proxying(scheme, login="me:s@cret") as proxy:
        result = await through(Proxy(proxy.url(login)), url)
    assert isinstance(result, FetchFailed) == (key is not None)
    assert key is None or result == FetchFailed(Problem(key, NAME))
    assert "Proxy-Authorization" not in str([request.headers for request in site.requests])


@pytest.mark.parametrize(
    ("scheme", "refuses", "target", "key"),
    [
        pytest.param("http", 502, "https", "fetch.refused", id="HTTP: it cannot reach the host"),
        pytest.param("http", 504, "https", "fetch.refused", id="HTTP: the host does not answer it"),
        pytest.param("http", 403, "https", "fetch.proxy", id="HTTP: a rule of its own"),
        pytest.param("http", 407, "http", "fetch.proxy", id="HTTP: it wants a login for a plain request"),
        pytest.param("socks5", 5, "http", "fetch.refused", id="SOCKS: refused by the host"),
        pytest.param("socks5", 4, "http", "fetch.refused", id="SOCKS: no such host"),
        pytest.param("socks5", 1, "http", "fetch.proxy", id="SOCKS: trouble of its own"),
        pytest.param("socks5", 2, "http", "fetch.proxy", id="SOCKS: a rule of its own"),
    ],
)
async def test_whose_fault_it_is(scheme: str, refuses: int, target: str, key: str) -> None:
    async with proxying(scheme, refuses=refuses) as proxy:
        result = await through(Proxy(proxy.url()), f"{target}://feeds.example/rss")
    assert result == FetchFailed(Problem(key, NAME))


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_a_proxy_that_is_away_is_not_the_feeds_fault(scheme: str) -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    result = await through(Proxy(f"{scheme}://127.0.0.1:{port}"), "http://feeds.example/rss")
    assert result == FetchFailed(Problem("fetch.proxy", NAME))


async def test_a_proxy_that_has_no_address_is_not_the_feeds_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    async def getaddrinfo(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "as the resolver says")

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    result = await through(Proxy("http://proxy.example:3128"), "http://feeds.example/rss")
    assert result == FetchFailed(Problem("fetch.proxy", NAME))


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_a_proxy_that_says_nothing_ends_in_time(scheme: str) -> None:
    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    limits = Limits(time=timedelta(seconds=0.3), connecting=timedelta(seconds=0.2), gap=timedelta(0))
    server = await asyncio.start_server(silence, "127.0.0.1", 0)
    async with server:
        proxy = Proxy(f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        async with fetcher(allowed=NOBODY, limits=limits, proxy=proxy) as client:
            result = await client.get("https://feeds.example/rss", NO_VALIDATORS)
    assert isinstance(result, FetchFailed)
    assert result.problem.key in {"fetch.connect_timeout", "fetch.timeout"}


@pytest.mark.parametrize(
    ("setting", "proxy"),
    [
        (None, None),
        ("", None),
        ("http://proxy.lan:3128", Proxy("http://proxy.lan:3128")),
        ("https://me:pw@proxy.example", Proxy("https://me:pw@proxy.example")),
        ("socks5://127.0.0.1:9050", Proxy("socks5://127.0.0.1:9050")),
        ("socks5h://[::1]", Proxy("socks5h://[::1]")),
    ],
)
def test_what_the_setting_may_be(setting: str | None, proxy: Proxy | None) -> None:
    assert parse_proxy(setting) == proxy


@pytest.mark.parametrize(
    "setting",
    [
        "proxy:3128",
        "ftp://me:s3cret@proxy",
        "socks4://proxy",
        "http://",
        "http://s3cret@proxy:x",
        "http://p:0",
    ],
)
def test_a_setting_that_is_no_proxy_is_told_without_its_password(setting: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_proxy(setting)
    assert caught.value.mistakes == ("FEEDBELL_FEED_PROXY: write http://host:port or socks5://host:port",)


def test_a_proxy_does_not_show_its_password() -> None:
    assert "s3cret" not in repr(parse_proxy("http://me:s3cret@proxy"))
