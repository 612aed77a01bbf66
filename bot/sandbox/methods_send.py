"""Bot API methods that put a message into a chat."""

import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.sandbox.content import MEDIA, caption_of, carried, origin_of, text_of
from bot.sandbox.files import ServerError, StoredFile
from bot.sandbox.markup import markup_of
from bot.sandbox.params import whole
from bot.sandbox.refusals import bad_request, too_fast
from bot.sandbox.rights import Call, check_writing, thread_of
from bot.sandbox.shapes import Chat, Json
from bot.sandbox.world import Draft, Kept

ALBUM = 10
PREVIEW_FIELDS = ("is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text")
# How the Bot API words what Telegram's servers say of a file; the others stay as they are.
SENTENCES = {
    "WEBPAGE_CURL_FAILED": "failed to get HTTP URL content",
    "WEBPAGE_MEDIA_EMPTY": "wrong type of the web page content",
}
Markups = tuple[Json | None, Json | None]


def send_message(call: Call) -> Json:
    text, entities = text_of(call.params, call.world.users)
    content: Json = {"text": text}
    if entities:
        content["entities"] = entities
    return send(call, "can_send_messages", content | preview_options(call))


def send_photo(call: Call) -> Json:
    return _send_file(call, "photo")


def send_document(call: Call) -> Json:
    return _send_file(call, "document")


def send_media_group(call: Call) -> list[Json]:
    items = call.params.objects("media")
    if not items:
        raise bad_request("there are no messages to send")
    if len(items) > ALBUM:
        raise bad_request("too many messages to send as an album")
    kinds = {str(item.get("type")) for item in items}
    if not kinds <= set(MEDIA):
        raise bad_request("can't parse InputMedia: type must be photo or document in the simulated Telegram")
    if len(kinds) > 1:
        raise bad_request("document can't be mixed with other media types")
    kind = kinds.pop()
    inner = [Call(call.world, call.params.within(item), call.fetched) for item in items]
    captions = [_caption(one) for one in inner]
    place = find_place(call, f"can_send_{kind}s", len(items))
    files = [_album_file(one, kind, position) for position, one in enumerate(inner, start=1)]
    group = {"media_group_id": str(secrets.randbits(62))} if len(items) > 1 else {}
    contents = [_shown(stored) | caption for stored, caption in zip(files, captions, strict=True)]
    return [post(call, place, group | content) for content in contents]


def send_poll(call: Call) -> Json:
    question = call.params.text("question")
    options = [
        str(one.get("text", "")) if isinstance(one, dict) else str(one)
        for one in call.params.items("options")
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
    content = carried(kept) | {"forward_origin": origin_of(source, kept)}
    return send(call, "can_send_messages", content)


def copy_message(call: Call) -> Json:
    _, kept = _original(call, "copy")
    content = carried(kept)
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
    markup = markup_of(call.params)
    return post(call, find_place(call, right), content, markup)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: the chat, its topic, the message it answers."""

    chat: Chat
    thread: int | None
    reply_to: int | None


def find_place(call: Call, right: str, count: int = 1) -> Place:
    """Where `count` messages go, if they may and are within the rate. Raises Refused."""
    chat = call.chat()
    check_writing(call.world, chat, right)
    replied = _replied(call, chat)
    thread = thread_of(call, chat, replied)
    wait = call.world.limits.take(call.world.now(), chat.id, chat.type, count)
    if wait is not None:
        raise too_fast(wait)
    return Place(chat, thread, replied["message_id"] if replied else None)


def post(call: Call, place: Place, content: Json, markup: Markups = (None, None)) -> Json:
    """Put the bot's message there."""
    sender = call.world.person(call.world.bot, place.chat)
    return call.world.post(place.chat, Draft(sender, content, place.thread, place.reply_to, *markup))


def preview_options(call: Call) -> Json:
    """The link preview options to echo, as content; empty if the call has none."""
    given = call.params.mapping("link_preview_options") or {}
    shown = {name: given[name] for name in PREVIEW_FIELDS if name in given}
    if call.params.flag("disable_web_page_preview"):
        shown["is_disabled"] = True
    return {"link_preview_options": shown} if shown else {}


def _replied(call: Call, chat: Chat) -> Json | None:
    wanted = call.params.mapping("reply_parameters") or {}
    message_id = whole(wanted.get("message_id")) or call.params.integer("reply_to_message_id")
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


def _send_file(call: Call, kind: str) -> Json:
    caption, markup = _caption(call), markup_of(call.params)
    place = find_place(call, f"can_send_{kind}s")
    try:
        stored = _file(call, kind, call.params.text(kind))
    except ServerError as error:
        raise bad_request(SENTENCES.get(error.code, error.code)) from error
    return post(call, place, _shown(stored) | caption, markup)


def _album_file(call: Call, kind: str, position: int) -> StoredFile:
    """The file of one item of an album; what Telegram's servers dislike is told with its position."""
    try:
        return _file(call, kind, call.params.text("media"))
    except ServerError as error:
        text = f'failed to send message #{position} with the error message "{error.code}"'
        raise bad_request(text) from error


def _shown(stored: StoredFile) -> Json:
    return (
        {"photo": stored.photo_shape()} if stored.kind == "photo" else {"document": stored.document_shape()}
    )


def _file(call: Call, kind: str, name: str) -> StoredFile:
    """The file a parameter names: an upload, an address, or a file id. Raises Refused, ServerError."""
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
    got = call.fetched.get(name)
    if isinstance(got, str):
        raise ServerError(got)
    return files.add_photo("picture", got) if got else files.add_linked(kind, _address(name))


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
