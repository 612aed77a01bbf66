"""Writes about feeds: who is checked next, and all that a check changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from bot.hosts import host_of
from bot.model import Article, Delivery, Login, Look, PollOutcome, RowState, Streak, Who
from bot.store.adoption import EXACTLY_AT, FEED_AT
from bot.store.checks import RING
from bot.store.columns import MICROSECOND, storable
from bot.store.logins import Logins
from bot.store.notices import Notices
from bot.store.prepared import Prepared
from bot.store.rows import article_values, chunks, problem_document, terms_document
from bot.store.tables import (
    EVERYBODY,
    article_texts,
    articles,
    feed_addresses,
    feeds,
    follows,
    keys,
    outbox,
    subscriptions,
)
from bot.store.unit import insert_if_new, insert_into, moment, whole

KEPT_TEXT = 4000
"""Characters of an article's text that are kept to try filters on; 96 in 100 articles are shorter (measured on a
hundred feeds, most of them 200)."""
SEEN_AGAIN = timedelta(days=1)
"""A key's `last_seen_at` moves at most this often: rewriting hundreds of keys at every check would be most of
all writing, and they age by months."""


def _kept(column: sa.Column[Any], new: str) -> sa.ColumnElement[Any]:
    return sa.func.coalesce(sa.bindparam(new, type_=column.type), column)


IS_HELD = sa.or_(follows.c.topic_gone, follows.c.lapsed.is_not(None))
TOLD = sa.bindparam("knows", type_=sa.Integer())
CHECKED = (
    sa.update(feeds)
    .where(feeds.c.id == sa.bindparam("feed"))
    .values(
        # Null stays null: nobody follows the feed any more, and `subscribe` makes it due again.
        next_check_at=sa.case((feeds.c.next_check_at.is_(None), sa.null()), else_=moment("next")),
        claimed_until=sa.null(),
        last_checked_at=moment("checked"),
        etag=sa.bindparam("new_etag"),
        last_modified=sa.bindparam("new_modified"),
        body_hash=sa.bindparam("new_hash"),
    )
)
NOTHING, ZERO = sa.null(), sa.literal_column("0", sa.Integer())
WELL = Prepared(
    CHECKED.values(
        last_success_at=moment("checked"),
        failures=ZERO,
        problem=NOTHING,
        failing_since=NOTHING,
        gone_since=NOTHING,
        kills=ZERO,
        told=ZERO,
    )
)
"""What nearly every check comes to. FEED_FACTS would do as well; three times as many values cost three times as
much."""
FEED_FACTS = CHECKED.values(
    failures=sa.bindparam("failed"),
    problem=sa.bindparam("why"),
    last_success_at=_kept(feeds.c.last_success_at, "succeeded"),
    entries_read_at=_kept(feeds.c.entries_read_at, "read"),
    policy=_kept(feeds.c.policy, "new_policy"),
    title=_kept(feeds.c.title, "new_title"),
    site=_kept(feeds.c.site, "new_site"),
    weekly=_kept(feeds.c.weekly, "rate"),
    heard_at=_kept(feeds.c.heard_at, "heard"),
    terms=_kept(feeds.c.terms, "new_terms"),
    failing_since=moment("failing"),
    gone_since=moment("gone"),
    kills=sa.bindparam("killed"),
    # Readers may have been told while the feed was being checked.
    told=sa.case((moment("failing").is_(None), 0), (feeds.c.told > TOLD, feeds.c.told), else_=TOLD),
)
NOT_WELL = Prepared(FEED_FACTS)


@cache
def remember(dialect: str) -> sa.Insert:
    """Add keys, or note that they were seen again; a row that would say nothing new is not rewritten."""
    insert = insert_into(dialect, keys)
    new = insert.excluded
    second = sa.func.coalesce(new.second, keys.c.second)
    stale = sa.type_coerce(keys.c.last_seen_at, sa.BigInteger) + SEEN_AGAIN // MICROSECOND
    return insert.on_conflict_do_update(
        index_elements=[keys.c.feed_id, keys.c.key],
        set_={"last_seen_at": new.last_seen_at, "second": second},
        where=sa.or_(
            stale < sa.type_coerce(new.last_seen_at, sa.BigInteger),
            second.is_distinct_from(keys.c.second),
        ),
    )


class FeedWrites(Logins, Notices):
    """The part of a transaction that is about feeds."""

    @whole
    async def record_quiet_polls(self, outcomes: Sequence[PollOutcome]) -> None:
        bare = [outcome for outcome in outcomes if not outcome.seen]
        if bare:
            await self._keep_hosts([(one.host, one.checked_at) for one in bare if one.host])
            rings = [{"feed": one.feed_id, "at": one.next_check_at} for one in bare if one.next_check_at]
            well = [_checked(one) for one in bare if _is_well(one)]
            others = [_facts(one) for one in bare if not _is_well(one)]
            for statement, rows in ((RING, rings), (WELL, well), (NOT_WELL, others)):
                if rows:
                    self._write(statement, *rows)
        for outcome in outcomes:
            if outcome.seen:
                await self.record_poll(outcome)

    @whole
    async def record_poll(self, outcome: PollOutcome) -> frozenset[int]:
        if outcome.host:
            await self._keep_hosts([(outcome.host, outcome.checked_at)])
        await self._ring(outcome.feed_id, outcome.next_check_at)
        if not (await self._run(FEED_FACTS, _facts(outcome))).rowcount:
            return frozenset()  # removed while it was being checked
        if outcome.seen:
            await self._run(remember(self._dialect), _seen_values(outcome))
        if outcome.tell:
            await self._announce(outcome.feed_id, outcome.tell, outcome.checked_at)
        if outcome.articles:
            common = {"feed_id": outcome.feed_id, "created_at": outcome.checked_at}
            rows = [article_values(article) | common for article in outcome.articles]
            await self._run(insert_if_new(self._dialect, articles), rows)
        owed = await self._deliver(outcome) if outcome.articles or outcome.deliveries else frozenset()
        if outcome.moved_to:
            await self._move_feed(outcome.feed_id, outcome.moved_to, outcome.checked_at)
        return owed

    @whole
    async def record_merger(self, moved: PollOutcome, there: PollOutcome) -> frozenset[int]:
        if await self._is_private(moved.feed_id):
            return await self.record_poll(moved)
        await self._drop_twins(moved.feed_id, there.feed_id)
        owed = await self.record_poll(replace(moved, moved_to=None))
        owed |= await self.record_poll(replace(there, moved_to=None))
        await self._absorb(moved.feed_id, there.feed_id, moved.checked_at)
        return owed

    async def _deliver(self, outcome: PollOutcome) -> frozenset[int]:
        owed = [one.article_key for one in outcome.deliveries]
        ids = await self._article_ids(outcome.feed_id, [*owed, *(one.key for one in outcome.articles)])
        await self._keep_texts(outcome, ids, frozenset(owed))
        return await self._owe(outcome, ids) if owed else frozenset()

    @whole
    async def add_feed(
        self, url: str, outcome: PollOutcome, *, moved_from: str | None = None, login: Login | None = None
    ) -> int:
        feed_id = await self._found_or_added(url, outcome, login)
        if moved_from is not None and moved_from != url:
            older = {"url": moved_from, "feed_id": feed_id}
            await self._run(insert_if_new(self._dialect, feed_addresses), older)
        return feed_id

    async def _found_or_added(self, url: str, outcome: PollOutcome, login: Login | None) -> int:
        there = EXACTLY_AT if login else FEED_AT
        place = {"address": url, "owner": login.chat_id if login else EVERYBODY}
        headers = dict(login.headers) if login else None
        known = (await self._run(there, place)).scalar()
        if known is not None:
            if headers:
                await self._run(sa.update(feeds).where(feeds.c.id == known).values(headers=headers))
            return int(known)
        facts = {
            "url": url,
            "private_to": place["owner"],
            "headers": headers,
            "title": "",
            "host": host_of(url),
            "failures": 0,
            "kills": 0,
            "told": 0,
            "next_check_at": outcome.next_check_at,
            "created_at": outcome.checked_at,
        }
        await self._know_host(host_of(url), outcome.next_check_at)
        add = insert_if_new(self._dialect, feeds).values(facts).returning(feeds.c.id)
        added = (await self._run(add)).scalar()
        if added is None:  # another worker was faster
            return int((await self._run(there, place)).scalar_one())
        await self.record_poll(replace(outcome, feed_id=added))
        return int(added)

    async def _keep_texts(self, outcome: PollOutcome, ids: dict[str, int], owed: frozenset[str]) -> None:
        """Keep the whole text of what is owed; of the others, what filters are tried on."""
        rows = [
            {
                "article_id": ids[article.key],
                "text": article.text if article.key in owed else article.text[:KEPT_TEXT],
                "html": (article.html or None) if article.key in owed else None,
            }
            for article in outcome.articles
            if (article.text or article.html) and article.key in ids
        ]
        if rows:
            await self._run(insert_if_new(self._dialect, article_texts), rows)

    async def _owe(self, outcome: PollOutcome, ids: dict[str, int]) -> frozenset[int]:
        """Open one outbox row for each delivery whose subscription is still there.

        The chat is the subscription's own, since it may have moved while the feed was being read.
        """
        homes = await self._homes_of(outcome)
        order = dict(_in_order(outcome.articles, outcome.checked_at))
        rows = [
            homes[one.who]
            | ({"state": RowState.BEHIND.value} if one.behind else {})
            | {
                "article_id": ids[one.article_key],
                "subscription_id": one.subscription_id,
                "follow_id": one.follow_id,
                "more": one.more,
                "article_at": order.get(one.article_key, outcome.checked_at),
                "created_at": outcome.checked_at,
            }
            for one in _by_article(outcome)
            if one.who in homes and one.article_key in ids
        ]
        if rows:
            await self._run(insert_if_new(self._dialect, outbox), rows)
        return frozenset(row["chat_id"] for row in rows)

    async def _article_ids(self, feed_id: int, named: list[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for chunk in chunks(list(dict.fromkeys(named))):
            query = sa.select(articles.c.key, articles.c.id).where(
                articles.c.feed_id == feed_id, articles.c.key.in_(chunk)
            )
            found.update(await self._rows(query))
        return {key: found[stored] for key in named if (stored := storable(key)) in found}

    async def _homes_of(self, outcome: PollOutcome) -> dict[Who, dict[str, Any]]:
        """Where each reader's rows go, and whether they may go at once. A subscription that has another feed by now
        (a login came or went) gets its articles from there."""
        found: dict[Who, dict[str, Any]] = {}
        met = dict.fromkeys(one.follow_id for one in outcome.deliveries if one.follow_id is not None)
        for chunk in chunks(list(met)):
            places = sa.select(follows.c.id, follows.c.to_id, follows.c.thread_id, IS_HELD)
            for number, *facts in await self._rows(places.where(follows.c.id.in_(chunk))):
                found[None, number] = _home(*facts)
        those = dict.fromkeys(
            one.subscription_id for one in outcome.deliveries if one.subscription_id is not None
        )
        for chunk in chunks(list(those)):
            query = sa.select(
                subscriptions.c.id,
                subscriptions.c.chat_id,
                subscriptions.c.thread_id,
                subscriptions.c.topic_gone,
            ).where(subscriptions.c.id.in_(chunk), subscriptions.c.feed_id == outcome.feed_id)
            found.update(((number, None), _home(*facts)) for number, *facts in await self._rows(query))
        return found


def _seen_values(outcome: PollOutcome) -> list[dict[str, Any]]:
    # By key: two entries may share one, and PostgreSQL's upsert must not touch a row twice.
    seen = {
        entry.key: {
            "feed_id": outcome.feed_id,
            "key": entry.key,
            "second": entry.second,
            "last_seen_at": outcome.checked_at,
        }
        for entry in outcome.seen
    }
    return list(seen.values())


def _is_well(outcome: PollOutcome) -> bool:
    """Whether all it says is when the feed was checked, and will be; of one that was not well: that it is again."""
    facts = (outcome.policy, outcome.title, outcome.site, outcome.beat, outcome.terms, outcome.problem)
    return facts == _NO_FACTS and outcome.streak == _NO_STREAK and not outcome.failures


_NO_FACTS = (None,) * 6
_NO_STREAK = Streak()


def _checked(outcome: PollOutcome) -> dict[str, Any]:
    """For CHECKED."""
    return {
        "feed": outcome.feed_id,
        "next": outcome.next_check_at,
        "checked": outcome.checked_at,
        "new_etag": outcome.validators.etag,
        "new_modified": outcome.validators.last_modified,
        "new_hash": outcome.validators.body_hash,
    }


def _facts(outcome: PollOutcome) -> dict[str, Any]:
    return _checked(outcome) | {
        "failed": outcome.failures,
        "why": problem_document(outcome.problem),
        "succeeded": outcome.checked_at if outcome.problem is None else None,
        "read": outcome.checked_at if outcome.seen else None,
        "new_policy": outcome.policy,
        "new_title": outcome.title,
        "new_site": outcome.site,
        "rate": outcome.beat.weekly if outcome.beat else None,
        "heard": outcome.beat.heard_at if outcome.beat else None,
        "new_terms": terms_document(outcome.terms),
        "failing": outcome.streak.since,
        "gone": outcome.streak.gone_since,
        "killed": outcome.streak.kills,
        "knows": outcome.streak.told,
    }


def _in_order(new: tuple[Article, ...], checked_at: datetime) -> Iterator[tuple[str, datetime]]:
    """Say when each article takes its place in a chat.

    Its publisher's time, but never later than now (feeds date ahead, and would be sent last), and never before
    the article in front of it: the order given is the feed's own, also where dates are missing.
    """
    latest: datetime | None = None
    for article in new:
        own = min(article.published or checked_at, checked_at)
        latest = own if latest is None else max(own, latest)
        yield article.key, latest


def _by_article(outcome: PollOutcome) -> list[Delivery]:
    """Oldest article first: of rows with one time, the lower id goes first."""
    place = {article.key: number for number, article in enumerate(outcome.articles)}
    return sorted(outcome.deliveries, key=lambda one: place.get(one.article_key, -1))


def _home(chat_id: int, thread_id: int, held: bool) -> dict[str, Any]:
    state = RowState.HELD if held else RowState.WAITING
    return {
        "chat_id": chat_id,
        "thread_id": thread_id,
        "state": state.value,
        "attempts": 0,
        "look": Look.ADDRESSES.value,
        "message_ids": [],
        "perhaps_double": False,
    }
