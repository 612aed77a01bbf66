"""What a chat follows: subscribe, unsubscribe, list, filter, pause, resume, import and export.

The words for people are made elsewhere; every method returns a value that says what happened.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import timedelta

from bot import feeds, filters
from bot.errors import FilterError, StoreError
from bot.feeds.address import normal_url
from bot.model import (
    OF_THE_CHAT,
    Article,
    Change,
    ChangeKind,
    Chat,
    Deliver,
    FeedLink,
    Limit,
    Login,
    PollOutcome,
    Problem,
    Subscription,
    Wishes,
)
from bot.ports import Clock, Jobs, Store, Transaction
from bot.schedule import Rhythm
from bot.services.extras import Extras
from bot.services.finding import Choice, FeedFound, Finder, NothingFound
from bot.services.first_check import FirstCheck, first_outcome, out_of_reach
from bot.services.quotas import Quotas
from bot.services.subscribing import AlreadySubscribed, NotSubscribed, Offered, Subscribed, SubscribeResult

Tell = Callable[[feeds.Outline, SubscribeResult], Awaitable[None]]
"""Told of each feed of a list, in whatever order they come in."""

# More buttons than this are no choice any more; a news site's front page can name hundreds.
MOST_OFFERS = 10

# Feeds of a list that are read at the same time; how many at one host, the reader decides. Enough that a few
# servers that never answer do not hold up 2,000 that do, and few beside what the usual checks need.
AT_ONCE = 16

# A chat that speaks is written down so often at most: a write costs more than the answer to most commands.
SEEN_AGAIN = timedelta(hours=1)

# Troubles that pass; a feed of a list is followed all the same, and checked again when its turn comes.
_PASSING = frozenset(
    {
        "fetch.timeout",
        "fetch.connect_timeout",
        "fetch.too_slow",
        "fetch.lookup",
        "fetch.proxy",
        "fetch.refused",
        "fetch.too_many_requests",
        "fetch.server_error",
    }
)


class Subscriptions:
    """The chat's side of the store."""

    def __init__(
        self,
        store: Store,
        finder: Finder,
        jobs: Jobs,
        clock: Clock,
        rhythm: Rhythm,
        *,
        quotas: Quotas | None = None,
    ) -> None:
        """Args:
        quotas: how many feeds a chat may follow; None for any number.
        """
        self._extras: Extras | None = None
        self._store = store
        self._finder = finder
        self._jobs = jobs
        self._clock = clock
        self._rhythm = rhythm
        self._quotas = quotas

    def switch_on(self, extras: Extras) -> None:
        """What alerts come with, and so samples."""
        self._extras = extras

    async def meet(self, chat: Chat) -> Chat:
        """Know the chat, and wake it if it rested: somebody there talks to us again.

        Args:
            chat: as this update shows it; its language counts only on the first meeting.
        """
        known, now = await self._store.chat(chat.id), self._clock.now()
        seen_at = known.seen_at if known else None
        if seen_at is None or now - seen_at >= SEEN_AGAIN:
            seen_at = now
        met = dataclasses.replace(
            known or chat,
            kind=chat.kind,
            title=chat.title,
            resting=False,
            catching_up=known is not None and (known.catching_up or known.resting),
            seen_at=seen_at,
        )
        if met != known:
            async with self._store.transaction() as tx:
                await tx.save_chat(met)
                await self._jobs.enqueue([Deliver()], tx)
        return met

    async def change(self, chat: Chat) -> None:
        """Save what is different now: paused, resting, language, how alerts come."""
        known = await self._store.chat(chat.id)
        async with self._store.transaction() as tx:
            for kind, fact in OF_THE_CHAT.items():
                if known and getattr(known, fact) != getattr(chat, fact):
                    await tx.remember(Change(chat.id, kind, self._clock.now(), count=0))
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
        """Follow the feed at this address or of this site, or say what there is instead."""
        feed_id = await self._followed_by_somebody(chat, normal_url(address))
        if feed_id is not None:
            return await self._noted(chat, await self._follow(chat, thread_id, feed_id))
        match await self._finder.find(address):
            case FeedFound() as found:
                first = await self._remembered(found, self._extras)
                return await self._noted(chat, await self._start(chat, thread_id, first))
            case Choice(url, links):
                return await self._offer(chat, url, links)
            case NothingFound(problem):
                return NotSubscribed(problem)

    async def bring_in(
        self, chat: Chat, thread_id: int | None, outlines: Iterable[feeds.Outline], tell: Tell
    ) -> None:
        """Follow every feed of a list, a few at a time.

        Each is read at once rather than left to the usual checks: only so can the person be told which ones
        failed, and an address that is dead or was never a feed is not followed for ever. Nothing floods, since
        all that a feed holds at its first reading counts as known. Each feed is committed on its own: whoever
        stops us in the middle loses nothing that was done, and the same list, given again, goes on where it
        was, since what is followed already is skipped without asking anybody.

        Args:
            tell: told of each; a feed that is only out of reach now is followed, its subscription names the
                problem.
        """
        there = {one.feed_url: one for one in await self.of(chat.id) if one.thread_id == thread_id}
        waiting = iter(outlines)
        new: list[SubscribeResult] = []
        full: SubscribeResult | None = None

        async def work() -> None:
            nonlocal full
            for outline in waiting:
                known = there.get(outline.url)
                if known:
                    result: SubscribeResult = AlreadySubscribed(known)
                else:  # once the chat is full, nobody is asked for what it may not follow
                    result = full or await self._bring_in(chat, thread_id, outline)
                    new.append(result)
                if isinstance(result, NotSubscribed) and result.problem.key == "limit.feeds":
                    full = result
                await tell(outline, result)

        async with asyncio.TaskGroup() as workers:
            for _ in range(AT_ONCE):
                workers.create_task(work())
        await self._note(chat, new)

    async def take_out(self, chat: Chat) -> bytes:
        """All that the chat follows, as OPML."""
        followed = await self.of(chat.id)
        outlines = [feeds.Outline(one.feed_url, one.title, one.folder) for one in followed]
        return feeds.write_opml(outlines, title=chat.title)

    async def offer(self, chat: Chat, address: str) -> Offered | NotSubscribed:
        """Put an address behind a button, unread as yet."""
        url = normal_url(address)
        if url is None:
            return NotSubscribed(Problem("url.not_a_url", {"url": address[:100]}))
        # As it was typed: what was left open stays open.
        return await self._offer(chat, url, (FeedLink(address.strip(), ""),))

    async def follow_with(
        self, chat: Chat, thread_id: int | None, found: FeedFound, headers: Mapping[str, str]
    ) -> SubscribeResult:
        """Follow a feed that was just read with this login, as the chat's own."""
        outcome = await self._first_reading(found)
        first = FirstCheck(found.url, outcome, Login(chat.id, headers))
        return await self._noted(chat, await self._start(chat, thread_id, first))

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
        feed_id = await self._store.feed_by_url(normal_url(name) or name, chat_id)
        for subscription in all_of_them:
            titles = {subscription.title.casefold(), subscription.feed_title.casefold()}
            if subscription.feed_id == feed_id or name.casefold() in titles:
                return subscription
        return None

    async def newest(self, followed: Iterable[Subscription]) -> tuple[Subscription, Article] | None:
        """The newest article of the first of them that has any."""
        for subscription in followed:
            article = await self._store.newest_article(subscription.feed_id)
            if article is not None:
                return subscription, article
        return None

    async def unsubscribe(self, *gone: Subscription) -> int:
        """Stop following these of one chat; what still waits for them goes too.

        Returns:
            The id of the change.
        """
        async with self._store.transaction() as tx:
            change_id = await self._remember(tx, ChangeKind.UNSUBSCRIBED, gone)
            await tx.unsubscribe(*(one.id for one in gone))
        return change_id

    async def filter(self, subscription: Subscription, text: str) -> Subscription | FilterError:
        """Set the filter ("" takes it away); an error, returned, changes nothing."""
        try:
            expression = filters.canonical(filters.parse(text)) if text.strip() else ""
        except FilterError as error:
            return error
        async with self._store.transaction() as tx:
            await self._remember(tx, ChangeKind.FILTERED, [subscription])
            await tx.set_filter(subscription.id, expression)
        return dataclasses.replace(subscription, filter=expression)

    async def show(self, subscription: Subscription, wishes: Wishes) -> Subscription:
        """Say how its alerts come."""
        async with self._store.transaction() as tx:
            await self._remember(tx, ChangeKind.SHOWN, [subscription])
            await tx.set_wishes(wishes, subscription.id)
        return dataclasses.replace(subscription, wishes=wishes)

    async def _remember(self, tx: Transaction, kind: ChangeKind, those: Sequence[Subscription]) -> int:
        """Keep how they are, to be taken back."""
        first = those[0]
        change = Change(first.chat_id, kind, self._clock.now(), first.title or first.feed_url, len(those))
        return await tx.remember(change, [one.id for one in those])

    async def _noted(self, chat: Chat, result: SubscribeResult) -> SubscribeResult:
        await self._note(chat, [result])
        return result

    async def _note(self, chat: Chat, results: Sequence[SubscribeResult]) -> None:
        """Keep which subscriptions are new, to be taken back together."""
        new = [one.subscription for one in results if isinstance(one, Subscribed)]
        if new:
            what = new[0].title or new[0].feed_url
            change = Change(chat.id, ChangeKind.SUBSCRIBED, self._clock.now(), what, len(new))
            async with self._store.transaction() as tx:
                await tx.remember(change, made=[one.id for one in new])

    async def _bring_in(self, chat: Chat, thread_id: int | None, outline: feeds.Outline) -> SubscribeResult:
        """Follow one feed of a list. The database's troubles are this feed's alone: the others go on."""
        try:
            feed_id = await self._followed_by_somebody(chat, outline.url)
            if feed_id is not None:
                return await self._follow(chat, thread_id, feed_id, outline.folder)
            match await self._finder.find(outline.url):
                case FeedFound() as found:
                    first = await self._remembered(found)
                case NothingFound(problem) as nothing:
                    # A feed followed long ago would announce all that came since: that one must be read first.
                    if problem.key not in _PASSING or await self._store.feed_by_url(outline.url) is not None:
                        return NotSubscribed(problem)
                    first = out_of_reach(outline, nothing, rhythm=self._rhythm, now=self._clock.now())
                case Choice():
                    return NotSubscribed(Problem("parse.web_page_with_feeds"))
            return await self._start(chat, thread_id, first.titled(outline.title), outline.folder)
        except StoreError as error:
            return NotSubscribed(Problem(error.key))

    async def _followed_by_somebody(self, chat: Chat, url: str | None) -> int | None:
        """The feed of that address, if it is checked anyway: then it need not be read now."""
        feed_id = None if url is None else await self._store.feed_by_url(url, chat.id)
        return feed_id if feed_id is not None and await self._store.readers(feed_id) else None

    async def _follow(
        self, chat: Chat, thread_id: int | None, feed_id: int, folder: str = ""
    ) -> SubscribeResult:
        there = await self._store.subscription_to(chat.id, thread_id, feed_id)
        if there:
            return AlreadySubscribed(there)
        async with self._store.transaction() as tx:
            if refusal := await self._full(tx, chat):
                return refusal
            new_id = await tx.subscribe(chat.id, thread_id, feed_id, self._clock.now(), folder)
        return await self._welcome(new_id, feed_id)

    async def _remembered(self, found: FeedFound, extras: Extras | None = None) -> FirstCheck:
        """What the first reading says. An address that its server says has moved for good finds the feed from now
        on, without asking again."""
        outcome = await self._first_reading(found, extras)
        moved_to = found.reading.moved_to
        if moved_to is not None:
            async with self._store.transaction() as tx:
                await tx.add_feed(moved_to, outcome, moved_from=found.url)
        return FirstCheck(moved_to or found.url, outcome)

    async def _first_reading(self, found: FeedFound, extras: Extras | None = None) -> PollOutcome:
        return await first_outcome(found.reading, extras, rhythm=self._rhythm, now=self._clock.now())

    async def _start(
        self, chat: Chat, thread_id: int | None, first: FirstCheck, folder: str = ""
    ) -> SubscribeResult:
        """Follow a feed that nobody followed until now: all that it holds today counts as known."""
        known = None if first.login else await self._followed_by_somebody(chat, first.url)
        if known is not None:
            return await self._follow(chat, thread_id, known, folder)
        async with self._store.transaction() as tx:
            if refusal := await self._full(tx, chat):
                return refusal
            feed_id = await tx.add_feed(first.url, first.outcome, login=first.login)
            await tx.record_poll(dataclasses.replace(first.outcome, feed_id=feed_id))
            new_id = await tx.subscribe(chat.id, thread_id, feed_id, first.outcome.checked_at, folder)
        return await self._welcome(new_id, feed_id)

    async def _full(self, tx: Transaction, chat: Chat) -> NotSubscribed | None:
        """Why the chat may follow no more; None if it may."""
        problem = await self._quotas.full(tx, chat.id, Limit.FEEDS) if self._quotas else None
        return NotSubscribed(problem) if problem else None

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
