"""Telegram's HTML: td's own cases, read by us and, where its wheel is installed, by td itself."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.entities import automatic_ourselves, finish
from bot.sandbox.html import Malformed, parse_html, parse_html_ourselves
from bot.sandbox.links import checked_link
from bot.sandbox.refusals import Refused

Case = dict[str, Any]
TD = json.loads((Path(__file__).parent / "data" / "td_parse_html.json").read_text("utf-8"))["cases"]


def outcome(case: Case) -> Any:
    return case.get("error") or (case["text"], case["entities"])


def tried(parse: Any, html: str) -> Any:
    try:
        return parse(html)
    except Malformed as wrong:
        return str(wrong)


@pytest.mark.parametrize("case", TD, ids=[case["html"].encode("unicode_escape").decode() for case in TD])
def test_our_reading_gives_what_td_expects(case: Case) -> None:
    assert tried(parse_html_ourselves, case["html"]) == outcome(case)


@pytest.mark.parametrize("case", TD, ids=[case["html"].encode("unicode_escape").decode() for case in TD])
def test_td_itself_agrees(case: Case) -> None:
    pytest.importorskip("tdjson")
    from bot.sandbox import td

    assert tried(td.parse_html, case["html"]) == outcome(case)


@given(
    st.lists(
        st.sampled_from(
            [
                "a",
                "🏟",
                "\n",
                "&",
                "&amp;",
                "&#65",
                "<",
                ">",
                "<b>",
                "</b>",
                "<i>",
                "</i>",
                "</>",
                "<a",
                "\n",
                "href=x.org>",
                "</a>",
                "<p>",
                "<code>",
                "</code>",
            ]
        )
    )
)
def test_we_and_td_read_any_soup_alike(pieces: list[str]) -> None:
    pytest.importorskip("tdjson")
    from bot.sandbox import td

    html = "".join(pieces)
    assert tried(parse_html_ourselves, html) == tried(td.parse_html, html)


def test_a_refusal_is_the_bot_apis_sentence() -> None:
    with pytest.raises(Refused) as refused:
        parse_html("<p>x</p>")
    assert refused.value.answer() == {
        "ok": False,
        "error_code": 400,
        "description": 'Bad Request: can\'t parse entities: Unsupported start tag "p" at byte offset 0',
    }


def placed(html: str) -> tuple[str, list[tuple[str, int, int]]]:
    text, entities = finish(*parse_html_ourselves(html))
    return text, [(one["type"], one["offset"], one["length"]) for one in entities]


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        pytest.param(" \n a \n ", "a", [], id="space around a text goes"),
        pytest.param(
            "  <b> a</b>", " a", [("bold", 0, 2)], id="leading space goes only up to the first entity"
        ),
        pytest.param("a<b> </b>", "a", [], id="an entity over trimmed space goes with it"),
        pytest.param("\u200b \u3000\ufeff", "", [], id="a text of invisible characters is empty"),
        pytest.param("a\tb\rc\u2028d", "a bcd", [], id="control characters become space or vanish"),
        pytest.param(
            "<b>a<i>b</i>c</b>",
            "abc",
            [("bold", 0, 1), ("bold", 1, 2), ("italic", 1, 1)],
            id="a style is cut where another begins",
        ),
        pytest.param(
            "<b>x <a href='a.bc'>t</a> y</b>",
            "x t y",
            [("bold", 0, 2), ("text_link", 2, 1), ("bold", 2, 1), ("bold", 3, 2)],
            id="a style is cut at a link",
        ),
        pytest.param(
            "<b>a<code>b</code>c</b>",
            "abc",
            [("bold", 0, 1), ("code", 1, 1), ("bold", 2, 1)],
            id="code has no style",
        ),
        pytest.param(
            "<blockquote>a<blockquote>b</blockquote></blockquote>",
            "ab",
            [("blockquote", 0, 2)],
            id="quotes do not nest",
        ),
        pytest.param("🏟 #Ünï", "🏟 #Ünï", [("hashtag", 3, 4)], id="offsets are UTF-16 units"),
        pytest.param(
            "<a href='x.org'>https://y.org</a>",
            "https://y.org",
            [("text_link", 0, 13)],
            id="a link holds no other",
        ),
    ],
)
def test_finish(html: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    assert placed(html) == (text, entities)


def test_entities_beyond_a_hundred_are_dropped_in_silence() -> None:
    _, entities = placed("<b>a</b> " * 101)
    assert len(entities) == 100


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("/start@feedbell_bot now", [("bot_command", 0, 19)], id="a command with the bot's name"),
        pytest.param("a/b c", [], id="a slash inside a word is no command"),
        pytest.param("see https://x.org/a?b=1, ok", [("url", 4, 19)], id="the comma is not of the address"),
        pytest.param("(https://x.org/a)", [("url", 1, 15)], id="nor is an unopened bracket"),
        pytest.param(
            "me@x.org #tag $AAPL", [("email", 0, 8), ("hashtag", 9, 4), ("cashtag", 14, 5)], id="the rest"
        ),
        pytest.param("@feedbell_bot", [("mention", 0, 13)], id="a mention"),
        pytest.param("#1 http://localhost/", [], id="no hashtag of digits, no host without a dot"),
        pytest.param("http://127.0.0.1:8080/feed.xml", [("url", 0, 30)], id="an address on this machine"),
    ],
)
def test_automatic_entities(text: str, found: list[tuple[str, int, int]]) -> None:
    shaped = [{"type": kind, "offset": offset, "length": length} for kind, offset, length in found]
    assert automatic_ourselves(text) == shaped
    pytest.importorskip("tdjson")
    from bot.sandbox import td

    assert td.automatic(text) == shaped


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        pytest.param("HTTPS://X.ORG", "https://x.org/", id="scheme and host in lower case, a path at least"),
        pytest.param("x.org/a", "http://x.org/a", id="http if it says nothing"),
        pytest.param("http://127.0.0.1:8/x", "http://127.0.0.1:8/x", id="a number is a host"),
        pytest.param("http://localhost/", None, id="a host without a dot is none"),
        pytest.param("/relative", None, id="a relative link is none"),
        pytest.param("javascript:alert(1)", None, id="an odd scheme is none"),
        pytest.param("tg://resolve?domain=x", "tg://resolve?domain=x", id="Telegram's own scheme"),
    ],
)
def test_checked_link(url: str, kept: str | None) -> None:
    assert checked_link(url) == kept
