"""What people type or paste as an address."""

from __future__ import annotations

import pytest

from bot.feeds.address import normal_url, plain_url


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        pytest.param("example.org", "https://example.org/", id="a bare host"),
        pytest.param(" Example.ORG/Feed ", "https://example.org/Feed", id="capitals and blanks around"),
        pytest.param("http://example.org/feed", "http://example.org/feed", id="http, where asked for"),
        pytest.param("feed://example.org/rss", "https://example.org/rss", id="feed://"),
        pytest.param("feed:https://example.org/rss", "https://example.org/rss", id="feed: before https"),
        pytest.param("feed:http://example.org/rss", "http://example.org/rss", id="feed: before http"),
        pytest.param("FEED:example.org/rss", "https://example.org/rss", id="FEED: before a host"),
        pytest.param("itpc://example.org/pod.xml", "https://example.org/pod.xml", id="itpc://, a podcast's"),
        pytest.param("podcast://example.org/pod.xml", "https://example.org/pod.xml", id="podcast://"),
        pytest.param("pcast:example.org/pod.xml", "https://example.org/pod.xml", id="pcast:"),
        pytest.param("<https://example.org/rss>", "https://example.org/rss", id="in angle brackets"),
        pytest.param('"https://example.org/rss"', "https://example.org/rss", id="in quotation marks"),
        pytest.param("“example.org”", "https://example.org/", id="in typographic quotation marks"),
        pytest.param("「example.org」", "https://example.org/", id="in Chinese quotation marks"),
        pytest.param(
            "https://example.org/rss?utm_source=x&id=%E4%B8%AD&fbclid=y",
            "https://example.org/rss?id=%E4%B8%AD",
            id="with tracking: the rest stays as it was",
        ),
        pytest.param(
            "https://example.org/?utm_source=x", "https://example.org/", id="with nothing but tracking"
        ),
        pytest.param(
            "https://example.org/?feed=rss2",
            "https://example.org/?feed=rss2",
            id="WordPress's parameter is no tracking",
        ),
        pytest.param("https://example.org/a#top", "https://example.org/a", id="with a fragment"),
        pytest.param("bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC", id="beyond ASCII"),
        pytest.param("localhost:8080/rss", "https://localhost:8080/rss", id="on this machine"),
        pytest.param("https://ada:secret@example.org/", "https://ada:secret@example.org/", id="with a login"),
    ],
)
def test_normal_url(typed: str, url: str) -> None:
    assert normal_url(typed) == url


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("", id="nothing"),
        pytest.param("hello", id="a word"),
        pytest.param("two words.example", id="a blank inside"),
        pytest.param("ftp://example.org/", id="another scheme"),
        pytest.param("javascript:alert(1)", id="a script"),
        pytest.param("https://", id="no host"),
        pytest.param("https://example.org:port/", id="no number for a port"),
        pytest.param("a." * 1100, id="longer than any address"),
    ],
)
def test_no_address(typed: str) -> None:
    assert normal_url(typed) is None


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        pytest.param("example.org/a", "http://example.org/a", id="a bare host may be had over http"),
        pytest.param("feed://example.org/a", "http://example.org/a", id="so may what feed:// stood before"),
        pytest.param("https://example.org/a", None, id="who writes https means it"),
        pytest.param("feed:https://example.org/a", None, id="behind feed:, too"),
        pytest.param("hello", None, id="a word is no address"),
    ],
)
def test_what_may_be_had_over_http(typed: str, url: str | None) -> None:
    assert plain_url(typed) == url
