"""A chat's subscriptions, brought in and taken out as OPML by an operator."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import assert_never

from bot import feeds
from bot.app import Parts, parts
from bot.config import Settings
from bot.errors import SourceError
from bot.feeds import Outline
from bot.model import Chat, Problem
from bot.preview import sentence
from bot.services.subscribing import AlreadySubscribed, NotSubscribed, Offered, Subscribed, SubscribeResult

Say = Callable[[str], None]


async def bring_in(settings: Settings, chat_id: int, opml: bytes, *, say: Say) -> bool:
    """Subscribe the chat to every feed of the document, one line of progress each; it may be run again.

    Returns:
        True if every feed is followed now.

    Raises:
        SourceError: it is no OPML, or the bot has never met the chat.
    """
    listed = feeds.read_opml(opml)
    if isinstance(listed, Problem):
        raise SourceError(sentence(listed))
    well = not listed.unreadable
    numbers = count(1)

    async def tell(outline: Outline, result: SubscribeResult) -> None:
        nonlocal well
        well = well and isinstance(result, Subscribed | AlreadySubscribed)
        say(f"[{next(numbers)}/{len(listed.feeds)}] {outline.title or outline.url}: {_in_words(result)}")

    async with parts(settings) as bot:
        await bot.subscriptions.bring_in(await _known(bot, chat_id), None, listed.feeds, tell)
    for address in listed.unreadable:
        say(sentence(Problem("url.not_a_url", {"url": address})))
    return well


async def take_out(settings: Settings, chat_id: int) -> str:
    """What the chat follows, as an OPML 2.0 document.

    Raises:
        SourceError: the bot has never met the chat.
    """
    async with parts(settings) as bot:
        return (await bot.subscriptions.take_out(await _known(bot, chat_id))).decode()


async def _known(bot: Parts, chat_id: int) -> Chat:
    chat = await bot.store.chat(chat_id)
    if chat is None:
        raise SourceError(f"the bot has never met chat {chat_id}: send it /start there first")
    return chat


def _in_words(result: SubscribeResult) -> str:
    match result:
        case Subscribed(subscription) if subscription.problem:
            return f"followed from now on, though: {sentence(subscription.problem)}"
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
