"""Servers that cannot be reached, or not to the end."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from bot.fetch.get import Limits
from bot.model import Fetched, FetchFailed, Problem, Validators
from tests.fetch.server import LOOPBACK, fetcher, serving

NO_VALIDATORS = Validators()
Address = tuple[int, int, int, str, tuple[Any, ...]]


def lookup(monkeypatch: pytest.MonkeyPatch, answer: Callable[[int], list[Address]]) -> None:
    """Every name is looked up by this function of the port."""

    async def getaddrinfo(_: object, host: str, port: int, **__: object) -> list[Address]:
        return answer(port)

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)


def fails(code: int) -> Callable[[int], list[Address]]:
    def answer(_: int) -> list[Address]:
        raise socket.gaierror(code, "as the resolver says")

    return answer


def at(*addresses: str) -> Callable[[int], list[Address]]:
    return lambda port: [
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
        if ":" in address
        else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
        for address in addresses
    ]


@pytest.mark.parametrize(
    ("code", "key"),
    [
        pytest.param(socket.EAI_NONAME, "fetch.no_such_host", id="there is no such name"),
        pytest.param(socket.EAI_NODATA, "fetch.no_such_host", id="the name has no address"),
        pytest.param(socket.EAI_AGAIN, "fetch.lookup", id="nobody answers"),
        pytest.param(socket.EAI_FAIL, "fetch.lookup", id="the resolver has trouble of its own"),
    ],
)
async def test_a_name_that_does_not_exist_is_told_from_a_lookup_that_fails(
    monkeypatch: pytest.MonkeyPatch, code: int, key: str
) -> None:
    """Nobody should look for a typing error while the operator's resolver is away."""
    lookup(monkeypatch, fails(code))
    async with fetcher() as client:
        result = await client.get("http://feeds.example/rss", NO_VALIDATORS)
    assert result == FetchFailed(Problem(key, {"host": "feeds.example"}))


@pytest.mark.parametrize(
    ("host", "key"),
    [
        pytest.param("FEEDS.example", "fetch.no_such_host", id="in capitals"),
        pytest.param("münchen.example", "fetch.no_such_host", id="beyond ASCII"),
        pytest.param("under_score.example", "fetch.no_such_host", id="with an underscore"),
        pytest.param("a..example", "fetch.no_such_host", id="with an empty label"),
        pytest.param("-.example", "fetch.no_such_host", id="with a dash alone"),
        pytest.param("a%20b.example", "fetch.no_such_host", id="with a quoted space"),
        pytest.param("a b.example", "fetch.no_such_host", id="with a space"),
        pytest.param("a<b>.example", "fetch.no_such_host", id="with brackets"),
        pytest.param("\U0001f600.example", "fetch.no_such_host", id="a smile"),
        pytest.param("\u200b.example", "url.not_a_url", id="invisible"),
    ],
)
async def test_no_name_is_too_odd(monkeypatch: pytest.MonkeyPatch, host: str, key: str) -> None:
    lookup(monkeypatch, fails(socket.EAI_NONAME))
    async with fetcher() as client:
        result = await client.get(f"http://{host}/rss", NO_VALIDATORS)
    assert isinstance(result, FetchFailed)
    assert result.problem.key == key


@pytest.mark.parametrize(
    "addresses",
    [
        pytest.param(("10.0.0.1",), id="a private one"),
        pytest.param(("10.0.0.1", "169.254.169.254"), id="two private ones"),
        pytest.param(("::1",), id="loopback, of which only IPv4 is allowed"),
        pytest.param(("fd00::1", "::ffff:10.0.0.1"), id="IPv6"),
    ],
)
async def test_a_name_that_leads_into_a_private_network_is_refused(
    monkeypatch: pytest.MonkeyPatch, addresses: tuple[str, ...]
) -> None:
    lookup(monkeypatch, at(*addresses))
    async with fetcher() as client:
        result = await client.get("http://feeds.example/rss", NO_VALIDATORS)
    assert result == FetchFailed(Problem("fetch.private_address", {"host": "feeds.example"}))


async def test_of_a_name_that_leads_to_both_only_what_is_allowed_is_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """conftest.py fails a test that so much as tries 10.0.0.1; 127.0.0.1, allowed, stands for a public address."""
    lookup(monkeypatch, at("10.0.0.1", "fd00::1", "127.0.0.1"))
    async with serving() as site, fetcher() as client:
        url = site.says("/feed", b"<rss/>").replace("127.0.0.1", "feeds.example")
        assert isinstance(await client.get(url, NO_VALIDATORS), Fetched)
        assert site.requests[0].host.startswith("feeds.example:")


async def test_a_name_that_changes_its_mind_is_judged_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: allowed at the first request, private at the second."""
    async with serving() as site:
        url = site.says("/feed", b"<rss/>", headers={"Connection": "close"})
        url = url.replace("127.0.0.1", "feeds.example")
        for address, kind in (("127.0.0.1", Fetched), ("10.0.0.1", FetchFailed)):
            lookup(monkeypatch, at(address))
            async with fetcher() as client:
                assert isinstance(await client.get(url, NO_VALIDATORS), kind)


@pytest.mark.parametrize(
    "host",
    ["localhost.", "127.0.0.1.", "127.0.0.1%2e", "127。0。0。1", "①②⑦.0.0.1", "0x7f.1", "0177.1", "127.0.1"],
)
async def test_odd_spellings_of_loopback_never_connect(host: str) -> None:
    """Whatever the layers make of them: an error, an unknown name, or an address that the guard sees."""
    async with serving() as site:
        url = site.says("/feed", b"<rss/>").replace("127.0.0.1", host)
        async with fetcher(allowed=type(LOOPBACK)()) as client:
            assert isinstance(await client.get(url, NO_VALIDATORS), FetchFailed)
        assert site.requests == []


@pytest.mark.parametrize("port", [22, 25, 6379, 5432, 11211])
async def test_a_port_where_no_websites_are_is_named(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    lookup(monkeypatch, at("192.0.32.8"))
    async with fetcher() as client:
        result = await client.get(f"http://feeds.example:{port}/", NO_VALIDATORS)
    assert result == FetchFailed(Problem("fetch.port", {"host": "feeds.example", "port": str(port)}))


@asynccontextmanager
async def full_house() -> AsyncIterator[int]:
    """A port whose queue is full: the kernel drops whoever knocks, as a firewall does."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(server.getsockname())
        try:
            yield server.getsockname()[1]
        finally:
            for one in waiting:
                one.close()


async def test_a_connection_that_does_not_come_about_ends_before_the_deadline() -> None:
    limits = Limits(time=timedelta(seconds=10), connecting=timedelta(seconds=0.2))
    async with full_house() as port, fetcher(limits=limits) as client:
        result = await client.get(f"http://127.0.0.1:{port}/", NO_VALIDATORS)
    assert result == FetchFailed(Problem("fetch.connect_timeout", {"host": "127.0.0.1"}))


async def test_a_handshake_that_does_not_come_about_counts_as_connecting() -> None:
    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    limits = Limits(time=timedelta(seconds=10), connecting=timedelta(seconds=0.2))
    server = await asyncio.start_server(silence, "127.0.0.1", 0)
    async with server, fetcher(limits=limits) as client:
        port = server.sockets[0].getsockname()[1]
        result = await client.get(f"https://127.0.0.1:{port}/", NO_VALIDATORS)
    assert result == FetchFailed(Problem("fetch.connect_timeout", {"host": "127.0.0.1"}))
