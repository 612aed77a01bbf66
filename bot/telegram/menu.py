"""The command menu that Telegram shows: per scope and language, set only where it differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import BadRequest, TelegramError

from bot.i18n import DEFAULT_LANGUAGE, Catalogue
from bot.telegram.command import Command


def menu(
    commands: tuple[Command, ...], catalogue: Catalogue, owners: Iterable[int] = ()
) -> Iterator[tuple[BotCommandScope, str | None, list[BotCommand]]]:
    """Every menu there is: for whom, in which language (None: for everybody without their own), and its lines."""
    # In groups most people can only read; administrators see all, but for what only the bot's owners have.
    public = tuple(command for command in commands if not command.for_owners)
    together = tuple(command for command in public if not command.for_private)
    reading = tuple(command for command in together if not command.changes(""))
    scopes: list[tuple[BotCommandScope, tuple[Command, ...]]] = [
        (BotCommandScopeDefault(), public),
        (BotCommandScopeAllGroupChats(), reading),
        (BotCommandScopeAllChatAdministrators(), together),
        *((BotCommandScopeChat(owner), commands) for owner in sorted(owners)),
    ]
    for scope, shown in scopes:
        for code, language in _codes(catalogue):
            lines = [
                BotCommand(command.name, catalogue.text(f"menu.{command.name}", language))
                for command in shown
            ]
            yield scope, code, lines


def _codes(catalogue: Catalogue) -> Iterator[tuple[str | None, str]]:
    """What Telegram calls each language that can have a menu.

    It knows two-letter codes only, so that all who read Chinese have one menu, and it is the one of "zh".
    Source: Bot API, setMyCommands, `language_code`.
    """
    for language in catalogue.languages():
        code = language[:2]
        if catalogue.match_language(code) == language:
            yield None if language == DEFAULT_LANGUAGE else code, language


async def set_menu(
    bot: Bot, commands: tuple[Command, ...], catalogue: Catalogue, owners: Iterable[int] = ()
) -> None:
    """Bring Telegram's menus up to date. A menu is not worth a failed start: what fails is logged."""
    for scope, code, lines in menu(commands, catalogue, owners):
        try:
            if list(await bot.get_my_commands(scope, code)) != lines:
                await bot.set_my_commands(lines, scope, code)
        except BadRequest as error:  # an owner who has not talked with the bot yet
            structlog.get_logger().info("telegram.menu_not_set", scope=scope.type, reason=error.message)
        except TelegramError as error:
            structlog.get_logger().warning("telegram.menu_not_set", scope=scope.type, reason=error.message)
            return
