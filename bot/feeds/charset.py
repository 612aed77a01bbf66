"""Bytes → text, whatever the publisher says or forgets to say about their encoding.

Rests on the codecs of Python; expat knows only a handful of encodings, so every document is decoded here and
handed on as UTF-8.
"""

from __future__ import annotations

import codecs
import re

# The longest first: a UTF-32 mark begins with a UTF-16 one.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MARKLESS = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"), (b"{\0", "utf-16-le"), (b"\0{", "utf-16-be"))

# What a label means in practice: the superset that publishers really write (WHATWG Encoding Standard §4.2).
_SUPERSETS = {
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "ks_c_5601": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "windows-31j": "cp932",
    "euc-jp": "euc_jp",
    "x-euc-jp": "euc_jp",
    "big5": "big5hkscs",
    "big-5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "tis-620": "cp874",
    "iso-8859-11": "cp874",
    "iso-8859-8-i": "iso-8859-8",
    "x-mac-roman": "mac_roman",
}
# Tried when the first codec of a family refuses a byte: private additions and newer editions of the standard.
_RELATIVES = {
    "cp1252": ("latin-1",),
    "cp1254": ("iso8859_9",),
    "cp932": ("shift_jis_2004",),
    "euc_jp": ("euc_jis_2004", "cp932"),
    "big5hkscs": ("cp950",),
    "cp949": ("johab",),
}
_UTF8 = frozenset({"utf-8", "utf8", "utf_8", "unicode", "utf-16", "utf16", "ucs-2"})
_DECLARED = re.compile(rb"""^[^<]{0,200}<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([\w.:-]+)""", re.IGNORECASE)
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)

_LATIN = (
    "iso8859_",
    "latin",
    "cp125",
    "cp4",
    "cp7",
    "cp8",
    "mac_",
    "hp_",
    "cp037",
    "cp1026",
    "cp1140",
    "cp500",
)
_OTHER_ALPHABETS = (
    *("cp1251", "cp1253", "cp1255", "cp1256", "cp855", "cp866", "cp874", "mac_cyrillic", "mac_greek"),
    *("iso8859_5", "iso8859_6", "iso8859_7", "iso8859_8", "iso8859_11", "cp737", "cp862", "cp864", "cp869"),
)
_CENTRAL_EUROPE = re.compile(
    rb"<language>\s*(?:pl|cs|sk|hu|sl|hr|ro|sq|bs)\b|lang=.(?:pl|cs|sk|hu|sl|hr|ro|sq|bs)\b", re.I
)
_STRAYS = re.compile("[\udc80-\udcff]")

_ENOUGH_PROOF = 12
"""Bytes beyond ASCII that may not form valid UTF-8 by chance; the famous accident ("联通" in GBK) has four."""
_SPARE = 0.02
"""Share of unreadable characters that is a publisher's slip rather than another encoding."""
_SAMPLE = 65_536
"""Bytes shown to the detector: enough to tell a script, and 0.04 s of its time on our machine."""


def decode(body: bytes, content_type: str = "") -> str:
    """Read bytes as text; never fails.

    Order: byte order mark; bytes that can only be UTF-8; the XML declaration; the header; a <meta> tag; UTF-8
    with slips; a detector; windows-1252. The declaration comes before the header, against RFC 3023, because
    servers send a default charset for files they know nothing of.

    Args:
        body: a whole document.
        content_type: the header as sent; "" if none.
    """
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    for start, codec in _MARKLESS:
        if body.startswith(start):
            return body.decode(codec, "replace")
    named = _named(body, content_type)
    if _is_utf8(body, sure_from=_ENOUGH_PROOF if any(_is_multibyte(name) for name in named) else 1):
        return body.decode("utf-8")
    for name in named:
        text = _strictly(body, name)
        if text is not None:
            return text
    return _with_slips(body, named)


def _named(body: bytes, content_type: str) -> tuple[str, ...]:
    """Name the codecs that document and header claim, without UTF-8, most trusted first."""
    head = body[:4096]
    declared = _DECLARED.search(head)
    meta = None if declared else _META.search(head)
    header = _HEADER.search(content_type)
    labels = (
        declared and declared[1].decode("ascii", "replace"),
        header and header[1],
        meta and meta[1].decode("ascii", "replace"),
    )
    lowered = (label.lower() for label in labels if label)
    return tuple(dict.fromkeys(_SUPERSETS.get(name, name) for name in lowered if name not in _UTF8))


def _is_multibyte(codec: str) -> bool:
    return codec.startswith(("gb", "cp9", "big5", "euc", "iso-2022", "shift", "johab", "hz"))


def _is_utf8(body: bytes, *, sure_from: int) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    beyond = len(body.translate(None, bytes(range(128))))
    return beyond >= sure_from or (beyond == 0 and b"\x1b" not in body)


def _strictly(body: bytes, codec: str) -> str | None:
    """Decode without a single slip, by the codec or a relative; None if none fits or the name is unknown."""
    for name in (codec, *_RELATIVES.get(codec, ())):
        try:
            return body.decode(name)
        except (UnicodeError, LookupError, TypeError, ValueError):
            # TypeError, ValueError: names such as `base64` that are codecs but give no text.
            continue
    return None


def _with_slips(body: bytes, named: tuple[str, ...]) -> str:
    """Decode a document that breaks every promise, with as few unreadable characters as we can."""
    claimed = ("utf-8", *(relative for name in named for relative in (name, *_RELATIVES.get(name, ()))))
    readings = [reading for reading in (_nearly(body, codec) for codec in claimed) if reading is not None]
    if readings:
        return min(readings, key=lambda reading: reading[0])[1]
    return body.decode(_guess(body), "replace")


def _nearly(body: bytes, codec: str) -> tuple[int, str] | None:
    """Decode if only a few bytes resist, and count those; None if many do or the name is unknown.

    Stray bytes in UTF-8 are windows-1252, the usual stowaway; elsewhere they mean nothing.
    """
    try:
        text = body.decode(codec, "surrogateescape")
    except (UnicodeError, LookupError, TypeError, ValueError):
        return None
    strays = len(text) - len(_STRAYS.sub("", text))
    beyond = len(text) - len(text.encode("ascii", "ignore")) - strays
    if strays > max(1, _SPARE * 10 * beyond) or strays > max(1, _SPARE * len(text)):
        return None
    return strays, _STRAYS.sub(_from_windows if codec == "utf-8" else "\ufffd", text)


def _from_windows(match: re.Match[str]) -> str:
    return bytes((ord(match[0]) - 0xDC00,)).decode("cp1252", "replace")


def _guess(body: bytes) -> str:
    """Guess a codec from the text itself.

    The detector tells scripts apart well, but not the Latin alphabets of one-byte codecs: it reads French as
    Polish. There we trust the document's word about its language, and take Western Europe otherwise.
    """
    from charset_normalizer import from_bytes  # here, since few documents need its tables

    best = from_bytes(body[:_SAMPLE]).best()
    if best is None:
        return "cp1252"
    if best.encoding.startswith(_LATIN) and best.encoding not in _OTHER_ALPHABETS:
        return "cp1250" if _CENTRAL_EUROPE.search(body[:_SAMPLE]) else "cp1252"
    return best.encoding
