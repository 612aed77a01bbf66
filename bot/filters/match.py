"""Finds terms in an article: on its folded text, never on markup or links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import assert_never
from urllib.parse import unquote, urlsplit

from bot.filters.expression import (
    Age,
    Fact,
    FieldName,
    Has,
    Media,
    Part,
    Pattern,
    Phrase,
    Term,
    Word,
)
from bot.filters.fold import fold
from bot.filters.pattern import Search, search
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


def needle(term: Term) -> Needle | Search:
    """The term, folded."""
    match term:
        case Word(text) | Phrase(text):
            return Needle(fold(text), open_start=False, open_end=False)
        case Part(text, open_start, open_end):
            return Needle(fold(text), open_start, open_end)
        case Pattern(text):
            return search(text)
        case _:
            assert_never(term)


def is_true(fact: Fact, article: Article, now: datetime) -> bool:
    """Whether a fact holds; `now` is aware, the time of matching."""
    match fact:
        case Has(media):
            return media in _media(article)
        case Age(older):
            # Without a date it is as old as our knowledge of it: new.
            age = now - article.published if article.published else timedelta()
            return (age > fact.span) is older
        case _:
            assert_never(fact)


def _media(article: Article) -> Iterator[Media]:
    if article.image or article.gallery:
        yield Media.PICTURE
    for file in article.enclosures:
        kind = file.type.partition("/")[0]
        name = urlsplit(file.url).path.lower()
        for media, kinds, endings in _KINDS:
            # Many publishers call every file application/octet-stream.
            if kind in kinds or (kind in {"", "application"} and name.endswith(endings)):
                yield media


_KINDS = (
    (Media.PICTURE, {"image"}, (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif")),
    (Media.AUDIO, {"audio"}, (".mp3", ".m4a", ".ogg", ".oga", ".opus", ".aac", ".flac", ".wav")),
    (Media.VIDEO, {"video"}, (".mp4", ".m4v", ".webm", ".mov", ".mkv", ".ogv", ".m3u8")),
)


def field_texts(article: Article, feed: str) -> Mapping[FieldName, tuple[str, ...]]:
    """What each field says, as the article has it. Tags are apart, so that no phrase spans two.

    Args:
        feed: the title of the feed that brought it; "" if not known.
    """
    return MappingProxyType(
        {
            FieldName.TITLE: (article.title,),
            FieldName.TEXT: (article.text or article.summary,),
            FieldName.AUTHOR: (article.author,),
            FieldName.TAG: article.tags,
            # People type addresses as they read them, not percent-encoded.
            FieldName.LINK: (unquote(article.url or ""),),
            FieldName.FEED: (feed,),
            FieldName.LANG: (article.language,),
        }
    )
