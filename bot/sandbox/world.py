"""The state of the simulated Telegram: people, chats, messages, files, menus, and what waits for the bot."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.sandbox.events import Events
from bot.sandbox.files import Files
from bot.sandbox.limits import Limits
from bot.sandbox.menu import Menu
from bot.sandbox.shapes import (
    ANONYMOUS_ADMINISTRATOR_ID,
    PRESENT,
    Chat,
    Json,
    Topic,
    User,
    chat_shape,
)
from bot.sandbox.updates import Updates

MOST_MESSAGES = 5_000  # kept in one chat; the oldest go first
MOST_QUERIES = 2_000
QUERY_LIFE = 900.0  # seconds in which a button press may be answered; the real bound is not public


@dataclass(slots=True)
class Kept:
    """One message as the Bot API shows it, and what the Bot API does not show."""

    message: Json
    sent_at: float  # epoch seconds with their fraction
    keyboard: Json | None = None  # a reply keyboard or forced reply, which only the person's app sees

    def shape(self) -> Json:
        """As the control interface shows it."""
        extra = {"sent_at": self.sent_at}
        return self.message | extra | ({"sent_keyboard": self.keyboard} if self.keyboard else {})


@dataclass(slots=True)
class Query:
    """A pressed button that waits for its answer."""

    user: int
    chat: int
    pressed_at: float


@dataclass(frozen=True, slots=True)
class Draft:
    """What a message will be, before Telegram gives it an id."""

    sender: Json  # `from` and/or `sender_chat`
    content: Json
    thread: int | None = None
    reply_to: int | None = None
    markup: Json | None = None
    keyboard: Json | None = None


@dataclass(slots=True)
class World:
    """Everything the simulated Telegram knows. One for the life of the server; `clear` empties it."""

    bot: User
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    messages: dict[int, OrderedDict[int, Kept]] = field(default_factory=dict)
    queries: OrderedDict[str, Query] = field(default_factory=OrderedDict)
    inline: OrderedDict[str, Json | None] = field(
        default_factory=OrderedDict
    )  # what was answered; None: nothing yet
    files: Files = field(default_factory=Files)
    menu: Menu = field(default_factory=Menu)
    limits: Limits = field(default_factory=Limits)
    events: Events = field(default_factory=Events)
    updates: Updates = field(default_factory=Updates)
    shared_count: int = 0  # private chats and basic groups number their messages together

    def clear(self) -> None:
        """An empty world; listeners and waiting polls stay connected."""
        for table in (self.users, self.chats, self.messages, self.queries, self.inline):
            table.clear()
        self.files, self.menu, self.limits = Files(), Menu(), Limits()
        self.shared_count = 0
        self.users[self.bot.id] = self.bot
        self.updates.clear()

    def now(self) -> float:
        """Epoch seconds."""
        return time.time()

    def chat_named(self, name: str) -> Chat | None:
        """A chat by its id or, where it is public, by @username."""
        if name.startswith("@"):
            wanted = name[1:].lower()
            public = (one for one in self.chats.values() if (one.username or "").lower() == wanted)
            return next(public, None) if wanted else None
        try:
            return self.chats.get(int(name))
        except ValueError:
            return None

    def find(self, chat: Chat, message_id: int) -> Kept | None:
        """A message of a chat, or None."""
        return self.messages.get(chat.id, OrderedDict()).get(message_id)

    def in_chat(self, chat: Chat, thread: int | None = None) -> Iterator[Kept]:
        """The messages of a chat, or of one topic, oldest first."""
        for kept in self.messages.get(chat.id, OrderedDict()).values():
            if thread is None or kept.message.get("message_thread_id") == thread:
                yield kept

    def last(self, chat: Chat) -> Kept | None:
        """The newest message."""
        kept = self.messages.get(chat.id)
        return kept[next(reversed(kept))] if kept else None

    def person(self, user: User, chat: Chat, *, anonymous: bool = False) -> Json:
        """The sender fields of a message by this account."""
        if chat.type == "channel":
            return {"sender_chat": chat_shape(chat, self.users)}
        if anonymous:
            group = User(ANONYMOUS_ADMINISTRATOR_ID, "Group", username="GroupAnonymousBot", is_bot=True)
            return {"from": group.shape(), "sender_chat": chat_shape(chat, self.users)}
        return {"from": user.shape()}

    def post(self, chat: Chat, draft: Draft) -> Json:
        """Put a message into a chat and tell the listeners; the Message of the Bot API."""
        now = self.now()
        topic = chat.topics.get(draft.thread or 0)
        message: Json = {
            "message_id": self._next_id(chat),
            **draft.sender,
            "chat": chat_shape(chat, self.users),
            "date": int(now),
            **({"message_thread_id": topic.thread, "is_topic_message": True} if topic else {}),
            **self._reply(chat, draft.reply_to),
            **draft.content,
            **({"reply_markup": draft.markup} if draft.markup else {}),
        }
        self.keep(chat, Kept(message, now, draft.keyboard))
        return message

    def keep(self, chat: Chat, kept: Kept) -> None:
        """Store a message with its id already given."""
        room = self.messages.setdefault(chat.id, OrderedDict())
        room[kept.message["message_id"]] = kept
        if len(room) > MOST_MESSAGES:
            room.popitem(last=False)
        self.events.tell("message", {"chat": chat.id, "message": kept.shape()})

    def edited(self, chat: Chat, kept: Kept) -> None:
        """Mark a message as edited now and tell the listeners."""
        kept.message["edit_date"] = int(self.now())
        self.events.tell("edit", {"chat": chat.id, "message": kept.shape()})

    def remove(self, chat: Chat, message_id: int) -> None:
        """Delete a message and tell the listeners."""
        del self.messages[chat.id][message_id]
        self.events.tell("delete", {"chat": chat.id, "message_id": message_id})

    def ask(self, user: int, chat: int) -> str:
        """A new callback query id for a pressed button."""
        query_id = str(secrets.randbits(62))
        self.queries[query_id] = Query(user, chat, self.now())
        if len(self.queries) > MOST_QUERIES:
            self.queries.popitem(last=False)
        return query_id

    def answered(self, query_id: str) -> Query | None:
        """Close a callback query; None if there is none, it was answered before, or it is too old."""
        query = self.queries.pop(query_id, None)
        return query if query and self.now() - query.pressed_at < QUERY_LIFE else None

    def open_topic(self, chat: Chat, name: str, opener: User) -> Topic:
        """A new forum topic with its service message, whose id is the topic's."""
        thread = self._next_id(chat)
        return self.found_topic(chat, Topic(thread, name), opener)

    def found_topic(self, chat: Chat, topic: Topic, opener: User) -> Topic:
        """A topic with a given id."""
        chat.topics[topic.thread] = topic
        now = self.now()
        created = {"name": topic.name, "icon_color": 0x6FB9F0}
        message = {
            "message_id": topic.thread,
            **self.person(opener, chat),
            "chat": chat_shape(chat, self.users),
            "date": int(now),
            "message_thread_id": topic.thread,
            "is_topic_message": True,
            "forum_topic_created": created,
        }
        self.keep(chat, Kept(message, now))
        self.changed(chat)
        return topic

    def changed(self, chat: Chat) -> None:
        """Tell the listeners that a chat is not what it was."""
        self.events.tell("chat", self.entry(chat))

    def entry(self, chat: Chat) -> Json:
        """A chat as the control interface lists it."""
        members = [
            {"user": account, "status": member.status}
            for account, member in chat.members.items()
            if member.status in PRESENT
        ]
        last = self.last(chat)
        return {
            "chat": chat_shape(chat, self.users),
            "members": members,
            "topics": [topic.shape() for topic in chat.topics.values() if not topic.deleted],
            "last": last.shape() if last else None,
            "muted": chat.muted,
        }

    def _next_id(self, chat: Chat) -> int:
        if chat.type in ("private", "group"):
            self.shared_count += 1
            return self.shared_count
        kept = self.messages.get(chat.id)
        return next(reversed(kept)) + 1 if kept else 1

    def _reply(self, chat: Chat, message_id: int | None) -> Json:
        replied = self.find(chat, message_id) if message_id else None
        if replied is None:
            return {}
        # One level deep, as the Bot API shows it.
        return {"reply_to_message": {k: v for k, v in replied.message.items() if k != "reply_to_message"}}
