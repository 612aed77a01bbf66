"""What all parts of a transaction share: its connection, and an insert that may meet the row already there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import Moment

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as ServerInsert
    from sqlalchemy.dialects.sqlite import Insert as FileInsert


class Unit:
    """Some of the writes of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def _run(
        self, statement: sa.Executable, values: Sequence[dict[str, Any]] | dict[str, Any] | None = None
    ) -> sa.CursorResult[Any]:
        return await self._connection.execute(statement, values)

    async def _rows(
        self, statement: sa.Executable, values: dict[str, Any] | None = None
    ) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self._run(statement, values)]

    @property
    def _dialect(self) -> str:
        return self._connection.dialect.name


def insert_into(dialect: str, table: sa.Table) -> FileInsert | ServerInsert:
    """An insert that knows ON CONFLICT; SQLAlchemy has one for each database, alike but for the class."""
    if dialect == "postgresql":
        # Imported when needed: it costs megabytes that a Raspberry Pi with SQLite has no use for.
        from sqlalchemy.dialects.postgresql import insert as server_insert

        return server_insert(table)
    return sqlite_insert(table)


@cache
def insert_if_new(dialect: str, table: sa.Table) -> sa.Insert:
    """An insert that leaves a row already there as it is; built once for each table."""
    return insert_into(dialect, table).on_conflict_do_nothing()


def moment(name: str) -> sa.BindParameter[datetime]:
    """A place for a moment in a statement that is built once; building one costs more than running it."""
    return sa.bindparam(name, type_=Moment())


def flag(name: str) -> sa.BindParameter[bool]:
    """A place for a yes or no in a statement that is built once."""
    return sa.bindparam(name, type_=sa.Boolean())


def later_of(column: sa.ColumnElement[Any], new: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The later of what is stored and what is new (null: nothing new): two reasons to wait do not shorten each
    other."""
    return sa.case((sa.or_(new.is_(None), column > new), column), else_=new)
