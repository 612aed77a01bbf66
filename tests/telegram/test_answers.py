"""Every answer that Telegram is known to give to a bot, and what comes of it for a message.

The texts are those of the official Bot API server and of TDLib; python-telegram-bot reads them here as it does
from the line, so that what it changes in them is part of the test.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from telegram import Bot
from telegram.error import BadRequest
from telegram.request import BaseRequest

from bot import i18n
from bot.model import (
    Alert,
    Article,
    Chat,
    ChatGone,
    ChatKind,
    ChatMoved,
    Look,
    NotSent,
    PerhapsSent,
    Refused,
    SendResult,
    TooFast,
    TopicGone,
    Unauthorized,
)
from bot.sandbox.faults import Fault
from bot.sandbox.run import simulated_telegram
from bot.telegram.messenger import TelegramMessenger, answer
from tests.fakes import FakePictures
from tests.telegram.test_messenger import connected

CATALOGUE = i18n.load()
GROUP = Chat(-1001234567890, ChatKind.GROUP, "Newsroom", "en")
ALERT = Alert(
    Article("k", "Tides", "https://example.org/tides", "The sea rose.", "https://example.org/sea.jpg", None),
    "Coast News",
    "en",
    Look.CARD,
    ("https://example.org/sea.jpg",),
)
PHOTO_KINDS = "Bad Request: photo has unsupported extension. Use one of .jpg, .jpeg, .gif, .png, .tif or .bmp"
UNCHANGED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
STALE = "Bad Request: query is too old and response timeout expired or query ID is invalid"
TWO_POLLERS = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"

Parameters = dict[str, int]
Row = tuple[int, str, Parameters, type[SendResult]]

REST: list[Row] = [
    (403, "Forbidden: bot was blocked by the user", {}, ChatGone),
    (403, "Forbidden: user is deactivated", {}, ChatGone),
    (403, "Forbidden: bot can't initiate conversation with a user", {}, ChatGone),
    (403, "Forbidden: bot was kicked from the group chat", {}, ChatGone),
    (403, "Forbidden: bot was kicked from the supergroup chat", {}, ChatGone),
    (403, "Forbidden: bot was kicked from the channel chat", {}, ChatGone),
    (403, "Forbidden: bot is not a member of the group chat", {}, ChatGone),
    (403, "Forbidden: bot is not a member of the supergroup chat", {}, ChatGone),
    (403, "Forbidden: bot is not a member of the channel chat", {}, ChatGone),
    (403, "Forbidden: the group chat was deleted", {}, ChatGone),
    (400, "Bad Request: chat not found", {}, ChatGone),
    (400, "Bad Request: private chat not found", {}, ChatGone),
    (400, "Bad Request: not enough rights to send text messages to the chat", {}, ChatGone),
    (400, "Bad Request: need administrator rights in the channel chat", {}, ChatGone),
    (400, "Bad Request: have no write access to the chat", {}, ChatGone),
    (400, "Bad Request: CHAT_WRITE_FORBIDDEN", {}, ChatGone),
]
"""The chat rests until somebody there invites us back."""

MOVE: list[Row] = [
    (
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": -1002},
        ChatMoved,
    ),
]

HOLD: list[Row] = [
    (400, "Bad Request: message thread not found", {}, TopicGone),
    (400, "Bad Request: TOPIC_CLOSED", {}, TopicGone),
    (400, "Bad Request: TOPIC_DELETED", {}, TopicGone),
]
"""The topic's articles wait; the chat is told."""

PLAINER: list[Row] = [
    (400, "Bad Request: can't parse entities: Unclosed start tag at byte offset 4", {}, Refused),
    (400, "Bad Request: message is too long", {}, Refused),
    (400, "Bad Request: message caption is too long", {}, Refused),
    (400, "Bad Request: text is too long", {}, Refused),
    (400, "Bad Request: ENTITIES_TOO_LONG", {}, Refused),
    (400, "Bad Request: text must be non-empty", {}, Refused),
    (400, "Bad Request: message text is empty", {}, Refused),
    (400, "Bad Request: message to be replied not found", {}, Refused),
    (400, "Bad Request: BUTTON_DATA_INVALID", {}, Refused),
    (400, "Bad Request: BUTTON_URL_INVALID", {}, Refused),
    (400, "Bad Request: reply markup is too long", {}, Refused),
    (400, "Bad Request: wrong file identifier/HTTP URL specified", {}, Refused),
    (400, "Bad Request: failed to get HTTP URL content", {}, Refused),
    (400, "Bad Request: wrong type of the web page content", {}, Refused),
    (400, "Bad Request: wrong HTTP URL specified", {}, Refused),
    (400, "Bad Request: PHOTO_INVALID_DIMENSIONS", {}, Refused),
    (400, PHOTO_KINDS, {}, Refused),
    (400, 'Bad Request: failed to send message #2 with the error message "MEDIA_EMPTY"', {}, Refused),
    (400, "Bad Request: group send failed", {}, Refused),
    (400, "Bad Request: RICH_MESSAGE_PHOTO_NO_MEDIA_FOUND", {}, Refused),
    (413, "Request Entity Too Large", {}, Refused),
]
"""Something in the message: said again in a plainer look, given up when the plainest is refused too."""

NO_SEND: list[Row] = [
    (400, UNCHANGED, {}, Refused),
    (400, "Bad Request: message to edit not found", {}, Refused),
    (400, "Bad Request: message can't be edited", {}, Refused),
    (400, "Bad Request: message to delete not found", {}, Refused),
    (400, "Bad Request: message can't be deleted for everyone", {}, Refused),
    (400, STALE, {}, Refused),
    (409, TWO_POLLERS, {}, NotSent),
    (409, WEBHOOK, {}, NotSent),
]
"""Answers to edits, presses and polls; where a send gets them, something between us and Telegram is confused."""

STOP: list[Row] = [
    (401, "Unauthorized", {}, Unauthorized),
    (404, "Not Found", {}, Unauthorized),
    (404, "Not Found: method not found", {}, Unauthorized),
]
"""The token is refused, or the server is not Telegram's: no chat is to blame."""

AGAIN: list[Row] = [
    (429, "Too Many Requests: retry after 7", {"retry_after": 7}, TooFast),
    (500, "Internal Server Error: restart", {}, PerhapsSent),
    (502, "Bad Gateway", {}, PerhapsSent),
    (504, "Gateway Timeout", {}, PerhapsSent),
]
"""Tried again; after a 5xx it may double."""

EVERY_ANSWER = [*REST, *MOVE, *HOLD, *PLAINER, *NO_SEND, *STOP, *AGAIN]


class Recorded(BaseRequest):
    """A line on which the same answer comes to every call."""

    def __init__(self, code: int, payload: bytes) -> None:
        self._answer = (code, payload)

    @property
    def read_timeout(self) -> float:
        return 1.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(self, *_: Any, **__: Any) -> tuple[int, bytes]:
        return self._answer


def messenger_answered(code: int, payload: bytes) -> TelegramMessenger:
    request = Recorded(code, payload)
    return TelegramMessenger(
        Bot("42:x", request=request, get_updates_request=request), CATALOGUE, FakePictures()
    )


def messenger_told(code: int, description: str, parameters: Parameters) -> TelegramMessenger:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return messenger_answered(
        code, json.dumps(body | ({"parameters": parameters} if parameters else {})).encode()
    )


def test_the_table_holds_every_known_text_once() -> None:
    assert len({(code, text) for code, text, _, _ in EVERY_ANSWER}) == len(EVERY_ANSWER) == 56


@pytest.mark.parametrize(
    ("code", "text", "parameters", "result"), [pytest.param(*row, id=row[1]) for row in EVERY_ANSWER]
)
async def test_every_answer_has_its_action(
    code: int, text: str, parameters: Parameters, result: type[SendResult]
) -> None:
    messenger = messenger_told(code, text, parameters)
    assert type(await messenger.send(GROUP, 7, ALERT)) is result


@pytest.mark.parametrize(
    ("code", "text", "parameters", "result"),
    [
        pytest.param(429, "Too Many Requests: retry after 7", {"retry_after": 7}, TooFast(timedelta(seconds=8)),
                     id="a second more than Telegram says, which rounds down"),
        pytest.param(429, "Too Many Requests", {}, TooFast(timedelta(seconds=1)),
                     id="a 429 without its wait is still one"),
        pytest.param(400, "Bad Request: group chat was upgraded to a supergroup chat",
                     {"migrate_to_chat_id": -1002}, ChatMoved(-1002), id="the new id of a group"),
        pytest.param(400, "Bad Request: group chat was upgraded to a supergroup chat", {},
                     NotSent("Group chat was upgraded to a supergroup chat"),
                     id="a group that moved nobody knows where: wait for its own message about it"),
        pytest.param(403, "Forbidden: bot was blocked by the user", {},
                     ChatGone("Forbidden: bot was blocked by the user"), id="the reason is kept"),
        pytest.param(400, "Bad Request: something new", {}, Refused("Something new"),
                     id="a 400 that nobody knows: given up with its reason"),
        pytest.param(418, "I'm a teapot", {}, PerhapsSent("I'm a teapot"), id="a status that nobody knows"),
    ],
)  # fmt: skip
async def test_what_an_answer_brings_along(
    code: int, text: str, parameters: Parameters, result: SendResult
) -> None:
    assert await messenger_told(code, text, parameters).send(GROUP, 7, ALERT) == result


@pytest.mark.parametrize(
    ("code", "payload"),
    [
        pytest.param(200, b"<html>Sign in to the wireless network</html>", id="a page"),
        pytest.param(200, b'{"ok": true, "result": {"mess', id="half of JSON"),
        pytest.param(200, b'{"ok": true}', id="no result"),
        pytest.param(200, b'{"ok": true, "result": true}', id="a result that is no message"),
        pytest.param(200, b"[]", id="a list"),
        pytest.param(302, b"", id="a redirect"),
        pytest.param(503, b"<html>Maintenance</html>", id="a page with a 5xx"),
    ],
)
async def test_an_answer_that_cannot_be_read_leaves_it_open(code: int, payload: bytes) -> None:
    """Never lost, at most one double."""
    assert isinstance(await messenger_answered(code, payload).send(GROUP, 7, ALERT), PerhapsSent)


@pytest.mark.parametrize("text", [row[1] for row in HOLD])
async def test_a_closed_general_rests_the_chat(text: str) -> None:
    """There is no topic to hold anything for, and no place to tell anybody."""
    assert isinstance(await messenger_told(400, text, {}).send(GROUP, None, ALERT), ChatGone)


def test_wrong_markup_is_told_apart() -> None:
    """Then the words go without any, and no other picture is tried."""
    blamed = [text for _, text, _, _ in PLAINER if _refusal(text).markup]
    assert blamed == [
        "Bad Request: can't parse entities: Unclosed start tag at byte offset 4",
        "Bad Request: ENTITIES_TOO_LONG",
    ]


def test_a_chat_that_takes_words_only_does_not_rest() -> None:
    assert not _refusal("Bad Request: not enough rights to send photos to the chat").markup


def _refusal(text: str) -> Refused:
    result = answer(BadRequest(text.removeprefix("Bad Request: ")))
    assert isinstance(result, Refused)
    return result


@pytest.mark.parametrize(
    ("code", "text", "parameters", "result"),
    [
        pytest.param(*row, id=row[1])
        for row in (REST[0], REST[10], *MOVE, *HOLD, NO_SEND[6], *STOP[:2], *AGAIN)
    ],
)
async def test_an_answer_of_the_simulated_telegram(
    code: int, text: str, parameters: Parameters, result: type[SendResult]
) -> None:
    """The same through a socket, and asked once: these are not about the form of the message."""
    async with simulated_telegram(port=0) as sandbox, connected(sandbox.token, sandbox.url) as bot:
        wait = {"retry_after": parameters["retry_after"]} if "retry_after" in parameters else {}
        sandbox.simulation.faults.waiting.append(
            Fault.read({"method": "sendMessage", "status": code, "description": text, **wait})
        )
        sent = await TelegramMessenger(bot, CATALOGUE, FakePictures()).send(GROUP, 7, ALERT)
        assert len(sandbox.simulation.calls) == 1
    assert type(sent) is (NotSent if result is ChatMoved else result)  # a fault carries no new id
