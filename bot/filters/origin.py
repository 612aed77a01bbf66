"""Finds back what a place in a folded text was before folding, to show the article's own letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from bot.filters.fold import fold


def as_written(text: str, start: int, end: int) -> str:
    """The part of `text` that became `fold(text)[start:end]`.

    Folded again piece by piece: words first, letters only in the words concerned. Where a rare script folds
    differently in pieces, the folded letters themselves.
    """
    folded = fold(text)
    words = [word for word in text.split() if fold(word)]
    if " ".join(map(fold, words)) != folded:
        return folded[start:end]
    concerned, first = _covering(words, start, end, gap=1)
    whole = " ".join(concerned)
    letters = list(_letters(whole))
    if "".join(map(_fold_letter, letters)) != fold(whole):
        return folded[start:end]
    return "".join(_covering(letters, start - first, end - first, gap=0)[0])


def _covering(pieces: Iterable[str], start: int, end: int, *, gap: int) -> tuple[list[str], int]:
    """The pieces whose folds touch start to end, and where the first of them begins."""
    found: list[str] = []
    first = at = 0
    for piece in pieces:
        length = len(_fold_letter(piece))
        if at < end and at + length > start:
            first = first if found else at
            found.append(piece)
        at += length + gap
    return found, first


def _fold_letter(piece: str) -> str:
    return " " if piece == " " else fold(piece)


def _letters(text: str) -> Iterator[str]:
    """Letters with the marks that sit on them; Hangul that is written in parts stays together."""
    letter = ""
    for character in text:
        if letter and not _joins(character):
            yield letter
            letter = ""
        letter += character
    if letter:
        yield letter


def _joins(character: str) -> bool:
    first = unicodedata.normalize("NFKD", character)[0]
    return unicodedata.category(first).startswith("M") or "\u1160" <= first <= "\u11ff"
