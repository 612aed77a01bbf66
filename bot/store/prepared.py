"""The statements of every send and every quiet check, as SQLite's driver takes them.

SQLAlchemy keeps what it compiled, too; but what it does besides, at each run and for each row, costs several times
what SQLite does. PostgreSQL gets them the usual way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.compiler import SQLCompiler

from bot.store.one_trip import driver_of
from bot.store.rows import Row

Convert = Callable[[Any], Any]


class Prepared:
    """A statement that is built once.

    Args:
        statement: its values have names and are given at each run, or never change; no lists.
        columns: of an insert, those that it is given.
    """

    def __init__(
        self, statement: sa.Select[Any] | sa.UpdateBase, columns: Sequence[str] | None = None
    ) -> None:
        self._statement = statement
        self._columns = columns

    def rows(self, connection: sa.Connection, values: dict[str, Any]) -> list[Row]:
        """What it selects."""
        if connection.dialect.name != "sqlite":
            return list(connection.execute(self._statement, values).mappings().all())
        return list(map(self._read, driver_of(connection).execute(self._text, self._bound(values))))

    def tuples(self, connection: sa.Connection, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        """What it selects or returns, in the order of its columns; for many rows, and columns without names."""
        if connection.dialect.name != "sqlite":
            return [tuple(row) for row in connection.execute(self._statement, values)]
        found = driver_of(connection).execute(self._text, self._bound(values)).fetchall()
        readers = self._readers
        if not any(readers):
            return found
        return [
            tuple(convert(value) if convert else value for convert, value in zip(readers, row, strict=True))
            for row in found
        ]

    def run(self, connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
        """Write once for each of these."""
        if connection.dialect.name != "sqlite":
            connection.execute(self._statement, rows)
        elif len(rows) == 1:
            driver_of(connection).execute(self._text, self._bound(rows[0]))
        else:
            driver_of(connection).executemany(self._text, map(self._bound, rows))

    def _bound(self, values: dict[str, Any]) -> list[Any]:
        given = self._fixed | values if self._fixed else values
        try:
            return [convert(given[name]) if convert else given[name] for name, convert in self._places]
        except ValueError as error:  # a moment without a zone; SQLAlchemy, too, makes it the driver's error
            raise sqlite3.ProgrammingError(str(error)) from error

    def _read(self, found: tuple[Any, ...]) -> Row:
        row = dict(zip(self._names, found, strict=True))
        for name, convert in self._converted:
            row[name] = convert(row[name])
        return row

    @cached_property
    def _compiled(self) -> SQLCompiler:
        compiled = self._statement.compile(
            dialect=sqlite.dialect(paramstyle="qmark"), column_keys=self._columns
        )
        assert isinstance(compiled, SQLCompiler)
        return compiled

    @cached_property
    def _text(self) -> str:
        return self._compiled.string

    @cached_property
    def _fixed(self) -> dict[str, Any]:
        return {name: one.effective_value for name, one in self._compiled.binds.items() if not one.required}

    @cached_property
    def _places(self) -> list[tuple[str, Convert | None]]:
        """The values in their order, and how each is written."""
        dialect, binds = self._compiled.dialect, self._compiled.binds
        names = self._compiled.positiontup or ()
        return [(name, binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names]

    @cached_property
    def _names(self) -> list[str]:
        return [str(column.key) for column in self._statement.exported_columns]

    @cached_property
    def _converted(self) -> list[tuple[str, Convert]]:
        """Columns that are not what the driver gives, and how each is read."""
        named = zip(self._names, self._readers, strict=True)
        return [(name, convert) for name, convert in named if convert is not None]

    @cached_property
    def _readers(self) -> list[Convert | None]:
        """How each column is read; None as the driver gives it."""
        dialect = self._compiled.dialect
        types = (column.type.dialect_impl(dialect) for column in self._statement.exported_columns)
        return [kind.result_processor(dialect, None) for kind in types]
