"""Whether the bot may do something in a chat, refused in Telegram's words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.sandbox.params import Params
from bot.sandbox.refusals import Refused, bad_request, forbidden
from bot.sandbox.shapes import PRESENT, Chat, Json
from bot.sandbox.world import World

WRITING = {
    "can_send_messages": "text messages",
    "can_send_photos": "photos",
    "can_send_documents": "documents",
    "can_send_polls": "polls",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One Bot API call: the world it happens in and what it says.

    `fetched` has what Telegram got from the addresses of pictures: bytes, or its error.
    """

    world: World
    params: Params
    fetched: Mapping[str, bytes | str] = field(default_factory=dict)

    def chat(self) -> Chat:
        """The chat the call is about. Raises Refused where the bot cannot see or reach it."""
        return self.chat_of("chat_id")

    def chat_of(self, name: str) -> Chat:
        """The chat in a parameter. Raises Refused."""
        value = self.params.text(name).strip()
        if not value:
            raise bad_request(f"{name} is empty")
        chat = self.world.chat_named(value)
        if chat is None:
            raise bad_request("chat not found")
        if chat.migrated_to is not None:
            text = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(400, text, migrate_to_chat_id=chat.migrated_to)
        return chat

    def own_chat(self) -> Chat:
        """The same, and the bot must be in it."""
        chat = self.chat()
        check_presence(self.world, chat)
        return chat


def check_presence(world: World, chat: Chat) -> None:
    """Raise Refused if the bot cannot write here because it is not here."""
    if chat.type == "private":
        _check_person(world, chat)
        return
    if chat.deleted:
        raise forbidden("the group chat was deleted")
    status = chat.status_of(world.bot.id)
    if status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.type} chat")
    if status not in PRESENT:
        raise forbidden(f"bot is not a member of the {chat.type} chat")


def _check_person(world: World, chat: Chat) -> None:
    if world.users[chat.id].deactivated:
        raise forbidden("user is deactivated")
    if chat.blocked:
        raise forbidden("bot was blocked by the user")
    if not chat.started:
        raise forbidden("bot can't initiate conversation with a user")


def check_writing(world: World, chat: Chat, right: str) -> None:
    """Raise Refused if the bot may not send this kind of message here."""
    check_presence(world, chat)
    if chat.type == "private":
        return
    if chat.type == "channel":
        if not chat.allows(world.bot.id, "can_post_messages"):
            raise bad_request("need administrator rights in the channel chat")
        return
    if not chat.allows(world.bot.id, right):
        raise bad_request(f"not enough rights to send {WRITING[right]} to the chat")


def thread_of(call: Call, chat: Chat, replied: Json | None) -> int | None:
    """The topic a message goes to; None for General or a chat without topics. Raises Refused."""
    thread = call.params.integer("message_thread_id")
    if not thread and replied is not None and replied.get("is_topic_message"):
        thread = replied["message_thread_id"]
    if not thread:
        return None
    topic = chat.topics.get(thread) if chat.is_forum else None
    if topic is None or topic.deleted:
        raise bad_request("message thread not found")
    if topic.closed and not _rules_topics(call.world, chat):
        raise bad_request("TOPIC_CLOSED")
    return thread


def _rules_topics(world: World, chat: Chat) -> bool:
    return chat.status_of(world.bot.id) in ("creator", "administrator") and chat.allows(
        world.bot.id, "can_manage_topics"
    )
