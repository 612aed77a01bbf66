"""Every encoding that publishers write reads right, whatever they call it."""

from __future__ import annotations

import pytest

from bot.feeds import read
from bot.feeds.charset import decode
from bot.model import ParsedFeed

KOREAN = "부산항에 새 등대가 섰다"
JAPANESE = "港に新しい灯台が建った。①㈱"
CHINESE = "港口新建了一座灯塔，渔民都来观看。"
TRADITIONAL = "港口新建了一座燈塔，漁民都來觀看。"
RUSSIAN = "В гавани построили новый маяк"
THAI = "มีประภาคารใหม่ที่ท่าเรือ"
FRENCH = "Un phare neuf à l’entrée – 12 €"
POLISH = "W porcie stanęła nowa latarnia, żółta"
GREEK = "Νέος φάρος στο λιμάνι"
HEBREW = "מגדלור חדש בנמל"
TURKISH = "Limana yeni bir deniz feneri ışığı"


def feed(title: str, declared: str | None, codec: str, *, errors: str = "strict") -> bytes:
    declaration = f' encoding="{declared}"' if declared else ""
    text = (
        f'<?xml version="1.0"{declaration}?><rss version="2.0"><channel><title>{title}</title>'
        f"<item><title>{title}</title><link>http://a.example/1</link></item></channel></rss>"
    )
    return text.encode(codec, errors)


def title_of(body: bytes, content_type: str = "") -> str:
    result = read(body, url="http://a.example/feed", content_type=content_type)
    assert isinstance(result, ParsedFeed)
    assert result.title == result.entries[0].title
    return result.entries[0].title


@pytest.mark.parametrize(
    ("title", "declared", "codec"),
    [
        pytest.param(KOREAN, "EUC-KR", "euc_kr", id="EUC-KR, which expat refuses"),
        pytest.param(KOREAN + " 뷁", "euc-kr", "cp949", id="called EUC-KR, with letters only CP949 has"),
        pytest.param(KOREAN, "ks_c_5601-1987", "cp949", id="Korean under the standard's number"),
        pytest.param(JAPANESE, "EUC-JP", "cp932", id="called EUC-JP, but Shift_JIS"),
        pytest.param(JAPANESE[:-2], "euc-jp", "euc_jp", id="EUC-JP"),
        pytest.param(
            JAPANESE[:-2] + "Ⅳ",
            "euc-jp",
            "euc_jis_2004",
            id="called EUC-JP, with signs only its successor has",
        ),
        pytest.param(JAPANESE[:-2], "ISO-2022-JP", "iso2022_jp", id="ISO-2022-JP, whose bytes are all ASCII"),
        pytest.param(JAPANESE, "Shift_JIS", "cp932", id="Shift_JIS with Microsoft's additions"),
        pytest.param(CHINESE, "gb2312", "gb2312", id="GB2312"),
        pytest.param(CHINESE + "镕", "gb2312", "gbk", id="called GB2312, with characters only GBK has"),
        pytest.param(CHINESE, "GBK", "gbk", id="GBK"),
        pytest.param(CHINESE + "𠮷", "GB18030", "gb18030", id="GB18030 with four bytes"),
        pytest.param(TRADITIONAL, "Big5", "big5", id="Big5"),
        pytest.param(TRADITIONAL + "嘅", "big5", "big5hkscs", id="called Big5, with Hong Kong's characters"),
        pytest.param(RUSSIAN, "windows-1251", "cp1251", id="windows-1251"),
        pytest.param(RUSSIAN, "koi8-r", "koi8_r", id="KOI8-R"),
        pytest.param(RUSSIAN, "iso-8859-5", "iso8859_5", id="ISO 8859-5"),
        pytest.param(THAI, "tis-620", "cp874", id="TIS-620"),
        pytest.param(
            FRENCH, "iso-8859-1", "cp1252", id="called Latin 1, with windows-1252's euro and dashes"
        ),
        pytest.param(FRENCH, "us-ascii", "cp1252", id="called ASCII, but windows-1252"),
        pytest.param(POLISH, "iso-8859-2", "iso8859_2", id="ISO 8859-2"),
        pytest.param(POLISH, "windows-1250", "cp1250", id="windows-1250"),
        pytest.param(GREEK, "iso-8859-7", "iso8859_7", id="ISO 8859-7"),
        pytest.param(HEBREW, "windows-1255", "cp1255", id="windows-1255"),
        pytest.param(HEBREW, "iso-8859-8-i", "iso8859_8", id="ISO 8859-8 in logical order"),
        pytest.param(TURKISH, "iso-8859-9", "iso8859_9", id="ISO 8859-9"),
        pytest.param(CHINESE, "utf-8", "utf-8", id="UTF-8"),
        pytest.param(CHINESE, "utf-8", "utf-8-sig", id="UTF-8 with a mark"),
        pytest.param(CHINESE, "utf-16", "utf-16", id="UTF-16 with a mark"),
        pytest.param(CHINESE, "utf-16", "utf-16-le", id="UTF-16, little end first, without a mark"),
        pytest.param(CHINESE, "utf-16", "utf-16-be", id="UTF-16, big end first, without a mark"),
        pytest.param(CHINESE, None, "utf-32", id="UTF-32 with a mark"),
        pytest.param(CHINESE, None, "utf-8", id="UTF-8 and nothing said"),
        pytest.param(CHINESE, "iso-8859-1", "utf-8", id="called Latin 1, but UTF-8"),
        pytest.param(CHINESE, "gb2312", "utf-8", id="called GB2312, but UTF-8"),
        pytest.param(CHINESE, "no-such-encoding", "utf-8", id="an encoding nobody knows, but UTF-8"),
        pytest.param(CHINESE, "base64", "utf-8", id="a codec that gives no text"),
        pytest.param(FRENCH, "utf-8", "utf-8", id="French in UTF-8"),
    ],
)
def test_a_declared_encoding(title: str, declared: str | None, codec: str) -> None:
    assert title_of(feed(title, declared, codec)) == title


@pytest.mark.parametrize(
    ("title", "codec", "content_type"),
    [
        pytest.param(RUSSIAN, "koi8_r", "text/xml; charset=KOI8-R", id="the header alone tells"),
        pytest.param(KOREAN, "cp949", 'text/xml;charset="euc-kr"', id="the header in quotes"),
        pytest.param(CHINESE, "utf-8", "text/xml; charset=iso-8859-1", id="the header lies about UTF-8"),
    ],
)
def test_the_header_speaks_when_the_document_does_not(title: str, codec: str, content_type: str) -> None:
    assert title_of(feed(title, None, codec), content_type) == title


def test_the_declaration_is_believed_before_the_header() -> None:
    """Servers send one default charset for every file they have."""
    assert title_of(feed(RUSSIAN, "windows-1251", "cp1251"), "text/xml; charset=koi8-r") == RUSSIAN


def test_a_stray_byte_does_not_spoil_utf8() -> None:
    """A publisher pasted one windows-1252 apostrophe into a UTF-8 feed; all else must stay."""
    body = feed("X" + CHINESE * 5, "utf-8", "utf-8").replace(b"X", b"l\x92eau ")
    assert title_of(body) == "l’eau " + CHINESE * 5


@pytest.mark.parametrize(
    ("sentence", "codec"),
    [
        pytest.param(RUSSIAN + ", и вечером рыбаки пришли посмотреть на его свет.", "cp1251", id="Russian"),
        pytest.param(KOREAN + " 저녁에는 어부들이 불빛을 보러 왔다.", "cp949", id="Korean"),
        pytest.param(
            "Un phare tout neuf a été bâti à l'entrée du port; être là, ça plaît.", "cp1252", id="French"
        ),
        pytest.param(
            "Últimas notícias: o farol novo está à entrada do porto, não é?", "cp1252", id="Portuguese"
        ),
    ],
)
def test_an_undeclared_legacy_encoding_is_guessed(sentence: str, codec: str) -> None:
    """Enough text of one language names its script, and Western Europe is the rule among Latin letters."""
    assert title_of(feed(" ".join([sentence] * 10), None, codec)) == " ".join([sentence] * 10)


def test_the_language_decides_between_latin_alphabets() -> None:
    sentence = "W porcie stanęła nowa latarnia, żółta jak słońce, i wieczorem rybacy przyszli ją obejrzeć. "
    body = f"<rss><channel><language>pl</language><title>{sentence * 10}</title></channel></rss>".encode(
        "cp1250"
    )
    result = read(body, url="http://a.example/feed")
    assert isinstance(result, ParsedFeed)
    assert result.title == (sentence * 10).strip()


def test_a_broken_byte_spoils_one_character_only() -> None:
    """Half a character in the middle of a Korean feed."""
    body = feed(KOREAN * 9 + "X" + KOREAN * 9, "euc-kr", "cp949").replace(b"X", b"\xff")
    assert title_of(body) == KOREAN * 9 + "\ufffd" + KOREAN * 9


def test_a_web_page_names_its_encoding_in_a_tag() -> None:
    assert decode('<html><meta charset="windows-1251">Маяк</html>'.encode("cp1251")).endswith("Маяк</html>")
