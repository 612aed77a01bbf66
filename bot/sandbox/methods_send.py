"""Bot API methods that put a message into a chat."""

import secrets
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.content import caption_of, text_of
from bot.sandbox.files import StoredFile
from bot.sandbox.markup import markup_of
from bot.sandbox.refusals import bad_request, too_fast
from bot.sandbox.rights import Call, check_writing, thread_of
from bot.sandbox.shapes import Chat, Json
from bot.sandbox.world import Draft, Kept

ALBUM = 10
PREVIEW_FIELDS = ("is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text")
MEDIA = ("photo", "document")


def send_message(call: Call) -> Json:
    text, entities = text_of(call.params, call.world.users)
    content: Json = {"text": text}
    if entities:
        content["entities"] = entities
    return send(call, "can_send_messages", content | preview_options(call))


def send_photo(call: Call) -> Json:
    caption = _caption(call)
    stored = _file(call, "photo", call.params.text("photo"))
    return send(call, "can_send_photos", {"photo": stored.photo_shape(), **caption})


def send_document(call: Call) -> Json:
    caption = _caption(call)
    stored = _file(call, "document", call.params.text("document"))
    return send(call, "can_send_documents", {"document": stored.document_shape(), **caption})


def send_media_group(call: Call) -> list[Json]:
    items = call.params.items("media")
    if not items:
        raise bad_request("there are no messages to send")
    if len(items) > ALBUM:
        raise bad_request("too many messages to send as an album")
    kinds = {item.get("type") if isinstance(item, dict) else None for item in items}
    if not kinds <= set(MEDIA):
        raise bad_request("can't parse InputMedia: type must be photo or document in the simulated Telegram")
    if len(kinds) > 1:
        raise bad_request("document can't be mixed with other media types")
    kind = kinds.pop()
    contents = [_album_item(call, str(kind), item) for item in items]
    group = {"media_group_id": str(secrets.randbits(62))} if len(items) > 1 else {}
    chat, thread, reply = place(call, f"can_send_{kind}s", len(items))
    sender = call.world.person(call.world.bot, chat)
    return [call.world.post(chat, Draft(sender, group | one, thread, reply)) for one in contents]


def send_poll(call: Call) -> Json:
    question = call.params.text("question")
    options = [
        one if isinstance(one, str) else str(one.get("text", "")) for one in call.params.items("options")
    ]
    if not 1 <= len(question) <= 300:
        raise bad_request(
            "poll question must be non-empty" if not question else "poll question length must not exceed 300"
        )
    if not 1 <= len(options) <= 12:
        raise bad_request(
            "poll must have at least 1 option" if not options else "poll can't have more than 12 options"
        )
    poll = {
        "id": str(secrets.randbits(62)),
        "question": question,
        "options": [
            {"text": text, "voter_count": 0, "persistent_id": str(i)} for i, text in enumerate(options)
        ],
        "total_voter_count": 0,
        "is_closed": call.params.flag("is_closed"),
        "is_anonymous": call.params.text("is_anonymous").lower() != "false",
        "type": call.params.text("type") or "regular",
        "allows_multiple_answers": call.params.flag("allows_multiple_answers"),
        "allows_revoting": True,
        "members_only": False,
    }
    return send(call, "can_send_polls", {"poll": poll})


def send_rich_message(call: Call) -> Json:
    """Kept as it came: the simulated Telegram does not lay rich messages out."""
    rich = call.params.mapping("rich_message")
    if not rich:
        raise bad_request("rich message is empty")
    return send(call, "can_send_messages", {"rich_message": rich})


def forward_message(call: Call) -> Json:
    source, kept = _original(call, "forward")
    content = _content(kept) | {"forward_origin": _origin(source, kept)}
    return send(call, "can_send_messages", content)


def copy_message(call: Call) -> Json:
    _, kept = _original(call, "copy")
    content = _content(kept)
    if "caption" in call.params.values and "text" not in content:
        content = {k: v for k, v in content.items() if k not in ("caption", "caption_entities")} | _caption(
            call
        )
    return {"message_id": send(call, "can_send_messages", content)["message_id"]}


def create_forum_topic(call: Call) -> Json:
    chat = call.own_chat()
    name = call.params.text("name")
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    if not 1 <= len(name) <= 128:
        raise bad_request("TOPIC_TITLE_EMPTY")
    if not chat.allows(call.world.bot.id, "can_manage_topics"):
        raise bad_request("not enough rights to create a topic")
    topic = call.world.open_topic(chat, name, call.world.bot)
    return {"message_thread_id": topic.thread, "name": topic.name, "icon_color": 0x6FB9F0}


def send(call: Call, right: str, content: Json) -> Json:
    """Check everything that is not content, then post."""
    inline, keyboard = markup_of(call.params)
    chat, thread, reply = place(call, right, 1)
    sender = call.world.person(call.world.bot, chat)
    return call.world.post(chat, Draft(sender, content, thread, reply, inline, keyboard))


def place(call: Call, right: str, count: int) -> tuple[Chat, int | None, int | None]:
    """Chat, topic and replied message for `count` messages, within the rate. Raises Refused."""
    chat = call.chat()
    check_writing(call.world, chat, right)
    replied = _replied(call, chat)
    thread = thread_of(call, chat, replied)
    wait = call.world.limits.take(call.world.now(), chat.id, chat.type, count)
    if wait is not None:
        raise too_fast(wait)
    return chat, thread, replied["message_id"] if replied else None


def preview_options(call: Call) -> Json:
    """The link preview options to echo, as content; empty if the call has none."""
    given = call.params.mapping("link_preview_options") or {}
    shown = {name: given[name] for name in PREVIEW_FIELDS if name in given}
    if call.params.flag("disable_web_page_preview"):
        shown["is_disabled"] = True
    return {"link_preview_options": shown} if shown else {}


def _replied(call: Call, chat: Chat) -> Json | None:
    wanted = call.params.mapping("reply_parameters") or {}
    message_id = int(wanted.get("message_id") or call.params.integer("reply_to_message_id"))
    if not message_id:
        return None
    kept = call.world.find(chat, message_id)
    forgiving = wanted.get("allow_sending_without_reply") or call.params.flag("allow_sending_without_reply")
    if kept is None and not forgiving:
        raise bad_request("message to be replied not found")
    return kept.message if kept else None


def _caption(call: Call) -> Json:
    caption, entities = caption_of(call.params, call.world.users)
    content: Json = {"caption": caption} if caption else {}
    if caption and entities:
        content["caption_entities"] = entities
    if caption and call.params.flag("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return content


def _album_item(call: Call, kind: str, item: Json) -> Json:
    inner = Call(call.world, call.params.within(item))
    stored = _file(inner, kind, item.get("media"))
    shape: Any = stored.photo_shape() if kind == "photo" else stored.document_shape()
    return {kind: shape, **_caption(inner)}


def _file(call: Call, kind: str, given: Any) -> StoredFile:
    """The file a parameter names: an upload, an address, or a file id. Raises Refused."""
    name = str(given or "")
    upload = call.params.uploads.get(name.removeprefix("attach://") if name.startswith("attach://") else kind)
    files = call.world.files
    if upload is not None:
        if not upload.content:
            raise bad_request("file must be non-empty")
        if kind == "photo":
            return files.add_photo(upload.name, upload.content)
        return files.add_document(upload.name, upload.content, upload.mime)
    if not name:
        raise bad_request(f"there is no {kind} in the request")
    if known := files.by_id(name):
        if known.kind != kind:
            raise bad_request(f"can't use file of type {known.kind.title()} as {kind.title()}")
        return known
    return files.add_linked(kind, _address(name))


def _address(name: str) -> str:
    """An http(s) address; the simulated Telegram believes in it and fetches nothing."""
    scheme = name.partition("://")[0].lower()
    if scheme not in ("http", "https"):
        raise bad_request("wrong file identifier/HTTP URL specified")
    try:
        host = urlsplit(name).hostname or ""
    except ValueError:
        host = ""
    if "." not in host and ":" not in host:
        raise bad_request("wrong HTTP URL specified")
    return name


def _original(call: Call, verb: str) -> tuple[Chat, Kept]:
    source = call.chat_of("from_chat_id")
    kept = call.world.find(source, call.params.integer("message_id"))
    if kept is None:
        raise bad_request(f"message to {verb} not found")
    return source, kept


def _content(kept: Kept) -> Json:
    fields = (
        "text",
        "entities",
        "caption",
        "caption_entities",
        *MEDIA,
        "poll",
        "rich_message",
        "link_preview_options",
    )
    content = {name: kept.message[name] for name in fields if name in kept.message}
    if not content:
        raise bad_request("message can't be forwarded")
    return content


def _origin(source: Chat, kept: Kept) -> Json:
    message = kept.message
    origin: Json = {"date": message["date"]}
    if source.type == "channel":
        return origin | {"type": "channel", "chat": message["chat"], "message_id": message["message_id"]}
    if "sender_chat" in message:
        return origin | {"type": "chat", "sender_chat": message["sender_chat"]}
    return origin | {"type": "user", "sender_user": message["from"]}
