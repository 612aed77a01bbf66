"""Makes texts that a reader would call the same text the same string, character by character.

Case, accents, width, ligatures, quotes, dashes and traditional or simplified Chinese are folded away. Both the
filter's terms and the article go through `fold`. Every step looks at one letter with its marks and at nothing
around it, so that a term found in a text is still found in it after folding.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib import resources
from itertools import chain
from types import MappingProxyType

DOUBLE_QUOTES = '"“”„‟«»「」『』｢｣﹁﹂﹃﹄〝〞〟＂״'
_SINGLE_QUOTES = "'‘’‚‛′ʼʹˈ׳`"
_DASHES = "-‐‑‒–—―−﹣－"

_LETTERS = MappingProxyType(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"}
)
"""Letters with a stroke and ligatures that Unicode does not take apart, in lower case."""

_ALSO_SAME = MappingProxyType(str.maketrans("覆藉瞭锺沈钜衹牴彷著", "复借了钟沉巨只抵仿着"))
"""Simplified characters that OpenCC reaches only through whole phrases (瞭解 → 了解, 沈沒 → 沉没).

Converting phrases would make a character's fold depend on its neighbours, and a term cut from a text would no
longer be found in it. Lost on purpose: 計畫 is not 计划, 項鍊 is not 项链, for that would make every 画 a 划.
And what simplified writing joined stays joined: 頭髮 and 發 share 发.
"""


_LONGEST_KEPT = 16


def fold(text: str) -> str:
    """The text as it is compared: folded, white space in single blanks, none at the ends."""
    if text.isascii():
        return " ".join(text.lower().replace("`", "'").split())
    return " ".join(" ".join(map(_word, text.split())).split())


def _word(word: str) -> str:
    # Most words come again and again; in scripts without spaces these are whole sentences, and come once.
    return _known_word(word) if len(word) <= _LONGEST_KEPT else _folded(word)


@lru_cache(maxsize=20_000)
def _known_word(word: str) -> str:
    return _folded(word)


def _folded(text: str) -> str:
    # NFKD would make the acute accent that people type as an apostrophe a blank.
    apart = unicodedata.normalize("NFKD", text.replace("´", "'"))
    # Case folding would make a letter of the iota that old Greek writes below another.
    folded = apart.replace("\u0345", "").casefold().translate(_same_characters())
    return unicodedata.normalize("NFKC", folded)


@cache
def _same_characters() -> dict[int, str]:
    """One character for all that mean the same, for text in lower-case NFKD; "" for what is not compared.

    The table for Chinese is OpenCC's own list of single characters. Its converter needs 5 ms for 1,000 characters
    where `str.translate` needs 0.08 ms.
    """
    listed = (resources.files("opencc") / "dictionary" / "TSCharacters.txt").read_text("utf-8")
    pairs = (line.split("\t") for line in listed.splitlines())
    # Where OpenCC offers several, its own converter takes the first.
    same = {ord(old): new.split(" ")[0].translate(_ALSO_SAME) for old, new in pairs}
    same |= {old: chr(new) for old, new in _ALSO_SAME.items()}
    same |= dict.fromkeys(map(ord, DOUBLE_QUOTES), '"')
    same |= dict.fromkeys(map(ord, _SINGLE_QUOTES), "'")
    same |= dict.fromkeys(map(ord, _DASHES), "-")
    same |= {ord(letter): plain for letter, plain in _LETTERS.items()}
    return same | dict.fromkeys(filter(_is_ignored, chain(*_WHERE_MARKS_ARE)), "")


_WHERE_MARKS_ARE = (
    range(0x80, 0x3100),
    range(0xA000, 0xAC00),
    range(0xFB00, 0x12000),
    range(0xE0100, 0xE01F0),
)
"""The rest of Unicode is Han, Hangul and rare; asking all of it would take 0.1 s."""


def _is_ignored(point: int) -> bool:
    """True for accents and for characters that nobody sees.

    Combining classes below 10 stay (nukta, virama, the kana voicing marks), and so do the vowel and tone signs
    of Thai, Lao and Tibetan (103 to 132): without them other words remain. Hebrew points and Arabic vowel signs
    (10 to 36) and all accents (from 200) go; so do strokes through letters (1), tatweel and variation selectors.
    """
    letter = chr(point)
    combining = unicodedata.combining(letter)
    accent = combining == 1 or 10 <= combining <= 36 or combining >= 200
    return accent or unicodedata.category(letter) == "Cf" or letter in _UNSEEN


_UNSEEN = frozenset(map(chr, (0x0640, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
