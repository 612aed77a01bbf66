"""Channels, managed from the private chat: both sides must be able to post there, at every step."""

from __future__ import annotations

import pytest

from tests.telegram.conversation import ADA, BEA, CHANNEL, FAMILY, Conversation, data, labels, texts

NOT_YOURS = "Only administrators of @feedbell_demo who may post there can manage what it follows."


async def titles(chat: Conversation) -> list[str]:
    """What the channel follows."""
    return [one.feed_title for one in await chat.store.subscriptions(CHANNEL)]


async def test_a_channel_is_subscribed_from_the_private_chat(chat: Conversation) -> None:
    """The sample comes to the person: a channel's readers asked for nothing."""
    welcome, sample = await chat.say("/subscribe @feedbell_demo example.org/feed")
    assert welcome["text"].startswith("📢 Feedbell Demo\n✅ You follow Weather & Sons.")
    assert sample["chat"]["id"] == ADA
    assert await titles(chat) == ["Weather & Sons"]
    assert await chat.store.subscriptions(ADA) == ()


async def test_a_channel_without_a_name_is_managed_by_its_id(chat: Conversation) -> None:
    await chat.say(f"/sub {CHANNEL} example.org/feed")
    assert await titles(chat) == ["Weather & Sons"]


async def test_every_command_takes_the_channel_first(chat: Conversation) -> None:
    await chat.say("/sub @feedbell_demo example.org/feed")
    await chat.save_filter("/filter @feedbell_demo 1 rain")
    await chat.say("/pause @feedbell_demo")
    assert texts(await chat.say("/list @feedbell_demo")) == [
        "📢 Feedbell Demo\nYou follow one feed\n⏸ Alerts are paused; /resume lets them come.\n\n"
        "1. Weather & Sons · rain"
    ]
    await chat.say("/unsubscribe @feedbell_demo 1")
    assert await titles(chat) == []


async def test_buttons_stay_with_the_channel(chat: Conversation) -> None:
    (offer,) = await chat.say("/sub @feedbell_demo example.org")
    assert labels(offer)[0] == ["News"]
    await chat.press(offer, data(offer)[0])
    assert await titles(chat) == ["Weather & Sons"]
    welcome = (await chat.since(ADA, offer["message_id"]))[0]
    await chat.press(welcome, data(welcome)[0])
    assert await titles(chat) == []


async def test_questions_stay_with_the_channel(chat: Conversation) -> None:
    (question,) = await chat.say("/sub @feedbell_demo")
    await chat.say("example.org/feed", reply_to=question["message_id"])
    assert await titles(chat) == ["Weather & Sons"]


async def test_a_stranger_cannot_manage_a_channel(chat: Conversation) -> None:
    await chat.say("/sub @feedbell_demo example.org/feed")
    assert texts(await chat.say("/list @feedbell_demo", by=BEA)) == [NOT_YOURS]
    assert texts(await chat.say("/unsubscribe @feedbell_demo 1", by=BEA)) == [NOT_YOURS]
    assert await titles(chat) == ["Weather & Sons"]


async def test_a_stranger_cannot_forge_a_channels_button(chat: Conversation) -> None:
    await chat.say("/sub @feedbell_demo example.org/feed")
    (kept,) = await chat.store.subscriptions(CHANNEL)
    (own,) = await chat.say("/start", by=BEA)
    said = await chat.press(own, f"undo:{kept.id}@{CHANNEL}", by=BEA, force=True)
    assert said == "This button is out of date. Please send the command again."
    assert await titles(chat) == ["Weather & Sons"]


@pytest.mark.parametrize(
    "forged", ["list:0@x", "list:0@1 2", "list:0@99999999999999999999", "list:0@-1009999999999"]
)
async def test_a_button_with_a_broken_channel_is_out_of_date(chat: Conversation, forged: str) -> None:
    (own,) = await chat.say("/start")
    said = await chat.press(own, forged, force=True)
    assert said == "This button is out of date. Please send the command again."


async def test_who_loses_the_right_to_post_loses_the_buttons(chat: Conversation) -> None:
    rights = {"user": BEA, "status": "administrator", "can_post_messages": True}
    await chat.post("/sim/chats", chat=CHANNEL, member=rights, by=ADA)
    welcome, _sample = await chat.say("/sub @feedbell_demo example.org/feed", by=BEA)
    await chat.post("/sim/chats", chat=CHANNEL, member={**rights, "can_post_messages": False}, by=ADA)
    await chat.press(welcome, data(welcome)[0], by=BEA)
    assert await titles(chat) == ["Weather & Sons"]


async def test_the_bot_must_be_able_to_post(chat: Conversation) -> None:
    rights = {"bot": True, "status": "administrator", "can_post_messages": False}
    await chat.post("/sim/chats", chat=CHANNEL, member=rights, by=ADA)
    assert texts(await chat.say("/sub @feedbell_demo example.org/feed")) == [
        "I may not post in @feedbell_demo. Make me an administrator there who may post, then try again."
    ]
    assert await titles(chat) == []


@pytest.mark.parametrize("name", ["@nowhere_at_all", "-1009999999999"])
async def test_a_channel_nobody_knows_is_said_to_be_unknown(chat: Conversation, name: str) -> None:
    (answer,) = await chat.say(f"/list {name}")
    assert answer["text"].startswith(f"I find no channel {name} that I am in.")


async def test_in_a_group_no_channel_can_be_named(chat: Conversation) -> None:
    """What one administrator of a group may do there says nothing of a channel."""
    await chat.say("/sub @feedbell_demo example.org/feed", to=FAMILY)
    assert await titles(chat) == []
