"""Writes about feeds that moved for good: a new address, or one feed made of two."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from bot.hosts import host_of
from bot.store.chat_writes import DONE
from bot.store.checks import Checks
from bot.store.tables import (
    EVERYBODY,
    article_texts,
    articles,
    feed_addresses,
    feeds,
    keys,
    outbox,
    subscriptions,
)
from bot.store.unit import insert_if_new, insert_into

ADDRESS = sa.bindparam("address", type_=feeds.c.url.type)
OWNER = sa.bindparam("owner", type_=feeds.c.private_to.type)
FEED_AT = (
    sa.select(feeds.c.id)
    .where(
        sa.or_(
            sa.and_(
                feeds.c.url == ADDRESS,
                sa.or_(
                    feeds.c.private_to == EVERYBODY,
                    sa.and_(feeds.c.private_to == OWNER, feeds.c.headers.is_not(sa.null())),
                ),
            ),
            feeds.c.id.in_(sa.select(feed_addresses.c.feed_id).where(feed_addresses.c.url == ADDRESS)),
        )
    )
    .order_by(feeds.c.private_to == EVERYBODY)
    .limit(1)
)
"""The feed of that address, or of the address it moved from; the owner's own before everybody's."""
EXACTLY_AT = sa.select(feeds.c.id).where(feeds.c.url == ADDRESS, feeds.c.private_to == OWNER)
"""The owner's own feed of that address, also one whose login was taken away; everybody's for `EVERYBODY`."""

_theirs = articles.alias("theirs")


class Adoption(Checks):
    """The part of a transaction that moves feeds."""

    async def _move_feed(self, feed_id: int, url: str, at: datetime) -> None:
        """Give a feed its new address; the old one finds it too from now on. Nothing happens if the address is
        another feed's: they are merged when both can be read together. A private feed's login goes nowhere else."""
        here = (
            await self._run(sa.select(feeds.c.url, feeds.c.private_to).where(feeds.c.id == feed_id))
        ).one()
        private = here.private_to != EVERYBODY
        at_url = {"address": url, "owner": here.private_to}
        known = (await self._run(EXACTLY_AT if private else FEED_AT, at_url)).scalar()
        if known not in {None, feed_id} or (
            private and urlsplit(url).hostname != urlsplit(here.url).hostname
        ):
            return
        if not private:
            await self._run(sa.delete(feed_addresses).where(feed_addresses.c.url == url))  # it moves back
            await self._leave_address(feed_id, to=feed_id)
        await self._know_host(host_of(url), at)
        move = sa.update(feeds).where(feeds.c.id == feed_id)
        await self._run(move.values(url=url, host=host_of(url)))
        await self._ring(feed_id, at)

    async def _is_private(self, feed_id: int) -> bool:
        private = sa.exists().where(feeds.c.id == feed_id, feeds.c.private_to != EVERYBODY)
        return bool((await self._run(sa.select(private))).scalar())

    async def _drop_twins(self, one: int, other: int) -> None:
        """A chat that follows both feeds keeps its older subscription."""
        first, second = subscriptions.alias("first"), subscriptions.alias("second")
        same_place = sa.and_(
            second.c.chat_id == first.c.chat_id,
            second.c.thread_id == first.c.thread_id,
            second.c.feed_id == other,
        )
        second_is_older = sa.tuple_(second.c.created_at, second.c.id) < sa.tuple_(
            first.c.created_at, first.c.id
        )
        younger = sa.case((second_is_older, first.c.id), else_=second.c.id)
        pairs = sa.select(younger).join_from(first, second, same_place).where(first.c.feed_id == one)
        gone = [subscription_id for (subscription_id,) in await self._rows(pairs)]
        if gone:
            # The older one is owed the same articles.
            waiting = sa.and_(outbox.c.subscription_id.in_(gone), outbox.c.state.not_in(DONE))
            await self._run(sa.delete(outbox).where(waiting))
            await self._run(sa.delete(subscriptions).where(subscriptions.c.id.in_(gone)))

    async def _absorb(self, old: int, new: int, at: datetime) -> None:
        """Make one feed of two, both of which know the document that stands there now."""
        await self._move_articles(old, new)
        names = ["feed_id", "key", "second", "last_seen_at"]
        theirs = sa.select(sa.literal(new), *(keys.c[name] for name in names[1:])).where(
            keys.c.feed_id == old
        )
        await self._run(insert_if_new(self._dialect, keys).from_select(names, theirs))
        await self._run(_hand_over(subscriptions, old, new))
        await self._run(_hand_over(feed_addresses, old, new))
        await self._leave_address(old, to=new)
        await self._ring(new, at)
        awake = sa.func.coalesce(feeds.c.next_check_at, sa.literal(at, feeds.c.next_check_at.type))
        followed = sa.exists().where(subscriptions.c.feed_id == new)
        await self._run(sa.update(feeds).where(feeds.c.id == new, followed).values(next_check_at=awake))
        await self._run(sa.delete(feeds).where(feeds.c.id == old))

    async def _move_articles(self, old: int, new: int) -> None:
        """Articles go along, with all that is owed of them; one that both have is one."""
        known = sa.exists().where(_theirs.c.feed_id == new, _theirs.c.key == articles.c.key)
        await self._run(_hand_over(articles, old, new).where(~known))
        twin = sa.select(_theirs.c.id).where(_theirs.c.feed_id == new, _theirs.c.key == articles.c.key)
        of_old = articles.c.feed_id == old
        texts = (
            sa.select(twin.correlate(articles).scalar_subquery(), article_texts.c.text, article_texts.c.html)
            .join_from(article_texts, articles, articles.c.id == article_texts.c.article_id)
            .where(of_old)
        )
        add = insert_into(self._dialect, article_texts).from_select(["article_id", "text", "html"], texts)
        whole = sa.func.coalesce(article_texts.c.html, add.excluded.html)
        both = add.on_conflict_do_update(index_elements=[article_texts.c.article_id], set_={"html": whole})
        await self._run(both)
        same = (
            sa.select(_theirs.c.id)
            .join_from(articles, _theirs, sa.and_(_theirs.c.feed_id == new, _theirs.c.key == articles.c.key))
            .where(articles.c.id == outbox.c.article_id)
        )
        doubled = outbox.c.article_id.in_(sa.select(articles.c.id).where(of_old))
        # Of subscriptions no twin is left; a follow may have found the article in both feeds.
        found = outbox.alias("found")
        twin_article = same.correlate(outbox).scalar_subquery()
        twice = sa.exists().where(found.c.article_id == twin_article, found.c.follow_id == outbox.c.follow_id)
        await self._run(sa.delete(outbox).where(doubled, twice))
        await self._run(sa.update(outbox).where(doubled).values(article_id=twin_article))

    async def _leave_address(self, feed_id: int, *, to: int) -> None:
        address = sa.select(feeds.c.url, sa.literal(to)).where(feeds.c.id == feed_id)
        add = insert_if_new(self._dialect, feed_addresses)
        await self._run(add.from_select(["url", "feed_id"], address))


def _hand_over(table: sa.Table, old: int, new: int) -> Any:
    return sa.update(table).where(table.c.feed_id == old).values(feed_id=new)
