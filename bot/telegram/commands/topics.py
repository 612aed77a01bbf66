"""/topics: in a group with topics, a topic of its own for each feed or each folder."""

from __future__ import annotations

import dataclasses

from bot.model import TopicPer
from bot.telegram.command import Act, Command
from bot.telegram.commands.filter import OFF
from bot.telegram.forums import give_topics, no_topics
from bot.telegram.talk import Buttons, Talk, button

_OFF = "off"


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
        now = talk.chat.topic_per
        await talk.say(f"topics.per_{now}" if now else "topics.none", _choices(talk))


def _choices(talk: Talk) -> Buttons:
    return [[button(talk.words.plain(f"button.topics_{one}"), "topics", one)] for one in (*TopicPer, _OFF)]


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
    await talk.say(f"topics.per_{per}")


COMMAND = Command("topics", topics, _sets, presses=(Act("topics", topics, _sets, takes="feed|folder|off"),))
