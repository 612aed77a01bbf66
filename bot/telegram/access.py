"""Who may use the bot, and who may change what a chat follows. Decisions only; who asks Telegram is `talk`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bot.model import ChatKind, Guest

# Telegram's own account that speaks for administrators who hide their names; the same in every group.
# Source: core.telegram.org/bots/api#message, `from`.
ANONYMOUS_ADMINISTRATOR = 1087968824

_RULERS = frozenset({"creator", "administrator"})


@dataclass(frozen=True, slots=True)
class Access:
    """Whom this bot serves."""

    owners: frozenset[int] = frozenset()
    """User ids; served wherever nobody turned the chat away."""
    mode: Literal["open", "allowlist"] = "open"

    def may_use(self, user_id: int, guests: Iterable[Guest]) -> bool:
        """Whether this person is answered.

        Args:
            guests: what owners said of the person, of the chat, and of the chat in whose name the person speaks.
        """
        said = {guest.admitted for guest in guests if guest.id not in self.owners}
        if False in said:
            return False
        return self.mode == "open" or user_id in self.owners or True in said


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
