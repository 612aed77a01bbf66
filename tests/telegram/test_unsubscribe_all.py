"""Everything goes at once, after a question and a backup, and comes back by /undo."""

from __future__ import annotations

import pytest

from bot.sandbox.faults import Fault
from tests.telegram.conversation import (
    ADA,
    BEA,
    CHANNEL,
    READERS,
    XIAOMING,
    Conversation,
    data,
    labels,
    texts,
)
from tests.telegram.test_undo import follow, titles

DONE = (
    "This chat follows nothing any more; they were 2 feeds. "
    "The file above brings them back at any time, /undo for ten minutes."
)
EMPTY = "This chat follows nothing yet. Start with an address: /subscribe example.org"


async def test_it_asks_first_and_nothing_is_dropped_until_the_button(chat: Conversation) -> None:
    await follow(chat, 2)
    (asked,) = await chat.say("/unsubscribe_all")
    assert asked["text"].startswith("Stop following all 2 feeds of this chat?")
    assert labels(asked) == [["Unsubscribe from all"]]
    assert await titles(chat) == ["Feed 1", "Feed 2"]
    await chat.press(asked, data(asked)[0])
    backup, done = await chat.since(ADA, asked["message_id"])
    assert "https://n2.example/" in await chat.file(backup["document"]["file_id"])
    assert (done["text"], labels(done)) == (DONE, [["↩ Undo"]])
    assert labels(await chat.now(asked)) == []
    assert await titles(chat) == []


@pytest.mark.parametrize("yes", ["yes", "YES", "ja", "да", "是"])
async def test_a_word_does_what_the_button_does(chat: Conversation, yes: str) -> None:
    await follow(chat, 2)
    _backup, done = await chat.say(f"/unsubscribe_all {yes}")
    assert (done["text"], await titles(chat)) == (DONE, [])


@pytest.mark.parametrize(
    "said", ["/unsubscribe_all no", "/unsubscribe_all 1", "/unsubscribe_all " + "x" * 3000]
)
async def test_anything_else_behind_it_only_asks(chat: Conversation, said: str) -> None:
    await follow(chat, 1)
    (asked,) = await chat.say(said)
    assert asked["text"].startswith("Stop following the one feed of this chat?")
    assert await titles(chat) == ["Feed 1"]


async def test_all_of_it_is_one_change_that_comes_back(chat: Conversation) -> None:
    await follow(chat, 3)
    await chat.save_filter("/filter 1 rain")
    await chat.say("/settings 2 long")
    before = await chat.store.subscriptions(ADA)
    await chat.say("/unsubscribe_all yes")
    assert texts(await chat.say("/undo")) == [
        "↩ You follow Feed 1 and 2 others again, filtered and shown as before. What waited still comes."
    ]
    assert await chat.store.subscriptions(ADA) == before


async def test_with_nothing_followed_there_is_nothing_to_ask(chat: Conversation) -> None:
    assert texts(await chat.say("/unsubscribe_all")) == [EMPTY]
    assert texts(await chat.say("/unsubscribe_all yes")) == [EMPTY]


async def test_a_second_press_and_a_button_of_another_number_drop_nothing(chat: Conversation) -> None:
    await follow(chat, 1)
    (asked,) = await chat.say("/unsubscribe_all")
    await follow(chat, 2)  # one more since
    await chat.press(asked, data(asked)[0])
    assert (await chat.now(asked))["text"].startswith("Stop following all 2 feeds")
    assert await titles(chat) == ["Feed 1", "Feed 2"]
    await chat.press(asked, "leaveall:2")
    stale = "This button is out of date. Please send the command again."
    assert await chat.press(asked, "leaveall:2", force=True) == stale


async def test_without_a_backup_nothing_is_dropped(chat: Conversation) -> None:
    await follow(chat, 1)
    chat.sandbox.simulation.faults.waiting.append(Fault("senddocument", status=400))
    (said,) = await chat.say("/unsubscribe_all yes")
    assert said["text"].startswith("The backup could not be sent, so nothing was dropped.")
    assert await titles(chat) == ["Feed 1"]


async def test_in_a_group_only_administrators(chat: Conversation) -> None:
    await follow(chat, 1, by=ADA, to=READERS)
    (refused,) = await chat.say("/unsubscribe_all yes", by=XIAOMING, to=READERS)
    assert "document" not in refused
    (asked,) = await chat.say("/unsubscribe_all", by=BEA, to=READERS)
    assert await chat.press(asked, data(asked)[0], by=XIAOMING) is not None
    assert await titles(chat, READERS) == ["Feed 1"]
    await chat.press(asked, data(asked)[0], by=BEA)
    assert await titles(chat, READERS) == []


async def test_a_channel_is_emptied_from_the_private_chat_and_nothing_else(chat: Conversation) -> None:
    await follow(chat, 1)
    await chat.say("/sub @feedbell_demo example.org/feed")
    await chat.say("/unsubscribe_all @feedbell_demo yes")
    assert (await titles(chat, CHANNEL), await titles(chat)) == ([], ["Feed 1"])
