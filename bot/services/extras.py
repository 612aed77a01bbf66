"""What an operator may switch on, inside a check and before its commit: whole pages for teasers, a machine's summaries.

Neither can lose an article or hold it up for long: who is late or has nothing is left out, and the article goes with
what its feed gave. A crash in between means that it is done again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import structlog

from bot.model import Article, DueFeed, FeedRead, PollOutcome
from bot.pipeline import pages_wanted, retellable, retold
from bot.ports import PageSource, Summarizer

T = TypeVar("T")

MOST = 10
"""Of one check; as many as come one by one before they are a burst."""
PATIENCE = timedelta(seconds=20)
"""For all pages of one check, and again for all its summaries. With `polling.LEASE` in mind."""


class Extras:
    """Of both ports, those that are switched on.

    Args:
        pages: None for none.
        summarizer: None for none.
        patience: see PATIENCE.
    """

    def __init__(
        self, pages: PageSource | None, summarizer: Summarizer | None, *, patience: timedelta = PATIENCE
    ) -> None:
        self._pages = pages
        self._summarizer = summarizer
        self._patience = patience

    async def with_pages(self, feed: DueFeed, reading: FeedRead) -> FeedRead:
        """The same with the pages of its new teasers; unchanged if they were looked at before."""
        if self._pages is None or reading.pages is not None:
            return reading
        links = pages_wanted(feed, reading, most=MOST)
        found = await self._in_time(self._pages.article, links)
        return replace(reading, pages={link: page for link, page in zip(links, found, strict=True) if page})

    async def retell(self, feed: DueFeed, outcome: PollOutcome) -> PollOutcome:
        """The same, its articles told by the machine where it can."""
        if self._summarizer is None or not outcome.deliveries:
            return outcome
        asked: Sequence[Article] = retellable(feed, outcome, most=MOST)
        told = await self._in_time(self._summarizer.summary, asked)
        answers = {one.key: answer for one, answer in zip(asked, told, strict=True) if answer}
        retelling = retold(outcome, answers)
        taken = sum(old is not new for old, new in zip(outcome.articles, retelling.articles, strict=True))
        if asked:
            # An operator whose machine's answers are never taken should see it.
            structlog.get_logger().info(
                "feed.retold", feed=feed.id, asked=len(asked), answered=len(answers), taken=taken
            )
        return retelling

    async def _in_time(
        self, ask: Callable[[T], Awaitable[str | None]], about: Sequence[T]
    ) -> list[str | None]:
        """Ask about all of them at once; None for those whose answer is late."""
        if not about:
            return []
        tasks = [asyncio.ensure_future(ask(one)) for one in about]
        try:
            await asyncio.wait(tasks, timeout=self._patience.total_seconds())
        finally:
            for task in tasks:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return [None if task.cancelled() else task.result() for task in tasks]
