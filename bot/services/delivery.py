"""Delivering what is owed: claim parcels, wait for their turns, send, record the answers.

A message may double only if nobody wrote down that it went: answers are recorded as they come, together with
those that came while the last ones were being written (group commit), and never later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot import pacing
from bot.errors import StoreError, TokenRefused
from bot.looks import messages_of
from bot.model import Chat, Deliver, Notice, Parcel, Post, RowState, SendOutcome, Unauthorized
from bot.pipeline import post_of, put_off, settle
from bot.ports import Clock, Jobs, Messenger, Store, Transaction

# Longer than the longest send; then another worker may take the parcel.
LEASE = timedelta(minutes=2)
# How far ahead parcels are given their turns. An answer to a person waits at most this long behind them.
HORIZON = timedelta(seconds=0.25)
# How often the loop looks up while it sends or waits.
GLANCE = timedelta(seconds=0.1)
# When more than these went, the loop waits for its next look even if all have ended: to ask which chats are ready
# costs the same for one message as for a hundred. Fewer are a chat or two, each to be asked as soon as it is ready.
FEW = 8
# A turn later than this is not waited for: the reconcile tick comes back for it.
LINGER = timedelta(seconds=5)
# Sends under way at the same time, those that wait for their turn among them; Telegram's 28 a second at half a second
# each are 14, and with paid broadcasts it takes a thousand a second.
MOST_UNDER_WAY = 256
# Headlines in one digest: two entities each, of the 100 that a message may have.
LONGEST_DIGEST = 30


Turn = tuple[Parcel, Post, datetime]
"""What goes, what it looks like, and when."""


class Delivery:
    """From the outbox to Telegram.

    Args:
        backlog: alerts that may wait for one chat and topic to be sent one by one; more come as lists.
    """

    def __init__(
        self, store: Store, messenger: Messenger, clock: Clock, limits: pacing.Limits, *, backlog: int
    ) -> None:
        self._store = store
        self._messenger = messenger
        self._clock = clock
        self._limits = limits
        self._backlog = backlog
        self._under_way: set[asyncio.Task[None]] = set()
        self._heard: list[SendOutcome] = []
        self._sent: list[int] = []
        self._writing = False
        self._stopping = False
        self._refusal: TokenRefused | None = None
        self.trouble: str | None = None
        """Why what was heard cannot be written down; None if it can."""

    def stop(self) -> None:
        """Begin no more sends; `deliver` ends when those under way have."""
        self._stopping = True

    async def reconcile(self, jobs: Jobs) -> bool:
        """Ask for a delivery if something may go now: the net under all jobs.

        Returns:
            True if so.
        """
        at = await self._store.next_delivery_at()
        ready = at is not None and at <= self._clock.now()
        if ready:
            await jobs.enqueue([Deliver()])
        return ready

    async def deliver(self) -> None:
        """Send what may go now, chat by chat in order, all chats at once, until nothing may go soon.

        Raises:
            TokenRefused: Telegram refuses the token; nothing was dropped for it.
        """
        self._refusal = None
        try:
            while not self._stopping and self._refusal is None:
                self._tell_sent()
                turns = await self._claim()
                self._under_way |= {asyncio.create_task(self._send(*turn)) for turn in turns}
                if not await self._more_soon():
                    break
        finally:
            await asyncio.gather(*self._under_way, return_exceptions=True)
            self._under_way.clear()
            self._tell_sent()
        if self._refusal is not None:
            raise self._refusal

    async def _claim(self) -> list[Turn]:
        """Take the next parcels, one a chat, and their turns."""
        free = MOST_UNDER_WAY - len(self._under_way)
        return await self._store.at_once(partial(self._plan, free=free)) if free > 0 else []

    async def _plan(self, tx: Transaction, free: int) -> list[Turn]:
        pace = await tx.pace()
        # With the lock in hand: who waited for it long must not plan for the past.
        now = self._clock.now()
        limit = min(pacing.room(now, pace, self._limits, HORIZON), free)
        if limit <= 0:
            return []
        parcels = await tx.claim_parcels(
            now, until=now + LEASE, limit=limit, backlog=self._backlog, most=LONGEST_DIGEST
        )
        turns, chats, too_soon = [], {}, []
        for parcel in parcels:
            post, window = post_of(parcel), self._limits.of(parcel.chat.kind)
            count = messages_of(post)
            fits = pacing.alert_turn(now, parcel.pace, window, count)
            if fits > now:  # an album, and its chat has room for a single message
                too_soon.append(put_off(parcel, fits, now=now))
                continue
            place, pace = pacing.place(now, pace, self._limits, count)
            at = pacing.together(now, place)
            chats[parcel.chat.id] = pacing.after(parcel.pace, at, window, count)
            turns.append((parcel, post, at))
        if turns:
            await tx.save_paces(pace, chats)
        await tx.record_sends(too_soon)
        return turns

    async def _more_soon(self) -> bool:
        """Wait a moment; False if nothing is under way and nothing may go soon."""
        if self._under_way:
            begun = self._clock.now()
            ended, self._under_way = await asyncio.wait(self._under_way, timeout=GLANCE.total_seconds())
            for task in ended:
                task.result()  # a mistake of ours comes out here
            if len(ended) > FEW:
                await self._clock.sleep(begun + GLANCE - self._clock.now())
            return True
        at = await self._store.next_delivery_at()
        now = self._clock.now()
        if at is None or at - now > LINGER:
            return False
        # If something could go at once, the line of all is full for the moment.
        await self._clock.sleep(min(at - now, GLANCE) if at > now else GLANCE)
        return True

    async def _send(self, parcel: Parcel, post: Post, at: datetime) -> None:
        await self._clock.sleep(at - self._clock.now())
        result = await self._messenger.send(parcel.chat, parcel.thread_id, post)
        outcome = settle(parcel, result, now=self._clock.now())
        window = self._limits.of_number(parcel.chat.id)
        if _counts(outcome) and pacing.is_late(at, outcome.at, window):
            outcome = replace(outcome, late_for=at)
        if isinstance(result, Unauthorized):
            self._refusal = TokenRefused(result.reason)
        await self._record(outcome)

    async def _record(self, outcome: SendOutcome) -> None:
        """Write it down, with all that was heard meanwhile; not given up while the database is away, since a row
        that nobody closed is sent again."""
        self._heard.append(outcome)
        if self._writing:
            return  # whoever writes takes it along
        self._writing = True
        gone: list[Chat] = []
        try:
            while self._heard:
                await self._all_at_hand()
                heard = tuple(self._heard)
                try:
                    gone += await self._write(heard)
                except StoreError as error:
                    self.trouble = str(error)
                    structlog.get_logger().error("delivery.not_recorded", sends=len(heard), error=str(error))
                    if self._stopping:
                        return
                    await self._clock.sleep(timedelta(seconds=1))
                else:
                    self.trouble = None
                    del self._heard[: len(heard)]
        finally:
            self._writing = False
        for chat in gone:
            await self._messenger.send(chat, None, Notice("notice.topic_gone", chat.language))

    async def _all_at_hand(self) -> None:
        """Let those answers in that are here already: a turn of the loop each, until one brings none. No waiting:
        while nothing comes it is one turn, and no more come than are under way."""
        known = 0
        while known < len(self._heard):
            known = len(self._heard)
            await asyncio.sleep(0)

    async def _write(self, heard: tuple[SendOutcome, ...]) -> list[Chat]:
        """Record these.

        Returns:
            The chats that are to hear that a topic of theirs is gone.
        """
        gone = await self._store.at_once(partial(self._record_all, heard=heard))
        for outcome in heard:
            if outcome.state is RowState.SENT or outcome.turns_page:
                self._sent += outcome.row_ids
            else:
                _tell_not_sent(outcome)
        return [chat for chat, _ in gone]

    async def _record_all(
        self, tx: Transaction, heard: tuple[SendOutcome, ...]
    ) -> tuple[tuple[Chat, int], ...]:
        # First, as everybody who needs both does: two workers that lock in two orders would wait for ever.
        if any(outcome.too_fast for outcome in heard):
            pace = await tx.pace()
            for outcome in heard:
                if outcome.too_fast is not None:
                    pace = pacing.refused(pace, outcome.chat_id, outcome.at, outcome.too_fast)
            await tx.save_paces(pace, {})
        gone = await tx.record_sends(heard)
        await self._move_late(tx, [outcome for outcome in heard if outcome.late_for])
        return gone

    async def _move_late(self, tx: Transaction, late: Sequence[SendOutcome]) -> None:
        """What arrived later than planned counts from then: the next one would else come too close to it."""
        if not late:
            return
        paces = dict(await tx.chat_paces([outcome.chat_id for outcome in late]))
        for outcome in late:
            pace, number = paces.get(outcome.chat_id), outcome.chat_id
            if pace is not None and outcome.late_for is not None:
                window = self._limits.of_number(number)
                paces[number] = pacing.moved(pace, outcome.late_for, outcome.at, window)
        await tx.save_paces(None, paces)

    def _tell_sent(self) -> None:
        """One line for all that went well since the last: a line a message would cost a third of sending it."""
        if self._sent:
            structlog.get_logger().info("alerts.sent", rows=self._sent)
            self._sent = []


def _counts(outcome: SendOutcome) -> bool:
    """Whether Telegram may have counted it against its limits."""
    return outcome.state is RowState.SENT or outcome.turns_page or outcome.perhaps_double


def _tell_not_sent(outcome: SendOutcome) -> None:
    facts = {"rows": list(outcome.row_ids), "chat": outcome.chat_id, "attempts": outcome.attempts}
    log = structlog.get_logger()
    log.warning("alert.not_sent", state=str(outcome.state), reason=outcome.reason, **facts)
