"""Whatever the bytes, `read` answers; nothing that can be refused early reaches the parser."""

from __future__ import annotations

import json
import re

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds import read
from bot.feeds.guards import MOST_ENTRIES, tame
from bot.model import NotAFeed, ParsedFeed, ReadResult

URL = "http://a.example/feed"


def rss(channel: str, head: str = "") -> bytes:
    return f'{head}<rss version="2.0"><channel><title>T</title>{channel}</channel></rss>'.encode()


def titles(result: ReadResult) -> list[str]:
    assert isinstance(result, ParsedFeed)
    return [entry.title for entry in result.entries]


LAUGHS = '<!DOCTYPE z [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("head", "text"),
    [
        pytest.param(LAUGHS + "]>", "&i;", id="a billion laughs"),
        pytest.param(
            f'<!DOCTYPE z [<!ENTITY a "{"x" * 9_999}">]>', "&a;" * 9_999, id="one long entity, many times"
        ),
        pytest.param(
            '<!DOCTYPE z [<!ENTITY a SYSTEM "file:///etc/hosts">]>', "&a;", id="an entity that is a file"
        ),
        pytest.param(
            '<!DOCTYPE z SYSTEM "http://a.example/z.dtd">', "&a;", id="a document type from elsewhere"
        ),
    ],
)
def test_declared_entities_are_never_expanded(head: str, text: str) -> None:
    """The document type goes before parsing; its entities stay as letters."""
    assert titles(read(rss(f"<item><title>{text}</title></item>", head), url=URL)) == [text]


ENDLESS = "a." * 40_000


@pytest.mark.parametrize(
    ("author", "kept"),
    [
        pytest.param(f"<author>{ENDLESS}</author>", f"<author>{ENDLESS[:500]}</author>", id="RSS author"),
        pytest.param(
            f"<dc:creator><![CDATA[{ENDLESS}]]></dc:creator>",
            f"<dc:creator>{ENDLESS[:500]}</dc:creator>",
            id="Dublin Core creator in CDATA",
        ),
        pytest.param(
            f"<itunes:author>{'a.' * 200}<![CDATA[{ENDLESS}]]></itunes:author>",
            f"<itunes:author>{ENDLESS[:500]}</itunes:author>",
            id="podcast author, CDATA within",
        ),
        pytest.param(
            f"<managingEditor x='{'y' * 900}'>{ENDLESS}</managingEditor>",
            f"<managingEditor x='{'y' * 900}'>{ENDLESS[:500]}</managingEditor>",
            id="editor of the channel, with a long attribute",
        ),
        pytest.param(
            f"<author>{'a.<b>a.</b>' * 10_000}</author>",
            f"<author>{ENDLESS[:500]}</author>",
            id="with tags inside, none of its parts long",
        ),
        pytest.param(
            f"<author><name>Mina</name><bio>{ENDLESS}</bio></author>",
            "<author><name>Mina</name></author>",
            id="a person with a name and a long life",
        ),
        pytest.param(f"<author>{ENDLESS}<link/>", f"<author>{ENDLESS[:500]}<link/>", id="never closed"),
    ],
)
def test_an_endless_author_is_cut(author: str, kept: str) -> None:
    """feedparser needs a minute for 80 KB of it."""
    assert tame(author).decode() == kept


def test_an_author_named_in_a_remark_takes_nothing_with_it() -> None:
    feed = f"<!-- see <dc:creator> --><title>{'a' * 2_000}</title><dc:creator>Mina</dc:creator>"
    assert tame(feed).decode() == feed


def test_an_author_of_ordinary_length_stays() -> None:
    author = "<author><name>Mina Berg</name><uri>https://a.example/</uri></author>"
    assert tame(author * 9).decode() == author * 9


def test_a_flood_of_entries_keeps_the_newest() -> None:
    """Feeds begin with the newest."""
    flood = "".join(f"<item><title>{number}</title></item>" for number in range(MOST_ENTRIES + 300))
    found = re.findall("<title>([0-9]+)</title>", tame(rss(flood).decode()).decode())
    assert (found[0], found[-1], len(found)) == ("0", str(MOST_ENTRIES - 1), MOST_ENTRIES)


def test_a_flood_that_begins_with_the_oldest_keeps_its_end() -> None:
    flood = "".join(
        f"<item><title>{number}</title><pubDate>2026-01-{1 + number // 300:02} 10:00</pubDate></item>"
        for number in range(MOST_ENTRIES + 300)
    )
    found = re.findall("<title>([0-9]+)</title>", tame(rss(flood).decode()).decode())
    assert (found[0], found[-1], len(found)) == ("300", str(MOST_ENTRIES + 299), MOST_ENTRIES)


def test_a_flood_in_json_keeps_the_newest() -> None:
    items = [
        {"id": str(number), "content_text": "x", "title": str(number)} for number in range(MOST_ENTRIES + 1)
    ]
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()
    assert titles(read(body, url=URL))[-1] == str(MOST_ENTRIES - 1)


def test_half_an_entry_at_the_end_is_left_out() -> None:
    """A broken download: half an entry would get the wrong key, and be sent again when whole."""
    body = rss("<item><title>one</title></item><item><title>two</title><description>It beg")
    assert titles(read(body.partition(b"</channel>")[0], url=URL)) == ["one"]


@pytest.mark.parametrize(
    ("title", "read_as"),
    [
        pytest.param("a\x01\x1bb", "ab", id="control characters"),
        pytest.param("a&#0;&#xD800;&#99999999999;&#x110000;b", "ab", id="references to no character"),
        pytest.param("a &#150; b", "a – b", id="a reference in windows-1252"),
        pytest.param("caf&eacute;&nbsp;&hellip;", "café\xa0…", id="HTML's entities"),
        pytest.param("Fish & chips", "Fish & chips", id="a bare ampersand"),
        pytest.param("a <b>b</b>", "a <b>b</b>", id="bare markup"),
        pytest.param("&nosuch;", "&nosuch;", id="an entity nobody knows"),
    ],
)
def test_what_xml_forbids_is_read_all_the_same(title: str, read_as: str) -> None:
    assert titles(read(rss(f"<item><title>{title}</title></item>"), url=URL)) == [read_as]


def test_a_broken_json_string_can_be_stored() -> None:
    """Half a surrogate pair or a NUL would make the database refuse the article."""
    body = (
        b'{"version":"https://jsonfeed.org/version/1","items":[{"id":"a\\u0000\\ud800b","title":"\\ud83dx"}]}'
    )
    result = read(body, url=URL)
    assert isinstance(result, ParsedFeed)
    assert (result.entries[0].guid, result.entries[0].title) == ("ab", "x")


@pytest.mark.parametrize(
    ("body", "key"),
    [
        pytest.param(b"", "parse.empty", id="nothing"),
        pytest.param(b" \r\n\t ", "parse.empty", id="white space"),
        pytest.param(b"\xef\xbb\xbf\n", "parse.empty", id="only a byte order mark"),
        pytest.param(b"\0" * 100, "parse.empty", id="only NULs"),
        pytest.param(b"404 not found", "parse.not_a_feed", id="a word of the server's"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "parse.not_a_feed", id="a picture"),
        pytest.param(b'{"error": "gone"}', "parse.not_a_feed", id="JSON that is no feed"),
        pytest.param(b"[1, 2]", "parse.not_a_feed", id="a JSON list"),
        pytest.param(
            b'{"version": "https://jsonfeed.org/version/1", "it', "parse.broken", id="JSON cut short"
        ),
        pytest.param(b'{"items":' + b"[" * 100_000, "parse.broken", id="JSON too deep to read"),
        pytest.param(b"<rss><channel>", "parse.broken", id="RSS cut before its first word"),
        pytest.param(
            b"<rss><channel><title>News</title><item><title>one</title><desc",
            "parse.cut",
            id="RSS cut in its first article",
        ),
        pytest.param(
            b"<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title><link hr",
            "parse.cut",
            id="Atom cut before its first article",
        ),
        pytest.param(
            b"<rss>" + b"<a>" * 200_000, "parse.broken", id="200,000 nested tags and nothing in them"
        ),
        pytest.param(b"<rss>" + b"<" * 100_000, "parse.broken", id="nothing but angle brackets"),
        pytest.param(b"<?xml version='1.0'?>", "parse.broken", id="an XML declaration alone"),
        pytest.param(b"<?xml version='1.0'?><urlset><url/></urlset>", "parse.sitemap", id="a sitemap"),
        pytest.param(b"<sitemapindex/>", "parse.sitemap", id="a list of sitemaps"),
        pytest.param(b"<!-- a --><opml version='2.0'><body/></opml>", "parse.opml", id="a list of feeds"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "parse.not_a_feed", id="a drawing"),
        pytest.param(
            b"<!DOCTYPE html><html><p>Hello</p></html>", "parse.web_page", id="a page without feeds"
        ),
        pytest.param(
            b"<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>",
            "parse.challenge",
            id="Cloudflare's browser check",
        ),
        pytest.param(
            b"<html><script>window._cf_chl_opt={}</script></html>",
            "parse.challenge",
            id="a browser check without title",
        ),
        pytest.param(
            b'<html><link rel=alternate type="application/rss+xml" href=/rss>',
            "parse.web_page_with_feeds",
            id="with feeds",
        ),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, key: str) -> None:
    result = read(body, url=URL)
    assert isinstance(result, NotAFeed)
    assert result.problem.key == key


def test_memory_that_ends_within_the_parser_is_no_broken_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The feed's subscribers are told that it is too heavy; its owner has nothing to repair."""

    def eat(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(feedparser, "parse", eat)
    with pytest.raises(MemoryError):
        read(rss("<item/>"), url=URL)


PIECES = st.sampled_from(
    [
        *"<>&;/!?[]{}\"'=:#x \n\0",
        *(
            "<rss>",
            "<item>",
            "</item>",
            "<title>",
            "</title>",
            "<![CDATA[",
            "]]>",
            "<!--",
            "-->",
            "<!DOCTYPE",
            "<html>",
        ),
        *(
            "<feed xmlns='http://www.w3.org/2005/Atom'>",
            "<entry>",
            "<link href='",
            "<guid>",
            "&#",
            "<?xml ",
            "<content",
        ),
        *(
            '{"items":',
            '{"content_text":',
            "null",
            "http://",
            "<author>",
            "<media:content url='",
            "<a href='/feed'>",
        ),
        *(
            "<updated>2026-13-45T99:99:99Z",
            "<pubDate>",
            "<itunes:image ",
            "<enclosure length='x' url='",
            "<!--1-->\n[a](b)\n---",
        ),
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(PIECES | st.text(max_size=5), max_size=40),
    st.sampled_from(["utf-8", "utf-16", "gb18030", "latin-1"]),
)
def test_read_never_raises_on_broken_markup(pieces: list[str], codec: str) -> None:
    result = read("".join(pieces).encode(codec, "replace"), url=URL)
    assert isinstance(result, ParsedFeed | NotAFeed)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.text(max_size=20), st.text(max_size=20))
def test_read_never_raises_on_any_bytes(body: bytes, url: str, content_type: str) -> None:
    result = read(body, url=url, content_type=content_type)
    assert isinstance(result, ParsedFeed | NotAFeed)
