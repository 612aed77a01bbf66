"""What a filter lets through, and why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.filters import Because, FieldName, Verdict, matches, parse, percolate, words_found
from bot.model import Article, Enclosure
from tests.filters.articles import NOW, article


@pytest.mark.parametrize(
    ("text", "title", "passes"),
    [
        pytest.param("rain", "Heavy rain in Bern", True, id="a word"),
        pytest.param("AI", "Heavy rain in Bern", False, id="not inside a word where spaces part words"),
        pytest.param("AI", "企业使用AI技术", True, id="a Latin word between Chinese characters"),
        pytest.param("技术", "企业使用AI技术", True, id="Chinese anywhere inside"),
        pytest.param("AI技", "企业使用AI技术", True, id="a term of two scripts"),
        pytest.param("I技", "企业使用AI技术", False, id="a term that begins inside a Latin word"),
        pytest.param("月5", "11月5日", True, id="digits end where Chinese begins"),
        pytest.param("1月", "11月5日", False, id="not in the middle of a number"),
        pytest.param("ソフト", "ソフトウェア", True, id="Japanese anywhere inside"),
        pytest.param("IPO", "新規ＩＰＯの記録", True, id="full-width Latin letters in Japanese"),
        pytest.param("แลปท็อป", "ซื้อแลปท็อปใหม่", True, id="Thai anywhere inside"),
        pytest.param("มา", "ม้าวิ่ง", False, id="Thai: not with another tone mark"),
        pytest.param("ທະນາຄານ", "ສປປລາວທະນາຄານໃຫມ່", True, id="Lao anywhere inside"),
        pytest.param("ភ្នំពេញ", "រាជធានីភ្នំពេញថ្មី", True, id="Khmer anywhere inside"),
        pytest.param("ရန်ကုန်", "သည်ရန်ကုန်မြို့", True, id="Burmese anywhere inside"),
        pytest.param("हिन्द", "हिन्दी में", False, id="Devanagari: a vowel sign belongs to the word"),
        pytest.param("हिन्दी", "हिन्दी में", True, id="Devanagari words whole"),
        pytest.param("광고", "오늘 광고를 봤다", True, id="Korean with a particle attached"),
        pytest.param("서울", "서울에서만은 아니다", True, id="Korean with several particles"),
        pytest.param("기자", "기자들이 왔다", True, id="Korean plurals"),
        pytest.param("광고", "이것은 광고입니다.", True, id="Korean with is"),
        pytest.param("광고", "불광고 봤다", False, id="Korean not in the middle of a word"),
        pytest.param("대한", "대한민국", False, id="Korean not the beginning of another word"),
        pytest.param("대한*", "대한민국", True, id="a beginning in Korean, if asked for"),
        pytest.param("5G", "5G는 빠르다", True, id="a number with a Korean particle"),
        pytest.param("AI", "AI가 온다", True, id="a Latin word with a Korean particle"),
        pytest.param("авто", "Автомобиль", False, id="not the beginning of a Russian word"),
        pytest.param("авто*", "Автомобиль", True, id="a beginning if asked for"),
        pytest.param("*мобил*", "Автомобиль", True, id="an inside if asked for"),
        pytest.param("*мобил", "Автомобиль", False, id="an end only at an end"),
        pytest.param("*мобиль", "Автомобиль", True, id="an end"),
        pytest.param("poll", "Polls open", False, id="a plural is another word"),
        pytest.param("apple", "Apple’s phone", True, id="a possessive is not"),
        pytest.param("python", "Learn #python_dev", True, id="in a hashtag"),
        pytest.param("C++", "Modern C++, 2nd ed.", True, id="a word that ends in signs"),
        pytest.param('"machine learning"', "On Machine\nLearning now", True, id="a phrase over a line end"),
        pytest.param('"learning machine"', "Machine Learning", False, id="a phrase keeps its order"),
        pytest.param('"chine learn"', "Machine Learning", False, id="a phrase is whole words"),
        pytest.param("grunen", "Die Grünen", True, id="without accents"),
        pytest.param("GRÜNEN", "Die grunen", True, id="with accents where the text has none"),
        pytest.param("蘇聯", "苏联解体", True, id="traditional asked, simplified written"),
        pytest.param("习近平", "習近平訪問", True, id="simplified asked, traditional written"),
        pytest.param(
            '被指"夸大"失业率', "夸大失业率被指", True, id="bare words around a quoted one are three terms"
        ),
        pytest.param('"被指\\"夸大\\"失业率"', "作家被指“夸大”失业率", True, id="quotes inside a phrase"),
        pytest.param("PIP'ed", "He was PIP’ed", True, id="curly apostrophes"),
        pytest.param("מלחמה", "הַמִּלְחָמָה מִלְחָמָה", True, id="Hebrew without points"),
        pytest.param("🚀", "Launch🚀today", True, id="an emoji has no neighbours"),
        pytest.param("rain -bern", "Heavy rain in Bern", False, id="without"),
        pytest.param("* -snow", "Heavy rain in Bern", True, id="everything without"),
        pytest.param("snow OR rain", "Heavy rain in Bern", True, id="any"),
        pytest.param("rain snow", "Heavy rain in Bern", False, id="all"),
        pytest.param("*", "", True, id="everything"),
        pytest.param("10,000", "10,000 users", True, id="a number with a comma"),
        pytest.param("2026", "Summer 2026: hot", True, id="a number is a word"),
        pytest.param("202", "Summer 2026: hot", False, id="and a whole one"),
        pytest.param("/v[0-9]+/", "Feedbell V12 is out", True, id="a pattern, whatever the case"),
        pytest.param("/^v[0-9]+$/", "Feedbell V12 is out", False, id="a pattern of the whole title"),
        pytest.param("/^feedbell.*out$/", "Feedbell V12 is out", True, id="from end to end"),
        pytest.param("/ai/", "Heavy rain in Bern", True, id="a pattern is no word"),
        pytest.param(r"/\bai\b/", "Heavy rain in Bern", False, id="unless it says so"),
        pytest.param(r"/\bgrünen\b/", "Die Grünen siegen", True, id="a boundary beside an accent"),
        pytest.param("/gr[öüä]nen/", "Die grunen siegen", True, id="accents in a class"),
        pytest.param("/習.平/", "习近平访问", True, id="traditional in a pattern"),
        pytest.param("/[一-龥]{3}/", "习近平访问", True, id="a range of Chinese characters"),
        pytest.param(r"/^\w+$/", "Привет", True, id="letters of all scripts are letters in patterns"),
        pytest.param(r"/^[\w ]+$/", "Привет мир", True, id="also in a class"),
        pytest.param(r"/\W/", "Привет", False, id="and are no signs"),
        pytest.param("/straße{1}/", "Strasse", True, id="a letter that becomes two is still one piece"),
        pytest.param(r"/\b|x/", "Heavy rain", False, id="nothing between letters is no place"),
        pytest.param(r"rain -/\d{4}/", "Rain in 2026", False, id="without a pattern"),
        pytest.param("/(a+)+$/", "a" * 5_000 + "b", False, id="what would hang other engines"),
        pytest.param("* -*", "Heavy rain", False, id="nothing"),
    ],
)
def test_what_passes(text: str, title: str, passes: bool) -> None:
    expression = parse(text)
    assert matches(expression, article(title), now=NOW).holds is passes
    assert percolate({7: expression}, article(title), now=NOW) == (frozenset({7}) if passes else frozenset())


def day(age: timedelta) -> Article:
    return article("Rain", published=NOW - age)


def file(kind: str, name: str = "1") -> Article:
    return article("Rain", enclosures=(Enclosure(f"https://example.org/{name}?x=1", kind),))


@pytest.mark.parametrize(
    ("text", "entry", "passes"),
    [
        pytest.param("newer:2d", day(timedelta(days=2)), True, id="two days ago is within two days"),
        pytest.param("older:2d", day(timedelta(days=2)), False, id="and not longer ago"),
        pytest.param("older:2d", day(timedelta(days=2, seconds=1)), True, id="a second more is"),
        pytest.param("newer:90min", day(timedelta(hours=2)), False, id="minutes"),
        pytest.param("older:1mo", day(timedelta(days=31)), True, id="a month is 30 days"),
        pytest.param("older:9999y", day(timedelta(days=31)), False, id="ages beyond the calendar"),
        pytest.param("newer:1h", day(timedelta(days=-3)), True, id="a date to come is new"),
        pytest.param("newer:1h", article("Rain"), True, id="what has no date is new"),
        pytest.param("older:1h", article("Rain"), False, id="and never old"),
        pytest.param("rain -newer:1d", day(timedelta(hours=1)), False, id="without what is new"),
        pytest.param("has:picture", article(image="https://example.org/1.jpg"), True, id="the lead picture"),
        pytest.param("has:picture", article("Rain"), False, id="no picture"),
        pytest.param("has:picture", file("image/png"), True, id="a picture as a file"),
        pytest.param("has:audio", file("audio/mpeg"), True, id="a podcast"),
        pytest.param("has:audio", file("", "episode.MP3"), True, id="a file whose kind only its name says"),
        pytest.param("has:video", file("application/octet-stream", "a.mp4"), True, id="or says better"),
        pytest.param("has:video", file("text/html", "a.mp4"), False, id="a page is no video"),
        pytest.param("has:audio|video", file("video/mp4"), True, id="either"),
        pytest.param("rain -has:audio", file("video/mp4"), True, id="without audio"),
        pytest.param(
            "lang:zh", article("Rain", language="zh-cn"), True, id="a language and all its countries"
        ),
        pytest.param("lang:zh-cn", article("Rain", language="zh-tw"), False, id="one country"),
        pytest.param("zh", article("Rain", language="zh"), False, id="a language is no text"),
        pytest.param('feed:"coast news"', article("Rain"), True, id="the feed's title"),
        pytest.param("feed:(coast rain)", article("Rain"), False, id="the feed's title, before a group"),
        pytest.param("coast", article("Rain"), False, id="the feed's title is no text"),
    ],
)
def test_what_an_article_is(text: str, entry: Article, passes: bool) -> None:
    expression = parse(text)
    assert matches(expression, entry, now=NOW, feed="The Coast News").holds is passes
    assert (1 in percolate({1: expression}, entry, now=NOW, feed="The Coast News")) is passes


REPORT = article(
    "Rust 2.0 is out",
    text="The Go team congratulates.",
    author="Ann Muszyński",
    tags=("Programming languages", "News"),
    url="https://example.org/blog/%E4%B8%AD%E6%96%87?utm_source=feed",
)


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        pytest.param("rust go muszynski news", True, id="without a field: title, text, author and tags"),
        pytest.param("title:go", False, id="in the text, title asked"),
        pytest.param("text:go", True, id="in the text"),
        pytest.param("author:ann", True, id="the author"),
        pytest.param("tag:news", True, id="a tag"),
        pytest.param('tag:"languages news"', False, id="no phrase spans two tags"),
        pytest.param('"out the go"', False, id="no phrase spans title and text"),
        pytest.param("utm_source", False, id="links are not text"),
        pytest.param("link:utm_source", True, id="links if asked for"),
        pytest.param("link:中文", True, id="links as they are read, not percent-encoded"),
        pytest.param("title:(rust go)", False, id="a field before a group"),
        pytest.param("title:(rust text:go)", True, id="the inner field counts"),
        pytest.param("-title:go rust", True, id="without, in a field"),
    ],
)
def test_fields(text: str, passes: bool) -> None:
    assert matches(parse(text), REPORT, now=NOW).holds is passes
    assert (1 in percolate({1: parse(text)}, REPORT, now=NOW)) is passes


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        pytest.param(
            "muszynski",
            Verdict(True, (Because("muszynski", FieldName.AUTHOR, "Muszyński"),)),
            id="where it was found, in the article's letters",
        ),
        pytest.param("snow", Verdict(False, (Because("snow", None, ""),)), id="what is missing everywhere"),
        pytest.param(
            "title:go", Verdict(False, (Because("go", FieldName.TITLE, ""),)), id="what a field misses"
        ),
        pytest.param(
            "rust -go",
            Verdict(False, (Because("go", FieldName.TEXT, "Go"),)),
            id="held back: only the word that did it",
        ),
        pytest.param(
            "rust snow hail",
            Verdict(False, (Because("snow", None, ""), Because("hail", None, ""))),
            id="all of several: those that are missing",
        ),
        pytest.param(
            "snow OR rus*",
            Verdict(True, (Because("rus*", FieldName.TITLE, "Rus"),)),
            id="any of several: those that are there",
        ),
        pytest.param(
            'rust -"snow"',
            Verdict(True, (Because("rust", FieldName.TITLE, "Rust"), Because('"snow"', None, ""))),
            id="let through: all that had to be so",
        ),
        pytest.param("*", Verdict(True, ()), id="everything needs no reason"),
        pytest.param(
            "/r.st/",
            Verdict(True, (Because("/r.st/", FieldName.TITLE, "Rust"),)),
            id="what a pattern found, in the article's letters",
        ),
        pytest.param(
            "newer:2d has:audio",
            Verdict(False, (Because("has:audio", None, ""),)),
            id="what does not hang on it",
        ),
        pytest.param("newer:2d", Verdict(True, (Because("newer:2d", None, "2d"),)), id="how old it is"),
    ],
)
def test_why(text: str, verdict: Verdict) -> None:
    assert matches(parse(text), REPORT, now=NOW) == verdict


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("rain OR snow", ("Rain", "rain"), id="each spelling once, in the article's letters"),
        pytest.param("rain -wind", ("Rain", "rain"), id="nothing of what is behind a minus"),
        pytest.param("author:Ann text:rain", ("rain",), id="where it was asked for, of title and text"),
        pytest.param("snow bern", ("Bern",), id="also where the others are missing"),
        pytest.param("ai* OR *ern", ("AI", "Bern"), id="the whole word, where a part was asked for"),
        pytest.param("技*", ("技",), id="Chinese has no words to end"),
        pytest.param("*", (), id="everything names no word"),
        pytest.param('"never closed', (), id="what cannot be read names none"),
    ],
)
def test_words_found(text: str, words: tuple[str, ...]) -> None:
    assert words_found(text, "Rain in Bern", "Wind, rain and rain, says Ann. AI技术") == words


def test_a_missing_term_is_not_found() -> None:
    assert not Because("snow", None, "").found
    assert Because("rust", FieldName.TITLE, "Rust").found


@pytest.mark.parametrize(
    ("entry", "passes"),
    [
        pytest.param(
            article("Title", text="whole", summary="short"), False, id="the whole text if there is one"
        ),
        pytest.param(article("Title", summary="short"), True, id="else the summary"),
    ],
)
def test_the_text_of_an_article(entry: Article, passes: bool) -> None:
    assert matches(parse("text:short"), entry, now=NOW).holds is passes
