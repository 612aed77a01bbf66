"""Questions that the bot puts, as they are read back from its own messages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from telegram import Message

# A question carries what it asks for in the address behind its first sign, so that an answer is understood after
# a restart and by any process. The address is Telegram's own page of the bot, harmless if somebody taps it.
_MARK = re.compile(
    r"^https://t\.me/\w+\?start=ask-(?P<verb>[a-z]+)(?:-(?P<argument>\d+))?(?:_(?P<channel>\d+))?$"
)


@dataclass(frozen=True, slots=True)
class Question:
    """What we asked, as read back from our own message."""

    verb: str
    argument: str
    channel: str
    """The id of the channel it was about; "" if about the chat it was asked in."""


def question_of(message: Message, bot_id: int) -> Question | None:
    """What the message answers; None if it is no answer to a question of ours."""
    asked = message.reply_to_message
    if asked is None or asked.from_user is None or asked.from_user.id != bot_id:
        return None
    for entity in asked.entities:
        mark = _MARK.match(entity.url or "")
        if mark:
            channel = f"-{mark['channel']}" if mark["channel"] else ""
            return Question(mark["verb"], mark["argument"] or "", channel)
    return None
