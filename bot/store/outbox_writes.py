"""Writes about the outbox: all that sends change, and what an owner decides about what was given up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from bot.model import Chat, Look, RowState, SendOutcome
from bot.store.chat_writes import CLOSED
from bot.store.moving import ChatMoves
from bot.store.prepared import Prepared
from bot.store.rows import CHAT, chat_of
from bot.store.tables import OPEN_STATES, chats, follows, outbox, subscriptions
from bot.store.unit import among, flag, later_of, moment, whole

IS_OPEN = sa.text(f"outbox.{OPEN_STATES}")
# On PostgreSQL, before anything else: a claim holds its chats while it looks at their rows, and a late sender of
# one of these rows must not come between. In one order, so that two that record do not wait for each other.
LOCK_CHATS = (
    sa.select(chats.c.id)
    .where(among(chats.c.id, "those"))
    .order_by(chats.c.id)
    .with_for_update(key_share=True)
)
# Not as a list: SQLAlchemy fills lists in when it runs a statement, and does so for one set of values only.
IS_NOT_CLOSED = sa.and_(*(outbox.c.state != closed for closed in CLOSED))
RECORD = Prepared(
    sa.update(outbox)
    .where(
        outbox.c.id == sa.bindparam("row"),
        # What arrived has arrived: a sender whose lease ran out may report late, after another one's success, or
        # after the row was given up.
        sa.or_(IS_NOT_CLOSED, sa.and_(outbox.c.state != RowState.SENT.value, flag("is_sent"))),
    )
    .values(
        state=sa.bindparam("new_state"),
        attempts=sa.bindparam("tries"),
        look=sa.func.coalesce(sa.bindparam("plainer", type_=sa.Integer()), outbox.c.look),
        reason=sa.bindparam("why"),
        # The pages of a text that are out stay so, whatever became of the next one.
        message_ids=sa.case(
            (flag("is_sent"), sa.bindparam("messages", type_=outbox.c.message_ids.type)),
            else_=outbox.c.message_ids,
        ),
        claimed_until=None,
        closed_at=moment("closed"),
        # Once a row may have doubled, it stays so.
        perhaps_double=sa.or_(outbox.c.perhaps_double, flag("double")),
    )
)
FIRST = datetime.min.replace(tzinfo=UTC)
TURN_PAGE = (
    sa.update(outbox)
    .where(
        outbox.c.id == sa.bindparam("row"),
        IS_NOT_CLOSED,
        # Late news of an earlier page: what came after it is out, too.
        sa.func.json_array_length(outbox.c.message_ids) < sa.bindparam("pages", type_=sa.Integer()),
    )
    .values(
        state=RowState.WAITING.value,
        attempts=0,
        reason=None,
        message_ids=sa.bindparam("messages", type_=outbox.c.message_ids.type),
        claimed_until=None,
        article_at=FIRST,
    )
)
"""A page is out, and the next one waits, before everything else in its chat: nothing comes between the two."""
TOLD = sa.bindparam("told", type_=sa.Integer())
CHAT_CHANGES = (
    sa.update(chats)
    .where(chats.c.id == sa.bindparam("chat"))
    .values(
        resting=sa.or_(chats.c.resting, flag("rests")),
        ready_at=later_of(chats.c.ready_at, moment("ready")),
        missed=sa.case((chats.c.missed > TOLD, chats.c.missed - TOLD), else_=0),
    )
)
CAUGHT_UP = Prepared(
    sa.update(chats)
    .where(
        among(chats.c.id, "those"),
        chats.c.catching_up,
        ~sa.exists().where(outbox.c.chat_id == chats.c.id, IS_OPEN),
    )
    .values(catching_up=False)
)
FLAG_TOPIC = tuple(
    sa.update(table)
    .where(
        chat_id == sa.bindparam("chat"),
        table.c.thread_id == sa.bindparam("thread"),
        ~table.c.topic_gone,
    )
    .values(topic_gone=True)
    for table, chat_id in ((subscriptions, subscriptions.c.chat_id), (follows, follows.c.to_id))
)
HOLD_TOPIC = (
    sa.update(outbox)
    .where(
        outbox.c.chat_id == sa.bindparam("chat"),
        outbox.c.thread_id == sa.bindparam("thread"),
        IS_OPEN,
    )
    .values(state=RowState.HELD.value, claimed_until=None, reason=sa.bindparam("why"))
)


class OutboxWrites(ChatMoves):
    """The part of a transaction that is about the outbox."""

    @whole
    async def record_sends(self, outcomes: Sequence[SendOutcome]) -> tuple[tuple[Chat, int], ...]:
        if not outcomes:
            return ()
        met = sorted({outcome.chat_id for outcome in outcomes})
        if self._dialect == "postgresql":
            await self._run(LOCK_CHATS, {"those": met})
        rows = [values for one in outcomes if not one.turns_page for values in _record_values(one)]
        if rows:
            self._write(RECORD, *rows)
        pages = [_page_values(one) for one in outcomes if one.turns_page]
        if pages:
            await self._run(TURN_PAGE, pages)
        gone = await self._hold_topics([one for one in outcomes if one.topic_gone is not None])
        changes = [_chat_changes(one) for one in outcomes if _changes_chat(one)]
        if changes:
            await self._run(CHAT_CHANGES, changes)
        await self._doubt_follows([one.chat_id for one in outcomes if one.chat_rests])
        self._end_catching_up([one.chat_id for one in outcomes if one.catching_up])
        for outcome in outcomes:
            if outcome.chat_moves_to is not None:
                await self.move_chat(outcome.chat_id, outcome.chat_moves_to)
        return gone

    def _end_catching_up(self, chat_ids: list[int]) -> None:
        if chat_ids:
            self._write(CAUGHT_UP, {"those": chat_ids})

    @whole
    async def retry(self, row_id: int) -> bool:
        # Counted from the start: the tries that led to giving up would else end this one at its first failure.
        again = {
            "state": RowState.WAITING.value,
            "attempts": 0,
            "look": Look.ADDRESSES.value,
            "reason": None,
            "closed_at": None,
        }
        return bool((await self._run(sa.update(outbox).where(_dropped(row_id)).values(again))).rowcount)

    @whole
    async def discard(self, row_id: int) -> bool:
        return bool((await self._run(sa.delete(outbox).where(_dropped(row_id)))).rowcount)

    @whole
    async def release_topics(self, chat_id: int) -> None:
        held = sa.and_(outbox.c.chat_id == chat_id, outbox.c.state == RowState.HELD.value)
        for table, place in ((subscriptions, subscriptions.c.chat_id), (follows, follows.c.to_id)):
            flagged = sa.and_(place == chat_id, table.c.topic_gone)
            await self._run(sa.update(table).where(flagged).values(topic_gone=False))
        await self._run(sa.update(outbox).where(held).values(state=RowState.WAITING.value, reason=None))

    @whole
    async def release_bursts(self, chat_id: int, row_id: int | None) -> int:
        behind = sa.and_(outbox.c.chat_id == chat_id, outbox.c.state == RowState.BEHIND.value)
        if row_id is not None:
            offers = outbox.alias("offers")
            same = sa.exists().where(
                offers.c.id == row_id,
                offers.c.chat_id == outbox.c.chat_id,
                offers.c.subscription_id.is_not_distinct_from(outbox.c.subscription_id),
                offers.c.follow_id.is_not_distinct_from(outbox.c.follow_id),
                offers.c.created_at == outbox.c.created_at,
            )
            behind = sa.and_(behind, same)
        released = sa.update(outbox).where(behind).values(state=RowState.WAITING.value)
        count: int = (await self._run(released)).rowcount
        if count:  # as lists: somebody who asks for forty wants to look through them
            await self._run(sa.update(chats).where(chats.c.id == chat_id).values(catching_up=True))
        return count

    async def _hold_topics(self, outcomes: Sequence[SendOutcome]) -> tuple[tuple[Chat, int], ...]:
        """Hold all that waits for topics that are gone.

        Returns:
            Chat and thread of each that was not known to be gone.
        """
        news = []
        for outcome in outcomes:
            place = {"chat": outcome.chat_id, "thread": outcome.topic_gone}
            await self._run(HOLD_TOPIC, place | {"why": outcome.reason})
            flagged = [(await self._run(flag_those, place)).rowcount for flag_those in FLAG_TOPIC]
            if any(flagged) and outcome.topic_gone is not None:
                news.append((outcome.chat_id, outcome.topic_gone))
        return await self._with_chats(news)

    async def _with_chats(self, places: Sequence[tuple[int, int]]) -> tuple[tuple[Chat, int], ...]:
        if not places:
            return ()
        query = sa.select(*CHAT).where(chats.c.id.in_([chat_id for chat_id, _ in places]))
        known = {row["chat_id"]: chat_of(row) for row in (await self._run(query)).mappings()}
        return tuple((known[chat_id], thread_id) for chat_id, thread_id in places)


def _record_values(outcome: SendOutcome) -> list[dict[str, Any]]:
    common = {
        "new_state": outcome.state.value,
        "is_sent": outcome.state is RowState.SENT,
        "tries": outcome.attempts,
        "plainer": outcome.look,
        "why": outcome.reason,
        "messages": list(outcome.message_ids),
        "closed": outcome.at if outcome.state.value in CLOSED else None,
        "double": outcome.perhaps_double,
    }
    return [common | {"row": row_id} for row_id in outcome.row_ids]


def _page_values(outcome: SendOutcome) -> dict[str, Any]:
    (row_id,) = outcome.row_ids
    return {"row": row_id, "messages": list(outcome.message_ids), "pages": len(outcome.message_ids)}


def _changes_chat(outcome: SendOutcome) -> bool:
    return outcome.chat_rests or outcome.chat_not_before is not None or bool(outcome.missed_told)


def _chat_changes(outcome: SendOutcome) -> dict[str, Any]:
    return {
        "chat": outcome.chat_id,
        "rests": outcome.chat_rests,
        "ready": outcome.chat_not_before,
        "told": outcome.missed_told,
    }


def _dropped(row_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(outbox.c.id == row_id, outbox.c.state == RowState.DROPPED.value)
