"""The demo newsroom publishes what real publishers publish, mess included, and revalidates as they do."""

import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import feedparser
import pytest

from bot.sandbox.newsroom import Newsroom, Post, demo_newsroom
from bot.sandbox.newsroom.shelf import Press, Source, sources

FEEDS = {"harbour": "feed.atom", "jianghai": "rss.xml", "pocket": "feed.json", "rojiura": "index.rdf"}


@pytest.fixture
async def newsroom() -> AsyncIterator[Newsroom]:
    async with demo_newsroom(port=0, every=None) as opened:
        yield opened


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def read(http: aiohttp.ClientSession, url: str) -> bytes:
    async with http.get(url) as answer:
        assert answer.status == 200, url
        return await answer.read()


def everything(source: Source, press: Press, count: int) -> list[Post]:
    return [press.post(source, number, datetime(2026, 11, 1, tzinfo=UTC)) for number in range(1, count + 1)]


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name)
def test_no_two_articles_in_three_editions_look_the_same(source: Source) -> None:
    """A bot that knows headlines or addresses must still see every one as new."""
    count = 3 * len(source.articles)
    posts = everything(source, Press("http://127.0.0.1:1", "run"), count)
    assert len(source.articles) >= 12
    assert len({post.url for post in posts}) == count
    assert len({(post.headline, post.article.body) for post in posts}) == count


def test_a_restart_makes_new_addresses() -> None:
    """Otherwise a bot that kept its database would stay silent after the sandbox is started again."""
    source = sources()[0]
    before, after = (
        everything(source, Press("http://127.0.0.1:1", stamp), 3) for stamp in ("first", "second")
    )
    assert not {post.url for post in before} & {post.url for post in after}


@pytest.mark.parametrize("name", ["harbour", "jianghai", "rojiura"])
async def test_what_is_published_stands_first_in_the_feed(
    newsroom: Newsroom, http: aiohttp.ClientSession, name: str
) -> None:
    post = newsroom.publish(name)
    parsed = feedparser.parse(io.BytesIO(await read(http, f"{newsroom.url}/{name}/{FEEDS[name]}")))
    assert not parsed.bozo
    assert parsed.entries[0].link == post.url
    assert parsed.entries[0].title.split() == (post.headline or "").split()
    assert len(parsed.entries) == 4  # the three it opened with, and this one


async def test_a_feed_keeps_its_newest_twenty(newsroom: Newsroom, http: aiohttp.ClientSession) -> None:
    published = [newsroom.publish("pocket").key for _ in range(25)]
    feed = json.loads(await read(http, f"{newsroom.url}/pocket/feed.json"))
    assert [item["id"] for item in feed["items"]] == published[:-21:-1]


async def test_json_notes_come_with_and_without_a_title(
    newsroom: Newsroom, http: aiohttp.ClientSession
) -> None:
    for _ in range(12):
        newsroom.publish("pocket")
    feed = json.loads(await read(http, f"{newsroom.url}/pocket/feed.json"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert {"title" in item for item in feed["items"]} == {True, False}
    assert all(("content_html" in item) != ("content_text" in item) for item in feed["items"])
    assert any("attachments" in item for item in feed["items"])


async def test_the_chinese_items_carry_the_mess_of_a_proxy(
    newsroom: Newsroom, http: aiohttp.ClientSession
) -> None:
    post = newsroom.publish("jianghai")
    lead = post.article.body[0]
    feed = (await read(http, f"{newsroom.url}/jianghai/rss.xml")).decode()
    item = feed[feed.index("<item>") : feed.index("</item>")]
    assert "/w:800/p:16x9/" in item
    assert f"<p><strong>{lead}        </strong></p>" in item
    assert "<div data-selfpromo-newsletter></div><div data-selfpromo-app></div>" in item
    assert '<a href="whatsapp://send?text=' in item
    assert '<share-button v-on:open="openModal"></share-button>' in item
    assert "分享 :" in item
    assert "<br><hr><div>获取更多RSS：" in item
    assert "%25E" in item  # a percent sign encoded once more: the headline hides in the share links


@pytest.mark.parametrize("name", FEEDS)
async def test_a_reader_that_has_the_feed_gets_304(
    newsroom: Newsroom, http: aiohttp.ClientSession, name: str
) -> None:
    url = f"{newsroom.url}/{name}/{FEEDS[name]}"
    async with http.get(url) as first:
        etag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    for validators in (
        {"If-None-Match": etag},
        {"If-Modified-Since": changed},
        {"If-None-Match": '"other", ' + etag},
    ):
        async with http.get(url, headers=validators) as again:
            assert (again.status, await again.read()) == (304, b"")
    newsroom.publish(name)
    async with http.get(url, headers={"If-None-Match": etag, "If-Modified-Since": changed}) as fresh:
        assert fresh.status == 200


async def test_the_gazette_only_names_its_feeds(newsroom: Newsroom, http: aiohttp.ClientSession) -> None:
    """The address people paste is a page, with two feeds to choose from."""
    (gazette,) = [feed for feed in newsroom.feeds if feed.name == "gazette"]
    page = (await read(http, gazette.url)).decode()
    assert page.count('<link rel="alternate"') == 2
    for file in ("headlines.rss", "full.atom"):
        assert f'href="/gazette/{file}"' in page
        assert len(feedparser.parse(io.BytesIO(await read(http, f"{gazette.url}{file}"))).entries) == 3


async def test_an_article_has_a_page_with_a_card_and_a_picture(
    newsroom: Newsroom, http: aiohttp.ClientSession
) -> None:
    post = newsroom.publish("harbour")
    page = (await read(http, post.url)).decode()
    assert f'<meta property="og:image" content="{post.picture}">' in page
    assert post.article.body[-1].split(".")[0][:40] in page
    picture = await read(http, post.picture)
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(picture[16:20], "big") == 800
    assert int.from_bytes(picture[20:24], "big") == 450


async def test_it_publishes_on_request_from_outside(newsroom: Newsroom, http: aiohttp.ClientSession) -> None:
    async with http.post(f"{newsroom.url}/publish/rojiura") as answer:
        told = await answer.json()
    assert told["url"].encode() in await read(http, f"{newsroom.url}/rojiura/index.rdf")


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/nowhere/feed.atom", id="a paper that is not there"),
        pytest.param("/harbour/feed.json", id="a form the paper does not have"),
        pytest.param("/harbour/0-1/night-ferry", id="an article of an earlier run"),
        pytest.param("/media/harbour/w:800/p:16x9/x.png", id="a picture without a number"),
    ],
)
async def test_what_is_not_there_is_404(newsroom: Newsroom, http: aiohttp.ClientSession, path: str) -> None:
    async with http.get(newsroom.url + path) as answer:
        assert answer.status == 404


async def test_the_timer_lets_the_sources_take_turns(http: aiohttp.ClientSession) -> None:
    """Reads until all have published, however slow the machine: the test waits for a fact, not a time."""
    async with demo_newsroom(port=0, every=0.001) as newsroom:
        async with http.get(f"{newsroom.url}/") as answer:
            assert answer.status == 200
        waiting = set(FEEDS)
        while waiting:
            name = min(waiting)
            body = await read(http, f"{newsroom.url}/{name}/{FEEDS[name]}")
            if body.count(b"-4/"):  # the fourth post: three were out when it opened
                waiting.remove(name)
