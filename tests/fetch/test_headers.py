"""A feed's own headers: sent to its own server, and to nobody else; seen nowhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import pytest
from structlog.testing import capture_logs

from bot.feeds import may_send
from bot.fetch.addresses import redirected, same_server
from bot.fetch.children import Children
from bot.fetch.get import Fetcher
from bot.fetch.reader import WebReader
from bot.model import DueFeed, FeedRead, Fetched, FetchFailed, Host, Memory, Validators
from tests.fetch.server import Web, fetcher, serving

NO_VALIDATORS = Validators()
FEED = b"<rss version='2.0'><channel><title>t</title></channel></rss>"
OWN: Mapping[str, str] = {
    "user-agent": "Reader of mine",
    "Authorization": "Bearer s3cret",
    "Cookie": "session=s3cret",
    "X-Api-Key": "s3cret",
}


@pytest.fixture
async def site() -> AsyncIterator[Web]:
    async with serving() as site:
        yield site


@pytest.fixture
async def client() -> AsyncIterator[Fetcher]:
    async with fetcher() as client:
        yield client


async def test_a_feeds_own_headers_are_sent(site: Web, client: Fetcher) -> None:
    result = await client.get(site.says("/feed", FEED), Validators(etag='"v1"'), OWN)
    assert isinstance(result, Fetched)
    sent = site.requests[0].headers
    assert sent.getall("User-Agent") == ["Reader of mine"]
    assert sent["Authorization"] == "Bearer s3cret"
    assert sent["Cookie"] == "session=s3cret"
    assert sent["X-Api-Key"] == "s3cret"
    assert sent["If-None-Match"] == '"v1"'


async def test_they_are_not_kept_for_other_feeds_of_the_server(site: Web, client: Fetcher) -> None:
    url = site.says("/feed", FEED)
    await client.get(url, NO_VALIDATORS, OWN)
    await client.get(url, NO_VALIDATORS)
    assert "s3cret" not in str(site.requests[1].headers)
    assert site.requests[1].headers["User-Agent"].startswith("Feedbell/")


async def test_they_follow_a_redirect_within_the_server(site: Web, client: Fetcher) -> None:
    there = site.says("/new", FEED)
    result = await client.get(site.redirects("/feed", "/new", 301), NO_VALIDATORS, OWN)
    assert isinstance(result, Fetched)
    assert result.moved_to == there
    assert site.requests[1].headers["Authorization"] == "Bearer s3cret"


async def test_they_do_not_follow_a_redirect_to_another_server_nor_does_the_feed(
    site: Web, client: Fetcher
) -> None:
    """If it moved there for good, so would its headers at the next check."""
    async with serving() as other:
        result = await client.get(site.redirects("/feed", other.says("/feed", FEED), 301), NO_VALIDATORS, OWN)
        assert isinstance(result, Fetched)
        assert result.moved_to is None
        assert "s3cret" not in str(other.requests[0].headers)
        assert other.requests[0].headers["User-Agent"].startswith("Feedbell/")


async def test_a_header_goes_before_a_login_in_the_address(site: Web, client: Fetcher) -> None:
    url = site.says("/feed", FEED).replace("http://", "http://me:other@")
    assert isinstance(await client.get(url, NO_VALIDATORS, OWN), Fetched)
    assert site.requests[0].headers["Authorization"] == "Bearer s3cret"


async def test_a_reading_hands_them_on_and_nobody_logs_them(site: Web) -> None:
    async with WebReader(fetcher(), Children()) as reader:
        with capture_logs() as logs:
            assert isinstance(await reader.read(site.says("/feed", FEED), NO_VALIDATORS, OWN), FeedRead)
            failed = await reader.read(site.says("/gone", status=401), NO_VALIDATORS, OWN)
            broken = await reader.read(
                site.says("/x", b"<", headers={"Content-Encoding": "gzip"}), NO_VALIDATORS, OWN
            )
    assert isinstance(failed, FetchFailed)
    assert isinstance(broken, FetchFailed)
    assert "s3cret" not in f"{logs} {failed} {broken}"
    assert site.requests[0].headers["Cookie"] == "session=s3cret"


def test_a_feed_does_not_show_them() -> None:
    feed = DueFeed(
        1, "https://n.example/", "n", NO_VALIDATORS, 0, Memory(None), Host("n.example"), headers=OWN
    )
    assert feed.headers == OWN
    assert "s3cret" not in repr(feed)


@pytest.mark.parametrize(
    ("name", "value", "may"),
    [
        ("User-Agent", "Mozilla/5.0", True),
        ("user-agent", "Mozilla/5.0", True),
        ("Authorization", "Basic bWU6c2VjcmV0", True),
        ("Cookie", "a=1; b=2", True),
        ("Accept", "*/*", True),
        ("Accept-Language", "zh-CN,zh;q=0.9", True),
        ("Referer", "https://n.example/", True),
        ("X-Api-Key", "k", True),
        ("Cookie", "c" * 4096, True),
        ("Cookie", "c" * 4097, False),
        ("Cookie", "", False),
        ("Cookie", "a=1\r\nHost: evil.example", False),
        ("Cookie", "a=1\nX: y", False),
        ("Cookie", "a\x00", False),
        ("X-A: b\r\nX-C", "d", False),
        ("X-", "d", False),
        ("Host", "evil.example", False),
        ("Content-Length", "5", False),
        ("Transfer-Encoding", "chunked", False),
        ("Connection", "close", False),
        ("If-None-Match", '"v1"', False),
        ("Accept-Encoding", "identity", False),
        ("Proxy-Authorization", "Basic x", False),
        ("Range", "bytes=0-1", False),
        ("", "x", False),
    ],
)
async def test_which_headers_a_feed_may_have(
    site: Web, client: Fetcher, name: str, value: str, may: bool
) -> None:
    assert may_send(name, value) == may
    await client.get(site.says("/feed", FEED), NO_VALIDATORS, {name: value})
    assert (site.requests[0].headers.get(name) == value) == may


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("https://a.example/x", "https://a.example/y?z", True, id="another page"),
        pytest.param("https://a.example/", "https://A.Example:443/", True, id="another spelling"),
        pytest.param(
            "https://a.example/", "https://me:pw@a.example/", True, id="a login makes no difference"
        ),
        pytest.param("http://a.example/", "https://a.example/", True, id="moved to TLS"),
        pytest.param("https://a.example/", "http://a.example/", False, id="never back from TLS"),
        pytest.param("https://a.example/", "https://www.a.example/", False, id="another name"),
        pytest.param("https://a.example/", "https://a.example.evil.example/", False, id="a longer name"),
        pytest.param("https://a.example/", "https://a.example@evil.example/", False, id="a name as a login"),
        pytest.param("https://a.example/", "https://a.example:8443/", False, id="another port"),
        pytest.param("http://a.example:8080/", "https://a.example:443/", False, id="TLS on another machine"),
        pytest.param("https://a.example/", "ftp://a.example/", False, id="another scheme"),
    ],
)
def test_what_is_the_same_server(one: str, other: str, same: bool) -> None:
    assert same_server(one, other) == same


@pytest.mark.parametrize(
    ("location", "to"),
    [
        pytest.param("/new", "http://me:pw@a.example/new", id="relative"),
        pytest.param("http://a.example/new", "http://me:pw@a.example/new", id="absolute, same server"),
        pytest.param("https://a.example/new", "https://me:pw@a.example/new", id="moved to TLS"),
        pytest.param("http://b.example/new", "http://b.example/new", id="another server"),
        pytest.param("http://you:x@a.example/", "http://you:x@a.example/", id="a login of its own"),
    ],
)
def test_a_login_in_the_address_follows_to_the_same_server(location: str, to: str) -> None:
    """Otherwise a feed that moves to TLS would be adopted without its login, and fail from then on."""
    assert redirected("http://me:pw@a.example/old", location) == to
