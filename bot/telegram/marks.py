"""Telegram's HTML, made and unmade: what any text must go through to stand in it, and the words that it shows.

Source: Bot API, "HTML style": few tags, and only `&lt; &gt; &amp; &quot;` are decoded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.condense.text import CJK

_TAG = re.compile(r"<[^<>]*>")
# A message has a hundred entities; what is bold in every line says nothing.
MOST_MARKS = 20
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&"))


def escape(text: str, *, quotes: bool = True) -> str:
    """Make any text safe between tags and, with its quotes, inside attribute values in double quotes."""
    # A NUL ends Telegram's reading of an attribute: the whole message would be refused.
    text = text.replace("\0", "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;") if quotes else text


def words_of(html: str) -> str:
    """What Telegram shows of HTML that we wrote."""
    text = _TAG.sub("", html)
    for entity, sign in _ENTITIES:
        text = text.replace(entity, sign)
    return text


def tags_in(html: str) -> list[str]:
    """The tags that HTML of ours opens."""
    return [tag for tag in _TAG.findall(html) if not tag.startswith("</")]


def marked(text: str, words: Sequence[str]) -> str:
    """A text with these words bold, wherever they stand in it.

    Args:
        words: as they stand in the text, but for case.
    """
    found = finder(words)
    if found is None:
        return escape(text, quotes=False)
    # Of a split at one group every second piece is what was found.
    pieces = found.split(text, maxsplit=MOST_MARKS)
    return "".join(
        f"<b>{escape(piece, quotes=False)}</b>" if number % 2 else escape(piece, quotes=False)
        for number, piece in enumerate(pieces)
    )


def finder(words: Sequence[str]) -> re.Pattern[str] | None:
    """What finds these words, in one group, where they stand for themselves; None if there are none."""
    whole = "|".join(map(_whole, sorted(filter(str.strip, words), key=len, reverse=True)))
    return re.compile(f"({whole})", re.I) if whole else None


def _whole(word: str) -> str:
    """Ideographs stand without spaces; a letter beside another of its kind is part of a longer word."""
    letter = f"[^\\W{CJK}]"
    before = f"(?<!{letter})" if re.match(letter, word) else ""
    after = f"(?!{letter})" if re.match(letter, word[-1]) else ""
    return f"{before}{re.escape(word)}{after}"
