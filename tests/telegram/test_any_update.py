"""Whatever Telegram shows the bot: at most one kind sentence, no error, and the next command works."""

from __future__ import annotations

from typing import Any

import pytest
import structlog

from tests.telegram.conversation import ADA, READERS, Conversation, texts

PERSON = {"id": ADA, "is_bot": False, "first_name": "Ada", "language_code": "en"}
FILE = {"file_id": "f", "file_unique_id": "u"}
STICKER = {**FILE, "type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}
ONLY_TEXT = [
    "I can read only text and OPML files. Send me the address of a site or feed you want to follow, "
    "for example example.org."
]

CONTENTS = [
    pytest.param({"sticker": STICKER}, ONLY_TEXT, id="a sticker"),
    pytest.param(
        {"photo": [{**FILE, "width": 1, "height": 1}], "caption": "/pause"}, ONLY_TEXT, id="a photo"
    ),
    pytest.param({"voice": {**FILE, "duration": 1}}, ONLY_TEXT, id="a voice message"),
    pytest.param({"location": {"latitude": 1.0, "longitude": 1.0}}, ONLY_TEXT, id="a place"),
    pytest.param({"contact": {"phone_number": "1", "first_name": "B"}}, ONLY_TEXT, id="a contact"),
    pytest.param({"dice": {"emoji": "🎲", "value": 6}}, ONLY_TEXT, id="a die"),
    pytest.param(
        {"pinned_message": {"message_id": 1, "date": 0, "chat": {"id": ADA, "type": "private"}}},
        [],
        id="pinned",
    ),
    pytest.param(
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 1}}, [], id="a timer is set"
    ),
    pytest.param({"new_chat_members": [PERSON]}, [], id="somebody joins"),
    pytest.param({"left_chat_member": PERSON}, [], id="somebody leaves"),
    pytest.param({"new_chat_title": "x"}, [], id="a new title"),
    pytest.param(
        {"forum_topic_created": {"name": "x", "icon_color": 1}, "is_topic_message": True},
        [],
        id="a new topic",
    ),
    pytest.param({"migrate_from_chat_id": -4001}, [], id="the other end of a migration"),
    pytest.param({"a_field_of_next_year": {"x": 1}}, [], id="a field that nobody knows yet"),
]


async def show(chat: Conversation, where: dict[str, Any], content: dict[str, Any]) -> list[str]:
    """Let the bot see a message of that content; what it says to it."""
    before = await chat.since(where["id"], 0)
    message = {"message_id": 900_000, "date": 1, "chat": where, "from": PERSON, **content}
    with structlog.testing.capture_logs() as log:
        await chat.quiet(chat.sandbox.world.updates.add("message", message))
    assert [line for line in log if line["log_level"] in ("error", "critical")] == []
    return texts((await chat.since(where["id"], 0))[len(before) :])


@pytest.mark.parametrize(("content", "answers"), CONTENTS)
async def test_in_private_what_is_no_text_gets_a_kind_sentence(
    chat: Conversation, content: dict[str, Any], answers: list[str]
) -> None:
    assert await show(chat, {"id": ADA, "type": "private", "first_name": "Ada"}, content) == answers
    assert len(await chat.say("/start")) == 1


@pytest.mark.parametrize(("content", "_answers"), CONTENTS)
async def test_in_a_group_it_gets_silence(
    chat: Conversation, content: dict[str, Any], _answers: list[str]
) -> None:
    assert await show(chat, {"id": READERS, "type": "supergroup", "title": "Readers"}, content) == []
