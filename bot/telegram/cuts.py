"""How much of a text has room, and whether it shows anything at all. Pure."""

from __future__ import annotations

from bot.condense.sentences import cut as shorten
from bot.condense.sentences import language_of, split
from bot.condense.text import grapheme_cut, join

# Code points, after parsing.
LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024
# Headlines and names beyond this are none.
LONGEST_TITLE, LONGEST_SOURCE = 300, 100


def cut(text: str, longest: int) -> str:
    """Shorten to `longest` code points, the last of them an ellipsis."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def fitting(text: str, most: int, language: str) -> str:
    """As many of a text's sentences as have room; of a first that is too long, its start.

    Args:
        most: code points.
        language: of the text, as its feed declares it.
    """
    if len(text) <= most:
        return text
    kept = ""
    for sentence in split(text, language_of(text, language)):
        longer = join(kept, sentence)
        if len(longer) > most:
            break
        kept = longer
    return kept or shorten(text, most)


def graphemes(text: str, longest: int) -> str:
    """As `cut`, and never within what a reader takes for one sign."""
    return text if len(text) <= longest else grapheme_cut(text, longest - 1).rstrip() + "…"


def first_seen(*texts: str | None) -> str:
    """The first text that shows anything; Telegram refuses messages of blanks and invisible signs."""
    return next((text for text in texts if text and any(map(shows, text))), "")


def shows(sign: str) -> bool:
    return sign.isprintable() and not sign.isspace()
