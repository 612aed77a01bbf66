"""Plain text as a reader sees it: white space folded, entities decoded, nothing left that looks like markup.

`tidy` is the last gate of all text that leaves this room; applied to its own output it changes nothing.
"""

from __future__ import annotations

import html
import re
import unicodedata
from types import MappingProxyType

# Soft hyphen, zero-width space, word joiner, byte order mark: invisible, and they split words for filters.
# Joiners (U+200C, U+200D) and direction marks stay: Persian, Indic scripts, emoji and Hebrew need them.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\ufffc\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
# What shows nothing and is no white space to Python.
_BLANKS = "\u2800\u3164\u115f\u1160"
_ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,31}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
# An entity, and what stands before it that would be one with what is left of it: "&a&amp;b;".
_AMPERSANDS = re.compile(r"&[&#a-zA-Z0-9]*;")
_TAG = re.compile(r"<(/?[a-zA-Z!][^<>]*)>")
_TAG_START = re.compile(r"<(?=/?[a-zA-Z!])")
CJK = "\u2e80-\u2fdf\u3001-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff65"
_CJK_CHARACTER = re.compile(f"[{CJK}]")
# A line break in the source between two ideographs is no space. Source: CSS Text 4 §4.1.3, segment breaks.
_CJK_BREAK = re.compile(f"(?<=[{CJK}])[^\\S\n]*\n\\s*(?=[{CJK}])")
_DENSE = re.compile(f"[{CJK}\uac00-\ud7a3]+")
# These fill a whole square and bring their own white space.
_DIRECTED = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Embeddings and overrides end with U+202C, isolates with U+2069.
_ENDS_DIRECTION = MappingProxyType(
    {**dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c"), **dict.fromkeys("\u2066\u2067\u2068", "\u2069")}
)
_QUOTES = "“”‘’\"'"
_WIDE_ENDS = "。！？，、；：」』）】》〉"
_NO_WORD = re.compile(r"[\W_]+")
_ASCII_NO_WORD = MappingProxyType({code: None for code in range(128) if not chr(code).isalnum()})
# Twice escaped text is common, three times was seen; more would be a text about escaping.
_ROUNDS = 3
# The combining class of the sign that makes a conjunct of two consonants.
_VIRAMA = 9


def tidy(text: str) -> str:
    """One line of plain text: no markup, no entity, single spaces, none at the ends."""
    # What nobody sees goes first: without it an entity or a tag may appear.
    text = decode(_seen(text))
    # Text about markup, "the <b> tag", keeps its words between brackets that no renderer reads as a tag.
    if "<" in text and _TAG.search(text):
        # What is nested in another loses its first bracket at least: one pass, however deep.
        text = _TAG_START.sub("‹", _TAG.sub(r"‹\1›", text))
    if not text.isascii():
        if "\n" in text:
            text = _CJK_BREAK.sub("", text)
        for blank in _BLANKS:
            text = text.replace(blank, " ")
    return " ".join(text.split())


def decode(text: str) -> str:
    """Decode entities until none is left, at most `_ROUNDS` deep; what remains then loses its ampersands."""
    for _ in range(_ROUNDS):
        if "&" not in text or not _ENTITY.search(text):
            return text
        text = _seen(html.unescape(text))
    return _AMPERSANDS.sub(
        lambda run: run[0].replace("&", "")[:-1] if _ENTITY.search(run[0]) else run[0], text
    )


def _seen(text: str) -> str:
    """Without invisible signs."""
    # U+FFFC is the one of them that Python calls printable; asking it takes a tenth of the search's time.
    is_clean = text.replace("\n", "").isprintable() and (text.isascii() or "\ufffc" not in text)
    return text if is_clean else _INVISIBLE.sub("", text)


def join(left: str, right: str) -> str:
    """Put two pieces of running text together; Chinese and Japanese take no space between them."""
    if not left or not right:
        return left + right
    end, start = left.rstrip(_QUOTES)[-1:], right.lstrip(_QUOTES)[:1]
    if left[-1] in _WIDE_ENDS or (_CJK_CHARACTER.match(end) and _CJK_CHARACTER.match(start)):
        return left + right
    return f"{left} {right}"


def fingerprint(text: str) -> str:
    """What remains of a text when case, width, marks of punctuation and spaces do not count."""
    if text.isascii():
        return text.lower().translate(_ASCII_NO_WORD)
    return _NO_WORD.sub("", unicodedata.normalize("NFKC", text).casefold())


def weight(text: str) -> int:
    """A text's length in Latin letters: an ideograph, kana or Hangul syllable says about as much as two and a half."""
    return len(text) if text.isascii() else len(text) + sum(map(len, _DENSE.findall(text))) * 3 // 2


def grapheme_cut(text: str, limit: int) -> str:
    """The longest start of a text, at most `limit` code points, that ends between two graphemes.

    Source: UAX #29, the rules that matter in feeds: marks, joiners, variation selectors, skin tones, flags,
    conjuncts of Indic scripts, the vowel am of Thai and Lao.
    """
    end = min(limit, len(text))
    while 0 < end < len(text) and _sticks(text, end):
        end -= 1
    return text[:end]


def balanced(text: str) -> str:
    """A text whose direction marks end what they begin; without them, if they do not.

    What is left open turns round all that follows it in the message. Source: UAX #9 §2.
    """
    if text.isascii() or not _DIRECTED.search(text):
        return text
    waiting: list[str] = []
    for mark in _DIRECTED.findall(text):
        if mark in _ENDS_DIRECTION:
            waiting.append(_ENDS_DIRECTION[mark])
        elif not waiting or waiting.pop() != mark:
            return tidy(_DIRECTED.sub("", text))
    return tidy(_DIRECTED.sub("", text)) if waiting else text


def _sticks(text: str, at: int) -> bool:
    """Whether the character at `at` belongs to the one before it."""
    before, after = text[at - 1], text[at]
    if (
        unicodedata.category(after).startswith("M")
        or after in "\u200c\u200d\u0e33\u0eb3"
        or "\U0001f3fb" <= after <= "\U0001f3ff"
    ):
        return True
    if unicodedata.combining(before) == _VIRAMA and unicodedata.category(after) == "Lo":
        return True
    if before == "\u200d" or "\U000e0020" <= after <= "\U000e007f":
        return True
    if not (_is_flag(before) and _is_flag(after)):
        # Hangul vowels and finals written apart (NFD).
        return "\u1160" <= after <= "\u11ff"
    start = at
    while start and _is_flag(text[start - 1]):
        start -= 1
    return (at - start) % 2 == 1


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
