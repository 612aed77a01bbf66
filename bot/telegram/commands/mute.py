"""/mute: what never comes, from no feed of the chat."""

from __future__ import annotations

import dataclasses

from bot import filters
from bot.errors import FilterError
from bot.telegram.command import Command
from bot.telegram.commands.filter import OFF
from bot.telegram.meaning import meaning
from bot.telegram.talk import Talk
from bot.telegram.words import Html, code


def _sets(argument: str) -> bool:
    """`football` changes something; nothing only shows."""
    return bool(argument)


async def mute(talk: Talk, argument: str) -> None:
    """Show what is muted, mute more, or let everything come again."""
    if not argument:
        await _show(talk)
    elif argument.casefold() in OFF:
        await talk.subscriptions.change(dataclasses.replace(talk.chat, mute=""))
        await talk.say("mute.off")
    else:
        await _add(talk, argument)


async def _show(talk: Talk) -> None:
    lines = [_listing(talk, talk.chat.mute)] if talk.chat.mute else [talk.words.html("mute.none")]
    await talk.show(Html("\n\n".join([*lines, talk.words.html("mute.how")])))


async def _add(talk: Talk, argument: str) -> None:
    """What is muted already stays; any of it is enough."""
    try:
        added = filters.parse(argument)
        both = f"({talk.chat.mute}) OR ({argument})" if talk.chat.mute else argument
        text = filters.canonical(filters.parse(both))
    except FilterError as error:
        # Two that can be read alone are too long together.
        typed = argument if error.position < len(argument) else ""
        await talk.show(talk.words.filter_error(error, typed))
        return
    if isinstance(added, filters.Everything):
        await talk.say("mute.everything")
        return
    await talk.subscriptions.change(dataclasses.replace(talk.chat, mute=text))
    await talk.say("mute.done", list=_listing(talk, text))


def _listing(talk: Talk, text: str) -> Html:
    return talk.words.html("mute.shown", filter=code(text), meaning=meaning(talk.words, text, "meaning.mute"))


COMMAND = Command("mute", mute, _sets)
