"""Engines for SQLite and PostgreSQL, and one transaction on them as the repositories use it.

We speak to SQLAlchemy's engine through `greenlet_spawn` ourselves: its asyncio package would load the whole ORM (8 MB) to do the same.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import URL, Connection, CursorResult, Engine, Executable, create_engine, event, exc, make_url
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import greenlet_spawn

from bot.domain.repositories import StorageUnavailable

Result = TypeVar("Result")
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]

# How long a turn waits for a lock or a connection before the person is told that nothing was saved.
PATIENCE_SECONDS = 5
READERS = 4
WRITERS_ON_POSTGRESQL = 10

# SQLSTATE classes that mean "later, not wrong": connection, deadlock or serialization, resources, locked, shutdown, system.
_UNAVAILABLE_STATES = ("08", "40", "53", "55", "57", "58")
_SQLITE_ERROR = 1  # "no such table", bad SQL: a bug of ours, not a state of affairs


class Sql:
    """One transaction. Statements go in, whole results come out; what the database cannot do now is StorageUnavailable."""

    def __init__(self, connection: Connection, *, writes: bool) -> None:
        self._connection = connection
        self.writes = writes
        self.on_postgresql = connection.dialect.name == "postgresql"

    async def rows(self, statement: Executable, parameters: Parameters | None = None) -> Sequence[Any]:
        """All rows that the statement gives."""
        return await self.run(lambda c: c.execute(statement, parameters).all())

    async def row(self, statement: Executable, parameters: Parameters | None = None) -> Any:
        """The first row, None where there is none."""
        return await self.run(lambda c: c.execute(statement, parameters).first())

    async def scalar(self, statement: Executable, parameters: Parameters | None = None) -> Any:
        """The first column of the first row, None where there is none."""
        return await self.run(lambda c: c.execute(statement, parameters).scalar())

    async def change(self, statement: Executable, parameters: Parameters | None = None) -> int:
        """Execute, and say how many rows it touched."""
        return await self.run(lambda c: cast("CursorResult[Any]", c.execute(statement, parameters)).rowcount)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """What happens inside is undone by itself when it raises; the rest of the transaction stands."""
        savepoint = await self.run(lambda c: c.begin_nested())
        try:
            yield
        except BaseException:
            await self.run(lambda _: savepoint.rollback())
            raise
        await self.run(lambda _: savepoint.commit())

    async def commit(self) -> None:
        """Make it all true."""
        await self.run(lambda c: c.commit())

    async def run(self, work: Callable[[Connection], Result]) -> Result:
        """Do `work` with the plain connection."""
        try:
            return await greenlet_spawn(work, self._connection)
        except Exception as error:
            raise _named(error) from error


class Engines:
    """The connections of one process: those that write, and a few beside them that only read."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._writers = writer_engine(url)
        self._readers = reader_engine(url)

    def writing(self) -> AbstractAsyncContextManager[Sql]:
        """A transaction that may write."""
        return transaction(self._writers, writes=True)

    def reading(self) -> AbstractAsyncContextManager[Sql]:
        """A transaction that sees one moment of the database and cannot write."""
        return transaction(self._readers, writes=False)

    async def close(self) -> None:
        """Close all connections."""
        await greenlet_spawn(self._writers.dispose)
        await greenlet_spawn(self._readers.dispose)


def writer_engine(url: str) -> Engine:
    """For units of work that write: one connection on SQLite, in the order asked for; a few on PostgreSQL."""
    return (
        _sqlite(make_url(url), "BEGIN IMMEDIATE", 1)
        if _is_sqlite(url)
        else _postgresql(make_url(url), WRITERS_ON_POSTGRESQL, {})
    )


def reader_engine(url: str) -> Engine:
    """For units of work that only read, each seeing one moment of the database; writing on it is an error."""
    if _is_sqlite(url):
        return _sqlite(make_url(url), "BEGIN", READERS, "PRAGMA query_only=ON")
    read_only = {"default_transaction_read_only": "on", "default_transaction_isolation": "repeatable read"}
    return _postgresql(make_url(url), READERS, read_only)


def migration_engine(url: str) -> Engine:
    """For migrations: on SQLite without foreign keys, which would delete the children of a table that is rebuilt."""
    if _is_sqlite(url):
        return _sqlite(make_url(url), "BEGIN IMMEDIATE", 1, "PRAGMA foreign_keys=OFF")
    return _postgresql(make_url(url), 1, {"lock_timeout": "0"})


def _is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def _sqlite(url: URL, begin: str, connections: int, *more_pragmas: str) -> Engine:
    if not url.database or url.database == ":memory:":
        raise ValueError("SQLite needs a file: sqlite+aiosqlite:///path/to/file.db")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=PATIENCE_SECONDS,
        # Python's sqlite3 would begin transactions itself, deferred and late: concurrent updates were lost silently.
        connect_args={"isolation_level": None, "timeout": PATIENCE_SECONDS},
    )
    pragmas = ("PRAGMA journal_mode=WAL", "PRAGMA foreign_keys=ON", "PRAGMA synchronous=FULL", *more_pragmas)

    @event.listens_for(engine, "connect")
    def prepare(dbapi_connection: Any, _record: object) -> None:
        cursor = dbapi_connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgresql(url: URL, connections: int, settings: Mapping[str, str]) -> Engine:
    patience = f"{PATIENCE_SECONDS}s"
    return create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=PATIENCE_SECONDS,
        connect_args={
            "timeout": PATIENCE_SECONDS,
            "server_settings": {
                "application_name": "chamkhach",
                "timezone": "UTC",
                "jit": "off",
                "lock_timeout": patience,
                # a frozen instance must not hold the locks of its turn for ever
                "idle_in_transaction_session_timeout": "60s",
                **settings,
            },
        },
    )


@asynccontextmanager
async def transaction(engine: Engine, *, writes: bool) -> AsyncIterator[Sql]:
    """A transaction that is rolled back at the end unless its work committed it."""

    def open_transaction() -> Connection:
        connection = engine.connect()
        try:
            connection.begin()
        except BaseException:
            connection.close()
            raise
        return connection

    try:
        connection = await greenlet_spawn(open_transaction)
    except Exception as error:
        raise _named(error) from error
    try:
        yield Sql(connection, writes=writes)
    finally:
        # a cancelled turn must still give its connection back
        await asyncio.shield(asyncio.ensure_future(greenlet_spawn(connection.close)))


def _named(error: Exception) -> Exception:
    """`error` as the business knows it: StorageUnavailable, or itself where it is a bug."""
    return StorageUnavailable(type(error).__name__) if _is_unavailable(error) else error


def _is_unavailable(error: Exception) -> bool:
    if isinstance(error, exc.DBAPIError):
        if error.connection_invalidated:
            return True
        cause: Any = error.orig
        if state := getattr(cause, "sqlstate", None):
            return str(state)[:2] in _UNAVAILABLE_STATES
        code = getattr(cause, "sqlite_errorcode", None)
        return isinstance(error, exc.OperationalError | exc.InterfaceError) and code != _SQLITE_ERROR
    return isinstance(error, exc.TimeoutError | OSError)
