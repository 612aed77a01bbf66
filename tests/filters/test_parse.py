"""The language: what parses to what, and what is said of what does not."""

from __future__ import annotations

import pytest

from bot.errors import FilterError
from bot.filters import canonical, parse
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

A, B, C = Word("a"), Word("b"), Word("c")
PICTURE, AUDIO, VIDEO = map(Has, Media)
PATTERNS = And((Pattern(r"a\/b"), Field(FieldName.TITLE, Pattern("^c"))))


@pytest.mark.parametrize(
    ("text", "expression", "printed"),
    [
        pytest.param("python", Word("python"), "python", id="a word"),
        pytest.param("a b", And((A, B)), "a b", id="standing together means all"),
        pytest.param("a AND b", And((A, B)), "a b", id="AND may be said"),
        pytest.param("a OR b", Or((A, B)), "a OR b", id="OR means any"),
        pytest.param("a|b||c", Or((A, B, C)), "a OR b OR c", id="bars mean any"),
        pytest.param("a, b,c", Or((A, B, C)), "a OR b OR c", id="commas mean any"),
        pytest.param("a b, c", Or((And((A, B)), C)), "(a b) OR c", id="together binds tighter than any"),
        pytest.param("a (b OR c)", And((A, Or((B, C)))), "a (b OR c)", id="brackets change that"),
        pytest.param("((a) (b c))", And((A, B, C)), "a b c", id="brackets that change nothing go"),
        pytest.param("a -b", And((A, Not(B))), "a -b", id="a minus means without"),
        pytest.param("a NOT b", And((A, Not(B))), "a -b", id="NOT means without"),
        pytest.param(
            "a --b", And((A, Not(B))), "a -b", id="two dashes are one: phones make one of them anyway"
        ),
        pytest.param("* -a", And((Everything(), Not(A))), "* -a", id="everything without"),
        pytest.param("c -(a OR b)", And((C, Not(Or((A, B))))), "c -(a OR b)", id="without a group"),
        pytest.param("NOT -a", Not(Not(A)), "-(-a)", id="not without"),
        pytest.param('"new  york"', Phrase("new york"), '"new york"', id="a phrase, its blanks made one"),
        pytest.param("'new york'", Phrase("new york"), '"new york"', id="single quotes around a term"),
        pytest.param("‘new york’", Phrase("new york"), '"new york"', id="single smart quotes around a term"),
        pytest.param(
            "o'reilly rock'n'roll", And((Word("o'reilly"), Word("rock'n'roll"))), None, id="apostrophes"
        ),
        pytest.param("'tis", Phrase("'tis"), '"\'tis"', id="an apostrophe at the beginning"),
        pytest.param(r'"say \"no\" \\"', Phrase('say "no" \\'), r'"say \"no\" \\"', id="escapes in quotes"),
        pytest.param('"OR"', Phrase("OR"), '"OR"', id="quotes make an operator a word"),
        pytest.param(
            "or and not", And((Word("or"), Word("and"), Word("not"))), None, id="small letters: words"
        ),
        pytest.param("ORACLE", Word("ORACLE"), "ORACLE", id="a word that begins like an operator"),
        pytest.param(
            "苹果 或 梨", And((Word("苹果"), Word("或"), Word("梨"))), None, id="或 is a word, no operator"
        ),
        pytest.param("pre*", Part("pre", False, True), "pre*", id="the beginning of a word"),
        pytest.param("*ing", Part("ing", True, False), "*ing", id="the end of a word"),
        pytest.param("**part＊", Part("part", True, True), "*part*", id="inside words"),
        pytest.param("f*ck", Word("f*ck"), "f*ck", id="a star inside is a letter"),
        pytest.param("*", Everything(), "*", id="a star alone is everything"),
        pytest.param(
            "title:a b", And((Field(FieldName.TITLE, A), B)), "title:a b", id="a field binds one term"
        ),
        pytest.param("Tag: a", Field(FieldName.TAG, A), "tag:a", id="a field in capitals, a blank behind it"),
        pytest.param(
            "title:(a OR -b)",
            Field(FieldName.TITLE, Or((A, Not(B)))),
            "title:(a OR -b)",
            id="a field before a group",
        ),
        pytest.param(
            "a, b -c", And((Or((A, B)), Not(C))), "(a OR b) -c", id="a minus takes away from the whole line"
        ),
        pytest.param(
            "a -b OR c", And((Or((A, C)), Not(B))), "(a OR c) -b", id="also when it stands in the middle"
        ),
        pytest.param(
            "(a -b) OR c", Or((And((A, Not(B))), C)), "(a -b) OR c", id="brackets keep a minus to themselves"
        ),
        pytest.param("a OR -b", Or((A, Not(B))), "a OR -b", id="an alternative that is nothing but a minus"),
        pytest.param(
            "b -link:a", And((B, Not(Field(FieldName.LINK, A)))), "b -link:a", id="without, in a field"
        ),
        pytest.param(
            "feed:a LANG:zh-cn",
            And((Field(FieldName.FEED, A), Field(FieldName.LANG, Word("zh-cn")))),
            "feed:a lang:zh-cn",
            id="the feed and the language",
        ),
        pytest.param(
            "feed:(a OR b)",
            Field(FieldName.FEED, Or((A, B))),
            None,
            id="the feed before a group",
        ),
        pytest.param("has:audio", AUDIO, None, id="what hangs on it"),
        pytest.param("has：Photos", PICTURE, "has:picture", id="other names for it, and a full-width colon"),
        pytest.param(
            "has:picture|audio|video a",
            And((Or((PICTURE, AUDIO, VIDEO)), A)),
            "(has:picture OR has:audio OR has:video) a",
            id="any of several that hang on it",
        ),
        pytest.param(
            "has:(picture -video)",
            And((PICTURE, Not(VIDEO))),
            "has:picture -has:video",
            id="what hangs on it, before a group",
        ),
        pytest.param("has:audio|rust", Or((AUDIO, Word("rust"))), "has:audio OR rust", id="then a word"),
        pytest.param("older:2d", Age(True, 2, Unit.DAY), None, id="older than two days"),
        pytest.param("newer:６小時", Age(False, 6, Unit.HOUR), "newer:6h", id="units in Chinese"),
        pytest.param('newer:"3 weeks"', Age(False, 3, Unit.WEEK), "newer:3w", id="units in words"),
        pytest.param(
            "older:(1mo OR 30min)",
            Or((Age(True, 1, Unit.MONTH), Age(True, 30, Unit.MINUTE))),
            "older:1mo OR older:30min",
            id="ages before a group",
        ),
        pytest.param(
            "has:title:a", Field(FieldName.TITLE, A), "title:a", id="the inner field counts here too"
        ),
        pytest.param("2026 3.5 5", And((Word("2026"), Word("3.5"), Word("5"))), None, id="numbers are words"),
        pytest.param("10,000 a", And((Word("10,000"), A)), None, id="a comma within a number"),
        pytest.param("2025,2026", Or((Word("2025"), Word("2026"))), "2025 OR 2026", id="years are a choice"),
        pytest.param(
            r"/v\d+\.0/i", Pattern(r"v\d+\.0"), r"/v\d+\.0/", id="a pattern; case is ignored anyway"
        ),
        pytest.param("a (/b  c|d/)", And((A, Pattern("b c|d"))), "a /b c|d/", id="a pattern with blanks"),
        pytest.param(
            r"/a\/b/ title:/^c/", PATTERNS, None, id="a slash within a pattern; a pattern in a field"
        ),
        pytest.param("／技術.+／", Pattern("技術.+"), "/技術.+/", id="full-width slashes"),
        pytest.param("/(a+)+$/", Pattern("(a+)+$"), None, id="what would hang other engines"),
        pytest.param(
            "12:30 C++ .net 5g", And((Word("12:30"), Word("C++"), Word(".net"), Word("5g"))), None, id="odd"
        ),
        pytest.param("well-known", Word("well-known"), "well-known", id="a dash inside a word"),
        pytest.param(
            "/r/python /etc", And((Word("/r/python"), Word("/etc"))), None, id="slashes that close nothing"
        ),
        pytest.param(
            "“机器 学习”，（ａ｜b） －c",
            And((Or((Phrase("机器 学习"), Word("ａ"), B)), Not(C))),
            '("机器 学习" OR ａ OR b) -c',
            id="what a Chinese keyboard types",
        ),
        pytest.param(
            "title：「東京」、『大阪』",
            Or((Field(FieldName.TITLE, Phrase("東京")), Phrase("大阪"))),
            'title:"東京" OR "大阪"',
            id="what a Japanese keyboard types",
        ),
        pytest.param("«a» „b“", And((Phrase("a"), Phrase("b"))), '"a" "b"', id="quotes of Europe"),
        pytest.param("צה״ל", Word("צה״ל"), "צה״ל", id="gershayim are a letter of Hebrew abbreviations"),
        pytest.param('ארה"ב', Word('ארה"ב'), 'ארה"ב', id="and so is the quote typed for them"),
        pytest.param("🚀 ❤️", And((Word("🚀"), Word("❤️"))), None, id="emoji are words"),
    ],
)
def test_parse(text: str, expression: Expression, printed: str | None) -> None:
    """`printed` is the canonical form; None if it is the text itself."""
    assert parse(text) == expression
    assert canonical(expression) == (text if printed is None else printed)
    assert parse(canonical(expression)) == expression


@pytest.mark.parametrize(
    ("text", "reason", "position", "offered"),
    [
        pytest.param("", "empty", 0, "", id="nothing"),
        pytest.param(" \t\n", "empty", 0, "", id="only white space"),
        pytest.param('a "b c', "unbalanced_quote", 2, 'a "b c"', id="a quote that stays open"),
        pytest.param('a"', "unbalanced_quote", 1, "a", id="a quote that opens nothing"),
        pytest.param('"a\\', "unbalanced_quote", 0, '"a"', id="a backslash at the end of an open quote"),
        pytest.param("a (b (c", "unbalanced_parenthesis", 5, "a b c", id="brackets that stay open"),
        pytest.param("a b) c", "unbalanced_parenthesis", 3, "a b c", id="a bracket that closes nothing"),
        pytest.param("a ( )", "empty_group", 2, "a", id="an empty group"),
        pytest.param("title:()", "empty_group", 6, "", id="an empty group is all there is"),
        pytest.param('a ""', "empty_term", 2, "a", id="an empty phrase"),
        pytest.param("a \u0301", "empty_term", 2, "a", id="an accent on nothing"),
        pytest.param("a OR", "missing_operand", 2, "a", id="OR at the end"),
        pytest.param("OR a", "missing_operand", 0, "a", id="OR at the beginning"),
        pytest.param("a OR OR b", "missing_operand", 2, "a OR b", id="OR twice"),
        pytest.param("a, b,", "missing_operand", 4, "a OR b", id="a comma at the end"),
        pytest.param("(a OR) b", "missing_operand", 3, "a b", id="OR at the end of a group"),
        pytest.param("a - b", "missing_operand", 2, "a b", id="a dash between blanks, as in headlines"),
        pytest.param("a -", "missing_operand", 2, "a", id="a dash at the end"),
        pytest.param("a NOT", "missing_operand", 2, "a", id="NOT at the end"),
        pytest.param("a title:", "missing_operand", 2, "a", id="a field of nothing"),
        pytest.param("a titel:b", "unknown_field", 2, "a title:b", id="a field mistyped"),
        pytest.param("a https://x.y/z", "unknown_field", 2, 'a "https://x.y/z"', id="an address"),
        pytest.param("std::vector", "unknown_field", 0, '"std::vector"', id="colons of a programmer"),
        pytest.param("a has:money", "unknown_media", 6, "", id="what cannot hang on an article"),
        pytest.param("has:vidio", "unknown_media", 4, "has:video", id="has: mistyped"),
        pytest.param("has:/a/", "unknown_media", 4, "", id="has: with a pattern"),
        pytest.param("newer:30m", "unknown_age", 6, "newer:30min", id="minutes or months?"),
        pytest.param("older:2", "unknown_age", 6, "older:2d", id="an age without a unit"),
        pytest.param("older:soon", "unknown_age", 6, "", id="an age that is none"),
        pytest.param("older:99999y", "unknown_age", 6, "", id="an age beyond all calendars"),
        pytest.param("a /C++/", "bad_regex", 4, 'a "C++"', id="a pattern that RE2 cannot read"),
        pytest.param("/a[bc/", "bad_regex", 2, "", id="a class that stays open"),
        pytest.param(r"a /日(?=本)/", "bad_regex", 4, "", id="looking ahead"),
        pytest.param(r"/(a)\1/", "bad_regex", 4, "", id="looking back"),
        pytest.param("/(((a{100}){100}){100})/", "bad_regex", 5, "", id="too many repetitions"),
        pytest.param(r"/\pL{30}/", "regex_too_large", 1, "", id="a pattern too large to be fast"),
        pytest.param("a /b*/", "regex_empty", 3, 'a "b*"', id="a pattern that every text has"),
        pytest.param(r"/\bмир/", "regex_boundary", 1, "/мир/", id="a boundary that RE2 does not see"),
        pytest.param("-a", "only_without", 0, "* -a", id="only without"),
        pytest.param(" -a NOT b", "only_without", 1, "* -a -b", id="only without, twice"),
        pytest.param("-a OR -b", "only_without", 0, "* (-a OR -b)", id="without this or that"),
        pytest.param("-title:(a b)", "only_without", 0, "* -title:(a b)", id="only without, in a field"),
        pytest.param("a\x00b", "control_character", 1, "a b", id="a control character"),
        pytest.param(
            "a \u202ecba", "control_character", 2, "a cba", id="a character that turns the line round"
        ),
        pytest.param("a\ud800", "control_character", 1, "a", id="half a character"),
        pytest.param(
            "🚀🚀 (a", "unbalanced_parenthesis", 3, "🚀🚀 a", id="positions count characters, not bytes"
        ),
        pytest.param("x" * 501, "too_long", 500, "", id="501 characters"),
        pytest.param("x" * 10_000, "too_long", 500, "", id="10,000 characters"),
        pytest.param("(" * 5_000 + "a" + ")" * 5_000, "too_long", 500, "", id="5,000 brackets"),
        pytest.param("(" * 200 + "a" + ")" * 200, "too_deep", 20, "", id="200 brackets"),
        pytest.param("NOT " * 100 + "a", "too_deep", 80, "", id="100 times NOT"),
        pytest.param("title:" * 30 + "a", "too_deep", 120, "", id="30 fields"),
        pytest.param("(" * 400, "unbalanced_parenthesis", 399, "", id="400 brackets that stay open"),
        pytest.param("a " * 51, "too_many_terms", 100, "", id="51 terms"),
    ],
)
def test_what_does_not_parse(text: str, reason: str, position: int, offered: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse(text)
    error = caught.value
    assert (error.reason, error.position, error.offered) == (f"filter.{reason}", position, offered)


def test_fifty_terms_and_twenty_brackets_are_allowed() -> None:
    assert parse(",".join(["a"] * 50)) == Or((A,) * 50)
    assert parse("(" * 20 + "a" + ")" * 20) == A


def test_what_was_short_enough_to_type_is_short_enough_to_print() -> None:
    """450 characters with commas are 600 with OR spelled out; the printed form must still parse."""
    text = ",".join(["abcdefgh"] * 50)
    assert len(canonical(parse(text))) == len(text)
