"""Follows: what comes from any feed of a chat, there or at a place of its own."""

from __future__ import annotations

import dataclasses

from bot.model import Change, ChangeKind, Chat, Deliver, Follow, Limit, Problem
from bot.ports import Clock, Jobs, Store
from bot.services.quotas import Quotas


class Follows:
    """What a chat follows across feeds. All that is done here can be taken back (`Changes`)."""

    def __init__(self, store: Store, jobs: Jobs, clock: Clock, quotas: Quotas) -> None:
        self._store = store
        self._jobs = jobs
        self._clock = clock
        self._quotas = quotas

    async def sent_on(self, chat_id: int) -> tuple[Follow, ...]:
        """Those made in the chat whose matches go to a place of their own; the others are the chat's own facts."""
        return await self._store.follows(chat_id)

    async def follow(self, chat: Chat, name: str, text: str) -> Problem | None:
        """Have matches come where their feed's alerts come, in place of any follow of that name.

        Returns:
            Why the chat may have no more; None if it is done.
        """
        return await self._put(chat, name, here=((name, text),))

    async def send_on(self, chat: Chat, follow: Follow) -> Problem | None:
        """As `follow`; have matches go to a place of their own. Its maker's rights are looked at already."""
        return await self._put(chat, follow.name, there=follow)

    async def drop(self, chat: Chat, name: str) -> None:
        """End the follow of that name, if there is one."""
        await self._put(chat, name)

    async def _put(
        self, chat: Chat, name: str, *, here: tuple[tuple[str, str], ...] = (), there: Follow | None = None
    ) -> Problem | None:
        was = next((one for one in await self._store.follows(chat.id) if is_named(one.name, name)), None)
        others = tuple(one for one in chat.follows if not is_named(one[0], name))
        is_new = bool(here or there) and was is None and len(others) == len(chat.follows)
        now = self._clock.now()
        async with self._store.transaction() as tx:
            if is_new and (problem := await self._quotas.full(tx, chat.id, Limit.FOLLOWS)):
                return problem
            await tx.remember(Change(chat.id, ChangeKind.FOLLOWED, now, count=0))
            await tx.save_chat(dataclasses.replace(chat, follows=(*others, *here)))
            if there:
                await tx.save_follow(dataclasses.replace(there, id=was.id if was else 0), now)
                await self._jobs.enqueue([Deliver()], tx)
            elif was:
                await tx.drop_follow(was.id)
        return None


def is_named(name: str, typed: str) -> bool:
    """Whether somebody who typed that means this one."""
    return name.casefold() == typed.casefold()
