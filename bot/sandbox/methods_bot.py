"""Bot API methods about the bot itself: its name, texts, commands, buttons, and where its updates go."""

import ipaddress
from collections.abc import Callable
from urllib.parse import urlsplit

from bot.sandbox.menu import read_commands, read_language, read_scope
from bot.sandbox.refusals import bad_request
from bot.sandbox.rights import Call
from bot.sandbox.shapes import Json
from bot.sandbox.updates import Webhook

# Name of the text, its field in the calls, the most characters.
TEXTS = {
    "Name": ("name", 64),
    "Description": ("description", 512),
    "ShortDescription": ("short_description", 120),
}


def get_me(call: Call) -> Json:
    return call.world.bot.shape() | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
    }


def set_my_commands(call: Call) -> bool:
    key = (read_scope(call.params), read_language(call.params))
    commands = read_commands(call.params)
    if commands:
        call.world.menu.commands[key] = commands
    else:
        call.world.menu.commands.pop(key, None)
    call.world.events.tell("commands", {})
    return True


def get_my_commands(call: Call) -> list[Json]:
    return call.world.menu.commands.get((read_scope(call.params), read_language(call.params)), [])


def delete_my_commands(call: Call) -> bool:
    call.world.menu.commands.pop((read_scope(call.params), read_language(call.params)), None)
    call.world.events.tell("commands", {})
    return True


def text_methods() -> dict[str, Callable[[Call], object]]:
    """setMyName, getMyName and their like for the other texts."""
    table: dict[str, Callable[[Call], object]] = {}
    for title, (name, longest) in TEXTS.items():
        table[f"setMy{title}"] = _setter(name, longest)
        table[f"getMy{title}"] = _getter(name)
    return table


def set_chat_menu_button(call: Call) -> bool:
    button = call.params.mapping("menu_button") or {"type": "default"}
    if button.get("type") not in ("default", "commands", "web_app"):
        raise bad_request("can't parse menu button: unsupported type specified")
    call.world.menu.buttons[_private_chat(call)] = button
    return True


def get_chat_menu_button(call: Call) -> Json:
    buttons = call.world.menu.buttons
    default = buttons.get(0, {"type": "commands"})
    return buttons.get(_private_chat(call), default)


def set_webhook(call: Call) -> bool:
    url = call.params.text("url")
    if not url:
        return delete_webhook(call)
    _check_address(url)
    secret = call.params.text("secret_token")
    if len(secret) > 256 or not all(char.isascii() and (char.isalnum() or char in "_-") for char in secret):
        raise bad_request("secret token contains unallowed characters")
    _set_allowed(call)
    if call.params.flag("drop_pending_updates"):
        call.world.updates.waiting.clear()
    most = call.params.integer("max_connections", 40)
    call.world.updates.set_webhook(Webhook(url, secret, most))
    return True


def delete_webhook(call: Call) -> bool:
    if call.params.flag("drop_pending_updates"):
        call.world.updates.waiting.clear()
    call.world.updates.set_webhook(Webhook())
    return True


def get_webhook_info(call: Call) -> Json:
    updates = call.world.updates
    return updates.webhook.shape(len(updates.waiting), updates.allowed)


def log_out(call: Call) -> bool:
    """Nothing to leave: there is only this server."""
    return True


async def get_updates(call: Call) -> list[Json]:
    """Raises Refused 409 if another poll or a webhook takes over."""
    params, updates = call.params, call.world.updates
    _set_allowed(call)
    limit = params.integer("limit", 100)
    updates.confirm(params.integer("offset"))
    return await updates.poll(min(max(limit, 1), 100), params.integer("timeout"))


def _set_allowed(call: Call) -> None:
    """The kinds asked for stay until another call says otherwise; an empty list means the usual ones."""
    if "allowed_updates" in call.params.values:
        call.world.updates.allowed = [str(one) for one in call.params.items("allowed_updates")]


def _setter(name: str, longest: int) -> Callable[[Call], bool]:
    def set_text(call: Call) -> bool:
        text = call.params.text(name)
        if len(text) > longest:
            raise bad_request(f"BOT_{name.upper()}_TOO_LONG")
        call.world.menu.texts[name, read_language(call.params)] = text
        return True

    return set_text


def _getter(name: str) -> Callable[[Call], Json]:
    def get_text(call: Call) -> Json:
        default = call.world.bot.first_name if name == "name" else ""
        return {name: call.world.menu.text(name, read_language(call.params)) or default}

    return get_text


def _private_chat(call: Call) -> int:
    """The chat of a menu button; 0 for the default one."""
    if not call.params.text("chat_id"):
        return 0
    chat = call.chat()
    if chat.type != "private":
        raise bad_request("chat_id must be a private chat")
    return chat.id


def _check_address(url: str) -> None:
    """A webhook of the sandbox is on this machine. Telegram itself asks for https and a public address."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        near = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        near = False
    if not near or parts.scheme not in ("http", "https"):
        raise bad_request("bad webhook: the simulated Telegram posts to loopback addresses only")
