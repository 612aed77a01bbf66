"""Writes about the outbox: which row goes next, and what a send changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model import OutboxRow, RowState, SendOutcome
from bot.store.guard import guarded
from bot.store.moving import ChatMoves
from bot.store.rows import OWED, outbox_row_of
from bot.store.tables import (
    IN_FLIGHT,
    OPEN_STATES,
    article_texts,
    articles,
    chats,
    feeds,
    outbox,
    subscriptions,
)
from bot.store.unit import later_of

SENDING = RowState.SENDING.value
IS_OPEN = sa.text(f"outbox.{OPEN_STATES}")


def chat_is_ready(now: datetime) -> sa.ColumnElement[bool]:
    """True for a chat that may be sent to now.

    Not while one of its rows is being sent: two workers would overtake each other, and alerts arrive in order.
    """
    sending = outbox.alias("sending")
    in_flight = sa.exists().where(
        sending.c.chat_id == chats.c.id,
        sa.text(f"sending.{IN_FLIGHT}"),
        sending.c.claimed_until > now,
    )
    rested = sa.or_(chats.c.not_before.is_(None), chats.c.not_before <= now)
    return sa.and_(~chats.c.paused, ~chats.c.resting, rested, ~in_flight)


def row_is_ready(now: datetime) -> sa.ColumnElement[bool]:
    """True for a row that waits and may go, or whose sender's lease ran out."""
    return sa.and_(
        IS_OPEN,
        sa.or_(outbox.c.not_before.is_(None), outbox.c.not_before <= now),
        sa.or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until <= now),
    )


class OutboxWrites(ChatMoves):
    """The part of a transaction that is about the outbox."""

    @guarded
    async def claim_row(self, chat_id: int, now: datetime, *, until: datetime) -> OutboxRow | None:
        found = (await self._run(_next_row(chat_id, now))).mappings().first()
        if found is None:
            return None
        # Whoever held the row died or hangs; the message may be out. That try counts, so that a message which
        # kills its sender is given up some day.
        lost = found["state"] == SENDING
        facts: dict[str, Any] = {"state": SENDING, "claimed_until": until}
        if lost:
            facts |= {"attempts": found["attempts"] + 1, "perhaps_double": True}
        unchanged = sa.and_(
            outbox.c.state == found["state"],
            outbox.c.claimed_until.is_not_distinct_from(
                sa.bindparam("held", found["claimed_until"], type_=outbox.c.claimed_until.type)
            ),
        )
        claim = sa.update(outbox).where(outbox.c.id == found["id"], unchanged).values(facts)
        if not (await self._run(claim)).rowcount:
            return None  # on PostgreSQL another worker was faster
        return outbox_row_of(found, found["attempts"] + lost)

    @guarded
    async def record_send(self, outcome: SendOutcome) -> None:
        await self._run(_row_facts(outcome))
        if outcome.chat_rests:
            await self._run(sa.update(chats).where(chats.c.id == outcome.chat_id).values(resting=True))
        if outcome.chat_not_before is not None:
            await self._chat_waits(outcome.chat_id, outcome.chat_not_before)
        if outcome.chat_moves_to is not None:
            await self.move_chat(outcome.chat_id, outcome.chat_moves_to)

    @guarded
    async def hold_back(self, row_id: int, chat_id: int, *, until: datetime) -> None:
        free = {"state": RowState.WAITING.value, "claimed_until": None}
        mine = sa.and_(outbox.c.id == row_id, outbox.c.state == SENDING)
        await self._run(sa.update(outbox).where(mine).values(free))
        await self._chat_waits(chat_id, until)

    async def _chat_waits(self, chat_id: int, until: datetime) -> None:
        wait = later_of(chats.c.not_before, until)
        await self._run(sa.update(chats).where(chats.c.id == chat_id).values(not_before=wait))


def _next_row(chat_id: int, now: datetime) -> sa.Select[Any]:
    tables = (
        sa.join(outbox, chats, chats.c.id == outbox.c.chat_id)
        .join(subscriptions, subscriptions.c.id == outbox.c.subscription_id)
        .join(feeds, feeds.c.id == subscriptions.c.feed_id)
        .join(articles, articles.c.id == outbox.c.article_id)
        .outerjoin(article_texts, article_texts.c.article_id == articles.c.id)
    )
    return (
        sa.select(*OWED)
        .select_from(tables)
        .where(outbox.c.chat_id == chat_id, row_is_ready(now), chat_is_ready(now))
        .order_by(outbox.c.article_at, outbox.c.id)
        .limit(1)
        .with_for_update(of=chats, skip_locked=True)
    )


def _row_facts(outcome: SendOutcome) -> sa.Update:
    sent = RowState.SENT.value
    closed = outcome.state in {RowState.SENT, RowState.DROPPED}
    facts: dict[str, Any] = {
        "state": outcome.state.value,
        "attempts": outcome.attempts,
        "reason": outcome.reason,
        "message_ids": list(outcome.message_ids),
        "not_before": outcome.not_before,
        "claimed_until": None,
        "closed_at": outcome.at if closed else None,
    }
    if outcome.perhaps_double:
        facts["perhaps_double"] = True  # once a row may have doubled, it stays so
    # What arrived has arrived: a sender whose lease ran out may report late, after another one's success.
    news = sa.or_(outbox.c.state != sent, sa.literal(outcome.state.value) == sent)
    return sa.update(outbox).where(outbox.c.id == outcome.row_id, news).values(facts)
