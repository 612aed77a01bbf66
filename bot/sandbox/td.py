"""Telegram's own text parser, TDLib's, called in process through the `tdjson` wheel; no login, no network."""

import json
from functools import cache
from typing import Any, cast

import tdjson

from bot.sandbox.html import Malformed, to_json
from bot.sandbox.shapes import Json

KINDS = {
    "Bold": "bold",
    "Italic": "italic",
    "Underline": "underline",
    "Strikethrough": "strikethrough",
    "Spoiler": "spoiler",
    "Code": "code",
    "Pre": "pre",
    "PreCode": "pre",
    "BlockQuote": "blockquote",
    "ExpandableBlockQuote": "expandable_blockquote",
    "TextUrl": "text_link",
    "MentionName": "text_mention",
    "CustomEmoji": "custom_emoji",
    "DateTime": "date_time",
    "Url": "url",
    "Hashtag": "hashtag",
    "Cashtag": "cashtag",
    "Mention": "mention",
    "BotCommand": "bot_command",
    "EmailAddress": "email",
    "PhoneNumber": "phone_number",
    "BankCardNumber": "bank_card_number",
}
PRECISION = "dateTimePartPrecision"


def parse_html(text: str) -> tuple[str, list[Json]]:
    """Text and entities. Raises Malformed with td's words."""
    answer = _ask({"@type": "parseTextEntities", "text": text, "parse_mode": {"@type": "textParseModeHTML"}})
    if answer["@type"] == "error":
        raise Malformed(str(answer["message"]).removeprefix("Can't parse entities: "))
    return answer["text"], _entities(answer["entities"])


def automatic(text: str) -> list[Json]:
    """The entities Telegram finds by itself: addresses, hashtags, mentions, commands."""
    return _entities(_ask({"@type": "getTextEntities", "text": text})["entities"])


@cache
def _quiet() -> None:
    tdjson.td_execute(to_json({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}))


def _ask(request: Json) -> Json:
    _quiet()
    return cast(Json, json.loads(tdjson.td_execute(to_json(request)) or b"{}"))


def _entities(found: list[Json]) -> list[Json]:
    shaped = (_entity(one) for one in found)
    return [entity for entity in shaped if entity is not None]


def _entity(one: Json) -> Json | None:
    kind = one["type"]
    name = KINDS.get(kind["@type"].removeprefix("textEntityType"))
    if name is None:
        return None  # media timestamps and whatever comes later: the Bot API does not show them
    entity: Json = {"type": name, "offset": one["offset"], "length": one["length"]}
    match name:
        case "text_link":
            entity["url"] = kind["url"]
        case "text_mention":
            entity["user_id"] = kind["user_id"]
        case "custom_emoji":
            entity["custom_emoji_id"] = str(kind["custom_emoji_id"])
        case "pre" if "language" in kind:
            entity["language"] = kind["language"]
        case "date_time":
            entity["unix_time"] = kind["unix_time"]
            entity["date_time_format"] = _date_format(kind.get("formatting_type"))
    return entity


def _date_format(wish: dict[str, Any] | None) -> str:
    if not wish:
        return ""
    if wish["@type"].endswith("Relative"):
        return "r"
    letters = "w" if wish.get("show_day_of_week") else ""
    for part, short, long in (("date_precision", "d", "D"), ("time_precision", "t", "T")):
        letters += {f"{PRECISION}Short": short, f"{PRECISION}Long": long}.get(wish[part]["@type"], "")
    return letters
