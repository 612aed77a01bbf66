"""From what somebody typed to a feed: what is asked for, in which order, and where it ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from bot.model import FeedLink, FetchFailed, NotAFeed, Problem, SourceResult, Unchanged, Validators
from bot.services.finding import Choice, FeedFound, Finder, NothingFound
from tests.fakes import NO_HEADERS, FakeReader
from tests.services.stage import feed

A_FEED = feed("tides")
PAGE = NotAFeed(Problem("parse.web_page"))
NO_SUCH_PAGE = FetchFailed(Problem("fetch.not_found", {"host": "a.example"}))
ROOT = "https://a.example/"


def page_of(*links: FeedLink) -> NotAFeed:
    return NotAFeed(Problem("parse.web_page_with_feeds"), links)


def failed(key: str) -> FetchFailed:
    return FetchFailed(Problem(key, {"host": "a.example"}))


class Web(FakeReader):
    """Answers "no such page" wherever nothing is."""

    async def read(
        self, url: str, validators: Validators, headers: Mapping[str, str] = NO_HEADERS
    ) -> SourceResult:
        await super().read(url, validators)
        return self.web.get(url, NO_SUCH_PAGE)

    @property
    def addresses(self) -> list[str]:
        """All that was asked for, in order."""
        return [url for url, _ in self.asked]


@pytest.mark.parametrize(
    ("typed", "web", "asked"),
    [
        pytest.param("a.example", {ROOT: A_FEED}, [ROOT], id="a feed at the address itself"),
        pytest.param(
            "a.example",
            {ROOT: page_of(FeedLink(ROOT + "x", "X")), ROOT + "x": A_FEED},
            [ROOT, ROOT + "x"],
            id="the one feed that a page names",
        ),
        pytest.param(
            "a.example",
            {ROOT: PAGE, ROOT + "atom.xml": A_FEED, ROOT + "feed.xml": A_FEED},
            [ROOT, ROOT + "feed", ROOT + "rss", ROOT + "atom.xml"],
            id="the first of the usual places that has one, and no further",
        ),
        pytest.param(
            "a.example/blog/1",
            {
                ROOT + "blog/1": PAGE,
                ROOT + "blog/1/feed": PAGE,
                ROOT: page_of(FeedLink(ROOT + "x", "")),
                ROOT + "x": A_FEED,
            },
            [ROOT + "blog/1", ROOT + "blog/1/feed", ROOT, ROOT + "x"],
            id="the front page's feed, where an inner page names none",
        ),
        pytest.param(
            "https://www.reddit.com/r/x",
            {"https://www.reddit.com/r/x/.rss": A_FEED},
            ["https://www.reddit.com/r/x/.rss"],
            id="a known site's feed, without a look at its page",
        ),
        pytest.param(
            "https://a.example/@ada",
            {ROOT + "@ada": page_of(FeedLink(ROOT + "ada.atom", "")), ROOT + "ada.atom": A_FEED},
            [ROOT + "@ada.rss", ROOT + "@ada", ROOT + "ada.atom"],
            id="the page, where a rule does not hold",
        ),
        pytest.param(
            "a.example",
            {ROOT: failed("fetch.refused"), "http://a.example/": A_FEED},
            [ROOT, "http://a.example/"],
            id="http, where nobody listens for https",
        ),
        pytest.param(
            "a.example",
            {ROOT: failed("fetch.tls"), "http://a.example/": PAGE, "http://a.example/feed": A_FEED},
            [ROOT, "http://a.example/", "http://a.example/feed"],
            id="http all the way, once https has failed",
        ),
        pytest.param(
            "a.example",
            {ROOT: failed("fetch.tls_none"), "http://a.example/": A_FEED},
            [ROOT, "http://a.example/"],
            id="http, where the same port speaks no TLS",
        ),
    ],
)
async def test_a_feed_is_found(typed: str, web: dict[str, SourceResult], asked: list[str]) -> None:
    reader = Web(web)
    assert await Finder(reader).find(typed) == FeedFound(asked[-1], A_FEED)
    assert reader.addresses == asked


TWO = (FeedLink(ROOT + "x", "X"), FeedLink(ROOT + "y", "Y"))


@pytest.mark.parametrize(
    ("typed", "web", "choice"),
    [
        pytest.param("a.example", {ROOT: page_of(*TWO)}, Choice(ROOT, TWO), id="a page that names two"),
        pytest.param(
            "a.example",
            {ROOT: PAGE, ROOT + "rss": page_of(*TWO)},
            Choice(ROOT + "rss", TWO),
            id="a newspaper's list of its feeds, in a usual place",
        ),
        pytest.param(
            "a.example",
            {ROOT: page_of(FeedLink(ROOT + "comments/feed/", ""))},
            Choice(ROOT, (FeedLink(ROOT + "comments/feed/", ""),)),
            id="comments alone: seldom what is meant",
        ),
    ],
)
async def test_what_only_the_person_can_say_is_a_choice(
    typed: str, web: dict[str, SourceResult], choice: Choice
) -> None:
    assert await Finder(Web(web)).find(typed) == choice


async def test_a_bad_certificate_is_no_reason_to_go_unprotected() -> None:
    reader = Web({ROOT: failed("fetch.tls_untrusted"), "http://a.example/": A_FEED})
    assert isinstance(await Finder(reader).find("a.example"), NothingFound)
    assert reader.addresses == [ROOT]


async def test_a_known_sites_choice_costs_no_request() -> None:
    reader = Web()
    found = await Finder(reader).find("github.com/o/r")
    assert isinstance(found, Choice)
    assert (len(found.links), reader.addresses) == (3, [])


@pytest.mark.parametrize(
    ("typed", "web", "problem", "requests"),
    [
        pytest.param("hello", {}, "url.not_a_url", 0, id="no address at all"),
        pytest.param(
            "https://t.me/s/news", {}, "site.needs_bridge", 0, id="a channel of Telegram, and no bridge"
        ),
        pytest.param(
            "a.example", {}, "fetch.not_found", 1, id="a host that answers with an error is not probed"
        ),
        pytest.param(
            "a.example",
            {ROOT: failed("fetch.forbidden")},
            "fetch.forbidden",
            1,
            id="a host that keeps us out",
        ),
        pytest.param(
            "a.example",
            {ROOT: NotAFeed(Problem("parse.challenge"))},
            "parse.challenge",
            1,
            id="a browser check",
        ),
        pytest.param(
            "a.example", {ROOT: NotAFeed(Problem("parse.broken"))}, "parse.broken", 1, id="a broken feed"
        ),
        pytest.param(
            "a.example",
            {ROOT: PAGE, ROOT + "feed": failed("fetch.too_many_requests"), ROOT + "rss": A_FEED},
            "parse.web_page",
            2,
            id="a host that has had enough is asked no more",
        ),
        pytest.param("a.example", {ROOT: PAGE}, "parse.web_page", 8, id="a site without any: few requests"),
        pytest.param(
            "https://a.example",
            {ROOT: failed("fetch.refused")},
            "fetch.refused",
            1,
            id="who types https means it",
        ),
        pytest.param(
            "a.example",
            {ROOT: failed("fetch.tls"), "http://a.example/": failed("fetch.refused")},
            "fetch.tls",
            2,
            id="neither https nor http: what https said",
        ),
        pytest.param(
            "https://www.reddit.com/r/x",
            {"https://www.reddit.com/r/x/.rss": failed("fetch.too_many_requests")},
            "fetch.too_many_requests",
            1,
            id="a known site that is busy: its page would be no better",
        ),
        pytest.param(
            "a.example",
            {ROOT: page_of(FeedLink(ROOT + "x", ""))},
            "fetch.not_found",
            2,
            id="a page that names a feed that is not there",
        ),
        pytest.param(
            "a.example",
            {ROOT: Unchanged(Validators(), None)},
            "fetch.broken_answer",
            1,
            id="a server out of its mind",
        ),
    ],
)
async def test_nothing_is_found(
    typed: str, web: dict[str, SourceResult], problem: str, requests: int
) -> None:
    reader = Web(web)
    found = await Finder(reader).find(typed)
    assert isinstance(found, NothingFound)
    assert (found.problem.key, len(reader.asked)) == (problem, requests)


async def test_a_bridge_reads_the_channels_of_telegram() -> None:
    address = "https://hub.example/telegram/channel/news"
    found = await Finder(Web({address: A_FEED}), "rsshub+https://hub.example").find("t.me/news")
    assert found == FeedFound(address, A_FEED)


async def test_the_servers_wish_is_handed_on() -> None:
    busy = FetchFailed(Problem("fetch.too_many_requests"), timedelta(hours=1))
    assert await Finder(Web({ROOT: busy})).find("a.example") == NothingFound(busy.problem, timedelta(hours=1))
