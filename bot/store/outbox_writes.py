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
from bot.store.unit import later_of, moment

SENDING = RowState.SENDING.value
NOW = moment("now")

_in_flight = outbox.alias("sending")
CHAT_IS_READY = sa.and_(
    ~chats.c.paused,
    ~chats.c.resting,
    sa.or_(chats.c.not_before.is_(None), chats.c.not_before <= NOW),
    # Not while one of its rows is being sent: two workers would overtake each other, and alerts come in order.
    ~sa.exists().where(
        _in_flight.c.chat_id == chats.c.id,
        sa.text(f"sending.{IN_FLIGHT}"),
        _in_flight.c.claimed_until > NOW,
    ),
)
ROW_IS_READY = sa.and_(
    sa.text(f"outbox.{OPEN_STATES}"),
    sa.or_(outbox.c.not_before.is_(None), outbox.c.not_before <= NOW),
    # It waits, or its sender's lease ran out.
    sa.or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until <= NOW),
)
NEXT_ROW = (
    sa.select(*OWED)
    .select_from(
        sa.join(outbox, chats, chats.c.id == outbox.c.chat_id)
        .join(subscriptions, subscriptions.c.id == outbox.c.subscription_id)
        .join(feeds, feeds.c.id == subscriptions.c.feed_id)
        .join(articles, articles.c.id == outbox.c.article_id)
        .outerjoin(article_texts, article_texts.c.article_id == articles.c.id)
    )
    .where(outbox.c.chat_id == sa.bindparam("chat"), ROW_IS_READY, CHAT_IS_READY)
    .order_by(outbox.c.article_at, outbox.c.id)
    .limit(1)
)
# On PostgreSQL, before the question and apart from it: only a statement begun with the lock in hand sees what the
# last holder did. Not KEY: new outbox rows that name the chat need not wait.
LOCK_CHAT = sa.select(chats.c.id).where(chats.c.id == sa.bindparam("chat")).with_for_update(key_share=True)
# Only if the row is still as it was read: on PostgreSQL a late sender may have recorded it meanwhile.
CLAIM = (
    sa.update(outbox)
    .where(
        outbox.c.id == sa.bindparam("row"),
        outbox.c.state == sa.bindparam("found_state"),
        outbox.c.claimed_until.is_not_distinct_from(moment("found_until")),
    )
    .values(
        state=SENDING,
        claimed_until=moment("until"),
        attempts=sa.bindparam("tries"),
        perhaps_double=sa.or_(outbox.c.perhaps_double, sa.bindparam("double", type_=sa.Boolean())),
    )
)
RECORD = (
    sa.update(outbox)
    .where(
        outbox.c.id == sa.bindparam("row"),
        # What arrived has arrived: a sender whose lease ran out may report late, after another one's success.
        sa.or_(
            outbox.c.state != RowState.SENT.value,
            sa.bindparam("is_sent", type_=sa.Boolean()).is_(sa.true()),
        ),
    )
    .values(
        state=sa.bindparam("new_state"),
        attempts=sa.bindparam("tries"),
        reason=sa.bindparam("why"),
        message_ids=sa.bindparam("messages"),
        not_before=moment("later"),
        claimed_until=None,
        closed_at=moment("closed"),
        # Once a row may have doubled, it stays so.
        perhaps_double=sa.or_(outbox.c.perhaps_double, sa.bindparam("double", type_=sa.Boolean())),
    )
)
CHAT_WAITS = (
    sa.update(chats)
    .where(chats.c.id == sa.bindparam("chat"))
    .values(not_before=later_of(chats.c.not_before, moment("until")))
)


class OutboxWrites(ChatMoves):
    """The part of a transaction that is about the outbox."""

    @guarded
    async def claim_row(self, chat_id: int, now: datetime, *, until: datetime) -> OutboxRow | None:
        if self._dialect == "postgresql":
            await self._run(LOCK_CHAT, {"chat": chat_id})
        found = (await self._run(NEXT_ROW, {"chat": chat_id, "now": now})).mappings().first()
        if found is None:
            return None
        # Whoever held the row died or hangs; the message may be out. That try counts, so that a message which
        # kills its sender is given up some day.
        lost = found["state"] == SENDING
        attempts = found["attempts"] + lost
        claim = {
            "row": found["id"],
            "found_state": found["state"],
            "found_until": found["claimed_until"],
            "until": until,
            "tries": attempts,
            "double": lost,
        }
        if not (await self._run(CLAIM, claim)).rowcount:
            return None
        return outbox_row_of(found, attempts)

    @guarded
    async def record_send(self, outcome: SendOutcome) -> None:
        await self._run(RECORD, _record_values(outcome))
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
        await self._run(CHAT_WAITS, {"chat": chat_id, "until": until})


def _record_values(outcome: SendOutcome) -> dict[str, Any]:
    closed = outcome.state in {RowState.SENT, RowState.DROPPED}
    return {
        "row": outcome.row_id,
        "new_state": outcome.state.value,
        "is_sent": outcome.state is RowState.SENT,
        "tries": outcome.attempts,
        "why": outcome.reason,
        "messages": list(outcome.message_ids),
        "later": outcome.not_before,
        "closed": outcome.at if closed else None,
        "double": outcome.perhaps_double,
    }
