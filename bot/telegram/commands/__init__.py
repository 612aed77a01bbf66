"""Every command, one line each; help, menu and dispatch are made from this list, in this order."""

from bot.telegram.command import Command
from bot.telegram.commands import (
    filter as filter_command,
)
from bot.telegram.commands import (
    help as help_command,
)
from bot.telegram.commands import (
    lang,
    pause,
    resume,
    start,
    subscribe,
    unsubscribe,
)
from bot.telegram.commands import (
    list as list_command,
)

COMMANDS: tuple[Command, ...] = (
    subscribe.COMMAND,
    list_command.COMMAND,
    filter_command.COMMAND,
    unsubscribe.COMMAND,
    pause.COMMAND,
    resume.COMMAND,
    lang.COMMAND,
    help_command.COMMAND,
    start.COMMAND,
)
