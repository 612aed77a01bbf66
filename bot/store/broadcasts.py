"""Writes about what owners tell everybody: each chat has a row of its own, written when it begins."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from bot.model import Broadcast, ChatKind, Hearing, Letter
from bot.store.rows import Row
from bot.store.tables import broadcast_chats, broadcasts, chats
from bot.store.unit import Unit, moment, whole

THIS = broadcasts.c.id == sa.bindparam("broadcast")
# Not channels: what an owner of the bot has to say is for those who manage them, and they have it in private.
HEARERS = sa.and_(~chats.c.resting, chats.c.kind != ChatKind.CHANNEL.value)
ADDRESS_ALL = sa.insert(broadcast_chats).from_select(
    ["broadcast_id", "chat_id", "state", "attempts", "due_at"],
    sa.select(
        sa.bindparam("broadcast", type_=broadcasts.c.id.type),
        chats.c.id,
        sa.literal(Hearing.WAITING.value, sa.Text()),
        sa.literal(0),
        moment("now"),
    ).where(HEARERS),
)
TALLY = (
    sa.select(broadcast_chats.c.state, sa.func.count())
    .where(broadcast_chats.c.broadcast_id == sa.bindparam("broadcast"))
    .group_by(broadcast_chats.c.state)
)
MINE = sa.and_(
    broadcast_chats.c.broadcast_id == sa.bindparam("broadcast"),
    broadcast_chats.c.chat_id == sa.bindparam("chat"),
)
TAKE = (
    sa.update(broadcast_chats)
    .where(MINE, broadcast_chats.c.state == Hearing.WAITING.value)
    .values(state=Hearing.DOUBTFUL.value)
)
SETTLE = (
    sa.update(broadcast_chats)
    .where(MINE)
    .values(
        state=sa.bindparam("new_state"),
        due_at=sa.func.coalesce(moment("again_at"), broadcast_chats.c.due_at),
        attempts=broadcast_chats.c.attempts + sa.bindparam("tries", type_=sa.Integer()),
    )
)


def broadcast_of(row: Row, tally: Mapping[str, int]) -> Broadcast:
    letter = Letter(row["text"], tuple(row["entities"]))
    return Broadcast(
        row["broadcast_id"], row["owner_id"], letter, {one: tally.get(one.value, 0) for one in Hearing}
    )


class BroadcastWrites(Unit):
    """The part of a transaction that is about broadcasts."""

    @whole
    async def draft_broadcast(self, owner_id: int, letter: Letter, now: datetime) -> int:
        older = sa.delete(broadcasts).where(broadcasts.c.owner_id == owner_id, ~broadcasts.c.going)
        await self._run(older)
        facts = {
            "owner_id": owner_id,
            "text": letter.text,
            "entities": [dict(one) for one in letter.entities],
            "going": False,
            "created_at": now,
        }
        added = await self._run(sa.insert(broadcasts).values(facts).returning(broadcasts.c.id))
        return int(added.scalar_one())

    @whole
    async def begin_broadcast(self, broadcast_id: int, now: datetime) -> int | None:
        start = sa.update(broadcasts).where(THIS, ~broadcasts.c.going).values(going=True)
        if not (await self._run(start, {"broadcast": broadcast_id})).rowcount:
            return None
        written = await self._run(ADDRESS_ALL, {"broadcast": broadcast_id, "now": now})
        count: int = written.rowcount
        return count

    @whole
    async def take_address(self, broadcast_id: int, chat_id: int) -> bool:
        return bool((await self._run(TAKE, {"broadcast": broadcast_id, "chat": chat_id})).rowcount)

    @whole
    async def settle_address(
        self, broadcast_id: int, chat_id: int, state: Hearing, again_at: datetime | None = None
    ) -> None:
        facts = {"new_state": state.value, "again_at": again_at, "tries": int(again_at is not None)}
        await self._run(SETTLE, {"broadcast": broadcast_id, "chat": chat_id} | facts)

    @whole
    async def end_broadcast(self, broadcast_id: int) -> Mapping[Hearing, int] | None:
        here = {"broadcast": broadcast_id}
        tally = dict(await self._pairs(TALLY, here))
        # The rows go by ON DELETE CASCADE.
        if not (await self._run(sa.delete(broadcasts).where(THIS), here)).rowcount:
            return None
        return {one: tally.get(one.value, 0) for one in Hearing}

    async def _pairs(
        self, query: sa.Select[tuple[str, int]], values: dict[str, int]
    ) -> list[tuple[str, int]]:
        return [(state, count) for state, count in await self._rows(query, values)]
