"""Writes about feeds that are read with a login: each is one chat's own, apart from everybody's of that address."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model import Login
from bot.store.adoption import EXACTLY_AT, Adoption
from bot.store.chat_writes import asleep_if_left
from bot.store.tables import EVERYBODY, feeds, keys, subscriptions
from bot.store.unit import insert_if_new, whole

# What is the feed's own, whoever reads it. No validators: who is logged in may be shown another document.
_CARRIED = (
    feeds.c.url,
    feeds.c.title,
    feeds.c.site,
    feeds.c.policy,
    feeds.c.host,
    feeds.c.weekly,
    feeds.c.heard_at,
)
_AFRESH = {
    "etag": None,
    "last_modified": None,
    "body_hash": None,
    "failures": 0,
    "problem": None,
    "failing_since": None,
    "gone_since": None,
    "kills": 0,
    "told": 0,
}


class Logins(Adoption):
    """The part of a transaction that parts feeds by who reads them."""

    @whole
    async def log_in(self, feed_id: int, login: Login, now: datetime) -> int:
        await self._ring(feed_id, now)
        own = await self._counterpart(feed_id, login.chat_id, now)
        known = {"headers": dict(login.headers), "next_check_at": now}
        await self._run(sa.update(feeds).where(feeds.c.id == own).values(_AFRESH | known))
        await self._go_over(feed_id, own, login.chat_id)
        return own

    @whole
    async def log_out(self, feed_id: int, chat_id: int, now: datetime) -> int:
        await self._ring(feed_id, now)
        shared = await self._counterpart(feed_id, EVERYBODY, now)
        awake = sa.func.coalesce(feeds.c.next_check_at, sa.literal(now, feeds.c.next_check_at.type))
        await self._run(sa.update(feeds).where(feeds.c.id == shared).values(next_check_at=awake))
        await self._go_over(feed_id, shared, chat_id)
        return shared

    async def _counterpart(self, feed_id: int, owner: int, now: datetime) -> int:
        """The feed of the same address that is this owner's. One that nobody follows knows afterwards all that this
        feed knows: what was seen is announced no more, what was not, is."""
        # Locked for `asleep_if_left`, as in `unsubscribe`.
        own = sa.select(*_CARRIED).where(feeds.c.id == feed_id).with_for_update()
        here = (await self._run(own)).one()
        facts = dict(here._mapping) | _AFRESH
        new = facts | {"private_to": owner, "next_check_at": None, "created_at": now}
        await self._run(insert_if_new(self._dialect, feeds).values(new))
        found = await self._run(EXACTLY_AT.with_for_update(), {"address": here.url, "owner": owner})
        there = int(found.scalar_one())
        followed = sa.select(sa.exists().where(subscriptions.c.feed_id == there))
        if not (await self._run(followed)).scalar():
            await self._run(sa.update(feeds).where(feeds.c.id == there).values(facts))
            await self._run(insert_if_new(self._dialect, keys).from_select(_KEYS, _known(feed_id, there)))
        return there

    async def _go_over(self, old: int, new: int, chat_id: int) -> None:
        if old == new:
            return
        # Only this chat can have both.
        await self._drop_twins(old, new)
        theirs = sa.and_(subscriptions.c.feed_id == old, subscriptions.c.chat_id == chat_id)
        await self._run(sa.update(subscriptions).where(theirs).values(feed_id=new))
        await self._run(asleep_if_left(old))


_KEYS = ["feed_id", "key", "second", "last_seen_at"]


def _known(feed_id: int, new: int) -> sa.Select[Any]:
    own = (keys.c.key, keys.c.second, keys.c.last_seen_at)
    return sa.select(sa.literal(new), *own).where(keys.c.feed_id == feed_id)
