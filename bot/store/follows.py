"""Follows whose matches go to a place of their own: who reads what by them, and what becomes of them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.model import Follow, Reader, RowState
from bot.store.rows import Row, in_full, thread_of
from bot.store.tables import BY_RIGHT, EVERYBODY, chats, feeds, follows, outbox, subscriptions
from bot.store.unit import Unit, moment, whole

PERSONAL = follows.c.over_id != follows.c.chat_id
_other = chats.alias("other")
FOLLOWS = sa.select(follows, sa.func.coalesce(_other.c.title, "").label("other")).select_from(
    follows.outerjoin(
        _other,
        sa.and_(
            _other.c.id == sa.case((PERSONAL, follows.c.over_id), else_=follows.c.to_id),
            _other.c.id != follows.c.chat_id,
        ),
    )
)
"""With the title of the other chat, if there is one."""
OF_CHAT = FOLLOWS.where(follows.c.chat_id == sa.bindparam("chat")).order_by(follows.c.id)
UNCHECKED = (
    FOLLOWS.where(follows.c.checked_at < moment("before"), sa.text(BY_RIGHT))
    .order_by(follows.c.checked_at, follows.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer()))
)
OPEN_TO_ALL = sa.exists().where(feeds.c.id == sa.bindparam("feed"), feeds.c.private_to == EVERYBODY)
FOLLOWERS = (
    sa.select(
        follows.c.id,
        follows.c.to_id,
        follows.c.thread_id,
        follows.c.filter,
        chats.c.wishes.label("chat_wishes"),
        chats.c.mute,
    )
    .join_from(follows, chats, chats.c.id == follows.c.to_id)
    .where(
        follows.c.over_id.in_(
            sa.select(subscriptions.c.chat_id).where(subscriptions.c.feed_id == sa.bindparam("feed"))
        ),
        # Who left a group has no business with its feeds, nor any member with what it reads with a login. Other rights
        # may come back, and what is found waits.
        sa.or_(~PERSONAL, sa.and_(follows.c.lapsed.is_(None), OPEN_TO_ALL)),
    )
    .order_by(follows.c.id)
)


def follow_of(row: Row) -> Follow:
    return Follow(
        chat_id=row["chat_id"],
        name=row["name"],
        filter=row["filter"],
        over_id=row["over_id"],
        to_id=row["to_id"],
        thread_id=thread_of(row["thread_id"]),
        user_id=row["user_id"],
        lapsed=row["lapsed"] or "",
        other=row["other"],
        id=row["id"],
    )


def follower_of(row: Row) -> Reader:
    return Reader(
        subscription_id=None,
        chat_id=row["to_id"],
        filter=row["filter"],
        mute=row["mute"],
        full=in_full(row["chat_wishes"]),
        thread_id=thread_of(row["thread_id"]),
        follow_id=row["id"],
    )


class FollowWrites(Unit):
    """The part of a transaction that is about follows."""

    @whole
    async def save_follow(self, follow: Follow, now: datetime) -> None:
        place = {"to_id": follow.to_id, "thread_id": follow.thread_id or 0}
        facts = {
            "chat_id": follow.chat_id,
            "name": follow.name,
            "filter": follow.filter,
            "over_id": follow.over_id,
            "user_id": follow.user_id,
            "lapsed": None,
            "topic_gone": False,
            "checked_at": now,
        }
        if not follow.id:
            await self._run(sa.insert(follows).values(facts | place | {"created_at": now}))
            return
        await self._run(sa.update(follows).where(follows.c.id == follow.id).values(facts | place))
        waits = outbox.c.state.in_((RowState.WAITING.value, RowState.HELD.value))
        home = {"chat_id": follow.to_id, "thread_id": place["thread_id"]}
        again = sa.update(outbox).where(outbox.c.follow_id == follow.id, waits)
        await self._run(again.values(home | {"state": RowState.WAITING.value, "reason": None}))

    @whole
    async def drop_follow(self, follow_id: int) -> None:
        held = sa.and_(outbox.c.follow_id == follow_id, outbox.c.state == RowState.HELD.value)
        await self._run(sa.delete(outbox).where(held))
        await self._run(sa.delete(follows).where(follows.c.id == follow_id))

    @whole
    async def note_right(self, follow_id: int, lapsed: str, now: datetime) -> None:
        own = follows.c.id == follow_id
        await self._run(sa.update(follows).where(own).values(checked_at=now, lapsed=lapsed or None))
        if lapsed:
            waits = sa.and_(outbox.c.follow_id == follow_id, outbox.c.state == RowState.WAITING.value)
            watched = sa.exists().where(own, ~PERSONAL)
            held = {"state": RowState.HELD.value, "reason": lapsed}
            await self._run(sa.update(outbox).where(waits, watched).values(held))
