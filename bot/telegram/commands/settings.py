"""/settings: how alerts come, in the whole chat or of one feed."""

from __future__ import annotations

import dataclasses

from telegram import InlineKeyboardButton

from bot.model import Pictures, Subscription
from bot.telegram.command import NUMBER, Act, Command, always
from bot.telegram.talk import Buttons, Talk, button
from bot.telegram.words import Html, cut

# As typed, and behind buttons; the last one only for a feed of its own.
_AS_IN_CHAT = "chat"
_CHOICES = {pictures.value: pictures for pictures in Pictures}
_SAID = {
    Pictures.CARD: "pictures.card",
    Pictures.PHOTO: "pictures.photo",
    Pictures.ALBUM: "pictures.album",
    Pictures.NONE: "pictures.none",
}
_LABELS = {
    "card": "button.pictures_card",
    "photo": "button.pictures_photo",
    "album": "button.pictures_album",
    "none": "button.pictures_none",
    _AS_IN_CHAT: "button.pictures_chat",
}
_WHOLE_CHAT = "0"


def _sets(argument: str) -> bool:
    """The last word says what to change to; without one, it only shows."""
    return argument.lower().rpartition(" ")[2] in {*_CHOICES, _AS_IN_CHAT}


async def settings(talk: Talk, argument: str) -> None:
    """Show how alerts come, or change it."""
    name, choice = _read(argument)
    if not name:
        await _chat(talk, choice)
        return
    subscription = await talk.subscriptions.named(talk.chat.id, name)
    if subscription is None:
        await talk.say("settings.which", name=cut(name, 60))
        return
    if choice is not None:
        subscription = await talk.subscriptions.show(subscription, _CHOICES.get(choice))
    await talk.show(*_of_feed(talk, subscription))


def _read(argument: str) -> tuple[str, str | None]:
    """Which feed, "" for the whole chat; and what is wished, None if nothing."""
    if not _sets(argument):
        return argument, None
    name, _, choice = argument.rpartition(" ")
    return name.strip(), choice.lower()


async def _chat(talk: Talk, choice: str | None) -> None:
    if choice == _AS_IN_CHAT:
        await talk.say("settings.which", name=choice)
        return
    if choice is not None:
        await _change_chat(talk, _CHOICES[choice])
    await talk.show(*_of_chat(talk))


async def _change_chat(talk: Talk, pictures: Pictures) -> None:
    talk.chat = dataclasses.replace(talk.chat, pictures=pictures)
    await talk.subscriptions.change(talk.chat)


def _of_chat(talk: Talk) -> tuple[Html, Buttons]:
    chosen = talk.chat.pictures
    said = talk.words.html("settings.chat", now=talk.words.plain(_SAID[chosen]))
    rows = [_row(talk, _WHOLE_CHAT, one, chosen) for one in _CHOICES]
    return said, rows


def _of_feed(talk: Talk, subscription: Subscription) -> tuple[Html, Buttons]:
    chosen = subscription.pictures
    shown = talk.words.plain(_SAID[chosen or talk.chat.pictures])
    said = talk.words.html("settings.feed", title=talk.words.linked(subscription), now=shown)
    rows = [_row(talk, str(subscription.id), one, chosen) for one in (*_CHOICES, _AS_IN_CHAT)]
    return said, rows


def _row(talk: Talk, whose: str, choice: str, chosen: Pictures | None) -> list[InlineKeyboardButton]:
    mark = "✓ " if _CHOICES.get(choice) is chosen else ""
    return [button(mark + talk.words.plain(_LABELS[choice]), "pictures", whose, choice)]


async def choose(talk: Talk, argument: str) -> None:
    """Take the pressed one."""
    whose, _, choice = argument.partition(":")
    if whose == _WHOLE_CHAT and choice in _CHOICES:
        await _change_chat(talk, _CHOICES[choice])
        await talk.edit(*_of_chat(talk))
        return
    subscription = await talk.subscriptions.one(talk.chat.id, int(whose))
    if subscription is None:
        await talk.notice("press.gone")
        return
    subscription = await talk.subscriptions.show(subscription, _CHOICES.get(choice))
    await talk.edit(*_of_feed(talk, subscription))


_CHOICE = "|".join((*_CHOICES, _AS_IN_CHAT))
COMMAND = Command(
    "settings", settings, _sets, presses=(Act("pictures", choose, always, takes=f"{NUMBER}:(?:{_CHOICE})"),)
)
