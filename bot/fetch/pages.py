"""Articles from their own pages, where a feed gives only teasers: fetched in the feeds' turns, read in children.

The turns are the feeds' own: a host's pages and feeds together get no more than its feeds alone would.
"""

from __future__ import annotations

import importlib.util
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import structlog

from bot.errors import SettingsError
from bot.fetch.addresses import host_of
from bot.fetch.children import COMMAND, Children
from bot.fetch.get import Fetcher, Limits
from bot.fetch.turns import Turns
from bot.model import Fetched, FetchFailed, ParsedFeed, Problem, Validators
from bot.ports import Clock

LIMITS = Limits(body=3 * 1024 * 1024, time=timedelta(seconds=15))
"""News pages have a tenth of it, scripts and all; one of this size takes 7 s and 200 MB to read."""
# Feeds' own types would be answered with feeds: many sites give what is asked for.
ACCEPT = "text/html, application/xhtml+xml;q=0.9"
DEADLINE = timedelta(seconds=15)
"""For reading one page. One of 90 KB takes 0.12 s, and 0.4 s to start a child for it."""
REST = timedelta(hours=1)
"""So long no pages are asked of a host that refuses us and does not say how long: it is its feeds that matter."""
# Two, so that a page that hangs holds up no others: they wait for 20 s in all (`services.extras`).
_CHILDREN = 2
# Of a host that lets no machines in, or no more of them, the next page is not asked either.
_REFUSALS = frozenset({"fetch.too_many_requests", "fetch.challenge"})
_TYPES = ("", "text/html", "application/xhtml+xml")


def check_extra() -> None:
    """Say so if what reads pages is not installed.

    Raises:
        SettingsError
    """
    if any(importlib.util.find_spec(name) is None for name in ("trafilatura", "lxml_html_clean")):
        raise SettingsError(
            (
                "FEEDBELL_FULL_PAGES needs what is not installed: pip install 'feedbell[article]', or set it to off",
            )
        )


class WebPages:
    """A PageSource: the open web. Use it as an async context manager.

    Args:
        fetcher: it opens and closes it.
        clock: for hosts that want to be left alone.
        children: those that read pages.
        deadline: for reading one page.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        clock: Clock,
        *,
        children: Children | None = None,
        deadline: timedelta = DEADLINE,
    ) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._children = children or Children(most=_CHILDREN, command=(*COMMAND, "pages"))
        self._deadline = deadline
        self._turns = Turns(at_once=1)
        self._parts = AsyncExitStack()
        self._resting: dict[str, datetime] = {}
        """Until when, by host; hosts that may be asked again are dropped when another comes."""

    async def __aenter__(self) -> Self:
        await self._parts.enter_async_context(self._fetcher)
        await self._parts.enter_async_context(self._children)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._parts.aclose()

    async def article(self, url: str) -> str | None:
        """The article on a page, as HTML with absolute links; None if none is found. Never raises for what the web
        does."""
        host = host_of(url)
        turn = self._turns.at(host)
        # One after the other: whoever refuses the first is not asked for the others.
        async with turn.free:
            rests_until = self._resting.get(host)
            if rests_until is not None and self._clock.now() < rests_until:
                return None
            found = await self._fetch(url)
        article = await self._article_in(found) if isinstance(found, Fetched) else found
        if isinstance(article, str):
            return article
        # Addresses may carry private tokens; the host says enough.
        structlog.get_logger().info("page.none", host=host, reason=article.problem.key)
        return None

    async def _fetch(self, url: str) -> Fetched | FetchFailed:
        result = await self._fetcher.get(url, Validators())
        if isinstance(result, FetchFailed) and (result.retry_after or result.problem.key in _REFUSALS):
            self._let_rest(host_of(url), result.retry_after or REST)
        return result if isinstance(result, Fetched | FetchFailed) else _none("fetch.broken_answer", url)

    def _let_rest(self, host: str, wish: timedelta) -> None:
        now = self._clock.now()
        self._resting = {name: until for name, until in self._resting.items() if until > now}
        self._resting[host] = now + wish

    async def _article_in(self, page: Fetched) -> str | FetchFailed:
        kind = page.content_type.partition(";")[0].strip().lower()
        if kind not in _TYPES:
            return _none("page.no_article", page.final_url)
        result = await self._children.read(
            page.body, url=page.final_url, content_type=page.content_type, deadline=self._deadline
        )
        match result:
            case ParsedFeed(entries=(entry,)):
                return entry.content
            case FetchFailed():
                return result
            case _:
                return _none("page.no_article", page.final_url)


def _none(key: str, url: str) -> FetchFailed:
    return FetchFailed(Problem(key, {"host": host_of(url)}))
