"""The article out of its page; trafilatura does it, we hold it to what the bot needs."""

from __future__ import annotations

import pytest

from bot.feeds.extraction import LONGEST, read_page
from bot.model import NotAFeed, ParsedFeed, Problem

URL = "https://coast.example/news/pier"
ARTICLE = (
    "<h1>Pier to be rebuilt</h1>"
    "<p>The harbour commission voted on Tuesday to rebuild the <b>northern</b> pier, which a storm had damaged.</p>"
    '<figure><img src="/pictures/pier.jpg" alt="The pier"></figure>'
    "<p>Work begins in spring and will take two years, said Maria Holt, who chairs <a href='/who'>the commission</a>. "
    "Fishermen had asked for a new pier since the flood, because their boats have to moor in the next town.</p>"
    "<ul><li>The state pays nine millions</li><li>The town pays five millions</li></ul>"
)


def page(article: str) -> str:
    return (
        "<!doctype html><html><head><title>Pier to be rebuilt - Coast News</title></head><body>"
        "<header><nav><ul><li><a href='/'>Home</a></li><li><a href='/sport'>Sport</a></li></ul></nav></header>"
        f"<main><article>{article}</article></main>"
        "<aside><p>Subscribe to our newsletter</p></aside>"
        "<footer><p>© 2026 Coast News. All rights reserved.</p></footer></body></html>"
    )


def content(body: bytes, content_type: str = "text/html") -> str:
    result = read_page(body, url=URL, content_type=content_type)
    assert isinstance(result, ParsedFeed), result
    (entry,) = result.entries
    return entry.content


def test_the_article_stands_alone_with_its_structure_and_absolute_links() -> None:
    found = content(page(ARTICLE).encode())
    assert "<strong>northern</strong>" in found
    assert "<li>The town pays five millions</li>" in found
    assert 'src="https://coast.example/pictures/pier.jpg"' in found
    assert '<a href="https://coast.example/who">the commission</a>' in found
    assert not any(word in found for word in ("Sport", "newsletter", "All rights reserved"))


def test_a_page_in_another_encoding() -> None:
    article = "<p>" + "港湾委员会周二投票决定重建北码头，耗资1400万欧元，工程将于春季开始。" * 8 + "</p>"
    assert "港湾委员会" in content(page(article).encode("gb18030"), "text/html; charset=gb2312")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b" \n\t", id="white space"),
        pytest.param(bytes(range(256)) * 8, id="bytes of anything"),
        pytest.param(b"<html><body></body></html>", id="an empty page"),
        pytest.param(
            b"<html><head><title>Just a moment...</title></head><body><p>Checking your browser before you enter, "
            b"please stand by until it is done.</p></body></html>",
            id="a browser check that answers 200",
        ),
        pytest.param(
            page("".join(f"<p>{number} boats came home.</p>" for number in range(LONGEST // 20))).encode(),
            id="an article longer than any",
        ),
        pytest.param(b"<div>" * 30_000 + b"text" + b"</div>" * 30_000, id="nested beyond reason"),
    ],
)
def test_no_article(body: bytes) -> None:
    assert read_page(body, url=URL) == NotAFeed(Problem("page.no_article"))
