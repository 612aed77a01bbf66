"""Feeds that show themselves only to who is logged in: a login is tried before it is kept, and is one chat's own.

The headers are secret: no value here names them, and what went wrong is told without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

from bot import feeds
from bot.feeds.address import normal_url
from bot.model import Chat, Login, Problem, SourceResult, Subscription, Validators
from bot.ports import Clock, FeedReader, Store
from bot.services.finding import Choice, FeedFound, Finder, NothingFound, finding_of
from bot.services.subscribing import NotSubscribed, SubscribeResult
from bot.services.subscriptions import Subscriptions

_NONE: Mapping[str, str] = MappingProxyType({})
# So many addresses of a page can be read in one sentence.
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The feed is read with a login from now on."""

    subscription: Subscription
    names: tuple[str, ...]
    """Of all the headers that are sent now."""


@dataclass(frozen=True, slots=True)
class NotLoggedIn:
    """Nothing changed, and why."""

    problem: Problem


class Logins:
    """Keeps what a chat has its feeds read with."""

    def __init__(self, store: Store, reader: FeedReader, subscriptions: Subscriptions, clock: Clock) -> None:
        self._store = store
        self._reader = reader
        self._subscriptions = subscriptions
        self._clock = clock

    async def names(self, subscription: Subscription) -> tuple[str, ...]:
        """Which headers go with its feed; their values are told to nobody."""
        feed = await self._store.feed(subscription.feed_id)
        return tuple(feed.headers) if feed else ()

    async def log_in(self, subscription: Subscription, headers: Mapping[str, str]) -> LoggedIn | NotLoggedIn:
        """Have its feed read with these headers, next to those that it has; one of the same name is replaced.

        The feed is read with them once before they are kept. From then on it is the chat's own: nobody else may
        follow it, or be shown what it holds.
        """
        feed = await self._store.feed(subscription.feed_id)
        if feed is None:
            return NotLoggedIn(Problem("subscription.gone"))
        if not _may_be_sent(headers):
            return NotLoggedIn(Problem("login.not_sent"))
        together = _joined(feed.headers, headers)
        found = finding_of(feed.url, await self._reader.read(feed.url, Validators(), together))
        if isinstance(found, NothingFound):
            return NotLoggedIn(_why(found.problem))
        return await self._keep(subscription, together)

    async def log_out(self, subscription: Subscription) -> None:
        """Forget the login; the feed is read as everybody reads it."""
        async with self._store.transaction() as tx:
            await tx.log_out(subscription.feed_id, subscription.chat_id, self._clock.now())

    async def subscribe(
        self, chat: Chat, thread_id: int | None, address: str, headers: Mapping[str, str]
    ) -> SubscribeResult | LoggedIn:
        """Follow a feed that cannot be read otherwise, or of a site that is asked with this login.

        A page may name a feed at another server: that one is not shown the login, and followed without.
        """
        url = normal_url(address)
        if url is None:
            return NotSubscribed(Problem("url.not_a_url", {"url": address[:100]}))
        if not _may_be_sent(headers):
            return NotSubscribed(Problem("login.not_sent"))
        match await Finder(_Known(self._reader, url, headers)).find(address):
            case FeedFound() as found if _server(found.url) != _server(url):
                return await self._subscriptions.subscribe(chat, thread_id, found.url)
            case FeedFound() as found:
                there = await self._subscriptions.named(chat.id, found.url)
                if there is not None:
                    return await self._keep(there, headers)
                return await self._subscriptions.follow_with(chat, thread_id, found, headers)
            case Choice(_, links):
                named = " ".join(link.url for link in links[:_MOST_NAMED])
                return NotSubscribed(Problem("login.several", {"urls": named}))
            case NothingFound(problem):
                return NotSubscribed(_why(problem))

    async def _keep(self, subscription: Subscription, headers: Mapping[str, str]) -> LoggedIn:
        login = Login(subscription.chat_id, headers)
        async with self._store.transaction() as tx:
            await tx.log_in(subscription.feed_id, login, self._clock.now())
        kept = await self._store.subscription(subscription.id)
        return LoggedIn(kept or subscription, tuple(headers))


class _Known:
    """The web as one sees it who is known to one server."""

    def __init__(self, reader: FeedReader, url: str, headers: Mapping[str, str]) -> None:
        self._reader = reader
        self._server = _server(url)
        self._headers = headers

    async def read(
        self, url: str, validators: Validators, headers: Mapping[str, str] = _NONE
    ) -> SourceResult:
        """Read with the login where it belongs, without anywhere else."""
        own = self._headers if _server(url) == self._server else headers
        return await self._reader.read(url, validators, own)


def _server(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _may_be_sent(headers: Mapping[str, str]) -> bool:
    return all(feeds.may_send(name, value) for name, value in headers.items())


def _joined(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Names of headers are one in any case. Source: RFC 9110 §5.1."""
    replaced = {name.lower() for name in new}
    return {name: value for name, value in old.items() if name.lower() not in replaced} | dict(new)


def _why(problem: Problem) -> Problem:
    """That a login is wanted is no news to who gave one: it was not the right one."""
    return Problem("login.wrong", problem.values) if problem.key == "fetch.login" else problem
