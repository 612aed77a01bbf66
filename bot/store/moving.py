"""A group becomes a supergroup: everything that hangs on the chat gets the new id."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from bot.model import ChatKind
from bot.store.columns import EPOCH
from bot.store.guests import denied
from bot.store.tables import changes, chats, follows, guests, offers, outbox, rulers, subscriptions
from bot.store.unit import Unit, whole

ENDS = (follows.c.chat_id, follows.c.over_id, follows.c.to_id)


def _hangs_on(chat_id: int) -> sa.ColumnElement[bool]:
    return sa.or_(*(column == chat_id for column in ENDS))


class ChatMoves(Unit):
    """The part of a transaction that moves chats."""

    @whole
    async def move_chat(self, old: int, new: int) -> None:
        if old == new:
            return
        await self._run(sa.update(offers).where(offers.c.chat_id == old).values(chat_id=new))
        await self._run(sa.update(chats).where(chats.c.manages == old).values(manages=new))
        await self._run(sa.update(changes).where(changes.c.to_chat == old).values(to_chat=new))
        await self._move_guest(old, new)
        if await self._follows(new):
            await self._merge(old, new)
            return
        # A chat of the new id without subscriptions was met in passing (the supergroup's own first update), with
        # a guessed language: what people chose in the old one holds.
        known = (await self._run(sa.select(chats.c.id).where(chats.c.id == old))).scalar()
        if known is None:
            return
        await self._keep_rulers(old, new)
        await self._run(sa.delete(chats).where(chats.c.id == new))
        # Subscriptions, follows and outbox rows follow by ON UPDATE CASCADE.
        await self._run(
            sa.update(chats)
            .where(chats.c.id == old)
            .values(id=new, kind=ChatKind.GROUP.value, resting=denied(new))
        )

    async def _doubt_follows(self, refusing: Sequence[int]) -> None:
        """Have the rights behind what is sent on to these chats looked at, whenever that was done last."""
        if not refusing:
            return
        sent_on = sa.and_(follows.c.to_id.in_(refusing), follows.c.to_id != follows.c.chat_id)
        await self._run(sa.update(follows).where(sent_on).values(checked_at=EPOCH))

    async def _move_guest(self, old: int, new: int) -> None:
        """What an owner said of the group holds under its new number."""
        if (await self._run(sa.select(guests.c.id).where(guests.c.id == old))).scalar() is not None:
            await self._run(sa.delete(guests).where(guests.c.id == new))
            await self._run(sa.update(guests).where(guests.c.id == old).values(id=new))
            await self._run(sa.update(chats).where(chats.c.id == new, denied(new)).values(resting=True))

    async def _follows(self, chat_id: int) -> bool:
        query = sa.select(
            sa.or_(
                sa.exists().where(subscriptions.c.chat_id == chat_id), sa.exists().where(_hangs_on(chat_id))
            )
        )
        return bool((await self._run(query)).scalar())

    async def _merge(self, old: int, new: int) -> None:
        """Join two chats that both follow feeds; where both follow one feed, the new chat's filter holds."""
        there = subscriptions.alias("there")
        twins = sa.select(subscriptions.c.id, there.c.id).join_from(
            subscriptions,
            there,
            sa.and_(
                there.c.chat_id == new,
                there.c.thread_id == subscriptions.c.thread_id,
                there.c.feed_id == subscriptions.c.feed_id,
            ),
        )
        for own, kept in await self._rows(twins.where(subscriptions.c.chat_id == old)):
            await self._hand_over(own, kept)
        for table in (subscriptions, outbox):
            await self._run(sa.update(table).where(table.c.chat_id == old).values(chat_id=new))
        await self._merge_follows(old, new)
        untold = sa.select(sa.func.coalesce(sa.func.sum(chats.c.missed), 0)).where(chats.c.id.in_((old, new)))
        await self._run(sa.update(chats).where(chats.c.id == new).values(missed=untold.scalar_subquery()))
        await self._keep_rulers(new, old)
        await self._run(sa.delete(chats).where(chats.c.id == old))

    async def _keep_rulers(self, kept: int, gone: int) -> None:
        """Who was seen to rule the chat that goes rules the one that stays."""
        known = sa.select(rulers.c.user_id).where(rulers.c.chat_id == kept).scalar_subquery()
        theirs = sa.update(rulers).where(rulers.c.chat_id == gone, rulers.c.user_id.not_in(known))
        await self._run(theirs.values(chat_id=kept))

    async def _merge_follows(self, old: int, new: int) -> None:
        """Where both have one of a name, the new chat's holds."""
        named = sa.select(follows.c.name).where(follows.c.chat_id == new)
        twins = sa.and_(follows.c.chat_id == old, follows.c.name.in_(named))
        await self._run(sa.delete(follows).where(twins))
        for column in ENDS:
            await self._run(sa.update(follows).where(column == old).values({column.key: new}))

    async def _hand_over(self, own: int, kept: int) -> None:
        """Give one subscription's rows to another, without the articles that the other has already."""
        had = sa.select(outbox.c.article_id).where(outbox.c.subscription_id == kept)
        mine = outbox.c.subscription_id == own
        await self._run(sa.delete(outbox).where(mine, outbox.c.article_id.in_(had)))
        await self._run(sa.update(outbox).where(mine).values(subscription_id=kept))
        await self._run(sa.delete(subscriptions).where(subscriptions.c.id == own))
