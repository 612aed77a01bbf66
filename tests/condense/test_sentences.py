"""Sentences: where they end, and how one is cut."""

from __future__ import annotations

import pytest

from bot.condense.sentences import closed, cut, is_terminated, language_of, split


@pytest.mark.parametrize(
    ("language", "text", "sentences"),
    [
        pytest.param(
            "zh",
            "他说：“没有进展。”他走了。",
            ["他说：“没有进展。”", "他走了。"],
            id="a quote closes behind its stop",
        ),
        pytest.param(
            "ja",
            "「はい。」と言った。そうです。",
            ["「はい。」と言った。", "そうです。"],
            id="a quotation goes on",
        ),
        pytest.param(
            "ja", "安い（笑）次も行く。", ["安い（笑）", "次も行く。"], id="laughter ends a sentence"
        ),
        pytest.param(
            "en", "J. K. Lee came. She left.", ["J. K. Lee came.", "She left."], id="initials do not end one"
        ),
        pytest.param("en", "See the U.S. Then go.", ["See the U.S.", "Then go."], id="a country may"),
        pytest.param(
            "en",
            "It rained (and poured. Really) all day. Then sun.",
            ["It rained (and poured. Really) all day.", "Then sun."],
            id="brackets hold",
        ),
        pytest.param(
            "en",
            "It runs on .NET now. Good.",
            ["It runs on .NET now.", "Good."],
            id="a name may begin with a dot",
        ),
        pytest.param(
            "en", "Version 3.5 is out. Get it.", ["Version 3.5 is out.", "Get it."], id="a number has its dot"
        ),
        pytest.param(
            "ja",
            "昨日、Sail! の動画を見た。良かった。",
            ["昨日、Sail! の動画を見た。", "良かった。"],
            id="a name with a mark of its own",
        ),
        pytest.param("en", "", [], id="nothing"),
    ],
)
def test_split(language: str, text: str, sentences: list[str]) -> None:
    assert split(text, language) == sentences


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        pytest.param("これは日本語です", "en", "ja", id="kana says Japanese whatever the feed says"),
        pytest.param("这是中文", "", "zh", id="ideographs alone say Chinese"),
        pytest.param("한국어입니다", "en-us", "ko", id="Hangul"),
        pytest.param("Guten Tag", "de-AT", "de", id="Latin letters say nothing, so the feed is believed"),
        pytest.param("Hello", "", "en", id="English where nobody says anything"),
        pytest.param("Hello", "<script>", "en", id="a tag that is none is not believed"),
    ],
)
def test_language(text: str, declared: str, language: str) -> None:
    assert language_of(text, declared) == language


@pytest.mark.parametrize(
    ("sentence", "limit", "short"),
    [
        pytest.param("Short.", 20, "Short.", id="what fits is left alone"),
        pytest.param("First this, then that thing.", 20, "First this…", id="at a comma"),
        pytest.param("First this then that thing.", 20, "First this then…", id="at a word"),
        pytest.param("先做这个，然后再做那个事情。", 8, "先做这个…", id="at a Chinese comma"),
        pytest.param("先做这个然后再做那个事情。", 8, "先做这个然后再…", id="at a character"),
        pytest.param("1,000,000 people came in", 12, "1,000,000…", id="not within a number"),
    ],
)
def test_cut(sentence: str, limit: int, short: str) -> None:
    assert cut(sentence, limit) == short
    assert len(cut(sentence, limit)) <= limit


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        pytest.param("Yes.", True, id="a stop"),
        pytest.param("“Yes.”", True, id="a stop in quotes"),
        pytest.param("好。」", True, id="a wide stop in brackets"),
        pytest.param("नमस्ते।", True, id="a danda"),
        pytest.param("Yes", False, id="a word"),
        pytest.param("Yes (no)", False, id="a bracket"),
    ],
)
def test_terminated(text: str, ends: bool) -> None:
    assert is_terminated(text) is ends


def test_a_quotation_that_goes_on_is_closed() -> None:
    assert closed("她说：“我来了。") == "她说：“我来了。”"
    assert closed("她说：“我来了。”") == "她说：“我来了。”"
