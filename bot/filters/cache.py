"""Keeps the indexes of the feeds that brought something last, so that only a changed filter makes a new one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import FilterError
from bot.filters.expression import Everything, Expression
from bot.filters.index import FilterIndex
from bot.filters.parse import parse

_MOST_FILTERS = 200_000
"""About 0.3 GB: see `python -m tests.bench filters`."""


@dataclass(frozen=True, slots=True)
class _Kept:
    texts: Mapping[int, str]
    expressions: Mapping[str, Expression]
    """What each text says, so that a change costs reading one text and not all."""
    index: FilterIndex


class Indexes:
    """An index for each feed, made when it is first asked for and again when one of its filters is another.

    Args:
        most: filters of all feeds together; beyond, the feed that was asked for the longest time ago is forgotten.
    """

    def __init__(self, most: int = _MOST_FILTERS) -> None:
        self._most = most
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        self._filters = 0

    def of(self, feed_id: int, texts: Mapping[int, str]) -> FilterIndex:
        """The index of a feed's filters.

        Args:
            texts: each filter as saved, by the id it goes by. One that an older Feedbell saved in words we no longer
                read lets everything through: better too much than an article lost.
        """
        kept = self._kept.pop(feed_id, None)
        self._filters -= len(kept.texts) if kept else 0
        if kept is None or kept.texts != texts:
            kept = _made(texts, kept.expressions if kept else {})
        self._kept[feed_id] = kept
        self._filters += len(kept.texts)
        while self._filters > self._most:
            _, coldest = self._kept.popitem(last=False)
            self._filters -= len(coldest.texts)
        return kept.index


def _made(texts: Mapping[int, str], known: Mapping[str, Expression]) -> _Kept:
    expressions = {text: known.get(text) or _expression(text) for text in set(texts.values())}
    index = FilterIndex({number: expressions[text] for number, text in texts.items()})
    return _Kept(dict(texts), expressions, index)


def _expression(text: str) -> Expression:
    try:
        return parse(text)
    except FilterError:
        return Everything()
