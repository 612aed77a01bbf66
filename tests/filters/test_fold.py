"""What counts as the same text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.filters.fold import fold
from bot.filters.origin import as_written


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("BelTA", "belta", id="case"),
        pytest.param("ΟΔΌΣ", "οδοσ", id="case and accent in Greek, whatever sigma ends the word"),
        pytest.param("Straße", "strasse", id="sharp s as people without that key type it"),
        pytest.param("Frédéric Lemaître", "frederic lemaitre", id="accents"),
        pytest.param("Fre\u0301de\u0301ric", "frederic", id="accents typed as marks of their own"),
        pytest.param("Łódź Ørsted", "lodz orsted", id="strokes that Unicode does not take apart"),
        pytest.param("İstanbul ısı", "istanbul isi", id="Turkish i with and without its dot"),
        pytest.param("ﬁnal œuvre", "final oeuvre", id="ligatures"),
        pytest.param("Ｓｋｙｐｅ　５Ｇ", "skype 5g", id="full-width letters, digits and blanks"),
        pytest.param("ｲﾝﾀｰﾈｯﾄ ﾊﾟﾝ", "インターネット パン", id="half-width katakana with their marks"),
        pytest.param("ハス バス", "ハス バス", id="kana voicing stays: a lotus is no bus"),
        pytest.param("習近平 說 臺灣", "习近平 说 台湾", id="traditional Chinese as simplified"),
        pytest.param("瞭解 了解", "了解 了解", id="characters that OpenCC reaches only in phrases"),
        pytest.param("乾隆 干杯", "干隆 干杯", id="one character folds the same in every word"),
        pytest.param("“夸大” 「誇大」", '"夸大" "夸大"', id="double quotes of every keyboard"),
        pytest.param("O’Reilly O´Reilly O`Reilly", "o'reilly o'reilly o'reilly", id="apostrophes"),
        pytest.param("well–known well‑known", "well-known well-known", id="dashes"),
        pytest.param("مُحَمَّد كتـــاب", "محمد كتاب", id="Arabic vowel signs and tatweel"),
        pytest.param("שָׁלוֹם", "שלום", id="Hebrew points"),
        pytest.param("ที่ ที", "ที่ ที", id="Thai tone marks stay: without them it is another word"),
        pytest.param("हिन्दी", "हिन्दी", id="Devanagari vowel signs stay"),
        pytest.param(
            "co\u00adoperate\u200b \ufeffx", "cooperate x", id="soft hyphens and invisible characters go"
        ),
        pytest.param("❤️", "❤", id="emoji without their variation selector"),
        pytest.param("  one \n two\u00a0three ", "one two three", id="white space of all kinds is one blank"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_a_fold_never_holds_a_line_break(text: str) -> None:
    """The index puts fields on lines of their own and relies on it."""
    assert "\n" not in fold(text)


@pytest.mark.parametrize(
    ("text", "wanted", "written"),
    [
        pytest.param("Die Grünen  siegen", "grunen", "Grünen", id="accents come back"),
        pytest.param("Die Gru\u0308nen siegen", "grunen", "Gru\u0308nen", id="accents of their own stay on"),
        pytest.param(
            "他要瞭解Ｓkype", "了解sk", "瞭解Ｓk", id="traditional and full-width letters come back"
        ),
        pytest.param("new\n York", "new york", "new York", id="a phrase over a line end is one line"),
        pytest.param("ﬁnal", "in", "ﬁn", id="half a ligature comes back whole"),
    ],
)
def test_the_words_shown_are_the_articles_own(text: str, wanted: str, written: str) -> None:
    start = fold(text).index(wanted)
    assert as_written(text, start, start + len(wanted)) == written
