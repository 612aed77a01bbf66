"""What somebody changed in a chat, kept for a while so that it can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

UNDO_FOR = timedelta(minutes=10)
"""So long a change can be taken back."""


class ChangeKind(StrEnum):
    """What a change did."""

    SUBSCRIBED = "subscribed"
    UNSUBSCRIBED = "unsubscribed"
    FILTERED = "filtered"
    SHOWN = "shown"
    """How the alerts of feeds come."""
    CHAT_SHOWN = "chat_shown"
    """How those of the whole chat come."""
    MUTED = "muted"
    FOLLOWED = "followed"
    """Which topics the whole chat follows."""
    COPIED = "copied"
    MOVED = "moved"


OF_THE_CHAT = MappingProxyType(
    {ChangeKind.CHAT_SHOWN: "wishes", ChangeKind.MUTED: "mute", ChangeKind.FOLLOWED: "follows"}
)
"""What of a chat's own settings can be taken back, by the change."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of what a chat follows, or how."""

    chat_id: int
    """Whose it is, and who may take it back: of a move, where the subscriptions were."""
    kind: ChangeKind
    at: datetime
    what: str = ""
    """The title of the feed, or of one of them."""
    count: int = 1
    """Of how many subscriptions; 0 for the whole chat's."""
    to_chat: int | None = None
    """Where they moved, if to another chat."""
    id: int = 0
    """0 until it is kept."""
