"""Texts as Telegram's HTML: escaped, cut, pointed at."""

from __future__ import annotations

import pytest

from bot import i18n
from bot.errors import FilterError
from bot.model import Problem
from bot.telegram.meaning import meaning
from bot.telegram.words import Html, Words, cut, link, pointer

ENGLISH = Words(i18n.load(), "en")
CHINESE = Words(i18n.load(), "zh_Hans")


def test_values_are_escaped_and_our_own_markup_is_not() -> None:
    said = ENGLISH.html("filters.shown", title=Html("<b>x</b>"), filter='a "<b>" & b', meaning="")
    assert said == "<b>x</b> – you get only: a &quot;&lt;b&gt;&quot; &amp; b\n"


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        pytest.param("short", 10, "short", id="short enough"),
        pytest.param("exactly ten", 11, "exactly ten", id="to the letter"),
        pytest.param("one two three", 8, "one two…", id="cut without a blank before the dots"),
        pytest.param("two\nlines\t here", 40, "two lines here", id="always one line"),
    ],
)
def test_cut(text: str, most: int, shown: str) -> None:
    assert cut(text, most) == shown


def test_an_address_too_long_for_a_link_leaves_bold_text() -> None:
    """Entities share about 9.5 kB; twenty of the longest addresses would drop each other in silence."""
    assert link("A & B", "https://example.org/" + "x" * 300) == "<b>A &amp; B</b>"


@pytest.mark.parametrize(
    ("typed", "position", "shown"),
    [
        pytest.param('rain "in', 5, "rain 👉&quot;in", id="before the character"),
        pytest.param("rain OR", 7, "rain OR👉", id="at the end"),
        pytest.param("rain", 99, "rain👉", id="beyond the end is the end"),
        pytest.param("a" * 50 + "(", 50, "…" + "a" * 40 + "👉(", id="a long start is cut"),
        pytest.param("(" + "b" * 50, 0, "👉(" + "b" * 19 + "…", id="a long end is cut"),
    ],
)
def test_the_pointer_stands_where_the_filter_went_wrong(typed: str, position: int, shown: str) -> None:
    assert pointer(typed, position) == f"<code>{shown}</code>"


def test_a_filter_error_says_what_where_and_what_would_be_right() -> None:
    error = FilterError("filter.unbalanced_quote", 0, '"a"')
    assert CHINESE.filter_error(error, '"a') == (
        "少了一个引号：词组前后都要有引号。筛选条件没有改变。\n"
        "<code>👉&quot;a</code>\n"
        "可以这样写：<code>&quot;a&quot;</code>"
    )


@pytest.mark.parametrize(
    "problem",
    [
        pytest.param(Problem("fetch.from_a_later_version"), id="an unknown key"),
        pytest.param(Problem("fetch.timeout"), id="a value the sentence names is missing"),
    ],
)
def test_a_problem_kept_by_another_version_is_still_a_sentence(problem: Problem) -> None:
    assert ENGLISH.problem(problem).startswith("Something went wrong on my side.")


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        pytest.param("rain", "“rain”", "有“rain”", id="a word"),
        pytest.param('"heavy rain"', "“heavy rain”", "有“heavy rain”", id="a phrase"),
        pytest.param("rain -snow", "“rain” and no “snow”", "有“rain”，且没有“snow”", id="with and without"),
        pytest.param("a OR b", "“a” or “b”", "有“a”，或有“b”", id="either"),
        pytest.param("x (a OR b)", "“x” and (“a” or “b”)", "有“x”，且（有“a”，或有“b”）", id="a group"),
        pytest.param("* -(a b)", "not (“a” and “b”)", "不符合（有“a”，且有“b”）", id="not a whole group"),
        pytest.param("title:rain", "“rain” in its title", "标题里有“rain”", id="in a place"),
        pytest.param("feed:rain", "“rain” in the name of its feed", "订阅源名称里有“rain”", id="in its feed"),
        pytest.param(
            "has:audio -has:video", "audio and no video", "有音频，且没有视频", id="what hangs on it"
        ),
        pytest.param(
            "newer:2d -newer:6h",
            "a date within the last 2d and a date more than 6h ago",
            "发布于最近 2d 之内，且发布已超过 6h",
            id="how old it is",
        ),
        pytest.param("/ra.n/", "text like /ra.n/", "有符合 /ra.n/ 的文字", id="a pattern"),
        pytest.param("* -title:rain", "no “rain” in its title", "标题里没有“rain”", id="not in a place"),
        pytest.param("rain*", "words like “rain…”", "有“rain…”这样的词", id="the start of a word"),
    ],
)
def test_a_filter_in_words(text: str, english: str, chinese: str) -> None:
    assert meaning(ENGLISH, text) == f"An article must have {english}."
    assert meaning(CHINESE, text) == f"也就是说，文章须满足：{chinese}。"


def test_a_filter_that_no_longer_parses_is_shown_without_its_meaning() -> None:
    assert meaning(ENGLISH, "((") == ""
