"""What a burst left behind comes by a button, or by /more."""

from __future__ import annotations

from bot.model import Article, Delivery, PollOutcome, SeenKey, Validators
from tests.fakes import NOW
from tests.telegram.conversation import ADA, Conversation, feed, texts


async def burst(chat: Conversation) -> None:
    """Three articles of Feed 1 stand behind a fourth."""
    chat.reader.web["https://f1.example/"] = feed("Feed 1")
    await chat.say("/sub f1.example")
    (own,) = await chat.store.subscriptions(ADA)
    articles = tuple(Article(key, key, None, "", None, None) for key in "abcd")
    owed = tuple(Delivery(key, own.id, ADA, behind=key != "d", more=3 if key == "d" else 0) for key in "abcd")
    seen = tuple(SeenKey(key, None) for key in "abcd")
    outcome = PollOutcome(
        own.feed_id, NOW, NOW, Validators(), 0, None, seen=seen, articles=articles, deliveries=owed
    )
    async with chat.store.transaction() as tx:
        await tx.record_poll(outcome)


async def states(chat: Conversation) -> tuple[int, int]:
    depth = await chat.store.depth()
    return depth["waiting"], depth["behind"]


async def test_more_lets_all_of_it_come_once(chat: Conversation) -> None:
    await burst(chat)
    assert await states(chat) == (1, 3)
    assert texts(await chat.say("/more")) == ["3 articles are on their way, as lists."]
    assert await states(chat) == (4, 0)
    assert texts(await chat.say("/more")) == ["Nothing is held back here: every article came by itself."]


async def test_the_button_works_once_and_goes(chat: Conversation) -> None:
    await burst(chat)
    (greeting,) = await chat.say("/start")
    pressed = await chat.press(greeting, "more:99", force=True)
    assert pressed == "They have been sent already."
    assert await states(chat) == (1, 3)
    offering = 4
    assert await chat.press(greeting, f"more:{offering}", force=True) == "They are on their way, as a list."
    assert await states(chat) == (4, 0)
    assert "reply_markup" not in await chat.now(greeting)
