"""Checks are claimed host by host: politely, and so that no host hides another."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.hosts import GAP
from bot.model import Host, PollOutcome, Problem
from bot.store import SqlStore
from tests.store.town import ANNA, DAY, HOUR, MINUTE, NOON, Town, checked

SECOND = timedelta(seconds=1)


@pytest.fixture
def town(store: SqlStore) -> Town:
    return Town(store)


async def claim(store: SqlStore, at: datetime, limit: int = 100) -> tuple[int, ...]:
    async with store.transaction() as tx:
        return tuple(feed.id for feed in await tx.claim_due_feeds(at, until=at + 2 * MINUTE, limit=limit))


async def record(store: SqlStore, outcome: PollOutcome) -> None:
    async with store.transaction() as tx:
        await tx.record_poll(outcome)


async def followed(town: Town, *urls: str, due: datetime = NOON) -> list[int]:
    ids = [await town.feed(url, next_check_at=due + number * SECOND / 100) for number, url in enumerate(urls)]
    for feed_id in ids:
        await town.follow(ANNA, feed_id)
    return ids


def of_host(name: str, count: int) -> list[str]:
    return [f"https://{name}.example/{number}" for number in range(count)]


async def test_one_feed_of_each_host_at_a_time_and_a_gap_between(store: SqlStore, town: Town) -> None:
    tube = await followed(town, *of_host("tube", 4))
    (blog,) = await followed(town, "https://blog.example/", due=NOON + SECOND)
    at = NOON + SECOND
    assert await claim(store, at) == (tube[0], blog)
    assert await claim(store, at + GAP * 0.9) == ()
    assert await claim(store, at + GAP) == (tube[1],)


async def test_two_at_once_and_the_third_when_one_has_ended(store: SqlStore, town: Town) -> None:
    tube = await followed(town, *of_host("tube", 4))
    at = NOON + SECOND
    assert [await claim(store, at + n * GAP) for n in range(4)] == [(tube[0],), (tube[1],), (), ()]
    await record(store, checked(tube[0], at + 3 * GAP))
    assert await claim(store, at + 4 * GAP) == (tube[2],)


async def test_whose_checker_died_gives_its_place_back(store: SqlStore, town: Town) -> None:
    tube = await followed(town, *of_host("tube", 2))
    for at in (NOON + SECOND, NOON + 2 * SECOND):
        await claim(store, at)
    assert await claim(store, NOON + MINUTE) == ()
    assert await claim(store, NOON + 2 * MINUTE + 2 * SECOND) == (tube[0],)


async def test_feeds_that_stand_for_themselves_do_not_wait_for_each_other(
    store: SqlStore, town: Town
) -> None:
    house = await followed(town, *[f"http://192.168.0.9/{number}" for number in range(5)])
    assert await claim(store, NOON + SECOND) == tuple(house)


async def test_ten_thousand_feeds_of_one_host_hide_nobody(store: SqlStore, town: Town) -> None:
    """The batch is of hosts: those of one host wait behind each other only."""
    async with store.transaction() as tx:
        await tx.save_chat(ANNA)
        for url in of_host("tube", 300):
            await tx.subscribe(ANNA.id, None, await tx.add_feed(url, checked(next_check_at=NOON)), NOON)
    blogs = await followed(town, *[f"https://b{number}.example/" for number in range(5)], due=NOON + MINUTE)
    claimed = await claim(store, NOON + 2 * MINUTE, limit=6)
    assert set(blogs) < set(claimed)


async def test_a_host_that_cools_down_is_left_alone_and_the_others_are_not(
    store: SqlStore, town: Town
) -> None:
    tube = await followed(town, *of_host("tube", 3))
    (blog,) = await followed(town, "https://blog.example/")
    at = NOON + SECOND
    await claim(store, at)
    cooling = Host("tube.example", open_at=at + HOUR, refusals=1)
    await record(store, checked(tube[0], at, host=cooling, next_check_at=at + MINUTE))
    await record(store, checked(blog, at, next_check_at=at + MINUTE))
    assert await claim(store, at + 30 * MINUTE) == (blog,)
    await record(store, checked(blog, at + 30 * MINUTE, next_check_at=at + DAY))
    assert await claim(store, at + HOUR) == (tube[1],)


async def test_a_cool_down_survives_a_restart(tmp_path: object) -> None:
    url = f"sqlite:///{tmp_path}/feedbell.db"
    async with SqlStore(url) as store:
        (feed_id,) = await followed(Town(store), "https://tube.example/")
        await record(store, checked(feed_id, host=Host("tube.example", NOON + HOUR), next_check_at=NOON))
    async with SqlStore(url) as store:
        async with store.transaction() as tx:
            await tx.release_leases()
        assert await claim(store, NOON + 59 * MINUTE) == ()
        assert await claim(store, NOON + HOUR) == (feed_id,)


async def test_a_new_subscription_does_not_wake_a_host_that_cools_down(store: SqlStore, town: Town) -> None:
    (feed_id,) = await followed(town, "https://tube.example/0")
    await record(store, checked(feed_id, host=Host("tube.example", NOON + HOUR)))
    await followed(town, "https://tube.example/1")
    assert await claim(store, NOON + 30 * MINUTE) == ()


async def test_a_host_that_is_down_is_tried_by_one_feed_at_a_time_not_always_the_same(
    store: SqlStore, town: Town
) -> None:
    """A feed that is broken itself must not keep its host down."""
    tube = await followed(town, *of_host("tube", 3))
    down = Host("tube.example", NOON, NOON - HOUR, failed_feeds=3)
    await record(store, checked(tube[2], host=down, next_check_at=NOON + SECOND / 50))
    tried = []
    for n in range(1, 5):
        at = NOON + n * 10 * MINUTE
        (probe,) = await claim(store, at)
        assert await claim(store, at + MINUTE) == ()
        tried.append(tube.index(probe))
        await record(store, checked(probe, at + MINUTE, next_check_at=at + 2 * MINUTE))
    assert tried == [0, 1, 2, 0]


async def test_when_the_host_is_back_its_feeds_are_too(store: SqlStore, town: Town) -> None:
    tube = await followed(town, *of_host("tube", 5))
    down = Host("tube.example", NOON + HOUR, NOON, failed_feeds=3)
    await record(store, checked(tube[0], host=down, next_check_at=NOON + MINUTE))
    at = NOON + HOUR
    (probe,) = await claim(store, at)
    await record(store, checked(probe, at, host=Host("tube.example"), next_check_at=at + DAY))
    back = []
    for n in range(1, 5):
        for feed_id in await claim(store, at + n * GAP):
            back.append(feed_id)
            await record(store, checked(feed_id, at + n * GAP, next_check_at=at + DAY))
    assert sorted([probe, *back]) == tube


async def test_what_was_leased_at_a_crash_is_due_at_the_start(store: SqlStore, town: Town) -> None:
    (feed_id,) = await followed(town, "https://tube.example/")
    await claim(store, NOON + SECOND)
    async with store.transaction() as tx:
        await tx.release_leases()
    assert await claim(store, NOON + 2 * SECOND) == (feed_id,)


async def test_a_group_of_quiet_checks_is_written_at_once(store: SqlStore, town: Town) -> None:
    ids = await followed(town, *of_host("a", 1), *of_host("b", 1), *of_host("c", 1))
    await claim(store, NOON + SECOND)
    failed = Problem("fetch.timeout", {"host": "b.example"})
    outcomes = [checked(ids[0]), checked(ids[1], problem=failed, failures=1), checked(404)]
    async with store.transaction() as tx:
        await tx.record_quiet_polls([*outcomes, checked(ids[2], next_check_at=NOON + MINUTE)])
    assert await claim(store, NOON + MINUTE) == (ids[2],)
    await record(store, checked(ids[2], next_check_at=NOON + DAY))
    assert set(await claim(store, NOON + HOUR)) == {ids[0], ids[1]}
    feed = await store.feed(ids[1])
    assert feed
    assert feed.failures == 1


async def test_one_feed_is_leased_when_somebody_asks_even_if_it_was_put_aside(
    store: SqlStore, town: Town
) -> None:
    (feed_id,) = await followed(town, "https://blog.example/")
    await record(store, checked(feed_id, next_check_at=None))
    assert await claim(store, NOON + DAY) == ()
    async with store.transaction() as tx:
        await tx.subscribe(ANNA.id, 5, feed_id, NOON)  # somebody new: worth another look
    assert await claim(store, NOON + DAY + GAP) == (feed_id,)
    await record(store, checked(feed_id, NOON + DAY, next_check_at=None))
    async with store.transaction() as tx:
        assert await tx.claim_feed(feed_id, NOON + 2 * DAY, until=NOON + 2 * DAY + MINUTE)
        assert not await tx.claim_feed(feed_id, NOON + 2 * DAY, until=NOON + 2 * DAY + MINUTE)
    await record(store, checked(feed_id, NOON + 2 * DAY))
    assert await claim(store, NOON + 3 * DAY) == (feed_id,)


async def test_a_feed_that_nobody_follows_is_not_leased(store: SqlStore, town: Town) -> None:
    feed_id = await town.feed(next_check_at=NOON)
    assert await store.next_check_at() == NOON
    assert await claim(store, NOON + HOUR) == ()
    assert await store.next_check_at() is None  # looked at once, and never again
    async with store.transaction() as tx:
        assert not await tx.claim_feed(feed_id, NOON, until=NOON + MINUTE)


async def test_what_is_owed_a_check_leaves_out_hosts_that_want_to_be_left_alone(
    store: SqlStore, town: Town
) -> None:
    (feed_id,) = await followed(town, "https://tube.example/")
    assert await store.is_owed_a_check(NOON, open_by=NOON)
    assert not await store.is_owed_a_check(NOON - SECOND, open_by=NOON)
    await record(store, checked(feed_id, next_check_at=NOON, host=Host("tube.example", NOON + HOUR)))
    assert not await store.is_owed_a_check(NOON, open_by=NOON + MINUTE)
