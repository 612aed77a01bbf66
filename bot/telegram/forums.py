"""In a group with topics: a topic of its own for each feed or folder, if its administrators want so."""

from __future__ import annotations

from collections.abc import Iterable

import structlog
from telegram import Bot, ChatMember, ChatMemberAdministrator
from telegram.error import TelegramError

from bot.model import Chat, Subscription, TopicPer
from bot.telegram.talk import Talk
from bot.telegram.words import cut

# Source: Bot API, createForumTopic.
_LONGEST_NAME = 128


async def no_topics(bot: Bot, chat: Chat) -> str:
    """The key of the sentence that says why the bot cannot make topics there; "" if it can."""
    if not (await bot.get_chat(chat.id)).is_forum:
        return "topics.no_forum"
    member = await bot.get_chat_member(chat.id, bot.id)
    may = isinstance(member, ChatMemberAdministrator) and member.can_manage_topics
    return "" if may or member.status == ChatMember.OWNER else "topics.may_not"


async def arrange(talk: Talk, those: Iterable[Subscription]) -> int | None:
    """Give each of these that stands outside topics its own, one after the other.

    Returns:
        How many moved; None if Telegram refused a topic: the rest stays where it is.
    """
    per, moved = talk.chat.topic_per, 0
    if per is None:
        return 0
    folders = {
        one.folder: one.thread_id
        for one in await talk.subscriptions.of(talk.chat.id)
        if one.thread_id is not None and per is TopicPer.FOLDER
    }
    for one in those:
        if one.thread_id is not None or (per is TopicPer.FOLDER and not one.folder):
            continue
        thread = folders.get(one.folder) if per is TopicPer.FOLDER else None
        if thread is None:
            thread = await _opened(talk, one.folder if per is TopicPer.FOLDER else talk.words.title(one))
        if thread is None:
            return None
        folders[one.folder] = thread
        moved += await talk.desk.services.places.place(one, thread)
    return moved


async def give_topics(talk: Talk, new: Iterable[Subscription]) -> None:
    """As `arrange`, for what was just followed; says so if it cannot be."""
    if await arrange(talk, new) is None:
        await talk.say("topics.refused")


async def _opened(talk: Talk, name: str) -> int | None:
    try:
        topic = await talk.desk.bot.create_forum_topic(talk.chat.id, cut(name, _LONGEST_NAME))
    except TelegramError as error:
        structlog.get_logger().info("telegram.no_topic", chat=talk.chat.id, reason=error.message)
        return None
    return topic.message_thread_id
