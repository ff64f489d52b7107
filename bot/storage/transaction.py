"""One transaction as the repositories use it, and what its failures mean.

We speak to SQLAlchemy's engine through `greenlet_spawn` ourselves: its asyncio package would load the whole ORM (8 MB) to do the same.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, CursorResult, Engine, Executable, exc
from sqlalchemy.util import greenlet_spawn

from bot.domain.repositories import StorageUnavailable

Result = TypeVar("Result")
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]

# SQLSTATE classes that mean "later, not wrong": connection, deadlock or serialization, resources, locked, shutdown, system.
_UNAVAILABLE_STATES = ("08", "40", "53", "55", "57", "58")
# "No such table", bad SQL: bugs of ours, not states of affairs. So is writing where one only reads; elsewhere it is a read-only disk.
_SQLITE_ERROR, _SQLITE_READONLY = 1, 8


class Sql:
    """One transaction. Statements go in, whole results come out; what the database cannot do now is StorageUnavailable."""

    def __init__(self, connection: Connection, commit: Callable[[], Awaitable[None]], *, writes: bool) -> None:
        self._connection = connection
        self._commit = commit
        self.writes = writes
        self.on_postgresql = connection.dialect.name == "postgresql"
        self.is_over = False

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
        """Make it all true. The transaction is over then, whether that succeeded or not."""
        self._demand_open()
        self.is_over = True
        try:
            await self._commit()
        except Exception as error:
            raise named(error) from error

    async def run(self, work: Callable[[Connection], Result]) -> Result:
        """Do `work` with the plain connection."""
        self._demand_open()
        try:
            return await greenlet_spawn(work, self._connection)
        except Exception as error:
            raise named(error, writes=self.writes) from error

    def _demand_open(self) -> None:
        if self.is_over:
            raise RuntimeError("this unit of work is over: it was committed before")


@asynccontextmanager
async def transaction(engine: Engine, *, writes: bool) -> AsyncIterator[Sql]:
    """A transaction on a connection of its own, rolled back at the end unless its work committed it."""
    try:
        connection = await greenlet_spawn(open_transaction, engine)
    except Exception as error:
        raise named(error) from error
    try:
        yield Sql(connection, lambda: greenlet_spawn(connection.commit), writes=writes)
    finally:
        await whatever_happens(greenlet_spawn(connection.close))


def open_transaction(engine: Engine) -> Connection:
    """A connection on which a transaction has begun; to be called in a greenlet."""
    connection = engine.connect()
    try:
        connection.begin()
    except BaseException:
        connection.close()
        raise
    return connection


_last_words: set[asyncio.Task[Any]] = set()


async def whatever_happens(work: Coroutine[Any, Any, Result]) -> Result:
    """Do `work` to its end even when whoever waits for it is cancelled."""
    task = asyncio.ensure_future(work)
    _last_words.add(task)  # the loop itself would let it be collected
    task.add_done_callback(_last_words.discard)
    return await asyncio.shield(task)


def named(error: Exception, *, writes: bool = True) -> Exception:
    """`error` as the business knows it: StorageUnavailable, or itself where it is a bug."""
    return StorageUnavailable(type(error).__name__) if _is_unavailable(error, writes) else error


def _is_unavailable(error: Exception, writes: bool) -> bool:
    if isinstance(error, exc.DBAPIError):
        if error.connection_invalidated:
            return True
        cause: Any = error.orig
        if state := getattr(cause, "sqlstate", None):
            return str(state)[:2] in _UNAVAILABLE_STATES
        code = getattr(cause, "sqlite_errorcode", None)
        bugs = (_SQLITE_ERROR,) if writes else (_SQLITE_ERROR, _SQLITE_READONLY)
        return isinstance(error, exc.OperationalError | exc.InterfaceError) and code not in bugs
    return isinstance(error, exc.TimeoutError | OSError)
