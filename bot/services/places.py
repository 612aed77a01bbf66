"""Where people follow feeds from afar: which chats they rule, which of them they speak about, topics of forums."""

from __future__ import annotations

import dataclasses

from bot.model import Chat, Subscription
from bot.ports import Store


class Places:
    """What is kept about places. Rights are Telegram's to know, and asked there each time."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def manage(self, home: Chat, chat_id: int | None) -> None:
        """Speak in this private chat about that channel or group from now on; None: about itself.

        Args:
            chat_id: of a chat that the bot has met.
        """
        async with self._store.transaction() as tx:
            await tx.save_chat(dataclasses.replace(home, manages=chat_id))
            if chat_id is not None:
                await tx.note_ruler(home.id, chat_id)

    async def seen_ruling(self, user_id: int, chat_id: int) -> None:
        """Remember that this person rules a chat that the bot has met."""
        async with self._store.transaction() as tx:
            await tx.note_ruler(user_id, chat_id)

    async def known(self, chat_id: int) -> Chat | None:
        """None if the bot never met it."""
        return await self._store.chat(chat_id)

    async def ruled_by(self, user_id: int, limit: int) -> tuple[Chat, ...]:
        """Chats that the person was seen to rule; whether that still holds is to be asked."""
        return await self._store.ruled_by(user_id, limit)

    async def place(self, subscription: Subscription, thread_id: int) -> bool:
        """Have a feed come in that topic of its chat; False if it comes there already, or is gone."""
        async with self._store.transaction() as tx:
            return bool(await tx.settle([subscription.id], subscription.chat_id, thread_id))
