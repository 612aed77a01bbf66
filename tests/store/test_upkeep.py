"""What ages out."""

from __future__ import annotations

from datetime import datetime

import pytest
import sqlalchemy as sa

from bot.model import FeedLink, RowState, SeenKey, Tried
from bot.store import SqlStore
from bot.store.tables import articles, keys, metadata
from tests.store.town import ANNA, CLUB, DAY, HOUR, NOON, Town, article, checked, rows, tried

YEAR = 365 * DAY


@pytest.fixture
def town(store: SqlStore) -> Town:
    return Town(store)


async def forget(
    store: SqlStore,
    *,
    articles_before: datetime = NOON - YEAR,
    keys_before: datetime = NOON - YEAR,
    changes_before: datetime = NOON - YEAR,
    limit: int = 99,
) -> int:
    async with store.transaction() as tx:
        return await tx.forget(
            articles_before=articles_before,
            keys_before=keys_before,
            changes_before=changes_before,
            limit=limit,
        )


async def count(store: SqlStore, table: sa.Table) -> int:
    async with store.transaction() as tx:
        ((found,),) = await rows(tx, sa.select(sa.func.count()).select_from(table))
        return int(found)


async def test_closed_rows_go_when_old_and_their_articles_after_them(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    subscription = await town.follow(ANNA, feed_id)
    await town.publish(feed_id, article("sent", text="t"), article("dropped"), to={subscription: ANNA.id})
    for state in (RowState.SENT, RowState.DROPPED):
        await town.record(tried(await town.must_claim(), state))
    assert await forget(store, articles_before=NOON) == 0
    assert await forget(store, articles_before=NOON + HOUR) == 4
    assert await town.states() == {}
    assert await count(store, articles) == 0


@pytest.mark.parametrize("state", [RowState.WAITING, RowState.HELD])
async def test_what_may_still_be_sent_never_ages_out(store: SqlStore, town: Town, state: RowState) -> None:
    feed_id = await town.feed()
    subscription = await town.follow(ANNA, feed_id)
    await town.publish(feed_id, article("a", text="whole"), to={subscription: ANNA.id})
    await town.record(tried(await town.must_claim(), state))
    assert await forget(store, articles_before=NOON + YEAR) == 0
    assert await town.states() == {state: 1}
    assert await store.newest_article(feed_id) == article("a", text="whole")


async def test_a_dead_letter_keeps_its_text_for_a_retry(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    subscription = await town.follow(ANNA, feed_id)
    await town.publish(feed_id, article("a", text="whole"), to={subscription: ANNA.id})
    row_id = (await town.must_claim()).rows[0].id
    await town.record(tried(await town.must_claim(NOON + HOUR), RowState.DROPPED))
    assert await forget(store) == 0
    async with store.transaction() as tx:
        await tx.retry(row_id)
    assert (await town.must_claim()).rows[0].article.text == "whole"


async def test_what_expired_goes_when_old(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    subscription = await town.follow(ANNA, feed_id)
    await town.publish(feed_id, article("a", text="whole"), to={subscription: ANNA.id})
    async with store.transaction() as tx:
        await tx.expire(before=NOON + HOUR, limit=9)
    assert await forget(store) == 0
    assert await town.states() == {"expired": 1}
    assert await forget(store, articles_before=NOON + DAY) == 2
    assert await town.states() == {}


async def test_a_text_is_cut_only_when_its_last_reader_has_it(store: SqlStore, town: Town) -> None:
    """Whole it is a hundred times the rest; its beginning is kept to try filters on."""
    feed_id = await town.feed()
    subs = [await town.follow(ANNA, feed_id, thread) for thread in (1, 2)]
    await town.publish(feed_id, article("a", text="x" * 5000), to=dict.fromkeys(subs, ANNA.id))
    for left in (5000, 4000):
        await town.record(tried(await town.must_claim(), RowState.SENT))
        await forget(store)
        assert await store.newest_article(feed_id) == article("a", text="x" * left)


async def test_texts_are_kept_of_the_newest_60_articles_of_each_feed_and_of_what_is_owed(
    store: SqlStore, town: Town
) -> None:
    feed_id, other = await town.feed(), await town.feed("https://other.example/feed")
    subscription = await town.follow(ANNA, feed_id)
    await town.publish(feed_id, article("owed", text="t"), to={subscription: ANNA.id})
    await town.publish(feed_id, *(article(f"{n}", text="t") for n in range(61)), to={})
    await town.publish(other, article("alone", text="t"), to={})
    assert await forget(store) == 1
    kept = [one.key for one in await store.past_articles(feed_id, 99) if one.text]
    assert kept == [f"{n}" for n in range(60, 0, -1)] + ["owed"]
    assert (await store.past_articles(other, 9))[0].text == "t"


async def test_trials_age_out_and_go_with_their_subscription(store: SqlStore, town: Town) -> None:
    first, second = await town.follow(ANNA, await town.feed()), await town.follow(ANNA, await town.feed("u"))
    numbers = []
    for subscription, at in ((first, NOON), (second, NOON + DAY), (first, NOON + DAY)):
        followed = await store.subscription(subscription)
        assert followed
        async with store.transaction() as tx:
            numbers.append(await tx.keep_trial(Tried(followed, "rain", ("rain -snow",)), at))
    assert await forget(store, articles_before=NOON + HOUR) == 1
    async with store.transaction() as tx:
        await tx.unsubscribe(second)
    left = [await store.trial(ANNA.id, number or 0) for number in numbers]
    assert [one and one.more for one in left] == [None, None, ("rain -snow",)]
    assert await store.trial(CLUB.id, numbers[2] or 0) is None, "another chat's"


async def test_offers_age_out(store: SqlStore) -> None:
    async with store.transaction() as tx:
        (old,) = await tx.keep_offers(ANNA.id, [FeedLink("https://old.example/", "")], NOON)
        (new,) = await tx.keep_offers(ANNA.id, [FeedLink("https://new.example/", "")], NOON + DAY)
    assert await forget(store, articles_before=NOON + HOUR) == 1
    assert await store.offer(ANNA.id, old) is None
    assert await store.offer(ANNA.id, new) == FeedLink("https://new.example/", "")


async def known(store: SqlStore, feed_id: int) -> frozenset[str]:
    feed = await store.feed(feed_id)
    assert feed
    assert feed.memory is not None
    return feed.memory.keys


async def test_keys_age_out_once_their_feed_shows_them_no_more(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed(seen=(SeenKey("gone", None), SeenKey("stays", None)))
    for at in (NOON + 30 * DAY, NOON + 60 * DAY):
        async with store.transaction() as tx:
            await tx.record_poll(checked(feed_id, at, seen=(SeenKey("stays", None),)))
    assert await forget(store, keys_before=NOON + 59 * DAY) == 1
    assert await known(store, feed_id) == {"stays"}


async def test_a_feed_that_was_silent_for_a_year_keeps_its_keys(store: SqlStore, town: Town) -> None:
    """Else all its old entries would be news on the day it answers again."""
    feed_id = await town.feed(seen=(SeenKey("old", None),))
    async with store.transaction() as tx:
        await tx.record_poll(checked(feed_id, NOON + YEAR))  # unchanged, or failed
    assert await forget(store, keys_before=NOON + YEAR) == 0
    assert await known(store, feed_id) == {"old"}


async def test_a_key_in_sight_is_rewritten_once_a_day_at_most(store: SqlStore, town: Town) -> None:
    """A document names hundreds of keys, and is read up to a thousand times a day."""
    feed_id = await town.feed(seen=(SeenKey("here", "s"),))
    noted = []
    for hours in (6, 24, 25, 30):
        async with store.transaction() as tx:
            await tx.record_poll(checked(feed_id, NOON + hours * HOUR, seen=(SeenKey("here", "s"),)))
            ((seen_at,),) = await rows(tx, sa.select(keys.c.last_seen_at))
            noted.append(seen_at)
    assert noted == [NOON, NOON, NOON + 25 * HOUR, NOON + 25 * HOUR]


async def test_a_key_in_sight_never_ages_out(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed(seen=(SeenKey("here", None),))
    for hours in range(0, 24 * 10, 6):
        async with store.transaction() as tx:
            await tx.record_poll(checked(feed_id, NOON + hours * HOUR, seen=(SeenKey("here", None),)))
    assert await forget(store, keys_before=NOON + 10 * DAY) == 0


async def test_a_batch_is_no_larger_than_asked_and_the_batches_take_all(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed()
    subscription = await town.follow(ANNA, feed_id)
    news = [article(f"{n}", text="t") for n in range(5)]
    await town.publish(feed_id, *news, to={subscription: ANNA.id})
    await town.drain()
    gone = [await forget(store, articles_before=NOON + HOUR, limit=4) for _ in range(5)]
    assert gone == [4, 4, 2, 0, 0]  # 5 rows, 5 articles with their texts
    left = {table.name for table in metadata.sorted_tables if await count(store, table)}
    assert left == {"feeds", "hosts", "keys", "chats", "subscriptions"}
