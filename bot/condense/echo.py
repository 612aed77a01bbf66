"""How much of one text stands in another: the proof that both speak of the same thing, in the same language."""

from __future__ import annotations

import re
import unicodedata

# Scripts whose words nothing parts, or that marks part: two neighbours stand for a word there.
_DENSE = "\u0900-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
# Shorter words stand in every text.
_WORDS = re.compile(rf"[{_DENSE}]{{2,}}|(?:(?![{_DENSE}])[^\W\d_]){{4,}}")
_IS_DENSE = re.compile(f"[{_DENSE}]")
# Endings change: the start of a word is enough.
_STEM = 5
_NUMBERS = re.compile(r"\d+(?:[.,'’\s]\d{3}(?!\d))*")


def echo(text: str, source: str) -> float:
    """The part of a text's words that stand in `source` too: 0.0 to 1.0; 0.0 for a text without words."""
    words = _words(text)
    return len(words & _words(source)) / len(words) if words else 0.0


def invents_numbers(text: str, source: str) -> bool:
    """Whether a text names a number of two digits or more that `source` does not."""
    return not {number for number in _numbers(text) if len(number) > 1} <= _numbers(source)


def _words(text: str) -> set[str]:
    found: set[str] = set()
    for word in _WORDS.findall(_folded(text)):
        if _IS_DENSE.match(word):
            found.update(word[at : at + 2] for at in range(len(word) - 1))
        else:
            found.add(word[:_STEM])
    return found


def _numbers(text: str) -> set[str]:
    return {"".join(filter(str.isdigit, number)) for number in _NUMBERS.findall(_folded(text))}


def _folded(text: str) -> str:
    """Case, width and marks do not count."""
    parts = unicodedata.normalize("NFKD", text)
    bare = "".join(part for part in parts if not unicodedata.category(part).startswith("M"))
    return unicodedata.normalize("NFKC", bare).casefold()
