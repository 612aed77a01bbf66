"""/topics: in a group with topics, a topic of its own for each feed or each folder."""

from __future__ import annotations

import dataclasses
from types import MappingProxyType

from bot.model import TopicPer
from bot.telegram.command import Act, Command
from bot.telegram.commands.filter import OFF
from bot.telegram.forums import give_topics, no_topics
from bot.telegram.talk import Buttons, Talk, button

_SAID = MappingProxyType(
    {None: "topics.none", TopicPer.FEED: "topics.per_feed", TopicPer.FOLDER: "topics.per_folder"}
)
_LABELS = MappingProxyType(
    {"feed": "button.topics_feed", "folder": "button.topics_folder", "off": "button.topics_off"}
)


def _sets(argument: str) -> bool:
    """A word sets it; nothing only shows."""
    return bool(argument)


async def topics(talk: Talk, argument: str) -> None:
    """Show how it is, or have it as said."""
    word = argument.casefold()
    if word in OFF:
        await _set(talk, None)
    elif word in set(TopicPer):
        await _set(talk, TopicPer(word))
    else:
        await talk.say(_SAID[talk.chat.topic_per], _choices(talk))


def _choices(talk: Talk) -> Buttons:
    return [[button(talk.words.plain(label), "topics", word)] for word, label in _LABELS.items()]


async def _set(talk: Talk, per: TopicPer | None) -> None:
    """Have it so, and give topics to what stands outside them."""
    key = await no_topics(talk.desk.bot, talk.chat) if per else ""
    if key:
        await talk.say(key)
        return
    talk.chat = dataclasses.replace(talk.chat, topic_per=per)
    await talk.subscriptions.change(talk.chat)
    if per is None:
        await talk.say("topics.off")
        return
    await give_topics(talk, await talk.subscriptions.of(talk.chat.id))
    await talk.say(_SAID[per])


COMMAND = Command("topics", topics, _sets, presses=(Act("topics", topics, _sets, takes="feed|folder|off"),))
