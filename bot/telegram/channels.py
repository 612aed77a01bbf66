"""Channels are managed from the private chat: which one is meant, and whether both sides may post there.

Asked of Telegram at every command, press and answer: administrators come and go, and nobody tells the bot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from telegram import Bot

from bot.model import ChatKind
from bot.telegram.places import hindrance, place_named

_NAMED = re.compile(r"(@[A-Za-z]\w{3,31}|-100\d{5,13})(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that both the person and the bot may post in."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class NotYours:
    """The channel cannot be managed by this person, or not by this bot."""

    key: str
    """Of the sentence that says why; it names the channel as typed, `{name}`."""


def named_channel(argument: str) -> tuple[str, str]:
    """`@channel rest` → the channel as typed, and the rest; "" and everything if none is named."""
    found = _NAMED.fullmatch(argument)
    return (found[1], (found[2] or "").strip()) if found else ("", argument)


async def channel_of(bot: Bot, user_id: int, name: str) -> Channel | NotYours:
    """Find the channel and look at both sides' rights.

    Args:
        name: `@name`, or the id as Telegram writes it (`-100…`).
    """
    place = await place_named(bot, name)
    if place is None or place.kind is not ChatKind.CHANNEL:
        return NotYours("channel.unknown")
    key = await hindrance(bot, user_id, place)
    return NotYours(key) if key else Channel(place.id, place.title)
