"""How one feed comes is copied to others, by word or button, as one change; names and filters stay."""

from __future__ import annotations

import pytest

from bot.model import Length, Pictures, Wishes
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
from tests.telegram.test_undo import follow, told

LONG = Wishes(length=Length.LONG, pictures=Pictures.NONE, silent=True)


async def with_settings(chat: Conversation, count: int, **place: int) -> None:
    """The first of these feeds comes long, bare and silent."""
    await follow(chat, count, **place)
    for said in ("long", "none", "silent on"):
        await chat.say(f"/settings 1 {said}", **place)


async def wishes(chat: Conversation, where: int = ADA) -> list[Wishes]:
    return [one.wishes for one in await chat.store.subscriptions(where)]


@pytest.mark.parametrize(
    ("said", "like_the_first"),
    [
        pytest.param("/copy 1 to 3", [0, 2], id="one"),
        pytest.param("/copy 1 TO 2, 3", [0, 1, 2], id="two, with a comma"),
        pytest.param("/copy 1 > 3 3", [0, 2], id="an arrow, and a number twice"),
        pytest.param("/copy 1 → all", [0, 1, 2, 3], id="all"),
        pytest.param("/copy Feed 1 to Feed 4", [0, 3], id="by title"),
        pytest.param("/copy n1.example to n2.example", [0, 1], id="by address"),
        pytest.param("/copy 1 to 全部", [0, 1, 2, 3], id="all, in Chinese"),
    ],
)
async def test_alerts_of_others_come_as_those_of_one(
    chat: Conversation, said: str, like_the_first: list[int]
) -> None:
    await with_settings(chat, 4)
    (done,) = await chat.say(said)
    assert done["text"].startswith("✅ ")
    assert [place for place, one in enumerate(await wishes(chat)) if one == LONG] == like_the_first


async def test_names_and_filters_stay_and_undo_brings_back_the_rest(chat: Conversation) -> None:
    await with_settings(chat, 2)
    await chat.say("/settings 1 title First")
    await chat.say("/settings 2 title Second")
    await chat.save_filter("/filter 2 rain")
    before = await chat.store.subscriptions(ADA)
    (done,) = await chat.say("/copy 1 to 2")
    assert (done["text"], labels(done)) == (
        "✅ One feed comes as First does now. Its name and filter stay its own.",
        [["↩ Undo"]],
    )
    _, second = await chat.store.subscriptions(ADA)
    assert (second.title, second.filter, second.wishes.length) == ("Second", "rain", Length.LONG)
    assert texts(await chat.say("/undo")) == ["↩ Second: settings and filter as before."]
    assert await chat.store.subscriptions(ADA) == before


async def test_buttons_choose_both(chat: Conversation) -> None:
    await with_settings(chat, 3)
    (choice,) = await chat.say("/copy")
    assert choice["text"] == "Which feed’s settings shall the others get?"
    await chat.press(choice, data(choice)[0])
    choice = await chat.now(choice)
    assert labels(choice) == [["All the others"], ["1. Feed 1"], ["2. Feed 2"], ["3. Feed 3"]]
    await chat.press(choice, data(choice)[2])
    assert await wishes(chat) == [LONG, LONG, Wishes()]
    (choice,) = await chat.say("/copy 1")
    await chat.press(choice, data(choice)[0])
    assert (await chat.now(choice))["text"].startswith("✅ One feed comes as Feed 1 does now.")
    assert await wishes(chat) == [LONG] * 3


async def test_buttons_of_many_feeds_turn_pages(chat: Conversation) -> None:
    await with_settings(chat, 9)
    (choice,) = await chat.say("/copy")
    assert labels(choice)[-1] == ["◀", "1/2", "▶"]
    await chat.press(choice, data(choice)[-1])
    assert labels(await chat.now(choice))[0] == ["9. Feed 9"]
    (choice,) = await chat.say("/copy 1")
    await chat.press(choice, data(choice)[-1])
    choice = await chat.now(choice)
    await chat.press(choice, data(choice)[1])
    assert (await wishes(chat))[8] == LONG


async def test_a_reply_to_an_alert_copies_from_its_feed(chat: Conversation) -> None:
    await with_settings(chat, 2)
    first, _ = await chat.store.subscriptions(ADA)
    alert = await told(chat, ADA, first.id)
    (choice,) = await chat.say("/copy", reply_to=alert["message_id"])
    assert choice["text"] == "Which one shall come as Feed 1 does?"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/copy 9", "I find no “9” among the feeds of this chat. /list shows their numbers."),
        ("/copy 1 to 9", "I find no “9” among the feeds of this chat. /list shows their numbers."),
        ("/copy 1 to 2 9", "I find no “2 9” among the feeds of this chat. /list shows their numbers."),
        ("/copy 1 2 to 2", "I find no “1 2” among the feeds of this chat. /list shows their numbers."),
        ("/copy all to 2", "I find no “all” among the feeds of this chat. /list shows their numbers."),
        ("/copy 1 to 1", "That comes as Feed 1 does already. Nothing has changed."),
        ("/copy 2 to 3", "That comes as Feed 2 does already. Nothing has changed."),
    ],
)
async def test_what_cannot_be_copied_changes_nothing(chat: Conversation, said: str, answer: str) -> None:
    await with_settings(chat, 3)
    assert texts(await chat.say(said)) == [answer]
    assert await wishes(chat) == [LONG, Wishes(), Wishes()]


async def test_one_feed_alone_has_nothing_to_copy_to(chat: Conversation) -> None:
    await follow(chat, 1)
    assert texts(await chat.say("/copy 1 to all")) == [
        "This needs at least two feeds; this chat follows fewer."
    ]


async def test_buttons_of_feeds_that_are_gone_or_anothers_do_nothing(chat: Conversation) -> None:
    await with_settings(chat, 3)
    first, second, _ = await chat.store.subscriptions(ADA)
    (choice,) = await chat.say("/copy 1")
    await chat.say("/unsubscribe 2")
    gone = "This chat no longer follows that feed."
    assert await chat.press(choice, f"copyto:{first.id}:{second.id}") == gone
    (own,) = await chat.say("/start", by=XIAOMING)
    for forged in (f"copyto:{first.id}:0", f"copyof:0:{first.id}"):
        assert await chat.press(own, forged, by=XIAOMING, force=True) == "这个订阅已经不在了。"
    assert await wishes(chat) == [LONG, Wishes()]


async def test_in_a_group_only_administrators_and_in_a_channel_from_outside(chat: Conversation) -> None:
    await with_settings(chat, 2, by=ADA, to=READERS)
    await chat.say("/copy 1 to 2", by=XIAOMING, to=READERS)
    assert await wishes(chat, READERS) == [LONG, Wishes()]
    await chat.say("/copy 1 to 2", by=BEA, to=READERS)
    assert await wishes(chat, READERS) == [LONG, LONG]
    await chat.say("/sub @feedbell_demo n1.example n2.example")
    await chat.say("/settings @feedbell_demo 1 long")
    await chat.say("/copy @feedbell_demo 1 to all")
    assert await wishes(chat, CHANNEL) == [Wishes(length=Length.LONG)] * 2
