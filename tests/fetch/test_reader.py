"""From an address to a feed, through a real server on loopback and real child processes."""

from __future__ import annotations

import sys
import threading
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.feeds import body_hash
from bot.fetch.children import Children
from bot.fetch.get import Fetcher, Limits
from bot.fetch.reader import WebReader
from bot.model import FeedRead, FetchFailed, NotAFeed, Problem, Terms, Unchanged, Validators
from tests.fetch.server import LOOPBACK, FixedClock, Web, fetcher, serving

FIRST = Validators()
HERE = {"host": "127.0.0.1"}


def rss(*titles: str, built: str = "Wed, 01 May 2024 12:00:00 GMT", ttl: str = "") -> bytes:
    items = "".join(f"<item><guid>{title}</guid><title>{title}</title></item>" for title in titles)
    head = f"<title>News</title><lastBuildDate>{built}</lastBuildDate>{ttl}"
    return f"<rss version='2.0'><channel>{head}{items}</channel></rss>".encode()


@pytest.fixture
async def site() -> AsyncIterator[Web]:
    async with serving() as site:
        yield site


@pytest.fixture
async def reader() -> AsyncIterator[WebReader]:
    async with WebReader(fetcher(), Children()) as reader:
        yield reader


async def test_a_feed_is_read_and_its_validators_are_complete(site: Web, reader: WebReader) -> None:
    url = site.says("/feed", rss("One", "Two"), headers={"ETag": '"v1"', "Cache-Control": "max-age=60"})
    result = await reader.read(url, FIRST)
    assert isinstance(result, FeedRead)
    assert [entry.title for entry in result.feed.entries] == ["One", "Two"]
    assert result.final_url == url
    assert result.validators.etag == '"v1"'
    assert result.validators.body_hash
    assert result.fresh_for == timedelta(minutes=1)
    assert result.moved_to is None


async def test_not_modified_reads_nothing(site: Web, reader: WebReader) -> None:
    url = site.says("/feed", status=304)
    known = Validators(etag='"v1"', body_hash="h")
    assert await reader.read(url, known) == Unchanged(known, None)


async def test_the_same_news_under_a_new_date_is_unchanged(site: Web, reader: WebReader) -> None:
    """Servers without validators rebuild the document for every request."""
    url = site.says("/feed", rss("One"))
    first = await reader.read(url, FIRST)
    assert isinstance(first, FeedRead)
    site.says("/feed", rss("One", built="Wed, 01 May 2024 12:10:00 GMT"), headers={"ETag": '"v2"'})
    again = await reader.read(url, first.validators)
    assert isinstance(again, Unchanged)
    assert again.validators == Validators(etag='"v2"', body_hash=first.validators.body_hash)


async def test_the_same_news_at_a_new_address_names_it(site: Web, reader: WebReader) -> None:
    there = site.says("/new", rss("One"))
    first = await reader.read(there, FIRST)
    assert isinstance(first, FeedRead)
    again = await reader.read(site.redirects("/old", "/new", 308), first.validators)
    assert again == Unchanged(first.validators, None, moved_to=there)


async def test_news_are_read_whatever_was_known(site: Web, reader: WebReader) -> None:
    url = site.says("/feed", rss("One"))
    first = await reader.read(url, FIRST)
    assert isinstance(first, FeedRead)
    site.says("/feed", rss("Two", "One"))
    again = await reader.read(url, first.validators)
    assert isinstance(again, FeedRead)
    assert again.feed.entries[0].title == "Two"
    assert again.validators.body_hash != first.validators.body_hash


@pytest.mark.parametrize(
    ("size", "aside"),
    [
        pytest.param(1 << 10, False, id="an ordinary document where it came: a thread would cost more"),
        pytest.param(1 << 21, True, id="a long one in a thread: it would hold up everything else"),
    ],
)
async def test_where_a_document_is_hashed(
    site: Web, reader: WebReader, monkeypatch: pytest.MonkeyPatch, size: int, aside: bool
) -> None:
    threads = []

    def noting(body: bytes) -> str:
        threads.append(threading.current_thread())
        return body_hash(body)

    monkeypatch.setattr("bot.fetch.reader.body_hash", noting)
    url = site.says("/feed", rss("One" + " " * size))
    assert isinstance(await reader.read(url, FIRST), FeedRead)
    assert [thread is not threading.main_thread() for thread in threads] == [aside]


async def test_what_the_server_and_what_the_document_ask_for_stay_apart(site: Web, reader: WebReader) -> None:
    """The one is for this time, the other for as long as the document stays."""
    url = site.says("/feed", rss("One", ttl="<ttl>60</ttl>"), headers={"Cache-Control": "max-age=600"})
    result = await reader.read(url, FIRST)
    assert isinstance(result, FeedRead)
    assert (result.fresh_for, result.feed.terms) == (timedelta(minutes=10), Terms(timedelta(hours=1)))


async def test_a_feed_that_breaks_off_is_asked_for_again_whole(site: Web, reader: WebReader) -> None:
    """Some servers close the line in the middle and call it the end; what is missing came under the same version."""
    url = site.says("/feed", rss("One", "Two", "Three")[:-60], headers={"ETag": '"v1"'})
    cut = await reader.read(url, FIRST)
    assert isinstance(cut, FeedRead)
    assert [entry.title for entry in cut.feed.entries] == ["One", "Two"]
    assert cut.validators == Validators(body_hash=cut.validators.body_hash)
    site.says("/feed", rss("One", "Two", "Three"), headers={"ETag": '"v1"'})
    whole = await reader.read(url, cut.validators)
    assert isinstance(whole, FeedRead)
    assert [entry.title for entry in whole.feed.entries] == ["One", "Two", "Three"]
    assert whole.validators.etag == '"v1"'


async def test_links_are_read_against_where_the_feed_was_found(site: Web, reader: WebReader) -> None:
    item = b"<item><guid isPermaLink='false'>1</guid><link>story</link></item>"
    there = site.says(
        "/new/feed", b"<rss version='2.0'><channel><title>n</title>" + item + b"</channel></rss>"
    )
    result = await reader.read(site.redirects("/old", "/new/feed", 301), FIRST)
    assert isinstance(result, FeedRead)
    assert result.moved_to == there
    assert result.feed.entries[0].link == site.base + "/new/story"


@pytest.mark.parametrize(
    "body",
    [pytest.param(b"", id="nothing at all"), pytest.param(b"<html><p>Hello</p></html>", id="a web page")],
)
async def test_what_is_no_feed_is_said_so(site: Web, reader: WebReader, body: bytes) -> None:
    assert isinstance(await reader.read(site.says("/page", body), FIRST), NotAFeed)


async def test_a_fetch_that_fails_reads_nothing(site: Web, reader: WebReader) -> None:
    url = site.says("/feed", rss("One"), status=410)
    assert await reader.read(url, FIRST) == FetchFailed(Problem("fetch.gone", HERE))


async def test_a_feed_that_hangs_its_reader_fails_and_the_next_is_read(site: Web) -> None:
    """An author of 80 KB keeps feedparser busy for a minute."""
    odd = Children(command=(sys.executable, "-m", "tests.fetch.odd_child"))
    limits = Limits(time=timedelta(seconds=10))
    client = Fetcher(FixedClock(), allowed=LOOPBACK, limits=limits)
    async with WebReader(client, odd, deadline=timedelta(seconds=5)) as reader:
        assert isinstance(await reader.read(site.says("/well", b"well"), FIRST), FeedRead)
        reader_in_haste = WebReader(client, odd, deadline=timedelta(seconds=0.3))
        hanging = await reader_in_haste.read(site.says("/hang", b"hang"), FIRST)
        assert hanging == FetchFailed(Problem("parse.timeout", HERE))
        assert isinstance(await reader.read(site.says("/other", b"other"), FIRST), FeedRead)
