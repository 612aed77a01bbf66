"""In the private chat people speak about channels and groups: which one is meant, with the rights looked at anew."""

from __future__ import annotations

from telegram import Message, MessageOriginChannel
from telegram.error import ChatMigrated

from bot.model import Chat
from bot.telegram.places import Place, hindrance, place_named
from bot.telegram.talk import Buttons, Talk, button
from bot.telegram.words import cut

MANAGE = "manage"
"""The verb of the buttons that choose a chat, by its id without the minus."""
HERE = "here"
LONGEST_PLACE = 30
CHAT_NAME = r"@[A-Za-z]\w{3,31}|-\d{4,16}"
"""A channel or group, as typed."""


async def aim(talk: Talk, name: str) -> bool:
    """Turn the talk to a channel or group; if that cannot be, say why.

    Args:
        name: `@name`, or an id.
    """
    found = await place_named(talk.desk.bot, name)
    return await _turn(talk, found, name, ())


async def aim_at_managed(talk: Talk) -> bool:
    """Turn the talk to the chat that was chosen once, if one was; if that cannot be any more, say why."""
    managed = talk.home.manages
    if managed is None or not talk.in_private:
        return True
    known = await talk.desk.services.places.known(managed)
    back = [[button(talk.words.plain("button.manage_here"), MANAGE, HERE)]]
    try:
        found = await place_named(talk.desk.bot, managed)
    except ChatMigrated as moved:
        await talk.subscriptions.move(managed, moved.new_chat_id)
        found = await place_named(talk.desk.bot, moved.new_chat_id)
    return await _turn(talk, found, known.title if known else str(managed), back)


async def _turn(talk: Talk, found: Place | None, name: str, way_out: Buttons) -> bool:
    key = await hindrance(talk.desk.bot, talk.user_id, found) if found else "channel.unknown"
    if found is None or key:
        await talk.notice("press.stale")
        await talk.say(key, way_out, name=name)
        return False
    talk.about(await met(talk, found))
    return True


async def allowed(talk: Talk, name: int | str, *, to_read: bool = False) -> Place | None:
    """The place of that name, if this person and the bot have the right to it; if not, that is said."""
    place = await place_named(talk.desk.bot, name)
    key = "place.unknown"
    if place:
        key = await hindrance(talk.desk.bot, talk.user_id, place, to_read=to_read)
    if key:
        await talk.say(key, name=cut(place.title if place else str(name), LONGEST_PLACE))
    return None if key else place


async def met(talk: Talk, place: Place) -> Chat:
    """The chat that it is."""
    return await talk.subscriptions.meet(Chat(place.id, place.kind, place.title, talk.home.language))


async def offer_to_manage(talk: Talk, message: Message) -> bool:
    """Of a post forwarded from a channel that this person and the bot may post in, offer the channel."""
    origin = message.forward_origin
    if not (talk.in_private and isinstance(origin, MessageOriginChannel)):
        return False
    found = await place_named(talk.desk.bot, origin.chat.id)
    if found is None or await hindrance(talk.desk.bot, talk.user_id, found):
        return False
    choose = button(talk.words.plain("button.manage"), MANAGE, -found.id)
    await talk.say("manage.offer", [[choose]], title=found.title)
    return True
