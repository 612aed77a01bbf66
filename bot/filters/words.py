"""Where a word begins and ends: decided for each place, by the letters on both sides of it.

Scripts that put spaces between words are matched by whole words; Chinese, Japanese, Thai, Lao, Khmer and Burmese
anywhere inside. So `AI` is found in 使用AI技术 and not in "rain". Korean writes particles onto the word: 광고 is found
in 광고를, and not in 광고주, which is another word. Word segmentation after Unicode (UAX #29) would need dictionaries
for the same.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_NO_SPACES = re.compile(
    "[\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035"  # Han radicals and iteration marks
    "\u3040-\u30ff\u31f0-\u31ff\u3100-\u312f"  # kana, bopomofo
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f"  # Burmese
    "\u1780-\u17ff\u19e0-\u19ff]"  # Khmer
)
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]")
_NO_HANGUL = "[^\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]"

# The plural, case and topic particles that stand on nouns, and the forms of "to be" that do; several may follow each
# other (서울에서만은). After the Korean Wikipedia's list of 조사; what stands only on verbs is not in it.
_PARTICLES = re.compile(
    "(?:들|은|는|이|가|을|를|의|에|에서|에게|에게서|께|께서|께서는|한테|한테서|더러|보고|로|으로|로서|으로서|로써|으로써"
    "|와|과|랑|이랑|하고|도|만|만큼|부터|까지|마저|조차|마다|밖에|뿐|대로|처럼|같이|보다|치고|커녕|은커녕|는커녕|나|이나"
    "|나마|이나마|라도|이라도|든지|이든지|든|이든|야|이야|아|여|이여|요|이요|며|이며|고|이고|라|이라|라고|이라고|라는|이라는|란|이란"
    "|면|이면|라면|이라면|다|이다|인|인데|이지만|였다|이었다|였던|이었던|입니다|이에요|예요|이자|자|씩|쯤|째|님|측)+"
    f"(?={_NO_HANGUL}|$)"
)

# What a letter is joined to, as bits. A mark sits on the letter before it, whatever that is: ม้า is not มา with
# something after it. Indian vowels are marks and belong to the word. `_` does not: it joins words in hashtags.
_ANYTHING, _LETTERS, _KOREAN = 4, 1, 2


def begins_word(text: str, start: int) -> bool:
    """True if a word may begin at `start` of a folded text."""
    return start == 0 or _apart(text[start - 1], text[start])


def ends_word(text: str, end: int) -> bool:
    """True if a word may end before `end` of a folded text."""
    if end == len(text) or _apart(text[end - 1], text[end]):
        return True
    return bool(_HANGUL.match(text[end - 1])) and _PARTICLES.match(text, end) is not None


class Edges:
    """Where words begin and end in one folded text, made ready to be asked of many places."""

    __slots__ = ("joined", "korean", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        kinds = text.translate(_kinds()).encode("latin-1")
        # All places at once: as one number, 20 times as fast as one by one.
        left, right = (int.from_bytes(kinds.translate(side), "little") for side in (_AS_LEFT, _AS_RIGHT))
        self.joined = (left << 8 & right).to_bytes(len(text) + 1, "little")
        """For each place in the text, and its end: 0 where a word may begin or end, else what joins its neighbours."""
        self.korean = _KOREAN in self.joined
        """Whether there may be words with particles."""

    def begins(self, start: int) -> bool:
        """As `begins_word`."""
        return not self.joined[start]

    def ends(self, end: int) -> bool:
        """As `ends_word`."""
        joined = self.joined[end]
        return not joined or (joined == _KOREAN and _PARTICLES.match(self.text, end) is not None)


def _apart(left: str, right: str) -> bool:
    kinds = _kinds()
    return not _AS_LEFT[kinds[ord(left)]] & _AS_RIGHT[kinds[ord(right)]]


class _Kinds(dict[int, int]):
    """The kind of each character, found out when it is first met."""

    def __missing__(self, point: int) -> int:
        self[point] = kind = _kind(chr(point))
        return kind


@cache
def _kinds() -> _Kinds:
    return _Kinds()


_OTHER, _LETTER, _HANGUL_LETTER, _UNSPACED, _MARK, _UNSPACED_MARK = range(6)
_AS_LEFT = bytes(
    [
        _ANYTHING,
        _ANYTHING | _LETTERS,
        _ANYTHING | _KOREAN,
        _ANYTHING,
        _ANYTHING | _LETTERS,
        _ANYTHING,
    ]
).ljust(256, b"\0")
_AS_RIGHT = bytes([0, _LETTERS, _KOREAN, 0, _ANYTHING, _ANYTHING]).ljust(256, b"\0")


def _kind(letter: str) -> int:
    unspaced = _NO_SPACES.match(letter) is not None
    if unicodedata.category(letter).startswith("M"):
        return _UNSPACED_MARK if unspaced else _MARK
    if not letter.isalnum():
        return _OTHER
    if unspaced:
        return _UNSPACED
    return _HANGUL_LETTER if _HANGUL.match(letter) else _LETTER
