"""What people send in private that is no command: an address or a list of feeds is an offer, anything else gets a
kind sentence."""

from __future__ import annotations

from telegram import Message, MessageEntity

from bot.feeds.address import normal_url
from bot.services.subscribing import NotSubscribed
from bot.telegram.commands.import_ import may_be_a_list, offer
from bot.telegram.talk import Talk, button
from bot.telegram.words import cut

# More addresses than this in one message are a text that quotes, not a wish to follow.
_MOST_ADDRESSES = 5

# Telegram's own clients split what is longer.
_LONGEST_TEXT = 4096


async def smalltalk(talk: Talk, message: Message) -> None:
    """Answer what is no command."""
    text = message.text or ""
    addresses = addresses_in(message)
    if message.document and may_be_a_list(message.document):
        await offer(talk, message.document)
    elif not text:
        if message.effective_attachment:  # else Telegram itself speaks: pinned, timer changed, background set
            await talk.say("talk.only_text")
    elif len(text) > _LONGEST_TEXT:
        await talk.say("talk.too_long")
    elif 0 < len(addresses) <= _MOST_ADDRESSES:
        for address in addresses:
            await _offer(talk, address)
    else:
        await talk.say("talk.what")


def addresses_in(message: Message) -> list[str]:
    """The web addresses in a message, each once: those Telegram marks, else the one word it consists of."""
    found = message.parse_entities([MessageEntity.URL, MessageEntity.TEXT_LINK])
    addresses = [entity.url or text for entity, text in found.items()]
    alone = (message.text or "").strip()
    if not addresses and normal_url(alone):
        addresses = [alone]
    return list(dict.fromkeys(addresses))


async def _offer(talk: Talk, address: str) -> None:
    offered = await talk.subscriptions.offer(talk.chat, address)
    if isinstance(offered, NotSubscribed):
        await talk.say("subscribe.failed", problem=talk.words.problem(offered.problem))
        return
    rows = [[button(talk.words.plain("button.follow"), "offer", offer_id)] for offer_id, _ in offered.offers]
    await talk.say("talk.follow", rows, url=cut(offered.url, 200))
