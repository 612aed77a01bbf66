"""Writes about what readers are told of their feeds: written with what it tells of, sent later."""

from __future__ import annotations

from datetime import datetime
from functools import cache

import sqlalchemy as sa

from bot.hosts import OUTAGE
from bot.model import Bulletin, ChatKind, Trouble
from bot.store.rows import CHAT, SUBSCRIPTION, chat_of, subscription_of
from bot.store.tables import FAILING, chats, feeds, hosts, notices, subscriptions
from bot.store.unit import Unit, insert_into, moment, whole

# A channel's readers can do nothing about a feed; who manages it sees what is wrong in /status.
READERS = (
    sa.select(subscriptions.c.id, sa.bindparam("trouble", type_=sa.Text()), moment("at"))
    .join_from(subscriptions, chats, chats.c.id == subscriptions.c.chat_id)
    .where(subscriptions.c.feed_id == sa.bindparam("feed"), chats.c.kind != ChatKind.CHANNEL.value)
)
OF_FEED = notices.c.subscription_id.in_(
    sa.select(subscriptions.c.id).where(subscriptions.c.feed_id == sa.bindparam("feed"))
)
OVERTAKEN = sa.delete(notices).where(OF_FEED, notices.c.trouble != Trouble.OVER.value)
NOW = moment("now")
BULLETINS = (
    sa.select(
        notices.c.trouble,
        notices.c.created_at.label("noted_at"),
        feeds.c.failing_since,
        *SUBSCRIPTION,
        *CHAT[1:],  # the chat's id is the subscription's
    )
    .select_from(
        sa.join(notices, subscriptions, subscriptions.c.id == notices.c.subscription_id)
        .join(feeds, feeds.c.id == subscriptions.c.feed_id)
        .join(chats, chats.c.id == subscriptions.c.chat_id)
    )
    .where(
        notices.c.created_at <= NOW,
        sa.or_(notices.c.claimed_until.is_(None), notices.c.claimed_until <= NOW),
        ~chats.c.paused,
        ~chats.c.resting,
    )
    .order_by(notices.c.created_at, notices.c.subscription_id)
)
WAITING = BULLETINS.limit(sa.bindparam("many", type_=sa.Integer())).with_for_update(
    of=notices, skip_locked=True
)
DOWN = sa.select(hosts.c.host).where(
    hosts.c.failed_feeds >= OUTAGE, hosts.c.failing_since <= moment("before")
)


@cache
def tell(dialect: str, *, again: bool) -> sa.Insert:
    """Note what each reader is to be told; in place of what they have not heard yet if `again`."""
    columns = ["subscription_id", "trouble", "created_at"]
    insert = insert_into(dialect, notices).from_select(columns, READERS)
    if not again:
        return insert.on_conflict_do_nothing()
    news = {name: insert.excluded[name] for name in columns[1:]}
    return insert.on_conflict_do_update(
        index_elements=[notices.c.subscription_id], set_=news | {"claimed_until": None}
    )


class Notices(Unit):
    """The part of a transaction that is about what readers are told."""

    @whole
    async def tell_failing(self, trouble: Trouble, *, known: int, before: datetime, now: datetime) -> int:
        # A feed that waits for its host has not failed itself; its readers miss it all the same.
        down = sa.select(hosts.c.failing_since).where(hosts.c.host == feeds.c.host).scalar_subquery()
        with_host = sa.and_(
            feeds.c.failing_since.is_(None), feeds.c.host.in_(DOWN), feeds.c.last_success_at < down
        )
        await self._run(sa.update(feeds).where(with_host).values(failing_since=down), {"before": before})
        failing = sa.and_(sa.text(f"feeds.{FAILING}"), feeds.c.failing_since <= before, feeds.c.told < known)
        mark = sa.update(feeds).where(failing).values(told=known).returning(feeds.c.id)
        news = sorted(feed_id for (feed_id,) in await self._rows(mark))
        for feed_id in news:
            await self._announce(feed_id, trouble, now)
        return len(news)

    @whole
    async def claim_bulletins(self, now: datetime, *, until: datetime, limit: int) -> tuple[Bulletin, ...]:
        found = (await self._run(WAITING, {"now": now, "many": limit})).mappings().all()
        those = [row["id"] for row in found]
        if those:
            claim = sa.update(notices).where(notices.c.subscription_id.in_(those))
            await self._run(claim.values(claimed_until=until))
        return tuple(
            Bulletin(
                subscription_of(row),
                chat_of(row),
                Trouble(row["trouble"]),
                row["failing_since"],
                row["noted_at"],
            )
            for row in found
        )

    @whole
    async def close_bulletin(self, bulletin: Bulletin) -> None:
        # What was noted since is another one.
        this = sa.and_(
            notices.c.subscription_id == bulletin.subscription.id, notices.c.created_at == bulletin.noted_at
        )
        await self._run(sa.delete(notices).where(this))

    async def _announce(self, feed_id: int, trouble: Trouble, at: datetime) -> None:
        """Note for each reader what there is to tell. That it is over is only for those who heard of it."""
        over = trouble is Trouble.OVER
        values = {"feed": feed_id, "trouble": trouble.value, "at": at}
        await self._run(tell(self._dialect, again=not over), values)
        if over:
            await self._run(OVERTAKEN, {"feed": feed_id})
