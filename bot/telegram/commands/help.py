"""/help: every command in a line, or one of them at length."""

from __future__ import annotations

from bot.telegram.command import Act, Command, never
from bot.telegram.commands.nearest import command_named, unknown
from bot.telegram.talk import Talk
from bot.telegram.words import Html

# Of these, one sentence says whose word counts; `filters.wanted` does as it says.
_RANKED = frozenset({"mute", "follow", "filter"})


async def help_(talk: Talk, argument: str) -> None:
    """Explain one command, or name them all."""
    name = argument.strip().removeprefix("/").lower()
    if not name:
        await talk.show(overview(talk))
        return
    command = command_named(name, talk.commands)
    if command is None:
        await talk.show(unknown(talk, name))
        return
    parts = [talk.words.html(f"help.{command.name}")]
    if command.name in _RANKED:
        parts.append(talk.words.html("help.precedence"))
    others = ", ".join(f"/{alias}" for alias in command.aliases)
    if others:
        parts.append(talk.words.html("help.also", names=Html(others)))
    await talk.show(Html("\n\n".join(parts)))


def overview(talk: Talk) -> Html:
    """Made from the list of commands, so that none can be forgotten."""
    shown = [command for command in talk.commands if talk.in_private or not command.for_private]
    lines = [f"/{command.name} – {talk.words.html(f'menu.{command.name}')}" for command in shown]
    return Html(
        "\n".join([talk.words.html("help.overview"), "", *lines, "", talk.words.html("help.further")])
    )


COMMAND = Command(
    "help", help_, never, for_channels=False, presses=(Act("help", help_, never, takes="[a-z_]*"),)
)
