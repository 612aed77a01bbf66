"""Groups, topics, rights, and what happens to the bot itself."""

from __future__ import annotations

import pytest

from bot.model import Chat, ChatKind, RowState
from bot.telegram.access import Access
from tests.store.town import Town, article, tried
from tests.telegram.conversation import (
    ADA,
    BEA,
    FAMILY,
    NEWS_TOPIC,
    NEWSROOM,
    READERS,
    XIAOMING,
    Conversation,
    conversation,
    data,
    texts,
)

ONLY_ADMINISTRATORS = (
    "Only administrators of this group can change what it follows. You can read along with /list."
)


@pytest.mark.parametrize(
    "said",
    [
        "/subscribe example.org/empty",
        "/unsubscribe 1",
        "/unsubscribe",
        "/filter 1 rain",
        "/filter 1 off",
        "/pause",
        "/resume",
        "/lang",
    ],
)
async def test_a_member_cannot_change_anything(chat: Conversation, said: str) -> None:
    await chat.say("/sub example.org/feed", to=READERS)
    before = (await chat.store.subscriptions(READERS), await chat.store.chat(READERS))
    assert texts(await chat.say(said, by=XIAOMING, to=READERS)) == [ONLY_ADMINISTRATORS]
    assert (await chat.store.subscriptions(READERS), await chat.store.chat(READERS)) == before


@pytest.mark.parametrize("said", ["/list", "/filter", "/filter 1", "/help", "/start"])
async def test_a_member_reads_everything(chat: Conversation, said: str) -> None:
    await chat.say("/sub example.org/feed", to=READERS)
    answers = texts(await chat.say(said, by=XIAOMING, to=READERS))
    assert answers
    assert ONLY_ADMINISTRATORS not in answers


@pytest.mark.parametrize(
    ("who", "anonymous"),
    [
        pytest.param(ADA, False, id="the owner"),
        pytest.param(BEA, False, id="an administrator"),
        pytest.param(BEA, True, id="an administrator who hides the name"),
    ],
)
async def test_administrators_change_things(chat: Conversation, who: int, anonymous: bool) -> None:
    await chat.say("/sub example.org/feed", by=who, to=READERS, anonymous=anonymous)
    assert [one.feed_title for one in await chat.store.subscriptions(READERS)] == ["Weather & Sons"]


async def test_a_member_cannot_press_an_administrators_button(chat: Conversation) -> None:
    welcome, _sample = await chat.say("/sub example.org/feed", to=READERS)
    said = await chat.press(welcome, data(welcome)[0], by=XIAOMING)
    assert said == "Only administrators of this group can do that."
    assert len(await chat.store.subscriptions(READERS)) == 1


async def test_who_is_demoted_cannot_press_the_old_buttons(chat: Conversation) -> None:
    """The right is checked at each press, not once."""
    welcome, _sample = await chat.say("/sub example.org/feed", by=BEA, to=READERS)
    await chat.post("/sim/chats", chat=READERS, member={"user": BEA, "status": "member"}, by=ADA)
    await chat.press(welcome, data(welcome)[0], by=BEA)
    assert len(await chat.store.subscriptions(READERS)) == 1


async def test_a_member_may_turn_the_pages_of_a_list(chat: Conversation) -> None:
    town = Town(chat.store)
    for number in range(21):
        feed_id = await town.feed(f"https://example.org/{number}")
        await town.follow(Chat(READERS, ChatKind.GROUP, "Readers", "en"), feed_id)
    (listed,) = await chat.say("/list", by=XIAOMING, to=READERS)
    assert await chat.press(listed, "list:1", by=XIAOMING) is None
    assert "21. " in (await chat.now(listed))["text"]


async def test_a_question_asked_in_a_group_names_whom_it_asks(chat: Conversation) -> None:
    """A selective ForceReply opens the reply only for people who are named."""
    welcome, _sample = await chat.say("/sub example.org/feed", to=READERS)
    await chat.press(welcome, data(welcome)[1], by=BEA)
    question = (await chat.since(READERS, welcome["message_id"]))[-1]
    assert question["text"].startswith("✏️ Bea Which words")


async def test_a_member_cannot_answer_an_administrators_question(chat: Conversation) -> None:
    welcome, _sample = await chat.say("/sub example.org/feed", to=READERS)
    await chat.press(welcome, data(welcome)[1])
    question = (await chat.since(READERS, welcome["message_id"]))[-1]
    answers = await chat.say("rain", by=XIAOMING, to=READERS, reply_to=question["message_id"])
    assert texts(answers) == [ONLY_ADMINISTRATORS]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("/frobnicate", id="a command of some other bot, perhaps"),
        pytest.param("/list@some_other_bot", id="a command that names another bot"),
        pytest.param("https://example.org/feed", id="an address"),
    ],
)
async def test_in_groups_the_bot_is_silent_unless_addressed(chat: Conversation, said: str) -> None:
    assert await chat.say(said, to=READERS) == []


async def test_an_unknown_command_that_names_the_bot_is_answered(chat: Conversation) -> None:
    answers = await chat.say("/lits@feedbell_sandbox_bot", to=READERS)
    assert texts(answers) == ["I do not know /lits. Did you mean /list?"]


async def test_a_subscription_made_in_a_topic_stays_in_it(chat: Conversation) -> None:
    welcome, sample = await chat.say("/sub example.org/feed", to=NEWSROOM, thread=NEWS_TOPIC)
    assert (welcome["message_thread_id"], sample["message_thread_id"]) == (NEWS_TOPIC, NEWS_TOPIC)
    (kept,) = await chat.store.subscriptions(NEWSROOM)
    assert kept.thread_id == NEWS_TOPIC


async def test_general_is_no_topic(chat: Conversation) -> None:
    await chat.say("/sub example.org/feed", to=NEWSROOM)
    (kept,) = await chat.store.subscriptions(NEWSROOM)
    assert kept.thread_id is None


# --- what happens to the bot ---


async def member(chat: Conversation, where: int, status: str) -> None:
    """ADA makes the bot this there."""
    await chat.post("/sim/chats", chat=where, member={"bot": True, "status": status}, by=ADA)
    await chat.quiet(chat.sandbox.world.updates.next_id - 1)


async def test_added_to_a_group_it_greets_once(chat: Conversation) -> None:
    await member(chat, FAMILY, "left")
    await member(chat, FAMILY, "member")
    await member(chat, FAMILY, "administrator")
    greetings = [text for text in texts(await chat.since(FAMILY, 0)) if text.startswith("🔔")]
    assert len(greetings) == 1


async def test_removed_from_a_group_it_rests_and_wakes_when_it_is_back(chat: Conversation) -> None:
    """Paused stays paused: what people set outlives a removal."""
    await chat.say("/sub example.org/feed", to=READERS)
    await chat.say("/pause", to=READERS)
    await member(chat, READERS, "kicked")
    removed = await chat.store.chat(READERS)
    await member(chat, READERS, "member")
    back = await chat.store.chat(READERS)
    assert removed is not None
    assert back is not None
    assert (removed.resting, removed.paused) == (True, True)
    assert (back.resting, back.paused) == (False, True)
    assert len(await chat.store.subscriptions(READERS)) == 1


async def test_blocked_it_rests_and_start_wakes_it(chat: Conversation) -> None:
    await chat.say("/start")
    await chat.post("/sim/chats", chat=ADA, blocked=True)
    await chat.quiet(chat.sandbox.world.updates.next_id - 1)
    blocked = await chat.store.chat(ADA)
    await chat.post("/sim/chats", chat=ADA, blocked=False)
    await chat.say("/start")
    awake = await chat.store.chat(ADA)
    assert (blocked and blocked.resting, awake and awake.resting) == (True, False)


async def test_a_group_that_becomes_a_supergroup_keeps_its_feeds(chat: Conversation) -> None:
    await chat.say("/sub example.org/feed", to=FAMILY)
    await chat.post("/sim/chats", chat=FAMILY, migrate_to=-1009000000001)
    await chat.quiet(chat.sandbox.world.updates.next_id - 1)
    assert await chat.store.subscriptions(FAMILY) == ()
    assert [one.feed_title for one in await chat.store.subscriptions(-1009000000001)] == ["Weather & Sons"]


async def test_resume_lets_come_what_waits_for_a_topic_that_was_closed(chat: Conversation) -> None:
    """Nobody tells the bot that a topic is open again; the one who opened it does."""
    town = Town(chat.store)
    feed_id = await town.feed()
    newsroom = Chat(NEWSROOM, ChatKind.GROUP, "Newsroom", "en")
    subscription = await town.follow(newsroom, feed_id, NEWS_TOPIC)
    await town.publish(feed_id, article("a"), to={subscription: NEWSROOM})
    await town.record(tried(await town.must_claim(), RowState.WAITING, topic_gone=NEWS_TOPIC))
    assert await town.states() == {"held": 1}
    assert texts(await chat.say("/resume", to=NEWSROOM)) == ["▶️ Alerts come again, those that waited first."]
    assert await town.states() == {"waiting": 1}


# --- whom the operator lets in ---


async def test_with_an_allowlist_strangers_are_told_their_number(chat: Conversation) -> None:
    async with conversation(Access(owners=frozenset({ADA}), mode="allowlist")) as closed:
        (refusal,) = await closed.say("/sub example.org/feed", by=BEA)
        assert refusal["text"].endswith("send them your number: 1003")
        assert await closed.store.chat(BEA) is None
        welcome, _sample = await closed.say("/sub example.org/feed")
        assert welcome["text"].startswith("✅")
