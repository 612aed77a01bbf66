"""/export: all that the chat follows, as an OPML file for any other reader; or all that it has, as a backup."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Subscription
from bot.telegram.command import Act, Command, never
from bot.telegram.talk import Talk, button
from bot.telegram.words import Html

_BACKUP = frozenset({"json", "backup"})


async def export(talk: Talk, argument: str) -> None:
    """Send the file: a list for other readers, or all that this chat has for this bot."""
    followed = await talk.subscriptions.of(talk.chat.id)
    is_backup = argument.casefold() in _BACKUP
    if is_backup and (followed or talk.chat.follows or talk.chat.mute):
        await send_backup(talk, followed)
    elif followed and not is_backup:
        await _send_list(talk, followed)
    else:
        await talk.say("list.empty")


async def press(talk: Talk, _argument: str) -> None:
    """Send the backup, too."""
    await export(talk, "json")


async def _send_list(talk: Talk, followed: Sequence[Subscription]) -> None:
    content = await talk.subscriptions.take_out(talk.chat)
    caption = _with_logins(talk, talk.words.count("export.done", len(followed)), followed)
    backup = button(talk.words.plain("button.backup"), "backup")
    await talk.send_file("feeds.opml", content, caption, [[backup]])


async def send_backup(talk: Talk, followed: Sequence[Subscription]) -> None:
    """All that the chat has, as a file that /import brings in again."""
    content = await talk.desk.services.backups.take_out(talk.chat)
    caption = _with_logins(talk, talk.words.count("export.backup", len(followed)), followed)
    await talk.send_file("feedbell.json", content, caption)


def _with_logins(talk: Talk, caption: Html, followed: Sequence[Subscription]) -> Html:
    if any(one.private for one in followed):
        return Html(f"{caption}\n{talk.words.html('export.without_logins')}")
    return caption


COMMAND = Command("export", export, never, presses=(Act("backup", press, never, takes=""),))
