"""Writes about checks: which feeds are looked at next, host by host, and how their hosts fare."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.hosts import AT_ONCE, GAP, OUTAGE
from bot.model import DueFeed, Host
from bot.store.columns import EPOCH
from bot.store.prepared import Prepared
from bot.store.rows import DUE_FEED, HOST, due_feed_of, host_of
from bot.store.tables import CLAIMED, feeds, hosts, subscriptions
from bot.store.unit import Unit, among, insert_if_new, later_of, moment, whole

NOW, REOPEN = moment("now"), moment("reopen")
CHOSEN, THOSE = among(hosts.c.host, "chosen"), among(feeds.c.id, "those")

DUE_HOSTS = Prepared(
    sa.select(hosts.c.host)
    .where(hosts.c.due_at <= NOW)
    .order_by(hosts.c.due_at, hosts.c.host)
    .limit(sa.bindparam("many", type_=sa.Integer()))
    .with_for_update(skip_locked=True)
)


def _heads() -> sa.Select[Any]:
    """The longest due feed of each chosen host, and what keeps it from being asked.

    Apart from the lock: on PostgreSQL only a statement begun with the lock in hand sees what its last holder did.
    """
    head, due, busy = feeds.alias("head"), feeds.alias("first_due"), feeds.alias("busy")
    first = (
        sa.select(due.c.id)
        .where(due.c.host == hosts.c.host, due.c.next_check_at <= NOW)
        .order_by(due.c.next_check_at, due.c.id)
        .limit(1)
    )
    under_way = sa.select(sa.func.count()).where(
        busy.c.host == hosts.c.host, sa.text(f"busy.{CLAIMED}"), busy.c.claimed_until > NOW
    )
    return (
        sa.select(
            head.c.id,
            sa.exists().where(subscriptions.c.feed_id == head.c.id),
            under_way.scalar_subquery() < sa.case((hosts.c.failed_feeds >= OUTAGE, 1), else_=AT_ONCE),
            *HOST,
        )
        .join_from(hosts, head, head.c.id == first.scalar_subquery())
        .where(CHOSEN)
        .order_by(head.c.next_check_at, head.c.id)
    )


HEADS = Prepared(_heads())
IS_FREE = sa.or_(feeds.c.claimed_until.is_(None), feeds.c.claimed_until <= NOW)
# A lease is a due time as well: a feed whose checker died comes back by itself, and no claim reads past those that
# are under way.
CLAIM = (
    sa.update(feeds)
    .where(THOSE, IS_FREE)
    .values(claimed_until=moment("until"), next_check_at=moment("until"))
)
CLAIM_ONE = CLAIM.where(sa.exists().where(subscriptions.c.feed_id == feeds.c.id)).returning(feeds.c.id)
CLAIM_THOSE = Prepared(CLAIM.returning(*DUE_FEED))
FORGET = sa.update(feeds).where(THOSE).values(next_check_at=None)


def _then() -> sa.Update:
    """When the chosen hosts are looked at again: with their first feed, but not before the gap. Also those that
    could not be asked just now."""
    rest = feeds.alias("rest")
    first = sa.select(sa.func.min(rest.c.next_check_at)).where(rest.c.host == hosts.c.host).scalar_subquery()
    return (
        sa.update(hosts)
        .where(CHOSEN)
        .values(
            open_at=REOPEN,
            due_at=sa.case((first.is_(None), None), (first > REOPEN, first), else_=REOPEN),
        )
    )


THEN = Prepared(_then())
ITS_HOST = hosts.c.host == sa.select(feeds.c.host).where(feeds.c.id == sa.bindparam("feed")).scalar_subquery()
CLOSE = (
    sa.update(hosts)
    .where(ITS_HOST)
    .values(open_at=later_of(hosts.c.open_at, REOPEN), due_at=later_of(hosts.c.due_at, REOPEN))
)
AT = moment("at")
RING = Prepared(
    sa.update(hosts)
    .where(
        ITS_HOST,
        sa.or_(hosts.c.due_at.is_(None), hosts.c.due_at > AT),
    )
    .values(due_at=later_of(hosts.c.open_at, AT))
)
"""A feed is due at that time: its host is looked at no later than that, or than it is open. Whoever makes a feed
due sooner must ring. Before the feed's own row is touched, as a claim does: two who lock in two orders would wait
for each other."""
OPEN = moment("open")
HOST_FACTS = Prepared(
    sa.update(hosts)
    .where(hosts.c.host == sa.bindparam("name"))
    .values(
        open_at=later_of(hosts.c.open_at, OPEN),
        failing_since=moment("since"),
        failed_feeds=sa.bindparam("failed"),
        refusals=sa.bindparam("refused"),
        due_at=sa.func.coalesce(later_of(hosts.c.open_at, OPEN), AT),
    )
)


class Checks(Unit):
    """The part of a transaction that decides what is checked next."""

    @whole
    async def claim_due_feeds(self, now: datetime, *, until: datetime, limit: int) -> tuple[DueFeed, ...]:
        chosen = [host for (host,) in self._tuples(DUE_HOSTS, {"now": now, "many": limit})]
        if not chosen:
            return ()
        heads = self._tuples(HEADS, {"now": now, "chosen": chosen})
        ready = {feed_id: host for feed_id, is_followed, has_room, *host in heads if is_followed and has_room}
        unwanted = [feed_id for feed_id, is_followed, *_ in heads if not is_followed]
        if unwanted:
            await self._run(FORGET, {"those": unwanted})
        taken: dict[int, DueFeed] = {}
        if ready:
            for row in self._tuples(CLAIM_THOSE, {"those": list(ready), "until": until, "now": now}):
                feed = due_feed_of(row, host_of(ready[row[0]]), None)
                taken[feed.id] = feed
        self._write(THEN, {"chosen": chosen, "reopen": now + GAP})
        return tuple(taken[feed_id] for feed_id in ready if feed_id in taken)  # RETURNING promises no order

    @whole
    async def claim_feed(self, feed_id: int, now: datetime, *, until: datetime) -> bool:
        await self._run(CLOSE, {"feed": feed_id, "reopen": now + GAP})
        return bool(await self._rows(CLAIM_ONE, {"those": [feed_id], "until": until, "now": now}))

    async def _ring(self, feed_id: int, at: datetime | None) -> None:
        if at is not None:
            self._write(RING, {"feed": feed_id, "at": at})

    async def _know_host(self, name: str, due_at: datetime | None) -> None:
        known = {"host": name, "due_at": due_at, "failed_feeds": 0, "refusals": 0}
        await self._run(insert_if_new(self._dialect, hosts), known)

    async def _keep_hosts(self, changed: Sequence[tuple[Host, datetime]]) -> None:
        """Write how hosts fare, each as of a moment."""
        if changed:
            # In one order, so that two that write do not wait for each other.
            self._write(HOST_FACTS, *(_host_values(*one) for one in sorted(changed, key=_name)))

    async def _release(self) -> None:
        """Free every feed that is claimed; it is due at once."""
        held = sa.select(feeds.c.host).where(sa.text(f"feeds.{CLAIMED}"))
        await self._run(sa.update(hosts).where(hosts.c.host.in_(held)).values(due_at=EPOCH))
        due = sa.case(
            (feeds.c.next_check_at.is_(None), None), else_=sa.literal(EPOCH, feeds.c.next_check_at.type)
        )
        freed = {"claimed_until": None, "next_check_at": due}
        await self._run(sa.update(feeds).where(sa.text(CLAIMED)).values(freed))


def _name(one: tuple[Host, datetime]) -> str:
    return one[0].name


def _host_values(host: Host, at: datetime) -> dict[str, Any]:
    return {
        "name": host.name,
        "open": host.open_at,
        "since": host.failing_since,
        "failed": host.failed_feeds,
        "refused": host.refusals,
        "at": at,
    }
