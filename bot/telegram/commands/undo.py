"""/undo: take back what was changed last."""

from __future__ import annotations

from bot.model import Change, ChangeKind
from bot.telegram.command import Act, Command, always
from bot.telegram.talk import Buttons, Talk, button
from bot.telegram.words import Html, cut, escape

_SAID = {
    ChangeKind.SUBSCRIBED: "undo.subscribed",
    ChangeKind.UNSUBSCRIBED: "undo.unsubscribed",
    ChangeKind.FILTERED: "undo.filtered",
    ChangeKind.SHOWN: "undo.shown",
    ChangeKind.CHAT_SHOWN: "undo.chat_shown",
    ChangeKind.MUTED: "undo.muted",
    ChangeKind.FOLLOWED: "undo.followed",
    ChangeKind.COPIED: "undo.copied",
    ChangeKind.MOVED: "undo.moved",
}
_LONGEST_TITLE = 100


def undo_button(talk: Talk, change_id: int) -> Buttons:
    """What takes that change back, while it is the last."""
    return [[button(talk.words.plain("button.take_back"), "back", change_id)]]


async def undo(talk: Talk, _argument: str) -> None:
    """Take back the last change, whoever made it."""
    change = await talk.desk.services.changes.last(talk.chat.id)
    if change is None or not await talk.desk.services.changes.take_back(change):
        await talk.say("undo.nothing")
    else:
        await talk.show(_said(talk, change))


async def press(talk: Talk, argument: str) -> None:
    """Take back the change whose button was pressed."""
    change = await talk.desk.services.changes.last(talk.chat.id)
    if change is None or change.id < int(argument):
        await talk.notice("press.undone")
    elif change.id > int(argument):
        await talk.notice("press.undo_last_first")
    elif await talk.desk.services.changes.take_back(change):
        await talk.edit(_said(talk, change))
    else:
        await talk.notice("press.undone")


def _said(talk: Talk, change: Change) -> Html:
    """What is again as it was."""
    title = Html(f"<b>{escape(cut(change.what, _LONGEST_TITLE))}</b>")
    if change.count > 1:
        title = talk.words.count("undo.several", change.count - 1, title=title)
    return talk.words.html(_SAID[change.kind], title=title)


COMMAND = Command("undo", undo, always, presses=(Act("back", press, always),))
