"""The one road for every message that is no alert: answers take the next place in the line, before any backlog.

Alerts are claimed a quarter of a second ahead at most, so an answer never waits longer than that for the line of all.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot import pacing
from bot.errors import StoreError
from bot.ports import Clock, Store, Transaction


class PacedRoad:
    """The port `Road` on the store: keeps answers within Telegram's limits."""

    def __init__(self, store: Store, clock: Clock, limits: pacing.Limits) -> None:
        self._store = store
        self._clock = clock
        self._limits = limits

    async def turn(self, chat_id: int, count: int = 1) -> None:
        """Wait until `count` messages may go to this chat, and count them."""
        taken = False
        while not taken:
            try:
                at, taken = await self._store.at_once(
                    partial(self._stand_in_line, chat_id=chat_id, count=count)
                )
            except StoreError as error:
                # An answer that may come too fast is better than none.
                structlog.get_logger().warning("road.no_pace", chat=chat_id, error=str(error))
                return
            # From now, not from before: many who wait for the database together must not go together.
            await self._clock.sleep(at - self._clock.now())

    async def refused(self, chat_id: int, retry_after: timedelta) -> None:
        """Telegram said "too fast": that chat waits, and all go a little slower."""
        now = self._clock.now()
        try:
            async with self._store.transaction() as tx:
                chat = replace(await tx.chat_pace(chat_id), ready_at=now + retry_after)
                await tx.save_paces(
                    pacing.refused(await tx.pace(), chat_id, now, retry_after), {chat_id: chat}
                )
        except StoreError as error:
            structlog.get_logger().warning("road.no_pace", chat=chat_id, error=str(error))

    async def _stand_in_line(self, tx: Transaction, chat_id: int, count: int) -> tuple[datetime, bool]:
        window = self._limits.of_number(chat_id)
        pace, chat = await tx.pace(), await tx.chat_pace(chat_id)
        now = self._clock.now()  # with the lock in hand
        at = pacing.answer_turn(now, chat, window, count)
        taken = at <= now
        if taken:
            at, pace = pacing.place(now, pace, self._limits, count)
            chat = pacing.after(chat, at, window, count)
        else:  # no place among all yet, which would be far ahead; but no alert takes the room meanwhile
            chat = replace(chat, ready_at=max(chat.ready_at or at, at + window.gap))
        await tx.save_paces(pace, {chat_id: chat})
        return at, taken
