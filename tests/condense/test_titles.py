"""Headlines: plain, in one line, without their site's name."""

from __future__ import annotations

import pytest

from bot.condense.titles import made_title, plain_title


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        pytest.param("Salt &amp; Pepper", "Salt & Pepper", id="entities are decoded"),
        pytest.param("Salt &amp;amp; Pepper", "Salt & Pepper", id="entities escaped twice too"),
        pytest.param("On <a href='http://x.example'>bread</a>", "On bread", id="markup goes"),
        pytest.param("On &lt;em&gt;bread&lt;/em&gt;", "On bread", id="escaped markup goes"),
        pytest.param("<![CDATA[Bread]]>", "Bread", id="a CDATA section that was quoted goes"),
        pytest.param("Bread\n  and\tbutter ", "Bread and butter", id="one line"),
        pytest.param("滨海　大桥  通车", "滨海 大桥 通车", id="ideographic spaces are spaces"),
        pytest.param("Vec<T> is nice", "Vec‹T› is nice", id="what only looks like markup is kept"),
        pytest.param("Bread wins - The Daily Loaf", "Bread wins", id="the feed's own name at the end goes"),
        pytest.param("Bread wins | loaf.example", "Bread wins", id="the host's name goes"),
        pytest.param("Bread wins | Butter loses", "Bread wins | Butter loses", id="another end stays"),
        pytest.param("The Daily Loaf", "The Daily Loaf", id="a headline is never emptied"),
        pytest.param(
            "大桥通车 – 滨海人民广播电台", "大桥通车", id="a broadcaster's name goes, unnamed by the feed"
        ),
        pytest.param("BREAD WINS!!", "BREAD WINS!!", id="shouting stays"),
        pytest.param("ＳＫＹＰＥ実験", "ＳＫＹＰＥ実験", id="wide letters stay"),
        pytest.param("", "", id="none is none"),
    ],
)
def test_plain_title(title: str, plain: str) -> None:
    assert plain_title(title, feed_title="The Daily Loaf: News", link="https://www.loaf.example/1") == plain


def test_a_host_that_is_no_host_harms_nothing() -> None:
    assert plain_title("Bread", feed_title="", link="http://[broken") == "Bread"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        pytest.param("One. Two.", ("One.", "Two."), id="the first sentence, and the rest"),
        pytest.param("今天下雨。明天晴。", ("今天下雨。", "明天晴。"), id="in Chinese"),
        pytest.param("", ("", ""), id="nothing of nothing"),
        pytest.param(
            "word, " * 40 + "end.",
            ("word, " * 25 + "word…", "…" + "word, " * 14 + "end."),
            id="a long sentence goes on where the headline stops",
        ),
    ],
)
def test_made_title(text: str, made: tuple[str, str]) -> None:
    assert made_title(text, "en") == made
