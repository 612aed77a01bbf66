"""Words that part what comes through from what is held back."""

from __future__ import annotations

import pytest

from bot import filters
from bot.filters import suggestions, with_word
from bot.model import Article
from tests.filters.articles import NOW


def articles(*titles: str) -> list[Article]:
    return [Article(str(n), title, None, "", None, None) for n, title in enumerate(titles)]


def suggested_for(text: str, several: list[Article]) -> tuple[str, ...]:
    expression = filters.parse(text)
    return suggestions([(one, filters.matches(expression, one, now=NOW).holds) for one in several])


@pytest.mark.parametrize(
    ("text", "titles", "suggested"),
    [
        pytest.param(
            "rust",
            ("Rust compiler", "Rust football", "Football cup", "Football final"),
            ("-football",),
            id="what came along with those held back",
        ),
        pytest.param(
            "rust",
            ("Rust compiler released", "Rust compiler faster", "Rust on bikes", "Tea", "Cake"),
            ("compiler",),
            id="what most of those that come have",
        ),
        pytest.param(
            "*",
            ("Cup tea", "Cup tea", "Football", "Football", "Snow", "Rain"),
            ("-cup", "-football"),
            id="nothing is held back: what parts most evenly; words that stand together are one",
        ),
        pytest.param("zebra", ("Tea", "Tea", "Snow"), (), id="nothing comes through: more words only narrow"),
        pytest.param("tea", (), (), id="no articles"),
        pytest.param(
            "技术",
            ("发布会技术", "技术足球", "足球比赛", "足球决赛"),
            ("-足球",),
            id="Chinese, two letters each",
        ),
        pytest.param("서울", ("서울 축구", "서울 날씨", "축구 결승"), ("-축구",), id="Korean, by words"),
        pytest.param(
            "tea", ("Tea with the 2026", "Tea", "With the 2026"), (), id="neither small words nor numbers"
        ),
        pytest.param("tea", ("Tea cup", "Tea", "Snow"), (), id="a word of one article is that article's"),
    ],
)
def test_suggestions(text: str, titles: tuple[str, ...], suggested: tuple[str, ...]) -> None:
    assert suggested_for(text, articles(*titles)) == suggested


def test_at_most_five_are_offered_and_each_parses_and_changes_something() -> None:
    words = [f"word{chr(ord('a') + n)}" for n in range(9)]
    titles = [f"Tea {word} {n}" for n, word in enumerate(words * 2)]
    found = suggested_for("tea", articles(*titles))
    assert len(found) == 5
    for word in found:
        longer = with_word(filters.parse("tea"), word)
        assert longer is not None
        passing = [filters.matches(filters.parse(longer), one, now=NOW).holds for one in articles(*titles)]
        assert 0 < sum(passing) < len(titles)


@pytest.mark.parametrize(
    ("text", "word", "longer"),
    [
        pytest.param("tea OR coffee", "-decaf", "(tea OR coffee) -decaf", id="an OR gets brackets"),
        pytest.param("tea -milk", "cup", "tea -milk cup", id="words stand together"),
        pytest.param("w" * 499, "-cup", None, id="too long"),
    ],
)
def test_a_word_is_added(text: str, word: str, longer: str | None) -> None:
    assert with_word(filters.parse(text), word) == longer
