"""/start: what the bot does, in three lines, and the first step."""

from __future__ import annotations

from bot.telegram.command import Command, never
from bot.telegram.talk import Buttons, Talk, button


async def start(talk: Talk, _payload: str) -> None:
    """Greet. Whatever a deep link carries is not looked at."""
    await talk.say("start.private" if talk.in_private else "start.group", first_steps(talk))


def first_steps(talk: Talk) -> Buttons:
    """Buttons for somebody who is here for the first time."""
    return [
        [button(talk.words.plain("button.how_to_add"), "help", "subscribe")],
        [button(talk.words.plain("button.all_commands"), "help", "")],
    ]


COMMAND = Command("start", start, never, for_channels=False)
