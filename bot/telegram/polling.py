"""Long polling that nothing but a refused token stops.

PTB's own Updater ends for good, and in silence, at an update it cannot decode and at a refused token
(`telegram.ext._utils.networkloop`, 22.8); here the first is skipped and the second is told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError, TimedOut

from bot.errors import TokenRefused

# One request waits this long for news; the official server allows 50 seconds.
_POLL_SECONDS = 30
# The answer may be this late after that before the line counts as dead.
_GRACE_SECONDS = 10
# Between tries while Telegram cannot be reached: doubling from the first to the last.
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0

REFUSED = "Telegram refuses the token"


class Polling:
    """Updates from Telegram into a queue."""

    def __init__(self, bot: Bot, queue: asyncio.Queue[object], kinds: Sequence[str]) -> None:
        self._bot = bot
        self._queue = queue
        self._kinds = list(kinds)
        self._offset = 0

    async def run(self) -> None:
        """Poll until cancelled.

        Raises:
            TokenRefused: Telegram refuses the token.
        """
        wait = _FIRST_WAIT
        while True:
            try:
                await self._take(_POLL_SECONDS)
                wait = _FIRST_WAIT
            except InvalidToken:
                raise TokenRefused(REFUSED) from None  # PTB's own text may show the token
            except TimedOut:
                await asyncio.sleep(_FIRST_WAIT)
            except TelegramError as error:
                await asyncio.sleep(_pause(error, wait))
                wait = min(wait * 2, _LONGEST_WAIT)

    async def confirm(self) -> None:
        """Tell Telegram what we have taken; else the next start gets it again."""
        try:
            await self._bot.get_updates(
                offset=self._offset, limit=1, timeout=0, allowed_updates=self._kinds, read_timeout=2
            )
        except TelegramError as error:
            structlog.get_logger().info("telegram.updates_unconfirmed", reason=error.message)

    async def _take(self, seconds: int) -> None:
        try:
            updates = await self._bot.get_updates(
                offset=self._offset,
                timeout=seconds,
                allowed_updates=self._kinds,
                read_timeout=seconds + _GRACE_SECONDS,
            )
        except TelegramError:
            raise
        except Exception:  # noqa: BLE001 - PTB could not decode an update; its errors are of any class
            await self._take_one_by_one()
            return
        for update in updates:
            await self._queue.put(update)
            self._offset = update.update_id + 1

    async def _take_one_by_one(self) -> None:
        """Read raw, keep what can be decoded, skip and name what cannot."""
        # Method names are case-insensitive; the usual spelling makes PTB warn that it has a method for it.
        arguments = {"offset": self._offset, "timeout": 0, "allowed_updates": self._kinds}
        raw: list[dict[str, Any]] = await self._bot.do_api_request("GetUpdates", api_kwargs=arguments)
        for one in raw:
            self._offset = one["update_id"] + 1
            try:
                update = Update.de_json(one, self._bot)
            except Exception as error:  # noqa: BLE001 - as above
                structlog.get_logger().error(
                    "telegram.update_unreadable",
                    update=one["update_id"],
                    kinds=sorted(one),
                    error=repr(error),
                )
                continue
            await self._queue.put(update)


def _pause(error: TelegramError, wait: float) -> float:
    """Seconds until the next try, and a line for the operator."""
    log = structlog.get_logger()
    if isinstance(error, RetryAfter):
        asked = error.retry_after
        wait = (
            float(asked if isinstance(asked, int) else asked.total_seconds()) + 1
        )  # rounded down by Telegram
    if isinstance(error, Conflict):
        log.error("telegram.polled_elsewhere", reason=error.message)
    else:
        log.warning("telegram.unreachable", error=type(error).__name__, reason=error.message, wait=wait)
    return wait
