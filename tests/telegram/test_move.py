"""Feeds go to another chat or topic, by word or button, with both chats' rights looked at, and come back."""

from __future__ import annotations

import pytest

from bot.model import Limit
from tests.telegram.conversation import (
    ADA,
    BEA,
    CHANNEL,
    FAMILY,
    NEWS_TOPIC,
    NEWSROOM,
    READERS,
    XIAOMING,
    Conversation,
    conversation,
    data,
    labels,
    texts,
)
from tests.telegram.test_undo import follow, titles, told

WENT = "filtered and shown as before. What waited goes along."


@pytest.mark.parametrize(
    ("said", "gone"),
    [
        pytest.param("/move 2 > @feedbell_demo", ["Feed 2"], id="a channel by its name"),
        pytest.param("/move 2 > -1009876543210", ["Feed 2"], id="by its number"),
        pytest.param("/move 1 3 to @feedbell_demo", ["Feed 1", "Feed 3"], id="several"),
        pytest.param("/move all → @feedbell_demo", ["Feed 1", "Feed 2", "Feed 3"], id="all"),
        pytest.param("/move Feed 2 @feedbell_demo", ["Feed 2"], id="by title, without an arrow"),
    ],
)
async def test_feeds_go_to_a_channel_with_their_filter_and_settings(
    chat: Conversation, said: str, gone: list[str]
) -> None:
    await follow(chat, 3)
    await chat.save_filter("/filter 2 rain")
    await chat.say("/settings 2 long")
    before = await chat.store.subscriptions(ADA)
    (done,) = await chat.say(said)
    count = "One feed comes" if len(gone) == 1 else f"{len(gone)} feeds come"
    assert (done["text"], labels(done)) == (f"✅ {count} in Feedbell Demo now, {WENT}", [["↩ Undo"]])
    assert await titles(chat, CHANNEL) == gone
    moved = {one.id: one for one in await chat.store.subscriptions(CHANNEL)}
    assert [(one.filter, one.wishes) for one in before if one.id in moved] == [
        (one.filter, one.wishes) for one in moved.values()
    ]
    (back,) = await chat.say("/undo")
    assert back["text"].endswith("back in its old place.")
    assert (await chat.store.subscriptions(ADA), await titles(chat, CHANNEL)) == (before, [])


async def test_inside_a_topic_here_means_that_topic(chat: Conversation) -> None:
    await follow(chat, 2, to=NEWSROOM)
    assert texts(await chat.say("/move 2 here", to=NEWSROOM, thread=NEWS_TOPIC)) == [
        f"✅ One feed comes here now, {WENT}"
    ]
    assert [one.thread_id for one in await chat.store.subscriptions(NEWSROOM)] == [None, NEWS_TOPIC]
    await chat.say("/undo", to=NEWSROOM)
    assert [one.thread_id for one in await chat.store.subscriptions(NEWSROOM)] == [None, None]


async def test_from_a_channel_home_to_the_private_chat(chat: Conversation) -> None:
    await chat.say("/sub @feedbell_demo example.org/feed")
    await chat.say("/move @feedbell_demo 1 here")
    assert (await titles(chat), await titles(chat, CHANNEL)) == (["Weather & Sons"], [])


async def test_what_is_followed_there_already_stays_and_is_named(chat: Conversation) -> None:
    await follow(chat, 2)
    await chat.say("/sub @feedbell_demo n1.example")
    (done,) = await chat.say("/move all > @feedbell_demo")
    assert done["text"] == (
        f"✅ One feed comes in Feedbell Demo now, {WENT}\n"
        "One is followed there already, and stays as it is:\n• Feed 1"
    )
    assert (await titles(chat), await titles(chat, CHANNEL)) == (["Feed 1"], ["Feed 2", "Feed 1"])
    (none,) = await chat.say("/move 1 > @feedbell_demo")
    assert (none["text"], labels(none)) == (
        "One is followed there already, and stays as it is:\n• Feed 1",
        [],
    )


async def test_buttons_choose_feed_and_place(chat: Conversation) -> None:
    await follow(chat, 2)
    await chat.say("/sub @feedbell_demo example.org/feed")
    await chat.say("/manage @feedbell_demo")
    await chat.say("/manage here")
    (choice,) = await chat.say("/move")
    assert labels(choice) == [["All of them"], ["1. Feed 1"], ["2. Feed 2"]]
    await chat.press(choice, data(choice)[2])
    choice = await chat.now(choice)
    assert choice["text"].startswith("Where shall Feed 2 come?\n")
    assert labels(choice) == [["📢 Feedbell Demo"]]
    await chat.press(choice, data(choice)[0])
    assert (await chat.now(choice))["text"].startswith("✅ One feed comes in Feedbell Demo now")
    assert await titles(chat, CHANNEL) == ["Feed 2", "Weather & Sons"]
    (choice,) = await chat.say("/move all")
    await chat.press(choice, data(choice)[0])
    assert await titles(chat) == []


async def test_a_group_is_not_shown_which_chats_an_administrator_has(chat: Conversation) -> None:
    await chat.say("/manage @feedbell_demo")
    await follow(chat, 1, to=NEWSROOM)
    (choice,) = await chat.say("/move 1", to=NEWSROOM)
    assert labels(choice) == []
    (choice,) = await chat.say("/move 1", to=NEWSROOM, thread=NEWS_TOPIC)
    assert labels(choice) == [["Here"]]
    await chat.press(choice, data(choice)[0])
    assert [one.thread_id for one in await chat.store.subscriptions(NEWSROOM)] == [NEWS_TOPIC]


async def test_a_reply_to_an_alert_moves_its_feed(chat: Conversation) -> None:
    await follow(chat, 2)
    _, second = await chat.store.subscriptions(ADA)
    alert = await told(chat, ADA, second.id)
    await chat.say("/move > @feedbell_demo", reply_to=alert["message_id"])
    assert await titles(chat, CHANNEL) == ["Feed 2"]


# --- rights ---


async def test_who_may_not_post_there_moves_nothing(chat: Conversation) -> None:
    await follow(chat, 1, by=BEA)
    (refused,) = await chat.say("/move 1 > @feedbell_demo", by=BEA)
    assert "Feedbell Demo" in refused["text"]
    (unknown,) = await chat.say("/move 1 > @nowhere_at_all", by=BEA)
    assert unknown["text"] == "I find no channel or group @nowhere_at_all that I am in."
    (refused,) = await chat.say(f"/move 1 > {READERS}", by=XIAOMING)
    assert (await titles(chat, BEA), await titles(chat, CHANNEL)) == (["Feed 1"], [])


async def test_who_may_change_nothing_here_moves_nothing_away(chat: Conversation) -> None:
    await follow(chat, 1, by=ADA, to=READERS)
    (own,) = await chat.store.subscriptions(READERS)
    await chat.say(f"/move 1 > {FAMILY}", by=XIAOMING, to=READERS)
    (choice,) = await chat.say("/move", by=ADA, to=READERS)
    assert await chat.press(choice, data(choice)[1], by=XIAOMING) is not None
    (theirs,) = await chat.say("/start", by=XIAOMING)
    forged = f"moveto:{own.id}:{-CHANNEL}"
    assert await chat.press(theirs, forged, by=XIAOMING, force=True) == "这个订阅已经不在了。"
    assert await titles(chat, READERS) == ["Feed 1"]


async def test_a_right_lost_since_the_buttons_were_shown_counts(chat: Conversation) -> None:
    await chat.say(f"/manage {READERS}", by=BEA)
    await chat.say("/manage here", by=BEA)
    await follow(chat, 1, by=BEA)
    (choice,) = await chat.say("/move 1", by=BEA)
    await chat.post("/sim/chats", chat=READERS, member={"user": BEA, "status": "member"}, by=ADA)
    await chat.press(choice, data(choice)[0], by=BEA)
    assert (await titles(chat, BEA), await titles(chat, READERS)) == (["Feed 1"], [])


async def test_a_chat_that_is_full_takes_none_of_them() -> None:
    async with conversation(limits={Limit.FEEDS: 2}) as chat:
        await follow(chat, 2)
        await chat.say("/sub @feedbell_demo example.org/feed")
        (full,) = await chat.say("/move all > @feedbell_demo")
        assert full["text"] == (
            "⚠️ Feedbell Demo may follow 2 feeds at most; these do not fit in. Nothing has moved."
        )
        assert await titles(chat, CHANNEL) == ["Weather & Sons"]
        await chat.say("/move 1 > @feedbell_demo")
        assert await titles(chat, CHANNEL) == ["Feed 1", "Weather & Sons"]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (
            "/move 9 > @feedbell_demo",
            "I find no “9” among the feeds of this chat. /list shows their numbers.",
        ),
        ("/move 1 9 here", "I find no “1 9” among the feeds of this chat. /list shows their numbers."),
        ("/move nonsense", "I find no “nonsense” among the feeds of this chat. /list shows their numbers."),
        ("/move 1 here", "One is followed there already, and stays as it is:\n• Feed 1"),
    ],
)
async def test_what_cannot_be_moved_stays(chat: Conversation, said: str, answer: str) -> None:
    await follow(chat, 2)
    assert texts(await chat.say(said)) == [answer]
    assert await titles(chat) == ["Feed 1", "Feed 2"]


async def test_with_nothing_followed_there_is_nothing_to_move(chat: Conversation) -> None:
    (said,) = await chat.say("/move all > @feedbell_demo")
    assert said["text"].startswith("This chat follows nothing yet.")
