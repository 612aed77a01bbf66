"""An alert as Telegram gets it."""

import importlib.util
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import looks
from bot.model import Alert, Article, Digest, Enclosure, Form, Headline, Look, Pictures
from bot.telegram.cuts import cut
from bot.telegram.marks import escape, words_of
from bot.telegram.render import DigestWords, alert_message, digest_message, notice_message

URL = "https://example.org/a?b=1&c=2"


def article(**facts: object) -> Article:
    plain: dict[str, object] = {
        "key": "k",
        "title": "Tides & <time>",
        "url": URL,
        "summary": "The sea rose. It fell again.",
        "image": None,
        "published": None,
    }
    return Article(**{**plain, **facts})  # type: ignore[arg-type]


def shown(feed_title: str = "Coast News", **facts: object) -> str:
    return alert_message(Alert(article(**facts), feed_title, "en")).html


LINK = '<b><a href="https://example.org/a?b=1&amp;c=2">Tides &amp; &lt;time&gt;</a></b>'


@pytest.mark.parametrize(
    ("facts", "html"),
    [
        pytest.param(
            {},
            f"{LINK}\n\nThe sea rose. It fell again.\n\nCoast News",
            id="headline that links, summary, source",
        ),
        pytest.param(
            {"summary": ""}, f"{LINK}\n\nCoast News", id="nothing to condense: title and link alone"
        ),
        pytest.param(
            {"feed_title": ""}, f"{LINK}\n\nThe sea rose. It fell again.", id="a feed without a name"
        ),
        pytest.param(
            {"url": None, "summary": ""},
            "<b>Tides &amp; &lt;time&gt;</b>\n\nCoast News",
            id="no address: the headline does not link",
        ),
        pytest.param(
            {"title": "", "summary": ""},
            f'<b><a href="{escape(URL)}">{escape(URL)}</a></b>\n\nCoast News',
            id="no title at all: the address stands in",
        ),
        pytest.param(
            {"title": "\u200b \u2060", "summary": ""},
            f'<b><a href="{escape(URL)}">{escape(URL)}</a></b>\n\nCoast News',
            id="a title of invisible signs is none",
        ),
        pytest.param(
            {"url": "https://example.org/" + "x" * 3000, "summary": ""},
            "<b>Tides &amp; &lt;time&gt;</b>\n\nCoast News",
            id="an address too long for Telegram is left out rather than the message refused",
        ),
    ],
)
def test_an_alert(facts: dict[str, object], html: str) -> None:
    assert shown(**facts) == html  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "foot"),
    [
        pytest.param(
            {"published": datetime(2026, 1, 5, 6, tzinfo=UTC)},
            'Coast News · <tg-time unix="1767592800" format="Dt">2026-01-05 06:00 UTC</tg-time>',
            id="the time, in the reader's zone, after the source",
        ),
        pytest.param(
            {"published": datetime(1, 1, 1, tzinfo=UTC)},
            "Coast News",
            id="a time that no clock shows is left out",
        ),
        pytest.param(
            {"enclosures": (Enclosure("https://e.org/1.mp3", "audio/mpeg", duration=3753),)},
            '🎧 <a href="https://e.org/1.mp3">1:02:33</a>\nCoast News',
            id="a podcast: how long it is, and the sound itself",
        ),
        pytest.param(
            {"enclosures": (Enclosure("https://e.org/1.m4a", ""),)},
            '🎧 <a href="https://e.org/1.m4a">m4a</a>\nCoast News',
            id="a sound that only its name gives away, of unknown length",
        ),
        pytest.param(
            {"enclosures": (Enclosure("https://e.org/1", "video/mp4", duration=245),)},
            '▶ <a href="https://e.org/1">4:05</a>\nCoast News',
            id="a film",
        ),
        pytest.param(
            {
                "enclosures": (
                    Enclosure("https://e.org/1.jpg", "image/jpeg"),
                    Enclosure("tg://x", "audio/mpeg"),
                )
            },
            "Coast News",
            id="pictures have their own place; what Telegram takes for no address has none",
        ),
        pytest.param(
            {"comments": "https://talk.net/item?id=1&p=2"},
            '💬 <a href="https://talk.net/item?id=1&amp;p=2">talk.net</a>\nCoast News',
            id="a link post: where it is talked of",
        ),
        pytest.param(
            {"comments": "https://blog.example.org/a#comments"},
            "Coast News",
            id="a site's own comments stand below its article",
        ),
        pytest.param({"tags": ("Sea",)}, "Coast News", id="no hashtags unless they are asked for"),
    ],
)
def test_what_stands_below(facts: dict[str, object], foot: str) -> None:
    assert shown(**facts) == f"{LINK}\n\nThe sea rose. It fell again.\n\n{foot}"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tags", "hashtags"),
    [
        pytest.param(
            ("Sea", "machine learning", "北京"), "#Sea #machine_learning #北京", id="words of any script"
        ),
        pytest.param(("Sea", "sea-side/port", "Sea"), "#Sea", id="each once; no paths"),
        pytest.param(
            ("C++", "C#", "2026", "", "https://e.org/t", "x" * 41), "", id="nothing that would be another tag"
        ),
        pytest.param(tuple("abcdefgh"), "#a #b #c #d #e #f", id="six at most"),
    ],
)
def test_hashtags(tags: tuple[str, ...], hashtags: str) -> None:
    html = alert_message(
        Alert(article(tags=tags, summary=""), "Coast News", "en", form=Form(hashtags=True))
    ).html
    assert html == "\n".join(filter(None, [f"{LINK}\n\nCoast News", hashtags]))


@pytest.mark.parametrize(
    ("summary", "marks", "html"),
    [
        pytest.param(
            "Tides rise, low tides too.",
            ("tides",),
            "<b>Tides</b> rise, low <b>tides</b> too.",
            id="in any case",
        ),
        pytest.param(
            "Riptides & tide", ("tide",), "Riptides &amp; <b>tide</b>", id="not inside a longer word"
        ),
        pytest.param(
            "使用AI技术", ("AI", "技"), "使用<b>AI</b><b>技</b>术", id="between ideographs, and of them"
        ),
        pytest.param(
            "sea level <b>", ("sea", "sea level"), "<b>sea level</b> &lt;b&gt;", id="the longest first"
        ),
        pytest.param("C++ (new)", ("C++", " ", ""), "<b>C++</b> (new)", id="signs are signs"),
    ],
)
def test_marks(summary: str, marks: tuple[str, ...], html: str) -> None:
    alert = Alert(article(summary=summary), "", "en")
    assert alert_message(replace(alert, form=Form(marks=marks))).html == f"{LINK}\n\n{html}"


def test_a_caption_ends_with_a_sentence() -> None:
    """A caption holds 1,024 code points: of a summary of 900 the last sentence may not fit."""
    alert = Alert(article(title="T" * 200, summary="The sea rose. " * 64), "Coast News", "en", Look.UPLOADS)
    caption = words_of(alert_message(alert).html)
    assert 1000 < len(caption) <= 1024
    assert caption.endswith("The sea rose.\n\nCoast News")


def test_a_title_is_not_cut_within_a_sign() -> None:
    assert words_of(shown(title="x" * 298 + "👩‍👩‍👧", summary="")).startswith("x" * 298 + "…\n")


@pytest.mark.parametrize(
    ("image", "preview"),
    [
        pytest.param(
            "https://example.org/sea.jpg", "https://example.org/sea.jpg", id="the picture itself is the card"
        ),
        pytest.param(None, None, id="no picture: no card, which would say the headline again"),
    ],
)
def test_the_card(image: str | None, preview: str | None) -> None:
    assert (
        alert_message(looks.alert(article(image=image), "Coast News", "en", Pictures.CARD)).preview == preview
    )


def test_the_plain_form_says_the_same_and_keeps_the_link() -> None:
    plain = alert_message(Alert(article(), "Coast News", "en")).plain
    assert plain == f"Tides & <time>\n\nThe sea rose. It fell again.\n\nCoast News\n\n{URL}"


def test_cut_marks_what_is_missing() -> None:
    assert cut("abcdef", 4) == "abc…"
    assert cut("abcd", 4) == "abcd"


@pytest.mark.skipif(importlib.util.find_spec("tdjson") is None, reason="tdjson has no wheel for this machine")
@given(
    title=st.text(max_size=600),
    summary=st.text(max_size=300),
    feed_title=st.text(max_size=300),
    tags=st.lists(st.text(max_size=20), max_size=8).map(tuple),
    published=st.datetimes(timezones=st.just(UTC)),
    comments=st.text(max_size=20).map("https://talk.net/{}".format),
    marks=st.lists(st.text(max_size=3), max_size=3).map(tuple),
)
@settings(max_examples=80, deadline=None, derandomize=True)
def test_telegrams_own_parser_takes_any_text(
    title: str, summary: str, feed_title: str, marks: tuple[str, ...], **facts: Any
) -> None:
    """Whatever stands in a feed, the message is accepted and shows exactly those words."""
    one = article(title=title, summary=summary, **facts)
    answer = parsed(alert_message(Alert(one, feed_title, "en", form=Form(hashtags=True, marks=marks))).html)
    assert answer["@type"] == "formattedText", answer
    assert len(answer["text"]) <= 4096
    if title.isprintable() and title.strip():
        assert cut(title, 300)[:50] in answer["text"]


# --- digests ---

WORDS = DigestWords("3 new articles", "2 older articles were not kept.")


def headline(title: str = "Tides", url: str | None = URL, feed_title: str = "Coast News") -> Headline:
    return Headline(title, url, feed_title)


def test_a_digest_groups_headlines_below_their_feeds() -> None:
    digest = Digest(
        (
            headline("Tides & <time>", "https://a.example/1?a=1&b=2"),
            headline("Ore", "https://b.example/1", "Hill News"),
            headline("Storms", "https://a.example/2"),
        ),
        "en",
        missed=2,
    )
    message = digest_message(digest, WORDS)
    assert message.html == (
        "<b>3 new articles</b>\n\n"
        "<b>Coast News</b>\n"
        '• <a href="https://a.example/1?a=1&amp;b=2">Tides &amp; &lt;time&gt;</a>\n'
        '• <a href="https://a.example/2">Storms</a>\n\n'
        "<b>Hill News</b>\n"
        '• <a href="https://b.example/1">Ore</a>\n\n'
        "<i>2 older articles were not kept.</i>"
    )
    assert message.plain == (
        "3 new articles\n\n"
        "Coast News\n"
        "• Tides & <time>\nhttps://a.example/1?a=1&b=2\n"
        "• Storms\nhttps://a.example/2\n\n"
        "Hill News\n"
        "• Ore\nhttps://b.example/1\n\n"
        "2 older articles were not kept."
    )
    assert message.preview is None


@pytest.mark.parametrize(
    ("one", "line"),
    [
        pytest.param(headline(url=None), "<b>Coast News</b>\n• Tides", id="no address: no link"),
        pytest.param(
            headline("", "https://a.example/1"),
            '<b>Coast News</b>\n• <a href="https://a.example/1">https://a.example/1</a>',
            id="no title: the address stands in",
        ),
        pytest.param(headline("", None), "<b>Coast News</b>\n• Coast News", id="neither: the feed's title"),
        pytest.param(
            headline("Two\n lines", None, " "),
            "• Two lines",
            id="a feed without a name; a title in two lines",
        ),
        pytest.param(
            headline("x" * 200, None), "<b>Coast News</b>\n• " + "x" * 119 + "…", id="a long title is cut"
        ),
    ],
)
def test_a_line_of_a_digest(one: Headline, line: str) -> None:
    html = digest_message(Digest((one,), "en"), DigestWords("1 new article", None)).html
    assert html == f"<b>1 new article</b>\n\n{line}"


def test_the_longest_addresses_are_no_links_where_all_would_be_too_much() -> None:
    """Telegram drops what is over its 9.5 kB in silence, from the end: that is not ours to lose by chance."""
    long = [headline(f"long {n}", f"https://a.example/{n}/{'x' * 1500}") for n in range(10)]
    html = digest_message(Digest((*long, headline("short")), "en"), WORDS).html
    assert html.count("<a href=") == 6
    assert f'<a href="{escape(URL)}">short</a>' in html
    assert "• long 9" in html


def test_thirty_long_headlines_of_thirty_feeds_fit() -> None:
    headlines = tuple(headline("t" * 500, f"https://a.example/{n}", f"{n}" + "f" * 200) for n in range(30))
    message = digest_message(Digest(headlines, "en"), WORDS)
    assert message.html.count("<a href=") == 30
    assert message.html.count("t" * 79 + "…") == 30
    assert len(message.plain) <= 4096


def test_a_notice_is_said_as_it_is_written() -> None:
    assert notice_message("a < b").html == "a &lt; b"
    assert notice_message("a < b").plain == "a < b"


HEADLINES = st.builds(
    Headline,
    title=st.text(max_size=200),
    url=st.none()
    | st.text(max_size=60).map("https://example.org/{}".format)
    | st.just("https://e.org/" + "é" * 990),
    feed_title=st.text(max_size=90),
)


@pytest.mark.skipif(importlib.util.find_spec("tdjson") is None, reason="tdjson has no wheel for this machine")
@given(
    headlines=st.lists(HEADLINES, min_size=1, max_size=48).map(tuple),
    missed=st.none() | st.just("2 older ones"),
)
@settings(max_examples=60, deadline=None)
def test_telegrams_own_parser_takes_any_digest(headlines: tuple[Headline, ...], missed: str | None) -> None:
    """Whatever stands in the feeds, the message is accepted, and nothing of it dropped in silence."""
    message = digest_message(Digest(headlines, "en"), DigestWords(f"{len(headlines)} new articles", missed))
    answer = parsed(message.html)
    assert answer["@type"] == "formattedText", answer
    addresses = [one["type"].get("url", "") for one in answer["entities"]]
    assert len(answer["text"]) <= 4096
    assert len(addresses) <= 100
    assert sum(len(url.encode()) for url in addresses) <= 9000
    assert answer["text"].count("•") >= len(headlines)
    assert len(message.plain) <= 4096


def parsed(html: str) -> dict[str, Any]:
    """What Telegram's own parser makes of it."""
    import tdjson

    request = {"@type": "parseTextEntities", "text": html, "parse_mode": {"@type": "textParseModeHTML"}}
    answer: dict[str, Any] = json.loads(tdjson.td_execute(json.dumps(request).encode()) or b"null")
    return answer
