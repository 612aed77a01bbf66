"""A subscription comes elsewhere, and all that is its own with it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.model import Change, ChangeKind, Login, RowState
from bot.store import SqlStore
from bot.store.tables import outbox
from tests.store.town import ANNA, CLUB, MINUTE, NOON, Town, article, keys, rows, tried

TOPIC = 5


@pytest.fixture
async def town(store: SqlStore) -> Town:
    async with store.transaction() as tx:
        await tx.save_chat(ANNA)
        await tx.save_chat(CLUB)
    return Town(store)


async def settle(
    store: SqlStore, *those: int, to: int = CLUB.id, thread: int | None = None
) -> frozenset[int]:
    async with store.transaction() as tx:
        return await tx.settle(those, to, thread)


async def move(store: SqlStore, *those: int) -> int:
    """From Anna to the club, so that it can be taken back."""
    change = Change(ANNA.id, ChangeKind.MOVED, NOON, "Herald", len(those), CLUB.id)
    async with store.transaction() as tx:
        change_id = await tx.remember(change, those)
        await tx.settle(those, CLUB.id, None)
    return change_id


async def take_back(store: SqlStore, change_id: int) -> None:
    async with store.transaction() as tx:
        assert await tx.take_back(change_id, NOON + MINUTE)


async def places(store: SqlStore) -> list[tuple[int, int | None]]:
    both = [*await store.subscriptions(ANNA.id), *await store.subscriptions(CLUB.id)]
    return [(one.chat_id, one.thread_id) for one in both]


async def test_filter_and_what_waits_go_along(store: SqlStore, town: Town) -> None:
    own = await town.follow(ANNA, feed_id := await town.feed())
    async with store.transaction() as tx:
        await tx.set_filter(own, "rain")
    await town.publish(feed_id, article("a"), article("b"), to={own: ANNA.id})
    assert await settle(store, own, thread=TOPIC) == {own}
    (there,) = await store.subscriptions(CLUB.id)
    assert (there.id, there.thread_id, there.filter) == (own, TOPIC, "rain")
    first = await town.must_claim()
    assert (first.chat.id, first.thread_id) == (CLUB.id, TOPIC)
    await town.record(tried(first, RowState.SENT, message_ids=(1,)))
    assert await town.drain() == ["b"]


async def test_what_is_under_way_ends_where_it_set_out_for_and_comes_once(
    store: SqlStore, town: Town
) -> None:
    own = await town.follow(ANNA, feed_id := await town.feed())
    await town.publish(feed_id, article("a"), article("b"), to={own: ANNA.id})
    sending = await town.must_claim()
    await settle(store, own)
    await town.record(tried(sending, RowState.WAITING, reason="a bad line"))
    again = {parcel.chat.id: keys(parcel) for parcel in await town.claim_all()}
    assert again == {ANNA.id: "a", CLUB.id: "b"}


async def test_a_text_that_has_begun_ends_in_its_chat(store: SqlStore, town: Town) -> None:
    own = await town.follow(ANNA, feed_id := await town.feed())
    await town.publish(feed_id, article("a"), to={own: ANNA.id})
    await town.record(tried(await town.must_claim(), RowState.WAITING, message_ids=(41,)))
    await settle(store, own)
    assert (await town.must_claim()).chat.id == ANNA.id


async def test_what_a_closed_topic_held_comes_at_the_new_place(store: SqlStore, town: Town) -> None:
    own = await town.follow(CLUB, feed_id := await town.feed(), TOPIC)
    await town.publish(feed_id, article("a"), to={own: CLUB.id})
    async with store.transaction() as tx:
        await rows(tx, sa.update(outbox).values(thread_id=TOPIC))
    gone = tried(await town.must_claim(), RowState.HELD, topic_gone=TOPIC, reason="closed")
    await town.record(gone)
    await settle(store, own, to=ANNA.id)
    assert (await town.must_claim()).chat.id == ANNA.id


async def test_what_is_followed_there_already_stays(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    own, theirs = await town.follow(ANNA, feed_id), await town.follow(CLUB, feed_id)
    assert await settle(store, own) == frozenset()
    assert [one.id for one in await store.subscriptions(CLUB.id)] == [theirs]


async def test_of_two_topics_to_one_feed_the_older_goes(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    first, second = await town.follow(ANNA, feed_id), await town.follow(ANNA, feed_id, TOPIC)
    assert await settle(store, second, first) == {first}
    assert await places(store) == [(ANNA.id, TOPIC), (CLUB.id, None)]


async def test_what_a_login_reads_never_goes_to_another_chat(store: SqlStore, town: Town) -> None:
    own = await town.follow(ANNA, feed_id := await town.feed())
    async with store.transaction() as tx:
        await tx.log_in(feed_id, Login(ANNA.id, {"Cookie": "a=b"}), NOON)
    assert await settle(store, own) == frozenset()
    assert await settle(store, own, to=ANNA.id, thread=TOPIC) == {own}


async def test_taken_back_it_comes_where_it_came_and_what_waits_comes_there_once(
    store: SqlStore, town: Town
) -> None:
    own = await town.follow(ANNA, feed_id := await town.feed())
    await town.publish(feed_id, article("a"), to={own: ANNA.id})
    change_id = await move(store, own)
    await town.publish(feed_id, article("b"), to={own: CLUB.id})
    await take_back(store, change_id)
    assert await places(store) == [(ANNA.id, None)]
    assert [parcel.chat.id for parcel in await town.claim_all()] == [ANNA.id]
    assert await town.states() == {RowState.SENDING: 1, RowState.WAITING: 1}


async def test_a_supergroup_takes_the_place_of_its_group_before_it_is_taken_back(
    store: SqlStore, town: Town
) -> None:
    own = await town.follow(ANNA, await town.feed())
    change_id = await move(store, own)
    async with store.transaction() as tx:
        await tx.move_chat(CLUB.id, -1007)
    await take_back(store, change_id)
    assert await places(store) == [(ANNA.id, None)]


async def test_the_new_chat_cannot_take_back_what_went_home(store: SqlStore, town: Town) -> None:
    """What it changed meanwhile is about another chat's by then; its rights there nobody looked at."""
    own = await town.follow(ANNA, feed_id := await town.feed())
    moved = await move(store, own)
    await town.publish(feed_id, article("a"), to={own: CLUB.id})
    async with store.transaction() as tx:
        left = await tx.remember(Change(CLUB.id, ChangeKind.UNSUBSCRIBED, NOON), [own])
        await tx.unsubscribe(own)
    await take_back(store, moved)
    await take_back(store, left)
    assert await places(store) == [(ANNA.id, None)]
    assert await town.states() == {}
