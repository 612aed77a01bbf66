"""/resume: alerts go on, those that waited first."""

from __future__ import annotations

from bot.telegram.command import Command, always
from bot.telegram.talk import Talk


async def resume(talk: Talk, _argument: str) -> None:
    """Let the whole chat have its alerts again, also those held for topics that were closed."""
    await talk.subscriptions.resume(talk.chat)
    # In a group there is something to resume even if nobody paused: its topics.
    await talk.say("resume.done" if talk.chat.paused or not talk.in_private else "resume.already")


COMMAND = Command("resume", resume, always)
