"""Writes about pacing and housekeeping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model import RowState
from bot.store.chat_writes import CLOSED
from bot.store.columns import MICROSECOND
from bot.store.feed_writes import SEEN_AGAIN
from bot.store.guard import guarded
from bot.store.rows import chunks
from bot.store.tables import article_texts, articles, feeds, keys, offers, outbox, paces
from bot.store.unit import Unit, insert_into


class Upkeep(Unit):
    """The part of a transaction that is about pacing and housekeeping."""

    @guarded
    async def paces(self, scopes: Sequence[str]) -> Mapping[str, datetime]:
        found: dict[str, datetime] = {}
        for chunk in chunks(scopes):
            query = sa.select(paces.c.scope, paces.c.due_at).where(paces.c.scope.in_(chunk))
            found.update(await self._rows(query.with_for_update()))
        return found

    @guarded
    async def save_paces(self, paces: Mapping[str, datetime]) -> None:
        if not paces:
            return
        insert = insert_into(self._dialect, PACES)
        upsert = insert.on_conflict_do_update(
            index_elements=[PACES.c.scope], set_={"due_at": insert.excluded.due_at}
        )
        await self._run(upsert, [{"scope": scope, "due_at": due} for scope, due in sorted(paces.items())])

    @guarded
    async def release_leases(self) -> None:
        await self._run(sa.update(feeds).where(feeds.c.claimed_until.is_not(None)).values(claimed_until=None))
        # As with a lease that ran out: the message may be out already.
        freed = {
            "state": RowState.WAITING.value,
            "claimed_until": None,
            "attempts": outbox.c.attempts + 1,
            "perhaps_double": True,
        }
        await self._run(sa.update(outbox).where(outbox.c.state == RowState.SENDING.value).values(freed))

    @guarded
    async def forget(self, *, articles_before: datetime, keys_before: datetime, limit: int) -> int:
        gone = 0
        # Rows before the articles they hang on.
        for aged in (
            _closed_rows(articles_before),
            _texts_of_no_use(),
            _old_articles(articles_before),
            _old_offers(articles_before),
            _old_keys(keys_before),
        ):
            if gone < limit:
                gone += (await self._run(_deletion(aged.limit(limit - gone)))).rowcount
        return gone


PACES = paces


def _deletion(aged: sa.Select[Any]) -> sa.Delete:
    """Delete the rows whose primary key is selected: neither database takes LIMIT in a DELETE."""
    (table,) = {column.table for column in aged.selected_columns if isinstance(column.table, sa.Table)}
    primary = list(table.primary_key)
    return sa.delete(table).where((sa.tuple_(*primary) if len(primary) > 1 else primary[0]).in_(aged))


def _closed_rows(before: datetime) -> sa.Select[Any]:
    return sa.select(outbox.c.id).where(outbox.c.state.in_(CLOSED), outbox.c.closed_at < before)


def _texts_of_no_use() -> sa.Select[Any]:
    needed = sa.exists().where(
        outbox.c.article_id == article_texts.c.article_id, outbox.c.state.not_in(CLOSED)
    )
    return sa.select(article_texts.c.article_id).where(~needed)


def _old_articles(before: datetime) -> sa.Select[Any]:
    needed = sa.exists().where(outbox.c.article_id == articles.c.id)
    return sa.select(articles.c.id).where(articles.c.created_at < before, ~needed)


def _old_offers(before: datetime) -> sa.Select[Any]:
    return sa.select(offers.c.id).where(offers.c.created_at < before)


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
