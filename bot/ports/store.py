"""Where everything is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol, TypeVar

from bot.model import (
    Article,
    Bulletin,
    Chat,
    ChatPace,
    DeadLetter,
    DueFeed,
    FeedLink,
    Limit,
    Login,
    Pace,
    Parcel,
    PollOutcome,
    Reader,
    SendOutcome,
    Story,
    Subscription,
    Tried,
    Trouble,
    Wishes,
)
from bot.ports.chats import ChangeWrites, ChatReads, FollowWrites, PlaceWrites

T = TypeVar("T")


class Transaction(ChangeWrites, FollowWrites, PlaceWrites, Protocol):
    """Writes that happen together or not at all. Every method raises StoreError, and nothing else."""

    def after_commit(self, action: Callable[[], Awaitable[None]]) -> None:
        """Run once this is on disk; not at all if it never gets there."""

    # feeds

    async def claim_due_feeds(self, now: datetime, *, until: datetime, limit: int) -> tuple[DueFeed, ...]:
        """Lease feeds that are due and have a subscriber: of each host the longest due one, if the host may be
        asked, has fewer than `hosts.AT_ONCE` under way, and, when it is down, none. The host that waited longest
        comes first; each may be asked again after `hosts.GAP`. The feeds come without their memory."""

    async def claim_feed(self, feed_id: int, now: datetime, *, until: datetime) -> bool:
        """Lease one feed, due or not, also one that was put aside, and close its host for `hosts.GAP`; False if it
        is leased or nobody follows it."""

    async def record_quiet_polls(self, outcomes: Sequence[PollOutcome]) -> None:
        """Write what these checks change, in one transaction; all of them are quiet."""

    async def record_poll(self, outcome: PollOutcome) -> frozenset[int]:
        """Write all that a check changes and end its lease. `moved_to` is not adopted while another feed has that
        address.

        Returns:
            The chats that are owed something by it.
        """

    async def record_merger(self, moved: PollOutcome, there: PollOutcome) -> frozenset[int]:
        """Write what one document changes for two feeds, and make them one, that of `there`: subscriptions keep
        their filters, a chat that has both keeps the older one, every key and all that is owed goes along. A feed
        with a login stays for itself: nobody else may have what was read with it.

        Returns:
            The chats that are owed something by it.
        """

    async def add_feed(
        self, url: str, outcome: PollOutcome, *, moved_from: str | None = None, login: Login | None = None
    ) -> int:
        """Make a feed known with the outcome of its first read (`outcome.feed_id` is not looked at).

        Args:
            moved_from: an older address, which finds this feed too from now on; None if there is none.
            login: makes it that chat's own; None: everybody's.

        Returns:
            Its id; the id of the feed already there if the address is known, left as it is but for its login.
        """

    async def log_in(self, feed_id: int, login: Login, now: datetime) -> int:
        """Have a feed read with a login from now on. All subscriptions of that chat to it go over to the chat's own
        copy, which knows every article that was seen and is due at once; others keep the feed as it is.

        Returns:
            The id of the copy; of the feed itself if it is that chat's own already.
        """

    async def log_out(self, feed_id: int, chat_id: int, now: datetime) -> int:
        """Forget a login: the chat's subscriptions go over to everybody's feed of that address.

        Returns:
            Its id.
        """

    # subscriptions

    async def save_chat(self, chat: Chat) -> None:
        """Add the chat, or bring its facts up to date."""

    async def move_chat(self, old: int, new: int) -> None:
        """A group became a supergroup: everything that hangs on it gets the new id."""

    async def subscribe(
        self, chat_id: int, thread_id: int | None, feed_id: int, now: datetime, folder: str = ""
    ) -> int:
        """Subscribe, or find the subscription that is there, left as it is.

        Returns:
            The subscription's id.
        """

    async def full(self, chat_id: int, limit: Limit, usual: int, more: int = 1) -> int | None:
        """The limit that leaves this chat no room for so many more, its own or else the usual one (0: none); None if
        there is room. Nobody else asks for the same chat until the end of this transaction."""

    async def unsubscribe(self, *subscription_ids: int) -> None:
        """Remove them, and what waits for them. A feed that nobody follows is no longer checked, and kept."""

    async def set_filter(self, subscription_id: int, expression: str) -> None:
        """From the next article on."""

    async def set_wishes(self, wishes: Wishes, *subscription_ids: int) -> None:
        """From the next message on."""

    async def keep_offers(self, chat_id: int, links: Sequence[FeedLink], now: datetime) -> tuple[int, ...]:
        """Remember addresses behind buttons, which are too small to hold them.

        Returns:
            One id for each link.
        """

    async def keep_trial(self, tried: Tried, now: datetime) -> int | None:
        """Remember a filter behind buttons.

        Returns:
            Its id; None if the subscription is gone.
        """

    # bulletins

    async def tell_failing(self, trouble: Trouble, *, known: int, before: datetime, now: datetime) -> int:
        """Note for the readers of each feed that fails since `before` or longer what they are to be told, if they
        know less than `known` of it.

        Returns:
            Of how many feeds.
        """

    async def claim_bulletins(self, now: datetime, *, until: datetime, limit: int) -> tuple[Bulletin, ...]:
        """Lease what is to be told to chats that neither are paused nor rest, oldest first."""

    async def close_bulletin(self, bulletin: Bulletin) -> None:
        """It was told."""

    # outbox

    async def claim_parcels(
        self, now: datetime, *, until: datetime, limit: int, backlog: int, most: int
    ) -> tuple[Parcel, ...]:
        """Lease what goes next: one parcel each for up to `limit` chats.

        A chat counts if it neither is paused nor rests, may get an alert now (`ready_at`), and has nothing in
        flight. Chats that have been ready longest come first. A parcel is the chat's oldest row; or, if more
        than `backlog` rows wait for that chat and topic, or at least two and the chat is catching up, the
        `most` oldest of them.
        """

    async def record_sends(self, outcomes: Sequence[SendOutcome]) -> tuple[tuple[Chat, int], ...]:
        """Write all that these sends change and end their leases.

        Returns:
            Chat and thread of each topic that is gone now, and was not before.
        """

    # pacing

    async def pace(self) -> Pace:
        """What is remembered of all chats together; locked until the end of this transaction."""

    async def chat_pace(self, chat_id: int) -> ChatPace:
        """What is remembered of one chat; nothing of a chat the bot never met."""

    async def chat_paces(self, chat_ids: Sequence[int]) -> Mapping[int, ChatPace]:
        """The same of several chats; those that the bot never met are left out."""

    async def save_paces(self, pace: Pace | None, chats: Mapping[int, ChatPace]) -> None:
        """Keep what `pacing` reckoned; None leaves what is kept of all chats together. Chats that the bot never
        met are left out."""

    # dead letters

    async def retry(self, row_id: int) -> bool:
        """Let a dropped row wait again; False if there is no such row."""

    async def discard(self, row_id: int) -> bool:
        """Forget a dropped row; False if there is no such row."""

    async def release_topics(self, chat_id: int) -> None:
        """What is held for topics that were gone waits again."""

    async def release_bursts(self, chat_id: int, row_id: int | None) -> int:
        """What a burst left behind waits again, and comes as lists.

        Args:
            row_id: the row that offers it; None: all of the chat's.

        Returns:
            How many rows; 0 if they went already, or that row is another chat's.
        """

    # housekeeping

    async def release_leases(self) -> None:
        """Make everything claimed free again: for the start of the only process."""

    async def expire(self, *, before: datetime, limit: int) -> int:
        """Give up rows that were made before then and still wait or are held; their chats will be told.

        Returns:
            How many; fewer than `limit` means all.
        """

    async def forget(
        self, *, articles_before: datetime, keys_before: datetime, changes_before: datetime, limit: int
    ) -> int:
        """Drop in one batch what has aged out: articles that nothing in the outbox needs, sent and dropped
        rows, offers, changes, and keys not seen in their feed since `keys_before`.

        Returns:
            How many rows went; fewer than `limit` means all.
        """


class Store(ChatReads, Protocol):
    """Where everything is kept. Reads see only what is committed. Every method raises StoreError only."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Commit at the end, or roll back when the body raises."""

    async def at_once(self, work: Callable[[Transaction], Coroutine[Any, Any, T]]) -> T:
        """The same for work that waits for nothing but the transaction's own methods: cheaper.

        It may be done in another thread, so it shares nothing that changes meanwhile. Never inside a transaction:
        on SQLite each would wait for the other.
        """

    async def feed(self, feed_id: int) -> DueFeed | None:
        """All that a check needs; None if the feed is gone."""

    async def next_check_at(self) -> datetime | None:
        """When `claim_due_feeds` is worth a look again; in the past if at once, None if nothing is followed."""

    async def is_owed_a_check(self, since: datetime, *, open_by: datetime) -> bool:
        """Whether somebody follows a feed that was due at `since`, is not under way, and whose host may be asked
        at `open_by`."""

    async def has_bulletins(self, now: datetime) -> bool:
        """Whether `claim_bulletins` will find something."""

    async def feed_by_url(self, url: str, chat_id: int | None = None) -> int | None:
        """The feed of that address, or of the address it moved from: the chat's own, which its login goes with,
        before everybody's; never another chat's. None: everybody's only."""

    async def readers(self, feed_id: int) -> tuple[Reader, ...]:
        """Who follows it."""

    async def newest_article(self, feed_id: int) -> Article | None:
        """For a sample; None if none is kept."""

    async def chat(self, chat_id: int) -> Chat | None:
        """None if the bot never met it."""

    async def subscriptions(self, chat_id: int) -> tuple[Subscription, ...]:
        """In the order they were made."""

    async def subscription(self, subscription_id: int) -> Subscription | None:
        """None if it is gone."""

    async def subscription_to(self, chat_id: int, thread_id: int | None, feed_id: int) -> Subscription | None:
        """How the chat, or its topic, follows a feed; None if it does not."""

    async def offer(self, chat_id: int, offer_id: int) -> FeedLink | None:
        """What stands behind a button of that chat; None if it aged out or is another chat's."""

    async def trial(self, chat_id: int, trial_id: int) -> Tried | None:
        """A filter that was tried in that chat; None if it aged out, its subscription is gone, or is another
        chat's."""

    async def past_articles(self, feed_id: int, limit: int) -> tuple[Article, ...]:
        """The feed's newest articles, newest first, each with its text or the beginning of it."""

    async def stories(
        self, chat_id: int, *, limit: int, message_id: int | None = None, links: Sequence[str] = ()
    ) -> tuple[Story, ...]:
        """What became of articles in that chat, newest first.

        Args:
            message_id: of those that came with this message.
            links: of those with one of these addresses. Without either: of all that came since the chat follows
                their feeds.
        """

    async def next_delivery_at(self) -> datetime | None:
        """When `claim_parcels` will next find something, as far as is known now; None if nothing waits for a
        chat that could get it. In the past if at once."""

    async def dead_letters(self, *, limit: int, offset: int = 0) -> tuple[DeadLetter, ...]:
        """Dropped rows, newest first."""

    async def depth(self) -> Mapping[str, int]:
        """How many outbox rows stand in each state, how many of them may have doubled (`perhaps_double`), and
        how many feeds and subscriptions there are."""
