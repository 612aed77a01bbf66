"""Writes about pacing: when messages went, and when the next may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from bot.model import ChatPace, Pace
from bot.store.columns import Moments
from bot.store.prepared import Prepared
from bot.store.rows import CHAT_PACE, chat_pace_of
from bot.store.tables import chats, paces
from bot.store.unit import Unit, among, insert_if_new, insert_into, moment, whole

ALL = "all"
FACTS = ("due_at", "slowdown", "refused_at", "refused_chat")

PACE = Prepared(sa.select(*(paces.c[name] for name in FACTS)).where(paces.c.scope == ALL).with_for_update())
# Locked too: a wait that a send brought must not be lost between this and `save_paces`.
ONE_CHAT = sa.select(*CHAT_PACE).where(chats.c.id == sa.bindparam("chat")).with_for_update(key_share=True)
SOME_CHATS = Prepared(
    sa.select(chats.c.id, *CHAT_PACE)
    .where(among(chats.c.id, "those"))
    .order_by(chats.c.id)
    .with_for_update(key_share=True)
)
KEEP_CHAT = Prepared(
    sa.update(chats)
    .where(chats.c.id == sa.bindparam("chat"))
    .values(recent_sends=sa.bindparam("recent", type_=Moments()), ready_at=moment("ready"))
)


@cache
def keep_pace(dialect: str) -> Prepared:
    """Write the pace of all, whether or not there was one."""
    insert = insert_into(dialect, paces)
    newer = {name: insert.excluded[name] for name in FACTS}
    return Prepared(
        insert.on_conflict_do_update(index_elements=[paces.c.scope], set_=newer), ("scope", *FACTS)
    )


class PaceWrites(Unit):
    """The part of a transaction that is about pacing."""

    @whole
    async def pace(self) -> Pace:
        found = self._ask(PACE, {})
        if not found:
            # A row that is not there cannot be locked.
            await self._run(insert_if_new(self._dialect, paces), _values(Pace()))
            found = self._ask(PACE, {})
        return Pace(**found[0])

    @whole
    async def chat_pace(self, chat_id: int) -> ChatPace:
        found = (await self._run(ONE_CHAT, {"chat": chat_id})).mappings().first()
        return chat_pace_of(found) if found else ChatPace()

    @whole
    async def chat_paces(self, chat_ids: Sequence[int]) -> Mapping[int, ChatPace]:
        found = self._ask(SOME_CHATS, {"those": list(chat_ids)})
        return {row["id"]: chat_pace_of(row) for row in found}

    @whole
    async def save_paces(self, pace: Pace | None, chats: Mapping[int, ChatPace]) -> None:
        if pace is not None:
            self._write(keep_pace(self._dialect), _values(pace))
        if chats:
            # In one order, so that two that save do not wait for each other.
            kept = [
                {"chat": number, "recent": one.recent, "ready": one.ready_at}
                for number, one in sorted(chats.items())
            ]
            self._write(KEEP_CHAT, *kept)


def _values(pace: Pace) -> dict[str, Any]:
    return {"scope": ALL, **{name: getattr(pace, name) for name in FACTS}}
