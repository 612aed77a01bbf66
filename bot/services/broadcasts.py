"""What owners tell everybody, at the pace of answers, one chat after the other.

Each chat is written down when it begins, so a restart goes on where it was. A chat is in doubt from the moment its
message goes out until Telegram has answered, and is not tried again while it is: nobody gets it twice. Whoever waits
for an answer waits for one message of it at most.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

import structlog

from bot.backstage import BackstageStore, BackstageTransaction
from bot.model import (
    Address,
    Broadcast,
    Chat,
    ChatGone,
    ChatMoved,
    Hearing,
    Letter,
    Notice,
    NotSent,
    PerhapsSent,
    Refused,
    SendResult,
    Sent,
    TooFast,
    TopicGone,
    Unauthorized,
)
from bot.ports import Clock, Messenger, Road

# A round ends after this, and goes on with the next tick.
ROUND = timedelta(seconds=1.5)
# What certainly did not arrive is tried again after this, doubled each time, over most of a day.
PATIENCE = timedelta(minutes=1)
MOST_TRIES = 10


@dataclass(frozen=True, slots=True)
class Draft:
    """Not sent yet."""

    id: int
    hearers: int
    """How many chats it would go to now."""


class Broadcasts:
    """The owners' side: write, begin, watch, stop."""

    def __init__(self, store: BackstageStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def draft(self, owner_id: int, letter: Letter) -> Draft:
        """Keep it until the owner says so; an older draft of theirs is forgotten."""
        async with self._store.transaction() as tx:
            draft_id = await tx.draft_broadcast(owner_id, letter, self._clock.now())
        return Draft(draft_id, await self._store.hearers())

    async def begin(self, draft_id: int) -> int | None:
        """Send it to every chat that neither rests nor is a channel.

        Returns:
            How many; None if there is no such draft, or it has begun.
        """
        async with self._store.transaction() as tx:
            return await tx.begin_broadcast(draft_id, self._clock.now())

    async def stop(self, broadcast_id: int) -> Mapping[Hearing, int] | None:
        """It goes to nobody any more; also forgets a draft.

        Returns:
            How it fared until now; None if it is gone already.
        """
        async with self._store.transaction() as tx:
            return await tx.end_broadcast(broadcast_id)

    async def under_way(self) -> tuple[Broadcast, ...]:
        """Those that have begun and not ended, the oldest first."""
        return await self._store.broadcasts_under_way()


class Crier:
    """The other side: goes from chat to chat."""

    def __init__(self, store: BackstageStore, messenger: Messenger, road: Road, clock: Clock) -> None:
        self._store = store
        self._messenger = messenger
        self._road = road
        self._clock = clock

    async def cry(self) -> int:
        """Send what is under way for a moment; report what is over.

        Returns:
            How many chats were tried.
        """
        tried, end = 0, self._clock.now() + ROUND
        for broadcast in await self._store.broadcasts_under_way():
            if not broadcast.tally[Hearing.WAITING]:
                await self._report(broadcast)
            while self._clock.now() < end:
                address = await self._store.next_address(broadcast.id, self._clock.now())
                if address is None:
                    break
                tried += 1
                if not await self._tell(broadcast, address):
                    return tried
        return tried

    async def _tell(self, broadcast: Broadcast, address: Address) -> bool:
        """Tell one chat; False if Telegram cannot be reached."""
        chat = address.chat
        await self._road.turn(chat.id)
        async with self._store.transaction() as tx:
            if not await tx.take_address(broadcast.id, chat.id):
                return True
        if chat.resting:  # since it began
            result: SendResult = ChatGone("it rests")
        else:
            result = await self._messenger.send(chat, None, broadcast.letter)
        if not isinstance(result, Sent):
            log = structlog.get_logger()
            log.warning("letter.not_sent", chat=chat.id, result=type(result).__name__)
        if isinstance(result, TooFast):
            await self._road.refused(chat.id, result.retry_after)
        async with self._store.transaction() as tx:
            await self._settle(tx, broadcast.id, address, result)
        return not isinstance(result, NotSent | Unauthorized)

    async def _settle(
        self, tx: BackstageTransaction, broadcast_id: int, address: Address, result: SendResult
    ) -> None:
        chat = address.chat
        match result:
            case Sent():
                await tx.settle_address(broadcast_id, chat.id, Hearing.SENT)
            case PerhapsSent():
                pass  # it stays in doubt
            case TooFast(wait):
                await self._put_off(tx, broadcast_id, address, wait)
            case NotSent() | Unauthorized():
                await self._put_off(tx, broadcast_id, address, PATIENCE)
            case ChatGone():
                await tx.settle_address(broadcast_id, chat.id, Hearing.FAILED)
                await tx.save_chat(replace(chat, resting=True))
            case ChatMoved(to):
                await tx.move_chat(chat.id, to)
                await tx.settle_address(broadcast_id, to, Hearing.WAITING)
            case Refused() | TopicGone():
                await tx.settle_address(broadcast_id, chat.id, Hearing.FAILED)
            case _:
                assert_never(result)

    async def _put_off(
        self, tx: BackstageTransaction, broadcast_id: int, address: Address, wait: timedelta
    ) -> None:
        if address.attempts + 1 >= MOST_TRIES:
            await tx.settle_address(broadcast_id, address.chat.id, Hearing.FAILED)
            return
        later = self._clock.now() + max(wait, PATIENCE * (1 << address.attempts))
        await tx.settle_address(broadcast_id, address.chat.id, Hearing.WAITING, later)

    async def _report(self, broadcast: Broadcast) -> None:
        """Tell its owner how it fared, then forget it."""
        owner = await self._store.chat(broadcast.owner_id)
        if owner is not None and not await self._told(owner, broadcast.tally):
            return
        async with self._store.transaction() as tx:
            await tx.end_broadcast(broadcast.id)

    async def _told(self, owner: Chat, tally: Mapping[Hearing, int]) -> bool:
        await self._road.turn(owner.id)
        values = {one.value: count for one, count in tally.items()}
        result = await self._messenger.send(
            owner, None, Notice("broadcast.over", owner.language, values=values)
        )
        return not isinstance(result, NotSent | TooFast | Unauthorized)
