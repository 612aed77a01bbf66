"""The Bot API as python-telegram-bot, which decodes strictly, meets it."""

import json
from typing import Any

import pytest
from aiohttp import web
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    ForceReply,
    LinkPreviewOptions,
    MenuButtonCommands,
    Message,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
)

from bot.sandbox.defaults import ADA, BEA, BOT_ID, CHANNEL, NEWSROOM, READERS, XIAOMING
from bot.sandbox.run import Sandbox
from tests.sandbox.conftest import PNG, Control, album, button, served


async def test_an_alert_comes_back_as_telegram_shows_it(bot: Bot) -> None:
    preview = LinkPreviewOptions(url="https://example.org", prefer_large_media=True, show_above_text=True)
    keyboard = button("Read", url="https://example.org/a")
    html = "<b>Tom &amp; 🏟</b>\n<a href='https://example.org/a?b=1&amp;c=2'>more</a>"
    sent = await bot.send_message(ADA, html, "HTML", link_preview_options=preview, reply_markup=keyboard)
    assert sent.text == "Tom & 🏟\nmore"
    assert [(one.type, one.offset, one.length, one.url) for one in sent.entities] == [
        ("bold", 0, 8, None),
        ("text_link", 9, 4, "https://example.org/a?b=1&c=2"),
    ]
    assert sent.link_preview_options == preview
    assert sent.reply_markup == keyboard
    assert (sent.chat.id, sent.chat.type, sent.chat.first_name) == (ADA, "private", "Ada")
    assert sent.from_user is not None
    assert (sent.from_user.id, sent.from_user.is_bot) == (BOT_ID, True)


async def test_4096_characters_of_any_width_pass(bot: Bot) -> None:
    sent = await bot.send_message(ADA, "🏟" * 4096)
    assert sent.text == "🏟" * 4096


async def test_topics(bot: Bot) -> None:
    topic = await bot.create_forum_topic(NEWSROOM, "Science")
    sent = await bot.send_message(NEWSROOM, "in it", message_thread_id=topic.message_thread_id)
    assert (sent.message_thread_id, sent.is_topic_message) == (topic.message_thread_id, True)
    answer = await bot.send_message(NEWSROOM, "too", reply_parameters=ReplyParameters(sent.message_id))
    assert answer.message_thread_id == topic.message_thread_id
    general = await bot.send_message(NEWSROOM, "general")
    assert (general.message_thread_id, general.is_topic_message) == (None, None)


async def test_an_edit_replaces_text_and_keyboard(bot: Bot) -> None:
    keyboard = button("2", callback_data="page:2")
    sent = await bot.send_message(ADA, "page 1", reply_markup=keyboard)
    edited = await bot.edit_message_text("page 2", ADA, sent.message_id)
    assert isinstance(edited, Message)
    assert (edited.text, edited.reply_markup) == ("page 2", None)
    assert edited.edit_date is not None
    again = await bot.edit_message_reply_markup(ADA, sent.message_id, reply_markup=keyboard)
    assert isinstance(again, Message)
    assert again.reply_markup == keyboard
    with pytest.raises(
        BadRequest, match="Message is not modified: specified new message content and reply markup"
    ):
        await bot.edit_message_text("page 2", ADA, sent.message_id, reply_markup=keyboard)


async def test_a_caption_is_edited_and_a_text_has_none(bot: Bot) -> None:
    photo = await bot.send_photo(ADA, PNG, caption="<i>old</i>", parse_mode="HTML")
    edited = await bot.edit_message_caption(ADA, photo.message_id, caption="new")
    assert isinstance(edited, Message)
    assert (photo.caption, edited.caption, edited.caption_entities) == ("old", "new", ())
    text = await bot.send_message(ADA, "x")
    with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
        await bot.edit_message_caption(ADA, text.message_id, caption="new")
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("new", ADA, photo.message_id)


async def test_another_ones_message_is_not_the_bots_to_edit_or_delete(bot: Bot, control: Control) -> None:
    said = await control.say(BEA, NEWSROOM, "mine")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", NEWSROOM, said["message"]["message_id"])
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(NEWSROOM, said["message"]["message_id"])


async def test_delete_messages_passes_over_the_missing(bot: Bot, control: Control) -> None:
    sent = await bot.send_message(ADA, "x")
    assert await bot.delete_messages(ADA, [sent.message_id, 999])
    assert await control.texts(ADA) == []


async def test_uploads_come_back_byte_for_byte(bot: Bot) -> None:
    sent = await bot.send_document(ADA, b"<opml/>", filename="feeds.opml", caption="c")
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.file_size) == ("feeds.opml", 7)
    file = await bot.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"<opml/>"


async def test_a_photo_is_sent_again_by_its_id(bot: Bot) -> None:
    first = await bot.send_photo(ADA, PNG)
    assert (first.photo[-1].width, first.photo[-1].height) == (1, 1)
    again = await bot.send_photo(XIAOMING, first.photo[-1].file_id)
    assert again.photo[-1].file_unique_id == first.photo[-1].file_unique_id


@pytest.mark.parametrize(
    ("content_type", "words"),
    [
        pytest.param("image/png", None, id="a picture passes"),
        pytest.param("text/html", "Wrong type of the web page content", id="a page does not"),
    ],
)
async def test_a_picture_on_this_machine_is_fetched(bot: Bot, content_type: str, words: str | None) -> None:
    async def serve(_: web.Request) -> web.Response:
        return web.Response(body=PNG, content_type=content_type)

    async with served("/a.png", serve) as url:
        if words is None:
            assert (await bot.send_photo(ADA, url)).photo[-1].file_size == len(PNG)
        else:
            with pytest.raises(BadRequest, match=words):
                await bot.send_photo(ADA, url)


async def test_an_album_shares_a_group_and_a_single_picture_has_none(bot: Bot) -> None:
    two = await bot.send_media_group(ADA, album(2))
    assert two[0].media_group_id == two[1].media_group_id is not None
    (one,) = await bot.send_media_group(ADA, album(1))
    assert one.media_group_id is None


async def test_forward_and_copy(bot: Bot) -> None:
    post = await bot.send_message(CHANNEL, "<b>news</b>", "HTML")
    assert (post.from_user, post.sender_chat and post.sender_chat.id) == (None, CHANNEL)
    forwarded = await bot.forward_message(ADA, CHANNEL, post.message_id)
    assert forwarded.forward_origin is not None
    assert (forwarded.text, forwarded.forward_origin.type) == ("news", "channel")
    copied = await bot.copy_message(ADA, "@feedbell_demo", post.message_id)
    assert copied.message_id == forwarded.message_id + 1


async def test_commands_are_kept_by_scope_and_language_and_shown_to_whom_they_are_for(
    bot: Bot, control: Control
) -> None:
    await bot.set_my_commands([BotCommand("start", "Begin")])
    await bot.set_my_commands([BotCommand("start", "开始")], language_code="zh")
    await bot.set_my_commands([("list", "Feeds here")], BotCommandScopeAllGroupChats())
    await bot.set_my_commands([("pause", "Only here")], BotCommandScopeChat(BEA))
    assert [one.description for one in await bot.get_my_commands(language_code="zh")] == ["开始"]
    assert await bot.get_my_commands(BotCommandScopeAllGroupChats(), "zh") == ()
    expected = {
        (ADA, ADA): "Begin",
        (XIAOMING, XIAOMING): "开始",
        (NEWSROOM, ADA): "Feeds here",
        (BEA, BEA): "Only here",
    }
    for (chat, user), description in expected.items():
        seen = await control.get(f"commands?chat={chat}&user={user}")
        assert [one["description"] for one in seen] == [description]
    await bot.delete_my_commands(BotCommandScopeAllGroupChats())
    assert (await control.get(f"commands?chat={NEWSROOM}&user={ADA}"))[0]["command"] == "start"


async def test_profile_texts_and_menu_button(bot: Bot) -> None:
    await bot.set_my_description("What it does")
    await bot.set_my_description("它做什么", language_code="zh")
    await bot.set_my_short_description("short")
    await bot.set_my_name("Feedbell")
    await bot.set_chat_menu_button(ADA, MenuButtonCommands())
    assert (await bot.get_my_description("zh")).description == "它做什么"
    assert (await bot.get_my_description("de")).description == "What it does"
    assert (await bot.get_my_short_description()).short_description == "short"
    assert (await bot.get_my_name()).name == "Feedbell"
    assert (await bot.get_chat_menu_button(ADA)).type == "commands"


async def test_chats_and_their_members(bot: Bot) -> None:
    newsroom = await bot.get_chat(NEWSROOM)
    assert (newsroom.title, newsroom.is_forum) == ("Newsroom", True)
    assert {(one.user.id, one.status) for one in await bot.get_chat_administrators(NEWSROOM)} == {
        (ADA, "creator"),
        (BEA, "administrator"),
    }
    assert (await bot.get_chat_member(NEWSROOM, XIAOMING)).status == "member"
    assert (await bot.get_chat_member(CHANNEL, BOT_ID)).status == "administrator"
    assert (await bot.get_chat_member("@feedbell_demo", BEA)).status == "left"
    assert await bot.get_chat_member_count(NEWSROOM) == 4
    assert await bot.leave_chat(READERS)
    with pytest.raises(Forbidden):
        await bot.get_chat(READERS)


async def test_pin_poll_action_and_rich_message(bot: Bot, control: Control) -> None:
    sent = await bot.send_message(NEWSROOM, "x")
    assert await bot.pin_chat_message(NEWSROOM, sent.message_id)
    pinned = (await bot.get_chat(NEWSROOM)).pinned_message
    assert pinned is not None
    assert pinned.message_id == sent.message_id
    poll = await bot.send_poll(ADA, "?", ["a", "b"])
    assert poll.poll is not None
    assert [one.text for one in poll.poll.options] == ["a", "b"]
    assert await bot.send_chat_action(ADA, "typing")
    rich = await bot.do_api_request(
        "sendRichMessage", {"chat_id": ADA, "rich_message": {"html": "<h1>t</h1>"}}
    )
    assert rich["rich_message"] == {"html": "<h1>t</h1>"}
    assert len(await control.get(f"chats/{ADA}/messages")) == 2


async def test_a_forced_reply_is_seen_by_the_person_and_not_in_the_message(
    bot: Bot, control: Control
) -> None:
    sent = await bot.send_message(ADA, "Which feed?", reply_markup=ForceReply(input_field_placeholder="URL"))
    assert sent.reply_markup is None
    (shown,) = await control.get(f"chats/{ADA}/messages")
    assert shown["sent_keyboard"] == {"force_reply": True, "input_field_placeholder": "URL"}


async def test_tokens_and_methods_that_are_not(telegram: Sandbox, bot: Bot, control: Control) -> None:
    with pytest.raises(InvalidToken):
        await Bot("1:AAAA", f"{telegram.url}/bot").get_me()
    answers = {}
    for path in (f"bot{telegram.token}/fooBar", "bot1:AAAA/getMe", "botnonsense/getMe"):
        async with control.session.get(f"{telegram.url}/{path}") as answer:
            answers[path.partition("/")[2]] = await answer.json()
            assert answer.status == answers[path.partition("/")[2]]["error_code"]
    assert answers["fooBar"] == {"ok": False, "error_code": 404, "description": "Not Found: method not found"}


async def test_parameters_come_in_four_ways(telegram: Sandbox, control: Control) -> None:
    url = f"{telegram.url}/bot{telegram.token}/SENDmessage"
    values = {"chat_id": str(ADA), "text": "x", "reply_markup": json.dumps({"force_reply": True})}
    ways: list[dict[str, Any]] = [
        {"params": values},
        {"data": values},
        {"json": {"chat_id": ADA, "text": "x", "reply_markup": {"force_reply": True}}},
    ]
    for way in ways:
        async with control.session.post(url, **way) as answer:
            assert answer.status == 200
    assert await control.texts(ADA) == ["x", "x", "x"]
