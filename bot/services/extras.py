"""What an operator may switch on, inside a check and before its commit: whole pages for teasers, a machine's summaries.
Samples come the same way, so that they look as alerts will.

Neither can lose an article or hold it up for long: who is late or has nothing is left out, and the article goes with
what its feed gave. A crash in between means that it is done again.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import structlog

from bot import feeds
from bot.condense import MAX_SUMMARY, is_teaser, retelling
from bot.model import Article, DueFeed, FeedRead, PollOutcome
from bot.ports import PageSource, Summarizer

T = TypeVar("T")

MOST = 10
"""Of one check; as many as come one by one before they are a burst."""
PATIENCE = timedelta(seconds=20)
"""For all pages of one check, and again for all its summaries. With `polling.LEASE` in mind."""
SAMPLE_PATIENCE = timedelta(seconds=6)
"""The same for samples, for which a person waits."""


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
        self._sample_patience = min(patience, SAMPLE_PATIENCE)

    async def with_pages(self, feed: DueFeed, reading: FeedRead) -> FeedRead:
        """The same with the pages of its new teasers; unchanged if they were looked at before."""
        if self._pages is None or reading.pages is not None:
            return reading
        links = pages_wanted(feed, reading, most=MOST)
        return await _with_pages_of(self._pages, links, reading, self._patience)

    async def with_sample_pages(self, reading: FeedRead, most: int) -> FeedRead:
        """The same with the pages of its newest entries, so many at most, where they are mere teasers."""
        if self._pages is None:
            return reading
        newest = (entry for _, entry in feeds.past(reading.feed.entries, most))
        links = tuple(dict.fromkeys(entry.link for entry in newest if entry.link and is_teaser(entry)))
        return await _with_pages_of(self._pages, links, reading, self._sample_patience)

    async def retell(self, feed: DueFeed, outcome: PollOutcome) -> PollOutcome:
        """The same, its articles told by the machine where it can."""
        if self._summarizer is None or not outcome.deliveries:
            return outcome
        asked: Sequence[Article] = retellable(feed, outcome, most=MOST)
        answers = await _answers(self._summarizer, asked, self._patience)
        richer = retold(outcome.articles, answers)
        taken = sum(old is not new for old, new in zip(outcome.articles, richer, strict=True))
        if asked:
            # An operator whose machine's answers are never taken should see it.
            structlog.get_logger().info(
                "feed.retold", feed=feed.id, asked=len(asked), answered=len(answers), taken=taken
            )
        return replace(outcome, articles=richer)

    async def retell_samples(self, articles: tuple[Article, ...], most: int) -> tuple[Article, ...]:
        """The same, the last so many of them told by the machine where it can."""
        if self._summarizer is None:
            return articles
        worthy = [one for one in articles[-most:] if is_worth_retelling(one)]
        return retold(articles, await _answers(self._summarizer, worthy, self._sample_patience))


async def _with_pages_of(
    pages: PageSource, links: tuple[str, ...], reading: FeedRead, patience: timedelta
) -> FeedRead:
    found = await _in_time(pages.article, links, patience)
    return replace(reading, pages={link: page for link, page in zip(links, found, strict=True) if page})


async def _answers(summarizer: Summarizer, asked: Sequence[Article], patience: timedelta) -> dict[str, str]:
    """By the key of the article."""
    told = await _in_time(summarizer.summary, asked, patience)
    return {one.key: answer for one, answer in zip(asked, told, strict=True) if answer}


async def _in_time(
    ask: Callable[[T], Awaitable[str | None]], about: Sequence[T], patience: timedelta
) -> list[str | None]:
    """Ask about all of them at once; None for those whose answer is late."""
    if not about:
        return []
    tasks = [asyncio.ensure_future(ask(one)) for one in about]
    try:
        await asyncio.wait(tasks, timeout=patience.total_seconds())
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return [_answer(task) for task in tasks]


def _answer(task: asyncio.Future[str | None]) -> str | None:
    if task.cancelled():
        return None
    if error := task.exception():
        # A mistake of ours; the article shall not wait until it is mended.
        structlog.get_logger().error("extras.failed", exc_info=error)
        return None
    return task.result()


def pages_wanted(feed: DueFeed, reading: FeedRead, *, most: int) -> tuple[str, ...]:
    """The links of new entries that are mere teasers, newest first. What is read with a login is left alone: its
    pages would want one too."""
    assert feed.memory is not None, "without it everything would be new"
    if feed.headers:
        return ()
    new = reversed(feeds.news(reading.feed.entries, feed.memory).new)
    wanted = (entry.link for _, entry in new if entry.link and is_teaser(entry))
    return tuple(itertools.islice(dict.fromkeys(wanted), most))


def retellable(feed: DueFeed, outcome: PollOutcome, *, most: int) -> tuple[Article, ...]:
    """The new articles that are worth an editor's time, newest first: somebody gets them now, and they say more than
    a summary can. What is read with a login is nobody else's to read."""
    if feed.headers:
        return ()
    owed = {one.article_key for one in outcome.deliveries if not one.behind}
    worthy = (one for one in reversed(outcome.articles) if one.key in owed and is_worth_retelling(one))
    return tuple(itertools.islice(worthy, most))


def is_worth_retelling(article: Article) -> bool:
    """Whether it says more than a summary can."""
    return len(article.text) > MAX_SUMMARY


def retold(articles: Sequence[Article], answers: Mapping[str, str]) -> tuple[Article, ...]:
    """The same with a machine's summaries, at any length, where the articles bear them out; the others keep their own.

    Args:
        answers: by the key of the article.
    """
    return tuple(
        replace(one, summary=summary, long="") if summary else one
        for one in articles
        for summary in [retelling(answers.get(one.key, ""), one)]
    )
