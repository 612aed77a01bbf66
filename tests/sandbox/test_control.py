"""The control interface: playing the people, and what the bot is told of it."""

import json
from typing import Any

import aiohttp
import pytest
from telegram import Bot, Message, Update
from telegram.error import BadRequest
from yarl import URL

from bot.sandbox.acts import Saying, say
from bot.sandbox.defaults import (
    ADA,
    BEA,
    BOT_ID,
    BOT_USERNAME,
    CHANNEL,
    FAMILY,
    NEWS_TOPIC,
    NEWSROOM,
    READERS,
    XIAOMING,
)
from bot.sandbox.run import Sandbox, SandboxNotLoopback, SandboxPortTaken, simulated_telegram
from bot.sandbox.world import MOST_MESSAGES
from tests.sandbox.conftest import PNG, Control, button

ANONYMOUS = {"anonymous": True}


async def told(bot: Bot) -> Update:
    """The newest update."""
    return (await bot.get_updates(offset=-1))[0]


async def test_a_message_in_private(bot: Bot, control: Control) -> None:
    said = await control.say(XIAOMING, XIAOMING, "/subscribe https://example.org/feed")
    update = await told(bot)
    assert update.update_id == said["update_id"]
    assert update.message is not None
    assert update.message.from_user is not None
    assert (update.message.from_user.first_name, update.message.from_user.language_code) == (
        "小明",
        "zh-hans",
    )
    assert [one.type for one in update.message.entities] == ["bot_command", "url"]


@pytest.mark.parametrize(
    ("chat", "text", "seen"),
    [
        pytest.param(NEWSROOM, "good morning", False, id="privacy: idle talk in a group is not shown"),
        pytest.param(NEWSROOM, "/list", True, id="a command is"),
        pytest.param(NEWSROOM, f"/list@{BOT_USERNAME}", True, id="a command for this bot is"),
        pytest.param(NEWSROOM, "/list@another_bot", False, id="a command for another bot is not"),
        pytest.param(FAMILY, f"hello @{BOT_USERNAME}!", True, id="a mention is"),
        pytest.param(CHANNEL, "a post", True, id="a channel post is: there the bot is administrator"),
    ],
)
async def test_what_the_bot_is_shown(control: Control, chat: int, text: str, seen: bool) -> None:
    assert ((await control.say(ADA, chat, text))["update_id"] is not None) is seen


async def test_a_reply_to_the_bot_and_everything_for_an_administrator(bot: Bot, control: Control) -> None:
    sent = await bot.send_message(READERS, "x")
    assert (await control.say(BEA, READERS, "re", reply_to=sent.message_id))["update_id"] is not None
    await control.post("chats", {"chat": READERS, "member": {"bot": True, "status": "administrator"}})
    assert (await control.say(BEA, READERS, "good morning"))["update_id"] is not None


async def test_topics_anonymous_administrators_and_channel_posts(bot: Bot, control: Control) -> None:
    await control.say(BEA, NEWSROOM, "/list", thread=NEWS_TOPIC, anonymous=True)
    message = (await told(bot)).message
    assert message is not None
    assert message.from_user is not None
    assert message.sender_chat is not None
    assert (message.from_user.username, message.sender_chat.id) == ("GroupAnonymousBot", NEWSROOM)
    assert (message.message_thread_id, message.is_topic_message) == (NEWS_TOPIC, True)
    await control.say(ADA, CHANNEL, "a post")
    post = (await told(bot)).channel_post
    assert post is not None
    assert (post.from_user, post.text) == (None, "a post")


async def test_an_edit_is_its_own_update_and_the_first_text_stays_in_the_first(
    bot: Bot, control: Control
) -> None:
    said = await control.say(ADA, ADA, "one")
    await control.post(
        "edit", {"user": ADA, "chat": ADA, "message": said["message"]["message_id"], "text": "two"}
    )
    first, second = await bot.get_updates()
    assert first.message is not None
    assert second.edited_message is not None
    assert (first.message.text, second.edited_message.text) == ("one", "two")
    assert second.edited_message.edit_date is not None


async def test_a_press_is_answered_once(bot: Bot, control: Control) -> None:
    sent = await bot.send_message(ADA, "x", reply_markup=button("Go", callback_data="go:1"))
    press = {"user": ADA, "chat": ADA, "message": sent.message_id, "data": "go:1"}
    query_id = (await control.post("press", press))["callback_query_id"]
    query = (await told(bot)).callback_query
    assert query is not None
    assert isinstance(query.message, Message)
    assert (query.id, query.data, query.from_user.id, query.message.text) == (query_id, "go:1", ADA, "x")
    assert await bot.answer_callback_query(query_id, "Done")
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(query_id)


async def test_a_press_of_what_is_not_there_needs_force(bot: Bot, control: Control) -> None:
    sent = await bot.send_message(ADA, "x", reply_markup=button("Go", callback_data="go:1"))
    forged = {"user": BEA, "chat": ADA, "message": sent.message_id, "data": "go:2"}
    refused = await control.post("press", forged, status=400)
    assert refused == {"ok": False, "error": f"message {sent.message_id} has no button with the data 'go:2'"}
    assert (await control.post("press", {**forged, "force": True}))["ok"]


@pytest.mark.parametrize(
    ("document", "content"),
    [
        pytest.param(
            {"name": "a.opml", "content": "<opml>é</opml>"}, "<opml>é</opml>".encode(), id="as text"
        ),
        pytest.param({"name": "a.opml", "base64": "AP8="}, b"\x00\xff", id="as base64"),
    ],
)
async def test_a_document_from_a_person(bot: Bot, control: Control, document: Any, content: bytes) -> None:
    await control.post("send", {"user": ADA, "chat": ADA, "document": document})
    message = (await told(bot)).message
    assert message is not None
    assert message.document is not None
    assert message.document.file_name == "a.opml"
    assert bytes(await (await message.document.get_file()).download_as_bytearray()) == content


async def test_a_dropped_file_comes_as_multipart(bot: Bot, control: Control) -> None:
    form = aiohttp.FormData({"user": str(ADA), "chat": str(ADA), "text": "mine"})
    form.add_field("document", b"<opml/>", filename="feeds.opml", content_type="text/x-opml")
    async with control.session.post(f"{control.url}/sim/send", data=form) as answer:
        assert (await answer.json())["message"]["caption"] == "mine"
    message = (await told(bot)).message
    assert message is not None
    assert message.document is not None
    assert (message.document.file_name, message.document.mime_type) == ("feeds.opml", "text/x-opml")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        pytest.param({"chat": ADA, "text": "x"}, '"user" is missing', id="no user"),
        pytest.param(
            {"user": ADA, "chat": "here", "text": "x"}, '"chat" must be a number', id="a chat by name"
        ),
        pytest.param(
            {"user": 9, "chat": ADA, "text": "x"}, "there is no person 9 here", id="an unknown person"
        ),
        pytest.param({"user": ADA, "chat": 9, "text": "x"}, "there is no chat 9 here", id="an unknown chat"),
        pytest.param({"user": ADA, "chat": ADA, "text": " "}, "the text is empty", id="no text"),
        pytest.param(
            {"user": BEA, "chat": ADA, "text": "x"}, "Bea is not in this chat", id="somebody else's chat"
        ),
        pytest.param(
            {"user": XIAOMING, "chat": NEWSROOM, "text": "x", **ANONYMOUS},
            "only administrators write anonymously, and 小明 is none",
            id="a member cannot hide",
        ),
    ],
)
async def test_senseless_requests_get_a_sentence(control: Control, body: Any, sentence: str) -> None:
    assert await control.post("send", body, status=400) == {"ok": False, "error": sentence}


async def test_blocking_and_coming_back_is_told(bot: Bot, control: Control) -> None:
    await control.post("chats", {"chat": ADA, "blocked": True})
    blocked = (await told(bot)).my_chat_member
    await control.say(ADA, ADA, "/start")
    back, start = (await bot.get_updates(offset=-2))[:2]
    assert blocked is not None
    assert back.my_chat_member is not None
    assert (blocked.from_user.id, blocked.new_chat_member.status) == (ADA, "kicked")
    assert (back.my_chat_member.new_chat_member.status, start.message and start.message.text) == (
        "member",
        "/start",
    )


async def test_a_new_status_of_the_bot_is_told_with_its_service_message(bot: Bot, control: Control) -> None:
    change = {"chat": FAMILY, "member": {"bot": True, "status": "kicked"}, "by": BEA}
    await control.post("chats", change)
    status, service = (await bot.get_updates())[:2]
    assert status.my_chat_member is not None
    assert service.message is not None
    assert service.message.left_chat_member is not None
    assert (status.my_chat_member.from_user.id, status.my_chat_member.new_chat_member.status) == (
        BEA,
        "kicked",
    )
    assert service.message.left_chat_member.id == BOT_ID


async def test_other_members_are_told_to_an_administrator_that_asks(bot: Bot, control: Control) -> None:
    await control.post("chats", {"chat": READERS, "member": {"bot": True, "status": "administrator"}})
    await bot.get_updates(offset=-1, allowed_updates=["chat_member"])
    await control.post("chats", {"chat": READERS, "member": {"user": XIAOMING, "status": "administrator"}})
    change = (await told(bot)).chat_member
    assert change is not None
    assert (change.old_chat_member.status, change.new_chat_member.status) == ("member", "administrator")
    assert change.new_chat_member.user.id == XIAOMING


async def test_an_upgrade_is_told_on_both_sides(bot: Bot, control: Control) -> None:
    await control.post("chats", {"chat": FAMILY, "migrate_to": -1007})
    old, new = [update.message for update in await bot.get_updates()]
    assert old is not None
    assert new is not None
    assert (old.chat.id, old.migrate_to_chat_id) == (FAMILY, -1007)
    assert (new.chat.id, new.chat.type, new.migrate_from_chat_id) == (-1007, "supergroup", FAMILY)


async def test_a_chat_made_to_order(bot: Bot, control: Control) -> None:
    await control.post("chats", {"user": {"id": 2001, "first_name": "Cy", "language": "de"}})
    members = [
        {"user": 2001, "status": "creator"},
        {"bot": True, "status": "administrator", "can_post_messages": False},
    ]
    await control.post(
        "chats", {"id": -1008, "type": "channel", "title": "Mine", "username": "mine", "members": members}
    )
    assert (await bot.get_chat("@mine")).title == "Mine"
    with pytest.raises(BadRequest, match="Need administrator rights in the channel chat"):
        await bot.send_message("@mine", "x")


async def test_the_state_lists_people_and_chats(control: Control) -> None:
    state = await control.get("state")
    assert (state["bot"]["id"], [user["id"] for user in state["users"]]) == (BOT_ID, [ADA, XIAOMING, BEA])
    newsroom = next(entry for entry in state["chats"] if entry["chat"]["id"] == NEWSROOM)
    assert newsroom["topics"] == [{"thread": NEWS_TOPIC, "name": "News", "closed": False}]
    assert {"user": XIAOMING, "status": "member"} in newsroom["members"]
    assert newsroom["last"]["forum_topic_created"]["name"] == "News"


async def test_messages_of_one_topic(bot: Bot, control: Control) -> None:
    await bot.send_message(NEWSROOM, "here", message_thread_id=NEWS_TOPIC)
    await bot.send_message(NEWSROOM, "there")
    here = await control.get(f"chats/{NEWSROOM}/messages?thread={NEWS_TOPIC}")
    assert [message["text"] for message in here if "text" in message] == ["here"]
    assert here[-1]["sent_at"] >= here[-1]["date"]


async def test_calls_are_listed_with_their_ending(bot: Bot, control: Control) -> None:
    with pytest.raises(BadRequest):
        await bot.send_message(12, "hello")
    (call,) = [one for one in await control.get("calls") if one["method"] == "sendMessage"]
    assert (call["chat"], call["status"], call["description"]) == (12, 400, "Bad Request: chat not found")
    assert call["params"]["text"] == "hello"
    assert await control.get(f"calls?since={call['at']}") == []


async def test_files_are_served_to_the_page(bot: Bot, control: Control) -> None:
    uploaded = await bot.send_photo(ADA, PNG)
    linked = await bot.send_photo(ADA, "https://example.org/a.png")
    async with control.session.get(f"{control.url}/sim/files/{uploaded.photo[0].file_id}") as answer:
        assert (await answer.read(), answer.content_type) == (PNG, "image/png")
    async with control.session.get(
        f"{control.url}/sim/files/{linked.photo[0].file_id}", allow_redirects=False
    ) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, "https://example.org/a.png")


async def test_events_are_pushed_as_they_happen(bot: Bot, control: Control) -> None:
    async with control.session.get(f"{control.url}/sim/events") as stream:
        await stream.content.readuntil(b"\n\n")
        sent = await bot.send_message(ADA, "x", reply_markup=button("Go", callback_data="go"))
        await bot.edit_message_text("y", ADA, sent.message_id)
        await bot.delete_message(ADA, sent.message_id)
        await control.post("reset", {})
        events = [await stream.content.readuntil(b"\n\n") for _ in range(4)]
    parsed = [event.decode().strip().split("\n") for event in events]
    assert [name for name, _ in parsed] == ["event: message", "event: edit", "event: delete", "event: reset"]
    first = json.loads(parsed[0][1].removeprefix("data: "))
    assert (first["chat"], first["message"]["text"]) == (ADA, "x")


async def test_a_reset_forgets_but_never_gives_an_update_id_twice(bot: Bot, control: Control) -> None:
    """A bot that keeps running has its offset; a smaller id would never reach it."""
    before = (await control.say(ADA, ADA, "x"))["update_id"]
    await control.post("faults", [{"status": 500}])
    await control.post("reset", {})
    assert await control.texts(ADA) == []
    assert await control.get("faults") == []
    assert await bot.get_updates() == ()
    assert (await control.say(ADA, ADA, "x"))["update_id"] > before


async def test_a_chat_remembers_a_bounded_number_of_messages(telegram: Sandbox) -> None:
    chat = telegram.world.chats[ADA]
    for number in range(MOST_MESSAGES + 1):
        say(telegram.world, Saying(ADA, ADA, str(number)))
    texts = [kept.message["text"] for kept in telegram.world.in_chat(chat)]
    assert (len(texts), texts[0]) == (MOST_MESSAGES, "1")


@pytest.mark.parametrize("name", ["..%2Frun.py", "%2e%2e%2frun.py", "nothing.css"])
async def test_the_page_serves_nothing_but_its_own_folder(control: Control, name: str) -> None:
    async with control.session.get(URL(f"{control.url}/page/{name}", encoded=True)) as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 200, id="a program on this machine"),
        pytest.param({"Origin": "https://example.org"}, 403, id="a web page of elsewhere"),
        pytest.param({"Host": "example.org"}, 403, id="a name that was turned to this machine"),
    ],
)
async def test_web_pages_of_elsewhere_cannot_drive_it(
    control: Control, headers: dict[str, str], status: int
) -> None:
    async with control.session.post(f"{control.url}/sim/reset", headers=headers) as answer:
        assert answer.status == status


async def test_a_taken_port_is_named() -> None:
    async with simulated_telegram(port=0) as first:
        with pytest.raises(SandboxPortTaken) as taken:
            async with simulated_telegram(port=first.port):
                pass
    assert taken.value.port == first.port


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])
async def test_only_this_machine_is_listened_to(host: str) -> None:
    with pytest.raises(SandboxNotLoopback):
        async with simulated_telegram(port=0, host=host):
            pass
