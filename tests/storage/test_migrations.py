"""The schema: what the migrations build is what the queries are written for, and no death midway harms it (R15)."""

import asyncio
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, select

from bot.domain.timeline import InteractionKind
from bot.storage import migrations
from bot.storage.engine import Engines
from bot.storage.migrations.run import SCRIPTS, upgrade
from bot.storage.store import SqlStore, create_store
from bot.storage.tables import metadata
from tests.databases import PostgresServer
from tests.storage.team import NOW, customer, member

_numbers = count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """DATABASE_URL of a database without a schema."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/data/new.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"empty_{next(_numbers)}"
    server.execute(f"CREATE DATABASE {name}")
    yield server.url(name)
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_the_newest_revision_is_the_one_that_starts_look_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    assert ScriptDirectory.from_config(config).get_current_head() == migrations.HEAD


async def test_migrations_build_the_tables_that_the_queries_are_written_for(database_url: str) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": False, "include_name": _is_ours})
        return list(compare_metadata(context, metadata))

    engines = Engines(database_url)
    async with engines.reading() as sql:
        assert await sql.run(differences) == []
    await engines.close()


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """All but the search index, which each database has in a form of its own."""
    return not (kind in ("table", "index") and (name or "").startswith("customers_search"))


async def test_a_schema_that_is_there_costs_one_query_and_no_alembic(database_url: str) -> None:
    script = (
        "import asyncio, sys\n"
        "from bot.storage.store import create_store\n"
        "async def main():\n"
        f"    store = create_store({database_url!r})\n"
        "    await store.migrate()\n"
        "    await store.close()\n"
        "asyncio.run(main())\n"
        "print('alembic' in sys.modules, 'sqlalchemy.orm' in sys.modules, 'sqlalchemy.ext.asyncio' in sys.modules)\n"
    )
    ran = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["False", "False", "False"]


async def test_instances_that_start_at_once_migrate_once(empty_url: str) -> None:
    stores = [create_store(empty_url) for _ in range(4)]
    await asyncio.gather(*(store.migrate() for store in stores))
    await member(stores[0])
    for store in stores:
        async with store.read() as uow:
            assert len(await uow.members.everyone()) == 1
        await store.close()


_DIE_AT_STATEMENT = """
import asyncio, os, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from bot.storage.store import create_store

left = int(sys.argv[2])

@event.listens_for(Engine, "before_cursor_execute")
def die(connection, cursor, statement, *_):
    global left
    left -= 1
    if left == 0:
        os._exit(9)

store = create_store(sys.argv[1])
asyncio.run(store.migrate())
"""


@pytest.mark.parametrize("statement", [5, 20, 38])
async def test_a_migration_killed_midway_leaves_nothing_and_starts_again(empty_url: str, statement: int) -> None:
    killed = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", _DIE_AT_STATEMENT, empty_url, str(statement)], check=False
    )
    assert killed.returncode == 9
    store = create_store(empty_url)
    await store.migrate()
    rep = await member(store)
    await customer(store, rep, "Lan")
    await store.close()


_REBUILDS_CUSTOMERS = """
import sqlalchemy as sa
from alembic import op
revision = "9999"
down_revision = "{head}"
def upgrade() -> None:
    with op.batch_alter_table("customers", recreate="auto") as batch:
        batch.add_column(sa.Column("nickname", sa.Text))
        batch.alter_column("honorific", new_column_name="title")
    {more}
"""


def _scripts_with(tmp_path: Path, more: str = "pass") -> Path:
    scripts = tmp_path / "scripts"
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "9999_rebuild.py").write_text(_REBUILDS_CUSTOMERS.format(head=migrations.HEAD, more=more))
    return scripts


async def _filled(store: SqlStore) -> dict[str, int]:
    rep = await member(store)
    for number in range(20):
        lan = await customer(store, rep, f"Khách {number}", f"+849123456{number:02}")
        async with store.begin() as uow:
            await uow.timeline.add(rep, lan.id, InteractionKind.NOTE, "ghi", NOW)
            await uow.commit()
    return await _counts(store)


async def _counts(store: SqlStore) -> dict[str, int]:
    tables = ("members", "customers", "customer_phones", "interactions")
    async with store._engines.reading() as sql:
        return {name: len(await sql.rows(select(metadata.tables[name].c[0]))) for name in tables}


async def test_rebuilding_a_table_keeps_the_rows_that_refer_to_it(own_database_url: str, tmp_path: Path) -> None:
    store = create_store(own_database_url)
    before = await _filled(store)
    assert before["customer_phones"] == 20
    await upgrade(own_database_url, _scripts_with(tmp_path))
    assert await _counts(store) == before
    await store.close()


async def test_a_migration_that_breaks_references_changes_nothing(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "broken.db"
    shutil.copyfile(sqlite_template, path)
    url = f"sqlite+aiosqlite:///{path}"
    store = create_store(url)
    before = await _filled(store)
    with pytest.raises(RuntimeError, match="refer to nothing"):
        await upgrade(url, _scripts_with(tmp_path, 'op.execute("DELETE FROM customers WHERE id < 5")'))
    assert await _counts(store) == before
    await store.close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(migrations.HEAD,)]
    connection.close()
