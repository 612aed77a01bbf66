"""The last change is taken back for ten minutes, by word or button, by whoever may change things."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import RowState
from tests.store.town import Town, article, tried
from tests.telegram.conversation import (
    ADA,
    BEA,
    CHANNEL,
    READERS,
    XIAOMING,
    Conversation,
    Message,
    data,
    feed,
    labels,
    texts,
)

NOTHING = "There is nothing to take back: nothing was changed here in the last ten minutes."


async def follow(chat: Conversation, count: int, **place: int) -> None:
    for number in range(1, count + 1):
        chat.reader.web[f"https://n{number}.example/"] = feed(f"Feed {number}", "One")
        await chat.say(f"/sub n{number}.example", **place)


async def told(chat: Conversation, where: int, *subscriptions: int, by: int = ADA) -> Message:
    """A message of the bot's, as if it were an alert of these subscriptions."""
    (message,) = await chat.say("/help@feedbell_sandbox_bot", by=by, to=where)
    town = Town(chat.store)
    followed = {one.id: one for one in await chat.store.subscriptions(where)}
    for number in subscriptions:
        await town.publish(followed[number].feed_id, article(f"a{number}"), to={number: where})
    parcel = await town.must_claim(backlog=0, most=9)
    await town.record(tried(parcel, RowState.SENT, message_ids=(message["message_id"],)))
    return message


async def titles(chat: Conversation, where: int = ADA) -> list[str]:
    return [one.title for one in await chat.store.subscriptions(where)]


async def test_nothing_changed_is_nothing_to_take_back(chat: Conversation) -> None:
    assert texts(await chat.say("/undo")) == [NOTHING]
    assert texts(await chat.say("/undo x" * 500)) == [NOTHING]


CHANGES = [
    pytest.param(
        "/unsubscribe 1",
        "↩ You follow Feed 1 again, filtered and shown as before. What waited still comes.",
        id="one feed dropped",
    ),
    pytest.param(
        "/unsubscribe 1 2",
        "↩ You follow Feed 1 and one other again, filtered and shown as before. What waited still comes.",
        id="two feeds dropped",
    ),
    pytest.param("/filter 1 snow", "↩ Feed 1: filtered as before.", id="another filter"),
    pytest.param("/filter 1 off", "↩ Feed 1: filtered as before.", id="no filter"),
    pytest.param("/settings 1 title Mine", "↩ Feed 1: shown as before.", id="a name"),
    pytest.param("/settings long", "↩ Alerts look here as they did before.", id="the chat's settings"),
    pytest.param("/mute golf", "↩ What is muted here is as it was before.", id="muted words"),
    pytest.param("/follow sea: ship", "↩ The topics here are as they were before.", id="a topic"),
    pytest.param("/sub example.org/feed", "↩ You no longer follow Weather & Sons.", id="a new feed"),
]


@pytest.mark.parametrize(("said", "answer"), CHANGES)
async def test_a_change_is_taken_back_whole(chat: Conversation, said: str, answer: str) -> None:
    await follow(chat, 2)
    await chat.save_filter("/filter 1 rain")
    await chat.say("/settings 1 long")
    before = (await chat.store.subscriptions(ADA), await chat.store.chat(ADA))
    await (chat.save_filter if said.endswith("snow") else chat.say)(said)
    assert (await chat.store.subscriptions(ADA), await chat.store.chat(ADA)) != before
    assert texts(await chat.say("/undo")) == [answer]
    assert (await chat.store.subscriptions(ADA), await chat.store.chat(ADA)) == before


async def test_once_more_takes_back_the_change_before(chat: Conversation) -> None:
    await follow(chat, 1)
    await chat.save_filter("/filter 1 rain")
    await chat.say("/unsubscribe 1")
    for _ in range(2):
        await chat.say("/undo")
    (there,) = await chat.store.subscriptions(ADA)
    assert there.filter == ""
    await chat.say("/undo")
    assert await titles(chat) == []
    assert texts(await chat.say("/undo")) == [NOTHING]


async def test_after_ten_minutes_it_is_too_late(chat: Conversation) -> None:
    await follow(chat, 1)
    (gone,) = await chat.say("/unsubscribe 1")
    chat.clock.advance(timedelta(minutes=10, seconds=1))
    assert texts(await chat.say("/undo")) == [NOTHING]
    late = "That was taken back already, or is more than ten minutes ago."
    assert await chat.press(gone, data(gone)[0]) == late
    assert await titles(chat) == []


async def test_the_button_below_the_answer_takes_it_back_once(chat: Conversation) -> None:
    await follow(chat, 1)
    (gone,) = await chat.say("/unsubscribe 1")
    assert labels(gone) == [["↩ Undo"]]
    assert await chat.press(gone, data(gone)[0]) is None
    assert (await chat.now(gone))["text"].startswith("↩ You follow Feed 1 again")
    late = await chat.press(gone, data(gone)[0], force=True)
    assert late == "That was taken back already, or is more than ten minutes ago."
    assert await titles(chat) == ["Feed 1"]


async def test_an_earlier_button_waits_for_what_was_changed_after_it(chat: Conversation) -> None:
    await follow(chat, 2)
    (gone,) = await chat.say("/unsubscribe 1")
    await chat.say("/unsubscribe 1")
    first = "Something else was changed after that. /undo takes back the last change first."
    assert await chat.press(gone, data(gone)[0]) == first
    assert await titles(chat) == []
    await chat.say("/undo")
    await chat.press(gone, data(gone)[0])
    assert await titles(chat) == ["Feed 1", "Feed 2"]


async def test_a_feed_dropped_from_the_list_of_buttons_can_come_back(chat: Conversation) -> None:
    await follow(chat, 1)
    (choice,) = await chat.say("/unsubscribe")
    await chat.press(choice, data(choice)[0])
    assert labels(await chat.now(choice)) == [["↩ Undo"]]
    await chat.press(choice, data(await chat.now(choice))[0])
    assert await titles(chat) == ["Feed 1"]


async def test_another_chats_change_is_not_ones_own(chat: Conversation) -> None:
    await follow(chat, 1)
    (gone,) = await chat.say("/unsubscribe 1")
    (own,) = await chat.say("/start", by=XIAOMING)
    assert await chat.press(own, data(gone)[0], by=XIAOMING, force=True) == "已经撤销过，或者已超过十分钟。"
    assert await titles(chat) == []


async def test_in_a_group_another_administrator_may_and_a_member_may_not(chat: Conversation) -> None:
    await follow(chat, 1, by=ADA, to=READERS)
    (gone,) = await chat.say("/unsubscribe 1", by=ADA, to=READERS)
    assert await chat.press(gone, data(gone)[0], by=XIAOMING) is not None
    assert await titles(chat, READERS) == []
    await chat.say("/undo", by=XIAOMING, to=READERS)
    assert await titles(chat, READERS) == []
    await chat.say("/undo", by=BEA, to=READERS)
    assert await titles(chat, READERS) == ["Feed 1"]


async def test_a_channels_change_is_taken_back_from_the_private_chat(chat: Conversation) -> None:
    await chat.say("/sub @feedbell_demo example.org/feed")
    await chat.say("/unsubscribe @feedbell_demo 1")
    assert texts(await chat.say("/undo")) == [NOTHING]
    (back,) = await chat.say("/undo @feedbell_demo")
    assert "You follow Weather & Sons again" in back["text"]
    assert await titles(chat, CHANNEL) == ["Weather & Sons"]


# --- /unsubscribe in reply to an alert ---


async def test_a_reply_to_an_alert_drops_its_feed(chat: Conversation) -> None:
    await follow(chat, 2)
    _, second = await chat.store.subscriptions(ADA)
    alert = await told(chat, ADA, second.id)
    (gone,) = await chat.say("/unsubscribe", reply_to=alert["message_id"])
    assert gone["text"] == "You no longer follow Feed 2."
    assert await titles(chat) == ["Feed 1"]


async def test_a_reply_to_a_list_of_several_feeds_asks_which(chat: Conversation) -> None:
    await follow(chat, 3)
    first, second, _ = await chat.store.subscriptions(ADA)
    alert = await told(chat, ADA, first.id, second.id)
    (choice,) = await chat.say("/unsub", reply_to=alert["message_id"])
    assert labels(choice) == [["Feed 1"], ["Feed 2"]]
    await chat.press(choice, data(choice)[1])
    assert await titles(chat) == ["Feed 1", "Feed 3"]


async def test_a_reply_to_something_else_offers_all_feeds(chat: Conversation) -> None:
    await follow(chat, 1)
    (other,) = await chat.say("/start")
    (choice,) = await chat.say("/unsubscribe", reply_to=other["message_id"])
    assert labels(choice) == [["1. Feed 1"]]


async def test_what_is_named_goes_before_what_is_answered(chat: Conversation) -> None:
    await follow(chat, 2)
    _, second = await chat.store.subscriptions(ADA)
    alert = await told(chat, ADA, second.id)
    await chat.say("/unsubscribe 1", reply_to=alert["message_id"])
    assert await titles(chat) == ["Feed 2"]


async def test_in_a_group_a_member_drops_nothing_by_a_reply(chat: Conversation) -> None:
    await follow(chat, 1, by=ADA, to=READERS)
    (own,) = await chat.store.subscriptions(READERS)
    alert = await told(chat, READERS, own.id)
    await chat.say("/unsubscribe", by=XIAOMING, to=READERS, reply_to=alert["message_id"])
    assert await titles(chat, READERS) == ["Feed 1"]
    await chat.say("/unsubscribe", by=BEA, to=READERS, reply_to=alert["message_id"])
    assert await titles(chat, READERS) == []
