"""Where a word begins and ends: decided for each place, by the letters on both sides of it.

Scripts that put spaces between words are matched by whole words; Chinese, Japanese, Thai, Lao, Khmer and Burmese
anywhere inside. So `AI` is found in 使用AI技术 and not in "rain". Korean writes particles onto the word: it is
matched from its beginning. Word segmentation after Unicode (UAX #29) would need dictionaries for the same.
"""

from __future__ import annotations

import re
import unicodedata

_NO_SPACES = re.compile(
    "[\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035"  # Han radicals and iteration marks
    "\u3040-\u30ff\u31f0-\u31ff\u3100-\u312f"  # kana, bopomofo
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f"  # Burmese
    "\u1780-\u17ff\u19e0-\u19ff]"  # Khmer
)
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]")


def begins_word(text: str, start: int) -> bool:
    """True if a word may begin at `start` of a folded text."""
    return start == 0 or _apart(text[start - 1], text[start])


def ends_word(text: str, end: int) -> bool:
    """True if a word may end before `end` of a folded text."""
    if end == len(text):
        return True
    last, following = text[end - 1], text[end]
    if _HANGUL.match(last) and _HANGUL.match(following):
        return True
    return _apart(last, following)


def _apart(left: str, right: str) -> bool:
    if not right.isalnum():
        return not _is_mark(right)  # a mark sits on the letter before: ม้า is not มา with something after it
    # Indian vowels are marks and belong to the word. `_` does not: it joins words in hashtags.
    if not (left.isalnum() or _is_mark(left)):
        return True
    if left.isascii() and right.isascii():
        return False
    if _NO_SPACES.match(left) or _NO_SPACES.match(right):
        return True
    return bool(_HANGUL.match(left)) != bool(_HANGUL.match(right))


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")
