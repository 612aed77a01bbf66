"""What people do in the simulated Telegram: write, edit, press, join, leave, block; each as Telegram tells it.

Everything here raises ValueError with a sentence when it makes no sense.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.sandbox.content import carried, origin_of, typed
from bot.sandbox.files import StoredFile
from bot.sandbox.shapes import PRESENT, RULERS, Chat, Json, Member, User, chat_shape
from bot.sandbox.world import Draft, Kept, World

CHAT_INSTANCE = "4611686018427387904"  # an opaque number per chat in Telegram; nothing reads it


@dataclass(frozen=True, slots=True)
class Saying:
    """What a person sends. Exactly one of `text` and `file`; `thread` and `reply_to` None for neither."""

    user: int
    chat: int
    text: str = ""
    entities: Sequence[Json] = ()
    """How the client formatted it."""
    file: StoredFile | None = None
    thread: int | None = None
    reply_to: int | None = None
    anonymous: bool = False
    forward: tuple[int, int] | None = None
    """A message, by its chat and number, that is sent on in place of words."""


def say(world: World, saying: Saying) -> tuple[Json, int | None]:
    """A person's message, and the id of the update the bot gets; None if it gets none."""
    user, chat = person(world, saying.user), known_chat(world, saying.chat)
    _check_may_write(user, chat)
    if saying.anonymous and chat.status_of(user.id) not in RULERS:
        raise ValueError(f"only administrators write anonymously, and {user.first_name} is none")
    thread = _thread(world, chat, saying)
    _wake_private(world, chat)
    sender = world.person(user, chat, anonymous=saying.anonymous)
    content = _forwarded(world, saying.forward) if saying.forward else _content(saying)
    message = world.post(chat, Draft(sender, content, thread, saying.reply_to))
    if not reaches_bot(world, chat, message):
        return message, None
    return message, world.updates.add("channel_post" if chat.type == "channel" else "message", message)


def edit(world: World, user_id: int, chat_id: int, message_id: int, text: str) -> tuple[Json, int | None]:
    """A person edits a message of theirs."""
    person(world, user_id)
    chat = known_chat(world, chat_id)
    kept = _message(world, chat, message_id)
    if chat.type != "channel" and kept.message.get("from", {}).get("id") != user_id:
        raise ValueError(f"message {message_id} is not theirs to edit")
    if "text" not in kept.message:
        raise ValueError(f"message {message_id} has no text")
    written, entities = typed(text)
    if not written:
        raise ValueError("the text is empty")
    kept.message |= {"text": written, "entities": entities}
    world.edited(chat, kept)
    if not reaches_bot(world, chat, kept.message):
        return kept.message, None
    kind = "edited_channel_post" if chat.type == "channel" else "edited_message"
    return kept.message, world.updates.add(kind, dict(kept.message))


def press(
    world: World, user_id: int, chat_id: int, message_id: int, data: str, *, force: bool = False
) -> str:
    """A person presses a button; the callback query id. `force`: a forged press of a button that is not there."""
    user, chat = person(world, user_id), known_chat(world, chat_id)
    kept = world.find(chat, message_id)
    if kept is None and not force:
        raise ValueError(f"there is no message {message_id} in this chat")
    if not force and data not in _buttons(kept):
        raise ValueError(f"message {message_id} has no button with the data {data!r}")
    gone = {"message_id": message_id, "chat": chat_shape(chat, world.users), "date": 0}
    query_id = world.ask(user.id, chat.id)
    world.updates.add(
        "callback_query",
        {
            "id": query_id,
            "from": user.shape(),
            "message": dict(kept.message) if kept else gone,
            "chat_instance": CHAT_INSTANCE,
            "data": data,
        },
    )
    return query_id


def block(world: World, chat: Chat, *, blocked: bool) -> None:
    """A person stops the bot or starts it again."""
    if chat.type != "private":
        raise ValueError("only a private chat can be blocked")
    if chat.blocked == blocked:
        return
    chat.blocked = blocked
    old, new = Member("member"), Member("kicked")
    if not blocked:
        old, new = new, old
    _tell_own_status(world, chat, world.users[chat.id], old, new)
    world.changed(chat)


def set_member(world: World, chat: Chat, user: User, member: Member, *, by: User) -> None:
    """Somebody becomes something in a chat: the updates and the service message of it."""
    if chat.type == "private":
        raise ValueError("a private chat has no members to change")
    old = chat.members.get(user.id) or Member("left")
    chat.members[user.id] = member
    if user.id == world.bot.id:
        _tell_own_status(world, chat, by, old, member)
    elif chat.status_of(world.bot.id) in RULERS:
        world.updates.add("chat_member", _status_change(world, chat, by, user, old, member))
    _announce(world, chat, user, (old.status in PRESENT, member.status in PRESENT), by)
    world.changed(chat)


def bot_leaves(world: World, chat: Chat) -> None:
    """The bot goes by its own will."""
    set_member(world, chat, world.bot, Member("left"), by=world.bot)


def migrate(world: World, chat: Chat, to: int) -> None:
    """A basic group becomes a supergroup under another id, with a service message on both sides."""
    if chat.type != "group":
        raise ValueError("only a basic group is upgraded")
    new = world.chats.setdefault(to, Chat(to, "supergroup", title=chat.title))
    new.members = dict(chat.members)
    owner = next(
        (id_ for id_, one in chat.members.items() if one.status == "creator"), next(iter(world.users))
    )
    sender = world.person(world.users[owner], chat)
    left = world.post(chat, Draft(sender, {"migrate_to_chat_id": to}))
    arrived = world.post(new, Draft(sender, {"migrate_from_chat_id": chat.id}))
    chat.migrated_to = to
    for message in (left, arrived):
        world.updates.add("message", message)
    world.changed(chat)
    world.changed(new)


def reaches_bot(world: World, chat: Chat, message: Json) -> bool:
    """Whether the bot is shown a person's message: privacy mode, in force unless it is administrator there."""
    status = chat.status_of(world.bot.id)
    if chat.type == "private":
        return True
    if status not in PRESENT or chat.type == "channel":
        return status in RULERS
    if status in RULERS or message.get("reply_to_message", {}).get("from", {}).get("id") == world.bot.id:
        return True
    return _addresses_bot(world, message)


def person(world: World, user_id: int) -> User:
    """The person with this id."""
    user = world.users.get(user_id)
    if user is None or user.is_bot:
        raise ValueError(f"there is no person {user_id} here")
    return user


def known_chat(world: World, chat_id: int) -> Chat:
    """The chat with this id."""
    chat = world.chats.get(chat_id)
    if chat is None:
        raise ValueError(f"there is no chat {chat_id} here")
    return chat


def _addresses_bot(world: World, message: Json) -> bool:
    own = f"@{world.bot.username}".lower()
    text = str(message.get("text") or message.get("caption") or "")
    units = text.encode("utf-16-le")
    for entity in message.get("entities") or message.get("caption_entities") or ():
        begin, end = entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2
        said = units[begin:end].decode("utf-16-le").lower()
        if entity["type"] == "mention" and said == own:
            return True
        if entity["type"] == "bot_command" and ("@" not in said or said.endswith(own)):
            return True
    return False


def _check_may_write(user: User, chat: Chat) -> None:
    if chat.migrated_to is not None:
        raise ValueError(f"this group is now {chat.migrated_to}")
    status = chat.status_of(user.id)
    if status not in PRESENT:
        raise ValueError(f"{user.first_name} is not in this chat")
    if chat.type == "channel" and status not in RULERS:
        raise ValueError(f"only administrators write in a channel, and {user.first_name} is none")


def _thread(world: World, chat: Chat, saying: Saying) -> int | None:
    """The topic of a message: the one said, or the one of the message it answers."""
    replied = _message(world, chat, saying.reply_to) if saying.reply_to else None
    thread = saying.thread or (replied.message.get("message_thread_id") if replied else None)
    topic = chat.topics.get(thread) if thread else None
    if thread and (topic is None or topic.deleted):
        raise ValueError(f"there is no topic {thread} in this chat")
    return thread


def _wake_private(world: World, chat: Chat) -> None:
    """Writing to the bot starts it, also after it was stopped."""
    if chat.type == "private":
        chat.started = True
        block(world, chat, blocked=False)


def _content(saying: Saying) -> Json:
    text, entities = typed(saying.text, saying.entities)
    if saying.file is not None:
        caption = {"caption": text, "caption_entities": entities} if text else {}
        if saying.file.kind == "photo":
            return {"photo": saying.file.photo_shape(), **caption}
        return {"document": saying.file.document_shape(), **caption}
    if not text:
        raise ValueError("the text is empty")
    return {"text": text, **({"entities": entities} if entities else {})}


def _forwarded(world: World, which: tuple[int, int]) -> Json:
    """What a message carries, with where it comes from."""
    source = known_chat(world, which[0])
    kept = _message(world, source, which[1])
    return carried(kept) | {"forward_origin": origin_of(source, kept)}


def _message(world: World, chat: Chat, message_id: int) -> Kept:
    kept = world.find(chat, message_id)
    if kept is None:
        raise ValueError(f"there is no message {message_id} in this chat")
    return kept


def _buttons(kept: Kept | None) -> set[str]:
    rows = kept.message.get("reply_markup", {}).get("inline_keyboard", []) if kept else []
    return {button["callback_data"] for row in rows for button in row if "callback_data" in button}


def _status_change(world: World, chat: Chat, by: User, user: User, old: Member, new: Member) -> Json:
    return {
        "chat": chat_shape(chat, world.users),
        "from": by.shape(),
        "date": int(world.now()),
        "old_chat_member": old.shape(user, chat.type),
        "new_chat_member": new.shape(user, chat.type),
    }


def _tell_own_status(world: World, chat: Chat, by: User, old: Member, new: Member) -> None:
    world.updates.add("my_chat_member", _status_change(world, chat, by, world.bot, old, new))


def _announce(world: World, chat: Chat, user: User, presence: tuple[bool, bool], by: User) -> None:
    """The service message of a coming or going; channels have none."""
    if presence[0] == presence[1] or chat.type == "channel":
        return
    content: Json = (
        {"new_chat_members": [user.shape()]} if presence[1] else {"left_chat_member": user.shape()}
    )
    message = world.post(chat, Draft(world.person(by, chat), content))
    # A bot sees the service messages of groups it is in, and the one of its own leaving if others made it go.
    if chat.status_of(world.bot.id) in PRESENT or (user.id == world.bot.id and by.id != world.bot.id):
        world.updates.add("message", message)
