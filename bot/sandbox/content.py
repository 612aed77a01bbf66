"""The text or caption of a message, from the call's parameters to what is stored."""

from collections.abc import Sequence

from bot.sandbox.entities import finish
from bot.sandbox.html import parse_html
from bot.sandbox.params import Params
from bot.sandbox.refusals import bad_request
from bot.sandbox.shapes import Chat, Json, User
from bot.sandbox.world import Kept

LONGEST_TEXT = 4096  # code points after parsing
LONGEST_CAPTION = 1024
LONGEST_RAW = 1 << 15  # bytes before parsing
# Seen by bot authors at about 9.5 kB, mostly of addresses; the server's own number is not public.
LARGEST_ENTITIES = 9500
MEDIA = ("photo", "document")


def text_of(params: Params, users: dict[int, User]) -> tuple[str, list[Json]]:
    """The text of sendMessage and editMessageText. Raises Refused."""
    raw = params.text("text")
    if not raw:
        raise bad_request("message text is empty")
    text, entities = _read(params, raw, "entities", users)
    if not text:
        raise bad_request("text must be non-empty")
    if len(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return text, entities


def caption_of(params: Params, users: dict[int, User]) -> tuple[str, list[Json]]:
    """The caption of a picture or file; empty if there is none. Raises Refused."""
    raw = params.text("caption")
    text, entities = _read(params, raw, "caption_entities", users) if raw else ("", [])
    if len(text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return text, entities


def typed(text: str, formatting: Sequence[Json] = ()) -> tuple[str, list[Json]]:
    """What a person types: no markup, only the formatting of its client, and what Telegram finds by itself."""
    # Half a surrogate pair cannot be typed, and Telegram's library refuses it.
    return finish(text.encode("utf-8", "replace").decode(), list(formatting))


def _read(params: Params, raw: str, entities_name: str, users: dict[int, User]) -> tuple[str, list[Json]]:
    try:
        size = len(raw.encode())
    except UnicodeEncodeError as lone:
        raise bad_request("text must be encoded in UTF-8") from lone
    if size > LONGEST_RAW:
        raise bad_request("text is too long")
    match params.text("parse_mode").lower():
        case "html":
            text, entities = parse_html(raw)
        case "":
            text, entities = raw, given(params, entities_name)
        case "markdown" | "markdownv2":
            raise bad_request("the simulated Telegram reads parse_mode HTML only")
        case _:
            raise bad_request("unsupported parse_mode")
    text, entities = finish(text, entities)
    weight = sum(len(str(one.get("url", "")).encode()) + 12 for one in entities)
    if weight > LARGEST_ENTITIES:
        raise bad_request("ENTITIES_TOO_LONG")
    return text, [_with_user(one, users) for one in entities]


def given(params: Params, name: str) -> list[Json]:
    """The entities that came with a text, as they are."""
    entities = params.objects(name)
    for one in entities:
        for field, kind in (("type", str), ("offset", int), ("length", int)):
            if not isinstance(one.get(field), kind):
                raise bad_request(f'can\'t parse MessageEntity: field "{field}" must be of another type')
    return [dict(one) for one in entities]


def _with_user(entity: Json, users: dict[int, User]) -> Json:
    """A mention by id shows the person; of somebody the bot never met it is plain text to the reader."""
    user = users.get(entity.get("user_id", 0))
    shown = {name: value for name, value in entity.items() if name != "user_id"}
    return shown | {"user": user.shape()} if user else shown


def carried(kept: Kept) -> Json:
    """What of a message goes on with it when it is forwarded or copied. Raises Refused."""
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


def origin_of(source: Chat, kept: Kept) -> Json:
    """Where a forwarded message comes from: the Bot API's MessageOrigin."""
    message = kept.message
    origin: Json = {"date": message["date"]}
    if source.type == "channel":
        return origin | {"type": "channel", "chat": message["chat"], "message_id": message["message_id"]}
    if "sender_chat" in message:
        return origin | {"type": "chat", "sender_chat": message["sender_chat"]}
    return origin | {"type": "user", "sender_user": message["from"]}
