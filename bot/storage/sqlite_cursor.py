"""One walk to SQLite's thread for each statement.

aiosqlite keeps a thread for each connection, and SQLAlchemy's cursor walks there four times for a statement: to make a cursor, to
execute, to fetch and to close. Here all of it is done in one walk, which halves the time of a turn.
"""

from collections import deque
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy.connectors.asyncio import AsyncAdapt_dbapi_connection, AsyncAdapt_dbapi_cursor
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteExecutionContext_aiosqlite
from sqlalchemy.util import await_only


class OneWalkCursor(AsyncAdapt_dbapi_cursor):
    """A DBAPI cursor that holds the whole result of its last statement."""

    __slots__ = ("_outcome",)

    def __init__(self, adapt_connection: AsyncAdapt_dbapi_connection) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._rows = deque()
        self._outcome: tuple[Any, int, int | None] = (None, -1, None)

    @property
    def description(self) -> Any:
        """The columns of the result; None where the statement gives none."""
        return self._outcome[0]

    @property
    def rowcount(self) -> int:
        """How many rows the statement touched."""
        return self._outcome[1]

    @property
    def lastrowid(self) -> Any:
        """The number of the row inserted last."""
        return self._outcome[2]

    def execute(self, operation: Any, parameters: Any = None) -> None:
        """Execute one statement and fetch all that it gives."""
        self._walk("execute", operation, parameters or ())

    def executemany(self, operation: Any, seq_of_parameters: Any) -> None:
        """Execute one statement for each set of parameters."""
        self._walk("executemany", operation, seq_of_parameters)

    def close(self) -> None:
        """Forget the result; SQLite's own cursor is closed already."""
        self._rows.clear()

    async def _async_soft_close(self) -> None:
        """Nothing is open."""

    def _walk(self, method: str, operation: str, parameters: Sequence[Any]) -> None:
        def work() -> None:
            cursor = self._connection._conn.cursor()
            try:
                getattr(cursor, method)(operation, parameters)
                self._rows = deque(cursor.fetchall() if cursor.description else ())
                self._outcome = (cursor.description, cursor.rowcount, cursor.lastrowid)
            finally:
                cursor.close()

        try:
            await_only(self._connection._execute(work))
        except Exception as error:  # noqa: BLE001 - it raises what SQLAlchemy makes of it
            self._adapt_connection._handle_exception(error)


class OneWalkContext(SQLiteExecutionContext_aiosqlite):
    """Gives statements the cursor above: `engine.dialect.execution_ctx_cls = OneWalkContext`."""

    def create_default_cursor(self) -> Any:
        """A cursor for one statement."""
        return OneWalkCursor(cast("AsyncAdapt_dbapi_connection", self._dbapi_connection.dbapi_connection))
