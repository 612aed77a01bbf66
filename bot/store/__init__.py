"""Where everything is kept: SQLAlchemy Core tables, Alembic migrations, the Store.

SQLite for one process, PostgreSQL for many, one schema and one code for both. All outside this room is a
`bot.ports.Store`; nothing of SQLAlchemy leaves it.
"""

from bot.store.store import SqlStore, migrate

__all__ = ["SqlStore", "migrate"]
