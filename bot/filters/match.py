"""Finds terms in an article: on its folded text, never on markup or links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import assert_never
from urllib.parse import unquote

from bot.filters.expression import FieldName, Part, Phrase, Term, Word
from bot.filters.fold import fold
from bot.filters.words import begins_word, ends_word
from bot.model import Article


@dataclass(frozen=True, slots=True)
class Needle:
    """A term as it is looked for."""

    text: str
    """Folded; never "" and never with a line break in it."""
    open_start: bool
    """Letters of the same word may stand before it."""
    open_end: bool

    def fits(self, text: str, start: int, end: int) -> bool:
        """True if the term, seen at these places of a folded text, stands there as a word."""
        return (self.open_start or begins_word(text, start)) and (self.open_end or ends_word(text, end))

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the term stands in a folded text, as start and end."""
        start = text.find(self.text)
        while start >= 0:
            end = start + len(self.text)
            if self.fits(text, start, end):
                yield start, end
            start = text.find(self.text, start + 1)


def needle(term: Term) -> Needle:
    """The term, folded."""
    match term:
        case Word(text) | Phrase(text):
            return Needle(fold(text), open_start=False, open_end=False)
        case Part(text, open_start, open_end):
            return Needle(fold(text), open_start, open_end)
        case _:
            assert_never(term)


def field_texts(article: Article) -> Mapping[FieldName, tuple[str, ...]]:
    """What each field says, as the article has it. Tags are apart, so that no phrase spans two."""
    return MappingProxyType(
        {
            FieldName.TITLE: (article.title,),
            FieldName.TEXT: (article.text or article.summary,),
            FieldName.AUTHOR: (article.author,),
            FieldName.TAG: article.tags,
            # People type addresses as they read them, not percent-encoded.
            FieldName.LINK: (unquote(article.url or ""),),
        }
    )
