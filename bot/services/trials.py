"""Filters tried before they are saved: on the articles that their feed had lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import filters
from bot.errors import FilterError
from bot.model import MOST_TRIED, Article, Subscription, Tried
from bot.ports import Clock, Store

_WEEK = timedelta(weeks=1)
_SHORTEST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Judged:
    """One article, and what the filter says of it."""

    article: Article
    verdict: filters.Verdict


@dataclass(frozen=True, slots=True)
class Trial:
    """What a filter would have done. Nothing is saved."""

    id: int
    """To save it by."""
    subscription: Subscription
    filter: str
    """In its canonical form."""
    judged: tuple[Judged, ...]
    """Newest first."""
    weekly: float | None
    """How many articles a week come through, as it looks; None if that cannot be told."""
    suggestions: tuple[str, ...]
    """Words to add, as they are typed."""

    @property
    def through(self) -> int:
        """How many would have come."""
        return sum(one.verdict.holds for one in self.judged)


@dataclass(frozen=True, slots=True)
class Misread:
    """A filter that does not parse."""

    error: FilterError
    id: int | None
    """To try by what is offered instead; None if nothing is."""


class Gone:
    """The chat does not follow that feed any more, or the filter's buttons are out of date."""


TrialResult = Trial | Misread | Gone


class Trials:
    """Filters between being typed and being saved."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def of(self, subscription: Subscription, text: str) -> TrialResult:
        """Try a filter as typed."""
        try:
            expression = filters.parse(text)
        except FilterError as error:
            if not error.offered:
                return Misread(error, None)
            return Misread(error, await self._keep(Tried(subscription, error.offered)))
        return await self._try(subscription, expression)

    async def again(self, chat_id: int, trial_id: int, suggestion: int | None = None) -> TrialResult:
        """Try what a button stands for.

        Args:
            suggestion: with that one of its suggestions added, from 0; None: as it is.
        """
        tried = await self._store.trial(chat_id, trial_id)
        if tried is None or (suggestion is not None and suggestion >= len(tried.more)):
            return Gone()
        return await self.of(
            tried.subscription, tried.filter if suggestion is None else tried.more[suggestion]
        )

    async def accepted(self, chat_id: int, trial_id: int) -> Tried | None:
        """What is to be saved; None if it is out of date."""
        return await self._store.trial(chat_id, trial_id)

    async def _try(self, subscription: Subscription, expression: filters.Expression) -> TrialResult:
        articles = await self._store.past_articles(subscription.feed_id, MOST_TRIED)
        now, feed = self._clock.now(), subscription.feed_title
        judged = tuple(
            Judged(article, filters.matches(expression, article, now=now, feed=feed)) for article in articles
        )
        offered = {
            word: longer
            for word in filters.suggestions([(one.article, one.verdict.holds) for one in judged])
            if (longer := filters.with_word(expression, word)) is not None
        }
        text = filters.canonical(expression)
        kept = await self._keep(Tried(subscription, text, tuple(offered.values())))
        if kept is None:
            return Gone()
        weekly = passing_weekly(judged, now)
        return Trial(kept, subscription, text, judged, weekly, tuple(offered))

    async def _keep(self, tried: Tried) -> int | None:
        async with self._store.transaction() as tx:
            return await tx.keep_trial(tried, self._clock.now())


def passing_weekly(judged: Sequence[Judged], now: datetime) -> float | None:
    """How many articles a week come through, from the dates of those that are there; None if too few have one.

    The oldest tenth is left out: one article pinned for years would say that the feed is asleep.
    """
    dates = sorted(
        one.article.published for one in judged if one.article.published and one.article.published <= now
    )
    dates = dates[len(dates) // 10 :]
    if len(dates) < 2:
        return None
    share = sum(one.verdict.holds for one in judged) / len(judged)
    return share * len(dates) * _WEEK / max(now - dates[0], _SHORTEST)
