"""Plain text: where it may be cut, and which way it runs."""

from __future__ import annotations

import pytest

from bot.condense import condense
from bot.condense.text import balanced, grapheme_cut
from bot.model import Entry


@pytest.mark.parametrize(
    ("text", "limit", "start"),
    [
        pytest.param("ab👩‍👩‍👧c", 4, "ab", id="a family is one emoji"),
        pytest.param("ab👍🏽c", 3, "ab", id="a hand and its colour"),
        pytest.param("ab🇩🇪🇫🇷", 5, "ab🇩🇪", id="a flag has two letters"),
        pytest.param("ab❤️c", 3, "ab", id="a heart and what makes it red"),
        pytest.param("cafe\u0301s", 4, "caf", id="a letter and its accent"),
        pytest.param("ab1️⃣c", 4, "ab", id="a keycap"),
        pytest.param("กำลัง", 1, "", id="Thai: the vowel am"),
        pytest.param("กี่ครั้ง", 2, "", id="Thai: vowel and tone above"),
        pytest.param("हिन्दी", 4, "हि", id="Devanagari: a conjunct is one"),
        pytest.param("বাংলা", 1, "", id="Bengali: a vowel sign"),
        pytest.param("பொது", 1, "", id="Tamil: a vowel sign"),
        pytest.param("\u1112\u1161\u11ab", 2, "", id="Korean written in letters"),
        pytest.param("שָׁלוֹם", 2, "", id="Hebrew: the points"),
    ],
)
def test_a_cut_falls_between_graphemes(text: str, limit: int, start: str) -> None:
    assert grapheme_cut(text, limit) == start


ISOLATE, END_ISOLATE, EMBED, END_EMBED, MARK = "\u2067", "\u2069", "\u202b", "\u202c", "\u200f"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        pytest.param(f"a {ISOLATE}ב{END_ISOLATE} c", f"a {ISOLATE}ב{END_ISOLATE} c", id="closed: kept"),
        pytest.param(f"a {ISOLATE}ב c", "a ב c", id="an isolate left open"),
        pytest.param(f"a {EMBED}ב c", "a ב c", id="an embedding left open"),
        pytest.param(f"a ב{END_EMBED} c", "a ב c", id="an end without a start"),
        pytest.param(f"a {EMBED}{ISOLATE}ב{END_EMBED}{END_ISOLATE} c", "a ב c", id="crossed"),
        pytest.param(f"ב{MARK}!", f"ב{MARK}!", id="a mark alone needs no end"),
        pytest.param(f"a {ISOLATE} c", "a c", id="no two spaces where one stood"),
        pytest.param(f"a <{ISOLATE}b> c", "a ‹b› c", id="nor a tag where it parted one"),
    ],
)
def test_direction_marks_end_what_they_begin(text: str, plain: str) -> None:
    assert balanced(text) == plain


def test_no_alert_turns_the_rest_of_the_message_round() -> None:
    """A headline cut within an isolate would."""
    title = f"{EMBED}כותרת"
    content = f"<p>{ISOLATE}{'מילה ' * 100}{END_ISOLATE}.</p>"
    article = condense("k", Entry(title=title, content=content))
    assert article.title == "כותרת"
    assert article.summary.endswith("…")
    assert ISOLATE not in article.summary
