"""/more: what a burst of articles left behind."""

from __future__ import annotations

from bot.telegram.command import Act, Command, always
from bot.telegram.talk import Talk


async def more(talk: Talk, _argument: str) -> None:
    """Let all of it come, of every feed of the chat."""
    count = await talk.subscriptions.more(talk.chat, None)
    await talk.show(talk.words.count("more.coming", count) if count else talk.words.html("more.none"))


async def offered(talk: Talk, argument: str) -> None:
    """Let come what stands behind the message whose button was pressed."""
    count = await talk.subscriptions.more(talk.chat, int(argument))
    await talk.notice("press.coming" if count else "press.came")
    await talk.bare()


COMMAND = Command("more", more, always, presses=(Act("more", offered, always),))
