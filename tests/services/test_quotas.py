"""Limits: two at once cannot both be the last."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.feeds import Outline
from bot.model import Chat, ChatKind, Limit
from bot.schedule import Rhythm
from bot.services.finding import Finder
from bot.services.quotas import Quotas
from bot.services.subscribing import NotSubscribed, Subscribed, SubscribeResult
from bot.services.subscriptions import Subscriptions
from bot.store import SqlStore
from tests.fakes import FakeClock, FakeJobs, FakeReader
from tests.telegram.conversation import feed

ANNA = Chat(7, ChatKind.PRIVATE, "Anna", "en")
ADDRESSES = [f"https://example.org/{number}" for number in range(8)]
RHYTHM = Rhythm(timedelta(minutes=1), timedelta(minutes=10), timedelta(days=1))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlStore]:
    async with SqlStore(f"sqlite:///{tmp_path / 'feedbell.db'}") as opened:
        async with opened.transaction() as tx:
            await tx.save_chat(ANNA)
        yield opened


def subscriptions(store: SqlStore, most: int) -> tuple[Subscriptions, FakeReader]:
    reader = FakeReader({url: feed(url, "x") for url in ADDRESSES})
    quotas = Quotas(store, FakeClock(), {Limit.FEEDS: most})
    return Subscriptions(store, Finder(reader), FakeJobs(), FakeClock(), RHYTHM, quotas=quotas), reader


async def test_of_many_at_once_only_as_many_as_there_is_room_for_are_followed(store: SqlStore) -> None:
    service, _reader = subscriptions(store, 3)
    results = await asyncio.gather(*(service.subscribe(ANNA, None, url) for url in ADDRESSES))
    assert sum(isinstance(one, Subscribed) for one in results) == 3
    refused = [one.problem for one in results if isinstance(one, NotSubscribed)]
    assert {(problem.key, problem.values["limit"]) for problem in refused} == {("limit.feeds", "3")}
    assert len(await store.subscriptions(ANNA.id)) == 3


async def test_a_feed_that_others_follow_counts_too(store: SqlStore) -> None:
    service, _reader = subscriptions(store, 1)
    other = Chat(8, ChatKind.PRIVATE, "Ben", "en")
    async with store.transaction() as tx:
        await tx.save_chat(other)
    await service.subscribe(other, None, ADDRESSES[0])
    await service.subscribe(ANNA, None, ADDRESSES[1])
    assert isinstance(await service.subscribe(ANNA, None, ADDRESSES[0]), NotSubscribed)


async def test_an_import_stops_asking_the_web_when_the_chat_is_full(store: SqlStore) -> None:
    service, reader = subscriptions(store, 2)
    told: list[SubscribeResult] = []

    async def tell(_outline: Outline, result: SubscribeResult) -> None:
        told.append(result)

    many = [Outline(f"https://example.org/{number % 8}?{number}", "", "") for number in range(200)]
    reader.web |= {one.url: feed(one.url, "x") for one in many}
    await service.bring_in(ANNA, None, many, tell)
    assert (len(told), sum(isinstance(one, Subscribed) for one in told)) == (200, 2)
    assert len(reader.asked) < 100
    assert len(await store.subscriptions(ANNA.id)) == 2


async def test_an_exception_goes_before_the_usual_limit(store: SqlStore) -> None:
    service, _reader = subscriptions(store, 1)
    async with store.transaction() as tx:
        await tx.set_limit(ANNA.id, Limit.FEEDS, 0)
    for url in ADDRESSES:
        assert isinstance(await service.subscribe(ANNA, None, url), Subscribed)


async def test_of_many_changes_at_once_only_so_many_are_made(store: SqlStore) -> None:
    quotas = Quotas(store, FakeClock(), {Limit.CHANGES: 3})
    refused = await asyncio.gather(*(quotas.change((1, -100)) for _ in range(8)))
    assert sorted(refused, key=str) == [3, 3, 3, 3, 3, None, None, None]


async def test_a_change_that_is_refused_does_not_count(store: SqlStore) -> None:
    """A full group would otherwise use up what its members may change elsewhere."""
    quotas = Quotas(store, FakeClock(), {Limit.CHANGES: 2})
    assert [await quotas.change((1, -100)), await quotas.change((2, -100))] == [None, None]
    assert [await quotas.change((1, -100)) for _ in range(5)] == [2] * 5
    assert await quotas.change((1,)) is None


async def test_a_minute_later_there_is_room_again_and_the_quiet_are_forgotten(store: SqlStore) -> None:
    clock = FakeClock()
    quotas = Quotas(store, clock, {Limit.CHANGES: 1})
    for number in range(1, 1003):
        assert await quotas.change((number,)) is None
    clock.advance(timedelta(minutes=1))
    assert await quotas.change((1,)) is None
    assert list(quotas._changes) == [1]
