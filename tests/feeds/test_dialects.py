"""Every dialect of feed becomes the same kind of entry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.feeds import read
from bot.model import Enclosure, Entry, ParsedFeed, Terms

DATA = Path(__file__).parent / "data"
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def feed_in(name: str, url: str = "https://feeds.example/all.xml", content_type: str = "") -> ParsedFeed:
    result = read((DATA / name).read_bytes(), url=url, content_type=content_type)
    assert isinstance(result, ParsedFeed)
    return result


EXPECTED = {
    "rss20.xml": ParsedFeed(
        title="Harbour & Hill",
        site="https://harbour.example/news/",
        language="en-gb",
        terms=Terms(timedelta(minutes=30)),
        entries=(
            Entry(
                guid="harbour-7",
                link="https://harbour.example/news/anna?id=7&page=2",
                title="Ferry &lt;i&gt;Anna&lt;/i&gt; sails again",
                summary="The ferry is back <b>today</b>.",
                content='<p>The ferry is back today.</p><p><img src="https://harbour.example/pictures/anna.jpg">'
                " All are glad.</p>",
                author="Mina Berg",
                tags=("Sea", "Travel & Work"),
                published=datetime(2026, 3, 3, 7, 30, tzinfo=UTC),
                image="https://harbour.example/pictures/anna-large.jpg",
                images=("https://harbour.example/pictures/anna-large.jpg",),
                enclosures=(
                    Enclosure("https://harbour.example/sound/anna.mp3", "audio/mpeg", 12345),
                    Enclosure("https://harbour.example/pictures/anna-large.jpg", ""),
                ),
                comments="https://harbour.example/news/anna#comments",
                language="en-gb",
            ),
            Entry(
                link="https://harbour.example/hill/path",
                title="A shorter path",
                summary='See <a href="https://harbour.example/hill/map.html">the map</a>.',
                language="en-gb",
            ),
        ),
    ),
    "rss091.xml": ParsedFeed(
        title="Old Pier",
        site="http://pier.example/",
        language="en-us",
        entries=(
            Entry(
                link="http://pier.example/planks.html",
                title="Planks renewed — at last",
                summary="All of them.",
                language="en-us",
            ),
        ),
    ),
    "rss10.xml": ParsedFeed(
        title="灯台だより",
        site="http://lighthouse.example/",
        language="ja",
        entries=(
            Entry(
                guid="http://lighthouse.example/1",
                link="http://lighthouse.example/1",
                title="霧の朝",
                summary="霧が晴れた。",
                author="海野",
                tags=("天気",),
                published=datetime(2026, 3, 2, 21, tzinfo=UTC),
                language="ja",
            ),
        ),
    ),
    "atom10.xml": ParsedFeed(
        title="Werft Nord",
        site="https://werft.example/blog/",
        language="de",
        entries=(
            Entry(
                guid="tag:werft.example,2026:1",
                link="https://werft.example/blog/2026/kiel",
                title="Ein Kiel & ein Mast",
                summary="Länge &lt; Breite",
                content="<p>Ein <b>Kiel</b>.</p>",
                author="Ada, Bo",
                tags=("Schiffbau",),
                published=datetime(2026, 3, 2, 9, tzinfo=UTC),
                image="https://werft.example/blog/2026/kiel.png",
                images=("https://werft.example/blog/2026/kiel.png",),
                enclosures=(Enclosure("https://werft.example/blog/2026/kiel.png", "image/png", 99),),
                language="de",
            ),
        ),
    ),
    "atom03.xml": ParsedFeed(
        title="Kajen",
        site="http://kajen.example/",
        language="sv",
        entries=(
            Entry(
                guid="tag:kajen.example,2005:1",
                link="http://kajen.example/is",
                title="Is på viken",
                content="<p>Isen bär.</p>",
                published=datetime(2005, 1, 2, 2, 4, 5, tzinfo=UTC),
                language="sv",
            ),
        ),
    ),
    "youtube.xml": ParsedFeed(
        title="Knots",
        site="https://video.example/channel/knots",
        language="",
        entries=(
            Entry(
                guid="yt:video:k1",
                link="https://video.example/watch?v=k1",
                title="The bowline",
                summary="How to tie it.<br>\nChapters: 0:00 &lt;start&gt;",
                published=datetime(2026, 1, 5, 12, tzinfo=UTC),
                image="https://img.video.example/k1/hq.jpg",
                enclosures=(Enclosure("https://video.example/v/k1", "application/x-shockwave-flash"),),
            ),
        ),
    ),
    "podcast.xml": ParsedFeed(
        title="Tide Talk",
        site="https://tide.example/",
        language="",
        entries=(
            Entry(
                guid="ep-1",
                link="https://tide.example/ep1.mp3?utm_source=rss",
                title="Episode 1",
                summary="Two sailors talk &amp; laugh.",
                published=datetime(2026, 1, 5, 6, tzinfo=UTC),
                image="https://tide.example/ep1.jpg",
                enclosures=(
                    Enclosure("https://tide.example/ep1.mp3?utm_source=rss", "audio/mpeg", 1000, 3753),
                ),
            ),
        ),
    ),
    "feedburner.xml": ParsedFeed(
        title="Ropes",
        site="https://ropes.example/",
        language="",
        entries=(Entry(link="https://ropes.example/splice", title="Splice"),),
    ),
    "json11.json": ParsedFeed(
        title="Nets & Lines",
        site="https://nets.example/",
        language="en-us",
        entries=(
            Entry(
                guid="12",
                link="https://nets.example/2026/nets",
                title="Nets mended",
                summary="Nets &amp; lines &lt; ropes",
                content='<p>All <img src="https://nets.example/2026/nets.png"> nets.</p>',
                author="Io, Ida",
                tags=("work",),
                published=datetime(2026, 3, 1, 5, tzinfo=UTC),
                image="https://nets.example/nets.jpg",
                images=("https://nets.example/nets.jpg",),
                enclosures=(Enclosure("https://nets.example/a.ogg", "audio/ogg", 42),),
                language="en-us",
            ),
            Entry(
                guid="13",
                content="First line<br>\nSecond &lt;line&gt;",
                author="The crew",
                language="en-us",
            ),
        ),
    ),
    "json10.json": ParsedFeed(
        title="Buoys",
        site=None,
        language="",
        entries=(
            Entry(
                guid="https://buoys.example/1",
                link="https://buoys.example/1",
                content="Red to port.",
                author="Kai",
            ),
        ),
    ),
    "archived.md": ParsedFeed(
        title="“渡轮”重开 [一] — 时隔(两)年",
        site=None,
        language="",
        entries=(
            Entry(
                link="https://harbour.example/%E6%B8%A1%E8%BD%AE_(a)?id=1",
                title="“渡轮”重开 [一]  — 时隔(两)年",
                content="<!-- Proves: an archived article is a feed of one entry; brackets in title and link, the epoch"
                ' as its date. -->\n<div>03/03/2026 - 09:00</div><img src="https://harbour.example/pictures/w:1280/anna.jpg">'
                "<p><strong>渡轮重开。   </strong></p>",
                published=datetime(2026, 3, 3, 8, tzinfo=UTC),
            ),
        ),
    ),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_document_becomes_entries(name: str) -> None:
    """What each file proves stands at its head."""
    assert feed_in(name) == EXPECTED[name]


@pytest.mark.parametrize(
    "content_type",
    [
        pytest.param("text/html; charset=utf-8", id="served as a web page"),
        pytest.param("text/plain", id="served as plain text"),
        pytest.param("application/octet-stream", id="served as a download"),
        pytest.param("", id="served as nothing"),
    ],
)
@pytest.mark.parametrize("name", ["rss20.xml", "atom10.xml", "json11.json", "archived.md"])
def test_the_content_type_does_not_decide_what_a_document_is(name: str, content_type: str) -> None:
    """Feeds are served as anything; a JSON Feed as text/html is common."""
    assert feed_in(name, content_type=content_type) == EXPECTED[name]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"\n\n  ", b"", id="white space before the XML declaration"),
        pytest.param(b"\xef\xbb\xbf", b"", id="a byte order mark"),
        pytest.param(b"\xef\xbb\xbf\xef\xbb\xbf\n", b"", id="two byte order marks and a line"),
        pytest.param(
            b"<br />\n<b>Warning</b>: foo() in /a.php on line 3<br />\n",
            b"",
            id="a script's warning before it",
        ),
        pytest.param(b"", b"<script>track()</script>", id="a tracker behind it"),
        pytest.param(b"<html><body>", b"</body></html>", id="wrapped into a page by its template"),
    ],
)
def test_a_feed_is_read_through_junk_around_it(before: bytes, after: bytes) -> None:
    body = before + (DATA / "rss20.xml").read_bytes() + after
    result = read(body, url="https://feeds.example/all.xml")
    assert isinstance(result, ParsedFeed)
    assert [entry.title for entry in result.entries] == [
        entry.title for entry in EXPECTED["rss20.xml"].entries
    ]


def rss(channel: str) -> bytes:
    return f'<rss version="2.0"><channel><title>T</title><link>http://site.example/</link>{channel}</channel></rss>'.encode()


@pytest.mark.parametrize(
    ("item", "link"),
    [
        pytest.param("<link>http://a.example/1</link>", "http://a.example/1", id="as published"),
        pytest.param("<link> http://a.example/1\n </link>", "http://a.example/1", id="white space around it"),
        pytest.param("<link>//a.example/1</link>", "http://a.example/1", id="without a scheme: the site's"),
        pytest.param("<link>a b</link>", "http://site.example/a%20b", id="a space in it stays one address"),
        pytest.param(
            "<guid>http://a.example/g</guid>", "http://a.example/g", id="none, but a guid that is an address"
        ),
        pytest.param("<link>javascript:alert(1)</link>", None, id="a scheme that is no page"),
        pytest.param("<link>mailto:a@b.example</link>", None, id="a mail address"),
        pytest.param("<link>http://[broken/</link>", None, id="a host that is none"),
    ],
)
def test_link(item: str, link: str | None) -> None:
    result = read(rss(f"<item><title>t</title>{item}</item>"), url="https://feeds.example/x")
    assert isinstance(result, ParsedFeed)
    assert result.entries[0].link == link


@pytest.mark.parametrize(
    ("channel", "gap"),
    [
        pytest.param("<ttl>60</ttl>", timedelta(hours=1), id="ttl is in minutes"),
        pytest.param("<ttl>0</ttl>", None, id="a ttl of zero says nothing"),
        pytest.param("<ttl>soon</ttl>", None, id="a ttl in words says nothing"),
        pytest.param(
            '<p:updatePeriod xmlns:p="http://purl.org/rss/1.0/modules/syndication/">daily</p:updatePeriod>'
            '<p:updateFrequency xmlns:p="http://purl.org/rss/1.0/modules/syndication/">4</p:updateFrequency>',
            timedelta(hours=6),
            id="four times a day",
        ),
    ],
)
def test_what_the_document_asks_for(channel: str, gap: timedelta | None) -> None:
    result = read(rss(channel), url="https://feeds.example/x")
    assert isinstance(result, ParsedFeed)
    assert result.terms == Terms(gap)


MIDNIGHT_TO_SIX = "".join(f"<hour>{hour}</hour>" for hour in range(6))


@pytest.mark.parametrize(
    ("channel", "hours", "days"),
    [
        pytest.param("", set(), set(), id="neither"),
        pytest.param(f"<skipHours>{MIDNIGHT_TO_SIX}</skipHours>", {0, 1, 2, 3, 4, 5}, set(), id="hours, GMT"),
        pytest.param(
            "<skipDays><day>Saturday</day><day>Sunday</day></skipDays>", set(), {5, 6}, id="days by name"
        ),
        pytest.param(
            "<skipHours>\n <hour> 7 </hour>\n</skipHours><skipDays><day>Monday</day></skipDays>",
            {7},
            {0},
            id="both, with white space",
        ),
        pytest.param("<skipHours><hour>24</hour></skipHours>", {0}, set(), id="RSS 0.91 counts from 1 to 24"),
        pytest.param("<skiphours><Hour>06</Hour></skiphours>", {6}, set(), id="other cases, two digits"),
        pytest.param(
            "<skipHours><hour>25</hour><hour>-1</hour><hour>x</hour><hour>3</hour></skipHours>",
            {3},
            set(),
            id="what is no hour is left out",
        ),
        pytest.param(
            "<skipDays><day>Samstag</day></skipDays>", set(), set(), id="what is no day is left out"
        ),
        pytest.param(
            "<skipHours>" + "".join(f"<hour>{hour}</hour>" for hour in range(24)) + "</skipHours>",
            set(),
            set(),
            id="a document that skips every hour is not believed",
        ),
        pytest.param(
            "<skipDays>" + "".join(f"<day>{day}</day>" for day in WEEK) + "</skipDays>",
            set(),
            set(),
            id="nor one that skips every day",
        ),
        pytest.param(
            "<item><title>t</title><description>&lt;skipHours&gt;<![CDATA[<skipHours><hour>1</hour></skipHours>]]>"
            "</description></item>",
            set(),
            set(),
            id="an article about RSS is no wish",
        ),
        pytest.param(
            "<item><title>t</title></item><skipHours><hour>1</hour></skipHours>",
            {1},
            set(),
            id="behind the items",
        ),
    ],
)
def test_when_the_document_does_not_want_to_be_asked(channel: str, hours: set[int], days: set[int]) -> None:
    result = read(rss(channel), url="https://feeds.example/x")
    assert isinstance(result, ParsedFeed)
    assert result.terms == Terms(None, frozenset(hours), frozenset(days))


def test_a_feed_without_entries_is_a_feed() -> None:
    """A new blog has none yet; to refuse it would be wrong."""
    assert read(rss(""), url="https://feeds.example/x") == ParsedFeed("T", "http://site.example/", "", ())
