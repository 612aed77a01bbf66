"""What a feed says in every entry is not said of each: known by repetition, in any language, without a list."""

from __future__ import annotations

import pytest

from bot.condense import condense, repeated
from bot.model import Article, Entry

NEWS = (
    ("The ferry", "A fishing boat left the old harbour before dawn."),
    ("The storm", "Heavy rain came over the northern lighthouse at noon."),
    ("The bell", "A farmer rode to the village and rang for help."),
    ("The end", "They found everyone alive on an island of sand."),
)


def articles(*, before: str = "", after: str = "", within: str = "{}") -> list[Article]:
    """A feed's articles, each with the same words around it."""
    entries = [
        Entry(title=title, content=f"{before}<p>{within.format(text)}</p>{after}") for title, text in NEWS
    ]
    standing = repeated(entries)
    return [condense("k", entry, standing=standing) for entry in entries]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("", "<p>You read this since you are one of us. Tell your friends.</p>", id="a footer"),
        pytest.param("<p>The paper of the coast, since 1892.</p>", "", id="a tagline above"),
        pytest.param("", "<p>本报每日早晨送到您家门口。</p>", id="Chinese"),
        pytest.param("", "<p>هذه الصحيفة تصلكم كل صباح.</p>", id="Arabic"),
        pytest.param("", "<ul><li>Our harbour</li><li>Our boats</li></ul>", id="several short lines"),
    ],
)
def test_standing_lines_are_dropped(before: str, after: str) -> None:
    found = articles(before=before, after=after)
    assert [article.summary for article in found] == [text for _, text in NEWS]
    assert [article.text for article in found] == [text for _, text in NEWS]


def test_a_standing_sentence_is_not_told_though_it_shares_its_line() -> None:
    found = articles(within="{} Be with us again on Friday, dear friends.")
    assert [article.summary for article in found] == [text for _, text in NEWS]


def test_a_standing_picture_is_a_banner() -> None:
    found = articles(before="<img src='https://i.example/coast.jpg'>")
    assert [article.image for article in found] == [None] * 4


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([Entry(title="One", content="<p>All is well.</p>")] * 10, id="one article many times"),
        pytest.param(
            [Entry(title=title, content="<p>All is well.</p>") for title in ("One", "Two")],
            id="two may agree by chance",
        ),
        pytest.param(
            [Entry(title=title, content="Place: Graz<br>Cause: fire") for title, _ in NEWS],
            id="a form's lines are news, however often they come",
        ),
        pytest.param([Entry(title=title, content="<p>Oh!</p>") for title, _ in NEWS], id="too short to tell"),
        pytest.param([], id="no entries"),
    ],
)
def test_what_is_no_repetition(entries: list[Entry]) -> None:
    assert repeated(entries) == frozenset()


def test_entries_that_all_say_the_same_keep_their_text() -> None:
    """Else a filter would find nothing in a feed that says "All systems operational" every day."""
    entries = [Entry(title=title, content="<p>All systems are well.</p>") for title, _ in NEWS]
    assert condense("k", entries[0], standing=repeated(entries)).text == "All systems are well."


def test_a_scrap_is_told_with_the_series_it_is_part_of() -> None:
    entries = [
        Entry(title=f"Part {number}", content=f"A course for beginners in sailing. Film {number}.")
        for number in range(4)
    ]
    article = condense("k", entries[2], standing=repeated(entries))
    assert article.summary == "A course for beginners in sailing. Film 2."


def test_the_middle_of_an_article_is_its_own() -> None:
    """A poem's refrain, a chapter's heading: only what stands at the ends is the feed's."""
    parts = [f"<p>Line {number} of a long story.</p>" for number in range(40)]
    refrain = "<p>And the sea was calm.</p>"
    entries = [
        Entry(
            title=title,
            content="".join(part.replace("story", f"{title} story") for part in parts[:20])
            + refrain
            + "".join(part.replace("story", f"{title} tale") for part in parts[20:]),
        )
        for title, _ in NEWS
    ]
    standing = repeated(entries)
    assert all("And the sea was calm." in condense("k", entry, standing=standing).text for entry in entries)


def test_only_the_ends_of_a_long_entry_are_read() -> None:
    long = [
        Entry(
            title=title,
            content=f"<p>{text}</p>" + f"<p>{title} goes on.</p>" * 9_000 + "<p>Be one of us.</p>",
        )
        for title, text in NEWS
    ]
    assert repeated(long) == {"beoneofus"}
