"""Keyboards under messages and instead of the phone's keyboard, checked as Telegram checks them."""

import json
from typing import Any

from bot.sandbox.links import checked_link
from bot.sandbox.params import Params
from bot.sandbox.refusals import bad_request
from bot.sandbox.shapes import Json

LONGEST_DATA = 64  # bytes
MOST_BUTTONS = 100
LARGEST_MARKUP = 10_240  # bytes; about where Telegram says "too long", the exact number is not public
ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


def markup_of(params: Params) -> tuple[Json | None, Json | None]:
    """The reply markup of a call: the inline keyboard, and any other kind; at most one is not None."""
    markup = params.mapping("reply_markup")
    if not markup:
        return None, None
    if "inline_keyboard" not in markup:
        return None, _other(markup)
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse inline keyboard: expected an Array of Array of InlineKeyboardButton")
    keyboard = [[_button(button) for button in row] for row in rows if row]
    if not keyboard:
        return None, None
    size = len(json.dumps(keyboard, ensure_ascii=False).encode())
    if size > LARGEST_MARKUP or sum(map(len, keyboard)) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": keyboard}, None


def inline_only(params: Params) -> Json | None:
    """The inline keyboard of an edit, which takes no other kind."""
    inline, other = markup_of(params)
    if other is not None:
        raise bad_request("inline keyboard expected")
    return inline


def _other(markup: Json) -> Json:
    if markup.get("keyboard") or markup.get("force_reply") or markup.get("remove_keyboard"):
        return markup
    raise bad_request("object expected as reply markup")


def _button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: expected an Object")
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad_request('can\'t parse inline keyboard button: field "text" must be of type String')
    actions = [name for name in ACTIONS if name in button]
    if not actions:
        raise bad_request(
            "can't parse inline keyboard button: text buttons are unallowed in the inline keyboard"
        )
    if "callback_data" in button:
        data = button["callback_data"]
        if not isinstance(data, str) or not 1 <= len(data.encode()) <= LONGEST_DATA:
            raise bad_request("BUTTON_DATA_INVALID")
    shown = dict(button)
    if "url" in button:
        shown["url"] = _button_url(str(button["url"]))
    return shown


def _button_url(url: str) -> str:
    link = checked_link(url)
    if link is None:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return link
