"""Rights that end: nobody tells the bot, so it asks, and says so once.

A follow may send what it finds to a chat where its maker and the bot may post, and bring a member what a group's feeds
have. Both are looked at when it is made, then daily; at once if the chat refuses what is sent there.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import structlog

from bot.model import Chat, ChatKind, Follow, Notice, NotSent, PerhapsSent, TooFast, Unauthorized
from bot.ports import Clock, Messenger, Rights, Road, Store

EVERY = timedelta(days=1)
# A question to Telegram each, one after the other; the others' turn comes with the next round.
BATCH = 50


class Lapses:
    """Looks after the rights behind follows."""

    def __init__(self, store: Store, rights: Rights, messenger: Messenger, road: Road, clock: Clock) -> None:
        self._store = store
        self._rights = rights
        self._messenger = messenger
        self._road = road
        self._clock = clock

    async def look(self) -> int:
        """Look at those whose turn it is.

        Returns:
            How many have lapsed.
        """
        now = self._clock.now()
        lapsed = 0
        for follow in await self._store.unchecked_follows(now - EVERY, BATCH):
            key = await self._hindrance(follow)
            if key is None or (key and not await self._told(replace(follow, lapsed=key))):
                continue  # asked, or told, again next time
            async with self._store.transaction() as tx:
                await tx.note_right(follow.id, key, now)
            lapsed += bool(key)
        return lapsed

    async def _hindrance(self, follow: Follow) -> str | None:
        there = await self._store.chat(follow.to_id)
        if there and there.resting and not follow.is_personal:
            return "follow.refused"
        other = follow.over_id if follow.is_personal else follow.to_id
        return await self._rights.hindrance(follow.user_id, other, to_read=follow.is_personal)

    async def _told(self, follow: Follow) -> bool:
        """Tell those concerned; False if they may not have heard of it, and will later."""
        structlog.get_logger().info("follow.lapsed", follow=follow.id, why=follow.lapsed)
        chat = await self._concerned(follow)
        if chat is None or chat.resting:
            return True
        await self._road.turn(chat.id)
        key = "follow.lapsed_mine" if follow.is_personal else "follow.lapsed_there"
        result = await self._messenger.send(chat, None, Notice(key, chat.language, follow=follow))
        if isinstance(result, TooFast):
            await self._road.refused(chat.id, result.retry_after)
        return not isinstance(result, TooFast | NotSent | PerhapsSent | Unauthorized)

    async def _concerned(self, follow: Follow) -> Chat | None:
        """The chat where it was made; of a channel's, its maker: the channel's readers asked for nothing."""
        chat = await self._store.chat(follow.chat_id)
        if chat and chat.kind is ChatKind.CHANNEL:
            return await self._store.chat(follow.user_id)
        return chat
