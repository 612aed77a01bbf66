"""Who may post or read along in which chat; asked of Telegram each time, since people come and go untold."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import telegram
from telegram import Bot, ChatMember, ChatMemberAdministrator, ChatMemberRestricted
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.model import ChatKind
from bot.telegram.access import rules

_KINDS = MappingProxyType(
    {
        telegram.Chat.CHANNEL: ChatKind.CHANNEL,
        telegram.Chat.GROUP: ChatKind.GROUP,
        telegram.Chat.SUPERGROUP: ChatKind.GROUP,
    }
)
_HERE = frozenset({ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER})


@dataclass(frozen=True, slots=True)
class Place:
    """A channel or group."""

    id: int
    kind: ChatKind
    title: str


async def place_named(bot: Bot, name: int | str) -> Place | None:
    """Find it; None if there is none that the bot can see.

    Args:
        name: its id, also as text; or `@name`.
    """
    try:
        chat = await bot.get_chat(name if str(name).startswith("@") else int(name))
    except (BadRequest, Forbidden):  # Telegram hides from bots what they are not in
        return None
    kind = _KINDS.get(chat.type)
    return Place(chat.id, kind, chat.title or str(name)) if kind else None


async def hindrance(bot: Bot, user_id: int, place: Place, *, to_read: bool = False) -> str:
    """As `Rights.hindrance`, of a place that the bot can see."""
    ours, theirs = await _member(bot, place.id, bot.id), await _member(bot, place.id, user_id)
    if place.kind is ChatKind.CHANNEL:
        if ours is None or not _may_post(ours):
            return "channel.bot_must_post"
        return "" if theirs and _may_post(theirs) else "channel.you_must_post"
    if ours is None or not _may_write(ours):
        return "group.bot_must_write"
    if to_read:
        return "" if theirs and _is_here(theirs) else "group.you_must_belong"
    return "" if theirs and rules(theirs.status) else "group.you_must_rule"


async def _member(bot: Bot, chat_id: int, user_id: int) -> ChatMember | None:
    try:
        return await bot.get_chat_member(chat_id, user_id)
    except (BadRequest, Forbidden):
        return None


def _may_post(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberAdministrator):
        return bool(member.can_post_messages)
    return member.status == ChatMember.OWNER


def _is_here(member: ChatMember) -> bool:
    return member.status in _HERE or (isinstance(member, ChatMemberRestricted) and member.is_member)


def _may_write(member: ChatMember) -> bool:
    may = member.can_send_messages if isinstance(member, ChatMemberRestricted) else True
    return _is_here(member) and may


class TelegramRights:
    """The port `Rights`."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def hindrance(self, user_id: int, chat_id: int, *, to_read: bool) -> str | None:
        """As the port says."""
        try:
            place = await place_named(self._bot, chat_id)
            if place is None:
                return "place.unknown"
            return await hindrance(self._bot, user_id, place, to_read=to_read)
        except TelegramError:  # out of reach, or too fast
            return None
