"""People, chats and memberships, and the shapes in which the Bot API shows them."""

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
ChatType = Literal["private", "group", "supergroup", "channel"]
Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

PRESENT: tuple[Status, ...] = ("creator", "administrator", "member", "restricted")
RULERS: tuple[Status, ...] = ("creator", "administrator")
ANONYMOUS_ADMINISTRATOR_ID = 1087968824  # Telegram's own account for them, the same everywhere

# What an administrator has unless told otherwise: Telegram's own default when one is appointed.
ADMINISTRATOR_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics")
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages", "can_manage_direct_messages")
# What everybody may do in a group, and a restricted member may lose.
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_edit_tag",
)


@dataclass(slots=True)
class User:
    """A person or a bot. `language` is an IETF tag such as "zh-hans"; None if the client told none."""

    id: int
    first_name: str
    username: str | None = None
    last_name: str | None = None
    language: str | None = None
    is_bot: bool = False
    deactivated: bool = False

    def shape(self) -> Json:
        """The Bot API's User."""
        optional = {"last_name": self.last_name, "username": self.username, "language_code": self.language}
        return {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
            **{name: value for name, value in optional.items() if value is not None},
        }


@dataclass(slots=True)
class Member:
    """What one account is in one chat. `rights` holds only what differs from the default of its status."""

    status: Status
    rights: dict[str, bool] = field(default_factory=dict)
    anonymous: bool = False
    until: int = 0  # epoch seconds; 0 means for ever

    def may(self, right: str, chat_type: ChatType) -> bool:
        """Whether this member has the right, named as in the Bot API."""
        if self.status == "creator":
            return True
        if right in self.rights:
            return self.rights[right]
        if self.status == "administrator":
            extra = CHANNEL_RIGHTS if chat_type == "channel" else GROUP_RIGHTS
            # Writing as such is nobody's special right in a group.
            return right in ADMINISTRATOR_RIGHTS + extra or (chat_type != "channel" and right in PERMISSIONS)
        return self.status == "member" and chat_type != "channel" and right in PERMISSIONS

    def shape(self, user: User, chat_type: ChatType) -> Json:
        """The Bot API's ChatMember of this status."""
        body: Json = {"status": self.status, "user": user.shape()}
        match self.status:
            case "creator":
                body["is_anonymous"] = self.anonymous
            case "administrator":
                extra = CHANNEL_RIGHTS if chat_type == "channel" else GROUP_RIGHTS
                names = (*ADMINISTRATOR_RIGHTS, *extra, "can_promote_members")
                body |= {name: self.may(name, chat_type) for name in names}
                body |= {"can_be_edited": False, "is_anonymous": self.anonymous}
            case "restricted":
                body |= {name: self.rights.get(name, False) for name in PERMISSIONS}
                body |= {"is_member": True, "until_date": self.until}
            case "kicked":
                body["until_date"] = self.until
            case "member" | "left":
                pass
        return body


@dataclass(slots=True)
class Topic:
    """A forum topic; `thread` is the id of the service message that opened it."""

    thread: int
    name: str
    closed: bool = False
    deleted: bool = False

    def shape(self) -> Json:
        """As the control interface shows it."""
        return {"thread": self.thread, "name": self.name, "closed": self.closed}


@dataclass(slots=True)
class Chat:
    """A chat as Telegram keeps it. In a private chat the id is the person's."""

    id: int
    type: ChatType
    title: str | None = None
    username: str | None = None
    is_forum: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    migrated_to: int | None = None
    started: bool = True  # private: the person has pressed START once
    blocked: bool = False  # private: the person has stopped the bot
    muted: bool = False
    deleted: bool = False
    pinned: int | None = None  # message id
    permissions: dict[str, bool] = field(default_factory=dict)  # group-wide, only what is taken away

    def allows(self, account: int, right: str) -> bool:
        """Whether the account may do this here, by its own rights and the group's permissions."""
        member = self.members.get(account)
        if member is None or not member.may(right, self.type):
            return False
        return member.status in RULERS or self.permissions.get(right, True)

    def status_of(self, account: int) -> Status:
        """What the account is here; "left" if it never was."""
        member = self.members.get(account)
        return member.status if member else "left"


def chat_shape(chat: Chat, users: dict[int, User]) -> Json:
    """The Bot API's Chat, as it stands in messages."""
    body: Json = {"id": chat.id, "type": chat.type}
    if chat.type == "private":
        user = users[chat.id].shape()
        return body | {name: user[name] for name in ("first_name", "last_name", "username") if name in user}
    body["title"] = chat.title or ""
    if chat.username:
        body["username"] = chat.username
    if chat.is_forum:
        body["is_forum"] = True
    return body


def full_chat_shape(chat: Chat, users: dict[int, User]) -> Json:
    """The Bot API's ChatFullInfo, with the fields every client requires."""
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    body = chat_shape(chat, users) | {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }
    if chat.type in ("group", "supergroup"):
        body["permissions"] = {name: chat.permissions.get(name, True) for name in PERMISSIONS}
    if chat.username:
        body["active_usernames"] = [chat.username]
    return body
