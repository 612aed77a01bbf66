"""Plain text as a reader sees it: white space folded, entities decoded, nothing left that looks like markup.

`tidy` is the last gate of all text that leaves this room; applied to its own output it changes nothing.
"""

from __future__ import annotations

import html
import re
import unicodedata

# Soft hyphen, zero-width space, word joiner, byte order mark: invisible, and they split words for filters.
# Joiners (U+200C, U+200D) and direction marks stay: Persian, Indic scripts, emoji and Hebrew need them.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\ufffc\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
_SPACES = re.compile(r"[\s\u3000\u2800\u3164\u115f\u1160]+")
_ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,31}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_TAG = re.compile(r"<(/?[a-zA-Z!][^<>]*)>")
_TAG_START = re.compile(r"<(?=/?[a-zA-Z!])")
CJK = "\u2e80-\u2fdf\u3001-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff65"
_CJK_CHARACTER = re.compile(f"[{CJK}]")
# A line break in the source between two ideographs is no space. Source: CSS Text 4 §4.1.3, segment breaks.
_CJK_BREAK = re.compile(f"(?<=[{CJK}])[^\\S\n]*\n\\s*(?=[{CJK}])")
_DENSE = re.compile(f"[{CJK}\uac00-\ud7a3]+")
# These fill a whole square and bring their own white space.
_QUOTES = "“”‘’\"'"
_WIDE_ENDS = "。！？，、；：」』）】》〉"
_WORD = re.compile(r"[^\W_]+")
# Twice escaped text is common, three times was seen; more would be a text about escaping.
_ROUNDS = 3


def tidy(text: str) -> str:
    """One line of plain text: no markup, no entity, single spaces, none at the ends."""
    text = decode(text)
    # Text about markup, "the <b> tag", keeps its words between brackets that no renderer reads as a tag.
    if "<" in text and _TAG.search(text):
        # What is nested in another loses its first bracket at least: one pass, however deep.
        text = _TAG_START.sub("‹", _TAG.sub(r"‹\1›", text))
    return _SPACES.sub(" ", _CJK_BREAK.sub("", _INVISIBLE.sub("", text))).strip()


def decode(text: str) -> str:
    """Decode entities until none is left, at most `_ROUNDS` deep; what remains then loses its ampersand."""
    for _ in range(_ROUNDS):
        if "&" not in text or not _ENTITY.search(text):
            return text
        text = html.unescape(text)
    return _ENTITY.sub(lambda entity: entity[0][1:-1], text)


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
    return "".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def weight(text: str) -> int:
    """A text's length in Latin letters: an ideograph, kana or Hangul syllable says about as much as two and a half."""
    return len(text) if text.isascii() else len(text) + sum(map(len, _DENSE.findall(text))) * 3 // 2


def grapheme_cut(text: str, limit: int) -> str:
    """The longest start of a text, at most `limit` code points, that ends between two graphemes.

    Source: UAX #29, the rules that matter in feeds: marks, joiners, variation selectors, skin tones, flags.
    """
    end = min(limit, len(text))
    while 0 < end < len(text) and _sticks(text, end):
        end -= 1
    return text[:end]


def _sticks(text: str, at: int) -> bool:
    """Whether the character at `at` belongs to the one before it."""
    before, after = text[at - 1], text[at]
    if (
        unicodedata.category(after).startswith("M")
        or after in "\u200c\u200d"
        or "\U0001f3fb" <= after <= "\U0001f3ff"
    ):
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
