"""Foreign errors stop here: what a driver or SQLAlchemy raises becomes StoreError, its cause kept."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.errors import StoreError

P = ParamSpec("P")
T = TypeVar("T")

# OverflowError and UnicodeError: how sqlite3 refuses a number or a text it cannot bind, before it is a
# database's error. ImportError: the driver of that database is not installed.
KNOWN = (SQLAlchemyError, sqlite3.Error, OSError, OverflowError, UnicodeError, ImportError)


@contextmanager
def translated() -> Iterator[None]:
    """Raise StoreError for what a database, its driver or its file raises; let our own mistakes through."""
    try:
        yield
    except StoreError:
        raise
    except KNOWN as error:
        raise StoreError(_told(error)) from error
    except Exception as error:
        # asyncpg may not be installed, so its classes cannot be named; SQLAlchemy does not wrap them all.
        if type(error).__module__.partition(".")[0] != "asyncpg":
            raise
        raise StoreError(_told(error)) from error


def guarded(method: Callable[P, Awaitable[T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Make a coroutine method raise StoreError for what the database does, and nothing foreign."""

    @functools.wraps(method)
    async def told(*args: P.args, **kwargs: P.kwargs) -> T:
        with translated():
            return await method(*args, **kwargs)

    return told


def _told(error: Exception) -> str:
    # The first line of the driver's own words: SQLAlchemy adds the statement, PostgreSQL the values of the row,
    # and a private feed's address must not reach a log.
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return f"{type(cause).__name__}: {str(cause).partition(chr(10))[0]}"
