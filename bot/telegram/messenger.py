"""Sends posts through python-telegram-bot and reads Telegram's answers as values.

What each answer means: `SendResult`. PTB changes the letter case of error texts, so they are compared in lower
case; BadRequest is a NetworkError there, so the order of the cases matters.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, assert_never

import structlog
from telegram import Bot, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.i18n import Catalogue
from bot.model import (
    Alert,
    Chat,
    ChatGone,
    ChatMoved,
    Digest,
    Notice,
    NotSent,
    PerhapsSent,
    Post,
    Refused,
    SendResult,
    Sent,
    TooFast,
    TopicGone,
    Unauthorized,
)
from bot.telegram.bulletins import bulletin_buttons, bulletin_text
from bot.telegram.render import DigestWords, Message, alert_message, cut, digest_message, notice_message
from bot.telegram.request import NeverLeft
from bot.telegram.words import Words

# Telegram may take long to answer a send; giving up early is what makes doubles.
_READ_TIMEOUT = 30.0

# A second of grace: the server's seconds are rounded down.
_GRACE = timedelta(seconds=1)

_LONGEST_TEXT = 4096

# Raw, since nobody looks at the message that comes back: PTB's reading of it costs as much as all else together.
# It becomes `sendMessage` on the line; spelled so that PTB does not warn that it has a method for it.
_SEND = "send__message"

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
# Without the new id we can only wait: the group's own message about its move brings it.
_MOVED_TEXT = "upgraded to a supergroup"


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to say a message."""

    text: str
    html: bool
    preview: str | None


class TelegramMessenger:
    """The Messenger port on a `telegram.Bot`."""

    def __init__(self, bot: Bot, catalogue: Catalogue) -> None:
        self._bot = bot
        self._catalogue = catalogue

    async def send(self, chat: Chat, thread_id: int | None, post: Post) -> SendResult:
        """Send one post; what Telegram refuses, in plainer forms: an article never fails for its looks."""
        result: SendResult = Refused("nothing to send")
        place = {"chat_id": chat.id, "message_thread_id": thread_id, "reply_markup": self._buttons(post)}
        for form in _forms(self._message(post)):
            try:
                return await self._try(place, form)
            except TelegramError as error:
                result = answer(error)
            if not isinstance(result, Refused):
                break
            log = structlog.get_logger()
            log.error("telegram.form_refused", chat=chat.id, post=_named(post), reason=result.reason)
        if isinstance(result, TopicGone) and thread_id is None:
            return ChatGone(result.reason)  # General is closed: the group has no other place for us
        return result

    async def _try(self, place: Mapping[str, Any], form: _Form) -> Sent | PerhapsSent:
        arguments = {
            **place,
            "text": form.text,
            "parse_mode": ParseMode.HTML if form.html else None,
            "link_preview_options": preview_options(form.preview),
        }
        try:
            sent: Any = await self._bot.do_api_request(_SEND, arguments, read_timeout=_READ_TIMEOUT)
            return Sent((int(sent["message_id"]),))
        except (KeyError, TypeError, ValueError):  # PTB's own, or ours: JSON, but no answer of Telegram's
            return PerhapsSent("an answer that names no message")

    def _message(self, post: Post) -> Message:
        match post:
            case Alert():
                return alert_message(post)
            case Digest():
                return digest_message(post, self._digest_words(post))
            case Notice(key, language):
                about, words = post.about, Words(self._catalogue, language)
                return notice_message(bulletin_text(words, post, about) if about else words.plain(key))
            case _:
                assert_never(post)

    def _buttons(self, post: Post) -> dict[str, Any] | None:
        if not isinstance(post, Notice) or post.about is None:
            return None
        rows = bulletin_buttons(Words(self._catalogue, post.language), post, post.about)
        return InlineKeyboardMarkup(rows).to_dict() if rows else None

    def _digest_words(self, digest: Digest) -> DigestWords:
        plural, language = self._catalogue.plural, digest.language
        missed = plural("digest.missed", digest.missed, language) if digest.missed else None
        return DigestWords(plural("digest.heading", len(digest.headlines), language), missed)


def _forms(message: Message) -> Iterator[_Form]:
    """The plainer, the later: Telegram may dislike the card's address, our markup, or the sum of the links."""
    yield (full := _Form(message.html, True, message.preview))
    if message.preview is not None:
        yield dataclasses.replace(full, preview=None)
    yield _Form(cut(message.plain, _LONGEST_TEXT), False, None)


def preview_options(url: str | None) -> dict[str, str | bool]:
    """A large card above the text, the cheapest picture: no upload, no caption limit. None without an address.

    Returns:
        The Bot API's LinkPreviewOptions.
    """
    if url is None:
        return {"is_disabled": True}
    return {"url": url, "prefer_large_media": True, "show_above_text": True}


def answer(error: TelegramError) -> SendResult:
    """Read an error of PTB as what it means for the message.

    Source: the 56 texts of the Bot API server and TDLib with their actions; PTB 22.8's error classes.
    """
    match error:
        case RetryAfter():
            return TooFast(_seconds(error) + _GRACE)
        case ChatMigrated():
            return ChatMoved(error.new_chat_id)
        case InvalidToken() | EndPointNotFound():  # Telegram's 404 means either
            return Unauthorized(error.message)
        case Forbidden():
            return ChatGone(error.message)
        case BadRequest():
            return _bad_request(error.message)
        case Conflict():  # about getUpdates and webhooks; whatever says so here has sent nothing
            return NotSent(error.message)
        case NetworkError():
            return _network_error(error)
        case _:  # a class or an HTTP status that PTB does not know
            return PerhapsSent(error.message)


def _bad_request(text: str) -> SendResult:
    lower = text.lower()
    if any(known in lower for known in _TOPIC_TEXTS):
        return TopicGone(text)
    if any(known in lower for known in _CHAT_TEXTS):
        return ChatGone(text)
    if _MOVED_TEXT in lower:
        return NotSent(text)
    return Refused(text)


def _network_error(error: NetworkError) -> SendResult:
    """No answer, or an HTTP status that PTB has no class for."""
    lower = error.message.lower()
    if isinstance(error.__cause__, NeverLeft):
        return NotSent(error.message)
    if lower.startswith("too many requests"):  # a 429 without its wait: not Telegram's own
        return TooFast(_GRACE)
    if lower.startswith("request entity too large"):
        return Refused(error.message)
    return PerhapsSent(error.message)


def _named(post: Post) -> str:
    """For the log: enough to find it again."""
    match post:
        case Alert(article):
            return article.key
        case Digest(headlines):
            return f"digest of {len(headlines)}"
        case Notice(key):
            return key
        case _:
            assert_never(post)


def _seconds(error: RetryAfter) -> timedelta:
    """PTB 22 gives seconds or, when asked to, a timedelta."""
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
