"""Delivering what is owed: claim a chat's next row, wait for its turn, send, record the answer."""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot import pacing
from bot.errors import TokenRefused
from bot.model import Alert, Drain, OutboxRow, RowState, SendOutcome, Unauthorized
from bot.pipeline import settle
from bot.ports import Clock, Jobs, Messenger, Store

# Longer than the longest wait for a turn and the longest send together.
LEASE = timedelta(minutes=2)

# A turn later than this is not waited for with the row in hand: the reconcile tick comes back for it.
LONGEST_WAIT = timedelta(seconds=5)

# Chats looked at in one reconcile tick; the next tick takes the rest.
BATCH = 200


class Delivery:
    """From the outbox to Telegram."""

    def __init__(
        self, store: Store, messenger: Messenger, jobs: Jobs, clock: Clock, limits: pacing.Limits
    ) -> None:
        self._store = store
        self._messenger = messenger
        self._jobs = jobs
        self._clock = clock
        self._limits = limits

    async def reconcile(self) -> int:
        """Ask for a drain of every chat that something could be sent to now: the net under all jobs."""
        chats = await self._store.chats_with_rows(self._clock.now(), BATCH)
        await self._jobs.enqueue([Drain(chat_id) for chat_id in chats])
        return len(chats)

    async def drain(self, chat_id: int) -> None:
        """Send what waits for one chat, in order, until nothing may go now."""
        while row := await self._claim(chat_id):
            if not await self._wait_for_turn(row):
                return
            await self._send(row)

    async def _claim(self, chat_id: int) -> OutboxRow | None:
        now = self._clock.now()
        async with self._store.transaction() as tx:
            return await tx.claim_row(chat_id, now, until=now + LEASE)

    async def _wait_for_turn(self, row: OutboxRow) -> bool:
        """Stand in line; False if the turn is too far off, and the row was given back."""
        while True:
            now = self._clock.now()
            async with self._store.transaction() as tx:
                turn = pacing.next_turn(now, row.chat, await tx.paces(pacing.scopes(row.chat)), self._limits)
                if turn.at - now > LONGEST_WAIT:
                    await tx.hold_back(row.id, row.chat.id, until=turn.at)
                    return False
                await tx.save_paces(turn.paces)
            await self._clock.sleep(turn.at - now)
            if turn.taken:
                return True

    async def _send(self, row: OutboxRow) -> None:
        alert = Alert(row.article, row.feed_title, row.chat.language)
        result = await self._messenger.send(row.chat, row.thread_id, alert)
        outcome = settle(row, result, now=self._clock.now())
        async with self._store.transaction() as tx:
            await tx.record_send(outcome)
        _log(outcome)
        if isinstance(result, Unauthorized):
            raise TokenRefused(result.reason)


def _log(outcome: SendOutcome) -> None:
    facts = {"row": outcome.row_id, "chat": outcome.chat_id, "attempts": outcome.attempts}
    if outcome.state is RowState.SENT:
        structlog.get_logger().info("alert.sent", **facts)
    else:
        structlog.get_logger().warning(
            "alert.not_sent", state=str(outcome.state), reason=outcome.reason, **facts
        )
