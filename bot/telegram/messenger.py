"""Sends posts through python-telegram-bot and reads Telegram's answers as values.

What each answer means: `SendResult`. PTB changes the letter case of error texts, so they are compared in lower
case; BadRequest is a NetworkError there, so the order of the cases matters.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any, assert_never

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, InputMediaPhoto
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
    Letter,
    Look,
    Notice,
    NotSent,
    PerhapsSent,
    Picture,
    Post,
    Refused,
    Rest,
    SendResult,
    Sent,
    TooFast,
    TopicGone,
    Unauthorized,
)
from bot.ports import PictureSource
from bot.telegram.bulletins import bulletin_buttons, bulletin_text, lapse_text
from bot.telegram.calls import Calls
from bot.telegram.cuts import cut
from bot.telegram.page import page_message
from bot.telegram.render import (
    DigestWords,
    Message,
    alert_message,
    digest_message,
    notice_message,
)
from bot.telegram.request import NeverLeft
from bot.telegram.words import Words

# A second of grace: the server's seconds are rounded down.
_GRACE = timedelta(seconds=1)

_HTML = ParseMode.HTML.value
_LONGEST_TEXT = 4096
_MOST_BUTTONS, _LONGEST_LABEL = 10, 40

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
# A chat may take words and no photos.
_PHOTOS_TEXTS = ("not enough rights to send photos", "not enough rights to send media")
_MARKUP_TEXTS = ("can't parse entities", "can't parse caption entities", "entities_too_long")
# Without the new id we can only wait: the group's own message about its move brings it.
_MOVED_TEXT = "upgraded to a supergroup"


class TelegramMessenger:
    """The Messenger port on a `telegram.Bot`.

    Args:
        pictures: where those come from that we upload.
    """

    def __init__(self, bot: Bot, catalogue: Catalogue, pictures: PictureSource) -> None:
        self._calls = Calls(bot)
        self._catalogue = catalogue
        self._pictures = pictures
        # The readers of one feed get the same message, one after the other.
        self._message = lru_cache(maxsize=32)(alert_message)

    async def send(self, chat: Chat, thread_id: int | None, post: Post) -> SendResult:
        """Send one post, once."""
        try:
            result = await self._send(chat.id, thread_id, post)
        except TelegramError as error:
            result = answer(error)
        if isinstance(result, TopicGone) and thread_id is None:
            return ChatGone(result.reason)  # General is closed: the group has no other place for us
        return result

    async def _send(self, chat_id: int, thread_id: int | None, post: Post) -> SendResult:
        place: dict[str, Any] = {"chat_id": chat_id, "message_thread_id": thread_id}
        if not isinstance(post, Notice | Letter) and post.silent:
            place["disable_notification"] = True
        match post:
            case Alert(page=int()):
                return await self._send_page(place | self._buttons(post), post)
            case Alert(look=Look.ADDRESSES | Look.UPLOADS):
                return await self._send_photos(place | self._buttons(post), post)
            case Alert():
                return await self._send_text(place | self._buttons(post), self._message(post), post.look)
            case Digest():
                message = digest_message(post, self._digest_words(post))
                return await self._send_text(place | self._buttons(post), message, post.look)
            case Notice():
                return await self._send_text(place | self._buttons(post), self._notice(post), Look.TEXT)
            case Letter(text, entities):
                return await self._call("sendMessage", {**place, "text": text, "entities": list(entities)})
            case _:
                assert_never(post)

    async def _send_text(self, place: Mapping[str, Any], message: Message, look: Look) -> SendResult:
        plain = look is Look.PLAIN
        return await self._call(
            "sendMessage",
            {
                **place,
                "text": cut(message.plain, _LONGEST_TEXT) if plain else message.html,
                "parse_mode": None if plain else _HTML,
                "link_preview_options": preview_options(message.preview),
            },
        )

    async def _send_page(self, place: Mapping[str, Any], alert: Alert) -> SendResult:
        """Send one message of a full text."""
        message, more = page_message(alert)
        if message is None:  # it has become shorter: what is to be read of it is out
            return Sent(())
        result = await self._send_text(place, message, alert.look)
        return Sent(result.message_ids, more) if isinstance(result, Sent) else result

    async def _send_photos(self, place: Mapping[str, Any], alert: Alert) -> SendResult:
        photos = alert.pictures if alert.look is Look.ADDRESSES else await self._fetched(alert.pictures)
        if not photos:
            return Refused("no picture of it could be fetched")
        caption, html = self._message(alert).html, _HTML
        if len(photos) == 1:
            photo = {"photo": photos[0], "caption": caption, "parse_mode": html}
            return await self._call("sendPhoto", {**place, **photo})
        first, *others = photos
        album = [InputMediaPhoto(first, caption, html), *map(InputMediaPhoto, others)]
        return await self._call("sendMediaGroup", {**place, "media": album})

    async def _fetched(self, urls: Sequence[str]) -> tuple[InputFile, ...]:
        """Those of the pictures that can be had."""
        found = await asyncio.gather(*map(self._pictures.picture, urls))
        return tuple(_upload(picture) for picture in found if picture is not None)

    async def _call(self, method: str, arguments: dict[str, Any]) -> Sent | PerhapsSent:
        try:
            sent = await self._calls.post(method, arguments)
            messages = sent if isinstance(sent, list) else [sent]
            return Sent(tuple(int(one["message_id"]) for one in messages))
        except (KeyError, TypeError, ValueError):  # PTB's own, or ours: JSON, but no answer of Telegram's
            return PerhapsSent("an answer that names no message")

    def _notice(self, notice: Notice) -> Message:
        words = Words(self._catalogue, notice.language)
        if notice.about:
            return notice_message(bulletin_text(words, notice, notice.about))
        if notice.follow:
            return notice_message(lapse_text(words, notice.key, notice.follow))
        return notice_message(words.plain(notice.key, **notice.values))

    def _buttons(self, post: Post) -> dict[str, Any]:
        """What hangs below it, as an argument; nothing if there is none."""
        if isinstance(post, Letter):
            rows = []
        elif not isinstance(post, Notice):
            rows = [[self._offer(rest, post.language)] for rest in post.rests[:_MOST_BUTTONS]]
        elif post.about is None:
            rows = []
        else:
            rows = bulletin_buttons(Words(self._catalogue, post.language), post, post.about)
        return {"reply_markup": InlineKeyboardMarkup(rows).to_dict()} if rows else {}

    def _offer(self, rest: Rest, language: str) -> InlineKeyboardButton:
        title = cut(rest.feed_title, _LONGEST_LABEL)
        label = self._catalogue.plural("button.more", rest.count, language, feed=title)
        return InlineKeyboardButton(label, callback_data=f"more:{rest.row_id}")

    def _digest_words(self, digest: Digest) -> DigestWords:
        plural, language = self._catalogue.plural, digest.language
        missed = plural("digest.missed", digest.missed, language) if digest.missed else None
        return DigestWords(plural("digest.heading", len(digest.headlines), language), missed)


def _upload(picture: Picture) -> InputFile:
    return InputFile(picture.content, picture.filename, attach=True)


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
    if any(known in lower for known in _PHOTOS_TEXTS):
        return Refused(text)
    if any(known in lower for known in _CHAT_TEXTS):
        return ChatGone(text)
    if _MOVED_TEXT in lower:
        return NotSent(text)
    return Refused(text, markup=any(known in lower for known in _MARKUP_TEXTS))


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


def _seconds(error: RetryAfter) -> timedelta:
    """PTB 22 gives seconds or, when asked to, a timedelta."""
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
