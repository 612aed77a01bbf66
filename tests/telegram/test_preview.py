"""Looking at a feed before following it, and following it through a filter at once."""

from __future__ import annotations

import pytest

from tests.telegram.conversation import ADA, XIAOMING, Conversation, data, feed, labels, texts


async def test_a_preview_shows_the_newest_articles_and_follows_nothing(chat: Conversation) -> None:
    chat.reader.web["https://sea.example/"] = feed("Sea News", "Five", "Four", "Three", "Two")
    *samples, last = await chat.say("/preview sea.example")
    assert [text.splitlines()[0] for text in texts(samples)] == ["Three", "Four", "Five"]
    assert last["text"] == "Sea News looks like this. Nothing is followed yet."
    assert labels(last) == [["Follow"]]
    assert await chat.store.subscriptions(ADA) == ()
    await chat.press(last, data(last)[0])
    assert [one.feed_title for one in await chat.store.subscriptions(ADA)] == ["Sea News"]


async def test_a_site_lets_choose_which_feed_to_look_at(chat: Conversation) -> None:
    (choice,) = await chat.say("/preview example.org")
    assert labels(choice) == [["News"], ["https://example.org/empty"]]
    assert await chat.press(choice, data(choice)[1]) == "One moment, I am reading it…"
    (seen,) = await chat.since(ADA, choice["message_id"])
    assert seen["text"] == "Nothing Yet looks like this. Nothing is followed yet."
    assert await chat.store.subscriptions(ADA) == ()


async def test_a_missing_address_is_asked_for(chat: Conversation) -> None:
    (question,) = await chat.say("/preview")
    *_, last = await chat.say("example.org/feed", reply_to=question["message_id"])
    assert last["text"].startswith("Weather & Sons looks like this")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        pytest.param("nonsense", "⚠️ nonsense\n“nonsense” is not a web address", id="nonsense"),
        pytest.param("slow.example", "⚠️ slow.example\n", id="a host that does not answer"),
        pytest.param("a.example b.example", "One address at a time", id="two addresses"),
        pytest.param("x" * 4000, "⚠️ xxx", id="4,000 letters"),
    ],
)
async def test_what_cannot_be_shown_gets_a_sentence(chat: Conversation, said: str, answer: str) -> None:
    (said_,) = await chat.say(f"/preview {said}")
    assert said_["text"].startswith(answer)


async def test_another_chats_offer_shows_nothing(chat: Conversation) -> None:
    (choice,) = await chat.say("/preview example.org")
    (own,) = await chat.say("/start", by=XIAOMING)
    await chat.press(own, data(choice)[0], by=XIAOMING, force=True)
    (answer,) = await chat.since(XIAOMING, own["message_id"])
    assert answer["text"].startswith("⚠️")


# --- /subscribe address filter ---


async def test_a_filter_behind_the_address_is_set_at_once(chat: Conversation) -> None:
    *_, said = await chat.say("/sub example.org/feed rain -snow")
    (kept,) = await chat.store.subscriptions(ADA)
    assert kept.filter == "rain -snow"
    assert said["text"].startswith("✅ Weather & Sons – from now on you get only: rain -snow\n")


async def test_a_filter_behind_several_addresses_is_everybodys(chat: Conversation) -> None:
    await chat.say('/sub example.org/feed, example.org/empty "big rain" OR node.js')
    kept = await chat.store.subscriptions(ADA)
    assert [one.filter for one in kept] == ['"big rain" OR node.js'] * 2


async def test_a_filter_that_is_wrong_follows_nothing(chat: Conversation) -> None:
    (said,) = await chat.say("/sub example.org/feed rain (snow")
    assert said["text"].startswith("A bracket is missing")
    assert await chat.store.subscriptions(ADA) == ()


async def test_what_is_followed_already_keeps_its_filter(chat: Conversation) -> None:
    await chat.say("/sub example.org/feed rain")
    assert texts(await chat.say("/sub example.org/feed snow")) == [
        "You already follow Weather & Sons. Nothing has changed."
    ]
    (kept,) = await chat.store.subscriptions(ADA)
    assert kept.filter == "rain"


async def test_a_filter_for_a_site_of_several_feeds_is_not_lost_in_silence(chat: Conversation) -> None:
    _, said = await chat.say("/sub example.org rain")
    assert said["text"].startswith("The filter rain is not set yet: choose a feed first")
