"""Sends alerts through python-telegram-bot and reads Telegram's answers as values.

What each answer means: `SendResult`. PTB changes the letter case of error texts, so they are compared in lower
case; BadRequest is a NetworkError there, so the order of the cases matters.
"""

from __future__ import annotations

from datetime import timedelta

import httpx
import structlog
from telegram import Bot, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.model import (
    Alert,
    Chat,
    ChatGone,
    ChatMoved,
    NotSent,
    PerhapsSent,
    Refused,
    SendResult,
    Sent,
    TooFast,
    TopicGone,
    Unauthorized,
)
from bot.telegram.render import Message, alert_message

# Telegram may take long to answer a send; giving up early is what makes doubles.
_READ_TIMEOUT = 30.0

# A second of grace: the server's seconds are rounded down.
_GRACE = timedelta(seconds=1)

_TOPIC_TEXTS = ("message thread not found", "topic_closed", "topic_deleted")
_CHAT_TEXTS = (
    "chat not found",
    "not enough rights",
    "need administrator rights",
    "have no write access",
    "chat_write_forbidden",
    "the group chat was deleted",
    "user is deactivated",
)
# The request never left, or never arrived whole: certainly not sent.
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class TelegramMessenger:
    """The Messenger port on a `telegram.Bot`."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, chat: Chat, thread_id: int | None, alert: Alert) -> SendResult:
        """Send one alert; if Telegram refuses our markup, the same words without it."""
        message = alert_message(alert)
        try:
            return await self._try(chat.id, thread_id, message, html=True)
        except BadRequest as error:
            if "can't parse entities" not in error.message.lower():
                return answer(error)
            structlog.get_logger().error("telegram.markup_refused", chat=chat.id, article=alert.article.key)
        except TelegramError as error:
            return answer(error)
        try:
            return await self._try(chat.id, thread_id, message, html=False)
        except TelegramError as error:
            return answer(error)

    async def _try(self, chat_id: int, thread_id: int | None, message: Message, *, html: bool) -> Sent:
        sent = await self._bot.send_message(
            chat_id,
            message.html if html else message.plain,
            parse_mode=ParseMode.HTML if html else None,
            message_thread_id=thread_id,
            link_preview_options=preview_options(message.preview),
            read_timeout=_READ_TIMEOUT,
        )
        return Sent((sent.message_id,))


def preview_options(url: str | None) -> LinkPreviewOptions:
    """A large card above the text, the cheapest picture: no upload, no caption limit. None without an address."""
    if url is None:
        return LinkPreviewOptions(is_disabled=True)
    return LinkPreviewOptions(url=url, prefer_large_media=True, show_above_text=True)


def answer(error: TelegramError) -> SendResult:
    """Read an error of PTB as what it means for the message.

    Source: the 56 texts of the Bot API server and TDLib with their actions; PTB 22.8's error classes.
    """
    match error:
        case RetryAfter():
            return TooFast(_seconds(error) + _GRACE)
        case ChatMigrated():
            return ChatMoved(error.new_chat_id)
        case InvalidToken():
            return Unauthorized(error.message)
        case Forbidden():
            return ChatGone(error.message)
        case BadRequest():
            return _bad_request(error.message)
        case NetworkError():
            never_left = isinstance(error.__cause__, _NEVER_LEFT)
            return NotSent(error.message) if never_left else PerhapsSent(error.message)
        case _:  # a class or an HTTP status that PTB does not know
            return PerhapsSent(error.message)


def _bad_request(text: str) -> SendResult:
    lower = text.lower()
    if any(known in lower for known in _TOPIC_TEXTS):
        return TopicGone(text)
    if any(known in lower for known in _CHAT_TEXTS):
        return ChatGone(text)
    return Refused(text)


def _seconds(error: RetryAfter) -> timedelta:
    """PTB 22 gives seconds or, when asked to, a timedelta."""
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
