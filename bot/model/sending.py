"""Chats, what they follow, what they are owed, and all that one send changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model.reading import Article, Problem


class ChatKind(StrEnum):
    """Telegram's kinds of chat, with what they share in limits."""

    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat that the bot serves."""

    id: int
    """Telegram's."""
    kind: ChatKind
    title: str
    language: str
    """A language of the catalogue, e.g. `zh_Hans`."""
    paused: bool = False
    resting: bool = False
    """Telegram refuses this chat (blocked, kicked); wakes on /start or my_chat_member."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A chat follows a feed."""

    id: int
    chat_id: int
    thread_id: int | None
    """The forum topic it was made in; None outside topics, and in General."""
    feed_id: int
    feed_url: str
    feed_title: str
    filter: str
    problem: Problem | None = None
    """Why the feed's last check failed; None if it went well."""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One article, owed to one subscription, claimed for sending."""

    id: int
    chat: Chat
    thread_id: int | None
    subscription_id: int
    feed_title: str
    article: Article
    attempts: int
    """Sends tried before this one."""


@dataclass(frozen=True, slots=True)
class Alert:
    """What is to be shown; how, is the platform's business."""

    article: Article
    feed_title: str
    language: str
    """Of the words around the article."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram has it."""

    message_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TooFast:
    """Telegram asks us to wait (429)."""

    retry_after: timedelta


@dataclass(frozen=True, slots=True)
class ChatGone:
    """The chat refuses us until somebody there invites us back (403 and its like)."""

    reason: str


@dataclass(frozen=True, slots=True)
class ChatMoved:
    """A group became a supergroup under a new id."""

    to: int


@dataclass(frozen=True, slots=True)
class TopicGone:
    """The forum topic is closed or deleted; the chat itself is well."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram will never take this message."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """It certainly did not arrive; try again."""

    reason: str


@dataclass(frozen=True, slots=True)
class PerhapsSent:
    """It may have arrived: the line broke after the request went out. Tried again; it may double."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unauthorized:
    """The token is refused: stop and say so; no chat is to blame."""

    reason: str


SendResult = (
    Sent | TooFast | ChatGone | ChatMoved | TopicGone | Refused | NotSent | PerhapsSent | Unauthorized
)


class RowState(StrEnum):
    """Where an outbox row stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    HELD = "held"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """All that one send changes; written in one transaction."""

    row_id: int
    chat_id: int
    at: datetime
    state: RowState
    attempts: int
    reason: str | None = None
    """Why it is not sent yet, or never will be; None once sent."""
    message_ids: tuple[int, ...] = ()
    not_before: datetime | None = None
    """When the row may be tried again; None if at once, or never."""
    perhaps_double: bool = False
    """The next try may show it twice."""
    chat_rests: bool = False
    chat_moves_to: int | None = None
    chat_not_before: datetime | None = None
    """The whole chat waits until then (429); None if it need not."""
