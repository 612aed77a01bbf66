"""What an alert says of an entry: the publisher's summary if it is whole, else the first sentences that tell."""

from __future__ import annotations

import pytest

from bot.condense import MAX_LONG, MAX_SUMMARY, condense
from bot.model import Article, Entry

RADIO_ARTICLE = (
    "<div>03/02/2025 - 09:15</div>"
    '<img src="https://media.example.org/display/w:1280/p:16x9/bridge.jpg">'
    "<p><strong>滨海市长周一宣布，跨海大桥将于下月通车，比原计划晚了两年。        </strong></p>"
    "<div><p>滨海市长宣布大桥将于下月通车。这位市长说：“大桥没有问题，可以放心。”</p>"
    "<p>他还说，“工程已经全部完成。”</p><div data-selfpromo-app></div></div>"
    '<div><div>分享 :</div><div><a href="https://www.facebook.com/dialog/share?app_id=1"><span></span></a>'
    '<a href="whatsapp://send?text=%E5%A4%A7%E6%A1%A5"><span></span></a></div></div>'
    '<br><hr><div>获取更多RSS：<br><a href="https://proxy.example">https://proxy.example</a><br></div>'
)


def told(content: str = "", *, title: str = "A headline", summary: str = "", language: str = "") -> Article:
    return condense("key", Entry(title=title, content=content, summary=summary, language=language))


def test_a_radio_article_reads_as_if_an_editor_wrote_it() -> None:
    article = told(RADIO_ARTICLE, title="滨海市长宣布大桥将通车")
    assert article.summary == (
        "滨海市长周一宣布，跨海大桥将于下月通车，比原计划晚了两年。这位市长说：“大桥没有问题，可以放心。”他还说，“工程已经全部完成。”"
    )
    assert article.image == "https://media.example.org/display/w:1280/p:16x9/bridge.jpg"
    assert "分享" not in article.text
    assert "proxy.example" not in article.text
    assert "工程已经全部完成" in article.text


@pytest.mark.parametrize(
    ("content", "summary"),
    [
        pytest.param(
            "<p>Ann and Bo talk about tides.</p><p>Sponsored by:</p><ul><li>Sailo: Boats for everybody.</li>"
            "<li>Netti: Nets that last.</li></ul><p>Then they sing.</p>",
            "Ann and Bo talk about tides. Then they sing.",
            id="a list of sponsors is left out, as far as it goes",
        ),
        pytest.param(
            "<p>安和波谈潮汐的历史。</p><p>本期节目赞助商：</p><p>帆船公司：人人都能开的船。</p><p>最后他们唱了一首歌。</p>",
            "安和波谈潮汐的历史。最后他们唱了一首歌。",
            id="of sponsors without a list the next line",
        ),
        pytest.param(
            "<p>Ann and Bo talk about tides. This episode is brought to you by Sailo. Get $50 off with code TIDE at "
            "checkout. Then they sing.</p>",
            "Ann and Bo talk about tides. Then they sing.",
            id="sentences with a sponsor or a code for the checkout",
        ),
        pytest.param(
            "<p>The team sponsored by Sailo won. Its code is open to everybody.</p>"
            "<p>Sponsors were glad that it did.</p>",
            "Its code is open to everybody. Sponsors were glad that it did.",
            id="a sentence that speaks of sponsors is no label of them",
        ),
        pytest.param(
            "<p>The town opened a library. It has nine thousand books.</p>",
            "The town opened a library. It has nine thousand books.",
            id="whole sentences are taken as they stand",
        ),
        pytest.param(
            "<p>A headline.</p><p>The town opened a library.</p>",
            "The town opened a library.",
            id="the headline is not said again",
        ),
        pytest.param(
            "<p>The town opened a library.</p><p>The town opened a library!</p><p>Books are free.</p>",
            "The town opened a library. Books are free.",
            id="nothing is said twice",
        ),
        pytest.param(
            "<p>By Ann Lee</p><p>3 May 2024, 10:15</p><p>The town opened a library.</p>",
            "The town opened a library.",
            id="a byline and a date are not the lead",
        ),
        pytest.param(
            "<figure><img src='/a.jpg'><figcaption>The mayor smiles.</figcaption></figure><p>A library opened.</p>",
            "A library opened.",
            id="a caption before the text is not the lead",
        ),
        pytest.param(
            "<h2>Contents</h2><ul><li><a href='#a'>One</a></li></ul><h2>One</h2><p>The library is open.</p>",
            "The library is open.",
            id="headings and tables of contents are passed by",
        ),
        pytest.param(
            "<p>LONDON, May 3 (Newswire) - The town opened a library.</p>",
            "The town opened a library.",
            id="an agency's dateline is dropped",
        ),
        pytest.param(
            "<p>Lisboa, 24 Set 2018 (ABC) - A biblioteca abriu. Foi ontem.</p>",
            "A biblioteca abriu. Foi ontem.",
            id="a dateline in small letters: a place, a date, an agency, a dash",
        ),
        pytest.param(
            "<p>滨海报12月30日讯（记者 王小明）图书馆今天开放。</p>",
            "图书馆今天开放。",
            id="a Chinese dateline with its reporter",
        ),
        pytest.param(
            "<p>会谈昨天结束，乔.史密斯没有出席。</p>",
            "会谈昨天结束，乔.史密斯没有出席。",
            id="a dot within a Chinese name",
        ),
        pytest.param(
            "<table><tr><td>Wine</td><td>12</td><td>The whole harvest was lost to the frost.</td></tr></table>",
            "The whole harvest was lost to the frost.",
            id="a table's figures and names tell nothing",
        ),
        pytest.param(
            "<a href='/x'>Sail 1.11</a>\n    has been released. It is fast.",
            "Sail 1.11 has been released. It is fast.",
            id="a version is no time of day",
        ),
        pytest.param(
            "<p>[…] As I wrote before, the library is open.</p>",
            "As I wrote before, the library is open.",
            id="dots that a quotation begins with",
        ),
        pytest.param(
            "<p>The library is open. Follow us on every network! Read it at https://example.org/x now.</p>",
            "The library is open.",
            id="advertising and addresses are passed by",
        ),
        pytest.param(
            "<p>The mayor opened the new library and said that […]</p>",
            "The mayor opened the new library and said that…",
            id="a text cut by its feed ends in an ellipsis",
        ),
        pytest.param(
            "<p>The library is open. The mayor was […] <a href='/x'>Continue reading →</a></p>",
            "The library is open.",
            id="a sentence that breaks off is left out where a whole one stands",
        ),
        pytest.param(
            "<p>The library is open.</p><p>The post <a href='/x'>A headline</a> appeared first on "
            "<a href='/'>The Paper</a>.</p>",
            "The library is open.",
            id="a plugin's back link is dropped",
        ),
        pytest.param(
            "<p>Der Saal ist offen.</p><p>Der Text <a href='/x'>A headline</a> steht auf <a href='/'>Blatt</a>.</p>",
            "Der Saal ist offen.",
            id="a back link is known by its links, in any words",
        ),
        pytest.param(
            "&#32; submitted by &#32; <a href='/u/ann'> /u/ann </a> <br/> <span><a href='/l'>[link]</a></span> &#32; "
            "<span><a href='/c'>[comments]</a></span>",
            "",
            id="a link post of Reddit has nothing to condense",
        ),
        pytest.param(
            "<p>Article URL: <a href='https://e.example/a'>https://e.example/a</a></p><p>Comments URL: "
            "<a href='https://n.example/1'>https://n.example/1</a></p><p>Points: 12</p><p># Comments: 3</p>",
            "",
            id="a link post of Hacker News has nothing to condense",
        ),
        pytest.param(
            "arXiv:2401.00001v1 Announce Type: new \nAbstract: We count sheep. They are many.",
            "We count sheep. They are many.",
            id="an abstract of arXiv begins behind its label",
        ),
        pytest.param(
            "How bees fly.\n\nPlaylist: https://v.example/list\n\n0:00 Intro\n0:45 Wings\n\n#bees #wings",
            "How bees fly.",
            id="a video's chapters, lists and hashtags are passed by",
        ),
        pytest.param(
            "Place: Graz, old town<br />\nCause: a wasp nest<br />\nMore information on our website",
            "Place: Graz, old town · Cause: a wasp nest · More information on our website",
            id="labels that are the whole text are told one by one",
        ),
        pytest.param("<p>Archive</p><img src='/comic.png'>", "", id="a lone word is a label, not a text"),
        pytest.param("<img src='/comic.png'>", "", id="a picture alone says nothing"),
        pytest.param("", "", id="no text, no summary"),
        pytest.param(
            "<pre>m setup.py\n</pre><pre style='white-space:pre-wrap'>A headline\n\nTests run faster now.</pre>",
            "Tests run faster now.",
            id="what stands above the repeated headline is no text",
        ),
        pytest.param(
            "<p>Ein Gespräch mit Dr. Maria K. Huber über z. B. Wälder am 3. Mai. Dann kam Regen.</p>",
            "Ein Gespräch mit Dr. Maria K. Huber über z. B. Wälder am 3. Mai. Dann kam Regen.",
            id="abbreviations end no sentence",
        ),
        pytest.param(
            "<p>فتحت المدينة مكتبة جديدة. هل يزورها الناس؟ نعم.</p>",
            "فتحت المدينة مكتبة جديدة. هل يزورها الناس؟ نعم.",
            id="Arabic keeps its question mark",
        ),
        pytest.param(
            "<p>도서관이 문을 열었다. 책은 무료다.</p>",
            "도서관이 문을 열었다. 책은 무료다.",
            id="Korean keeps its spaces",
        ),
        pytest.param(
            "<p>「はい。」と市長は言った。</p><p>図書館が\n開いた。</p>",
            "「はい。」と市長は言った。図書館が開いた。",
            id="Japanese: a quotation goes on behind its mark, and line breaks are no spaces",
        ),
        pytest.param(
            "<p>（新聞社台北三日電）市立圖書館今天重新開放，藏書九萬冊。</p><p>記者王小明台北報導。</p>",
            "市立圖書館今天重新開放，藏書九萬冊。",
            id="traditional Chinese: dateline and signature are dropped",
        ),
    ],
)
def test_what_is_told(content: str, summary: str) -> None:
    assert told(content).summary == summary


LONG = "<p>The mayor opened the library. She cut a ribbon.</p><p>Nobody was hurt.</p>"


@pytest.mark.parametrize(
    ("own", "summary"),
    [
        pytest.param(
            "The town has a library again after ten years.",
            "The town has a library again after ten years.",
            id="a whole summary is the publisher's word and is kept",
        ),
        pytest.param(
            "The town has a library again, and the mayor is pleased",
            "The town has a library again, and the mayor is pleased",
            id="a second headline without a full stop is whole",
        ),
        pytest.param(
            "The mayor opened the libr...",
            "The mayor opened the library. She cut a ribbon. Nobody was hurt.",
            id="a teaser gives way to the article",
        ),
        pytest.param(
            "The mayor opened the library. She cut",
            "The mayor opened the library. She cut a ribbon. Nobody was hurt.",
            id="a text cut between words gives way to the article",
        ),
        pytest.param(
            "A headline",
            "The mayor opened the library. She cut a ribbon. Nobody was hurt.",
            id="a summary that is the headline again is none",
        ),
    ],
)
def test_the_publishers_summary(own: str, summary: str) -> None:
    assert told(LONG, summary=own).summary == summary


def test_a_summary_alone_is_the_text_too() -> None:
    article = told(summary="<p>A library opened. It is big.</p>")
    assert (article.summary, article.text) == ("A library opened. It is big.", "A library opened. It is big.")


@pytest.mark.parametrize(
    ("text", "end"),
    [
        pytest.param("Wort, " * 80, "Wort…", id="at a clause"),
        pytest.param("word " * 90, "word…", id="at a word"),
        pytest.param("图书馆的书" * 80 + "。", "…", id="at a character where there is nothing else"),
        pytest.param("👩‍👩‍👧" * 120, "👩‍👩‍👧…", id="never within an emoji"),
        pytest.param("e\u0301" * 300, "e\u0301…", id="never before a combining mark"),
        pytest.param("🇩🇪" * 200, "🇩🇪…", id="never between the halves of a flag"),
    ],
)
def test_a_sentence_too_long_is_cut(text: str, end: str) -> None:
    summary = told(f"<p>Signs and wonders {text}</p>").summary
    assert len(summary) <= MAX_SUMMARY
    assert summary.endswith(end)


def test_a_microblog_makes_its_headline_of_its_first_words_and_says_them_once() -> None:
    article = told("<p>The ferry is late. Take the bridge.</p>", title="")
    assert (article.title, article.summary) == ("The ferry is late.", "Take the bridge.")


def test_a_microblog_of_one_sentence_is_all_headline() -> None:
    article = told("<p>The ferry is late.</p>", title="")
    assert (article.title, article.summary) == ("The ferry is late.", "")


NINE = (
    "A fishing boat left the old harbour before dawn with forty people on board.",
    "Its engine failed near the northern lighthouse, in heavy rain.",
    "Nobody heard the first calls for help, since the radio was wet.",
    "At noon a farmer saw smoke above the cliffs.",
    "He rode to the next village and rang the church bell.",
    "Two ferries turned round at once to look for them.",
    "Both crews searched every bay until the evening.",
    "They found everyone alive on a tiny island of sand.",
    "Tomorrow the mayor gives a great dinner with music.",
)


@pytest.mark.parametrize(
    ("content", "own", "long"),
    [
        pytest.param(
            " ".join(NINE), "", " ".join(NINE[:8]), id="three times the summary, in whole sentences"
        ),
        pytest.param(f"<p>{NINE[0]}</p>", "", "", id="no more to say than the summary does"),
        pytest.param(
            f"<p>{NINE[0]} {NINE[1]}</p>",
            "A ship was lost and found again.",
            f"A ship was lost and found again. {NINE[0]} {NINE[1]}",
            id="the article goes on behind the publisher's summary",
        ),
        pytest.param(
            f"<p>{NINE[0]} {NINE[1]}</p>",
            "A ship was lost, and who would not be glad of it",
            f"A ship was lost, and who would not be glad of it · {NINE[0]} {NINE[1]}",
            id="a dot parts it from a summary without a full stop",
        ),
        pytest.param(
            f"<p>{NINE[0]}</p>",
            NINE[0],
            "",
            id="the article says the publisher's summary again, once is enough",
        ),
        pytest.param(
            "Place: Graz<br>Cause: a wasp nest<br>Crew: four<br>Time: noon<br>Cars: two<br>Harm: none<br>End: one",
            "",
            "",
            id="of labels a few say what it is",
        ),
    ],
)
def test_the_long_summary(content: str, own: str, long: str) -> None:
    assert told(content, summary=own).long == long


def test_the_long_summary_keeps_its_bound() -> None:
    article = told(" ".join(f"{part} {' and '.join(part.split()[:9])}." for part in NINE))
    assert len(article.summary) <= MAX_SUMMARY < len(article.long) <= MAX_LONG
    assert article.long.endswith(".")


def test_a_text_that_its_feed_cut_at_our_own_bound_says_so() -> None:
    """Many feeds give 300 letters, in the middle of a word."""
    given = ("The harbour of Graz is dry again and " * 10)[:300]
    summary = condense("k", Entry(title="Ebb", content=f"<p>{given}</p>")).summary
    assert summary == given[: given.rindex(" ")] + "…"
