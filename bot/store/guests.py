"""Writes about whom the owners let in or turn away, and how much everybody may have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from bot.model import Guest, Limit
from bot.store.rows import Row
from bot.store.tables import chats, follows, guests, subscriptions
from bot.store.unit import Unit, insert_into, whole

# What is counted against a limit of that name. Changes are not kept, and so not counted here.
HOLDINGS: Mapping[Limit, sa.Select[Any]] = {
    Limit.FEEDS: sa.select(sa.func.count())
    .select_from(subscriptions)
    .where(subscriptions.c.chat_id == sa.bindparam("chat")),
    Limit.FOLLOWS: sa.select(
        sa.func.coalesce(
            sa.select(sa.func.json_array_length(chats.c.follows))
            .where(chats.c.id == sa.bindparam("chat"))
            .scalar_subquery(),
            0,
        )
        + sa.select(sa.func.count())
        .select_from(follows)
        .where(follows.c.chat_id == sa.bindparam("chat"))
        .scalar_subquery()
    ),
}
GUEST = (guests.c.id.label("guest_id"), guests.c.admitted, guests.c.limits)
LIMITS = sa.select(guests.c.limits).where(guests.c.id == sa.bindparam("chat"))
# Whoever adds to a chat waits here for whoever does so now: both would else find room for one more.
LOCK_CHAT = sa.select(chats.c.id).where(chats.c.id == sa.bindparam("chat")).with_for_update(key_share=True)


def guest_of(row: Row, number: int) -> Guest:
    """What was said of this number; nothing, if the row holds nothing."""
    limits = {Limit(name): most for name, most in (row["limits"] or {}).items() if name in set(Limit)}
    return Guest(number, row["admitted"], limits)


def denied(number: int) -> sa.ColumnElement[bool]:
    """Whether an owner turned this number away."""
    return sa.exists().where(guests.c.id == number, guests.c.admitted.is_(False))


class GuestWrites(Unit):
    """The part of a transaction that is about who may do what."""

    @whole
    async def admit(self, number: int, *, admitted: bool) -> None:
        turned_away = bool((await self._run(sa.select(denied(number)))).scalar())
        await self._say(number, {"admitted": admitted})
        chat = sa.update(chats).where(chats.c.id == number)
        if not admitted:
            await self._run(chat.values(resting=True))
        elif turned_away:  # one that rests for another reason goes on resting
            await self._run(chat.values(resting=False, catching_up=True))

    @whole
    async def set_limit(self, number: int, limit: Limit, most: int | None) -> None:
        known = (await self._run(LIMITS.with_for_update(), {"chat": number})).scalar() or {}
        others = {name: value for name, value in known.items() if name != limit.value}
        own = others if most is None else others | {limit.value: most}
        await self._say(number, {"limits": own or None})

    @whole
    async def full(self, chat_id: int, limit: Limit, usual: int, more: int = 1) -> int | None:
        await self._run(LOCK_CHAT, {"chat": chat_id})
        own = (await self._run(LIMITS, {"chat": chat_id})).scalar() or {}
        most = int(own.get(limit.value, usual))
        if not most:
            return None
        holds = (await self._run(HOLDINGS[limit], {"chat": chat_id})).scalar_one()
        return most if holds + more > most else None

    async def _say(self, number: int, facts: dict[str, object]) -> None:
        insert = insert_into(self._dialect, guests).values({"id": number, **facts})
        news = {name: insert.excluded[name] for name in facts}
        await self._run(insert.on_conflict_do_update(index_elements=[guests.c.id], set_=news))
