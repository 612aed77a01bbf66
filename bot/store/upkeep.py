"""Writes about housekeeping."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model import MOST_TRIED, RowState
from bot.store.chat_writes import CLOSED, DONE
from bot.store.checks import Checks
from bot.store.columns import MICROSECOND
from bot.store.feed_writes import KEPT_TEXT, SEEN_AGAIN
from bot.store.tables import (
    IN_FLIGHT,
    article_texts,
    articles,
    changes,
    chats,
    feeds,
    keys,
    offers,
    outbox,
    trials,
)
from bot.store.unit import whole

COUNT_MISSED = (
    sa.update(chats)
    .where(chats.c.id == sa.bindparam("chat"))
    .values(missed=chats.c.missed + sa.bindparam("more", type_=sa.Integer()))
)


class Upkeep(Checks):
    """The part of a transaction that is about housekeeping."""

    @whole
    async def release_leases(self) -> None:
        await self._release()
        # As with a lease that ran out: the message may be out already.
        freed = {
            "state": RowState.WAITING.value,
            "claimed_until": None,
            "attempts": outbox.c.attempts + 1,
            "perhaps_double": True,
        }
        await self._run(sa.update(outbox).where(sa.text(IN_FLIGHT)).values(freed))

    @whole
    async def expire(self, *, before: datetime, limit: int) -> int:
        given_up = {"state": RowState.EXPIRED.value, "claimed_until": None, "closed_at": before}
        expiry = (
            sa.update(outbox)
            .where(outbox.c.id.in_(sa.select(_unsent_rows(before, limit).c.id)))
            .values(given_up)
            .returning(outbox.c.chat_id)
        )
        missed = Counter(chat_id for (chat_id,) in await self._rows(expiry))
        if missed:
            await self._run(COUNT_MISSED, [{"chat": one, "more": missed[one]} for one in sorted(missed)])
        return missed.total()

    @whole
    async def forget(
        self, *, articles_before: datetime, keys_before: datetime, changes_before: datetime, limit: int
    ) -> int:
        gone = 0
        # Rows before the articles they hang on.
        for aged in (
            _closed_rows(articles_before),
            _unasked_rows(articles_before),
            _texts_of_no_use(),
            _old_articles(articles_before),
            _old_offers(articles_before),
            _old_trials(articles_before),
            _old_keys(keys_before),
            sa.select(changes.c.id).where(changes.c.at < changes_before),
        ):
            if gone < limit:
                gone += (await self._run(_deletion(aged.limit(limit - gone)))).rowcount
        if gone < limit:
            cut = _texts_too_long().limit(limit - gone)
            begun = {"text": sa.func.substr(article_texts.c.text, 1, KEPT_TEXT), "html": None}
            shorter = sa.update(article_texts).where(article_texts.c.article_id.in_(cut)).values(begun)
            gone += (await self._run(shorter)).rowcount
        return gone


def _deletion(aged: sa.Select[Any]) -> sa.Delete:
    """Delete the rows whose primary key is selected: neither database takes LIMIT in a DELETE."""
    (table,) = {column.table for column in aged.selected_columns if isinstance(column.table, sa.Table)}
    primary = list(table.primary_key)
    return sa.delete(table).where((sa.tuple_(*primary) if len(primary) > 1 else primary[0]).in_(aged))


def _unsent_rows(before: datetime, limit: int) -> sa.CTE:
    waits = outbox.c.state.in_((RowState.WAITING.value, RowState.HELD.value))
    lost = sa.and_(outbox.c.state == RowState.SENDING.value, outbox.c.claimed_until < before)
    return (
        sa.select(outbox.c.id)
        .where(outbox.c.closed_at.is_(None), sa.or_(waits, lost), outbox.c.created_at < before)
        .order_by(outbox.c.created_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        # PostgreSQL may run a subquery again for each row, and would then take more than the limit.
        .cte("unsent")
    )


def _closed_rows(before: datetime) -> sa.Select[Any]:
    return sa.select(outbox.c.id).where(outbox.c.state.in_(CLOSED), outbox.c.closed_at < before)


def _unasked_rows(before: datetime) -> sa.Select[Any]:
    """Left behind by a burst, and nobody wanted them."""
    return sa.select(outbox.c.id).where(
        outbox.c.closed_at.is_(None), outbox.c.state == RowState.BEHIND.value, outbox.c.created_at < before
    )


IS_OWED = sa.exists().where(outbox.c.article_id == article_texts.c.article_id, outbox.c.state.not_in(DONE))


def _texts_of_no_use() -> sa.Select[Any]:
    """Those that nobody is owed, and that no filter is tried on."""
    newer = articles.alias("newer")
    last_tried = (
        sa.select(newer.c.id)
        .where(newer.c.feed_id == feeds.c.id)
        .order_by(newer.c.id.desc())
        .limit(1)
        .offset(MOST_TRIED - 1)
        .correlate(feeds)
        .scalar_subquery()
    )
    return (
        sa.select(article_texts.c.article_id)
        .select_from(
            sa.join(
                feeds, articles, sa.and_(articles.c.feed_id == feeds.c.id, articles.c.id < last_tried)
            ).join(article_texts, article_texts.c.article_id == articles.c.id)
        )
        .where(~IS_OWED)
    )


def _texts_too_long() -> sa.Select[Any]:
    """They were whole until they were sent."""
    return sa.select(article_texts.c.article_id).where(
        sa.or_(sa.func.length(article_texts.c.text) > KEPT_TEXT, article_texts.c.html.is_not(None)), ~IS_OWED
    )


def _old_articles(before: datetime) -> sa.Select[Any]:
    needed = sa.exists().where(outbox.c.article_id == articles.c.id)
    return sa.select(articles.c.id).where(articles.c.created_at < before, ~needed)


def _old_offers(before: datetime) -> sa.Select[Any]:
    return sa.select(offers.c.id).where(offers.c.created_at < before)


def _old_trials(before: datetime) -> sa.Select[Any]:
    return sa.select(trials.c.id).where(trials.c.created_at < before)


def _old_keys(before: datetime) -> sa.Select[Any]:
    """Keys that are old, and that their feed's newest document no longer had.

    A feed that fails or answers "unchanged" for months shows no keys at all; forgetting them by the calendar
    alone would make its whole document news on the day it comes back.
    """
    margin = 2 * SEEN_AGAIN // MICROSECOND
    read_since = sa.type_coerce(keys.c.last_seen_at, sa.BigInteger) + margin < sa.type_coerce(
        feeds.c.entries_read_at, sa.BigInteger
    )
    return (
        sa.select(keys.c.feed_id, keys.c.key)
        .join(feeds, feeds.c.id == keys.c.feed_id)
        .where(keys.c.last_seen_at < before, read_since)
    )
