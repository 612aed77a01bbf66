"""/unsubscribe_all: stop following everything, once that is asked; a backup comes first."""

from __future__ import annotations

import structlog
from telegram.error import TelegramError

from bot.telegram.command import Act, Command, always
from bot.telegram.commands.choosing import YES
from bot.telegram.commands.export import send_backup
from bot.telegram.commands.undo import undo_button
from bot.telegram.talk import Buttons, Talk, button
from bot.telegram.words import Html


async def unsubscribe_all(talk: Talk, argument: str) -> None:
    """Ask whether that is meant; with a yes behind it, do it."""
    if argument.casefold() in YES:
        await _leave(talk)
        return
    count = len(await talk.subscriptions.of(talk.chat.id))
    if count:
        await talk.show(*_question(talk, count))
    else:
        await talk.say("list.empty")


def _question(talk: Talk, count: int) -> tuple[Html, Buttons]:
    yes = button(talk.words.plain("button.unsubscribe_all"), "leaveall", count)
    return talk.words.count("unsubscribe_all.ask", count), [[yes]]


async def press(talk: Talk, argument: str) -> None:
    """Do it, if it is about as many feeds as the question said."""
    count = len(await talk.subscriptions.of(talk.chat.id))
    if not count:
        await talk.notice("press.stale")
    elif count != int(argument):
        await talk.edit(*_question(talk, count))
    else:
        await talk.notice()
        await talk.bare()
        await _leave(talk)


async def _leave(talk: Talk) -> None:
    followed = await talk.subscriptions.of(talk.chat.id)
    if not followed:
        await talk.say("list.empty")
        return
    try:
        await send_backup(talk, followed)
    except TelegramError as error:
        structlog.get_logger().warning("telegram.no_backup", chat=talk.chat.id, reason=error.message)
        await talk.say("unsubscribe_all.no_backup")
        return
    change_id = await talk.subscriptions.unsubscribe(*followed)
    await talk.show(talk.words.count("unsubscribe_all.done", len(followed)), undo_button(talk, change_id))


COMMAND = Command("unsubscribe_all", unsubscribe_all, always, presses=(Act("leaveall", press, always),))
