"""What Telegram refuses, in its words, as python-telegram-bot hands them on (in another letter case)."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    TelegramError,
)

from bot.sandbox.defaults import ADA, CHANNEL, FAMILY, NEWS_TOPIC, NEWSROOM, READERS
from bot.sandbox.run import Sandbox
from tests.sandbox.conftest import PNG, Control, album, button

WIDE_PNG = PNG[:16] + (2100).to_bytes(4) + (100).to_bytes(4) + PNG[24:]
Doing = Callable[[Bot], Awaitable[Any]]


REFUSALS: list[Any] = [
    (
        "bad HTML",
        lambda b: b.send_message(ADA, "a < b", "HTML"),
        'can\'t parse entities: unsupported start tag "" at byte offset 2',
    ),
    ("a text over 4096 code points", lambda b: b.send_message(ADA, "🏟" * 4097), "message is too long"),
    (
        "a raw text over 32768 bytes",
        lambda b: b.send_message(ADA, "<b></b>" * 4682, "HTML"),
        "text is too long",
    ),
    ("no text", lambda b: b.send_message(ADA, ""), "message text is empty"),
    ("only space", lambda b: b.send_message(ADA, "<b> </b>", "HTML"), "text must be non-empty"),
    (
        "too many addresses",
        lambda b: b.send_message(
            ADA, "".join(f"<a href='https://example.org/{'x' * 190}'>{n}</a> " for n in range(60)), "HTML"
        ),
        "entities_too_long",
    ),
    (
        "a caption over 1024",
        lambda b: b.send_photo(ADA, PNG, caption="x" * 1025),
        "message caption is too long",
    ),
    ("an unknown chat", lambda b: b.send_message(999, "x"), "chat not found"),
    ("an unknown name", lambda b: b.send_message("@nobody_here", "x"), "chat not found"),
    (
        "data of 65 bytes",
        lambda b: b.send_message(ADA, "x", reply_markup=button("A", callback_data="é" * 32 + "x")),
        "button_data_invalid",
    ),
    (
        "a button to nowhere",
        lambda b: b.send_message(ADA, "x", reply_markup=button("A", url="localhost/a")),
        "inline keyboard button url 'localhost/a' is invalid: wrong http url",
    ),
    (
        "101 buttons",
        lambda b: b.send_message(
            ADA,
            "x",
            reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]] * 101),
        ),
        "reply markup is too long",
    ),
    (
        "a reply to nothing",
        lambda b: b.send_message(ADA, "x", reply_parameters=ReplyParameters(999)),
        "message to be replied not found",
    ),
    ("no picture at all", lambda b: b.send_photo(ADA, b"text"), "image_process_failed"),
    (
        "a picture twenty-one times as wide as high",
        lambda b: b.send_photo(ADA, WIDE_PNG),
        "photo_invalid_dimensions",
    ),
    (
        "a picture by a strange address",
        lambda b: b.send_photo(ADA, "ftp://example.org/a.png"),
        "wrong file identifier/http url specified",
    ),
    (
        "a picture on a host without a dot",
        lambda b: b.send_photo(ADA, "http://localhost/a.png"),
        "wrong http url specified",
    ),
    (
        "a picture nobody serves",
        lambda b: b.send_photo(ADA, "http://127.0.0.1:1/a.png"),
        "failed to get http url content",
    ),
    (
        "an album with it",
        lambda b: b.send_media_group(ADA, [*album(1), InputMediaPhoto("http://127.0.0.1:1/a.png")]),
        'failed to send message #2 with the error message "webpage_curl_failed"',
    ),
    (
        "eleven pictures",
        lambda b: b.send_media_group(ADA, album(11)),
        "too many messages to send as an album",
    ),
    ("no message to edit", lambda b: b.edit_message_text("x", ADA, 999), "message to edit not found"),
    ("no message to delete", lambda b: b.delete_message(ADA, 999), "message to delete not found"),
    (
        "a topic that is none",
        lambda b: b.send_message(NEWSROOM, "x", message_thread_id=99),
        "message thread not found",
    ),
    (
        "a topic where there are none",
        lambda b: b.send_message(READERS, "x", message_thread_id=7),
        "message thread not found",
    ),
    (
        "an answer to no press",
        lambda b: b.answer_callback_query("1"),
        "query is too old and response timeout expired or query id is invalid",
    ),
    (
        "an unknown file",
        lambda b: b.get_file("nothing"),
        "wrong file_id or the file is temporarily unavailable",
    ),
    ("a command in capitals", lambda b: b.set_my_commands([("Start", "x")]), "bot_command_invalid"),
    (
        "a language of five letters",
        lambda b: b.set_my_commands([("start", "x")], language_code="zh-hans"),
        "invalid language code specified",
    ),
    ("leaving an unknown chat", lambda b: b.leave_chat(-100999), "chat not found"),
    (
        "a webhook elsewhere",
        lambda b: b.set_webhook("https://example.org/hook"),
        "bad webhook: the simulated telegram posts to loopback addresses only",
    ),
]


@pytest.mark.parametrize(("doing", "words"), [pytest.param(do, words, id=id_) for id_, do, words in REFUSALS])
async def test_what_telegram_refuses(bot: Bot, doing: Doing, words: str) -> None:
    with pytest.raises(BadRequest) as refused:
        await doing(bot)
    assert refused.value.message.lower() == words


CHANGES: list[Any] = [
    (
        "the person blocked the bot",
        [{"chat": ADA, "blocked": True}],
        ADA,
        Forbidden,
        "bot was blocked by the user",
    ),
    (
        "the account is gone",
        [{"user": {"id": ADA, "deactivated": True}}],
        ADA,
        Forbidden,
        "user is deactivated",
    ),
    (
        "the person never started",
        [{"user": {"id": 7, "started": False}}],
        7,
        Forbidden,
        "bot can't initiate conversation with a user",
    ),
    (
        "the bot was kicked",
        [{"chat": NEWSROOM, "member": {"bot": True, "status": "kicked"}}],
        NEWSROOM,
        Forbidden,
        "bot was kicked from the supergroup chat",
    ),
    (
        "the bot was removed",
        [{"chat": FAMILY, "member": {"bot": True, "status": "left"}}],
        FAMILY,
        Forbidden,
        "bot is not a member of the group chat",
    ),
    (
        "the group is deleted",
        [{"chat": FAMILY, "deleted": True}],
        FAMILY,
        Forbidden,
        "the group chat was deleted",
    ),
    (
        "the bot may not post",
        [{"chat": CHANNEL, "member": {"bot": True, "status": "administrator", "can_post_messages": False}}],
        CHANNEL,
        BadRequest,
        "need administrator rights in the channel chat",
    ),
    (
        "nobody may write",
        [{"id": READERS, "permissions": {"can_send_messages": False}}],
        READERS,
        BadRequest,
        "not enough rights to send text messages to the chat",
    ),
    (
        "the bot is muted",
        [{"chat": READERS, "member": {"bot": True, "status": "restricted"}}],
        READERS,
        BadRequest,
        "not enough rights to send text messages to the chat",
    ),
    (
        "the group moved",
        [{"chat": FAMILY, "migrate_to": -1005}],
        FAMILY,
        ChatMigrated,
        "group migrated to supergroup. new chat id: -1005",
    ),
]


@pytest.mark.parametrize(
    ("changes", "chat", "kind", "words"), [pytest.param(*rest, id=id_) for id_, *rest in CHANGES]
)
async def test_chats_the_bot_cannot_write_to(
    bot: Bot, control: Control, changes: list[Any], chat: int, kind: type[TelegramError], words: str
) -> None:
    for change in changes:
        await control.post("chats", change)
    with pytest.raises(kind) as refused:
        await bot.send_message(chat, "x")
    assert refused.value.message.lower().removeprefix("forbidden: ") == words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"closed": True}, "topic_closed", id="closed"),
        pytest.param({"deleted": True}, "message thread not found", id="deleted"),
    ],
)
async def test_a_topic_that_takes_no_messages(bot: Bot, control: Control, change: Any, words: str) -> None:
    await control.post("chats", {"chat": NEWSROOM, "topic": NEWS_TOPIC, **change})
    with pytest.raises(BadRequest, match=f"(?i)^{words}$"):
        await bot.send_message(NEWSROOM, "x", message_thread_id=NEWS_TOPIC)


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        pytest.param(
            "sendMessage", {"text": "\ud800"}, "text must be encoded in UTF-8", id="half a surrogate pair"
        ),
        pytest.param(
            "sendMessage",
            {"text": "x", "reply_markup": "{"},
            "can't parse reply markup JSON object",
            id="no JSON",
        ),
        pytest.param(
            "sendMessage",
            {"text": "x", "entities": [{"type": "bold"}]},
            'can\'t parse MessageEntity: field "offset" must be of another type',
            id="an entity without a place",
        ),
        pytest.param(
            "deleteMessages",
            {"message_ids": ["a"]},
            "can't parse message ids: expected a Number",
            id="ids that are no numbers",
        ),
        pytest.param(
            "sendMediaGroup",
            {"media": ["a"]},
            "can't parse media: expected an Object",
            id="media that are no objects",
        ),
        pytest.param("sendPhoto", {}, "there is no photo in the request", id="no photo"),
    ],
)
async def test_malformed_calls_are_refused_and_not_stumbled_over(
    telegram: Sandbox, control: Control, method: str, params: dict[str, Any], words: str
) -> None:
    url = f"{telegram.url}/bot{telegram.token}/{method}"
    async with control.session.post(url, json={"chat_id": ADA, **params}) as answer:
        assert await answer.json() == {"ok": False, "error_code": 400, "description": f"Bad Request: {words}"}
