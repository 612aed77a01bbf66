"""Checks that changed nothing are written together; the others alone."""

import asyncio
from contextlib import AbstractAsyncContextManager

import pytest

from bot.errors import StoreError
from bot.model import Unchanged, Validators
from bot.store.transaction import SqlTransaction
from tests.services.stage import ADA, Stage, feed

URLS = [f"https://h{number}.example/" for number in range(20)]


async def follow_all(life: Stage) -> list[int]:
    await life.subscriptions.meet(ADA)
    for url in URLS:
        life.reader.web[url] = feed("tides")
        await life.subscriptions.subscribe(ADA, None, url)
    return [subscription.feed_id for subscription in await life.subscriptions.of(ADA.id)]


def count_transactions(life: Stage, monkeypatch: pytest.MonkeyPatch) -> list[None]:
    begun: list[None] = []
    begin = life.store.transaction

    def counting() -> AbstractAsyncContextManager[SqlTransaction]:
        begun.append(None)
        return begin()

    monkeypatch.setattr(life.store, "transaction", counting)
    return begun


async def test_unchanged_feeds_share_transactions_and_each_is_recorded_when_its_check_ends(
    life: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await follow_all(life)
    life.reader.web = dict.fromkeys(URLS, Unchanged(Validators('"new"'), None))
    begun = count_transactions(life, monkeypatch)
    await asyncio.gather(*map(life.polling.check, ids))
    assert len(begun) <= 5
    kept = [feed.validators for feed in [await life.store.feed(feed_id) for feed_id in ids] if feed]
    assert kept == [Validators('"new"')] * 20


async def test_new_articles_commit_each_on_their_own(life: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = await follow_all(life)
    life.reader.web = dict.fromkeys(URLS, feed("storm", "tides"))
    begun = count_transactions(life, monkeypatch)
    await asyncio.gather(*map(life.polling.check, ids))
    assert len(begun) == 20


async def test_a_group_that_could_not_be_written_is_checked_again(
    life: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await follow_all(life)
    life.reader.web = dict.fromkeys(URLS, Unchanged(Validators('"new"'), None))

    def away() -> AbstractAsyncContextManager[SqlTransaction]:
        raise StoreError("database is locked")

    monkeypatch.setattr(life.store, "transaction", away)
    with pytest.raises(StoreError):
        await asyncio.gather(*map(life.polling.check, ids))
    monkeypatch.undo()
    await life.polling.check(ids[0])
    feed_again = await life.store.feed(ids[0])
    assert feed_again
    assert feed_again.validators == Validators('"new"')
