"""Lists of feeds come in from any reader and go out to any."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds import FeedList, Outline, read_opml, write_opml
from bot.feeds.opml import MOST_BYTES, MOST_FEEDS
from bot.model import Problem


def opml(body: str) -> bytes:
    return f'<?xml version="1.0"?><opml version="1.0"><body>{body}</body></opml>'.encode()


A = Outline("https://a.example/rss", "A & B")
B = Outline("https://b.example/rss", "B")


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
            (Outline(A.url, A.title, "F/G"),),
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
            (Outline("https://a.example/rss", "A > x"),),
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
            (Outline("http://m.example/", "Маяк"),),
            id="in another encoding",
        ),
        pytest.param(
            b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><opml><outline text="&b;" xmlUrl="http://m.example/"/></opml>',
            (Outline("http://m.example/", "&b;"),),
            id="an entity bomb",
        ),
        pytest.param(
            b'<?xml version="1.0" encoding="utf-16"?><opml><outline text="Caf\xc3\xa9" xmlUrl="http://m.example/"/></opml>',
            (Outline("http://m.example/", "Café"),),
            id="declared as UTF-16, written as UTF-8",
        ),
        pytest.param(
            b'<?xml version="1.0" encoding="utf-8"?><opml><outline text="Caf\xe9" xmlUrl="http://m.example/"/></opml>',
            (Outline("http://m.example/", "Café"),),
            id="declared as UTF-8, written as Windows-1252",
        ),
        pytest.param(
            b'<outline text="A &amp; B" xmlUrl="https://a.example/rss"/>',
            (A,),
            id="without head, body or root",
        ),
        pytest.param(
            opml('<outline text="Caf&eacute;&nbsp;&euro;" xmlUrl="http://m.example/"/>'),
            (Outline("http://m.example/", "Café €"),),
            id="entities of HTML, never declared",
        ),
        pytest.param(
            opml('<outline text="A &amp; B" XmlURL="https://a.example/rss"/>'),
            (A,),
            id="xmlUrl in another case",
        ),
        pytest.param(
            opml(
                '<outline text="a page" type="link" url="https://b.example/"/>'
                '<outline text="A &amp; B" xmlUrl="https://a.example/rss"/>'
            ),
            (A,),
            id="beside a bookmark",
        ),
        pytest.param(
            opml('<outline text="A &amp; B" xmlUrl=" a.example/rss "/>'), (A,), id="an address without scheme"
        ),
        pytest.param(
            opml(
                '<outline text="F"><outline text="A &amp; B" xmlUrl="https://a.example/rss"></outline></outline>'
                '<outline text="B" xmlUrl="https://b.example/rss"/>'
            ),
            (Outline(A.url, A.title, "F"), B),
            id="closing tags: the second is outside the folder",
        ),
        pytest.param(
            opml(
                '<outline text="F"><outline text="B" xmlUrl="https://b.example/rss"/></outline>'
                '<outline text="G"><outline text="B" xmlUrl="https://b.example/rss"/></outline>'
            ),
            (Outline(B.url, "B", "F"),),
            id="in two folders: the first",
        ),
        pytest.param(
            b"https://a.example/rss\r\n\r\nhttp://b.example/\n",
            (Outline("https://a.example/rss", ""), Outline("http://b.example/", "")),
            id="a plain list of addresses",
        ),
    ],
)
def test_read(body: bytes, expected: tuple[Outline, ...]) -> None:
    found = read_opml(body)
    assert isinstance(found, FeedList)
    assert found.feeds == expected


def test_what_is_no_address_is_told_apart_from_feeds() -> None:
    """People want to know which of 2,000 could not be taken over."""
    body = opml(
        '<outline text="x" xmlUrl="file:///etc/hosts"/><outline text="A &amp; B" xmlUrl="https://a.example/rss"/>'
    )
    assert read_opml(body) == FeedList((A,), ("file:///etc/hosts",))


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        pytest.param(b"", Problem("opml.no_feeds"), id="nothing"),
        pytest.param(b"\x89PNG\0\xff", Problem("opml.no_feeds"), id="a picture"),
        pytest.param(opml('<outline text="only a folder"/>'), Problem("opml.no_feeds"), id="no feeds"),
        pytest.param(b"hello\nworld", Problem("opml.no_feeds"), id="words"),
        pytest.param(
            b" " * (MOST_BYTES + 1), Problem("opml.too_large", {"limit": "5 MB"}), id="larger than any list"
        ),
        pytest.param(
            opml('<outline text="x">' * 100_000),
            Problem("opml.too_deep", {"limit": "20"}),
            id="100,000 folders in each other",
        ),
        pytest.param(
            opml("<outline>" * 100_000), Problem("opml.no_feeds"), id="100,000 folders without a name"
        ),
        pytest.param(
            "\n".join(f"https://a.example/{n}" for n in range(MOST_FEEDS + 1)).encode(),
            Problem("opml.too_many", {"limit": "10000"}),
            id="more feeds than anybody reads",
        ),
    ],
)
def test_a_file_that_cannot_be_imported_is_refused_in_words(body: bytes, problem: Problem) -> None:
    assert read_opml(body) == problem


TITLES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"], exclude_characters="<>&"), min_size=1
)


@given(st.dictionaries(st.integers(0, 99), TITLES, min_size=1))
def test_what_is_written_is_read_again(titles: dict[int, str]) -> None:
    links = tuple(
        Outline(f"https://a.example/?a={number}&b='x", title, "News/中文" if number % 2 else "")
        for number, title in sorted(titles.items(), key=lambda one: not one[0] % 2)
    )
    assert read_opml(write_opml(links, title="Mine")) == FeedList(links)


def test_the_written_form() -> None:
    """Byte for byte, since other programs read it."""
    feeds = [A, Outline("http://b.example/", ""), Outline("https://c.example/", "C", "News/Near")]
    assert write_opml(feeds, title="Feeds & more").decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<opml version="2.0">\n'
        "  <head>\n    <title>Feeds &amp; more</title>\n  </head>\n"
        "  <body>\n"
        '    <outline text="News" title="News">\n'
        '      <outline text="Near" title="Near">\n'
        '        <outline type="rss" text="C" title="C" xmlUrl="https://c.example/"/>\n'
        "      </outline>\n"
        "    </outline>\n"
        '    <outline type="rss" text="A &amp; B" title="A &amp; B" xmlUrl="https://a.example/rss"/>\n'
        '    <outline type="rss" text="http://b.example/" title="http://b.example/" xmlUrl="http://b.example/"/>\n'
        "  </body>\n</opml>\n"
    )
