"""/export json and /import: all that a chat has comes back, here or elsewhere, however often, after a dry run."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.telegram.conversation import (
    ADA,
    BEA,
    CHANNEL,
    NEWS_TOPIC,
    NEWSROOM,
    READERS,
    XIAOMING,
    Conversation,
    data,
    labels,
    texts,
)
from tests.telegram.test_undo import follow, titles


async def exported(chat: Conversation, **place: int) -> str:
    (file,) = await chat.say("/export json", **place)
    assert file["document"]["file_name"] == "feedbell.json"
    return await chat.file(file["document"]["file_id"])


def sent(content: str) -> dict[str, Any]:
    return {"document": {"name": "feedbell.json", "content": content}}


async def furnished(chat: Conversation, **place: int) -> None:
    """Three feeds, and all that can be set."""
    await follow(chat, 3, **place)
    for said in (
        "/settings 2 long",
        "/settings 2 title Mine",
        "/template 1 {title}",
        "/settings silent on",
        "/mute golf",
        "/follow sea: ship",
    ):
        await chat.say(said, **place)
    (tried,) = await chat.say("/filter 1 rain", **place)
    await chat.press(tried, next(one for one in data(tried) if one.startswith("save:")))


async def state(chat: Conversation, where: int) -> list[object]:
    known = await chat.store.chat(where)
    assert known
    followed = [
        (one.feed_url, one.thread_id, one.folder, one.filter, one.wishes)
        for one in await chat.store.subscriptions(where)
    ]
    return [sorted(followed, key=str), known.wishes, known.mute, known.follows]


async def test_a_chat_that_lost_all_gets_all_of_it_back(chat: Conversation) -> None:
    await furnished(chat)
    before, file = await state(chat, ADA), await exported(chat)
    for said in ("/unsubscribe_all yes", "/mute off", "/follow sea off", "/settings silent off"):
        await chat.say(said)
    (asked,) = await chat.say("", **sent(file))
    assert asked["text"].split("\n")[:3] == [
        "This backup would:",
        "• follow 3 new feeds",
        "• set how alerts look here, what is muted, and which topics are followed",
    ]
    assert labels(asked) == [["Import"]]
    assert await titles(chat) == []
    await chat.press(asked, data(asked)[0])
    assert (await chat.now(asked))["text"] == "✅ You follow 3 more feeds."
    assert await state(chat, ADA) == before


async def test_a_second_time_nothing_changes(chat: Conversation) -> None:
    await furnished(chat)
    before, file = await state(chat, ADA), await exported(chat)
    (said,) = await chat.say("/import", **sent(file))
    assert (said["text"], labels(said)) == (
        "This backup would:\n• leave 3 feeds as they are\nAll of it is here already. Nothing would change.",
        [],
    )
    assert texts(await chat.say("/import yes", **sent(file))) == ["3 you followed already."]
    assert await state(chat, ADA) == before


async def test_what_was_changed_since_becomes_as_the_file_has_it_and_can_be_taken_back(
    chat: Conversation,
) -> None:
    await furnished(chat)
    file, before = await exported(chat), await state(chat, ADA)
    await chat.say("/filter 1 off")
    await chat.say("/settings 2 chat")
    (asked,) = await chat.say("/import", **sent(file))
    assert "• change filter or settings of 2 feeds\n• leave one feed as it is" in asked["text"]
    assert texts(await chat.say("/import yes", **sent(file))) == [
        "3 you followed already.\n2 have their filters and settings from the file now."
    ]
    assert await state(chat, ADA) == before
    await chat.say("/undo")
    assert [one.filter for one in await chat.store.subscriptions(ADA)] == ["", "", ""]


async def test_what_is_here_and_not_in_the_file_stays(chat: Conversation) -> None:
    await follow(chat, 1)
    file = await exported(chat)
    await chat.say("/sub example.org/feed")
    await chat.say("/follow rain: wet")
    await chat.say("/import yes", **sent(file))
    assert await titles(chat) == ["Feed 1", "Weather & Sons"]
    known = await chat.store.chat(ADA)
    assert known
    assert known.follows == (("rain", "wet"),)


async def test_in_another_chat_it_is_the_same_and_comes_where_it_is_asked_for(chat: Conversation) -> None:
    await furnished(chat, to=NEWSROOM, thread=NEWS_TOPIC)
    file = await exported(chat, to=NEWSROOM)
    assert f'"topic": {NEWS_TOPIC}' in file
    await chat.say("/import yes", **sent(file))
    (followed, *rest), (original, *others) = await state(chat, ADA), await state(chat, NEWSROOM)
    assert isinstance(followed, list)
    assert isinstance(original, list)
    assert [one[1] for one in followed] == [None] * 3
    assert [(one[0], *one[2:]) for one in followed] == [(one[0], *one[2:]) for one in original]
    assert rest[:2] == others[:2]
    await chat.say("/unsubscribe_all yes", to=NEWSROOM)
    await chat.say("/import yes", to=NEWSROOM, **sent(file))
    assert {one.thread_id for one in await chat.store.subscriptions(NEWSROOM)} == {NEWS_TOPIC}


async def test_follows_that_go_elsewhere_come_back_where_the_right_is_there(chat: Conversation) -> None:
    await follow(chat, 1)
    await chat.say("/follow rust: compiler > @feedbell_demo")
    file = await exported(chat)
    await chat.say("/follow rust off")
    (asked,) = await chat.say("/import", **sent(file))
    assert "• add one topic that goes to a place of its own" in asked["text"]
    await chat.say("/import yes", **sent(file))
    (back,) = await chat.store.follows(ADA)
    assert (back.name, back.to_id, back.user_id) == ("rust", CHANNEL, ADA)
    (refused,) = await chat.say("/import yes", by=BEA, **sent(file))
    assert "⚠️ One topic goes to a place where you or I may not send." in refused["text"]
    assert await chat.store.follows(BEA) == ()


async def test_no_login_leaves_in_a_backup(chat: Conversation) -> None:
    await chat.say("/sub example.org/feed")
    await chat.say("/login 1 ada sesame")
    (file,) = await chat.say("/export json")
    content = await chat.file(file["document"]["file_id"])
    assert "sesame" not in content
    assert "Authorization" not in content
    assert file["caption"].endswith("Your logins (🔒) are not in it.")


async def test_the_list_has_a_button_for_the_backup_and_unsubscribing_from_all_brings_one(
    chat: Conversation,
) -> None:
    await follow(chat, 1)
    (listed,) = await chat.say("/export")
    assert labels(listed) == [["Full backup"]]
    await chat.press(listed, data(listed)[0])
    (file,) = await chat.since(ADA, listed["message_id"])
    assert file["document"]["file_name"] == "feedbell.json"
    backup, _done = await chat.say("/unsubscribe_all yes")
    assert backup["document"]["file_name"] == "feedbell.json"


async def test_a_file_that_is_answered_is_meant_too(chat: Conversation) -> None:
    await follow(chat, 1)
    content = await exported(chat)
    await chat.say("/unsubscribe_all yes")
    (asked,) = await chat.say("", **sent(content))
    file_id = asked["message_id"] - 1
    (again,) = await chat.say("/import", reply_to=file_id)
    assert (again["text"].split("\n")[0], labels(again)) == ("This backup would:", [])
    assert texts(await chat.say("/import yes", reply_to=file_id)) == ["✅ You follow one more feed."]


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        pytest.param("{}", "⚠️ This is no backup of mine", id="nothing of ours"),
        pytest.param("[" * 99_999, "⚠️ This is no backup of mine", id="a bomb"),
        pytest.param('{"feedbell": 99}', "⚠️ This backup was made by a newer version", id="a later version"),
    ],
)
async def test_what_is_no_backup_gets_one_kind_sentence(
    chat: Conversation, content: str, answer: str
) -> None:
    for said in ("", "/import", "/import yes"):
        (refused,) = await chat.say(said, **sent(content))
        assert refused["text"].startswith(answer)


@pytest.mark.parametrize(
    "template",
    ["{nonsense}", "<script>{title}</script>", '<a href="javascript:x">{title}</a>', "{title"],
)
async def test_a_template_that_is_none_of_ours_is_refused_with_all_of_the_file(
    chat: Conversation, template: str
) -> None:
    wishes = {"template": template}
    feeds = [{"url": "https://example.org/feed", "wishes": wishes}]
    file = json.dumps({"feedbell": 1, "chat": {"id": ADA}, "feeds": feeds})
    for said in ("/import", "/import yes"):
        (refused,) = await chat.say(said, **sent(file))
        assert refused["text"].startswith("⚠️ This is no backup of mine")
    assert await titles(chat) == []


async def test_in_a_group_members_take_out_and_only_administrators_bring_in(chat: Conversation) -> None:
    await furnished(chat, to=READERS)
    content = await exported(chat, by=XIAOMING, to=READERS)
    await chat.say("/unsubscribe_all yes", to=READERS)
    await chat.say("/import yes", by=XIAOMING, to=READERS, **sent(content))
    assert await titles(chat, READERS) == []
    (asked,) = await chat.say("/import", by=BEA, to=READERS, **sent(content))
    assert await chat.press(asked, data(asked)[0], by=XIAOMING) is not None
    assert await titles(chat, READERS) == []
    await chat.press(asked, data(asked)[0], by=BEA)
    assert set(await titles(chat, READERS)) == {"Feed 1", "Mine", "Feed 3"}


async def test_an_empty_chat_has_nothing_to_take_out(chat: Conversation) -> None:
    assert texts(await chat.say("/export json")) == [
        "This chat follows nothing yet. Start with an address: /subscribe example.org"
    ]
