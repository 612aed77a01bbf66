"""Writes about changes: what was, kept as it stands in its rows, and put back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model import OF_THE_CHAT, Change, ChangeKind, RowState
from bot.store.chat_writes import DONE, ChatWrites
from bot.store.columns import EPOCH, MICROSECOND, Moment
from bot.store.places import untouched
from bot.store.rows import chunks
from bot.store.tables import articles, changes, chats, follows, outbox, subscriptions
from bot.store.unit import insert_if_new, whole

Packed = dict[str, Any]
"""A row as JSON can hold it."""


PUT_BACK = (
    sa.update(subscriptions)
    .where(subscriptions.c.id == sa.bindparam("its_id"))
    .values({one.key: sa.bindparam(f"its_{one.key}", type_=one.type) for one in subscriptions.c})
)


class Changes(ChatWrites):
    """The part of a transaction that keeps changes and takes them back."""

    @whole
    async def remember(
        self, change: Change, subscription_ids: Sequence[int] = (), *, made: Sequence[int] = ()
    ) -> int:
        before: dict[str, Any] = {"made": list(made)}
        before["subscriptions"] = await self._packed(subscriptions.c.id, subscription_ids)
        if change.kind is ChangeKind.UNSUBSCRIBED:
            waits = outbox.c.state.not_in(DONE)
            before["outbox"] = await self._packed(outbox.c.subscription_id, subscription_ids, waits)
        if change.kind in OF_THE_CHAT:
            fact = chats.c[OF_THE_CHAT[change.kind]]
            before["chat"] = {
                fact.key: (await self._run(sa.select(fact).where(chats.c.id == change.chat_id))).scalar()
            }
        if change.kind is ChangeKind.FOLLOWED:
            before["follows"] = await self._packed(follows.c.chat_id, [change.chat_id])
        facts = {
            "chat_id": change.chat_id,
            "kind": change.kind.value,
            "what": change.what,
            "count": change.count,
            "to_chat": change.to_chat,
            "at": change.at,
            "before": before,
        }
        return int((await self._run(sa.insert(changes).values(facts).returning(changes.c.id))).scalar_one())

    @whole
    async def take_back(self, change_id: int, now: datetime) -> bool:
        gone = sa.delete(changes).where(changes.c.id == change_id)
        facts = gone.returning(changes.c.chat_id, changes.c.to_chat, changes.c.before)
        found = (await self._run(facts)).first()
        if found is None:
            return False
        chat_id, before = found.chat_id, found.before
        await self.unsubscribe(*before["made"])
        for chunk in chunks(before["subscriptions"]):
            # A group may have become a supergroup meanwhile.
            back = [_unpacked(subscriptions, row) | {"chat_id": chat_id} for row in chunk]
            await self._put_back(back, now, {None, chat_id, found.to_chat})
        owed = [_unpacked(outbox, row) | {"chat_id": chat_id} for row in before.get("outbox", ())]
        await self._owe_again(chat_id, owed)
        if "chat" in before:
            await self._run(sa.update(chats).where(chats.c.id == chat_id).values(before["chat"]))
        if "follows" in before:
            await self._put_follows_back(chat_id, [_unpacked(follows, row) for row in before["follows"]])
        return True

    async def _put_follows_back(self, chat_id: int, were: Sequence[Packed]) -> None:
        new = sa.and_(follows.c.chat_id == chat_id, follows.c.id.not_in([row["id"] for row in were]))
        await self._run(sa.delete(follows).where(new))
        for row in were:
            # A group may have become a supergroup meanwhile.
            ends = {
                name: chat_id if row[name] == row["chat_id"] else row[name] for name in ("over_id", "to_id")
            }
            back = row | ends | {"chat_id": chat_id}
            if await self._known(chats.c.id, set(ends.values())) != set(ends.values()):
                continue
            own = sa.update(follows).where(follows.c.id == row["id"])
            if not (await self._run(own.values(back))).rowcount:
                await self._run(sa.insert(follows).values(back))

    async def _packed(
        self, column: sa.Column[Any], ids: Iterable[int], condition: sa.ColumnElement[bool] | None = None
    ) -> list[Packed]:
        found: list[Packed] = []
        for chunk in chunks(list(ids)):
            query = sa.select(column.table).where(column.in_(chunk))
            query = query if condition is None else query.where(condition)
            found += [_packed(row) for row in (await self._run(query)).mappings()]
        return found

    async def _put_back(self, rows: Sequence[Packed], now: datetime, homes: set[int | None]) -> None:
        """Args:
        homes: where they may be now, None for nowhere. What moved elsewhere since is that chat's own.
        """
        ids = subscriptions.c.id.in_([row["id"] for row in rows])
        there = dict(await self._rows(sa.select(subscriptions.c.id, subscriptions.c.chat_id).where(ids)))
        awake = await self._wake(sorted({row["feed_id"] for row in rows}), now)
        back = [row for row in rows if row["feed_id"] in awake and there.get(row["id"]) in homes]
        twins = await self._twins(back)
        for row in back:
            if row["id"] in twins:  # followed anew since, by an import: then that one gets what this one had
                kept = {name: row[name] for name in ("filter", "wishes", "folder")}
                anew = sa.update(subscriptions).where(subscriptions.c.id == twins[row["id"]])
                await self._run(anew.values(kept))
        free = [row for row in back if row["id"] not in twins]
        if changed := [row for row in free if row["id"] in there]:
            await self._run(
                PUT_BACK, [{f"its_{name}": fact for name, fact in row.items()} for row in changed]
            )
            await self._bring_home(changed)
        if gone := [row for row in free if row["id"] not in there]:
            await self._run(sa.insert(subscriptions), gone)

    async def _twins(self, rows: Sequence[Packed]) -> dict[int, int]:
        """By id, the subscription that has the place of one of these by now."""
        place = (subscriptions.c.chat_id, subscriptions.c.thread_id, subscriptions.c.feed_id)
        wanted = {tuple(row[column.key] for column in place): row["id"] for row in rows}
        near = sa.and_(
            subscriptions.c.chat_id.in_({row["chat_id"] for row in rows}),
            subscriptions.c.feed_id.in_({row["feed_id"] for row in rows}),
        )
        found = await self._rows(sa.select(subscriptions.c.id, *place).where(near))
        return {wanted[at]: twin for twin, *where in found if wanted.get(at := tuple(where), twin) != twin}

    async def _bring_home(self, rows: Sequence[Packed]) -> None:
        """What waits for these comes where they come again."""
        by_home: dict[tuple[int, int], list[int]] = defaultdict(list)
        for row in rows:
            by_home[row["chat_id"], row["thread_id"]].append(row["id"])
        for (chat_id, thread_id), ids in by_home.items():
            home_again = sa.update(outbox).where(untouched(ids))
            await self._run(home_again.values(chat_id=chat_id, thread_id=thread_id))

    async def _owe_again(self, chat_id: int, rows: Sequence[Packed]) -> None:
        """What waited waits again, as far as its article and its subscription are there."""
        here = subscriptions.c.chat_id == chat_id
        subscribers = await self._known(subscriptions.c.id, {row["subscription_id"] for row in rows}, here)
        known = await self._known(articles.c.id, {row["article_id"] for row in rows})
        back = [
            row | _idle(row)
            for row in rows
            if row["subscription_id"] in subscribers and row["article_id"] in known
        ]
        if back:
            await self._run(insert_if_new(self._dialect, outbox), back)

    async def _known(
        self, column: sa.Column[int], ids: set[int], *conditions: sa.ColumnElement[bool]
    ) -> set[int]:
        found: set[int] = set()
        for chunk in chunks(sorted(ids)):
            found.update((await self._run(sa.select(column).where(column.in_(chunk), *conditions))).scalars())
        return found


def _idle(row: Packed) -> Packed:
    """In nobody's hands: of what was being sent nobody has heard since."""
    if row["state"] != RowState.SENDING.value:
        return {}
    return {"state": RowState.WAITING.value, "claimed_until": None, "perhaps_double": True}


def _packed(row: sa.RowMapping) -> Packed:
    return {
        name: (value - EPOCH) // MICROSECOND if isinstance(value, datetime) else value
        for name, value in row.items()
    }


def _unpacked(table: sa.Table, row: Packed) -> Packed:
    return {
        name: EPOCH + value * MICROSECOND
        if value is not None and isinstance(table.c[name].type, Moment)
        else value
        for name, value in row.items()
    }
