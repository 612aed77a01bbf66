"""Who may use the bot, and who may change what a chat follows. Decisions only; who asks Telegram is `talk`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.model import ChatKind

# Telegram's own account that speaks for administrators who hide their names; the same in every group.
# Source: core.telegram.org/bots/api#message, `from`.
ANONYMOUS_ADMINISTRATOR = 1087968824

_RULERS = frozenset({"creator", "administrator"})


@dataclass(frozen=True, slots=True)
class Access:
    """Whom this bot serves."""

    owners: frozenset[int] = frozenset()
    """User ids; always served."""
    mode: Literal["open", "allowlist"] = "open"
    allowed: frozenset[int] = frozenset()
    """User and chat ids that `allowlist` lets in beside the owners."""

    def may_use(self, user_id: int, chat_id: int) -> bool:
        """Whether this person is answered in this chat."""
        return self.mode == "open" or user_id in self.owners or bool(self.allowed & {user_id, chat_id})


def changes_without_asking(kind: ChatKind, user_id: int, speaks_as: int | None, chat_id: int) -> bool:
    """Whether this person may change things by what the update alone shows.

    Args:
        speaks_as: the chat in whose name the message was sent; None if in the person's own.
    """
    if kind is ChatKind.PRIVATE:
        return True
    if speaks_as is not None:  # a group's own name is an anonymous administrator's; a linked channel's is not
        return speaks_as == chat_id
    return user_id == ANONYMOUS_ADMINISTRATOR


def rules(status: str) -> bool:
    """Whether a member of this status (Bot API ChatMember) may change things in a group."""
    return status in _RULERS
