"""What of a page is article: filters look there, so share words and footers must not be in it, and words must."""

from __future__ import annotations

import pytest

from bot.condense import condense
from bot.condense.article import is_credit, is_date
from bot.condense.blocks import MAX_HTML
from bot.model import Entry


def text_of(content: str, *, title: str = "A headline") -> str:
    return condense("k", Entry(title=title, content=content)).text


@pytest.mark.parametrize(
    ("content", "text"),
    [
        pytest.param("<p>One<br>two</p><p>Three</p>", "One two\nThree", id="a line for each block"),
        pytest.param("<p>一行<br>二行</p>", "一行二行", id="no space between ideographs"),
        pytest.param("One\n\nTwo", "One\nTwo", id="plain text keeps its paragraphs"),
        pytest.param(
            "&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;", "One\nTwo", id="HTML escaped once too often"
        ),
        pytest.param("<p>Fish &amp;amp; chips</p>", "Fish & chips", id="entities escaped twice"),
        pytest.param(
            "<p>Use <code>&lt;b&gt;</code> here</p>", "Use ‹b› here", id="talk of markup is no markup"
        ),
        pytest.param(
            "<p>One</p><script>two()</script><style>p{}</style><!-- three -->", "One", id="no code of pages"
        ),
        pytest.param("<ul><li>One</li><li>Two</li></ul>", "One\nTwo", id="lists are text"),
        pytest.param(
            "<h2>One</h2><pre>a = 1\nb = 2</pre>", "One\na = 1 b = 2", id="headings and code are text"
        ),
        pytest.param("<p>One</p><p>One</p>", "One", id="what is repeated is one text"),
        pytest.param(
            "<p>One</p><div class='social-share'>Tell a friend</div>", "One", id="a part named share"
        ),
        pytest.param(
            "<div class='share_notice'>All there is to say.</div>", "All there is to say.", id="misnamed"
        ),
        pytest.param("<p>One\u00ad\u200btwo\ufeff</p>", "Onetwo", id="invisible characters split no words"),
        pytest.param("<p>می‌خواهم</p>", "می‌خواهم", id="joiners that Persian needs stay"),
        pytest.param("<p>One</p><p>© 2020 Agency</p>", "One", id="copyright"),
        pytest.param("<p>One</p><p>〜〜〜〜〜〜</p>", "One", id="a drawn rule"),
        pytest.param(
            "<p>One</p><hr><p>Two has no links, so it is article.</p>",
            "One\nTwo has no links, so it is article.",
            id="text below a rule",
        ),
        pytest.param(
            "<p>One</p><hr><p>Get more: <a href='/'>our other feeds</a></p>", "One", id="links below a rule"
        ),
    ],
)
def test_text(content: str, text: str) -> None:
    assert text_of(content) == text


@pytest.mark.parametrize(
    ("summary", "text"),
    [
        pytest.param(
            "Bread has won.", "Bread has won.\nThe loaf was round.", id="a summary of its own is read too"
        ),
        pytest.param("The loaf was r...", "The loaf was round.", id="a teaser is in the body already"),
        pytest.param("<p>The loaf was round.</p>", "The loaf was round.", id="the same again is one text"),
    ],
)
def test_filters_see_the_summary_that_readers_see(summary: str, text: str) -> None:
    """Else a reader would read a word in the alert that a filter for it did not find."""
    entry = Entry(title="A headline", summary=summary, content="<p>The loaf was round.</p>")
    assert condense("k", entry).text == text


def test_a_share_link_behind_a_long_text_takes_only_itself() -> None:
    content = (
        f"<div><p>{'A long text. ' * 20}</p><a href='https://twitter.com/intent/tweet?text=x'>Tweet</a></div>"
    )
    assert text_of(content) == ("A long text. " * 20).strip()


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("08/04/2024 - 11:58", id="figures"),
        pytest.param("2020-08-25T01:08:23.065Z", id="ISO 8601"),
        pytest.param("Wed, 16 Sep 2020 21:56:55 GMT", id="RFC 2822"),
        pytest.param("2020年10月6日", id="Chinese"),
        pytest.param("Oct 3rd 2020", id="English, short"),
        pytest.param("3 мая 2021, 10:15", id="Russian"),
    ],
)
def test_a_date(line: str) -> None:
    assert is_date(line)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("In 2020 the town built a library", id="a sentence with a year"),
        pytest.param("Windows 2000 Professional Edition", id="a name with a year"),
        pytest.param("12", id="a bare number"),
    ],
)
def test_no_date(line: str) -> None:
    assert not is_date(line)


@pytest.mark.parametrize(
    ("line", "credit"),
    [
        pytest.param("By Ann Lee and Jan de Vries", True, id="names"),
        pytest.param("By then the river had risen", False, id="a sentence that begins with by"),
        pytest.param("责编：王小明", True, id="a Chinese editor"),
        pytest.param("摄影师：Ann Lee", True, id="a photographer"),
        pytest.param("作者认为，这本书值得一读。", False, id="a sentence about an author"),
        pytest.param("Photo: Ann Lee", True, id="a picture credit"),
        pytest.param("资料图：滨海大桥。", True, id="a Chinese file photo"),
        pytest.param("Views: 9", True, id="a film site's count"),
        pytest.param("Photography is an art.", False, id="a sentence about photography"),
    ],
)
def test_a_credit(line: str, credit: bool) -> None:
    assert is_credit(line) is credit


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("<div>" * 200_000 + "Text." + "</div>" * 200_000, id="200,000 nested parts"),
        pytest.param("<p>Text.</p>" * 250_000, id="three megabytes"),
        pytest.param("<" * 300_000 + "Text.", id="nothing but brackets"),
        pytest.param("<!-- " * 40_000, id="comments never closed"),
        pytest.param("By " + "A " * 100_000, id="a byline without end"),
        pytest.param("（" * 100_000 + "。" * 100_000, id="brackets never closed"),
        pytest.param('<img srcset="' + "a 1x, " * 50_000 + '">', id="a srcset without end"),
    ],
)
def test_no_item_stops_the_bot(content: str) -> None:
    """A recursion error or a quadratic search would; CI's own deadline is the clock here."""
    article = condense("k", Entry(title=content, content=content, summary=content), feed_title=content)
    assert len(article.text) <= MAX_HTML
    assert len(article.summary) <= 300
