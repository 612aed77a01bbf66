"""/export: all that the chat follows, as an OPML file for any other reader."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Subscription
from bot.telegram.command import Command, never
from bot.telegram.talk import Talk
from bot.telegram.words import Html


async def export(talk: Talk, _argument: str) -> None:
    """Send the file."""
    followed = await talk.subscriptions.of(talk.chat.id)
    if followed:
        await send_list(talk, followed)
    else:
        await talk.say("list.empty")


async def send_list(talk: Talk, followed: Sequence[Subscription]) -> None:
    """All that the chat follows, as a file."""
    content = await talk.subscriptions.take_out(talk.chat)
    caption = talk.words.count("export.done", len(followed))
    if any(one.private for one in followed):
        caption = Html(f"{caption}\n{talk.words.html('export.without_logins')}")
    await talk.send_file("feeds.opml", content, caption)


COMMAND = Command("export", export, never)
