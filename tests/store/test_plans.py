"""The questions asked all day are answered by an index, whatever the backlog."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.errors import StoreError
from bot.store import SqlStore
from bot.store.transaction import SqlTransaction
from tests.store.test_errors import ARGUMENTS, call


@pytest.fixture
async def asked(tmp_path: Path) -> AsyncIterator[tuple[SqlStore, list[tuple[str, Any]]]]:
    """A SQLite store, and every statement that it runs with its values."""
    async with SqlStore(f"sqlite:///{tmp_path / 'feedbell.db'}") as store:
        assert store._database
        statements: list[tuple[str, Any]] = []

        def listen(
            _c: object, _cursor: object, text: str, values: Any, _context: object, _many: bool
        ) -> None:
            statements.append((text, values))

        for engine in (store._database.writer, store._database.reader):
            sa.event.listen(engine.sync_engine, "before_cursor_execute", listen)
        yield store, statements


async def plans(tx: SqlTransaction, statements: list[tuple[str, Any]]) -> list[str]:
    found = []
    for text, values in list(statements):
        if text.startswith(("SELECT", "UPDATE", "DELETE")):
            rows = await tx._connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
            found += [row.detail for row in rows]
    return found


# These look at everything by their nature, now and then.
RARE = {"depth", "forget", "release_leases"}


@pytest.mark.parametrize("name", sorted(set(ARGUMENTS) - RARE))
async def test_no_table_is_read_from_end_to_end(asked: Any, name: str) -> None:
    store, statements = asked
    async with store.transaction() as tx:
        statements.clear()
        with suppress(StoreError):  # there is no chat to subscribe
            await call(tx if hasattr(tx, name) else store, name)
        found = await plans(tx, statements)
    assert statements
    assert [step for step in found if step.startswith("SCAN") and step != "SCAN CONSTANT ROW"] == []


async def test_a_claim_reads_one_row_of_a_backlog_and_sorts_nothing(asked: Any) -> None:
    store, statements = asked
    async with store.transaction() as tx:
        statements.clear()
        await call(tx, "claim_row")
        found = await plans(tx, statements)
    assert "SEARCH outbox USING INDEX ix_outbox_open (chat_id=?)" in found
    assert "SEARCH sending USING INDEX ix_outbox_in_flight (chat_id=?)" in found
    assert [step for step in found if "TEMP B-TREE" in step] == []
