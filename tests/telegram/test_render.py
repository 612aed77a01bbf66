"""An alert as Telegram gets it."""

import importlib.util
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Alert, Article
from bot.telegram.render import alert_message, cut, escape

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
            {"url": "https://example.org/" + "x" * 3000, "summary": ""},
            "<b>Tides &amp; &lt;time&gt;</b>\n\nCoast News",
            id="an address too long for Telegram is left out rather than the message refused",
        ),
    ],
)
def test_an_alert(facts: dict[str, object], html: str) -> None:
    assert shown(**facts) == html  # type: ignore[arg-type]


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
    assert alert_message(Alert(article(image=image), "Coast News", "en")).preview == preview


def test_the_plain_form_says_the_same_and_keeps_the_link() -> None:
    plain = alert_message(Alert(article(), "Coast News", "en")).plain
    assert plain == f"Tides & <time>\n\nThe sea rose. It fell again.\n\nCoast News\n\n{URL}"


def test_cut_marks_what_is_missing() -> None:
    assert cut("abcdef", 4) == "abc…"
    assert cut("abcd", 4) == "abcd"


@pytest.mark.skipif(importlib.util.find_spec("tdjson") is None, reason="tdjson has no wheel for this machine")
@given(title=st.text(max_size=600), summary=st.text(max_size=300), feed_title=st.text(max_size=300))
def test_telegrams_own_parser_takes_any_text(title: str, summary: str, feed_title: str) -> None:
    """Whatever stands in a feed, the message is accepted and shows exactly those words."""
    import tdjson

    html = shown(title=title, summary=summary, feed_title=feed_title)
    request = {"@type": "parseTextEntities", "text": html, "parse_mode": {"@type": "textParseModeHTML"}}
    answer = json.loads(tdjson.td_execute(json.dumps(request).encode()) or b"null")
    assert answer["@type"] == "formattedText", answer
    assert len(answer["text"]) <= 4096
    assert cut(title, 300)[:50] in answer["text"].replace("\r", "") or "\r" in title
