"""Keeps the indexes of the feeds that brought something last, so that only a changed filter makes a new one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from bot.filters.expression import Expression
from bot.filters.index import FilterIndex
from bot.filters.wanted import Wants, readable, wanted

_MOST_FILTERS = 200_000
"""About 0.3 GB: see `python -m tests.bench filters`."""


@dataclass(frozen=True, slots=True)
class _Kept:
    wants: Mapping[int, Wants]
    read: Mapping[str, Expression | None]
    """What each text says, so that a change costs reading one text and not all."""
    index: FilterIndex


class Indexes:
    """An index for each feed, made when it is first asked for and again when one of its filters is another.

    May be asked in several threads; two that ask for one feed at the same time both make its index.

    Args:
        most: filters of all feeds together; beyond, the feed that was asked for the longest time ago is forgotten.
    """

    def __init__(self, most: int = _MOST_FILTERS) -> None:
        self._most = most
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        self._filters = 0
        self._lock = Lock()

    def of(self, feed_id: int, wants: Mapping[int, Wants]) -> FilterIndex:
        """The index of a feed's filters.

        Args:
            wants: what each of its readers wants, by the id it goes by.
        """
        with self._lock:
            kept = self._kept.get(feed_id)
        # Not while others wait: of a hundred thousand filters it takes seconds.
        if kept is None or kept.wants != wants:
            kept = _made(wants, kept.read if kept else {})
        with self._lock:
            self._keep(feed_id, kept)
        return kept.index

    def _keep(self, feed_id: int, kept: _Kept) -> None:
        before = self._kept.pop(feed_id, None)
        self._filters += len(kept.wants) - (len(before.wants) if before else 0)
        self._kept[feed_id] = kept
        while self._filters > self._most:
            _, coldest = self._kept.popitem(last=False)
            self._filters -= len(coldest.wants)


def _made(wants: Mapping[int, Wants], known: Mapping[str, Expression | None]) -> _Kept:
    distinct = set(wants.values())
    texts = {text for one in distinct for text in one.texts}
    read = {text: known[text] if text in known else readable(text) for text in texts}
    said = {one: wanted(one, read) for one in distinct}
    return _Kept(dict(wants), read, FilterIndex({number: said[one] for number, one in wants.items()}))
