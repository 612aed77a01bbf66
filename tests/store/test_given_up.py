"""What does not arrive: topics that are gone, articles that were dropped, and those that waited too long."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.model import ChatKind, DeadLetter, RowState
from bot.store import SqlStore
from tests.store.town import ANNA, CLUB, DAY, HOUR, MINUTE, NOON, Town, article, keys, tried

CLOSED_TOPIC: dict[str, Any] = {"topic_gone": 5, "reason": "TOPIC_CLOSED"}


@pytest.fixture
def town(store: SqlStore) -> Town:
    return Town(store)


@pytest.fixture
async def topics(town: Town) -> dict[int | None, int]:
    """The club follows one feed in two topics and in none, and an article waits for each; the subscriptions."""
    feed_id = await town.feed()
    made = {thread: await town.follow(CLUB, feed_id, thread) for thread in (5, 6, None)}
    for thread, subscription in made.items():
        await town.publish(feed_id, article(f"for {thread}"), to={subscription: CLUB.id})
    return made


async def gone(town: Town) -> tuple[object, ...]:
    return await town.record(tried(await town.must_claim(), RowState.HELD, **CLOSED_TOPIC))


async def release(store: SqlStore, chat_id: int) -> None:
    async with store.transaction() as tx:
        await tx.release_topics(chat_id)


async def test_a_topic_that_is_gone_holds_what_is_for_it_and_nothing_else(
    store: SqlStore, town: Town, topics: dict[int | None, int]
) -> None:
    await town.publish(1, article("later"), to={topics[5]: CLUB.id})
    assert await gone(town) == ((CLUB, 5),)
    assert await town.states() == {"held": 2, "waiting": 2}
    await town.publish(1, article("new"), to=dict.fromkeys(topics.values(), CLUB.id))
    assert await town.states() == {"held": 3, "waiting": 4}
    assert await town.drain() == ["for 6", "for None", "new", "new"]


@pytest.mark.parametrize("state", [RowState.HELD, RowState.WAITING])
async def test_the_row_that_found_out_is_held_with_the_others(
    town: Town, topics: dict[int | None, int], state: RowState
) -> None:
    await town.record(tried(await town.must_claim(), state, **CLOSED_TOPIC))
    assert await town.states() == {"held": 1, "waiting": 2}


async def test_a_topic_is_news_once(store: SqlStore, town: Town, topics: dict[int | None, int]) -> None:
    """Its chat would otherwise be told again for each message that was under way."""
    parcel = await town.must_claim()
    outcome = tried(parcel, RowState.HELD, **CLOSED_TOPIC)
    assert await town.record(outcome, outcome) == ((CLUB, 5),)
    assert await town.record(outcome) == ()
    await release(store, CLUB.id)
    assert await gone(town) == ((CLUB, 5),)


async def test_resuming_lets_what_was_held_go(
    store: SqlStore, town: Town, topics: dict[int | None, int]
) -> None:
    await gone(town)
    await release(store, ANNA.id)
    assert (await town.states())["held"] == 1
    await release(store, CLUB.id)
    await town.publish(1, article("new"), to={topics[5]: CLUB.id})
    assert await town.drain() == ["for 5", "for 6", "for None", "new"]


@pytest.fixture
async def dropped(town: Town) -> int:
    """The outbox row of an article for Anna that Telegram refused three times."""
    feed_id = await town.feed(title="Herald")
    subscription = await town.follow(ANNA, feed_id)
    await town.publish(feed_id, article("a", url="https://herald.example/a"), to={subscription: ANNA.id})
    parcel = await town.must_claim()
    await town.record(tried(parcel, RowState.DROPPED, NOON + MINUTE, attempts=3, reason="too long"))
    return parcel.rows[0].id


async def test_a_dead_letter_says_what_and_why(store: SqlStore, dropped: int) -> None:
    assert await store.dead_letters(limit=9) == (
        DeadLetter(
            dropped,
            NOON + MINUTE,
            ANNA.id,
            "Anna",
            "Herald",
            "About a",
            "https://herald.example/a",
            "too long",
            3,
        ),
    )


async def test_dead_letters_come_newest_first_and_in_pages(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    subscription = await town.follow(ANNA, feed_id)
    await town.publish(feed_id, *(article(key) for key in "abcde"), to={subscription: ANNA.id})
    for minutes in (0, 3, 1, 1):
        await town.record(tried(await town.must_claim(), RowState.DROPPED, NOON + minutes * MINUTE))
    pages = [await store.dead_letters(limit=3, offset=offset) for offset in (0, 3, 6)]
    assert [[one.title[-1] for one in page] for page in pages] == [["b", "d", "c"], ["a"], []]
    assert {one.reason for page in pages for one in page} == {""}


async def test_a_dead_letter_may_be_tried_again_from_the_start(
    store: SqlStore, town: Town, dropped: int
) -> None:
    """With its tries still counted, its first failure would be its last."""
    async with store.transaction() as tx:
        assert await tx.retry(dropped)
        assert not await tx.retry(dropped)
    assert await store.dead_letters(limit=9) == ()
    parcel = await town.must_claim()
    assert [(row.id, row.attempts) for row in parcel.rows] == [(dropped, 0)]


async def test_a_dead_letter_may_be_forgotten(store: SqlStore, town: Town, dropped: int) -> None:
    async with store.transaction() as tx:
        assert await tx.discard(dropped)
        assert not await tx.discard(dropped)
        assert not await tx.retry(dropped)
    assert await town.states() == {}


async def test_only_dead_letters_are_retried_or_forgotten(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    subscription = await town.follow(ANNA, feed_id)
    await town.publish(feed_id, article("a"), to={subscription: ANNA.id})
    row_id = (await town.must_claim()).rows[0].id
    async with store.transaction() as tx:
        assert not await tx.retry(row_id)
        assert not await tx.discard(row_id)
    assert await town.states() == {"sending": 1}


async def expire(store: SqlStore, *, limit: int = 99) -> int:
    async with store.transaction() as tx:
        return await tx.expire(before=NOON + DAY, limit=limit)


async def test_what_waited_too_long_is_given_up_and_told_with_the_next_message(
    store: SqlStore, town: Town
) -> None:
    feed_id = await town.feed()
    subs = {await town.follow(replace(chat, resting=True), feed_id): chat.id for chat in (ANNA, CLUB)}
    await town.publish(feed_id, article("old"), article("older"), to=subs)
    await town.publish(feed_id, article("young"), to=subs, at=NOON + DAY)
    assert [await expire(store, limit=3), await expire(store, limit=3), await expire(store)] == [3, 1, 0]
    assert await town.states() == {"expired": 4, "waiting": 2}
    async with store.transaction() as tx:
        await tx.save_chat(ANNA)
    parcel = await town.must_claim(NOON + DAY)
    assert (parcel.chat.id, keys(parcel), parcel.missed) == (ANNA.id, "young", 2)


@pytest.mark.parametrize(
    ("told", "left"),
    [
        pytest.param(0, 3, id="a message that did not speak of them"),
        pytest.param(2, 1, id="some aged out while it was under way"),
        pytest.param(3, 0, id="all of them"),
        pytest.param(9, 0, id="two messages told of the same: never below none"),
    ],
)
async def test_what_was_told_is_no_longer_missed(store: SqlStore, town: Town, told: int, left: int) -> None:
    feed_id = await town.feed()
    subscription = await town.follow(ANNA, feed_id)
    await town.publish(feed_id, *(article(key) for key in "abc"), to={subscription: ANNA.id})
    await expire(store)
    await town.publish(feed_id, article("x"), article("y"), to={subscription: ANNA.id}, at=NOON + DAY)
    await town.record(tried(await town.must_claim(NOON + DAY), RowState.SENT, missed_told=told))
    assert (await town.must_claim(NOON + DAY)).missed == left


async def test_what_is_held_ages_out_and_what_is_under_way_does_not(
    store: SqlStore, town: Town, topics: dict[int | None, int]
) -> None:
    await gone(town)
    under_way = await town.must_claim(NOON + DAY)
    assert await expire(store) == 2
    assert await town.states() == {"expired": 2, "sending": 1}
    await town.record(tried(under_way, RowState.SENT))
    await release(store, CLUB.id)
    assert await town.drain() == []


async def test_a_send_that_nobody_ended_ages_out_too(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    subscription = await town.follow(ANNA, feed_id)
    await town.publish(feed_id, article("a"), to={subscription: ANNA.id})
    late = await town.must_claim(NOON)
    assert await expire(store) == 1
    await town.record(tried(late, RowState.WAITING))
    assert await town.states() == {"expired": 1}


async def test_two_chats_that_merge_add_up_what_they_missed(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    supergroup = replace(CLUB, id=-1007, kind=ChatKind.GROUP)
    subs = {await town.follow(chat, feed_id): chat.id for chat in (CLUB, supergroup)}
    await town.publish(feed_id, article("a"), to=subs)
    await expire(store)
    await town.publish(feed_id, article("b"), to=subs, at=NOON + DAY)
    async with store.transaction() as tx:
        await tx.move_chat(CLUB.id, supergroup.id)
    assert [parcel.missed for parcel in await town.claim_all(NOON + DAY + HOUR)] == [2]
