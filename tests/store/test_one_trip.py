"""The short way to SQLite's thread: what SQLAlchemy sees is the same, with one handover for each statement."""

from __future__ import annotations

from typing import Any

import pytest

from bot.store.one_trip import OneTripConnection, connect


class Counted(OneTripConnection):
    trips = 0

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        self.trips += 1
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]


async def test_a_statement_and_its_rows_cost_one_trip() -> None:
    connection = connect(":memory:")
    connection.__class__ = Counted
    counted = await connection
    assert isinstance(counted, Counted)
    async with counted.cursor() as cursor:
        await cursor.execute("SELECT 1 UNION ALL SELECT ?", (2,))
        assert cursor.description[0][0] == "1"
        assert await cursor.fetchall() == [(1,), (2,)]
        assert await cursor.fetchall() == []
        await cursor.close()
    assert counted.trips == 1
    await counted.close()


@pytest.mark.parametrize(
    ("statement", "rows", "changed"),
    [
        pytest.param("INSERT INTO t VALUES (?)", [(1,), (2,), (3,)], 3, id="an insert of three"),
        pytest.param("UPDATE t SET n = n + ?", [(1,)], 1, id="an update of one"),
        pytest.param("DELETE FROM t WHERE n > ?", [(99,)], 0, id="a delete of none"),
    ],
)
async def test_writes_say_how_many_rows_they_changed(
    statement: str, rows: list[tuple[int]], changed: int
) -> None:
    """The store decides by it whether a claim was won."""
    connection = connect(":memory:")
    await connection
    await connection.cursor().execute("CREATE TABLE t (n INTEGER)")
    await connection.cursor().execute("INSERT INTO t VALUES (7)")
    cursor = await connection.cursor().executemany(statement, rows)
    assert (cursor.rowcount, await cursor.fetchall()) == (changed, [])
    await connection.close()
