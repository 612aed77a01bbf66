"""/pause: no alerts for now; they wait."""

from __future__ import annotations

from bot.telegram.command import Command, always
from bot.telegram.talk import Talk


async def pause(talk: Talk, _argument: str) -> None:
    """Hold everything back in the whole chat."""
    if talk.chat.paused:
        await talk.say("pause.already")
        return
    await talk.subscriptions.pause(talk.chat)
    await talk.say("pause.done")


COMMAND = Command("pause", pause, always)
