"""Engines for SQLite and PostgreSQL."""

import asyncio
import logging
import sqlite3
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import await_only, greenlet_spawn

from bot.storage.group_commit import QUEUE_SECONDS, SharedWriter
from bot.storage.sqlite_cursor import OneWalkContext
from bot.storage.transaction import Sql, transaction

# It writes every statement with its values into the debug log, and customers' names and phones do not belong there.
logging.getLogger("aiosqlite").setLevel(logging.WARNING)

# How long a turn waits for a lock before the person is told that nothing was saved.
PATIENCE_SECONDS = 5
READERS = 4
BEGIN_READING, BEGIN_WRITING = "BEGIN", "BEGIN IMMEDIATE"
_MOMENT = 0.05
WRITERS_ON_POSTGRESQL = 10
_MERGE_SEARCH = "INSERT INTO customers_search (customers_search) VALUES ('optimize')"


class Engines:
    """The connections of one process: those that write, and a few beside them that only read."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._writers = writer_engine(url)
        self._readers = reader_engine(url)
        self._hurried_writers = None if _is_sqlite(url) else _postgresql(make_url(url), 1, {})
        self._shared_writer = SharedWriter(self._writers) if _is_sqlite(url) else None

    def writing(self) -> AbstractAsyncContextManager[Sql]:
        """A transaction that may write."""
        return self._shared_writer.transaction() if self._shared_writer else transaction(self._writers, writes=True)

    def hurried(self) -> AbstractAsyncContextManager[Sql]:
        """A short transaction that writes, and that does not wait behind all the others: on SQLite it goes before them, on PostgreSQL
        it has a connection of its own, which is one."""
        if self._shared_writer:
            return self._shared_writer.transaction(hurried=True)
        return transaction(self._hurried_writers or self._writers, writes=True)

    def reading(self) -> AbstractAsyncContextManager[Sql]:
        """A transaction that sees one moment of the database and cannot write."""
        return transaction(self._readers, writes=False)

    async def clean(self) -> bool:
        """Have the files hold no more of what is gone from the tables; False where somebody still reads what was there before.

        SQLite overwrites what is deleted (`secure_delete`), but its log and the index of search keep older states: the one is written
        back and emptied, the other written anew. PostgreSQL's own VACUUM does it in its time.
        """
        if self._shared_writer is None:
            return True
        async with self.writing() as sql:
            await sql.run(lambda connection: connection.exec_driver_sql(_MERGE_SEARCH))
            await sql.commit()
        return await greenlet_spawn(_empty_log, self._readers)

    async def close(self) -> None:
        """Close all connections."""
        await greenlet_spawn(self._writers.dispose)
        await greenlet_spawn(self._readers.dispose)
        if self._hurried_writers:
            await greenlet_spawn(self._hurried_writers.dispose)


def writer_engine(url: str) -> Engine:
    """For units of work that write: one connection on SQLite, a few on PostgreSQL."""
    return (
        _sqlite(make_url(url), BEGIN_WRITING, 1)
        if _is_sqlite(url)
        else _postgresql(make_url(url), WRITERS_ON_POSTGRESQL, {})
    )


def reader_engine(url: str) -> Engine:
    """For units of work that only read, each seeing one moment of the database; writing on it is an error."""
    if _is_sqlite(url):
        return _sqlite(make_url(url), BEGIN_READING, READERS, "PRAGMA query_only=ON")
    read_only = {"default_transaction_read_only": "on", "default_transaction_isolation": "repeatable read"}
    return _postgresql(make_url(url), READERS, read_only)


def migration_engine(url: str) -> Engine:
    """For migrations: on SQLite without foreign keys, which would delete the children of a table that is rebuilt."""
    if _is_sqlite(url):
        return _sqlite(make_url(url), BEGIN_WRITING, 1, "PRAGMA foreign_keys=OFF")
    return _postgresql(make_url(url), 1, {"lock_timeout": "0"})


def _empty_log(engine: Engine) -> bool:
    """Write SQLite's log back into its file and empty it: no transaction may be open on the connection."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        ((is_busy, _, _),) = cursor.fetchall()
        cursor.close()
    finally:
        connection.close()
    return not is_busy


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
        pool_timeout=QUEUE_SECONDS,
        pool_reset_on_return=None,  # every transaction is ended where it was begun
        hide_parameters=True,
        # Python's sqlite3 would begin transactions itself, deferred and late: concurrent updates were lost silently.
        connect_args={"isolation_level": None, "timeout": PATIENCE_SECONDS},
    )
    engine.dialect.execution_ctx_cls = OneWalkContext

    @event.listens_for(engine, "connect")
    def prepare(dbapi_connection: Any, _record: object) -> None:
        cursor = dbapi_connection.cursor()
        for pragma in ("PRAGMA foreign_keys=ON", "PRAGMA synchronous=FULL", "PRAGMA secure_delete=ON", *more_pragmas):
            cursor.execute(pragma)
        if begin == BEGIN_WRITING:
            _use_wal(cursor)
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _use_wal(cursor: Any) -> None:
    """Let readers work beside the writer. The file remembers it; while it is being changed, SQLite waits for nobody, so we do."""
    for _ in range(int(PATIENCE_SECONDS / _MOMENT)):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            await_only(asyncio.sleep(_MOMENT))
    cursor.execute("PRAGMA journal_mode=WAL")


def _postgresql(url: URL, connections: int, settings: Mapping[str, str]) -> Engine:
    patience = f"{PATIENCE_SECONDS}s"
    return create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=QUEUE_SECONDS,
        hide_parameters=True,
        connect_args={
            "timeout": PATIENCE_SECONDS,
            "server_settings": {
                "application_name": "chamkhach",
                "timezone": "UTC",
                "jit": "off",
                # a plan made for any search text is made for none: it would read the whole table
                "plan_cache_mode": "force_custom_plan",
                "lock_timeout": patience,
                # a frozen instance must not hold the locks of its turn for ever
                "idle_in_transaction_session_timeout": "60s",
                **settings,
            },
        },
    )
