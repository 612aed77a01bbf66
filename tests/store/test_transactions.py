"""A unit of work is whole or not at all, and what waits for it comes after it."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import StoreError
from bot.model import Pace
from bot.ports import Store, Transaction
from bot.store import SqlStore
from bot.store.transaction import SqlTransaction
from tests.store.town import ANNA, CLUB, NOON, Town, checked

_STORE: type[Store] = SqlStore
_TRANSACTION: type[Transaction] = SqlTransaction


async def test_a_body_that_raises_writes_nothing_and_runs_no_action(store: SqlStore) -> None:
    ran = []

    async def action() -> None:
        ran.append("action")

    async def work() -> None:
        async with store.transaction() as tx:
            await tx.save_chat(ANNA)
            tx.after_commit(action)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await work()
    assert await store.chat(ANNA.id) is None
    assert ran == []


async def test_a_failed_statement_undoes_the_ones_before_it(store: SqlStore) -> None:
    async def work() -> None:
        async with store.transaction() as tx:
            await tx.save_chat(ANNA)
            await tx.subscribe(ANNA.id, None, 404, NOON)

    with pytest.raises(StoreError):
        await work()
    assert await store.chat(ANNA.id) is None


async def test_actions_run_after_the_commit_in_order_and_may_write_themselves(store: SqlStore) -> None:
    """Outside the write gate: an action that needs the store would otherwise wait for itself for ever."""
    saw = []

    async def look() -> None:
        saw.append(await store.chat(ANNA.id))

    async def write() -> None:
        async with store.transaction() as second:
            await second.save_chat(CLUB)

    async with store.transaction() as tx:
        tx.after_commit(look)
        tx.after_commit(write)
        await tx.save_chat(ANNA)
        assert saw == []
    assert saw == [ANNA]
    assert await store.chat(CLUB.id) == CLUB


async def test_reads_see_only_what_is_committed(store: SqlStore) -> None:
    async with store.transaction() as tx:
        await tx.save_chat(ANNA)
        assert await store.chat(ANNA.id) is None
    assert await store.chat(ANNA.id) == ANNA


async def test_transactions_at_once_lose_no_update(store: SqlStore) -> None:
    """SQLite's own BEGIN let 163 of 200 of these overwrite each other."""
    async with store.transaction() as tx:
        await tx.save_paces(Pace(NOON), {})

    async def push() -> None:
        async with store.transaction() as tx:
            before = await tx.pace()
            await asyncio.sleep(0)
            await tx.save_paces(Pace(NOON, before.slowdown + 1), {})

    await asyncio.gather(*(push() for _ in range(50)))
    async with store.transaction() as tx:
        assert await tx.pace() == Pace(NOON, 51.0)


async def test_a_cancelled_transaction_is_undone_and_lets_the_next_one_in(store: SqlStore) -> None:
    inside = asyncio.Event()

    async def hang() -> None:
        async with store.transaction() as tx:
            await tx.save_chat(ANNA)
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.transaction() as tx:
        await tx.save_chat(CLUB)
    assert (await store.chat(ANNA.id), await store.chat(CLUB.id)) == (None, CLUB)


async def test_cancelling_at_any_statement_leaves_the_store_working(store: SqlStore) -> None:
    """A cancelled statement costs its connection; what others have committed must not go with it."""
    await Town(store).feed()

    async def work() -> None:
        async with store.transaction() as tx:
            await tx.save_chat(ANNA)
            await tx.add_feed("https://other.example/", checked())

    for turns in range(12):
        task = asyncio.create_task(work())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with store.transaction() as tx:
        await tx.save_chat(CLUB)
    assert await store.chat(CLUB.id) == CLUB
    assert (await store.depth())["feeds"] in {1, 2}
