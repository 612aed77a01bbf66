"""What feedparser's own test files and the JSON Feed specification expect, in our own small data.

Each id names the expectation. Where we mean something else than feedparser, the id says so with the reason.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from bot.feeds import read
from bot.model import Enclosure, Entry, ParsedFeed

URL = "http://feeds.example/all"
NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:georss="http://www.georss.org/georss" '
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)


def rss(item: str) -> str:
    return (
        f'<rss version="2.0" {NAMESPACES}><channel><title>T</title><link>http://site.example/</link>'
        f"<item>{item}</item></channel></rss>"
    )


def atom(entry: str, head: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {head}><title>T</title><entry>{entry}</entry></feed>'


def atom03(entry: str) -> str:
    return (
        f'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>T</title><entry>{entry}</entry></feed>'
    )


def first(document: str) -> Entry:
    result = read(document.encode(), url=URL)
    assert isinstance(result, ParsedFeed)
    return result.entries[0]


def shown(entry: Entry, fields: Mapping[str, object]) -> dict[str, object]:
    return {name: getattr(entry, name) for name in fields}


DIV = '<div xmlns="http://www.w3.org/1999/xhtml">'


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param(
            rss("<author>me@a.example (Mina Berg)</author>"),
            {"author": "Mina Berg"},
            id="author: mail and name",
        ),
        pytest.param(
            rss("<author>Mina Berg &lt;me@a.example&gt;</author>"),
            {"author": "Mina Berg"},
            id="author: name and mail",
        ),
        pytest.param(
            rss("<author>me@a.example</author>"), {"author": "me@a.example"}, id="author: mail alone"
        ),
        pytest.param(
            rss("<dc:creator>A</dc:creator><dc:creator>B</dc:creator>"), {"author": "A, B"}, id="two creators"
        ),
        pytest.param(
            rss("<dc:creator>Tom &amp;amp; Ann</dc:creator>"),
            {"author": "Tom & Ann"},
            id="an author escaped twice; feedparser leaves it",
        ),
        pytest.param(rss("<itunes:author>Io</itunes:author>"), {"author": "Io"}, id="itunes:author"),
        pytest.param(
            rss("<category domain='x'>a</category><category>b</category><category>a</category>"),
            {"tags": ("a", "b")},
            id="categories, each once; feedparser keeps a second with another domain",
        ),
        pytest.param(rss("<dc:subject>a</dc:subject>"), {"tags": ("a",)}, id="dc:subject is a category"),
        pytest.param(
            rss("<itunes:keywords>a, b</itunes:keywords>"),
            {"tags": ("a", "b")},
            id="itunes:keywords are categories",
        ),
        pytest.param(
            rss("<guid>http://a.example/1</guid>"),
            {"guid": "http://a.example/1", "link": "http://a.example/1"},
            id="a guid that is an address is the link",
        ),
        pytest.param(
            rss("<guid isPermaLink='false'>http://a.example/1</guid>"),
            {"link": "http://a.example/1"},
            id="a guid that says it is no address, and is; feedparser believes it, readers want a link",
        ),
        pytest.param(
            rss("<link>http://a.example/2</link><guid>http://a.example/1</guid>"),
            {"link": "http://a.example/2"},
            id="the link before the guid",
        ),
        pytest.param(
            rss("<link>http://a.example/?a=1&amp;b=2</link>"),
            {"link": "http://a.example/?a=1&b=2"},
            id="an ampersand in a link",
        ),
        pytest.param(
            rss("<link>http://a.example/?a=1&b=2</link>"),
            {"link": "http://a.example/?a=1&b=2"},
            id="a bare ampersand in a link",
        ),
        pytest.param(
            rss("<atom:link rel='alternate' href='http://a.example/1'/>"),
            {"link": "http://a.example/1"},
            id="atom:link in RSS",
        ),
        pytest.param(
            rss(
                "<link>http://c.example/x</link><feedburner:origLink>http://a.example/1</feedburner:origLink>"
            ),
            {"link": "http://a.example/1"},
            id="feedburner's original link; feedparser keeps both apart",
        ),
        pytest.param(
            rss("<comments>/1#c</comments>"), {"comments": "http://site.example/1#c"}, id="comments"
        ),
        pytest.param(
            rss("<enclosure url='/a.mp3' type='audio/mpeg' length='9'/><enclosure url='/a.mp3'/>"),
            {"enclosures": (Enclosure("http://site.example/a.mp3", "audio/mpeg", 9),)},
            id="the same enclosure twice is one; feedparser gives two",
        ),
        pytest.param(
            rss("<description>a</description><content:encoded><![CDATA[<p>b</p>]]></content:encoded>"),
            {"summary": "a", "content": "<p>b</p>"},
            id="description and content:encoded",
        ),
        pytest.param(
            rss("<content:encoded><![CDATA[<p>b</p>]]></content:encoded>"),
            {"summary": "", "content": "<p>b</p>"},
            id="content alone is no summary; feedparser copies it",
        ),
        pytest.param(
            rss(
                "<description>a</description><media:description>b</media:description><itunes:summary>c</itunes:summary>"
            ),
            {"summary": "a"},
            id="a caption does not take the description's place; in feedparser the last one wins",
        ),
        pytest.param(
            rss(
                "<title>a</title><media:content url='http://a.example/v'><media:title>b</media:title></media:content>"
            ),
            {"title": "a"},
            id="a film's title does not take the article's place",
        ),
        pytest.param(
            rss("<title>a</title><georss:point>1 2</georss:point>"), {"title": "a"}, id="GeoRSS is ignored"
        ),
        pytest.param(
            rss("<dc:date>2026-03-03T08:30:00+01:00</dc:date>"),
            {"published": datetime(2026, 3, 3, 7, 30, tzinfo=UTC)},
            id="dc:date",
        ),
        pytest.param(
            rss("<dcterms:created>2026-03-03T08:30:00Z</dcterms:created>"),
            {"published": datetime(2026, 3, 3, 8, 30, tzinfo=UTC)},
            id="dcterms:created",
        ),
        pytest.param(
            rss("<pubDate>nonsense</pubDate><dc:date>2026-03-03</dc:date>"),
            {"published": datetime(2026, 3, 3, tzinfo=UTC)},
            id="a date that is none, and a second one",
        ),
        pytest.param(
            rss("<title>R&amp;amp;D</title>"),
            {"title": "R&amp;D"},
            id="RSS titles stay as published; the pipeline cleans them",
        ),
        pytest.param(rss("<title><![CDATA[a < b]]></title>"), {"title": "a < b"}, id="CDATA"),
        pytest.param(
            rss("<title xml:lang='de'>Hafen</title>"),
            {"language": "de"},
            id="the language of an entry's title",
        ),
        pytest.param(rss("<TITLE>a</TITLE>"), {"title": "a"}, id="capitals, which XML forbids"),
        pytest.param(
            atom("<title type='text'>a &lt;b></title>"),
            {"title": "a <b>"},
            id="Atom text: angle brackets are letters",
        ),
        pytest.param(
            atom("<title type='html'>a &lt;b>c&lt;/b></title>"), {"title": "a <b>c</b>"}, id="Atom html"
        ),
        pytest.param(
            atom(f"<content type='xhtml'>{DIV}<p>a &amp; b</p></div></content>"),
            {"content": "<p>a &amp; b</p>"},
            id="Atom xhtml without its div",
        ),
        pytest.param(
            atom("<content type='text'>a &lt; b</content>"),
            {"content": "a &lt; b"},
            id="Atom text becomes HTML; feedparser leaves both kinds alike",
        ),
        pytest.param(
            atom(
                "<link rel='self' href='/s'/><link rel='alternate' type='application/json' href='/j'/><link href='/h'/>"
            ),
            {"link": "http://feeds.example/h"},
            id="of several links the page; feedparser takes the last",
        ),
        pytest.param(
            atom("<link href='x'/>", head='xml:base="http://b.example/y/"'),
            {"link": "http://b.example/y/x"},
            id="xml:base of the feed",
        ),
        pytest.param(
            atom("<content type='html' xml:base='http://b.example/c/'>&lt;img src='d.png'></content>"),
            {"content": "<img src='http://b.example/c/d.png'>"},
            id="xml:base of the content",
        ),
        pytest.param(
            atom("<updated>2026-03-03T08:30:00Z</updated><published>2026-03-01T08:30:00Z</published>"),
            {"published": datetime(2026, 3, 1, 8, 30, tzinfo=UTC)},
            id="published before updated",
        ),
        pytest.param(
            atom("<author><name>A</name></author><author><name>B</name></author>"),
            {"author": "A, B"},
            id="two authors",
        ),
        pytest.param(
            atom("<category term='a' label='An A'/><category term='b'/>"),
            {"tags": ("An A", "b")},
            id="a label before its term",
        ),
        pytest.param(
            atom03("<content type='text/html' mode='escaped'>&lt;p>a&lt;/p></content>"),
            {"content": "<p>a</p>"},
            id="Atom 0.3 escaped",
        ),
        pytest.param(
            atom03("<content type='text/html' mode='base64'>PHA+YTwvcD4=</content>"),
            {"content": "<p>a</p>"},
            id="Atom 0.3 base64",
        ),
        pytest.param(
            atom03("<issued>2026-03-03T08:30:00Z</issued><modified>2026-03-04T08:30:00Z</modified>"),
            {"published": datetime(2026, 3, 3, 8, 30, tzinfo=UTC)},
            id="Atom 0.3 issued",
        ),
    ],
)
def test_as_feedparser_expects(document: str, expected: Mapping[str, object]) -> None:
    assert shown(first(document), expected) == expected


def json_feed(version: str, **feed: object) -> str:
    return json.dumps({"version": f"https://jsonfeed.org/version/{version}", "title": "T", **feed})


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param(
            json_feed("1.1", items=[{"id": "2", "content_text": "Second.", "url": "https://a.example/2"}]),
            {"guid": "2", "content": "Second.", "link": "https://a.example/2"},
            id="the simplest feed",
        ),
        pytest.param(
            json_feed(
                "1",
                home_page_url="http://a.example/",
                items=[
                    {
                        "id": "http://a.example/3",
                        "title": "A talk",
                        "url": "http://a.example/3",
                        "content_text": "A\nB",
                        "content_html": "<p>A</p><p>B</p>",
                        "summary": "About A.",
                        "date_published": "2014-05-09T14:04:00-07:00",
                        "attachments": [
                            {
                                "url": "a.m4a",
                                "mime_type": "audio/x-m4a",
                                "size_in_bytes": 89970236,
                                "duration_in_seconds": 6629,
                            }
                        ],
                    }
                ],
            ),
            {
                "content": "<p>A</p><p>B</p>",
                "summary": "About A.",
                "published": datetime(2014, 5, 9, 21, 4, tzinfo=UTC),
                "enclosures": (Enclosure("http://a.example/a.m4a", "audio/x-m4a", 89970236, 6629),),
            },
            id="the podcast: HTML before text",
        ),
        pytest.param(
            json_feed(
                "1",
                author={"name": "Bo", "url": "http://a.example/", "avatar": "http://a.example/bo.png"},
                items=[{"id": "4", "url": "/4", "content_text": "Hm.", "external_url": "http://b.example/"}],
            ),
            {"author": "Bo", "title": "", "link": "http://feeds.example/4"},
            id="the microblog: no title, the feed's author",
        ),
        pytest.param(
            json_feed("1", items=[{"id": "5", "content_text": "x", "external_url": "http://b.example/"}]),
            {"link": "http://b.example/"},
            id="a link blog: the other page, if the entry has none of its own",
        ),
        pytest.param(
            json_feed("1", items=[{"id": 347528937, "content_text": "x"}]),
            {"guid": "347528937"},
            id="a number as id is read as text",
        ),
        pytest.param(
            json_feed(
                "1.1",
                authors=[{"name": "Bo"}],
                author={"name": "Old"},
                items=[{"id": "6", "content_text": "x"}],
            ),
            {"author": "Bo"},
            id="1.1's authors before 1.0's author",
        ),
        pytest.param(
            json_feed("1.1", language="en", items=[{"id": "7", "content_text": "x", "language": "de"}]),
            {"language": "de"},
            id="an entry's own language",
        ),
        pytest.param(
            json_feed(
                "1.1",
                items=[
                    {
                        "id": "8",
                        "content_html": "x",
                        "image": "/i.png",
                        "banner_image": "/b.png",
                        "tags": ["a"],
                    }
                ],
            ),
            {"image": "http://feeds.example/i.png", "tags": ("a",)},
            id="the picture before the banner",
        ),
        pytest.param(
            json_feed(
                "1.1",
                hubs=[{"type": "WebSub"}],
                _x={"y": 1},
                items=[{"id": "9", "content_text": "x", "_x": {}}],
            ),
            {"guid": "9"},
            id="extensions are ignored",
        ),
    ],
)
def test_as_json_feed_says(document: str, expected: Mapping[str, object]) -> None:
    assert shown(first(document), expected) == expected


def test_a_json_feed_without_ids_keeps_its_entries() -> None:
    """The specification drops such entries; publishers forget ids, and the link or title is key enough."""
    entry = first(json_feed("1.1", items=[{"content_text": "x", "url": "http://a.example/1"}]))
    assert (entry.guid, entry.link) == (None, "http://a.example/1")
