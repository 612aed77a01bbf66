"""Reads: each sees only what is committed, and waits for no writer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa

from bot.errors import StoreError
from bot.model import (
    Article,
    Change,
    ChangeKind,
    Chat,
    DeadLetter,
    DueFeed,
    FeedLink,
    Follow,
    Listed,
    Memory,
    Reader,
    RowState,
    Standing,
    Story,
    Subscription,
    Tried,
)
from bot.store.adoption import FEED_AT
from bot.store.claims import OWING
from bot.store.columns import EPOCH, Moment
from bot.store.database import Database
from bot.store.follows import FOLLOWERS, OF_CHAT, UNCHECKED, follow_of, follower_of
from bot.store.guard import guarded
from bot.store.notices import BULLETINS
from bot.store.rows import (
    ARTICLE,
    CHAT,
    DUE_FEED,
    HOST,
    SUBSCRIPTION,
    article_of,
    chat_of,
    due_feed_of,
    host_of,
    reader_of,
    standing_of,
    subscription_of,
)
from bot.store.stories import stories_of, story_of
from bot.store.tables import (
    CLOSED,
    DOUBLED,
    EVERYBODY,
    IN_FLIGHT,
    UNSENT,
    article_texts,
    articles,
    changes,
    chats,
    feeds,
    hosts,
    keys,
    offers,
    outbox,
    subscriptions,
    trials,
)
from bot.store.unit import Numbers, among, later_of

AnyRow: TypeAlias = sa.Row[*tuple[Any, ...]]
FOLLOWED = sa.join(subscriptions, feeds, feeds.c.id == subscriptions.c.feed_id)


# Asked at every check, so built once.
FEED = (
    sa.select(feeds.c.policy, *HOST, *DUE_FEED)
    .join_from(feeds, hosts, hosts.c.host == feeds.c.host)
    .where(feeds.c.id == sa.bindparam("feed"))
)
KNOWN = sa.select(keys.c.key, keys.c.second).where(keys.c.feed_id == sa.bindparam("feed"))
NEXT_CHECK = sa.select(sa.func.min(hosts.c.due_at))
STANDINGS = (
    sa.select(
        *SUBSCRIPTION,
        feeds.c.last_checked_at,
        feeds.c.last_success_at,
        feeds.c.next_check_at,
        feeds.c.weekly,
        feeds.c.heard_at,
        feeds.c.failing_since,
        hosts.c.open_at,
    )
    .select_from(FOLLOWED.outerjoin(hosts, hosts.c.host == feeds.c.host))
    .where(subscriptions.c.chat_id == sa.bindparam("chat"))
    .order_by(subscriptions.c.id)
)
SOME_STANDINGS = STANDINGS.where(among(subscriptions.c.id, "those"))
LISTED = (
    sa.select(
        subscriptions.c.id,
        subscriptions.c.wishes,
        feeds.c.title,
        feeds.c.url,
        subscriptions.c.folder,
        subscriptions.c.filter,
    )
    .select_from(FOLLOWED)
    .where(subscriptions.c.chat_id == sa.bindparam("chat"))
    .order_by(subscriptions.c.id)
)
# Articles are added oldest first, so the highest id is the newest; publishers' dates may lie.
PAST = (
    sa.select(*ARTICLE)
    .join_from(articles, article_texts, article_texts.c.article_id == articles.c.id, isouter=True)
    .where(articles.c.feed_id == sa.bindparam("feed"))
    .order_by(articles.c.id.desc())
)
TRIAL = (
    sa.select(*SUBSCRIPTION, trials.c.filter.label("tried"), trials.c.more)
    .select_from(FOLLOWED.join(trials, trials.c.subscription_id == subscriptions.c.id))
    .where(trials.c.id == sa.bindparam("trial"), subscriptions.c.chat_id == sa.bindparam("chat"))
)
ANY_BULLETIN = BULLETINS.limit(1)
READERS = (
    sa.select(
        subscriptions.c.id,
        subscriptions.c.chat_id,
        subscriptions.c.thread_id,
        subscriptions.c.filter,
        subscriptions.c.wishes,
        chats.c.wishes.label("chat_wishes"),
        chats.c.mute,
        chats.c.follows,
    )
    .join_from(subscriptions, chats, chats.c.id == subscriptions.c.chat_id)
    .where(subscriptions.c.feed_id == sa.bindparam("feed"))
    .order_by(subscriptions.c.id)
)
_in_flight = outbox.alias("sending")
BUSY_UNTIL = sa.select(sa.func.max(_in_flight.c.claimed_until)).where(
    _in_flight.c.chat_id == chats.c.id, sa.text(f"sending.{IN_FLIGHT}")
)
"""When the lease of what a chat is being sent ends; later, if all goes well, than the send itself."""
AT_ONCE = sa.func.coalesce(chats.c.ready_at, sa.literal(EPOCH, Moment()), type_=Moment())
NEXT_DELIVERY = (
    sa.select(sa.func.min(later_of(AT_ONCE, BUSY_UNTIL.scalar_subquery()), type_=Moment()))
    .join_from(OWING, chats, chats.c.id == OWING.c.chat_id)
    .where(~chats.c.paused, ~chats.c.resting)
)
DEAD_LETTERS = (
    sa.select(
        outbox.c.id,
        outbox.c.closed_at,
        chats.c.id.label("chat_id"),
        chats.c.title.label("chat_title"),
        feeds.c.title.label("feed_title"),
        articles.c.title,
        articles.c.url,
        sa.func.coalesce(outbox.c.reason, ""),
        outbox.c.attempts,
    )
    .select_from(
        sa.join(outbox, chats, chats.c.id == outbox.c.chat_id)
        .join(articles, articles.c.id == outbox.c.article_id)
        .join(feeds, feeds.c.id == articles.c.feed_id)
    )
    .where(outbox.c.state == RowState.DROPPED.value, sa.text(CLOSED))
    .order_by(outbox.c.closed_at.desc(), outbox.c.id.desc())
)
# By the article's feed and the row's place: a subscription that went and came back is no longer named in the row.
ALERTED = (
    sa.select(subscriptions.c.id)
    .join_from(outbox, articles, articles.c.id == outbox.c.article_id)
    .join(
        subscriptions,
        sa.and_(
            subscriptions.c.chat_id == outbox.c.chat_id,
            subscriptions.c.thread_id == outbox.c.thread_id,
            subscriptions.c.feed_id == articles.c.feed_id,
        ),
    )
    .where(
        outbox.c.chat_id == sa.bindparam("chat"),
        sa.bindparam("message", type_=sa.BigInteger()).bool_op("IN")(Numbers(outbox.c.message_ids)),
    )
    .order_by(subscriptions.c.id)
    .distinct()
)


class Reads:
    """The part of the store that only reads."""

    def _open(self) -> Database:
        raise StoreError("the store is not open")

    async def _all(self, *queries: sa.Select[Any], **values: Any) -> list[Sequence[AnyRow]]:
        """Ask one or more questions on one connection."""
        return await self._open().ask(
            lambda connection: [connection.execute(query, values).all() for query in queries]
        )

    async def _first(self, query: sa.Select[Any], **values: Any) -> sa.RowMapping | None:
        (rows,) = await self._all(query, **values)
        return rows[0]._mapping if rows else None

    @guarded
    async def feed(self, feed_id: int) -> DueFeed | None:
        found, known = await self._all(FEED, KNOWN, feed=feed_id)
        if not found:
            return None
        policy, *facts = found[0]
        memory = Memory(
            policy=policy,
            keys=frozenset(key for key, _ in known),
            second_keys=frozenset(second for _, second in known if second is not None),
        )
        return due_feed_of(facts[len(HOST) :], host_of(facts[: len(HOST)]), memory)

    @guarded
    async def next_check_at(self) -> datetime | None:
        # Twice a second, and nearly always in vain.
        at: datetime | None = await self._open().glance(lambda connection: connection.scalar(NEXT_CHECK))
        return at

    @guarded
    async def is_owed_a_check(self, since: datetime, *, open_by: datetime) -> bool:
        query = (
            sa.select(feeds.c.id)
            .join_from(feeds, hosts, hosts.c.host == feeds.c.host)
            .where(feeds.c.next_check_at <= since, sa.exists().where(subscriptions.c.feed_id == feeds.c.id))
            .where(sa.or_(hosts.c.open_at.is_(None), hosts.c.open_at <= open_by))
        )
        (rows,) = await self._all(query.limit(1))
        return bool(rows)

    @guarded
    async def listed(self, chat_id: int) -> tuple[Listed, ...]:
        (rows,) = await self._all(LISTED, chat=chat_id)
        return tuple(
            Listed(number, one, (wishes or {}).get("title") or title, url, folder or "", expression)
            for number, (one, wishes, title, url, folder, expression) in enumerate(rows, 1)
        )

    @guarded
    async def recent_articles(self, feed_id: int, limit: int) -> tuple[Article, ...]:
        without_text = sa.literal("").label("text"), sa.literal("").label("html")
        query = sa.select(*ARTICLE[:-2], *without_text).where(articles.c.feed_id == feed_id)
        (rows,) = await self._all(query.order_by(articles.c.id.desc()).limit(limit))
        return tuple(article_of(row._mapping) for row in rows)

    @guarded
    async def standings(self, chat_id: int, ids: Sequence[int] | None = None) -> tuple[Standing, ...]:
        if ids is None:
            (rows,) = await self._all(STANDINGS, chat=chat_id)
        else:
            (rows,) = await self._all(SOME_STANDINGS, chat=chat_id, those=list(ids))
        return tuple(standing_of(row._mapping) for row in rows)

    @guarded
    async def has_bulletins(self, now: datetime) -> bool:
        (rows,) = await self._all(ANY_BULLETIN, now=now)
        return bool(rows)

    @guarded
    async def feed_by_url(self, url: str, chat_id: int | None = None) -> int | None:
        row = await self._first(FEED_AT, address=url, owner=EVERYBODY if chat_id is None else chat_id)
        return None if row is None else int(row["id"])

    @guarded
    async def readers(self, feed_id: int) -> tuple[Reader, ...]:
        rows, sent_on = await self._all(READERS, FOLLOWERS, feed=feed_id)
        return (
            *(reader_of(row._mapping) for row in rows),
            *(follower_of(row._mapping) for row in sent_on),
        )

    @guarded
    async def follows(self, chat_id: int) -> tuple[Follow, ...]:
        (rows,) = await self._all(OF_CHAT, chat=chat_id)
        return tuple(follow_of(row._mapping) for row in rows)

    @guarded
    async def unchecked_follows(self, before: datetime, limit: int) -> tuple[Follow, ...]:
        (rows,) = await self._all(UNCHECKED, before=before, most=limit)
        return tuple(follow_of(row._mapping) for row in rows)

    @guarded
    async def newest_article(self, feed_id: int) -> Article | None:
        row = await self._first(PAST.limit(1), feed=feed_id)
        return None if row is None else article_of(row)

    @guarded
    async def past_articles(self, feed_id: int, limit: int) -> tuple[Article, ...]:
        (rows,) = await self._all(PAST.limit(limit), feed=feed_id)
        return tuple(article_of(row._mapping) for row in rows)

    @guarded
    async def stories(
        self, chat_id: int, *, limit: int, message_id: int | None = None, links: Sequence[str] = ()
    ) -> tuple[Story, ...]:
        queries = stories_of(message_id, links)
        found = await self._all(*(query.limit(limit) for query in queries), chat=chat_id)
        told = [story_of(row._mapping) for rows in found for row in rows]
        return tuple(sorted(told, key=lambda one: one.known_at, reverse=True)[:limit])

    @guarded
    async def trial(self, chat_id: int, trial_id: int) -> Tried | None:
        row = await self._first(TRIAL, chat=chat_id, trial=trial_id)
        return None if row is None else Tried(subscription_of(row), row["tried"], tuple(row["more"]))

    @guarded
    async def chat(self, chat_id: int) -> Chat | None:
        row = await self._first(sa.select(*CHAT).where(chats.c.id == chat_id))
        return None if row is None else chat_of(row)

    @guarded
    async def subscriptions(self, chat_id: int) -> tuple[Subscription, ...]:
        query = sa.select(*SUBSCRIPTION).select_from(FOLLOWED).where(subscriptions.c.chat_id == chat_id)
        (rows,) = await self._all(query.order_by(subscriptions.c.id))
        return tuple(subscription_of(row._mapping) for row in rows)

    @guarded
    async def subscription(self, subscription_id: int) -> Subscription | None:
        query = sa.select(*SUBSCRIPTION).select_from(FOLLOWED).where(subscriptions.c.id == subscription_id)
        row = await self._first(query)
        return None if row is None else subscription_of(row)

    @guarded
    async def subscription_to(self, chat_id: int, thread_id: int | None, feed_id: int) -> Subscription | None:
        query = (
            sa.select(*SUBSCRIPTION)
            .select_from(FOLLOWED)
            .where(
                subscriptions.c.chat_id == chat_id,
                subscriptions.c.thread_id == (thread_id or 0),
                subscriptions.c.feed_id == feed_id,
            )
        )
        row = await self._first(query)
        return None if row is None else subscription_of(row)

    @guarded
    async def offer(self, chat_id: int, offer_id: int) -> FeedLink | None:
        query = sa.select(offers).where(offers.c.id == offer_id, offers.c.chat_id == chat_id)
        row = await self._first(query)
        return None if row is None else FeedLink(row["url"], row["title"])

    @guarded
    async def last_change(self, chat_id: int, since: datetime) -> Change | None:
        facts = (changes.c.chat_id, changes.c.kind, changes.c.at, changes.c.what, changes.c.count)
        query = (
            sa.select(*facts, changes.c.to_chat, changes.c.id)
            .where(changes.c.chat_id == chat_id, changes.c.at >= since)
            .order_by(changes.c.id.desc())
            .limit(1)
        )
        (rows,) = await self._all(query)
        return next((Change(chat, ChangeKind(kind), *rest) for chat, kind, *rest in rows), None)

    @guarded
    async def alerted(self, chat_id: int, message_id: int) -> tuple[int, ...]:
        (rows,) = await self._all(ALERTED, chat=chat_id, message=message_id)
        return tuple(number for (number,) in rows)

    @guarded
    async def next_delivery_at(self) -> datetime | None:
        ((found,),) = await self._all(NEXT_DELIVERY)
        at: datetime | None = found[0]
        return at

    @guarded
    async def dead_letters(self, *, limit: int, offset: int = 0) -> tuple[DeadLetter, ...]:
        (rows,) = await self._all(DEAD_LETTERS.limit(limit).offset(offset))
        return tuple(DeadLetter(*row) for row in rows)

    @guarded
    async def depth(self) -> Mapping[str, int]:
        counts = [
            sa.select(sa.literal(table.name).label("name"), sa.func.count().label("many")).select_from(table)
            for table in (feeds, subscriptions)
        ]
        states = [
            sa.select(outbox.c.state, sa.func.count()).where(sa.text(part)).group_by(outbox.c.state)
            for part in (UNSENT, CLOSED)
        ]
        doubled = sa.select(sa.literal("perhaps_double"), sa.func.count(outbox.c.id)).where(sa.text(DOUBLED))
        (rows,) = await self._all(sa.select(sa.union_all(*counts, doubled, *states).subquery()))
        return {state.value: 0 for state in RowState} | dict(rows)
