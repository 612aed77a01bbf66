"""Bring a database's tables up to date, by the revisions in `migrations`."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from bot.errors import SchemaTooNew
from bot.store.database import Database
from bot.store.tables import metadata

HEAD = "0001"
"""The newest revision. Written here too, so that a start on an up-to-date database need not load Alembic (a
quarter of a second on a small machine); a test compares."""
MIGRATIONS = Path(__file__).with_name("migrations")

VERSION = sa.table("alembic_version", sa.column("version_num", sa.Text))


async def bring_up_to_date(database: Database) -> None:
    """Run the missing revisions, all in one transaction or none.

    Raises:
        SchemaTooNew: the database has a revision that this program does not know.
    """
    async with database.gate, database.writer.begin() as connection:
        if await connection.run_sync(_revision) != HEAD:
            await connection.run_sync(_upgrade)


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table(VERSION.name):
        return None
    return connection.execute(sa.select(VERSION.c.version_num)).scalar()


def _upgrade(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        # Two processes may start at once; SQLite's BEGIN IMMEDIATE already lets one wait for the other.
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(7_310_000_001)))
    if sa.inspect(connection).get_table_names():
        revise(connection)
    else:
        _create(connection)


def _create(connection: sa.Connection) -> None:
    """An empty database gets the tables as they are today: Alembic would cost its process 7 MB for good."""
    metadata.create_all(connection)
    versions = sa.Table(
        VERSION.name, sa.MetaData(), sa.Column("version_num", sa.String(32), primary_key=True)
    )
    versions.create(connection)
    connection.execute(versions.insert(), {"version_num": HEAD})


def revise(connection: sa.Connection) -> None:
    """Run the revisions that the database lacks.

    Raises:
        SchemaTooNew: it has one that this program does not know.
    """
    # Imported when needed: see HEAD.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": connection})
    # `%` would be read as the start of an interpolation.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    stored = _revision(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if stored is not None and stored not in known:
        raise SchemaTooNew(f"the database is at revision {stored!r}, which this Feedbell does not know")
    command.upgrade(config, "head")
