"""What all parts of a transaction share: its connection, how their methods get there, and an insert that may meet
the row already there."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from functools import cache, partial, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from bot.store.columns import Moment, Words
from bot.store.guard import translated
from bot.store.one_trip import FileConnection
from bot.store.prepared import Prepared
from bot.store.rows import Row

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as ServerInsert
    from sqlalchemy.dialects.sqlite import Insert as FileInsert


P = ParamSpec("P")
T = TypeVar("T")


class Unit:
    """Some of the writes of one transaction."""

    def __init__(self, connection: AsyncConnection | FileConnection) -> None:
        self._connection = connection
        self._there: sa.Connection | None = None
        """The connection where it lives, in SQLite's thread or SQLAlchemy's greenlet; None for who is not there."""

    async def _run(
        self, statement: sa.Executable, values: Sequence[dict[str, Any]] | dict[str, Any] | None = None
    ) -> sa.CursorResult[Any]:
        """For `whole` methods."""
        assert self._there is not None, "only there are its rows at hand"
        return self._there.execute(statement, values)

    def _ask(self, statement: Prepared, values: dict[str, Any]) -> list[Row]:
        """For `whole` methods: the rows of what is asked at every send."""
        assert self._there is not None, "only there are its rows at hand"
        return statement.rows(self._there, values)

    def _tuples(self, statement: Prepared, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        """For `whole` methods: the same, of many rows asked at every check."""
        assert self._there is not None, "only there are its rows at hand"
        return statement.tuples(self._there, values)

    def _write(self, statement: Prepared, *rows: dict[str, Any]) -> None:
        """For `whole` methods: write once for each of these, at every send or check."""
        assert self._there is not None, "only there it is written"
        statement.run(self._there, rows)

    def _whole(self, connection: sa.Connection, method: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run a method to its end: it waits for nothing, as all it asks is answered at once."""
        self._there = connection
        work = method()
        try:
            work.send(None)
        except StopIteration as end:
            result: T = end.value
            return result
        finally:
            self._there = None
            work.close()
        raise AssertionError(f"{method} waits for something that is not the database")

    async def finish(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Do the rest, and commit, in one trip where there is one to be saved: see `Store.at_once`."""
        with translated():
            if isinstance(self._connection, FileConnection):
                return await self._connection.finish(partial(self._whole, method=work))
            return await self._connection.run_sync(self._whole, work)

    async def _rows(
        self, statement: sa.Executable, values: dict[str, Any] | None = None
    ) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self._run(statement, values)]

    @property
    def _dialect(self) -> str:
        return self._connection.dialect.name


S = TypeVar("S", bound=Unit)


def whole(
    method: Callable[Concatenate[S, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[S, P], Coroutine[Any, Any, T]]:
    """Run a unit's method where its connection lives: one trip for all its statements, not one for each.

    It raises StoreError for what the database does, and nothing foreign.
    """

    @wraps(method)
    async def told(unit: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if unit._there is not None:  # a part of another method's work
            return await method(unit, *args, **kwargs)
        with translated():
            return await unit._connection.run_sync(unit._whole, partial(method, unit, *args, **kwargs))

    return told


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


class Numbers(FunctionElement[int]):
    """The numbers of a JSON list, as rows. A list of SQLAlchemy's own is written into the statement again at each
    run, which costs as much as running it."""

    inherit_cache = True


class Texts(FunctionElement[str]):
    """The texts of a JSON list, as rows. As `Numbers`."""

    inherit_cache = True


@compiles(Numbers, "sqlite")
@compiles(Texts, "sqlite")
def _listed_in_file(listed: Numbers | Texts, compiler: sa.sql.compiler.SQLCompiler, **options: Any) -> str:
    lists = compiler.process(listed.clauses.self_group(), **options)
    return f"(SELECT value FROM json_each{lists})"  # noqa: S608 - a place for a value, no value


@compiles(Numbers, "postgresql")
def _numbers_on_server(numbers: Numbers, compiler: sa.sql.compiler.SQLCompiler, **options: Any) -> str:
    lists = compiler.process(numbers.clauses.self_group(), **options)
    return f"(SELECT CAST(value AS BIGINT) FROM json_array_elements_text{lists})"  # noqa: S608 - a place for a value, no value


@compiles(Texts, "postgresql")
def _texts_on_server(texts: Texts, compiler: sa.sql.compiler.SQLCompiler, **options: Any) -> str:
    lists = compiler.process(texts.clauses.self_group(), **options)
    return f"(SELECT value FROM json_array_elements_text{lists})"  # noqa: S608 - a place for a value, no value


def among(column: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    """Whether a number or a text is one of a list given at the run, of any length."""
    kind = Texts if isinstance(column.type, Words) else Numbers
    return column.bool_op("IN")(kind(sa.bindparam(name, type_=sa.JSON())))


def later_of(column: sa.ColumnElement[Any], new: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The later of what is stored and what is new (null: nothing new): two reasons to wait do not shorten each
    other."""
    return sa.case((sa.or_(new.is_(None), column > new), column), else_=new)
