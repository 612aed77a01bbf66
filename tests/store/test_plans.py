"""The questions asked all day are answered by an index, whatever the backlog."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.errors import StoreError
from bot.model import ChatPace, Pace, RowState, SendOutcome
from bot.store import SqlStore
from bot.store.one_trip import driver_of
from bot.store.transaction import SqlTransaction
from tests.store.test_errors import ARGUMENTS, call
from tests.store.town import CLUB, DAY, MINUTE, NOON, Town, article


class Overheard:
    """SQLite's driver, and what goes to it past SQLAlchemy's events."""

    def __init__(self, driver: sqlite3.Connection, statements: list[tuple[str, Any]]) -> None:
        self._driver = driver
        self._statements = statements

    def execute(self, text: str, values: Iterable[Any]) -> sqlite3.Cursor:
        bound = tuple(values)
        self._statements.append((text, bound))
        return self._driver.execute(text, bound)

    def executemany(self, text: str, rows: Iterable[Iterable[Any]]) -> sqlite3.Cursor:
        bound = [tuple(values) for values in rows]
        self._statements.append((text, bound))
        return self._driver.executemany(text, bound)


@pytest.fixture
async def asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[SqlStore, list[tuple[str, Any]]]]:
    """A SQLite store with two alerts in one topic, and every statement that it runs, with its values."""
    async with SqlStore(f"sqlite:///{tmp_path / 'feedbell.db'}") as store:
        assert store._database
        town = Town(store)
        feed_id = await town.feed()
        subscription = await town.follow(replace(CLUB, id=1, catching_up=True), feed_id, 5)
        await town.publish(feed_id, article("a"), article("b"), to={subscription: 1}, at=NOON - DAY)
        statements: list[tuple[str, Any]] = []

        def listen(
            _c: object, _cursor: object, text: str, values: Any, _context: object, _many: bool
        ) -> None:
            statements.append((text, values))

        monkeypatch.setattr(
            "bot.store.prepared.driver_of", lambda connection: Overheard(driver_of(connection), statements)
        )
        for engine in (store._database.writer, store._database.reader):
            sa.event.listen(engine.sync_engine, "before_cursor_execute", listen)
        yield store, statements


def steps(connection: sa.Connection, text: str, values: Any) -> list[str]:
    return [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)]


async def plans(tx: SqlTransaction, statements: list[tuple[str, Any]]) -> list[str]:
    found = []
    for text, values in list(statements):
        if text.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            once = values[0] if isinstance(values, list) else values
            found += await tx._connection.run_sync(steps, text, once)
    return found


def read_whole(found: list[str]) -> list[str]:
    """The tables read from end to end; what a statement has listed for itself is no table."""
    scans = [step.removeprefix("SCAN ").split()[0] for step in found if step.startswith("SCAN ")]
    return [
        name
        for name in scans
        if name not in {"CONSTANT", "json_each", "owing", "counted", "listed", "unsent", "due"}
    ]


# These look at everything by their nature, now and then.
RARE = {"depth", "is_owed_a_check", "forget", "release_leases", "tell_failing"}
# Only those who run the bot ask these. Of broadcasts there are one or two.
RARE |= {"acquaintances", "headcount", "hearers", "spoken_of", "vitals"}
RARE |= {"draft_broadcast", "broadcasts_under_way"}


@pytest.mark.parametrize(
    "name", sorted(set(ARGUMENTS) - RARE - {"at_once"})
)  # that one is a transaction itself
async def test_no_table_is_read_from_end_to_end(asked: Any, name: str) -> None:
    store, statements = asked
    async with store.transaction() as tx:
        statements.clear()
        with suppress(StoreError):  # there is no chat to subscribe
            await call(tx if hasattr(tx, name) else store, name)
        found = await plans(tx, statements)
    assert statements
    assert read_whole(found) == []


async def test_a_claim_takes_one_step_for_each_chat_and_reads_no_backlog(asked: Any) -> None:
    store, statements = asked
    async with store.transaction() as tx:
        statements.clear()
        await call(tx, "claim_parcels")
        found = await plans(tx, statements)
    steps = {step.split(" USING ")[0]: step.partition(" USING ")[2] for step in found if " USING " in step}
    # From chat to chat that has open rows, past all the rows between.
    assert steps["SEARCH later"].endswith("(chat_id>?)")
    assert steps["SEARCH sending"] == "INDEX ix_outbox_in_flight (chat_id=?)"
    # No sorting: the first rows of the index are the oldest.
    assert steps["SEARCH oldest"] == "INDEX ix_outbox_open (chat_id=?)"
    assert steps["SEARCH counted_rows"] == "INDEX ix_outbox_topic (chat_id=? AND thread_id=?)"
    assert steps["SEARCH listed_rows"] == "INDEX ix_outbox_topic (chat_id=? AND thread_id=?)"
    # The ready chats by their time, and the rows of the parcels; neither is a backlog.
    assert found.count("USE TEMP B-TREE FOR ORDER BY") == 2


@pytest.mark.parametrize(
    ("name", "reads"),
    [
        pytest.param("next_delivery_at", "(chat_id>?)", id="when is the next: from chat to chat"),
        pytest.param("expire", "ix_outbox_unsent (created_at<?)", id="what waited too long"),
        pytest.param("dead_letters", "ix_outbox_closed (state=? AND closed_at>?)", id="what was given up"),
    ],
)
async def test_a_question_about_few_rows_reads_few(asked: Any, name: str, reads: str) -> None:
    store, statements = asked
    async with store.transaction() as tx:
        statements.clear()
        await call(tx if hasattr(tx, name) else store, name)
        found = await plans(tx, statements)
    assert [step for step in found if step.endswith(reads)]
    assert "USE TEMP B-TREE FOR ORDER BY" not in found


@pytest.mark.parametrize(
    ("work", "statements_at_most"),
    [
        pytest.param("claim_parcels", 5, id="a claim"),
        pytest.param("record_sends", 2, id="what sends brought"),
        pytest.param("save_paces", 2, id="paces"),
    ],
)
async def test_the_number_of_statements_does_not_grow(asked: Any, work: str, statements_at_most: int) -> None:
    store, statements = asked
    town = Town(store)
    feed_id = await town.feed()
    for number in range(2, 30):
        subscription = await town.follow(replace(CLUB, id=number), feed_id)
        await town.publish(feed_id, article("a"), to={subscription: number})
    outcomes = [SendOutcome((number,), number, NOON, RowState.SENT, 1) for number in range(1, 30)]
    arguments: dict[str, Any] = {
        "claim_parcels": {"now": NOON, "until": NOON + MINUTE, "limit": 99, "backlog": 9, "most": 9},
        "record_sends": {"outcomes": outcomes},
        "save_paces": {"pace": Pace(), "chats": {one.chat_id: ChatPace((NOON,)) for one in outcomes}},
    }
    async with store.transaction() as tx:
        await tx.chat_pace(1)  # the first work of a transaction begins it
        statements.clear()
        await getattr(tx, work)(**arguments[work])
        assert len(statements) <= statements_at_most
