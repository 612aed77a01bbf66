"""Lists of feeds come in from any reader and go out to any."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SourceError
from bot.feeds import read_opml, write_opml
from bot.model import FeedLink


def opml(body: str) -> bytes:
    return f'<?xml version="1.0"?><opml version="1.0"><body>{body}</body></opml>'.encode()


A = FeedLink("https://a.example/rss", "A & B")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            opml('<outline type="rss" text="x" title="A &amp; B" xmlUrl="https://a.example/rss"/>'),
            (A,),
            id="plain",
        ),
        pytest.param(
            opml(
                '<outline text="F"><outline text="G"><outline text="A &amp; B" xmlUrl="https://a.example/rss"/></outline></outline>'
            ),
            (A,),
            id="in folders",
        ),
        pytest.param(
            opml("<OUTLINE TEXT='A &amp; B' XMLURL='https://a.example/rss'>"),
            (A,),
            id="capitals, other quotes, never closed",
        ),
        pytest.param(
            opml('<outline text="A & B" xmlUrl="https://a.example/rss"/>'), (A,), id="a bare ampersand"
        ),
        pytest.param(
            opml('<outline text="A > x" xmlUrl="https://a.example/rss"/>'),
            (FeedLink("https://a.example/rss", "A > x"),),
            id="an angle bracket in a title",
        ),
        pytest.param(
            opml('<outline type="rss" text="A &amp; B" url="https://a.example/rss"/>'),
            (A,),
            id="url, as old programs wrote it",
        ),
        pytest.param(
            opml('<outline text="A &amp; B" xmlUrl="feed:https://a.example/rss"/>'),
            (A,),
            id="the feed: scheme",
        ),
        pytest.param(
            opml(
                '<outline text="A &amp; B" xmlUrl="https://a.example/rss"/><outline text="again" xmlUrl="https://a.example/rss"/>'
            ),
            (A,),
            id="twice",
        ),
        pytest.param(
            opml(
                '<outline text="x" xmlUrl="file:///etc/hosts"/><outline text="A &amp; B" xmlUrl="https://a.example/rss"/>'
            ),
            (A,),
            id="beside an address that is none",
        ),
        pytest.param(
            opml(
                '<!-- <outline xmlUrl="https://b.example/"/> --><outline text="A &amp; B" xmlUrl="https://a.example/rss"/>'
            ),
            (A,),
            id="beside a remark",
        ),
        pytest.param(
            opml('<outline text="A &amp; B" xmlUrl="https://a.example/rss"/>')[:-14], (A,), id="cut short"
        ),
        pytest.param(
            '<?xml version="1.0" encoding="windows-1251"?><opml><outline text="Маяк" xmlUrl="http://m.example/"/>'.encode(
                "cp1251"
            ),
            (FeedLink("http://m.example/", "Маяк"),),
            id="in another encoding",
        ),
        pytest.param(
            b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><opml><outline text="&b;" xmlUrl="http://m.example/"/></opml>',
            (FeedLink("http://m.example/", "&b;"),),
            id="an entity bomb",
        ),
        pytest.param(
            b"https://a.example/rss\r\n\r\nhttp://b.example/\n",
            (FeedLink("https://a.example/rss", ""), FeedLink("http://b.example/", "")),
            id="a plain list of addresses",
        ),
    ],
)
def test_read(body: bytes, expected: tuple[FeedLink, ...]) -> None:
    assert read_opml(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x89PNG\0\xff", id="a picture"),
        pytest.param(opml('<outline text="only a folder"/>'), id="no feeds"),
        pytest.param(b"hello\nworld", id="words"),
    ],
)
def test_a_file_without_feeds_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(SourceError, match="names no feeds"):
        read_opml(body)


TITLES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"], exclude_characters="<>&"), min_size=1
)


@given(st.dictionaries(st.integers(0, 99), TITLES, min_size=1))
def test_what_is_written_is_read_again(titles: dict[int, str]) -> None:
    links = tuple(FeedLink(f"https://a.example/?a={number}&b=\"'", title) for number, title in titles.items())
    assert read_opml(write_opml(links, title="Mine")) == links


def test_the_written_form() -> None:
    """Byte for byte, since other programs read it."""
    assert write_opml([A, FeedLink("http://b.example/", "")], title="Feeds & more").decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<opml version="2.0">\n'
        "  <head>\n    <title>Feeds &amp; more</title>\n  </head>\n"
        "  <body>\n"
        '    <outline type="rss" text="A &amp; B" title="A &amp; B" xmlUrl="https://a.example/rss"/>\n'
        '    <outline type="rss" text="http://b.example/" title="http://b.example/" xmlUrl="http://b.example/"/>\n'
        "  </body>\n</opml>\n"
    )
