"""Telling readers that a feed has been in trouble for days, and that it is over.

What is to be told is written with what it tells of, and sent later at Telegram's pace: a crash, a pause or a flood
limit in between loses nothing. A paused chat hears of it when it resumes, if it is still true by then.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import assert_never

import structlog

from bot.model import (
    Bulletin,
    ChatGone,
    ChatMoved,
    Notice,
    NotSent,
    PerhapsSent,
    Refused,
    Sent,
    TooFast,
    TopicGone,
    Trouble,
    Unauthorized,
)
from bot.ports import Clock, Messenger, Road, Store

# For how long a feed fails before its readers hear of it, what they hear, and what they know from then on. The
# longest first: of two that are due only the later is true.
TELLING = ((timedelta(days=30), Trouble.MONTH, 2), (timedelta(days=3), Trouble.DAYS, 1))

LEASE = timedelta(minutes=2)
# Sent one after the other, each waiting for its turn; more go with the next round.
BATCH = 20


class Bulletins:
    """What readers are told of their feeds."""

    def __init__(self, store: Store, messenger: Messenger, road: Road, clock: Clock) -> None:
        self._store = store
        self._messenger = messenger
        self._road = road
        self._clock = clock

    async def tell(self) -> int:
        """Note what there is to tell of feeds that fail for days.

        Returns:
            Of how many feeds.
        """
        now = self._clock.now()
        told = 0
        for patience, trouble, known in TELLING:
            async with self._store.transaction() as tx:
                told += await tx.tell_failing(trouble, known=known, before=now - patience, now=now)
        return told

    async def send(self) -> int:
        """Send what waits, to chats that want to hear.

        Returns:
            How many were tried.
        """
        now = self._clock.now()
        if not await self._store.has_bulletins(now):
            return 0
        async with self._store.transaction() as tx:
            bulletins = await tx.claim_bulletins(now, until=now + LEASE, limit=BATCH)
        for bulletin in bulletins:
            await self._send(bulletin)
        return len(bulletins)

    async def _send(self, bulletin: Bulletin) -> None:
        chat = bulletin.chat
        await self._road.turn(chat.id)
        days = (self._clock.now() - (bulletin.failing_since or bulletin.noted_at)).days
        notice = Notice(bulletin.trouble.value, chat.language, bulletin.subscription, days)
        result = await self._messenger.send(chat, bulletin.subscription.thread_id, notice)
        if isinstance(result, TooFast):
            await self._road.refused(chat.id, result.retry_after)
        elif not isinstance(result, NotSent | PerhapsSent | Unauthorized):  # those are tried again
            await self._close(bulletin, result)
        if not isinstance(result, Sent):
            structlog.get_logger().warning("bulletin.not_sent", chat=chat.id, result=type(result).__name__)

    async def _close(
        self, bulletin: Bulletin, result: Sent | Refused | TopicGone | ChatGone | ChatMoved
    ) -> None:
        async with self._store.transaction() as tx:
            match result:
                case Sent() | Refused() | TopicGone():  # where nothing arrives there is nobody to tell
                    await tx.close_bulletin(bulletin)
                case ChatGone():
                    await tx.save_chat(replace(bulletin.chat, resting=True))
                case ChatMoved(to):
                    await tx.move_chat(bulletin.chat.id, to)
                case _:
                    assert_never(result)
