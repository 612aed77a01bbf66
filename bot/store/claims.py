"""Claims: which chats get something next, and what of their backlog goes into one message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from bot.model import Article, OutboxRow, Parcel, RowState
from bot.store.prepared import Prepared
from bot.store.rows import (
    ARTICLE,
    CHAT,
    CHAT_PACE,
    OWED,
    Row,
    article_of,
    chat_of,
    chat_pace_of,
    outbox_row_of,
    thread_of,
)
from bot.store.tables import (
    IN_FLIGHT,
    OPEN_STATES,
    article_texts,
    articles,
    chats,
    feeds,
    follows,
    outbox,
    subscriptions,
)
from bot.store.unit import Unit, among, moment, whole

SENDING = RowState.SENDING.value
NOW = moment("now")


def open_rows(name: str) -> tuple[sa.FromClause, sa.TextClause]:
    """The outbox under a name of its own, and the condition that makes its partial indexes usable."""
    return outbox.alias(name), sa.text(f"{name}.{OPEN_STATES}")


def chats_with_open_rows() -> sa.CTE:
    """Each chat with open rows once, by one step of an index: grouping would read all of a backlog."""
    (first, is_open), (later, is_also_open) = open_rows("first"), open_rows("later")
    owing = (
        sa.select(sa.func.min(first.c.chat_id).label("chat_id")).where(is_open).cte("owing", recursive=True)
    )
    after = sa.select(sa.func.min(later.c.chat_id)).where(is_also_open, later.c.chat_id > owing.c.chat_id)
    return owing.union_all(sa.select(after.scalar_subquery()).where(owing.c.chat_id.is_not(None)))


_in_flight = outbox.alias("sending")
# One message of a chat at a time: two workers would overtake each other, and alerts come in order.
NOTHING_IN_FLIGHT = ~sa.exists().where(
    _in_flight.c.chat_id == chats.c.id, sa.text(f"sending.{IN_FLIGHT}"), _in_flight.c.claimed_until > NOW
)
OWING = chats_with_open_rows()
READY_CHATS = Prepared(
    sa.select(*CHAT, *CHAT_PACE, chats.c.missed)
    .join_from(OWING, chats, chats.c.id == OWING.c.chat_id)
    .where(
        ~chats.c.paused,
        ~chats.c.resting,
        sa.or_(chats.c.ready_at.is_(None), chats.c.ready_at <= NOW),
        NOTHING_IN_FLIGHT,
    )
    .order_by(chats.c.ready_at.asc().nulls_first(), chats.c.id)
    .limit(sa.bindparam("many", type_=sa.Integer()))
    .with_for_update(of=chats, key_share=True, skip_locked=True)
)


def _oldest_row() -> sa.Select[Any]:
    oldest, is_open = open_rows("oldest")
    mine = sa.select(oldest.c.id).where(oldest.c.chat_id == chats.c.id, is_open)
    return mine.order_by(oldest.c.article_at, oldest.c.id).limit(1)


def _of_its_topic(name: str, head: sa.FromClause, at_most: str) -> sa.Subquery:
    """The oldest open rows of the chat and topic of the row `head`, no more than the value of `at_most`."""
    rows, is_open = open_rows(f"{name}_rows")
    return (
        sa.select(rows.c.id)
        .where(rows.c.chat_id == head.c.chat_id, rows.c.thread_id == head.c.thread_id, is_open)
        .order_by(rows.c.article_at, rows.c.id)
        .limit(sa.bindparam(at_most, type_=sa.Integer()))
        .correlate(head)
        .subquery(name)
    )


def _backlogs() -> sa.Select[Any]:
    """For each chosen chat: its oldest row, the `most` oldest of that row's topic, and how many there are,
    counted to `enough` at most.

    Asked apart from the lock: on PostgreSQL only a statement begun with the lock in hand sees what its last
    holder did, so whether something is in flight is asked again.
    """
    head = outbox.alias("head")
    counted, listed = _of_its_topic("counted", head, "enough"), _of_its_topic("listed", head, "most")
    # The blank is written out, as its types do not foresee: a value there would be filled in at each run.
    ids = sa.func.aggregate_strings(sa.cast(listed.c.id, sa.Text), cast(str, sa.literal_column("' '")))
    return (
        sa.select(
            chats.c.id.label("chat_id"),
            head.c.id.label("first"),
            head.c.message_ids.label("begun"),
            sa.select(sa.func.count()).select_from(counted).scalar_subquery().label("waiting"),
            sa.select(ids).select_from(listed).scalar_subquery().label("listed"),
        )
        .join_from(chats, head, head.c.id == _oldest_row().scalar_subquery())
        .where(among(chats.c.id, "chosen"), NOTHING_IN_FLIGHT)
    )


BACKLOGS = Prepared(_backlogs())
# A row that is still "sending" had a sender that died or hangs; the message may be out. That try counts, so that
# a message which kills its sender is given up some day.
LOST = outbox.c.state == SENDING
CLAIM = Prepared(
    sa.update(outbox)
    .where(among(outbox.c.id, "chosen"), sa.text(f"outbox.{OPEN_STATES}"))
    .values(
        state=SENDING,
        claimed_until=moment("until"),
        attempts=outbox.c.attempts + sa.case((LOST, 1), else_=0),
        perhaps_double=sa.or_(outbox.c.perhaps_double, LOST),
    )
)
CONTENTS = Prepared(
    sa.select(*OWED)
    .select_from(
        sa.join(outbox, articles, articles.c.id == outbox.c.article_id)
        .join(feeds, feeds.c.id == articles.c.feed_id)
        .outerjoin(subscriptions, subscriptions.c.id == outbox.c.subscription_id)
        .outerjoin(follows, follows.c.id == outbox.c.follow_id)
    )
    .where(among(outbox.c.id, "chosen"))
    .order_by(outbox.c.article_at, outbox.c.id)
)
# Apart from the rows: many of one claim are about the same article, and most of reading one is its article.
TOLD_OF = Prepared(
    sa.select(articles.c.id, *ARTICLE)
    .outerjoin(article_texts, article_texts.c.article_id == articles.c.id)
    .where(among(articles.c.id, "those"))
)


class Claims(Unit):
    """The part of a transaction that decides what is sent next."""

    @whole
    async def claim_parcels(
        self, now: datetime, *, until: datetime, limit: int, backlog: int, most: int
    ) -> tuple[Parcel, ...]:
        ready = self._ask(READY_CHATS, {"now": now, "many": limit})
        if not ready:
            return ()
        asked = {"chosen": [chat["chat_id"] for chat in ready], "now": now, "most": most}
        # Two are counted at least: it is the difference for a chat that is catching up.
        backlogs = self._ask(BACKLOGS, asked | {"enough": max(backlog, 1) + 1})
        catching_up = {chat["chat_id"] for chat in ready if chat["catching_up"]}
        chosen = [
            number
            for found in backlogs
            for number in _chosen(found, 1 if found["chat_id"] in catching_up else backlog)
        ]
        self._write(CLAIM, {"chosen": chosen, "until": until})
        contents = self._ask(CONTENTS, {"chosen": chosen})
        told_of = self._ask(TOLD_OF, {"those": list({row["article_id"] for row in contents})})
        return _parcels(ready, contents, {row["id"]: article_of(row) for row in told_of})


def _chosen(found: Row, backlog: int) -> list[int]:
    """The rows of one message: the oldest alone, or a list if more than `backlog` wait. A text that has begun
    goes on."""
    if found["waiting"] > backlog and not found["begun"]:
        return [int(number) for number in found["listed"].split()]
    return [found["first"]]


def _parcels(
    ready: Sequence[Row], contents: Sequence[Row], told_of: Mapping[int, Article]
) -> tuple[Parcel, ...]:
    chats = {one["chat_id"]: chat_of(one) for one in ready}
    rows: dict[int, list[OutboxRow]] = defaultdict(list)
    threads: dict[int, int | None] = {}
    for found in contents:
        if found["article_id"] not in told_of:  # forgotten between two statements
            continue
        number = found["chat_id"]
        rows[number].append(outbox_row_of(found, chats[number], told_of[found["article_id"]]))
        threads[number] = thread_of(found["thread_id"])
    return tuple(
        Parcel(chats[number], threads[number], tuple(rows[number]), one["missed"], chat_pace_of(one))
        for one in ready
        if (number := one["chat_id"]) in rows
    )
