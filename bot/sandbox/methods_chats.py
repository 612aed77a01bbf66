"""Bot API methods about chats, their members, and files."""

from bot.sandbox.acts import bot_leaves
from bot.sandbox.files import LARGEST_DOWNLOAD
from bot.sandbox.refusals import bad_request
from bot.sandbox.rights import Call, check_presence
from bot.sandbox.shapes import PRESENT, RULERS, Chat, Json, Member, full_chat_shape

MEDIA_ACTIONS = ("video", "voice", "video_note")  # each both record_ and upload_
ACTIONS = frozenset(
    {"typing", "upload_photo", "upload_document", "choose_sticker", "find_location"}
    | {f"{verb}_{medium}" for verb in ("record", "upload") for medium in MEDIA_ACTIONS}
)


def get_chat(call: Call) -> Json:
    chat = call.chat()
    if chat.type != "private":
        check_presence(call.world, chat)
    shape = full_chat_shape(chat, call.world.users)
    pinned = call.world.find(chat, chat.pinned) if chat.pinned else None
    return shape | ({"pinned_message": pinned.message} if pinned else {})


def get_chat_member(call: Call) -> Json:
    chat = _seen(call)
    user = call.world.users.get(call.params.integer("user_id"))
    if user is None:
        raise bad_request(
            "invalid user_id specified" if not call.params.text("user_id") else "user not found"
        )
    member = chat.members.get(user.id) or Member("left")
    return member.shape(user, chat.type)


def get_chat_administrators(call: Call) -> list[Json]:
    """Without other bots, as the Bot API does."""
    chat = _seen(call)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    rulers = [(id_, member) for id_, member in chat.members.items() if member.status in RULERS]
    users = call.world.users
    shown = [(users[id_], one) for id_, one in rulers if not users[id_].is_bot or id_ == call.world.bot.id]
    return [member.shape(user, chat.type) for user, member in shown]


def get_chat_member_count(call: Call) -> int:
    return sum(member.status in PRESENT for member in _seen(call).members.values())


def leave_chat(call: Call) -> bool:
    chat = call.own_chat()
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    bot_leaves(call.world, chat)
    return True


def send_chat_action(call: Call) -> bool:
    action = call.params.text("action").lower()
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = call.own_chat()
    call.world.events.tell("action", {"chat": chat.id, "action": action})
    return True


def get_file(call: Call) -> Json:
    stored = call.world.files.by_id(call.params.text("file_id"))
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.content) > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return stored.base_shape() | {"file_path": stored.path}


def _seen(call: Call) -> Chat:
    """A chat whose members the bot may look at."""
    chat = call.chat()
    if chat.type != "private":
        check_presence(call.world, chat)
    return chat
