"""An update → the command, button or answer it means; who may do it is checked here, for all of them.

What the bot stays silent at: in groups everything that is not addressed to it, everywhere edited messages.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass

import structlog
import telegram
from telegram import CallbackQuery, ChatMember, Message, Update, User
from telegram.error import Forbidden, NetworkError, TelegramError
from telegram.ext import ContextTypes

from bot.errors import FeedbellError
from bot.model import Chat, ChatKind
from bot.telegram import inline
from bot.telegram.aiming import aim, aim_at_managed, offer_to_manage
from bot.telegram.channels import named_channel
from bot.telegram.command import Act, Command, Run
from bot.telegram.commands.nearest import command_named, unknown
from bot.telegram.desk import Desk
from bot.telegram.questions import Question, question_of
from bot.telegram.smalltalk import smalltalk
from bot.telegram.talk import Talk
from bot.telegram.words import Words

_COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,64})(?:@(?P<bot>\w+))?(?:\s+(?P<argument>.*))?", re.DOTALL)
_ID = re.compile(r"-\d{1,15}")
_HERE = frozenset({ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER})


@dataclass(frozen=True, slots=True)
class Typed:
    """A message that begins with a command."""

    name: str
    """In lower case."""
    addressed: bool
    """It names our bot, as `/list@our_bot`."""
    argument: str


def typed_command(text: str, our_name: str) -> Typed | None:
    """The command at the start of a text; None if there is none, or it is for another bot."""
    found = _COMMAND.fullmatch(text.strip())
    if found is None or (found["bot"] and found["bot"].lower() != our_name.lower()):
        return None
    return Typed(found["name"].lower(), found["bot"] is not None, (found["argument"] or "").strip())


class Dispatch:
    """Where every update comes in."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._presses = {act.verb: act for command in desk.commands for act in command.presses}
        self._answers = {act.verb: act for command in desk.commands for act in command.answers}
        self._for_owners = {
            act for one in desk.commands if one.for_owners for act in (*one.presses, *one.answers)
        }

    async def message(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Somebody wrote something."""
        message = update.message
        # What a linked channel posts appears in its group by itself: nobody there said it.
        if message is None or message.is_automatic_forward:
            return
        if message.migrate_to_chat_id is not None:
            await self._desk.services.subscriptions.move(message.chat.id, message.migrate_to_chat_id)
            return
        if message.from_user is not None:
            await self._said(message, message.from_user)

    async def _said(self, message: Message, user: User) -> None:
        # A file brings its words as a caption. Below a picture they are not meant for us.
        text = message.text or (message.caption if message.document else None) or ""
        typed = typed_command(text, self._desk.bot.username)
        private = message.chat.type == telegram.Chat.PRIVATE
        command = command_named(typed.name, self._desk.commands) if typed else None
        if command and command.for_owners and not (private and user.id in self._desk.access.owners):
            command = None
        question = None if typed else question_of(message, self._desk.bot.id)
        if not (private or command or question or (typed and typed.addressed)):
            return
        talk = await self._talk(message, user, None)
        if talk is None:
            await self._turn_away(message, user)
        elif typed and command:
            await self._command(talk, command, typed.argument)
        elif typed:
            await talk.show(unknown(talk, typed.name))
        elif question:
            await self._answer(talk, question, text)
        elif not await offer_to_manage(talk, message) and await aim_at_managed(talk):
            await smalltalk(talk, message)

    async def _command(self, talk: Talk, command: Command, argument: str) -> None:
        channel = ""
        if talk.in_private and command.for_channels:
            channel, argument = named_channel(argument)
        if command.is_secret(argument):
            await talk.take_away()
        if not await self._aim(talk, command, channel):
            return
        if command.refuse and command.changes(argument) and not await talk.may_change():
            await command.refuse(talk, argument)
        else:
            await self._do(talk, command.run, argument, changes=command.changes(argument))

    async def _aim(self, talk: Talk, command: Command, channel: str) -> bool:
        """Turn the talk to the chat that was named, else to the one chosen once; if that cannot be, say why."""
        if channel:
            return await aim(talk, channel)
        # A reply is about what it answers.
        at_home = not command.for_channels or talk.answered_id is not None
        return at_home or await aim_at_managed(talk)

    async def _answer(self, talk: Talk, question: Question, text: str) -> None:
        act = self._permitted(talk, self._answers.get(question.verb))
        said = text.strip() or (talk.document if act and act.takes_file else None)
        if act is None or not re.fullmatch(act.takes, question.argument) or not said:
            await talk.say("talk.what")
            return
        if question.channel and not (talk.in_private and await aim(talk, question.channel)):
            return
        await self._do(talk, act.run, f"{question.argument} {text}".strip(), changes=True)

    async def _do(self, talk: Talk, run: Run, argument: str, *, changes: bool) -> None:
        if changes and not await talk.may_change():
            await talk.say("rights.administrators_only")
        elif changes and (most := await self._too_many(talk)):
            await talk.say("limit.changes", limit=most)
        else:
            await run(talk, argument)

    def _permitted(self, talk: Talk, act: Act | None) -> Act | None:
        """What only those who run the bot have, nobody else has."""
        return act if act not in self._for_owners or talk.with_owner else None

    async def _too_many(self, talk: Talk) -> int | None:
        """Count a change; the limit, if it is one too many in a minute."""
        return await self._desk.services.quotas.change((talk.user_id, talk.chat.id))

    async def press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Somebody pressed a button. Whatever comes of it, the press is answered: else its client shows a clock."""
        query = update.callback_query
        if query is None:
            return
        message = query.message
        if not isinstance(message, Message):  # too old for Telegram to show it to us
            await self._stale(query)
            return
        try:
            talk = await self._talk(message, query.from_user, query)
        except FeedbellError:
            await query.answer()
            raise
        if talk is None:
            await self._stale(query)
            return
        try:
            await self._pressed(talk, query.data or "", forged=query.data not in _buttons(message))
        finally:
            await talk.notice()

    async def _pressed(self, talk: Talk, data: str, *, forged: bool) -> None:
        """Args:
        forged: the message has no such button (any more). A changed client can send any data below any message:
            who may change nothing in a chat could have our alerts there overwritten with lists.
        """
        data, _, channel = data.partition("@")
        verb, _, argument = data.partition(":")
        act = self._permitted(talk, self._presses.get(verb))
        astray = channel and not _ID.fullmatch(channel)
        if act is None or astray or not re.fullmatch(act.takes, argument):
            await talk.notice("press.stale")
        elif channel and not (talk.in_private and await aim(talk, channel)):
            return
        elif (forged or act.changes(argument)) and not await talk.may_change():
            await talk.notice("press.administrators_only")
        elif act.changes(argument) and (most := await self._too_many(talk)):
            await talk.notice("limit.changes", limit=most)
        else:
            await act.run(talk, argument)

    async def _stale(self, query: CallbackQuery) -> None:
        language = self._desk.catalogue.match_language(query.from_user.language_code)
        await query.answer(self._desk.catalogue.text("press.stale", language))

    async def inline(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Somebody types behind our name, in any chat."""
        query = update.inline_query
        if query is None:
            return
        user = query.from_user
        known = await self._desk.services.places.known(user.id)
        language = known.language if known else self._desk.catalogue.match_language(user.language_code)
        words = Words(self._desk.catalogue, language)
        if await self._refusal(user.id, user.id):
            await inline.refuse(query, words)
        else:
            await inline.answer(query, self._desk.services.sharing, words)

    async def membership(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """We were added, removed, blocked or unblocked."""
        change = update.my_chat_member
        if change is None:
            return
        seen = self._chat(change.chat, change.from_user)
        met = await self._desk.services.subscriptions.meet(seen)
        if change.new_chat_member.status == ChatMember.ADMINISTRATOR or met.kind is ChatKind.GROUP:
            await self._desk.services.places.seen_ruling(change.from_user.id, met.id)
        if not _is_here(change.new_chat_member):
            await self._desk.services.subscriptions.change(dataclasses.replace(met, resting=True))
        elif met.kind is ChatKind.GROUP and not _is_here(change.old_chat_member):
            await self._greet(met, change.from_user)

    async def _greet(self, chat: Chat, user: User) -> None:
        if await self._refusal(chat.id, user.id):
            return
        html = Words(self._desk.catalogue, chat.language).html("start.group")
        await self._desk.bot.send_message(chat.id, html, parse_mode="HTML")

    async def failed(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """The edge of every handler: log with ids, answer kindly where an answer can arrive, go on."""
        error = context.error
        chat = update.effective_chat if isinstance(update, Update) else None
        user = update.effective_user if isinstance(update, Update) else None
        log = structlog.get_logger().bind(
            chat=chat.id if chat else None,
            user=user.id if user else None,
            update=update.update_id if isinstance(update, Update) else None,
        )
        if isinstance(error, TelegramError):
            log.warning("telegram.answer_refused", error=type(error).__name__, reason=error.message)
            if isinstance(error, Forbidden) and chat and user:
                met = await self._desk.services.subscriptions.meet(self._chat(chat, user))
                await self._desk.services.subscriptions.change(dataclasses.replace(met, resting=True))
            return
        log.error("telegram.handler_failed", exc_info=error)
        if chat and user:
            await self._apologise(chat.id, user, error)

    async def _apologise(self, chat_id: int, user: User, error: BaseException | None) -> None:
        key = error.key if isinstance(error, FeedbellError) else "error.internal"
        language = self._desk.catalogue.match_language(user.language_code)
        try:
            await self._desk.bot.send_message(chat_id, self._desk.catalogue.text(key, language))
        except (Forbidden, NetworkError) as unsent:
            structlog.get_logger().warning("telegram.answer_refused", chat=chat_id, reason=unsent.message)

    async def _talk(self, message: Message, user: User, query: CallbackQuery | None) -> Talk | None:
        """None if this person is not served here."""
        if await self._refusal(message.chat.id, user.id, message.sender_chat if query is None else None):
            return None
        chat = await self._desk.services.subscriptions.meet(self._chat(message.chat, user))
        return Talk(self._desk, chat, user, message, query)

    async def _refusal(
        self, chat_id: int, user_id: int, speaks_as: telegram.Chat | None = None
    ) -> str | None:
        """Why this person is not served here, as a key of the catalogue; None: is served."""
        beside = () if speaks_as is None else (speaks_as.id,)
        guests = (await self._desk.services.guests.of(user_id, chat_id, *beside)).values()
        if self._desk.access.may_use(user_id, guests):
            return None
        if any(guest.admitted is False for guest in guests):
            return "access.denied"
        return "access.closed" if chat_id == user_id else "access.closed_group"

    async def _turn_away(self, message: Message, user: User) -> None:
        key = await self._refusal(message.chat.id, user.id, message.sender_chat)
        language = self._desk.catalogue.match_language(user.language_code)
        html = Words(self._desk.catalogue, language).html(key or "access.denied", id=message.chat.id)
        await self._desk.bot.send_message(message.chat.id, html, parse_mode="HTML")

    def _chat(self, chat: telegram.Chat, user: User) -> Chat:
        kinds = {telegram.Chat.PRIVATE: ChatKind.PRIVATE, telegram.Chat.CHANNEL: ChatKind.CHANNEL}
        return Chat(
            chat.id,
            kinds.get(chat.type, ChatKind.GROUP),
            chat.title or chat.full_name or "",
            self._desk.catalogue.match_language(user.language_code),
        )


def _buttons(message: Message) -> set[object]:
    """What its buttons carry."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return {one.callback_data for row in rows for one in row}


def _is_here(member: ChatMember) -> bool:
    """A restricted member may be one that left. Source: Bot API, ChatMemberRestricted.is_member."""
    return member.status in _HERE or bool(getattr(member, "is_member", False))
