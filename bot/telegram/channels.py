"""Channels are managed from the private chat: which one is meant, and whether both sides may post there.

Asked of Telegram at every command, press and answer: administrators come and go, and nobody tells the bot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import telegram
from telegram import Bot, ChatMember, ChatMemberAdministrator
from telegram.error import BadRequest, Forbidden

_NAMED = re.compile(r"(@[A-Za-z]\w{3,31}|-100\d{5,13})(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that both the person and the bot may post in."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class NotYours:
    """The channel cannot be managed by this person, or not by this bot."""

    key: str
    """Of the sentence that says why; it names the channel as typed, `{name}`."""


def named_channel(argument: str) -> tuple[str, str]:
    """`@channel rest` → the channel as typed, and the rest; "" and everything if none is named."""
    found = _NAMED.fullmatch(argument)
    return (found[1], (found[2] or "").strip()) if found else ("", argument)


async def channel_of(bot: Bot, user_id: int, name: str) -> Channel | NotYours:
    """Find the channel and look at both sides' rights.

    Args:
        name: `@name`, or the id as Telegram writes it (`-100…`).
    """
    try:
        chat = await bot.get_chat(name if name.startswith("@") else int(name))
        if chat.type != telegram.Chat.CHANNEL:
            return NotYours("channel.unknown")
        if not _may_post(await bot.get_chat_member(chat.id, bot.id)):
            return NotYours("channel.bot_must_post")
    except (BadRequest, Forbidden):  # Telegram hides channels from bots that are not in them
        return NotYours("channel.unknown")
    try:
        theirs = await bot.get_chat_member(chat.id, user_id)
    except BadRequest:
        return NotYours("channel.you_must_post")
    return Channel(chat.id, chat.title or name) if _may_post(theirs) else NotYours("channel.you_must_post")


def _may_post(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberAdministrator):
        return bool(member.can_post_messages)
    return member.status == ChatMember.OWNER
