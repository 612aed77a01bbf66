"""What was changed can be put back as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.model import Change, ChangeKind, Length, RowState, Wishes
from bot.store import SqlStore
from bot.store.tables import changes, outbox
from tests.store.town import ANNA, CLUB, HERALD, HOUR, MINUTE, NOON, Town, article, rows, tried

LONG = Wishes(length=Length.LONG, title="My Herald")


@pytest.fixture
def town(store: SqlStore) -> Town:
    return Town(store)


async def change(store: SqlStore, kind: ChangeKind, *those: int, chat: int = ANNA.id) -> int:
    async with store.transaction() as tx:
        return await tx.remember(Change(chat, kind, NOON, "Herald", len(those)), those)


async def leave(store: SqlStore, *those: int) -> int:
    change_id = await change(store, ChangeKind.UNSUBSCRIBED, *those)
    async with store.transaction() as tx:
        for one in those:
            await tx.unsubscribe(one)
    return change_id


async def take_back(store: SqlStore, change_id: int) -> bool:
    async with store.transaction() as tx:
        return await tx.take_back(change_id, NOON + MINUTE)


async def test_a_subscription_comes_back_as_it_was_and_its_feed_is_read_again(
    store: SqlStore, town: Town
) -> None:
    feed_id = await town.feed()
    own = await town.follow(ANNA, feed_id)
    async with store.transaction() as tx:
        await tx.set_filter(own, "rain")
        await tx.set_wishes(LONG, own)
    before = await store.subscription(own)
    change_id = await leave(store, own)
    assert (await store.subscriptions(ANNA.id), await store.next_check_at() is None) == ((), False)
    assert await take_back(store, change_id)
    assert await store.subscriptions(ANNA.id) == (before,)
    async with store.transaction() as tx:
        (due,) = await tx.claim_due_feeds(NOON + MINUTE, until=NOON + HOUR, limit=9)
    assert due.id == feed_id


async def test_what_waited_waits_again_and_what_was_sent_is_not_sent_again(
    store: SqlStore, town: Town
) -> None:
    own = await town.follow(ANNA, feed_id := await town.feed())
    await town.publish(feed_id, article("sent"), article("waits"), article("sends"), to={own: ANNA.id})
    await town.record(tried(await town.must_claim(), RowState.SENT, message_ids=(1,)))
    await town.must_claim()  # the second is on its way when Anna leaves
    change_id = await leave(store, own)
    assert await town.states() == {RowState.SENT: 1}
    assert await take_back(store, change_id)
    assert await town.drain() == ["waits", "sends"]


async def test_what_was_on_its_way_may_double_and_is_counted(store: SqlStore, town: Town) -> None:
    own = await town.follow(ANNA, feed_id := await town.feed())
    await town.publish(feed_id, article("sends"), to={own: ANNA.id})
    await town.must_claim()
    await take_back(store, await leave(store, own))
    assert (await store.depth())["perhaps_double"] == 1


async def test_a_change_is_taken_back_once(store: SqlStore, town: Town) -> None:
    own = await town.follow(ANNA, await town.feed())
    change_id = await leave(store, own)
    assert [await take_back(store, change_id), await take_back(store, change_id)] == [True, False]


async def test_filter_and_settings_become_what_they_were_and_nothing_else(
    store: SqlStore, town: Town
) -> None:
    own = await town.follow(ANNA, feed_id := await town.feed())
    await town.publish(feed_id, article("a"), to={own: ANNA.id})
    change_id = await change(store, ChangeKind.COPIED, own)
    async with store.transaction() as tx:
        await tx.set_filter(own, "rain")
        await tx.set_wishes(LONG, own)
    assert await take_back(store, change_id)
    back = await store.subscription(own)
    assert back
    assert (back.filter, back.wishes) == ("", Wishes())
    assert await town.states() == {RowState.WAITING: 1}


async def test_how_the_whole_chat_had_it_comes_back(store: SqlStore, town: Town) -> None:
    await town.follow(ANNA, await town.feed())
    change_id = await change(store, ChangeKind.CHAT_SHOWN)
    async with store.transaction() as tx:
        await tx.save_chat(replace(ANNA, wishes=LONG))
    assert await take_back(store, change_id)
    assert await store.chat(ANNA.id) == ANNA


async def test_what_was_new_goes(store: SqlStore, town: Town) -> None:
    own = await town.follow(ANNA, await town.feed())
    async with store.transaction() as tx:
        change_id = await tx.remember(Change(ANNA.id, ChangeKind.SUBSCRIBED, NOON), made=[own])
    assert await take_back(store, change_id)
    assert await store.subscriptions(ANNA.id) == ()


async def test_a_feed_that_is_followed_anew_gets_what_the_old_one_had(store: SqlStore, town: Town) -> None:
    own = await town.follow(ANNA, feed_id := await town.feed())
    async with store.transaction() as tx:
        await tx.set_filter(own, "rain")
    change_id = await leave(store, own)
    anew = await town.follow(ANNA, feed_id)
    assert await take_back(store, change_id)
    (there,) = await store.subscriptions(ANNA.id)
    assert (there.id, there.filter) == (anew, "rain")


async def test_a_feed_that_is_gone_stays_away(store: SqlStore, town: Town) -> None:
    """Merged with another meanwhile: nothing is broken, the rest comes back."""
    feed_id, other = await town.feed(), await town.feed("https://other.example/feed")
    own, second = await town.follow(ANNA, feed_id), await town.follow(ANNA, other)
    change_id = await leave(store, own, second)
    async with store.transaction() as tx:
        await rows(tx, sa.text(f"DELETE FROM feeds WHERE id = {feed_id}"))
    assert await take_back(store, change_id)
    assert [one.id for one in await store.subscriptions(ANNA.id)] == [second]


async def test_a_group_that_became_a_supergroup_takes_back_all_the_same(store: SqlStore, town: Town) -> None:
    own = await town.follow(CLUB, feed_id := await town.feed())
    await town.publish(feed_id, article("a"), to={own: CLUB.id})
    change_id = await change(store, ChangeKind.UNSUBSCRIBED, own, chat=CLUB.id)
    async with store.transaction() as tx:
        await tx.unsubscribe(own)
        await tx.move_chat(CLUB.id, -1007)
    assert await take_back(store, change_id)
    assert [one.id for one in await store.subscriptions(-1007)] == [own]
    async with store.transaction() as tx:
        assert await rows(tx, sa.select(outbox.c.chat_id)) == [(-1007,)]


async def test_the_last_change_is_the_chats_own_and_not_too_old(store: SqlStore, town: Town) -> None:
    own = await town.follow(ANNA, feed_id := await town.feed())
    await town.follow(CLUB, feed_id)
    first = await change(store, ChangeKind.FILTERED, own)
    second = await change(store, ChangeKind.SHOWN, own)
    await change(store, ChangeKind.CHAT_SHOWN, chat=CLUB.id)
    last = await store.last_change(ANNA.id, NOON)
    assert last == Change(ANNA.id, ChangeKind.SHOWN, NOON, "Herald", 1, None, second)
    assert await store.last_change(ANNA.id, NOON + MINUTE) is None
    await take_back(store, second)
    assert (last := await store.last_change(ANNA.id, NOON)) is not None
    assert last.id == first


async def test_changes_age_out(store: SqlStore, town: Town) -> None:
    await change(store, ChangeKind.FILTERED, await town.follow(ANNA, await town.feed()))
    year_ago = NOON - 9000 * HOUR
    for before, left in ((NOON, 1), (NOON + MINUTE, 0)):
        async with store.transaction() as tx:
            await tx.forget(articles_before=year_ago, keys_before=year_ago, changes_before=before, limit=9)
            assert len(await rows(tx, sa.select(changes.c.id))) == left


async def test_a_message_tells_of_the_feeds_whose_articles_it_brought(store: SqlStore, town: Town) -> None:
    herald, other = await town.feed(HERALD), await town.feed("https://other.example/feed")
    own, second = await town.follow(ANNA, herald), await town.follow(ANNA, other)
    await town.publish(herald, article("a"), to={own: ANNA.id})
    await town.publish(other, article("b"), to={second: ANNA.id})
    await town.record(tried(await town.must_claim(), RowState.SENT, message_ids=(41, 42)))
    await town.record(tried(await town.must_claim(backlog=1, most=9), RowState.SENT, message_ids=(43,)))
    assert [await store.alerted(ANNA.id, message) for message in (41, 42, 43, 4)] == [
        (own,),
        (own,),
        (second,),
        (),
    ]
    assert await store.alerted(CLUB.id, 42) == ()
    assert await take_back(store, await leave(store, own))
    assert await store.alerted(ANNA.id, 42) == (own,)
