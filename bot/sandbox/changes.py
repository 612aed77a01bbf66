"""Changes to people, chats and memberships that the control interface asks for, told to the bot as Telegram does."""

from typing import Any, get_args

from bot.sandbox import acts
from bot.sandbox.shapes import Chat, ChatType, Json, Member, Status, Topic, User
from bot.sandbox.world import World

CHAT_FIELDS = ("title", "username", "is_forum", "muted", "permissions", "started", "deleted")


def change(world: World, wish: Json) -> Chat:
    """Do the one thing asked for; the chat it was about. Raises ValueError with a sentence, or KeyError."""
    if "chat" in wish:
        return _change_in(world, acts.known_chat(world, int(wish["chat"])), wish)
    if isinstance(wish.get("user"), dict):
        return _person(world, wish["user"])
    return _chat(world, wish)


def _person(world: World, wish: Json) -> Chat:
    """A new or changed person and the private chat with them."""
    user_id = int(wish["id"])
    user = world.users.setdefault(user_id, User(user_id, str(wish.get("first_name", f"User {user_id}"))))
    for name in ("first_name", "last_name", "username", "deactivated"):
        if name in wish:
            setattr(user, name, wish[name])
    user.language = wish.get("language", wish.get("language_code", user.language))
    members = {user_id: Member("member"), world.bot.id: Member("member")}
    chat = world.chats.setdefault(user_id, Chat(user_id, "private", members=members))
    chat.started = bool(wish.get("started", chat.started))
    world.changed(chat)
    return chat


def _chat(world: World, wish: Json) -> Chat:
    chat_id = int(wish["id"])
    if chat_id not in world.chats:
        kind = wish.get("type", "supergroup")
        if kind not in get_args(ChatType) or kind == "private":
            raise ValueError(f"{kind!r} is no type of chat; a private chat comes with its person")
        world.chats[chat_id] = Chat(chat_id, kind, title=f"Chat {chat_id}")
    chat = world.chats[chat_id]
    for name in CHAT_FIELDS:
        if name in wish:
            setattr(chat, name, wish[name])
    for one in wish.get("members", ()):
        account = _account(world, one)
        chat.members[account.id] = _member(one)
    for one in wish.get("topics", ()):
        topic = Topic(
            int(one["thread"]), str(one.get("name", "Topic")), closed=bool(one.get("closed", False))
        )
        if topic.thread in chat.topics:
            chat.topics[topic.thread] = topic
        else:
            world.found_topic(chat, topic, next(iter(world.users.values())))
    world.changed(chat)
    return chat


def _change_in(world: World, chat: Chat, wish: Json) -> Chat:
    if "blocked" in wish:
        acts.block(world, chat, blocked=bool(wish["blocked"]))
    elif "migrate_to" in wish:
        acts.migrate(world, chat, int(wish["migrate_to"]))
    elif "topic" in wish:
        _change_topic(chat, wish)
    elif "member" in wish:
        by = world.users.get(int(wish.get("by", 0))) or _owner(world, chat)
        acts.set_member(world, chat, _account(world, wish["member"]), _member(wish["member"]), by=by)
    elif set(CHAT_FIELDS) & wish.keys():
        return _chat(world, {**wish, "id": chat.id})
    else:
        raise ValueError("nothing to change: say blocked, migrate_to, topic, member, or a field of the chat")
    world.changed(chat)
    return chat


def _change_topic(chat: Chat, wish: Json) -> None:
    topic = chat.topics.get(int(wish["topic"]))
    if topic is None:
        raise ValueError(f"there is no topic {wish['topic']} in this chat")
    topic.closed = bool(wish.get("closed", topic.closed))
    topic.deleted = bool(wish.get("deleted", topic.deleted))


def _owner(world: World, chat: Chat) -> User:
    owners = [id_ for id_, member in chat.members.items() if member.status == "creator"]
    return world.users[owners[0]] if owners else next(iter(world.users.values()))


def _account(world: World, wish: Json) -> User:
    """The person or the bot a membership is about."""
    if not isinstance(wish, dict):
        raise TypeError('a membership is {"user" or "bot", "status"}')
    if wish.get("bot"):
        return world.bot
    account = world.users.get(int(wish["user"]))
    if account is None:
        raise ValueError(f"there is no person {wish['user']} here")
    return account


def _member(wish: Json) -> Member:
    status: Any = wish.get("status", "member")
    if status not in get_args(Status):
        raise ValueError(f"{status!r} is no status of a member")
    rights = {name: bool(value) for name, value in wish.items() if name.startswith("can_")}
    return Member(status, rights, bool(wish.get("anonymous", False)), int(wish.get("until", 0)))
