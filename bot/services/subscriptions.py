"""What a chat follows: subscribe, unsubscribe, list, filter, pause, resume.

The words for people are made elsewhere; every method returns a value that says what happened.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot import filters
from bot.errors import FilterError
from bot.feeds.address import normal_url
from bot.model import (
    Article,
    Chat,
    Deliver,
    FeedLink,
    FeedRead,
    FetchFailed,
    NotAFeed,
    Pictures,
    PollOutcome,
    Problem,
    Subscription,
    Unchanged,
    Validators,
)
from bot.pipeline import first_reading
from bot.ports import Clock, FeedReader, Jobs, Store
from bot.schedule import Rhythm


@dataclass(frozen=True, slots=True)
class Subscribed:
    """The chat follows the feed from now on."""

    subscription: Subscription
    sample: Article | None
    """The newest article, to show what alerts look like; None if the feed is empty."""


@dataclass(frozen=True, slots=True)
class AlreadySubscribed:
    """Nothing changed."""

    subscription: Subscription


@dataclass(frozen=True, slots=True)
class Offered:
    """The address is a web page; these feeds are named on it."""

    url: str
    offers: tuple[tuple[int, FeedLink], ...]
    """Each with the id to accept it by."""


@dataclass(frozen=True, slots=True)
class NotSubscribed:
    """Nothing changed, and why."""

    problem: Problem


SubscribeResult = Subscribed | AlreadySubscribed | Offered | NotSubscribed

# More buttons than this are no choice any more; a news site's front page can name hundreds.
MOST_OFFERS = 10


class Subscriptions:
    """The chat's side of the store."""

    def __init__(self, store: Store, reader: FeedReader, jobs: Jobs, clock: Clock, rhythm: Rhythm) -> None:
        self._store = store
        self._reader = reader
        self._jobs = jobs
        self._clock = clock
        self._rhythm = rhythm

    async def meet(self, chat: Chat) -> Chat:
        """Know the chat, and wake it if it rested: somebody there talks to us again.

        Args:
            chat: as this update shows it; its language counts only on the first meeting.
        """
        known = await self._store.chat(chat.id)
        met = (
            chat
            if known is None
            else dataclasses.replace(
                known,
                kind=chat.kind,
                title=chat.title,
                resting=False,
                catching_up=known.catching_up or known.resting,
            )
        )
        if met != known:
            async with self._store.transaction() as tx:
                await tx.save_chat(met)
                await self._jobs.enqueue([Deliver()], tx)
        return met

    async def change(self, chat: Chat) -> None:
        """Save what is different now: paused, resting, language."""
        async with self._store.transaction() as tx:
            await tx.save_chat(chat)
            await self._jobs.enqueue([Deliver()], tx)

    async def pause(self, chat: Chat) -> None:
        """Hold everything back; nothing is lost."""
        await self.change(dataclasses.replace(chat, paused=True))

    async def resume(self, chat: Chat) -> None:
        """Let come what was held back, also for topics that were gone."""
        async with self._store.transaction() as tx:
            await tx.save_chat(dataclasses.replace(chat, paused=False))
            await tx.release_topics(chat.id)
            await self._jobs.enqueue([Deliver()], tx)

    async def more(self, chat: Chat, row_id: int | None) -> int:
        """Let come what a burst left behind: behind one row, or all of the chat's.

        Returns:
            How many articles.
        """
        async with self._store.transaction() as tx:
            count = await tx.release_bursts(chat.id, row_id)
            await self._jobs.enqueue([Deliver()], tx)
        return count

    async def move(self, old: int, new: int) -> None:
        """A group became a supergroup."""
        async with self._store.transaction() as tx:
            await tx.move_chat(old, new)

    async def subscribe(self, chat: Chat, thread_id: int | None, address: str) -> SubscribeResult:
        """Follow the feed at this address, or say what stands there instead."""
        url = normal_url(address)
        if url is None:
            return NotSubscribed(Problem("url.not_a_url", {"url": address[:100]}))
        feed_id = await self._store.feed_by_url(url)
        if feed_id is not None and await self._store.readers(feed_id):
            return await self._follow(chat, thread_id, feed_id)
        return await self._read_and_follow(chat, thread_id, url)

    async def offer(self, chat: Chat, address: str) -> Offered | NotSubscribed:
        """Put an address behind a button, unread as yet."""
        url = normal_url(address)
        if url is None:
            return NotSubscribed(Problem("url.not_a_url", {"url": address[:100]}))
        return await self._offer(chat, url, (FeedLink(url, ""),))

    async def accept(self, chat: Chat, thread_id: int | None, offer_id: int) -> SubscribeResult:
        """Follow what a button offered."""
        link = await self._store.offer(chat.id, offer_id)
        if link is None:
            return NotSubscribed(Problem("offer.gone"))
        return await self.subscribe(chat, thread_id, link.url)

    async def of(self, chat_id: int) -> tuple[Subscription, ...]:
        """All that the chat follows, in the order of its list."""
        return await self._store.subscriptions(chat_id)

    async def one(self, chat_id: int, subscription_id: int) -> Subscription | None:
        """None if it is gone, or another chat's."""
        found = await self._store.subscription(subscription_id)
        return found if found and found.chat_id == chat_id else None

    async def named(self, chat_id: int, name: str) -> Subscription | None:
        """Find a subscription by its number in the list (from 1), its address, or its feed's title."""
        all_of_them = await self.of(chat_id)
        if name.isdecimal() and len(name) < 10:  # int() refuses thousands of digits
            return all_of_them[int(name) - 1] if 0 < int(name) <= len(all_of_them) else None
        feed_id = await self._store.feed_by_url(normal_url(name) or name)
        for subscription in all_of_them:
            if subscription.feed_id == feed_id or subscription.feed_title.casefold() == name.casefold():
                return subscription
        return None

    async def unsubscribe(self, subscription: Subscription) -> None:
        """Stop following; what still waits for it goes too."""
        async with self._store.transaction() as tx:
            await tx.unsubscribe(subscription.id)

    async def filter(self, subscription: Subscription, text: str) -> Subscription | FilterError:
        """Set the filter ("" takes it away); an error, returned, changes nothing."""
        try:
            expression = filters.canonical(filters.parse(text)) if text.strip() else ""
        except FilterError as error:
            return error
        async with self._store.transaction() as tx:
            await tx.set_filter(subscription.id, expression)
        return dataclasses.replace(subscription, filter=expression)

    async def show(self, subscription: Subscription, pictures: Pictures | None) -> Subscription:
        """Say how its pictures come; None: as the chat has it."""
        async with self._store.transaction() as tx:
            await tx.set_pictures(subscription.id, pictures)
        return dataclasses.replace(subscription, pictures=pictures)

    async def _follow(self, chat: Chat, thread_id: int | None, feed_id: int) -> SubscribeResult:
        for subscription in await self.of(chat.id):
            if (subscription.feed_id, subscription.thread_id) == (feed_id, thread_id):
                return AlreadySubscribed(subscription)
        async with self._store.transaction() as tx:
            new_id = await tx.subscribe(chat.id, thread_id, feed_id, self._clock.now())
        return await self._welcome(new_id, feed_id)

    async def _read_and_follow(self, chat: Chat, thread_id: int | None, url: str) -> SubscribeResult:
        match await self._reader.read(url, Validators()):
            case FeedRead() as reading:
                outcome = first_reading(reading, rhythm=self._rhythm, now=self._clock.now())
                await self._remember(url, reading.moved_to, outcome)
                return await self._start(chat, thread_id, reading.moved_to or url, outcome)
            case NotAFeed(_, found) if found:
                return await self._offer(chat, url, found)
            case NotAFeed(problem) | FetchFailed(problem):
                return NotSubscribed(problem)
            case Unchanged():  # we sent no validators: a server that says so is broken
                return NotSubscribed(Problem("fetch.broken_answer", {"host": urlsplit(url).hostname or url}))

    async def _remember(self, url: str, moved_to: str | None, outcome: PollOutcome) -> None:
        """An address that the server says has moved for good finds the feed from now on, without asking again."""
        if moved_to is not None:
            async with self._store.transaction() as tx:
                await tx.add_feed(moved_to, outcome, moved_from=url)

    async def _start(
        self, chat: Chat, thread_id: int | None, url: str, outcome: PollOutcome
    ) -> SubscribeResult:
        """Follow a feed that nobody followed until now: all that it holds today counts as known."""
        known = await self._store.feed_by_url(url)
        if known is not None and await self._store.readers(known):
            return await self._follow(chat, thread_id, known)
        async with self._store.transaction() as tx:
            feed_id = await tx.add_feed(url, outcome)
            await tx.record_poll(dataclasses.replace(outcome, feed_id=feed_id))
            new_id = await tx.subscribe(chat.id, thread_id, feed_id, outcome.checked_at)
        return await self._welcome(new_id, feed_id)

    async def _welcome(self, subscription_id: int, feed_id: int) -> SubscribeResult:
        subscription = await self._store.subscription(subscription_id)
        if subscription is None:  # removed by somebody else between the commit and this read
            return NotSubscribed(Problem("subscription.gone"))
        return Subscribed(subscription, await self._store.newest_article(feed_id))

    async def _offer(self, chat: Chat, url: str, found: tuple[FeedLink, ...]) -> Offered:
        links = found[:MOST_OFFERS]
        async with self._store.transaction() as tx:
            ids = await tx.keep_offers(chat.id, links, self._clock.now())
        return Offered(url, tuple(zip(ids, links, strict=True)))
