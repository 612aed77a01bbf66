"""What holds for any HTML whatever: no markup left, the bound kept, and cleaning what is clean changes nothing."""

from __future__ import annotations

import html
import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.condense import MAX_SUMMARY, condense
from bot.condense.text import balanced, grapheme_cut, tidy
from bot.model import Entry

LEFT_OVER = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]{2,8}|#\d+);")

WORDS = st.sampled_from(
    [
        "The town opened a library.",
        "By Ann Lee",
        "滨海大桥通车。",
        "「はい。」",
        "と言った。",
        "도서관이 문을 열었다.",
        "مرحبا.",
        "3 May 2024, 10:15",
        "Read more",
        "&amp;",
        "&amp;lt;b&amp;gt;",
        "&nbsp;",
        "&#0;",
        "&bogus;",
        "<",
        ">",
        "&",
        "&lt;p&gt;",
        "https://x.example/a?b=c",
        "[…]",
        "...",
        "（",
        "”",
        "🇩🇪",
        "👩‍👧",
        "e\u0301",
        "\u2067",
        "\u2069",
        "\u202b",
        "กำลัง",
        "हिन्दी",
        "\u3000",
        "\n\n",
        " ",
        "\x00",
        "#tag",
        "0:00 Intro",
        "A headline",
    ]
)
TAGS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<br>",
        "<hr>",
        "<b>",
        "</b>",
        "<a href='https://twitter.com/intent'>",
        "</a>",
        "<a href='/x'>",
        "<img src='/a.jpg' alt='A headline'>",
        "<ul><li>",
        "</li></ul>",
        "<pre>",
        "</pre>",
        "<table><tr><td>",
        "</td></tr></table>",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "<![CDATA[",
        "]]>",
        "<small>",
        "<i>",
        "<div class='share'>",
        "<p style='font-style: italic'>",
        "<h2>",
        "</h2>",
        "<svg>",
        "<x-y @click='z'>",
        "<p",
        "</",
    ]
)
ALL_SENTENCES = (
    "The town opened a library.",
    "Nobody had thought of the roof.",
    "Rain fell on nine thousand books!",
    "滨海大桥周一通车。",
    "市长说没有问题，可以放心。",
    "도서관이 다시 문을 열었다.",
    "فتحت المدينة مكتبة جديدة.",
)
SENTENCES = st.sampled_from(ALL_SENTENCES)
MARKUP = st.lists(WORDS | TAGS | st.text(max_size=8), max_size=30).map("".join)


@settings(max_examples=150, deadline=None)
@given(title=MARKUP, summary=MARKUP, content=MARKUP)
def test_nothing_of_the_markup_is_left_and_the_bound_is_kept(title: str, summary: str, content: str) -> None:
    article = condense("k", Entry(title=title, summary=summary, content=content, link="https://x.example/a"))
    for text in (article.title, article.summary, article.long, *article.text.split("\n")):
        assert not LEFT_OVER.search(text)
    assert len(article.summary) <= MAX_SUMMARY
    assert "\n" not in article.title + article.summary
    assert not article.summary or article.summary != article.title
    for text in (article.title, article.summary, article.long):
        assert balanced(text) == text


@settings(max_examples=150, deadline=None)
@given(title=SENTENCES, summary=st.lists(SENTENCES, max_size=4), content=st.lists(SENTENCES, max_size=12))
def test_nothing_is_said_twice(title: str, summary: list[str], content: list[str]) -> None:
    """Neither the title nor a sentence, at either length, whatever comes again where."""
    body = "".join(f"<p>{sentence}</p>" for sentence in content)
    article = condense("k", Entry(title=title, summary=" ".join(summary), content=body))
    for text in (article.summary, article.long):
        said = [sentence for sentence in ALL_SENTENCES for _ in range(text.count(sentence.rstrip(".。")))]
        assert len(said) == len(set(said))
        assert title not in said


@settings(max_examples=150, deadline=None)
@given(content=MARKUP)
def test_the_same_entry_gives_the_same_article_and_its_text_reads_as_itself(content: str) -> None:
    entry = Entry(title="Something else", content=content)
    article = condense("k", entry)
    assert condense("k", entry) == article
    for line in article.text.split("\n"):
        assert tidy(html.escape(line)) == line


@settings(max_examples=300, deadline=None)
@given(text=MARKUP | st.text(max_size=60))
@example("</\x1bA]]>")
@example("&am&shy;p;")
@example("&a&bogus;b;")
def test_tidying_what_is_tidy_changes_nothing(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=40), limit=st.integers(0, 40))
def test_a_cut_is_a_start_within_its_bound(text: str, limit: int) -> None:
    short = grapheme_cut(text, limit)
    assert text.startswith(short)
    assert len(short) <= limit
