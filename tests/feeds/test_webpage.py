"""A web page names its feeds."""

from __future__ import annotations

import pytest

from bot.feeds import discover
from bot.feeds.webpage import is_challenge
from bot.model import FeedLink

URL = "https://site.example/blog/post.html"


@pytest.mark.parametrize(
    ("tag", "url"),
    [
        pytest.param(
            '<link rel="alternate" type="application/rss+xml" href="https://f.example/rss">',
            "https://f.example/rss",
            id="RSS",
        ),
        pytest.param(
            '<link rel="alternate" type="application/atom+xml" href="/atom">',
            "https://site.example/atom",
            id="Atom, from the root",
        ),
        pytest.param(
            '<link rel="alternate" type="application/feed+json" href="feed.json">',
            "https://site.example/blog/feed.json",
            id="JSON Feed, from the folder",
        ),
        pytest.param(
            '<link rel="alternate" type="application/json" href="/feed.json">',
            "https://site.example/feed.json",
            id="JSON Feed under its old type",
        ),
        pytest.param(
            '<link rel="alternate" type="application/rdf+xml" href="/rdf">',
            "https://site.example/rdf",
            id="RSS 1.0",
        ),
        pytest.param(
            "<LINK HREF=/rss TYPE='Application/RSS+XML; charset=utf-8' REL='ALTERNATE home'/>",
            "https://site.example/rss",
            id="capitals, other quotes, another order",
        ),
        pytest.param(
            '<link\n rel="feed"\n href="//f.example/x">',
            "https://f.example/x",
            id="rel=feed, lines, no scheme",
        ),
        pytest.param(
            '<link rel="alternate" type="application/rss+xml" href="feed://site.example/rss">',
            "http://site.example/rss",
            id="the feed: scheme",
        ),
        pytest.param(
            '<link rel="alternate" type="application/rss+xml" href="/rss?a=1&amp;b=2">',
            "https://site.example/rss?a=1&b=2",
            id="entities in the address",
        ),
        pytest.param(
            '<base href="https://other.example/x/"><link rel="alternate" type="text/rss" href="rss">',
            "https://other.example/x/rss",
            id="from <base>",
        ),
        pytest.param('<a href="/feed/">RSS</a>', "https://site.example/feed/", id="an anchor to /feed/"),
        pytest.param(
            '<a href="/news.rss">RSS</a>', "https://site.example/news.rss", id="an anchor to a file of RSS"
        ),
        pytest.param(
            '<a class="x" href="index.xml">RSS</a>',
            "https://site.example/blog/index.xml",
            id="an anchor to index.xml",
        ),
        pytest.param(
            '<a href="/?feed=rss2">RSS</a>', "https://site.example/?feed=rss2", id="an anchor with a query"
        ),
    ],
)
def test_a_feed_is_found(tag: str, url: str) -> None:
    assert [link.url for link in discover(f"<html><head>{tag}</head></html>", url=URL)] == [url]


@pytest.mark.parametrize(
    "tag",
    [
        pytest.param('<link rel="stylesheet" type="text/css" href="/rss.css">', id="a style sheet"),
        pytest.param('<link rel="alternate" hreflang="de" href="/de/">', id="the page in another language"),
        pytest.param(
            '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">',
            id="WordPress's interface",
        ),
        pytest.param(
            '<link rel="alternate" type="application/json+oembed" href="/oembed?x">', id="an embedding"
        ),
        pytest.param('<link rel="alternate" type="application/rss+xml">', id="no address"),
        pytest.param(
            '<link rel="alternate" type="application/rss+xml" href="javascript:x">', id="no http address"
        ),
        pytest.param(
            '<!-- <link rel="alternate" type="application/rss+xml" href="/rss"> -->', id="in a remark"
        ),
        pytest.param(
            '<script>\'<link rel="alternate" type="application/rss+xml" href="/rss">\'</script>',
            id="in a script",
        ),
        pytest.param('<a href="/feedback">Write to us</a>', id="an anchor that only begins like one"),
        pytest.param(
            '<a href="https://feedly.com/i/subscription/feed/x.rss">Feedly</a>', id="another reader"
        ),
    ],
)
def test_other_links_are_no_feeds(tag: str) -> None:
    assert discover(f"<html><head>{tag}</head></html>", url=URL) == ()


def test_best_first_each_once_comments_last_titles_plain() -> None:
    page = """
      <link rel="alternate" type="application/rss+xml" title="Site &raquo; Comments Feed" href="/comments/feed/">
      <link rel="alternate" type="application/rss+xml" title="Site &raquo; &lt;b&gt;Feed&lt;/b&gt;" href="/feed/">
      <link rel="alternate" type="application/atom+xml" href="/feed/">
      <a href="/other.rss">Somebody else's</a>"""
    assert discover(page.encode(), url=URL) == (
        FeedLink("https://site.example/feed/", "Site » Feed"),
        FeedLink("https://site.example/comments/feed/", "Site » Comments Feed"),
    )


def test_an_anchor_is_titled_by_its_words() -> None:
    assert discover('<a href="/rss"><img src="i.png"> All <b>news</b></a>', url=URL) == (
        FeedLink("https://site.example/rss", "All news"),
    )


@pytest.mark.parametrize(
    ("page", "is_one"),
    [
        pytest.param("<title>Just a moment...</title>", True, id="Cloudflare"),
        pytest.param("<title>Attention Required! | Cloudflare</title>", True, id="Cloudflare's refusal"),
        pytest.param("<title>DDoS-Guard</title>", True, id="DDoS-Guard"),
        pytest.param('<script src="/.within.website/x/cmd/anubis/main.mjs">', True, id="Anubis"),
        pytest.param(
            "<script>window._cf_chl_opt={}</script><h1>site.example</h1>"
            "<script src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1'></script>",
            True,
            id="Cloudflare under the site's own title",
        ),
        pytest.param(
            "<title>Access denied: how browser checks work</title>" + "<p>A long article.</p>" * 200,
            False,
            id="an article about such checks",
        ),
        pytest.param(
            "<title>Tiles & More</title><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"
            "<form><div class='g-recaptcha'></div></form>",
            False,
            id="a shop behind Cloudflare with a captcha in its form",
        ),
        pytest.param("<title>A moment in history</title>", False, id="an ordinary page"),
    ],
)
def test_browser_check(page: str, is_one: bool) -> None:
    assert is_challenge(page) is is_one
