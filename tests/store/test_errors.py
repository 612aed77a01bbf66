"""A database that cannot do it now is a StoreError, from every method, and nothing else."""

from __future__ import annotations

import inspect
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.backstage import BackstageStore, BackstageTransaction
from bot.errors import StoreError
from bot.model import (
    Bulletin,
    Change,
    ChangeKind,
    ChatPace,
    FeedLink,
    Follow,
    Hearing,
    Letter,
    Limit,
    Login,
    Pace,
    RowState,
    SendOutcome,
    Subscription,
    Tried,
    Trouble,
    Wishes,
)
from bot.store import SqlStore, migrate
from bot.store.tables import metadata
from tests.store.town import ANNA, HERALD, MINUTE, NOON, checked, rows

FOLLOWED = Subscription(1, 1, None, 1, HERALD, "", "")
ARGUMENTS: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "claim_due_feeds": ((NOON,), {"until": NOON + MINUTE, "limit": 9}),
    "claim_feed": ((1, NOON), {"until": NOON + MINUTE}),
    "record_poll": ((checked(1),), {}),
    "record_quiet_polls": (([checked(1)],), {}),
    "record_merger": ((checked(1), checked(2)), {}),
    "tell_failing": ((Trouble.DAYS,), {"known": 1, "before": NOON, "now": NOON}),
    "claim_bulletins": ((NOON,), {"until": NOON + MINUTE, "limit": 9}),
    "close_bulletin": (
        (Bulletin(FOLLOWED, ANNA, Trouble.DAYS, NOON, NOON),),
        {},
    ),
    "log_in": ((1, Login(1, {"Cookie": "a=b"}), NOON), {}),
    "log_out": ((1, 1, NOON), {}),
    "add_feed": ((HERALD, checked()), {}),
    "save_chat": ((ANNA,), {}),
    "move_chat": ((1, 2), {}),
    "subscribe": ((1, None, 1, NOON), {}),
    "unsubscribe": ((1,), {}),
    "set_filter": ((1, "rain"), {}),
    "set_wishes": ((Wishes(), 1), {}),
    "remember": ((Change(1, ChangeKind.UNSUBSCRIBED, NOON), [1]), {}),
    "take_back": ((1, NOON), {}),
    "save_follow": ((Follow(1, "rust", "crate", 1, 1, 5, 1), NOON), {}),
    "drop_follow": ((1,), {}),
    "note_ruler": ((5, 6), {}),
    "settle": (([1], 1, 7), {}),
    "note_right": ((1, "", NOON), {}),
    "follows": ((1,), {}),
    "figures": ((1, (NOON, NOON, NOON), 9), {}),
    "unchecked_follows": ((NOON, 9), {}),
    "last_change": ((1, NOON), {}),
    "alerted": ((1, 1), {}),
    "keep_offers": ((1, [FeedLink(HERALD, "")], NOON), {}),
    "at_once": ((lambda tx: tx.pace(),), {}),
    "keep_trial": ((Tried(FOLLOWED, "rain", ("rain -snow",)), NOON), {}),
    "claim_parcels": ((NOON,), {"until": NOON + MINUTE, "limit": 9, "backlog": 9, "most": 9}),
    "record_sends": (([SendOutcome((1,), 1, NOON, RowState.HELD, 1, topic_gone=5)],), {}),
    "pace": ((), {}),
    "chat_pace": ((1,), {}),
    "chat_paces": (((1, 2),), {}),
    "save_paces": ((Pace(NOON), {1: ChatPace((NOON,), NOON)}), {}),
    "retry": ((1,), {}),
    "discard": ((1,), {}),
    "release_topics": ((1,), {}),
    "release_bursts": ((1, None), {}),
    "expire": ((), {"before": NOON, "limit": 9}),
    "release_leases": ((), {}),
    "forget": ((), {"articles_before": NOON, "keys_before": NOON, "changes_before": NOON, "limit": 9}),
    "feed": ((1,), {}),
    "feed_by_url": ((HERALD,), {}),
    "next_check_at": ((), {}),
    "is_owed_a_check": ((NOON,), {"open_by": NOON}),
    "standings": ((1, [1]), {}),
    "listed": ((1,), {}),
    "recent_articles": ((1, 5), {}),
    "latest": ((5, 9), {}),
    "ruled_by": ((5, 9), {}),
    "has_bulletins": ((NOON,), {}),
    "readers": ((1,), {}),
    "newest_article": ((1,), {}),
    "past_articles": ((1, 9), {}),
    "stories": ((1,), {"limit": 9, "message_id": 5, "links": ("https://herald.example/1",)}),
    "trial": ((1, 1), {}),
    "chat": ((1,), {}),
    "subscriptions": ((1,), {}),
    "subscription": ((1,), {}),
    "offer": ((1, 1), {}),
    "subscription_to": ((1, None, 1), {}),
    "next_delivery_at": ((), {}),
    "dead_letters": ((), {"limit": 9}),
    "depth": ((), {}),
    "full": ((1, Limit.FEEDS, 9), {}),
    "admit": ((1,), {"admitted": True}),
    "set_limit": ((1, Limit.FEEDS, 9), {}),
    "draft_broadcast": ((1, Letter("Hello"), NOON), {}),
    "begin_broadcast": ((1, NOON), {}),
    "take_address": ((1, 1), {}),
    "settle_address": ((1, 1, Hearing.SENT), {}),
    "end_broadcast": ((1,), {}),
    "guests": (((1, 2),), {}),
    "spoken_of": ((9,), {}),
    "acquaintances": ((), {"limit": 9}),
    "acquaintance": ((1,), {}),
    "headcount": ((), {}),
    "hearers": ((), {}),
    "broadcasts_under_way": ((), {}),
    "next_address": ((1, NOON), {}),
    "vitals": ((NOON,), {}),
}


def methods(protocol: type, *, but: str) -> list[str]:
    """All that the port asks for, so that a method added tomorrow must be added here."""
    found = [name for name, _ in inspect.getmembers(protocol, inspect.isfunction) if name[0] != "_"]
    return [name for name in found if name != but]


async def call(owner: object, name: str) -> object:
    arguments, options = ARGUMENTS[name]
    method: Callable[..., Awaitable[object]] = getattr(owner, name)
    return await method(*arguments, **options)


async def drop_all_tables(store: SqlStore) -> None:
    async with store.transaction() as tx:
        for table in reversed(metadata.sorted_tables):
            await rows(tx, sa.schema.DropTable(table))


@pytest.mark.parametrize("name", methods(BackstageTransaction, but="after_commit"))
async def test_every_write_on_a_broken_database_is_a_store_error(store: SqlStore, name: str) -> None:
    await drop_all_tables(store)
    async with store.transaction() as tx:
        with pytest.raises(StoreError):
            await call(tx, name)


@pytest.mark.parametrize("name", methods(BackstageStore, but="transaction"))
async def test_every_read_on_a_broken_database_is_a_store_error(store: SqlStore, name: str) -> None:
    await drop_all_tables(store)
    with pytest.raises(StoreError):
        await call(store, name)


@pytest.mark.parametrize("name", methods(BackstageStore, but="transaction"))
async def test_every_read_on_a_closed_store_is_a_store_error(store: SqlStore, name: str) -> None:
    await store.close()
    await store.close()
    with pytest.raises(StoreError, match="not open"):
        await call(store, name)


async def test_a_transaction_on_a_closed_store_is_a_store_error(store: SqlStore) -> None:
    await store.close()
    with pytest.raises(StoreError, match="not open"):
        await store.transaction().__aenter__()


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param({"chat_id": 2**63}, id="a number that no column holds"),
        pytest.param({"now": NOON.replace(tzinfo=None)}, id="a time without a zone"),
    ],
)
async def test_what_a_driver_cannot_bind_is_a_store_error(store: SqlStore, hostile: dict[str, Any]) -> None:
    async with store.transaction() as tx:
        with pytest.raises(StoreError):
            await tx.subscribe(**{"chat_id": 1, "thread_id": None, "feed_id": 1, "now": NOON, **hostile})


async def test_our_own_mistakes_are_not_disguised(store: SqlStore) -> None:
    """A bug that looks like a busy database would be tried again for ever."""
    async with store.transaction() as tx:
        with pytest.raises(AttributeError):
            await tx.save_chat("Anna")  # type: ignore[arg-type]


async def test_a_file_that_another_program_holds_is_a_store_error_and_then_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.database.BUSY_SECONDS", 0.05)
    path = tmp_path / "feedbell.db"
    async with SqlStore(f"sqlite:///{path}") as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"):
            async with store.transaction() as tx:
                await tx.save_chat(ANNA)
        assert await store.chat(ANNA.id) is None
        other.execute("ROLLBACK")
        other.close()
        async with store.transaction() as tx:
            await tx.save_chat(ANNA)
        assert await store.chat(ANNA.id) == ANNA


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("sqlite:////nowhere/at/all/feedbell.db", id="a directory that is not there"),
        pytest.param("feedbell.db", id="no address"),
        pytest.param("mysql://me:s3cret@127.0.0.1/feedbell", id="a database we do not know"),
        pytest.param("postgresql://me:s3cret@127.0.0.1:1/feedbell", id="nobody answers"),
        pytest.param("postgresql://me:s3cret@127.0.0.1:port/feedbell", id="a port that is no number"),
    ],
)
async def test_an_address_of_no_use_is_a_store_error_without_the_password(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        await migrate(url)
    assert "s3cret" not in str(caught.value)


async def test_a_file_that_is_no_database_is_a_store_error_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Anna, " * 100)
    with pytest.raises(StoreError, match="not a database"):
        await migrate(f"sqlite:///{path}")
    assert path.read_text() == "Dear Anna, " * 100


async def test_an_error_does_not_repeat_what_was_to_be_written(store: SqlStore) -> None:
    """Feed addresses may be private, and errors go to logs."""
    await drop_all_tables(store)
    async with store.transaction() as tx:
        with pytest.raises(StoreError) as caught:
            await tx.add_feed("https://user:s3cret@herald.example/", checked())
    error: BaseException | None = caught.value
    while error is not None:
        assert "s3cret" not in str(error)
        error = error.__cause__
