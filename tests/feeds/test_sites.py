"""The feeds of known sites, told from the address alone."""

from __future__ import annotations

import pytest

from bot.feeds import discover
from bot.feeds.sites import site_feeds, usual_places
from bot.model import FeedLink, Problem

CHANNEL = "UCabcdefghij0123456789-_"
YOUTUBE = "https://www.youtube.com/feeds/videos.xml"
RSSHUB, RSS_BRIDGE = "rsshub+https://hub.example/", "rss-bridge+https://bridge.example"


@pytest.mark.parametrize(
    ("url", "feed"),
    [
        pytest.param(
            f"https://www.youtube.com/channel/{CHANNEL}",
            f"{YOUTUBE}?channel_id={CHANNEL}",
            id="a YouTube channel",
        ),
        pytest.param(
            f"https://m.youtube.com/channel/{CHANNEL}/videos?view=0",
            f"{YOUTUBE}?channel_id={CHANNEL}",
            id="a YouTube channel's videos, on a phone",
        ),
        pytest.param(
            "https://www.youtube.com/playlist?list=PLx-1_&si=abc",
            f"{YOUTUBE}?playlist_id=PLx-1_",
            id="a playlist",
        ),
        pytest.param(
            "https://old.reddit.com/r/Python/",
            "https://www.reddit.com/r/Python/.rss",
            id="a subreddit, old style",
        ),
        pytest.param(
            "https://reddit.com/r/a+b/new", "https://www.reddit.com/r/a+b/new/.rss", id="two subreddits, new"
        ),
        pytest.param(
            "https://www.reddit.com/r/Python/top/?t=week",
            "https://www.reddit.com/r/Python/top/.rss?t=week",
            id="a subreddit's best of the week",
        ),
        pytest.param(
            "https://www.reddit.com/r/Python/comments/1abc/some_title/?share=1",
            "https://www.reddit.com/r/Python/comments/1abc/some_title/.rss",
            id="a discussion on Reddit",
        ),
        pytest.param(
            "https://www.reddit.com/u/some-one", "https://www.reddit.com/user/some-one/.rss", id="a redditor"
        ),
        pytest.param("https://www.reddit.com/", "https://www.reddit.com/.rss", id="Reddit's front page"),
        pytest.param("https://github.com/owner", "https://github.com/owner.atom", id="a person on GitHub"),
        pytest.param(
            "https://github.com/o/r/releases/tag/v1",
            "https://github.com/o/r/releases.atom",
            id="a GitHub release",
        ),
        pytest.param("https://github.com/o/r/tags", "https://github.com/o/r/tags.atom", id="GitHub's tags"),
        pytest.param(
            "https://github.com/o/r/commits/", "https://github.com/o/r/commits.atom", id="GitHub's commits"
        ),
        pytest.param(
            "https://github.com/o/r/tree/main/docs",
            "https://github.com/o/r/commits/main/docs.atom",
            id="a folder on GitHub",
        ),
        pytest.param(
            "https://github.com/o/r/wiki/Home", "https://github.com/o/r/wiki.atom", id="a wiki on GitHub"
        ),
        pytest.param(
            "https://gitlab.com/name", "https://gitlab.com/name.atom", id="a person or group on GitLab"
        ),
        pytest.param(
            "https://git.example/g/s/p/-/tags",
            "https://git.example/g/s/p/-/tags?format=atom",
            id="the tags of a GitLab of one's own, by its sign",
        ),
        pytest.param(
            "https://gitlab.gnome.org/g/p/-/commits/main",
            "https://gitlab.gnome.org/g/p/-/commits/main?format=atom",
            id="a branch on GitLab",
        ),
        pytest.param(
            "https://gitlab.com/g/p/-/releases/v1",
            "https://gitlab.com/g/p/-/releases.atom",
            id="a GitLab release",
        ),
        pytest.param(
            "https://social.example/@ada", "https://social.example/@ada.rss", id="somebody on Mastodon"
        ),
        pytest.param(
            "https://social.example/@ada/1123",
            "https://social.example/@ada.rss",
            id="what somebody said on Mastodon",
        ),
        pytest.param(
            "https://social.example/@ada@other.example",
            "https://other.example/@ada.rss",
            id="somebody seen from another Mastodon",
        ),
        pytest.param(
            "https://social.example/@ada/tagged/cats",
            "https://social.example/@ada/tagged/cats.rss",
            id="somebody's tag on Mastodon",
        ),
        pytest.param(
            "https://bsky.app/profile/ada.example/post/3k",
            "https://bsky.app/profile/ada.example/rss",
            id="Bluesky",
        ),
        pytest.param(
            "https://medium.com/@ada/title-12ab", "https://medium.com/feed/@ada", id="an author on Medium"
        ),
        pytest.param(
            "https://medium.com/some-paper", "https://medium.com/feed/some-paper", id="a paper on Medium"
        ),
        pytest.param(
            "https://medium.com/tag/python", "https://medium.com/feed/tag/python", id="a tag on Medium"
        ),
        pytest.param("https://ada.medium.com/", "https://ada.medium.com/feed", id="an author's own Medium"),
        pytest.param("https://ada.substack.com/p/title", "https://ada.substack.com/feed", id="Substack"),
        pytest.param(
            "https://open.substack.com/pub/ada/p/title",
            "https://ada.substack.com/feed",
            id="Substack, as shared",
        ),
        pytest.param("https://ada.tumblr.com/", "https://ada.tumblr.com/rss", id="Tumblr"),
        pytest.param(
            "https://www.tumblr.com/ada/123/title", "https://ada.tumblr.com/rss", id="Tumblr from within"
        ),
        pytest.param(
            "https://ada.tumblr.com/tagged/cats",
            "https://ada.tumblr.com/tagged/cats/rss",
            id="a tag on Tumblr",
        ),
        pytest.param(
            "https://ada.wordpress.com/2026/01/02/title/", "https://ada.wordpress.com/feed/", id="WordPress"
        ),
        pytest.param(
            "https://ada.wordpress.com/category/cats/",
            "https://ada.wordpress.com/category/cats/feed/",
            id="a category on WordPress",
        ),
        pytest.param(
            "https://ada.blogspot.com/2026/01/title.html",
            "https://ada.blogspot.com/feeds/posts/default",
            id="Blogger",
        ),
        pytest.param(
            "https://ada.blogspot.co.uk/search/label/Cats",
            "https://ada.blogspot.co.uk/feeds/posts/default/-/Cats",
            id="a label on Blogger",
        ),
        pytest.param(
            "https://stackoverflow.com/questions/tagged/python?tab=Newest",
            "https://stackoverflow.com/feeds/tag/python",
            id="a tag on Stack Overflow",
        ),
        pytest.param(
            "https://unix.stackexchange.com/questions/12/why",
            "https://unix.stackexchange.com/feeds/question/12",
            id="a question on Stack Exchange",
        ),
        pytest.param(
            "https://stackoverflow.com/users/1/ada",
            "https://stackoverflow.com/feeds/user/1",
            id="who answers there",
        ),
        pytest.param(
            "https://superuser.com/", "https://superuser.com/feeds", id="a whole site of Stack Exchange"
        ),
        pytest.param(
            "https://arxiv.org/list/cs.CL/recent", "https://rss.arxiv.org/rss/cs.CL", id="a list on arXiv"
        ),
        pytest.param(
            "https://arxiv.org/archive/astro-ph", "https://rss.arxiv.org/rss/astro-ph", id="arXiv's archive"
        ),
        pytest.param(
            "https://arxiv.org/a/ada_l_1", "https://arxiv.org/a/ada_l_1.atom", id="an author on arXiv"
        ),
        pytest.param("https://news.ycombinator.com/", "https://news.ycombinator.com/rss", id="Hacker News"),
        pytest.param("https://news.ycombinator.com/show", "https://hnrss.org/show", id="Show HN"),
        pytest.param(
            "https://news.ycombinator.com/user?id=ada",
            "https://hnrss.org/user?id=ada",
            id="somebody on Hacker News",
        ),
    ],
)
def test_one_feed(url: str, feed: str) -> None:
    found = site_feeds(url)
    assert isinstance(found, tuple)
    assert [link.url for link in found] == [feed]


@pytest.mark.parametrize(
    ("url", "feeds"),
    [
        pytest.param(
            "https://github.com/o/r.js",
            [
                FeedLink("https://github.com/o/r.js/releases.atom", "o/r.js: Releases"),
                FeedLink("https://github.com/o/r.js/tags.atom", "o/r.js: Tags"),
                FeedLink("https://github.com/o/r.js/commits.atom", "o/r.js: Commits"),
            ],
            id="a repository on GitHub: releases first",
        ),
        pytest.param(
            "https://github.com/o/r.git",
            [
                FeedLink("https://github.com/o/r/releases.atom", "o/r: Releases"),
                FeedLink("https://github.com/o/r/tags.atom", "o/r: Tags"),
                FeedLink("https://github.com/o/r/commits.atom", "o/r: Commits"),
            ],
            id="the address to clone it from",
        ),
        pytest.param(
            "https://gitlab.com/g/s/p",
            [
                FeedLink("https://gitlab.com/g/s/p/-/releases.atom", "g/s/p: Releases"),
                FeedLink("https://gitlab.com/g/s/p/-/tags?format=atom", "g/s/p: Tags"),
                FeedLink("https://gitlab.com/g/s/p/-/commits/HEAD?format=atom", "g/s/p: Commits"),
                FeedLink("https://gitlab.com/g/s/p.atom", "g/s/p: Activity"),
            ],
            id="a project on GitLab",
        ),
    ],
)
def test_several_feeds_to_choose_from(url: str, feeds: list[FeedLink]) -> None:
    found = site_feeds(url)
    assert isinstance(found, tuple)
    assert list(found) == feeds


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://example.org/", id="a site that no rule knows"),
        pytest.param("https://www.youtube.com/@ada", id="a handle: the channel stands in the page"),
        pytest.param("https://www.youtube.com/c/ada", id="a channel's own name"),
        pytest.param("https://www.youtube.com/user/ada", id="a channel's old name"),
        pytest.param("https://youtu.be/abc", id="a video"),
        pytest.param("https://www.youtube.com/shorts/abc", id="a short video"),
        pytest.param("https://www.youtube.com/playlist?list=WL", id="a playlist that only its owner sees"),
        pytest.param("https://github.com/trending", id="a page of GitHub's own"),
        pytest.param("https://www.tiktok.com/@ada", id="an @ that is not Mastodon's"),
        pytest.param("https://substack.com/@ada", id="a writer on Substack, whose paper has another name"),
        pytest.param("https://stackoverflow.com/questions/tagged/a+b", id="two tags"),
        pytest.param("https://medium.com/about", id="a page of Medium's own"),
        pytest.param("https://t.me/+AbCdEfGh", id="an invitation to a private chat"),
        pytest.param("https://t.me/joinchat/AbCdEf", id="an old invitation"),
        *(
            pytest.param(url, id=f"a feed already: {url.partition('//')[2]}")
            for url in (
                f"{YOUTUBE}?channel_id={CHANNEL}",
                "https://www.reddit.com/r/Python/.rss",
                "https://github.com/o/r/releases.atom",
                "https://github.com/o/r/commits/main.atom",
                "https://github.com/owner.atom",
                "https://gitlab.com/g/p.atom",
                "https://gitlab.com/g/p/-/tags?format=atom",
                "https://social.example/@ada.rss",
                "https://bsky.app/profile/ada.example/rss",
                "https://medium.com/feed/@ada",
                "https://ada.medium.com/feed",
                "https://ada.substack.com/feed",
                "https://ada.tumblr.com/rss",
                "https://ada.tumblr.com/tagged/cats/rss",
                "https://ada.wordpress.com/feed/",
                "https://ada.blogspot.com/feeds/posts/default",
                "https://stackoverflow.com/feeds/tag/python",
                "https://rss.arxiv.org/rss/cs.CL",
                "https://news.ycombinator.com/rss",
                "https://hnrss.org/show",
            )
        ),
    ],
)
def test_no_rule(url: str) -> None:
    assert site_feeds(url) == ()


@pytest.mark.parametrize(
    ("url", "bridge", "expected"),
    [
        pytest.param("https://t.me/s/news", None, Problem("site.needs_bridge"), id="none set: said so"),
        pytest.param(
            "https://t.me/s/news",
            RSSHUB,
            (FeedLink("https://hub.example/telegram/channel/news", "news"),),
            id="RSSHub",
        ),
        pytest.param(
            "https://telegram.me/news/123",
            RSSHUB,
            (FeedLink("https://hub.example/telegram/channel/news", "news"),),
            id="a post in it",
        ),
        pytest.param(
            "https://news.t.me/",
            RSS_BRIDGE,
            (
                FeedLink(
                    "https://bridge.example/?action=display&bridge=TelegramBridge&username=news&format=Atom",
                    "news",
                ),
            ),
            id="RSS-Bridge, and the channel's own host",
        ),
    ],
)
def test_a_channel_of_telegram_is_read_through_a_bridge(
    url: str, bridge: str | None, expected: tuple[FeedLink, ...] | Problem
) -> None:
    assert site_feeds(url, bridge) == expected


OTHER = "UC" + "z" * 22


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(
            f'<script>{{"channelId":"{OTHER}"}}</script>'
            f'<link rel="canonical" href="https://www.youtube.com/channel/{CHANNEL}">',
            id="a handle's page: its canonical address, whatever stands before",
        ),
        pytest.param(
            f'<meta itemprop="identifier" content="{CHANNEL}">', id="a channel's page: its identifier"
        ),
        pytest.param(
            f'<script>{{"channelId":"{OTHER}"}},{{"externalId":"{CHANNEL}"}}</script>',
            id="its own name, as data",
        ),
        pytest.param(
            f'<script>{{"videoDetails":{{"channelId":"{CHANNEL}"}}}},{{"channelId":"{OTHER}"}}</script>',
            id="a video's page: whose it is stands before what is recommended",
        ),
        pytest.param(
            f'<link rel="alternate" type="application/rss+xml" title="RSS" href="{YOUTUBE}?channel_id={CHANNEL}">',
            id="a page that names its feed",
        ),
    ],
)
def test_a_page_of_youtube_tells_its_channel(page: str) -> None:
    found = discover(f"<html><body>{page}</body></html>", url="https://www.youtube.com/watch?v=x")
    assert [link.url for link in found] == [f"{YOUTUBE}?channel_id={CHANNEL}"]


def test_only_youtube_is_believed_about_its_channels() -> None:
    assert discover(f'{{"channelId":"{CHANNEL}"}}', url="https://blog.example/") == ()


USUAL = ["feed", "rss", "atom.xml", "feed.xml", "index.xml", "rss.xml", "feed.json"]


@pytest.mark.parametrize(
    ("url", "places"),
    [
        pytest.param("https://a.example/", USUAL, id="a front page"),
        pytest.param("https://a.example/blog/", ["blog/feed", "", *USUAL], id="a folder"),
        pytest.param("https://a.example/blog", ["blog/feed", "", *USUAL], id="a folder without a slash"),
        pytest.param("https://a.example/blog/post.html", ["blog/feed", "", *USUAL], id="a page in a folder"),
        pytest.param("https://a.example/post.html", ["", *USUAL], id="a page beside the front page"),
    ],
)
def test_the_usual_places(url: str, places: list[str]) -> None:
    assert usual_places(url) == tuple(f"https://a.example/{place}" for place in places)


def test_nothing_is_guessed_where_the_rules_know_better() -> None:
    """Reddit counts every request, and a channel of Telegram may be called `feed`."""
    assert usual_places("https://www.reddit.com/settings") == usual_places("https://t.me/+abc") == ()
