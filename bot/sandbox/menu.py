"""The bot's commands and profile texts, by scope and language, and which of them a person sees."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.sandbox.params import Params
from bot.sandbox.refusals import bad_request
from bot.sandbox.shapes import RULERS, Chat, Json, User

NAME = re.compile(r"[a-z0-9_]{1,32}")
LONGEST_DESCRIPTION = 256
MOST_COMMANDS = 100
SCOPES = (
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
)


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom commands are meant. `chat` and `user` are 0 where the kind needs none."""

    kind: str = "default"
    chat: int = 0
    user: int = 0


@dataclass(slots=True)
class Menu:
    """Commands by scope and language, texts by name and language; "" is the language of everybody else."""

    commands: dict[tuple[Scope, str], list[Json]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    buttons: dict[int, Json] = field(default_factory=dict)  # by chat; 0 for the default

    def seen_by(self, user: User, chat: Chat) -> list[Json]:
        """The commands a person sees in a chat: the narrowest scope first, in it their language first."""
        language = (user.language or "")[:2].lower()
        for scope in _scopes(user, chat):
            for tag in (language, ""):
                if found := self.commands.get((scope, tag)):
                    return found
        return []

    def text(self, name: str, language: str) -> str:
        """A profile text in a language, or the one of everybody else."""
        return self.texts.get((name, language)) or self.texts.get((name, ""), "")


def _scopes(user: User, chat: Chat) -> Iterator[Scope]:
    """Source: the Bot API's "Determining list of commands"."""
    if chat.type == "private":
        yield Scope("chat", chat.id)
        yield Scope("all_private_chats")
    else:
        yield Scope("chat_member", chat.id, user.id)
        if chat.status_of(user.id) in RULERS:
            yield Scope("chat_administrators", chat.id)
            yield Scope("chat", chat.id)
            yield Scope("all_chat_administrators")
        else:
            yield Scope("chat", chat.id)
        yield Scope("all_group_chats")
    yield Scope()


def read_scope(params: Params) -> Scope:
    """The scope of a call. Raises Refused."""
    raw = params.mapping("scope") or {"type": "default"}
    kind = str(raw.get("type"))
    if kind not in SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    chat = raw.get("chat_id", 0) if kind.startswith("chat") else 0
    user = raw.get("user_id", 0) if kind == "chat_member" else 0
    try:
        return Scope(kind, int(chat), int(user))
    except (TypeError, ValueError, OverflowError) as wrong:
        raise bad_request("chat not found") from wrong


def read_language(params: Params) -> str:
    """The language of a call: two letters or nothing. Raises Refused."""
    language = params.text("language_code")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    return language


def read_commands(params: Params) -> list[Json]:
    """The commands of setMyCommands. Raises Refused."""
    commands = []
    for one in params.objects("commands"):
        command = str(one.get("command", "")).removeprefix("/")
        description = str(one.get("description", "")).strip()
        if not NAME.fullmatch(command):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= LONGEST_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        commands.append({"command": command, "description": description})
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return commands
