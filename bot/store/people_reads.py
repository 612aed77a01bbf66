"""Reads for those who run the bot: whom it knows, what they may, what is told them, and how the bot fares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.model import Acquaintance, Address, Article, Broadcast, Chat, Figures, Guest, Hearing, Tally, Vitals
from bot.store.broadcasts import HEARERS, TALLY, broadcast_of
from bot.store.figures import ACTIVE, ENDS, QUIET
from bot.store.guard import guarded
from bot.store.guests import GUEST, guest_of
from bot.store.reads import Reads
from bot.store.rows import ARTICLE, CHAT, Row, article_of, chat_of
from bot.store.tables import (
    FAILING,
    OPEN_STATES,
    UNTOLD,
    articles,
    broadcast_chats,
    broadcasts,
    chats,
    feeds,
    guests,
    outbox,
    paces,
    rulers,
    subscriptions,
)
from bot.store.unit import among, moment

RULED = (
    sa.select(*CHAT)
    .join_from(rulers, chats, chats.c.id == rulers.c.chat_id)
    .where(rulers.c.user_id == sa.bindparam("user"), chats.c.resting.is_(False))
    .order_by(chats.c.seen_at.desc(), chats.c.id)
)
LATEST = (
    sa.select(
        *ARTICLE[:-2],
        sa.literal("").label("text"),
        sa.literal("").label("html"),
        feeds.c.title.label("of_feed"),
    )
    .join_from(articles, feeds, feeds.c.id == articles.c.feed_id)
    .where(
        articles.c.feed_id.in_(
            sa.select(subscriptions.c.feed_id).where(subscriptions.c.chat_id == sa.bindparam("chat"))
        )
    )
    .order_by(articles.c.id.desc())
)
GUESTS = sa.select(*GUEST).where(among(guests.c.id, "those"))
SPOKEN_OF = (
    sa.select(*GUEST, chats.c.title)
    .select_from(sa.outerjoin(guests, chats, chats.c.id == guests.c.id))
    .where(guests.c.admitted.is_not(None))
    .order_by(guests.c.admitted.desc(), guests.c.id)
)
FEEDS = sa.select(sa.func.count()).where(subscriptions.c.chat_id == chats.c.id).scalar_subquery()
ACQUAINTANCES = (
    sa.select(*CHAT, *GUEST, FEEDS.label("feeds"))
    .select_from(sa.outerjoin(chats, guests, guests.c.id == chats.c.id))
    .order_by(chats.c.seen_at.desc().nulls_last(), chats.c.id)
)
ALL_CHATS = sa.select(sa.func.count()).select_from(chats)
RESTING_CHATS = ALL_CHATS.where(chats.c.resting)
HEARER_COUNT = ALL_CHATS.where(HEARERS)
BROADCAST = (
    broadcasts.c.id.label("broadcast_id"),
    broadcasts.c.owner_id,
    broadcasts.c.text,
    broadcasts.c.entities,
)
UNDER_WAY = sa.select(*BROADCAST).where(broadcasts.c.going).order_by(broadcasts.c.id)
NEXT_ADDRESS = (
    sa.select(*CHAT, broadcast_chats.c.attempts)
    .join_from(broadcast_chats, chats, chats.c.id == broadcast_chats.c.chat_id)
    .where(
        broadcast_chats.c.broadcast_id == sa.bindparam("broadcast"),
        sa.text(f"broadcast_chats.{UNTOLD}"),
        broadcast_chats.c.due_at <= moment("now"),
    )
    .order_by(broadcast_chats.c.due_at, broadcast_chats.c.chat_id)
    .limit(1)
)
WAITING_SINCE = (
    sa.select(sa.func.min(outbox.c.created_at))
    .join_from(outbox, chats, chats.c.id == outbox.c.chat_id)
    .where(sa.text(f"outbox.{OPEN_STATES}"), ~chats.c.paused, ~chats.c.resting)
)
DUE = sa.and_(
    feeds.c.next_check_at <= moment("now"),
    feeds.c.claimed_until.is_(None),
    sa.exists().where(subscriptions.c.feed_id == feeds.c.id),
)
DUE_FEEDS = sa.select(sa.func.count()).select_from(feeds).where(DUE)
DUE_SINCE = sa.select(sa.func.min(feeds.c.next_check_at)).where(DUE)
FAILING_FEEDS = sa.select(sa.func.count()).select_from(feeds).where(sa.text(f"feeds.{FAILING}"))
REFUSED = sa.select(sa.func.max(paces.c.refused_at))


class PeopleReads(Reads):
    """The part of the store that only its owners ask."""

    @guarded
    async def ruled_by(self, user_id: int, limit: int) -> tuple[Chat, ...]:
        (rows,) = await self._all(RULED.limit(limit), user=user_id)
        return tuple(chat_of(row._mapping) for row in rows)

    @guarded
    async def latest(self, chat_id: int, limit: int) -> tuple[tuple[Article, str], ...]:
        (rows,) = await self._all(LATEST.limit(limit), chat=chat_id)
        return tuple((article_of(row._mapping), row._mapping["of_feed"]) for row in rows)

    @guarded
    async def figures(self, chat_id: int, since: tuple[datetime, datetime, datetime], most: int) -> Figures:
        moments = dict(zip(("day", "week", "month"), since, strict=True))
        ends, active, quiet = await self._all(ENDS, ACTIVE, QUIET, chat=chat_id, most=most, **moments)
        tallies = {end: Tally(*counts) for end, *counts in ends}
        sent, held, dropped = (tallies.get(end, Tally()) for end in ("sent", "held", "dropped"))
        return Figures(
            sent, held, dropped, tuple((one, n) for one, n in active), tuple(one for (one,) in quiet)
        )

    @guarded
    async def guests(self, numbers: Sequence[int]) -> Mapping[int, Guest]:
        (rows,) = await self._all(GUESTS, those=list(numbers))
        known = {row.guest_id: guest_of(row._mapping, row.guest_id) for row in rows}
        return {number: known.get(number, Guest(number)) for number in numbers}

    @guarded
    async def spoken_of(self, limit: int) -> tuple[tuple[Guest, str], ...]:
        (rows,) = await self._all(SPOKEN_OF.limit(limit))
        return tuple((guest_of(row._mapping, row.guest_id), row.title or "") for row in rows)

    @guarded
    async def acquaintances(self, *, limit: int, offset: int = 0) -> tuple[Acquaintance, ...]:
        (rows,) = await self._all(ACQUAINTANCES.limit(limit).offset(offset))
        return tuple(_acquaintance(row._mapping) for row in rows)

    @guarded
    async def acquaintance(self, chat_id: int) -> Acquaintance | None:
        row = await self._first(ACQUAINTANCES.where(chats.c.id == chat_id))
        return None if row is None else _acquaintance(row)

    @guarded
    async def headcount(self) -> tuple[int, int]:
        ((every,),), ((resting,),) = await self._all(ALL_CHATS, RESTING_CHATS)
        return int(every), int(resting)

    @guarded
    async def hearers(self) -> int:
        (((found,),),) = await self._all(HEARER_COUNT)
        return int(found)

    @guarded
    async def broadcasts_under_way(self) -> tuple[Broadcast, ...]:
        (rows,) = await self._all(UNDER_WAY)
        return tuple([await self._told(row._mapping) for row in rows])

    @guarded
    async def next_address(self, broadcast_id: int, now: datetime) -> Address | None:
        row = await self._first(NEXT_ADDRESS, broadcast=broadcast_id, now=now)
        return None if row is None else Address(chat_of(row), row["attempts"])

    @guarded
    async def vitals(self, now: datetime) -> Vitals:
        figures = await self._all(WAITING_SINCE, DUE_FEEDS, DUE_SINCE, FAILING_FEEDS, REFUSED, now=now)
        return Vitals(*(rows[0][0] for rows in figures))

    async def _told(self, row: Row) -> Broadcast:
        (counts,) = await self._all(TALLY, broadcast=row["broadcast_id"])
        return broadcast_of(row, {Hearing(state).value: count for state, count in counts})


def _acquaintance(row: sa.RowMapping) -> Acquaintance:
    return Acquaintance(chat_of(row), row["feeds"], guest_of(row, row["chat_id"]))
