"""Articles of what a person follows, found by words, to be shared with others."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot import filters
from bot.errors import FilterError
from bot.model import Article
from bot.ports import Clock, Store

# Looked through at most, newest first: all of them are read again at every letter somebody types.
_MOST = 300
PAGE = 20
"""Articles at once. Source: Bot API, answerInlineQuery, `results`: at most 50."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A page of articles."""

    articles: tuple[tuple[Article, str], ...]
    """Newest first, each with its feed's title."""
    following: bool
    """Whether the person's feeds have any articles at all."""
    more: bool


class Sharing:
    """What inline mode asks."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def find(self, user_id: int, text: str, offset: int) -> Shared | FilterError:
        """Find articles of the person's private chat by a filter; "" finds the newest.

        Args:
            offset: so many of what is found were shown already.
        """
        try:
            expression = filters.parse(text) if text.strip() else None
        except FilterError as error:
            return error
        latest = await self._store.latest(user_id, _MOST)
        found = latest
        if expression is not None:  # in a thread: others talk meanwhile
            found = await asyncio.to_thread(self._passing, expression, latest)
        end = offset + PAGE
        return Shared(found[offset:end], bool(latest), len(found) > end)

    def _passing(
        self, expression: filters.Expression, latest: tuple[tuple[Article, str], ...]
    ) -> tuple[tuple[Article, str], ...]:
        now = self._clock.now()
        return tuple(
            (article, feed)
            for article, feed in latest
            if filters.matches(expression, article, now=now, feed=feed).holds
        )
