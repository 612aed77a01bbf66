"""What goes wrong with secure connections, each in words of its own: real handshakes on loopback."""

from __future__ import annotations

import asyncio

import pytest

from bot.fetch.ways import Ways
from bot.model import Fetched, FetchFailed, Problem, Validators
from tests.fetch.server import certificate, fetcher, serving, trusting

NO_VALIDATORS = Validators()
HERE = {"host": "127.0.0.1"}


@pytest.fixture(autouse=True)
def _trust(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ways, "trust", trusting())


async def test_a_sound_certificate_is_trusted() -> None:
    async with serving(certificate("sound")) as site, fetcher() as client:
        assert isinstance(await client.get(site.says("/feed", b"<rss/>"), NO_VALIDATORS), Fetched)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        pytest.param("expired", "fetch.tls_expired", id="it has expired"),
        pytest.param("other_host", "fetch.tls_wrong_host", id="it is for another host"),
        pytest.param("self_signed", "fetch.tls_untrusted", id="it is signed by itself"),
    ],
)
async def test_why_a_certificate_is_refused(name: str, key: str) -> None:
    async with serving(certificate(name)) as site, fetcher() as client:
        result = await client.get(site.says("/feed", b"<rss/>"), NO_VALIDATORS)
        assert result == FetchFailed(Problem(key, HERE))
        assert site.requests == []


async def test_an_authority_that_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ways, "trust", True)
    async with serving(certificate("sound")) as site, fetcher() as client:
        result = await client.get(site.says("/feed", b"<rss/>"), NO_VALIDATORS)
        assert result == FetchFailed(Problem("fetch.tls_untrusted", HERE))


@pytest.mark.parametrize(
    ("alert", "key"),
    [
        pytest.param(70, "fetch.tls_outdated", id="protocol_version: it knows only old ones"),
        pytest.param(80, "fetch.tls", id="internal_error: it has trouble of its own"),
    ],
)
async def test_a_handshake_that_the_server_breaks_off(alert: int, key: str) -> None:
    """RFC 8446 §6: a record of type 21, an alert, fatal (2). asyncio's own server hangs up instead of sending it."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(bytes([21, 3, 1, 0, 2, 2, alert]))
        await writer.drain()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with server, fetcher() as client:
        port = server.sockets[0].getsockname()[1]
        result = await client.get(f"https://127.0.0.1:{port}/", NO_VALIDATORS)
    assert isinstance(result, FetchFailed)
    assert result.problem.key == key


async def test_a_server_without_tls_is_told() -> None:
    async with serving() as site, fetcher() as client:
        url = site.says("/feed", b"<rss/>").replace("http:", "https:")
        assert await client.get(url, NO_VALIDATORS) == FetchFailed(Problem("fetch.tls_none", HERE))
