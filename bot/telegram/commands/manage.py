"""/manage: choose once which channel or group the private chat is about, until somebody ends it."""

from __future__ import annotations

import asyncio
import re

from bot.model import Chat, ChatKind
from bot.telegram.aiming import HERE, MANAGE, aim
from bot.telegram.command import Act, Command, never
from bot.telegram.places import Place, hindrance
from bot.telegram.talk import Talk, button
from bot.telegram.words import cut

# Each is asked about twice, all at once; nobody reads more buttons.
_MOST = 12
_LONGEST_TITLE = 50
_CHAT = re.compile(r"@[A-Za-z]\w{3,31}|-\d{4,15}")
_MARKS = {ChatKind.GROUP: "👥", ChatKind.CHANNEL: "📢", ChatKind.PRIVATE: "👤"}


async def manage(talk: Talk, argument: str) -> None:
    """Show what can be chosen, choose the chat that was named, or come back."""
    if not talk.in_private:
        await talk.say("manage.in_private", bot=talk.desk.bot.username)
    elif argument.casefold() == HERE:
        await _back(talk)
    elif not argument:
        await _list(talk)
    elif not _CHAT.fullmatch(argument):
        await talk.say("channel.unknown", name=cut(argument, _LONGEST_TITLE))
    elif await aim(talk, argument):
        await _choose(talk)


async def press(talk: Talk, argument: str) -> None:
    """Choose the pressed chat, or come back."""
    if not talk.in_private:
        await talk.notice("press.stale")
    elif argument == HERE:
        await _back(talk)
    elif await aim(talk, f"-{argument}"):
        await _choose(talk)


async def _choose(talk: Talk) -> None:
    await talk.desk.services.places.manage(talk.home, talk.chat.id)
    await talk.say("manage.done", [[button(talk.words.plain("button.manage_here"), MANAGE, HERE)]])


async def _back(talk: Talk) -> None:
    await talk.desk.services.places.manage(talk.home, None)
    await talk.say("manage.back")


async def _list(talk: Talk) -> None:
    seen = await talk.desk.services.places.ruled_by(talk.user_id, _MOST)
    may = await asyncio.gather(*(_may_manage(talk, chat) for chat in seen))
    rows = [
        [button(f"{_MARKS[chat.kind]} {cut(chat.title, _LONGEST_TITLE)}", MANAGE, -chat.id)]
        for chat, yes in zip(seen, may, strict=True)
        if yes
    ]
    if talk.home.manages is not None:
        rows.append([button(talk.words.plain("button.manage_here"), MANAGE, HERE)])
    await talk.say("manage.choose" if rows else "manage.none", rows)


async def _may_manage(talk: Talk, chat: Chat) -> bool:
    return not await hindrance(talk.desk.bot, talk.user_id, Place(chat.id, chat.kind, chat.title))


COMMAND = Command(
    "manage",
    manage,
    never,
    for_channels=False,
    for_private=True,
    presses=(Act(MANAGE, press, never, takes=rf"\d{{1,15}}|{HERE}"),),
)
