"""/stats: how much came, waits, was given up; which feeds bring most, and which are quiet."""

from __future__ import annotations

from datetime import timedelta

from bot.model import RowState
from tests.store.town import Town, article, checked, tried
from tests.telegram.conversation import ADA, READERS, XIAOMING, Conversation, texts
from tests.telegram.test_undo import follow

EMPTY = "This chat follows nothing yet. Start with an address: /subscribe example.org"


async def send(chat: Conversation, number: int, count: int, *, days: int, state: RowState) -> None:
    """Let so many articles of a feed come to an end, so many days ago."""
    town, at = Town(chat.store), chat.clock.now() - timedelta(days=days)
    one = (await chat.store.subscriptions(ADA))[number - 1]
    new = [article(f"{number} {days} {state} {n}") for n in range(count)]
    await town.publish(one.feed_id, *new, to={one.id: ADA}, at=at)
    for _ in range(count if state is not RowState.WAITING else 0):
        await town.record(tried(await town.must_claim(chat.clock.now()), state, at, message_ids=(1,)))


async def test_what_came_is_counted_by_day_week_and_month(chat: Conversation) -> None:
    await follow(chat, 3)
    await send(chat, 1, 1, days=0, state=RowState.SENT)
    await send(chat, 2, 2, days=3, state=RowState.SENT)
    await send(chat, 1, 4, days=20, state=RowState.SENT)
    await send(chat, 1, 7, days=40, state=RowState.SENT)
    await send(chat, 2, 1, days=8, state=RowState.DROPPED)
    await send(chat, 2, 2, days=0, state=RowState.WAITING)
    assert texts(await chat.say("/stats")) == [
        "Articles here\n"
        "✅ Came: 1 in 24 hours, 3 in 7 days, 7 in 30 days\n"
        "⏳ Still wait: 2 in 24 hours, 2 in 7 days, 2 in 30 days\n"
        "✖️ Given up: 0 in 24 hours, 0 in 7 days, 1 in 30 days\n"
        "\n"
        "Most active in 30 days\n"
        "• Feed 1: 5\n"
        "• Feed 2: 2"
    ]


async def test_feeds_that_fell_silent_are_named_a_few_of_many(chat: Conversation) -> None:
    await follow(chat, 7)
    chat.clock.advance(timedelta(days=31))
    one = (await chat.store.subscriptions(ADA))[6]
    (said,) = await chat.say("/stats")
    assert said["text"].endswith(
        "Nothing new for 30 days: 7 feeds\n• Feed 1\n• Feed 2\n• Feed 3\n• Feed 4\n• Feed 5\n…"
    )
    async with chat.store.transaction() as tx:
        await tx.record_poll(checked(one.feed_id, chat.clock.now(), beat=None))
    assert texts(await chat.say("/stats")) == texts([said]), "a check without an article is no sign of life"


async def test_nothing_followed_and_nothing_come_is_said_so(chat: Conversation) -> None:
    assert texts(await chat.say("/stats")) == [EMPTY]


async def test_everybody_in_a_group_may_ask_and_hears_of_that_group_alone(chat: Conversation) -> None:
    await follow(chat, 1)
    await send(chat, 1, 3, days=0, state=RowState.SENT)
    await chat.say("/sub example.org/feed", to=READERS)
    (said,) = await chat.say("/stats", by=XIAOMING, to=READERS)
    assert said["text"] == "Articles here\n✅ Came: 0 in 24 hours, 0 in 7 days, 0 in 30 days"
