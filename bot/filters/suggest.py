"""Words that would part better what a filter lets through from what it holds back: plain counting."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from bot.errors import FilterError
from bot.filters.canonical import canonical
from bot.filters.expression import Expression
from bot.filters.fold import fold
from bot.filters.parse import parse
from bot.filters.words import begins_word
from bot.model import Article

MOST = 5

_SHORTEST = 3
# Where Chinese, Japanese and Korean begin in Unicode; two of their letters are a word.
_CHINESE = "\u2e80"
_LONGEST = 30

# In more than this share of all articles, a word says nothing of any of them: "the", a newspaper's own name.
_EVERYWHERE = 0.8

# Seen in one article alone, it is that article's.
_RARE = 2

# What headlines are made of, beside their news.
_SMALL = frozenset(
    re.findall(
        r"\w+",
        """about after again all also and are back been before but can could does every for from get gets has have her
        his how into its just like made make may more most new not now off one only other our out over own say says she
        should some still than that the their them they this too two until use using via was were what when where which
        who why will with without would you your
        der die das und den dem des ein eine einer mit von für auf ist nicht sich auch wie
        les une dans pour sur avec est par qui que del las los una para por con
        我们 你们 他们 这个 一个 没有 什么 如何 可以 已经""",
    )
)


def suggestions(judged: Sequence[tuple[Article, bool]]) -> tuple[str, ...]:
    """Up to five words to add to a filter, each as it would be typed: `word`, or `-word` to be without it, best
    first.

    A word that most of what comes through has, and of what is held back less, narrows to the heart of it; one that is
    found rather in what is held back takes away what came along. Nothing for a filter that lets nothing through: more
    words only narrow.

    Args:
        judged: articles, and whether the filter lets them through.
    """
    having = [_words_of(article) for article, _ in judged]
    through = [passed for _, passed in judged]
    wanted = Counter(word for words, passed in zip(having, through, strict=True) if passed for word in words)
    held = Counter(
        word for words, passed in zip(having, through, strict=True) if not passed for word in words
    )
    # Of words that part as well, headlines have the telling ones.
    headlines = Counter(word for article, _ in judged for word in frozenset(_words(fold(article.title))))
    many, few = sum(through), len(judged) - sum(through)
    most = max(_EVERYWHERE * len(judged), _RARE)
    ranked = sorted(
        (
            -_worth(wanted[word] / many, held[word] / few if few else None),
            -wanted[word],
            -headlines[word],
            word,
        )
        for word in wanted
        if wanted[word] < many and _RARE <= wanted[word] + held[word] <= most
    )
    chosen: dict[frozenset[int], str] = {}
    for *_, word in ranked:
        # Words that stand in the same articles, as the halves of a name do, are one suggestion.
        where = frozenset(place for place, words in enumerate(having) if word in words)
        narrows = bool(few) and wanted[word] / many > held[word] / few
        chosen.setdefault(where, word if narrows else f"-{word}")
        if len(chosen) == MOST:
            break
    return tuple(chosen.values())


def with_word(expression: Expression, word: str) -> str | None:
    """The filter with a suggestion added, in its canonical form; None if it would be too long."""
    try:
        return canonical(parse(f"({canonical(expression)}) {word}"))
    except FilterError:
        return None


def _worth(through: float, held: float | None) -> float:
    """How well a word parts the two, from the shares of both that have it; with nothing held back, how evenly it
    parts what comes through."""
    return min(through, 1 - through) if held is None else abs(through - held)


def _words_of(article: Article) -> frozenset[str]:
    """The words of its headline, tags and summary, folded; those of the whole text would be anybody's."""
    texts = (article.title, article.summary, *article.tags)
    return frozenset(word for text in texts for word in _words(fold(text)) if _says_something(word))


def _says_something(word: str) -> bool:
    return len(word) <= _LONGEST and not word.isdecimal() and word not in _SMALL


def _words(text: str) -> Iterator[str]:
    """Words where a script parts them; each two letters that stand together in Chinese and Japanese. Thai and its
    neighbours part nothing, and two letters of them are no word."""
    begins = [at for at, letter in enumerate(text) if letter.isalnum() and begins_word(text, at)]
    pieces = [text[at:following] for at, following in pairwise([*begins, len(text)])]
    for piece in pieces:
        word = "".join(takewhile(_is_of_word, piece))
        if len(word) >= (2 if word[0] >= _CHINESE else _SHORTEST):
            yield word
    for first, second in pairwise(pieces):  # single letters are pieces only where nothing parts words
        if len(first) == 1 and first >= _CHINESE and second[0] >= _CHINESE:
            yield first + second[0]


def _is_of_word(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter).startswith("M")
