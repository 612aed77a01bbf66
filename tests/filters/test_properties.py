"""What must hold for every filter and article, in mixed scripts."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import FilterError
from bot.filters import FilterIndex, canonical, matches, parse, percolate
from bot.filters.expression import (
    Age,
    And,
    Everything,
    Expression,
    Field,
    FieldName,
    Has,
    Media,
    Not,
    Or,
    Part,
    Pattern,
    Phrase,
    Unit,
    Word,
)
from bot.filters.fold import fold
from bot.filters.words import Edges, begins_word, ends_word
from bot.model import Article, Enclosure
from tests.filters.articles import NOW, article

PIECES = [
    "a",
    "ai",
    "AI",
    "rain",
    "使用",
    "技術",
    "技术",
    "광고",
    "를",
    "ที่",
    "ที",
    "й",
    "é",
    "e\u0301",
    "ｱ",
    "ß",
    "5",
    "-",
    "'",
    "”",
    "ﬁ",
]
LETTERS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join)
LINES = st.lists(LETTERS, max_size=6).map(" ".join)
TERMS = st.one_of(
    st.builds(Word, LETTERS),
    st.builds(Phrase, st.lists(LETTERS, min_size=1, max_size=2).map(" ".join)),
    st.builds(Part, LETTERS, st.booleans(), st.booleans()),
)
PATTERNS = st.sampled_from(
    ["a.", r"\bai\b", "^rain", "技.?", "[é광]$", r"\w{3}", "i{2}|ß", r"\W", "(a|5)+"]
).map(Pattern)
FACTS: st.SearchStrategy[Expression] = st.one_of(
    st.builds(Has, st.sampled_from(Media)),
    st.builds(Age, st.booleans(), st.integers(0, 3), st.sampled_from(Unit)),
)


def _wider(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Not, inner),
        st.builds(Field, st.sampled_from(FieldName), inner),
        st.builds(And, several),
        st.builds(Or, several),
    )


EXPRESSIONS: st.SearchStrategy[Expression] = st.recursive(
    st.one_of(TERMS, TERMS, TERMS, PATTERNS, FACTS, st.just(Everything())), _wider, max_leaves=8
)
ARTICLES: st.SearchStrategy[Article] = st.builds(
    article,
    LINES,
    text=LINES,
    author=LINES,
    tags=st.lists(LINES, max_size=2).map(tuple),
    url=st.one_of(st.none(), LETTERS),
    language=st.sampled_from(["", "a", "ai-5"]),
    published=st.sampled_from([None, NOW, NOW - timedelta(days=2), NOW - timedelta(days=40)]),
    image=st.sampled_from([None, "https://example.org/1.jpg"]),
    enclosures=st.sampled_from([(), (Enclosure("https://example.org/1.mp3", "audio/mpeg"),)]),
)
SYMBOLS = [
    "OR",
    "AND",
    "NOT",
    "-",
    "－",
    "(",
    "）",
    '"',
    "“",
    "\\",
    "'",
    "|",
    "，",
    "title:",
    "tag：",
    "x:",
    "has:",
    "newer:",
    "audio",
    "2d",
    "5",
    ",000",
    "[",
    "+",
    "*",
    "/",
    " ",
    "a",
    "b",
    "é",
    "技",
    "ל",
    "\u0301",
]
TEXTS = st.one_of(
    st.lists(st.sampled_from(SYMBOLS), max_size=25).map("".join),
    st.lists(st.sampled_from(SYMBOLS), max_size=25).map(" ".join),
    st.text(max_size=60),
)


@settings(deadline=None)
@given(st.lists(EXPRESSIONS, max_size=8), ARTICLES)
def test_matching_together_is_matching_one_by_one(expressions: list[Expression], entry: Article) -> None:
    filters = dict(enumerate(expressions))
    one_by_one = frozenset(
        number for number, each in filters.items() if matches(each, entry, now=NOW, feed="AI rain 技術").holds
    )
    assert percolate(filters, entry, now=NOW, feed="AI rain 技術") == one_by_one


@settings(deadline=None)
@given(st.text(st.sampled_from("".join(PIECES) + "_ は가ก်\u3099א"), min_size=1))
def test_where_words_begin_and_end_is_the_same_of_all_places_at_once(text: str) -> None:
    folded = fold(text)
    edges = Edges(folded)
    for place in range(len(folded)):
        assert edges.begins(place) == begins_word(folded, place)
        assert edges.ends(place + 1) == ends_word(folded, place + 1)


@settings(deadline=None)
@given(EXPRESSIONS, st.lists(ARTICLES, max_size=4))
def test_an_index_remembers_nothing_of_the_articles_before(
    expression: Expression, entries: list[Article]
) -> None:
    index = FilterIndex({1: expression})
    assert [index.passing(entry, now=NOW) for entry in entries] == [
        percolate({1: expression}, entry, now=NOW) for entry in entries
    ]


def _read(text: str) -> Expression | FilterError:
    try:
        return parse(text)
    except FilterError as error:
        return error


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("OR 0 ' OR '")
def test_any_text_parses_or_says_where_it_does_not(text: str) -> None:
    """And what it offers parses; no other error ever comes out."""
    answer = _read(text)
    if isinstance(answer, FilterError):
        assert 0 <= answer.position <= len(text)
        assert not answer.offered or not isinstance(_read(answer.offered), FilterError)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_the_canonical_form_parses_to_itself(text: str) -> None:
    expression = _read(text)
    if not isinstance(expression, FilterError):
        assert parse(canonical(expression)) == expression


@settings(deadline=None)
@given(TERMS, ARTICLES)
def test_a_term_is_found_as_it_stands_however_it_is_quoted(
    term: Word | Phrase | Part, entry: Article
) -> None:
    """Words and phrases differ in what they protect from the grammar, never in what they find."""
    assert matches(Word(term.text), entry, now=NOW).holds == matches(Phrase(term.text), entry, now=NOW).holds
