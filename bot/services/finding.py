"""From an address as somebody typed it to a feed: rules of known sites, the page itself, the usual places.

Polite: one request after another, each through the reader that keeps a host's limits, and none to a host that
answers with errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from bot.feeds.address import normal_url, plain_url
from bot.feeds.sites import site_feeds, usual_places
from bot.feeds.webpage import is_of_comments
from bot.model import FeedLink, FeedRead, FetchFailed, NotAFeed, Problem, SourceResult, Unchanged, Validators
from bot.ports import FeedReader


@dataclass(frozen=True, slots=True)
class FeedFound:
    """A feed was read."""

    url: str
    """Where we asked for it; `reading` may say that it has moved."""
    reading: FeedRead


@dataclass(frozen=True, slots=True)
class Choice:
    """There are several, or it is one that people seldom mean; only the person can say."""

    url: str
    links: tuple[FeedLink, ...]


@dataclass(frozen=True, slots=True)
class NothingFound:
    """No feed could be read, and why."""

    problem: Problem
    retry_after: timedelta | None = None
    """The server's own wish; None if it said nothing."""


Finding = FeedFound | Choice | NothingFound

# The server speaks and says that this page is not there; others of its may be.
_ABSENT = frozenset({"fetch.not_found", "fetch.gone"})
# Nobody listens where https would be.
_NO_HTTPS = frozenset(
    {"fetch.refused", "fetch.tls", "fetch.tls_none", "fetch.connect_timeout", "fetch.timeout"}
)
# What a page without feeds is called; behind a browser check or in a broken feed there is nothing to look for.
_ORDINARY = frozenset({"parse.web_page", "parse.not_a_feed"})


class Finder:
    """Finds feeds."""

    def __init__(self, reader: FeedReader, bridge: str | None = None) -> None:
        """Args:
        bridge: where channels of Telegram are made into feeds, as `feeds.sites.site_feeds` takes it; None if nowhere.
        """
        self._reader = reader
        self._bridge = bridge

    async def find(self, address: str) -> Finding:
        """Find the feed at an address, or of the site that it is part of.

        Args:
            address: as typed.
        """
        url = normal_url(address)
        if url is None:
            return NothingFound(Problem("url.not_a_url", {"url": address[:100]}))
        links = site_feeds(url, self._bridge)
        if isinstance(links, Problem):
            return NothingFound(links)
        if len(links) > 1:
            return Choice(url, links)
        for link in links:
            result = await self._read(link.url)
            if not _is_absent(result):
                return finding_of(link.url, result)
        url, result = await self._first(url, plain_url(address))
        if isinstance(result, NotAFeed):
            return await self._on_page(url, result)
        return finding_of(url, result)

    async def _first(self, url: str, plain: str | None) -> tuple[str, SourceResult]:
        """Read the page; over http where https does not answer and the person did not ask for it."""
        result = await self._read(url)
        if plain and isinstance(result, FetchFailed) and result.problem.key in _NO_HTTPS:
            other = await self._read(plain)
            if not isinstance(other, FetchFailed):
                return plain, other
        return url, result

    async def _on_page(self, url: str, page: NotAFeed) -> Finding:
        """Take the one feed that a page names, or let choose from several, or look in the usual places."""
        if page.found:
            return await self._named(url, page.found)
        for place in usual_places(url) if page.problem.key in _ORDINARY else ():
            result = await self._read(place)
            if isinstance(result, NotAFeed) and result.found:  # newspapers list their feeds on a page at /rss
                return await self._named(place, result.found)
            if isinstance(result, FeedRead):
                return FeedFound(place, result)
            if not _is_absent(result):  # it has had enough of us
                break
        return NothingFound(page.problem)

    async def _named(self, url: str, found: tuple[FeedLink, ...]) -> Finding:
        if len(found) > 1 or is_of_comments(found[0]):
            return Choice(url, found)
        return finding_of(found[0].url, await self._read(found[0].url))

    async def _read(self, url: str) -> SourceResult:
        return await self._reader.read(url, Validators())


def _is_absent(result: SourceResult) -> bool:
    """Say whether there is no feed at an address of a server that is well."""
    if isinstance(result, NotAFeed):
        return result.problem.key != "parse.challenge"
    return isinstance(result, FetchFailed) and result.problem.key in _ABSENT


def finding_of(url: str, result: SourceResult) -> FeedFound | NothingFound:
    """What a read without validators found at an address."""
    match result:
        case FeedRead():
            return FeedFound(url, result)
        case NotAFeed(problem):
            return NothingFound(problem)
        case FetchFailed(problem, retry_after):
            return NothingFound(problem, retry_after)
        case Unchanged():  # we sent no validators: a server that says so is broken
            return NothingFound(Problem("fetch.broken_answer", {"host": urlsplit(url).hostname or url}))
