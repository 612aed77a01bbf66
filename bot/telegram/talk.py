"""One update from a chat: who speaks where, and how to answer there.

Handlers know this and the services; they never see an update. Every text they send passes through here.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Sequence

import structlog
from telegram import (
    CallbackQuery,
    Document,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    ReplyParameters,
    User,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, RetryAfter, TelegramError

from bot.model import Chat, ChatKind, Letter
from bot.services.subscriptions import Subscriptions
from bot.telegram.access import changes_without_asking, rules
from bot.telegram.channels import Channel, channel_of
from bot.telegram.command import Command
from bot.telegram.desk import Desk
from bot.telegram.letters import letter_of, sender_of
from bot.telegram.words import Html, Words, escape

Buttons = Sequence[Sequence[InlineKeyboardButton]]

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

# A person waits this long for an answer at most; then it is better not to answer any more.
_LONGEST_WAIT = 30.0

# Telegram rounds the time to wait down.
_GRACE_SECONDS = 1.0

# Telegram shows at most this much of a notice. Source: Bot API, answerCallbackQuery.
_LONGEST_NOTICE = 200


class Talk:
    """A person speaks in a chat; we answer there."""

    def __init__(
        self, desk: Desk, chat: Chat, user: User, message: Message, query: CallbackQuery | None
    ) -> None:
        """Args:
        message: the person's own, or ours that carries the pressed button.
        query: the press; None for a message.
        """
        self.desk = desk
        self.home = chat
        self.chat = chat
        self.words = Words(desk.catalogue, chat.language)
        self._user = user
        self._message = message
        self._query = query
        self._answered = False
        self.still_there = False
        """The person's message holds a secret and could not be deleted."""

    def about(self, channel: Chat) -> None:
        """Speak here about that channel from now on; its rights are looked at already."""
        self.chat = channel

    @property
    def user_id(self) -> int:
        """Who speaks; of administrators who hide their names, Telegram's own account for them."""
        return self._user.id

    @property
    def about_channel(self) -> bool:
        """Whether this is about another chat than the one we speak in."""
        return self.chat.id != self.home.id

    @property
    def home_thread_id(self) -> int | None:
        """The forum topic we speak in; None outside topics and in General (which takes no id)."""
        return self._message.message_thread_id if self._message.is_topic_message else None

    @property
    def thread_id(self) -> int | None:
        """The forum topic that we speak about."""
        return None if self.about_channel else self.home_thread_id

    @property
    def subscriptions(self) -> Subscriptions:
        """The service behind the commands."""
        return self.desk.services.subscriptions

    @property
    def in_private(self) -> bool:
        """Between the bot and one person."""
        return self.home.kind is ChatKind.PRIVATE

    @property
    def with_owner(self) -> bool:
        """Alone with somebody who runs this bot."""
        return self.in_private and self._user.id in self.desk.access.owners

    @property
    def commands(self) -> tuple[Command, ...]:
        """Those that this person has here."""
        return tuple(one for one in self.desk.commands if self.with_owner or not one.for_owners)

    def in_language(self, language: str) -> None:
        """Answer in this language from now on."""
        self.chat = dataclasses.replace(self.chat, language=language)
        if not self.about_channel:
            self.words = Words(self.desk.catalogue, language)

    async def may_change(self) -> bool:
        """Whether this person may change what the chat follows; asked anew each time, since people are demoted."""
        sender = self._message.sender_chat if self._query is None else None
        speaks_as = sender.id if sender else None
        if changes_without_asking(self.home.kind, self._user.id, speaks_as, self.home.id):
            return True
        if speaks_as is not None:
            return False
        if self.home.kind is ChatKind.CHANNEL:  # all its readers can press what we post there
            found = await channel_of(self.desk.bot, self._user.id, str(self.home.id))
            return isinstance(found, Channel)
        try:
            member = await self.desk.bot.get_chat_member(self.home.id, self._user.id)
        except BadRequest:  # Telegram does not show this member to us
            return False
        return rules(member.status)

    async def say(self, key: str, buttons: Buttons = (), /, **values: object) -> None:
        """Answer with a text of the catalogue."""
        await self.show(self.words.html(key, **values), buttons)

    async def show(self, html: Html, buttons: Buttons = (), *, hang: bool = False) -> int:
        """Answer with this.

        Args:
            hang: as a reply to the message it answers, also in private: a button finds it again there.

        Returns:
            The id of our message, for `rewrite`.
        """
        return await self._send(self._headed(html), self._keyboard(buttons), hang=hang)

    async def ask(self, html: Html, verb: str, argument: int | None = None) -> None:
        """Put a question; what is replied to it goes to the answer of that verb."""
        mark = f"https://t.me/{self.desk.bot.username}?start=ask-{verb}"
        if argument is not None:
            mark += f"-{argument}"
        if self.about_channel:
            mark += f"_{-self.chat.id}"
        to_whom = ""
        if self._query and not self.in_private:  # `selective` asks who is named, and nobody else
            to_whom = f'<a href="tg://user?id={self._user.id}">{escape(self._user.first_name)}</a> '
        question = self.words.lines(f'<a href="{mark}">✏️</a> {to_whom}{html}')
        await self._send(question, ForceReply(selective=True))

    @property
    def pressed_id(self) -> int | None:
        """Our message whose button was pressed; None if something was written."""
        return self._message.message_id if self._query else None

    @property
    def answered_id(self) -> int | None:
        """The message that the person's own answers; None if it answers none, or a button was pressed. What is written
        in a forum topic without answering anything answers the topic's beginning, for Telegram."""
        replied = None if self._query else self._message.reply_to_message
        return replied.message_id if replied and replied.forum_topic_created is None else None

    @property
    def written(self) -> tuple[str, Sequence[MessageEntity]]:
        """The person's words and their formatting: of the message that came, or that ours, whose button was pressed,
        hangs on; "" if there is none."""
        message = self._message.reply_to_message if self._query else self._message
        return (message.text or "", message.entities) if message else ("", ())

    @property
    def document(self) -> Document | None:
        """The file that came with the message, or that it (or ours, whose button was pressed) answers."""
        replied = self._message.reply_to_message
        return self._message.document or (replied.document if replied else None)

    @property
    def brings_file(self) -> bool:
        """Whether the file came with the message itself: a button below our reply finds it again then."""
        return self._query is None and self._message.document is not None

    @property
    def pointed_at(self) -> int | None:
        """Whom the answered message is of: of whom it was forwarded, or whose contact it is; None if neither."""
        return sender_of(self._message.reply_to_message)

    def letter(self, text: str) -> Letter | None:
        """The end of what the person wrote, as it is formatted; without any, what it answers. None if that is no
        text."""
        return letter_of(self._message, text)

    async def download(self, document: Document) -> bytes | None:
        """Its bytes; None if Telegram has them no longer, or the line broke."""
        try:
            file = await self.desk.bot.get_file(document.file_id)
            return bytes(await file.download_as_bytearray())
        except TelegramError as error:
            structlog.get_logger().info("telegram.no_file", chat=self.home.id, error=type(error).__name__)
            return None

    async def send_file(self, name: str, content: bytes, html: Html, buttons: Buttons = ()) -> None:
        """Answer with a file."""
        await self.desk.bot.send_document(
            self.home.id,
            content,
            caption=self._headed(html),
            parse_mode=ParseMode.HTML,
            filename=name,
            reply_markup=self._keyboard(buttons),
            message_thread_id=self.home_thread_id,
        )

    async def rewrite(self, message_id: int, html: Html) -> bool:
        """Put this in place of a message of ours, and its buttons away. False if it could not be done."""
        try:
            await self.desk.bot.edit_message_text(
                self._headed(html),
                chat_id=self.home.id,
                message_id=message_id,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
            )
        except TelegramError as error:
            structlog.get_logger().info("telegram.edit_refused", chat=self.home.id, reason=error.message)
            return False
        return True

    async def edit(self, html: Html, buttons: Buttons = ()) -> None:
        """Put this in place of our message whose button was pressed."""
        try:
            await self.desk.bot.edit_message_text(
                self._headed(html),
                chat_id=self.home.id,
                message_id=self._message.message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=self._keyboard(buttons),
                link_preview_options=_NO_PREVIEW,
            )
        except BadRequest as error:  # pressed twice, or the message is gone: what it said is said
            structlog.get_logger().info("telegram.edit_refused", chat=self.chat.id, reason=error.message)

    def typed(self, argument: str) -> str:
        """What stands behind a command's name to say this about the chat that we speak about."""
        return f"{self.chat.id} {argument}" if self.about_channel else argument

    async def take_away(self) -> None:
        """Delete the person's message: it holds a secret. Source: Bot API, deleteMessage; in private any message of
        the last 48 hours."""
        try:
            await self.desk.bot.delete_message(self.home.id, self._message.message_id)
        except TelegramError as error:
            self.still_there = True
            structlog.get_logger().info("telegram.delete_refused", chat=self.home.id, reason=error.message)

    async def bare(self) -> None:
        """Take the buttons off our message: they have done what they could."""
        try:
            await self._message.edit_reply_markup(None)
        except BadRequest as error:  # pressed twice
            structlog.get_logger().info("telegram.edit_refused", chat=self.chat.id, reason=error.message)

    async def notice(self, key: str | None = None, /, **values: object) -> None:
        """Answer the press, with a short text over the chat or with none. Only the first answer counts."""
        if self._query is None or self._answered:
            return
        self._answered = True
        text = self.words.plain(key, **values)[:_LONGEST_NOTICE] if key else None
        try:
            await self._query.answer(text)
        except BadRequest as error:  # older than Telegram remembers
            structlog.get_logger().info("telegram.notice_refused", chat=self.chat.id, reason=error.message)

    async def typing(self) -> None:
        """Show that we work on it. Not worth a failure."""
        try:
            await self.desk.bot.send_chat_action(
                self.home.id, ChatAction.TYPING, message_thread_id=self.home_thread_id
            )
        except TelegramError as error:
            structlog.get_logger().info("telegram.typing_refused", chat=self.chat.id, reason=error.message)

    def _headed(self, html: Html) -> Html:
        """Name the channel that this is about: a change in the wrong one is seen by all its readers."""
        mark = "📢" if self.chat.kind is ChatKind.CHANNEL else "👥"
        head = f"{mark} <b>{escape(self.chat.title)}</b>\n" if self.about_channel else ""
        return self.words.lines(f"{head}{html}")

    def _keyboard(self, buttons: Buttons) -> InlineKeyboardMarkup | None:
        if not buttons:
            return None
        if not self.about_channel:
            return InlineKeyboardMarkup(buttons)
        return InlineKeyboardMarkup(
            [
                [InlineKeyboardButton(b.text, callback_data=f"{b.callback_data}@{self.chat.id}") for b in row]
                for row in buttons
            ]
        )

    async def _send(
        self, html: Html, markup: InlineKeyboardMarkup | ForceReply | None, *, hang: bool = False
    ) -> int:
        # In a group an answer hangs on its question; who reads along would not know it otherwise.
        hang = hang or (self._query is None and not self.in_private)
        try:
            return await self._send_once(html, markup, hang)
        except RetryAfter as error:
            wait = error.retry_after
            seconds = wait if isinstance(wait, int) else wait.total_seconds()
            if seconds > _LONGEST_WAIT:
                raise
            await asyncio.sleep(seconds + _GRACE_SECONDS)
            return await self._send_once(html, markup, hang)
        except ChatMigrated as error:
            await self.subscriptions.move(self.home.id, error.new_chat_id)
            self.home = dataclasses.replace(self.home, id=error.new_chat_id)
            return await self._send_once(html, markup, hang)

    async def _send_once(
        self, html: Html, markup: InlineKeyboardMarkup | ForceReply | None, hang: bool
    ) -> int:
        sent = await self.desk.bot.send_message(
            self.home.id,
            html,
            parse_mode=ParseMode.HTML,
            message_thread_id=self.home_thread_id,
            link_preview_options=_NO_PREVIEW,
            reply_markup=markup,
            reply_parameters=ReplyParameters(self._message.message_id, allow_sending_without_reply=True)
            if hang
            else None,
        )
        return sent.message_id


def button(label: str, verb: str, *arguments: int | str) -> InlineKeyboardButton:
    """A button; its data holds ids and numbers only, far below Telegram's 64 bytes."""
    return InlineKeyboardButton(label, callback_data=":".join((verb, *map(str, arguments))))
