"""/resume: alerts go on, those that waited first."""

from __future__ import annotations

import dataclasses

from bot.telegram.command import Command, always
from bot.telegram.talk import Talk


async def resume(talk: Talk, _argument: str) -> None:
    """Let the whole chat have its alerts again."""
    if not talk.chat.paused:
        await talk.say("resume.already")
        return
    await talk.subscriptions.change(dataclasses.replace(talk.chat, paused=False))
    await talk.say("resume.done")


COMMAND = Command("resume", resume, always)
