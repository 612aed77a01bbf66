"""Chats, what they follow, and what happens when they move."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import StoreError
from bot.model import Chat, ChatKind, FeedLink, RowState, Subscription
from bot.store import SqlStore
from tests.store.town import ANNA, CLUB, HERALD, HOUR, NOON, Town, article, keys, tried

SUPER = -1009


@pytest.fixture
def town(store: SqlStore) -> Town:
    return Town(store)


@pytest.mark.parametrize(
    "now_known_as",
    [
        pytest.param(replace(CLUB, title="Chess club", language="zh_Hans"), id="a new title and language"),
        pytest.param(replace(CLUB, paused=True), id="paused"),
        pytest.param(replace(CLUB, resting=True), id="resting"),
        pytest.param(replace(CLUB, catching_up=True), id="back again, with a backlog"),
        pytest.param(replace(CLUB, kind=ChatKind.CHANNEL), id="another kind"),
    ],
)
async def test_saving_a_chat_writes_all_its_facts(store: SqlStore, now_known_as: Chat) -> None:
    for chat in (CLUB, now_known_as, CLUB, now_known_as):
        async with store.transaction() as tx:
            await tx.save_chat(chat)
        assert await store.chat(CLUB.id) == chat


async def test_a_chat_never_met_is_none(store: SqlStore) -> None:
    assert await store.chat(404) is None
    assert await store.subscriptions(404) == ()
    assert await store.subscription(404) is None


async def test_ids_of_telegram_may_take_52_bits(store: SqlStore) -> None:
    for number in (2**52 - 1, -(10**12) - 2**41):
        async with store.transaction() as tx:
            await tx.save_chat(replace(CLUB, id=number))
        assert await store.chat(number) == replace(CLUB, id=number)


async def test_subscriptions_are_listed_as_made_with_their_feed(store: SqlStore, town: Town) -> None:
    second = await town.feed("https://second.example/", title="Second")
    herald = await town.feed(title="Herald")
    ids = [await town.follow(CLUB, second, 5), await town.follow(CLUB, herald)]
    assert await store.subscriptions(CLUB.id) == (
        Subscription(ids[0], CLUB.id, 5, second, "https://second.example/", "Second", ""),
        Subscription(ids[1], CLUB.id, None, herald, HERALD, "Herald", ""),
    )
    assert await store.subscription(ids[1]) == (await store.subscriptions(CLUB.id))[1]


async def test_a_feed_is_followed_once_in_each_topic(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    made = [await town.follow(CLUB, feed_id, thread) for thread in (None, None, 5, 5, 6)]
    assert made == [made[0], made[0], made[2], made[2], made[4]]
    assert len(set(made)) == 3


async def test_a_filter_is_what_matching_reads(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    subscription = await town.follow(ANNA, feed_id)
    async with store.transaction() as tx:
        await tx.set_filter(subscription, "rain or snow")
    (reader,) = await store.readers(feed_id)
    assert (reader.subscription_id, reader.chat_id, reader.filter) == (subscription, ANNA.id, "rain or snow")


async def test_unsubscribing_takes_what_waits_and_leaves_what_others_wait_for(
    store: SqlStore, town: Town
) -> None:
    feed_id = await town.feed()
    stays, leaves = await town.follow(ANNA, feed_id), await town.follow(CLUB, feed_id)
    await town.publish(feed_id, article("a"), to={stays: ANNA.id, leaves: CLUB.id})
    async with store.transaction() as tx:
        await tx.unsubscribe(leaves)
    assert await store.subscriptions(CLUB.id) == ()
    (parcel,) = await town.claim_all()
    assert (parcel.chat, keys(parcel)) == (ANNA, "a")


async def test_unsubscribing_takes_what_an_owner_might_retry(store: SqlStore, town: Town) -> None:
    """Nobody follows it any more; a retry would be an alert that nobody asked for."""
    feed_id = await town.feed()
    subscription = await town.follow(ANNA, feed_id)
    await town.publish(feed_id, article("a"), article("b"), to={subscription: ANNA.id})
    await town.record(tried(await town.must_claim(), RowState.SENT))
    await town.record(tried(await town.must_claim(), RowState.DROPPED))
    async with store.transaction() as tx:
        await tx.unsubscribe(subscription)
    assert await town.states() == {"sent": 1}


async def test_unsubscribing_in_the_middle_of_a_send_is_no_error(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    subscription = await town.follow(ANNA, feed_id)
    await town.publish(feed_id, article("a"), to={subscription: ANNA.id})
    parcel = await town.must_claim()
    async with store.transaction() as tx:
        await tx.unsubscribe(subscription)
        await tx.unsubscribe(subscription)
    await town.record(tried(parcel, RowState.WAITING, reason="network"))
    assert await store.next_delivery_at() is None


async def test_a_new_subscription_never_gets_a_number_used_before(store: SqlStore, town: Town) -> None:
    """Old buttons carry these numbers."""
    feed_id = await town.feed()
    old = await town.follow(ANNA, feed_id)
    async with store.transaction() as tx:
        await tx.unsubscribe(old)
    assert await town.follow(ANNA, feed_id) > old


async def test_subscribing_an_unknown_chat_is_a_store_error(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    async with store.transaction() as tx:
        with pytest.raises(StoreError):
            await tx.subscribe(404, None, feed_id, NOON)


async def test_a_subscription_is_found_by_its_place_and_feed(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    await town.follow(ANNA, feed_id)
    in_topic = await town.follow(CLUB, feed_id, thread_id=7)
    found = await store.subscription_to(CLUB.id, 7, feed_id)
    assert found is not None
    assert (found.id, found.thread_id) == (in_topic, 7)
    assert await store.subscription_to(CLUB.id, None, feed_id) is None
    assert await store.subscription_to(CLUB.id, 7, feed_id + 1) is None


async def test_a_subscription_keeps_the_folder_it_was_made_in(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    await town.follow(ANNA, feed_id)
    async with store.transaction() as tx:
        await tx.save_chat(CLUB)
        await tx.subscribe(CLUB.id, None, feed_id, NOON, "News/Sky")
        await tx.subscribe(CLUB.id, None, feed_id, NOON, "Elsewhere")
    assert [one.folder for one in await store.subscriptions(CLUB.id)] == ["News/Sky"]
    assert [one.folder for one in await store.subscriptions(ANNA.id)] == [""]


async def test_offers_come_back_by_their_numbers_to_their_own_chat_only(store: SqlStore) -> None:
    links = [FeedLink(f"https://{n}.example/", f"Feed {n}") for n in range(3)]
    async with store.transaction() as tx:
        ids = await tx.keep_offers(ANNA.id, links, NOON)
        assert await tx.keep_offers(ANNA.id, [], NOON) == ()
    assert [await store.offer(ANNA.id, number) for number in ids] == links
    assert await store.offer(CLUB.id, ids[0]) is None
    assert await store.offer(ANNA.id, ids[-1] + 1) is None


async def test_a_group_that_moves_takes_everything_along(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    subscription = await town.follow(replace(CLUB, paused=True), feed_id, 5)
    async with store.transaction() as tx:
        (offer,) = await tx.keep_offers(CLUB.id, [FeedLink(HERALD, "")], NOON)
        await tx.move_chat(CLUB.id, SUPER)
    assert await store.chat(CLUB.id) is None
    assert await store.chat(SUPER) == replace(CLUB, id=SUPER, paused=True)
    assert [one.id for one in await store.subscriptions(SUPER)] == [subscription]
    assert await store.offer(SUPER, offer) == FeedLink(HERALD, "")


async def test_a_supergroup_met_in_passing_takes_over_the_groups_settings(
    store: SqlStore, town: Town
) -> None:
    """Its first update may come before the news of the move, and its language is then a guess."""
    feed_id = await town.feed()
    await town.follow(CLUB, feed_id)
    async with store.transaction() as tx:
        await tx.save_chat(Chat(SUPER, ChatKind.GROUP, "Club", "en"))
        await tx.move_chat(CLUB.id, SUPER)
    assert await store.chat(SUPER) == replace(CLUB, id=SUPER)
    assert len(await store.subscriptions(SUPER)) == 1


async def test_two_chats_that_merge_get_each_article_once(store: SqlStore, town: Town) -> None:
    both, only_old = await town.feed(), await town.feed("https://only-old.example/")
    supergroup = replace(CLUB, id=SUPER, language="fr")
    mine, there = await town.follow(CLUB, both), await town.follow(supergroup, both)
    alone = await town.follow(CLUB, only_old)
    await town.publish(both, article("twice"), to={mine: CLUB.id, there: SUPER})
    await town.publish(both, article("old only"), to={mine: CLUB.id}, at=NOON + HOUR)
    await town.publish(only_old, article("other feed"), to={alone: CLUB.id}, at=NOON + 2 * HOUR)
    async with store.transaction() as tx:
        await tx.move_chat(CLUB.id, SUPER)
    assert await store.chat(SUPER) == supergroup
    assert [one.id for one in await store.subscriptions(SUPER)] == [there, alone]
    assert await town.drain() == ["twice", "old only", "other feed"]


async def test_moving_an_unknown_chat_or_to_itself_changes_nothing(store: SqlStore) -> None:
    async with store.transaction() as tx:
        await tx.save_chat(CLUB)
        await tx.move_chat(404, 405)
        await tx.move_chat(CLUB.id, CLUB.id)
        await tx.move_chat(404, CLUB.id)
    assert await store.chat(CLUB.id) == CLUB
    assert await store.chat(405) is None
