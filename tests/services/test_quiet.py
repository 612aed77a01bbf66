"""Checks that changed nothing are written together, and read nothing but the web; the others alone."""

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import pytest

from bot.errors import StoreError
from bot.model import FeedRead, FetchFailed, PollOutcome, Problem, Trouble, Unchanged, Validators
from bot.store.transaction import SqlTransaction
from tests.services.stage import ADA, Stage, feed

URLS = [f"https://h{number}.example/" for number in range(20)]


async def claim_all(life: Stage) -> list[int]:
    """Follow them, and let all be due and claimed: the feeds."""
    ids = await follow_all(life)
    life.clock.advance(timedelta(hours=1))
    assert await life.polling.claim_due() == len(ids)
    return ids


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
    ids = await claim_all(life)
    life.reader.web = dict.fromkeys(URLS, Unchanged(Validators('"new"'), None))
    begun = count_transactions(life, monkeypatch)
    await asyncio.gather(*map(life.polling.check, ids))
    assert len(begun) == 1
    kept = [await validators(life, feed_id) for feed_id in ids]
    assert kept == [Validators('"new"')] * 20


async def test_a_slow_feed_holds_up_no_group(life: Stage) -> None:
    *quick, slow = await claim_all(life)
    life.reader.web = dict.fromkeys(URLS, Unchanged(Validators('"new"'), None))
    life.reader.gates[URLS[-1]] = gate = asyncio.Event()
    waiting = asyncio.create_task(life.polling.check(slow))
    await asyncio.gather(*map(life.polling.check, quick))
    assert not waiting.done()
    assert await validators(life, quick[0]) == Validators('"new"')
    gate.set()
    await waiting
    assert await validators(life, slow) == Validators('"new"')


async def test_an_unchanged_feed_that_is_well_is_not_read_from_the_store(
    life: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The claim brought what its check needs; its keys may be thousands."""
    ids = await claim_all(life)
    life.reader.web = dict.fromkeys(URLS, Unchanged(Validators('"new"'), None))

    async def nothing(*_: object) -> None:
        raise AssertionError("was read")

    for question in ("feed", "readers", "feed_by_url"):
        monkeypatch.setattr(life.store, question, nothing)
    await asyncio.gather(*map(life.polling.check, ids))


async def test_new_articles_commit_each_on_their_own(life: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = await follow_all(life)
    life.reader.web = dict.fromkeys(URLS, feed("storm", "tides"))
    begun = count_transactions(life, monkeypatch)
    await asyncio.gather(*map(life.polling.check, ids))
    assert len(begun) == 20


def locked() -> AbstractAsyncContextManager[SqlTransaction]:
    raise StoreError("database is locked")


@pytest.mark.parametrize(
    "result",
    [
        pytest.param(Unchanged(Validators('"new"'), None), id="a quiet check, with its group"),
        pytest.param(feed("storm", "tides"), id="a check with news"),
    ],
)
async def test_what_could_not_be_written_is_written_when_the_database_is_back(
    life: Stage, monkeypatch: pytest.MonkeyPatch, result: Unchanged | FeedRead
) -> None:
    """While the lease lasts nobody else may check the feed: its news would wait for the end of it."""
    ids = await follow_all(life)
    life.reader.web = dict.fromkeys(URLS, result)
    with monkeypatch.context() as away:
        away.setattr(life.store, "transaction", locked)
        away.setattr(life.clock, "sleep", lambda _: asyncio.sleep(0.01))
        checks = asyncio.gather(*map(life.polling.check, ids))
        await asyncio.sleep(0.2)
        assert not checks.done()
    asked = len(life.reader.asked)
    await checks
    assert [await validators(life, feed_id) for feed_id in ids] == [result.validators] * len(ids)
    assert len(life.reader.asked) == asked


async def test_a_group_that_could_not_be_written_in_time_is_checked_again(
    life: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await follow_all(life)
    life.reader.web = dict.fromkeys(URLS, Unchanged(Validators('"new"'), None))
    with monkeypatch.context() as away:
        away.setattr(life.store, "transaction", locked)
        with pytest.raises(StoreError):
            await asyncio.gather(*map(life.polling.check, ids))
    await life.polling.check(ids[0])
    assert await validators(life, ids[0]) == Validators('"new"')


async def test_what_became_known_after_the_claim_is_not_new(life: Stage) -> None:
    """A person had the feed checked, or its lease ran out, and another worker was faster."""
    first, *_ = await claim_all(life)
    life.reader.web[URLS[0]] = feed("storm", "tides")
    assert [article.title for article in (await look(life, first)).articles] == ["storm"]
    await life.polling.check(first)
    assert (await life.store.depth())["waiting"] == 1


async def test_trouble_noted_after_the_claim_is_over_with_the_check(life: Stage) -> None:
    """Nobody is told any more that a feed fails which has just been well."""
    first, *others = ids = await claim_all(life)
    life.reader.web = dict.fromkeys(URLS, FetchFailed(Problem("feed.not_a_feed", {})))
    await asyncio.gather(*map(life.polling.check, ids))
    life.clock.advance(timedelta(days=1))
    assert await life.polling.claim_due() == len(ids)
    async with life.store.transaction() as tx:
        now = life.clock.now()
        assert await tx.tell_failing(Trouble.DAYS, known=1, before=now, now=now) == len(ids)
    life.reader.web = dict.fromkeys(URLS, Unchanged(Validators('"new"'), None))
    await life.polling.check(first)
    async with life.store.transaction() as tx:
        bulletins = await tx.claim_bulletins(now, until=now + timedelta(minutes=1), limit=100)
    assert [one.subscription.feed_id for one in bulletins] == others


async def look(life: Stage, feed_id: int) -> PollOutcome:
    outcome = await life.polling.look(feed_id)
    assert outcome is not None
    return outcome


async def validators(life: Stage, feed_id: int) -> Validators:
    feed = await life.store.feed(feed_id)
    assert feed is not None
    return feed.validators
