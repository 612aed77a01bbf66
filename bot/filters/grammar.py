"""The grammar of the filter language, for lark.

Together binds tighter than OR: `machine learning, rust` is both words, or the third. A minus takes away from all
of its line or brackets: `tea, coffee -decaf` is (tea or coffee) without decaf.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from bot.filters.fold import DOUBLE_QUOTES

if TYPE_CHECKING:
    from lark import Lark

LONGEST = 500
"""Characters in one filter."""

_QUOTE = re.escape(DOUBLE_QUOTES.replace("״", ""))
"""״ is a letter of Hebrew abbreviations to those who type it: folded as a quote, but it opens no phrase."""
_ENDS = rf"\s{_QUOTE}()（）|｜,，､、"
"""Where a word ends. All that Chinese and Japanese keyboards type for the same key counts as that key."""
DASHES = r"\-‐‑‒–—―−﹣－"

QUOTED = rf"[{_QUOTE}](?:\\.|[^\\{_QUOTE}])*[{_QUOTE}]"
SINGLE_QUOTED = rf"['‘’][^\s'‘’{_QUOTE}][^'‘’{_QUOTE}]*['‘’](?=[{_ENDS}]|$)"
REGEX = rf"[/／](?:\\.|[^/／\\])+[/／][ims]*(?=[{_ENDS}]|$)"
"""The flags change nothing: case is ignored anyway, and no text has lines."""
_HEBREW = "א-ת"
_THOUSANDS = r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])"
WORD = rf"(?:{_THOUSANDS}|[^{_ENDS}{DASHES}])(?:[^{_ENDS}]|(?<=[{_HEBREW}])\"(?=[{_HEBREW}]))*"
"""Between two Hebrew letters a quote is gershayim, as typed on every keyboard: ארה"ב is one word. `10,000` is one
number, and no choice of two."""
_MEDIA = "(?:pictures?|images?|photos?|audios?|videos?)"
HAS = rf"(?i:has[:：]{_MEDIA}(?:[|｜]{_MEDIA})+(?=[{_ENDS}]|$))"
"""`has:picture|audio` in one: else the bar would make a word of what follows it."""
FIELD = r"[A-Za-z]+[:：]"
MINUS = rf"[{DASHES}]+(?=[^\s{DASHES}])"
OR = rf"OR(?=[{_ENDS}]|$)|[|｜]+|[,，､、]"
AND = rf"AND(?=[{_ENDS}]|$)"
NOT = rf"NOT(?=[{_ENDS}]|$)"

_GRAMMAR = r"""
?start: any
?any: all (_OR all)*
?all: _one (_AND? _one)*
_one: not | field | group | QUOTED | REGEX | HAS | WORD
not: _not _one
_not: NOT | MINUS
field: FIELD _one
group: OPEN any? CLOSE

OPEN: "(" | "（"
CLOSE: ")" | "）"
%ignore /\s+/
"""


@cache
def language() -> Lark:
    """The parser: LALR, so that no text makes it slow or deep. Built on first use: importing lark takes 50 ms."""
    from lark import Lark

    return Lark(_GRAMMAR + _terminals(), parser="lalr", lexer="basic", maybe_placeholders=False)


def _terminals() -> str:
    """The terminals with who goes first: what is quoted, then operators, then words."""
    ranked = {
        "QUOTED.3": f"{QUOTED}|{SINGLE_QUOTED}",
        "REGEX.3": REGEX,
        "HAS.3": HAS,
        "_OR.2": OR,
        "_AND.2": AND,
        "NOT.2": NOT,
        "FIELD.2": FIELD,
        "MINUS.2": MINUS,
        "WORD.1": WORD,
    }
    return "\n".join(f"{name}: /{_for_lark(pattern)}/" for name, pattern in ranked.items())


def _for_lark(pattern: str) -> str:
    """Lark ends a pattern at a bare slash."""
    return re.sub(r"(?<!\\)/", r"\\/", pattern)
