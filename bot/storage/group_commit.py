"""SQLite's one writer, shared by turns: those that queue up for it are committed together.

SQLite lets one transaction write at a time and flushes the disk at each commit, so turns wait in line. The turns of a line share one
transaction, each behind a savepoint of its own: a turn that fails is rolled back alone, the others are committed at once, and nobody
is told "saved" before that commit has succeeded. A turn that meets no line is a plain transaction.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Connection, Engine, NestedTransaction
from sqlalchemy.util import greenlet_spawn

from bot.domain.repositories import StorageUnavailable
from bot.storage.transaction import Sql, named, open_transaction, whatever_happens

# The first of a group waits for the last, so groups are kept short.
MOST_TOGETHER = 16
QUEUE_SECONDS = 30


class _Group:
    """Turns that share a transaction. `size` is how many have done their work."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.size = 0
        self.over = asyncio.Event()
        self.error: BaseException | None = None


class SharedWriter:
    """Hands the writing connection of a SQLite database to one turn after the other, in the order in which they came."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._group: _Group | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Sql]:
        """A transaction that may write, rolled back at the end unless its work committed it."""
        await self._queue()
        group, savepoint = await self._begin()
        sql = Sql(group.connection, lambda: self._commit(group, savepoint), writes=True)
        try:
            yield sql
        finally:
            if not sql.is_over:
                await whatever_happens(self._abandon(group, savepoint))

    async def _queue(self) -> None:
        self._waiting += 1
        try:
            async with asyncio.timeout(QUEUE_SECONDS):
                await self._turn.acquire()
        except TimeoutError as error:
            raise StorageUnavailable("too many turns are waiting") from error
        finally:
            self._waiting -= 1

    async def _begin(self) -> tuple[_Group, NestedTransaction | None]:
        group = self._group
        try:
            if group is None:
                self._group = group = _Group(await greenlet_spawn(open_transaction, self._engine))
                return group, None
            return group, await greenlet_spawn(group.connection.begin_nested)
        except BaseException as error:
            if group is not None:
                await whatever_happens(self._end(group, error))
            self._turn.release()
            raise (named(error) if isinstance(error, Exception) else error) from error

    async def _commit(self, group: _Group, savepoint: NestedTransaction | None) -> None:
        """This turn's work is done: let those in line join it, or end the line here."""
        await whatever_happens(self._join(group, savepoint))
        await group.over.wait()
        if group.error is not None:
            raise StorageUnavailable("the transaction of this turn could not be committed") from group.error

    async def _join(self, group: _Group, savepoint: NestedTransaction | None) -> None:
        try:
            if savepoint is not None:
                await greenlet_spawn(savepoint.commit)
            group.size += 1
            if not self._waiting or group.size >= MOST_TOGETHER:
                await self._end(group)
        except Exception as error:  # noqa: BLE001 - the whole group hears of it
            await self._end(group, error)
        finally:
            self._turn.release()
        if group.size == 1 and not group.over.is_set():
            async with self._turn:  # behind those who stood in line when the first was done
                await self._end(group)

    async def _abandon(self, group: _Group, savepoint: NestedTransaction | None) -> None:
        """This turn's work is to be forgotten, and nobody else's."""
        try:
            if savepoint is None:
                await self._end(group)
            else:
                await greenlet_spawn(savepoint.rollback)
        except Exception as error:  # noqa: BLE001 - the whole group hears of it
            await self._end(group, error)
        finally:
            self._turn.release()

    async def _end(self, group: _Group, error: BaseException | None = None) -> None:
        """Commit what the group has done, or nothing of it where there was an `error`. Only for who holds the turn."""
        if group.over.is_set():
            return
        self._group = None

        def end() -> None:
            try:
                if error is not None:
                    group.connection.invalidate()  # nobody knows what state it is in
                elif group.size:
                    group.connection.commit()
            finally:
                group.connection.close()

        group.error = error
        try:
            await greenlet_spawn(end)
        except Exception as failure:  # noqa: BLE001 - the whole group hears of it
            group.error = failure
        group.over.set()
