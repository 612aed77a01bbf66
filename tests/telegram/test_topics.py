"""Topics of forums: each feed or folder in its own, where the bot may make them."""

from __future__ import annotations

from tests.telegram.conversation import ADA, BEA, FAMILY, NEWS_TOPIC, NEWSROOM, XIAOMING, Conversation, texts

MAY = {"bot": True, "status": "administrator", "can_manage_topics": True}


async def threads(chat: Conversation) -> list[int | None]:
    return [one.thread_id for one in await chat.store.subscriptions(NEWSROOM)]


async def names(chat: Conversation) -> list[str]:
    """Of the topics that the bot has made."""
    return [one["params"]["name"] for one in await chat.calls("createForumTopic")]


async def test_each_feed_gets_a_topic_of_its_own(chat: Conversation) -> None:
    await chat.post("/sim/chats", chat=NEWSROOM, member=MAY, by=ADA)
    await chat.say("/topics feed", to=NEWSROOM)
    await chat.say("/subscribe example.org/feed", to=NEWSROOM)
    await chat.say("/subscribe example.org/empty", to=NEWSROOM)
    assert await names(chat) == ["Weather & Sons", "Nothing Yet"]
    first, second = await threads(chat)
    assert first
    assert second
    assert first != second


async def test_what_stands_outside_topics_moves_and_what_stands_in_one_stays(chat: Conversation) -> None:
    await chat.post("/sim/chats", chat=NEWSROOM, member=MAY, by=ADA)
    await chat.say("/subscribe example.org/feed", to=NEWSROOM)
    await chat.say("/subscribe example.org/empty", to=NEWSROOM, thread=NEWS_TOPIC)
    await chat.say("/topics feed", to=NEWSROOM)
    first, second = await threads(chat)
    assert await names(chat) == ["Weather & Sons"]
    assert first is not None
    assert second == NEWS_TOPIC


async def test_without_the_right_it_says_so_and_changes_nothing(chat: Conversation) -> None:
    (answer,) = await chat.say("/topics feed", to=NEWSROOM)
    assert answer["text"].startswith("I may not make topics here.")
    known = await chat.store.chat(NEWSROOM)
    assert known
    assert known.topic_per is None


async def test_a_group_without_topics_has_none(chat: Conversation) -> None:
    assert texts(await chat.say("/topics feed", to=FAMILY)) == [
        "This works in groups that have topics switched on."
    ]


async def test_a_member_changes_nothing(chat: Conversation) -> None:
    await chat.post("/sim/chats", chat=NEWSROOM, member=MAY, by=ADA)
    await chat.say("/topics feed", to=NEWSROOM, by=XIAOMING)
    await chat.say("/subscribe example.org/feed", to=NEWSROOM, by=BEA)
    assert await threads(chat) == [None]


async def test_a_right_that_is_lost_later_leaves_the_feed_where_it_was_asked_for(chat: Conversation) -> None:
    await chat.post("/sim/chats", chat=NEWSROOM, member=MAY, by=ADA)
    await chat.say("/topics feed", to=NEWSROOM)
    await chat.post("/sim/chats", chat=NEWSROOM, member={**MAY, "can_manage_topics": False}, by=ADA)
    said = texts(await chat.say("/subscribe example.org/feed", to=NEWSROOM))
    assert await threads(chat) == [None]
    assert any(one.startswith("Telegram lets me make no more topics right now.") for one in said)


async def test_folders_share_a_topic(chat: Conversation) -> None:
    await chat.post("/sim/chats", chat=NEWSROOM, member=MAY, by=ADA)
    await chat.say("/topics folder", to=NEWSROOM)
    opml = (
        '<opml version="2.0"><body><outline text="Sea"><outline xmlUrl="https://example.org/feed"/>'
        '<outline xmlUrl="https://example.org/empty"/></outline></body></opml>'
    )
    await chat.say("/import", to=NEWSROOM, document={"name": "list.opml", "content": opml})
    assert await names(chat) == ["Sea"]
    first, second = await threads(chat)
    assert first is not None
    assert first == second
    await chat.say("/topics off", to=NEWSROOM)


async def test_a_topic_of_a_private_chat_keeps_what_is_followed_in_it(chat: Conversation) -> None:
    """Where @BotFather switched topics on for private chats (Bot API 9.3)."""
    await chat.post("/sim/chats", id=ADA, is_forum=True, topics=[{"thread": 900, "name": "Sea"}])
    said = await chat.say("/subscribe example.org/feed", thread=900)
    welcome, sample = (one for one in said if "forum_topic_created" not in one)
    (followed,) = await chat.store.subscriptions(ADA)
    assert (followed.thread_id, welcome["message_thread_id"], sample["message_thread_id"]) == (900, 900, 900)
