"""Column types: how a moment and a text of foreign origin stand in the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Moment(sa.TypeDecorator[datetime]):
    """An aware moment, kept as whole microseconds since 1970 UTC.

    Integers, because SQLite has no type for time and compares its texts only as long as all are written alike.
    Microseconds, because a pace of 28 a second, rounded to milliseconds at each step, would drift to 28.5.
    """

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be stored")
        return (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else EPOCH + value * MICROSECOND


class Moments(sa.TypeDecorator[tuple[datetime, ...]]):
    """A few moments of one owner, never searched in: a JSON list of microseconds since 1970 UTC."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[datetime, ...] | None, dialect: sa.Dialect) -> list[int] | None:
        return None if value is None else [(one - EPOCH) // MICROSECOND for one in value]

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> tuple[datetime, ...] | None:
        return None if value is None else tuple(EPOCH + one * MICROSECOND for one in value)


def storable(text: str) -> str:
    """A text as `Words` keeps it."""
    if "\0" in text:
        text = text.replace("\0", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


class Words(sa.TypeDecorator[str]):
    """A text as the world wrote it, less what a database refuses: NUL and halves of surrogate pairs.

    One such character in one title would otherwise fail every check of its feed for ever.
    """

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else storable(value)


Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""SQLite counts up only what is declared exactly INTEGER PRIMARY KEY."""

Document = sa.JSON(none_as_null=True)
"""A small value we never search in; its serializer escapes whatever is not ASCII."""
