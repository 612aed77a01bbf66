"""A name as typed → the command meant."""

from __future__ import annotations

import difflib

from bot.telegram.command import Command
from bot.telegram.talk import Talk
from bot.telegram.words import Html, cut

# Below this likeness (0 to 1, as difflib measures) a suggestion would be a guess.
_ALIKE = 0.6


def command_named(name: str, commands: tuple[Command, ...]) -> Command | None:
    """The command of that name or alias."""
    return next((command for command in commands if name in command.names), None)


def nearest(name: str, commands: tuple[Command, ...]) -> str | None:
    """The name or alias most like it; None if nothing is."""
    names = [known for command in commands for known in command.names]
    return next(iter(difflib.get_close_matches(name[:40], names, 1, _ALIKE)), None)


def unknown(talk: Talk, name: str) -> Html:
    """Say that there is no such command, and what may have been meant."""
    meant = nearest(name, talk.commands)
    if meant is None:
        return talk.words.html("command.unknown", name=cut(name, 40))
    return talk.words.html("command.nearest", name=cut(name, 40), nearest=meant)
