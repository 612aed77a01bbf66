"""The tables: what the migrations make is what the program expects."""

from __future__ import annotations

import asyncio
import logging
import re
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.errors import SchemaTooNew, StoreError
from bot.store import SqlStore, migrate
from bot.store.database import Database
from bot.store.schema import HEAD, MIGRATIONS, revise
from bot.store.tables import metadata
from tests.store.town import ANNA


async def on_connection(store: SqlStore, question: Callable[[sa.Connection], Any]) -> Any:
    async with store.transaction() as tx:
        return await tx._connection.run_sync(question)


async def revised(url: str) -> None:
    """Bring an empty database to today's schema by every revision there ever was."""
    database = Database(url)
    async with database.gate, database.writer.begin() as connection:
        await connection.run_sync(revise)
    await database.close()


async def test_the_revisions_make_the_tables_of_the_program(tmp_path: Path) -> None:
    def differences(connection: sa.Connection) -> Any:
        options = {"compare_type": True, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    address = f"sqlite:///{tmp_path / 'feedbell.db'}"
    await revised(address)
    async with SqlStore(address) as store:
        assert await on_connection(store, differences) == []


async def test_on_sqlite_they_are_equal_word_for_word(tmp_path: Path) -> None:
    """AUTOINCREMENT, WITHOUT ROWID and the conditions of partial indexes are seen by no comparison of Alembic's."""
    by_revisions, at_once = tmp_path / "revised.db", tmp_path / "fresh.db"
    await revised(f"sqlite:///{by_revisions}")
    await migrate(f"sqlite:///{at_once}")
    assert definitions(by_revisions) == definitions(at_once)


def definitions(path: Path) -> dict[str, list[str]]:
    """Each table and index by name: its clauses, sorted, since the order of constraints is of no account."""
    database = sqlite3.connect(path)
    rows = database.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    database.close()
    return {name: clauses(sql) for name, sql in rows if name != "alembic_version"}


def clauses(sql: str) -> list[str]:
    table = re.fullmatch(r"(CREATE TABLE \w+) \((.*)\)(.*)", " ".join(sql.split()))
    if table is None:
        return [" ".join(sql.split())]
    head, body, tail = table.groups()
    return [head, *sorted(part.strip() for part in re.split(r",(?= ?CONSTRAINT)", body)), tail]


def test_the_revisions_stand_in_one_line_that_ends_where_the_program_says() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [HEAD]
    assert all(not script.is_branch_point for script in scripts.walk_revisions())


async def test_migrating_twice_changes_nothing_and_keeps_what_is_there(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'feedbell.db'}"
    async with SqlStore(url) as store, store.transaction() as tx:
        await tx.save_chat(ANNA)
    await migrate(url)
    await migrate(url)
    async with SqlStore(url) as store:
        assert await store.chat(ANNA.id) == ANNA


async def test_a_start_on_an_up_to_date_database_does_not_load_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'feedbell.db'}"
    await migrate(url)
    program = f"""
import asyncio, sys
from bot.store import migrate
asyncio.run(migrate({url!r}))
print(sorted({{"alembic", "asyncpg"}} & sys.modules.keys()))
"""
    ran = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    output, _ = await ran.communicate()
    assert output == b"[]\n"


async def test_a_database_of_a_newer_feedbell_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "feedbell.db"
    await migrate(f"sqlite:///{path}")
    database = sqlite3.connect(path)
    database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.commit()
    before = definitions(path)
    with pytest.raises(SchemaTooNew, match="9999"):
        await migrate(f"sqlite:///{path}")
    assert definitions(path) == before
    assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]
    database.close()


async def test_a_migration_that_fails_leaves_nothing_half_done(tmp_path: Path) -> None:
    path = tmp_path / "feedbell.db"
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE paces (somebody_elses INTEGER)")
    database.commit()
    database.close()
    with pytest.raises(StoreError, match="paces"):
        await migrate(f"sqlite:///{path}")
    assert definitions(path) == {"paces": ["CREATE TABLE paces", "somebody_elses INTEGER", ""]}


async def test_migrations_leave_logging_as_it_is(tmp_path: Path) -> None:
    """Alembic's own template would set it up anew and silence every logger there is."""
    root, ours = logging.getLogger(), logging.getLogger("feedbell.test")
    before = (root.level, list(root.handlers), ours.disabled)
    await migrate(f"sqlite:///{tmp_path / 'feedbell.db'}")
    assert (root.level, list(root.handlers), ours.disabled) == before


async def test_a_path_with_a_percent_sign_is_a_path(tmp_path: Path) -> None:
    (tmp_path / "100%").mkdir()
    await migrate(f"sqlite:///{tmp_path / '100%' / 'feedbell.db'}")
    assert (tmp_path / "100%" / "feedbell.db").exists()


async def test_sqlite_is_set_up_for_one_writer_and_many_readers(tmp_path: Path) -> None:
    async with SqlStore(f"sqlite:///{tmp_path / 'feedbell.db'}") as store:

        def pragmas(connection: sa.Connection) -> dict[str, Any]:
            names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "wal_autocheckpoint")
            return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}

        assert await on_connection(store, pragmas) == {
            "journal_mode": "wal",
            "synchronous": 1,  # NORMAL
            "foreign_keys": 1,
            "busy_timeout": 0,  # in the loop; a thread waits, see test_one_trip
            "wal_autocheckpoint": 0,
        }


async def test_a_store_kept_nowhere_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    async with SqlStore("sqlite://"), SqlStore("sqlite://") as second:
        async with second.transaction() as tx:
            await tx.save_chat(ANNA)
        assert len(contents(tmp_path)) == 2
    assert contents(tmp_path) == []


def contents(directory: Path) -> list[Path]:
    return list(directory.iterdir())
