"""A chat's subscriptions, brought in and taken out as OPML by an operator."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import assert_never

from bot import feeds
from bot.app import parts
from bot.config import Settings
from bot.errors import SourceError
from bot.model import Chat, FeedLink
from bot.preview import sentence
from bot.services.subscriptions import (
    AlreadySubscribed,
    NotSubscribed,
    Offered,
    Subscribed,
    SubscribeResult,
)

Say = Callable[[str], None]


async def bring_in(settings: Settings, chat_id: int, opml: bytes, *, say: Say) -> bool:
    """Subscribe the chat to every feed of the document, one line of progress each; it may be run again.

    Returns:
        True if every feed is followed now.

    Raises:
        SourceError: it is no OPML, or the bot has never met the chat.
    """
    links = feeds.read_opml(opml)
    well = True
    async with parts(settings) as bot:
        chat = await _known(bot.store.chat, chat_id)
        for number, link in enumerate(links, 1):
            result = await bot.subscriptions.subscribe(chat, None, link.url)
            say(f"[{number}/{len(links)}] {link.title or link.url}: {_in_words(result)}")
            well = well and isinstance(result, Subscribed | AlreadySubscribed)
    return well


async def take_out(settings: Settings, chat_id: int) -> str:
    """What the chat follows, as an OPML 2.0 document.

    Raises:
        SourceError: the bot has never met the chat.
    """
    async with parts(settings) as bot:
        chat = await _known(bot.store.chat, chat_id)
        followed = await bot.store.subscriptions(chat_id)
    links = [FeedLink(subscription.feed_url, subscription.feed_title) for subscription in followed]
    return feeds.write_opml(links, title=chat.title).decode()


async def _known(chat_of: Callable[[int], Awaitable[Chat | None]], chat_id: int) -> Chat:
    chat = await chat_of(chat_id)
    if chat is None:
        raise SourceError(f"the bot has never met chat {chat_id}: send it /start there first")
    return chat


def _in_words(result: SubscribeResult) -> str:
    match result:
        case Subscribed():
            return "followed from now on"
        case AlreadySubscribed():
            return "followed already"
        case Offered(_, offers):
            return "is a web page; its feeds: " + ", ".join(link.url for _, link in offers)
        case NotSubscribed(problem):
            return sentence(problem)
        case _:
            assert_never(result)
