"""Two feeds become one: whoever followed either follows it, and nothing is lost or doubled."""

from __future__ import annotations

import pytest

from bot.model import RowState, SeenKey
from bot.store import SqlStore
from tests.store.town import ANNA, CLUB, HERALD, HOUR, NOON, Town, article, checked, tried

OLD = "http://herald.example/old.xml"
OLDER = "http://older.example/rss"


@pytest.fixture
def town(store: SqlStore) -> Town:
    return Town(store)


async def merge(store: SqlStore, old: int, new: int) -> None:
    async with store.transaction() as tx:
        await tx.record_merger(checked(old, NOON + HOUR), checked(new, NOON + HOUR))


@pytest.mark.parametrize("first", [OLD, HERALD])
async def test_who_has_both_keeps_the_older_subscription_and_its_filter(
    store: SqlStore, town: Town, first: str
) -> None:
    ids = {url: await town.feed(url) for url in (OLD, HERALD)}
    older = await town.follow(ANNA, ids[first])
    async with store.transaction() as tx:
        await tx.set_filter(older, "rain")
    await town.follow(ANNA, ids[HERALD if first == OLD else OLD])
    await merge(store, ids[OLD], ids[HERALD])
    (kept,) = await store.subscriptions(ANNA.id)
    assert (kept.id, kept.filter, kept.feed_id, kept.feed_url) == (older, "rain", ids[HERALD], HERALD)


async def test_a_text_that_one_of_them_kept_whole_stays_whole(store: SqlStore, town: Town) -> None:
    """Somebody reads it in full."""
    old, new = await town.feed(OLD), await town.feed()
    in_full, briefly = await town.follow(ANNA, old), await town.follow(CLUB, new)
    whole = article("a", text="whole", html="<p>whole</p>")
    await town.publish(old, whole, to={in_full: ANNA.id})
    await town.publish(new, article("a", text="whole"), to={briefly: CLUB.id})
    await merge(store, old, new)
    assert [one.rows[0].article for one in await town.claim_all()] == [whole] * 2


async def test_two_topics_of_one_group_are_two_places(store: SqlStore, town: Town) -> None:
    old, new = await town.feed(OLD), await town.feed()
    both = {await town.follow(CLUB, old, 5), await town.follow(CLUB, new, 6)}
    await merge(store, old, new)
    assert {kept.id for kept in await store.subscriptions(CLUB.id)} == both


async def test_keys_are_united(store: SqlStore, town: Town) -> None:
    old = await town.feed(OLD, policy="link", seen=(SeenKey("a", "2a"), SeenKey("b", None)))
    new = await town.feed(policy="guid", seen=(SeenKey("b", "2b"), SeenKey("c", None)))
    await merge(store, old, new)
    feed = await store.feed(new)
    assert feed
    assert feed.memory is not None
    assert feed.memory.policy == "guid"
    assert feed.memory.keys == {"a", "b", "c"}
    assert feed.memory.second_keys == {"2a", "2b"}


async def test_every_address_of_either_finds_it(store: SqlStore, town: Town) -> None:
    older = await town.feed(OLDER)
    async with store.transaction() as tx:
        await tx.record_poll(checked(older, moved_to=OLD))
    new = await town.feed()
    await merge(store, older, new)
    assert [await store.feed_by_url(url) for url in (OLDER, OLD, HERALD)] == [new] * 3


async def test_what_waits_goes_along_with_its_text_and_what_was_sent_stays_told(
    store: SqlStore, town: Town
) -> None:
    old, new = await town.feed(OLD), await town.feed()
    anna = await town.follow(ANNA, old)
    await town.publish(old, article("sent"), to={anna: ANNA.id})
    parcel = await town.must_claim()
    await town.record(tried(parcel, RowState.SENT, message_ids=(1,)))
    # One that both have, the other without its text since nobody was owed it there; and one of its own.
    await town.publish(new, article("both"), to={})
    await town.publish(old, article("both", text="Whole."), article("own", text="Own."), to={anna: ANNA.id})
    await merge(store, old, new)
    assert await town.states() == {"sent": 1, "waiting": 2}
    waiting = []
    while parcel_ := await town.claim():
        waiting.append((parcel_.rows[0].article.key, parcel_.rows[0].article.text))
        await town.record(tried(parcel_, RowState.SENT, message_ids=(2,)))
    assert sorted(waiting) == [("both", "Whole."), ("own", "Own.")]


async def test_a_feed_that_nobody_followed_wakes_for_its_new_readers(store: SqlStore, town: Town) -> None:
    old, new = await town.feed(OLD), await town.feed()
    await town.follow(ANNA, old)
    async with store.transaction() as tx:
        (claimed,) = await tx.claim_due_feeds(NOON + 2 * HOUR, until=NOON + 3 * HOUR, limit=9)
    assert claimed.id == old  # new: asleep
    await merge(store, old, new)
    async with store.transaction() as tx:
        (claimed,) = await tx.claim_due_feeds(NOON + 9 * HOUR, until=NOON + 10 * HOUR, limit=9)
    assert claimed.id == new


async def test_a_move_to_where_another_feed_is_waits_for_the_merger(store: SqlStore, town: Town) -> None:
    old, new = await town.feed(OLD), await town.feed()
    async with store.transaction() as tx:
        await tx.record_poll(checked(old, moved_to=HERALD))
    assert await store.feed_by_url(OLD) == old
    assert await store.feed_by_url(HERALD) == new
