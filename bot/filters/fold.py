"""Makes texts that a reader would call the same text the same string, character by character.

Case, accents, width, ligatures, quotes, dashes and traditional or simplified Chinese are folded away. Both the
filter's terms and the article go through `fold`. Every step looks at one letter with its marks and at nothing
around it, so that a term found in a text is still found in it after folding.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib import resources

DOUBLE_QUOTES = '"“”„‟«»「」『』｢｣﹁﹂﹃﹄〝〞〟＂״'
_SINGLE_QUOTES = "'‘’‚‛′ʼʹˈ׳`"
_DASHES = "-‐‑‒–—―−﹣－"

_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"}
"""Letters with a stroke and ligatures that Unicode does not take apart, in lower case."""

_ALSO_SAME = str.maketrans("覆藉瞭锺沈钜衹牴彷著", "复借了钟沉巨只抵仿着")
"""Simplified characters that OpenCC reaches only through whole phrases (瞭解 → 了解, 沈沒 → 沉没).

Converting phrases would make a character's fold depend on its neighbours, and a term cut from a text would no
longer be found in it. Lost on purpose: 計畫 is not 计划, 項鍊 is not 项链, for that would make every 画 a 划.
"""


def fold(text: str) -> str:
    """The text as it is compared: folded, white space in single blanks, none at the ends."""
    if text.isascii():
        return " ".join(text.lower().replace("`", "'").split())
    # NFKD would make the acute accent that people type as an apostrophe a blank.
    apart = unicodedata.normalize("NFKD", text.replace("´", "'"))
    bare = apart.translate(_without_marks()).casefold()
    together = unicodedata.normalize("NFKC", bare)
    return " ".join(together.translate(_same_characters()).split())


@cache
def _without_marks() -> dict[int, None]:
    """Marks and invisible characters to take out.

    Combining classes below 10 stay (nukta, virama, the kana voicing marks), and so do the vowel and tone signs
    of Thai, Lao and Tibetan (103 to 132): without them other words remain. Hebrew points, Arabic vowel signs
    (10 to 36) and all accents (from 200) go; so do 1 (a stroke through the letter) and tatweel.
    """
    gone = dict.fromkeys([0x0640, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])
    for point in range(0x20000):
        letter = chr(point)
        if unicodedata.category(letter) == "Cf" or _is_accent(unicodedata.combining(letter)):
            gone[point] = None
    return gone


def _is_accent(combining: int) -> bool:
    return combining == 1 or 10 <= combining <= 36 or combining >= 200


@cache
def _same_characters() -> dict[int, str]:
    """One character for all that mean the same; applied last, to lower-case NFKC text.

    The table is OpenCC's own list of single characters. Its converter does the same and phrases too, but needs
    5 ms for 1,000 characters where `str.translate` needs 0.05 ms.
    """
    listed = (resources.files("opencc") / "dictionary" / "TSCharacters.txt").read_text("utf-8")
    pairs = (line.split("\t") for line in listed.splitlines())
    # Where OpenCC offers several, its own converter takes the first.
    same = {ord(old): new.split(" ")[0].translate(_ALSO_SAME) for old, new in pairs}
    same |= {old: chr(new) for old, new in _ALSO_SAME.items()}
    same |= dict.fromkeys(map(ord, DOUBLE_QUOTES), '"')
    same |= dict.fromkeys(map(ord, _SINGLE_QUOTES), "'")
    same |= dict.fromkeys(map(ord, _DASHES), "-")
    return same | {ord(letter): plain for letter, plain in _LETTERS.items()}
