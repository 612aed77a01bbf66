"""Bot API methods on messages that are there already, and on button presses."""

from bot.sandbox.content import caption_of, text_of
from bot.sandbox.markup import inline_only
from bot.sandbox.methods_send import preview_options
from bot.sandbox.refusals import bad_request
from bot.sandbox.rights import Call
from bot.sandbox.shapes import Chat, Json, chat_shape
from bot.sandbox.world import Draft, Kept

UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
LONGEST_ANSWER = 200
TEXT_FIELDS = ("text", "entities", "link_preview_options", "rich_message")
CAPTION_FIELDS = ("caption", "caption_entities", "show_caption_above_media")
DELETE_AGE = 48 * 3600  # seconds


def edit_message_text(call: Call) -> Json:
    text, entities = text_of(call.params, call.world.users)
    markup = inline_only(call.params)
    chat, kept = _own(call)
    if not {"text", "rich_message"} & kept.message.keys():
        raise bad_request("there is no text in the message to edit")
    content: Json = {"text": text, **({"entities": entities} if entities else {}), **preview_options(call)}
    return _change(call, chat, kept, TEXT_FIELDS, content, markup)


def edit_message_caption(call: Call) -> Json:
    caption, entities = caption_of(call.params, call.world.users)
    markup = inline_only(call.params)
    chat, kept = _own(call)
    if not {"photo", "document"} & kept.message.keys():
        raise bad_request("there is no caption in the message to edit")
    content: Json = {"caption": caption} if caption else {}
    if caption and entities:
        content["caption_entities"] = entities
    if caption and call.params.flag("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return _change(call, chat, kept, CAPTION_FIELDS, content, markup)


def edit_message_reply_markup(call: Call) -> Json:
    markup = inline_only(call.params)
    chat, kept = _own(call)
    return _change(call, chat, kept, (), {}, markup)


def delete_message(call: Call) -> bool:
    chat = call.own_chat()
    _delete(call, chat, call.params.integer("message_id"))
    return True


def delete_messages(call: Call) -> bool:
    """Those that cannot be found are passed over, as the Bot API does."""
    chat = call.own_chat()
    wanted = call.params.integers("message_ids")
    if not 1 <= len(wanted) <= 100:
        raise bad_request(
            "there are no messages to delete" if not wanted else "too many message identifiers specified"
        )
    for message_id in wanted:
        if call.world.find(chat, message_id):
            _delete(call, chat, message_id)
    return True


def pin_chat_message(call: Call) -> bool:
    chat = call.own_chat()
    kept = call.world.find(chat, call.params.integer("message_id"))
    if kept is None:
        raise bad_request("message to pin not found")
    right = "can_edit_messages" if chat.type == "channel" else "can_pin_messages"
    if chat.type != "private" and not chat.allows(call.world.bot.id, right):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    chat.pinned = kept.message["message_id"]
    pinned = {name: value for name, value in kept.message.items() if name != "reply_to_message"}
    call.world.post(chat, Draft(call.world.person(call.world.bot, chat), {"pinned_message": pinned}))
    return True


def answer_callback_query(call: Call) -> bool:
    text = call.params.text("text")
    if len(text) > LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    query_id = call.params.text("callback_query_id")
    query = call.world.answered(query_id)
    if query is None:
        raise bad_request(TOO_OLD)
    told = {"callback_query_id": query_id, "user": query.user, "chat": query.chat, "text": text or None}
    more = {"show_alert": call.params.flag("show_alert"), "url": call.params.text("url") or None}
    call.world.events.tell("answer", told | more)
    return True


def _own(call: Call) -> tuple[Chat, Kept]:
    """A message the bot may edit. Raises Refused."""
    chat = call.own_chat()
    kept = call.world.find(chat, call.params.integer("message_id"))
    if kept is None:
        raise bad_request("message to edit not found")
    bot = call.world.bot.id
    if chat.type == "channel":
        may = chat.allows(bot, "can_edit_messages")
    else:
        may = kept.message.get("from", {}).get("id") == bot
    if not may or "forward_origin" in kept.message or "pinned_message" in kept.message:
        raise bad_request("message can't be edited")
    return chat, kept


def _change(
    call: Call, chat: Chat, kept: Kept, replaced: tuple[str, ...], content: Json, markup: Json | None
) -> Json:
    """Put new content in the place of some fields; the keyboard always is the one of the call."""
    before = {name: kept.message[name] for name in (*replaced, "reply_markup") if name in kept.message}
    after = content | ({"reply_markup": markup} if markup else {})
    if before == after:
        raise bad_request(UNCHANGED)
    for name in before:
        del kept.message[name]
    kept.message |= after
    kept.message["chat"] = chat_shape(chat, call.world.users)
    call.world.edited(chat, kept)
    return kept.message


def _delete(call: Call, chat: Chat, message_id: int) -> None:
    kept = call.world.find(chat, message_id)
    if kept is None:
        raise bad_request("message to delete not found")
    bot = call.world.bot.id
    own = kept.message.get("from", {}).get("id") == bot
    if chat.type == "channel":
        own = chat.allows(bot, "can_post_messages")
    rules = chat.type != "private" and chat.allows(bot, "can_delete_messages")
    if not own and not rules and chat.type != "private":
        raise bad_request("message can't be deleted")
    if call.world.now() - kept.sent_at > DELETE_AGE and not rules:
        raise bad_request("message can't be deleted for everyone")
    call.world.remove(chat, message_id)
