"""SQLite's one writer, shared by turns: those that queue up for it are committed together.

SQLite lets one transaction write at a time and flushes the disk at each commit, so turns wait in line. The turns of a line share one
transaction, each behind a savepoint of its own: a turn that fails is rolled back alone, the others are committed at once, and nobody
is told "saved" before that commit has succeeded. A turn that meets no line is a plain transaction.
"""

import asyncio
from collections import deque
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


class _Line:
    """One at a time, in the order in which they came; who is in a hurry goes before all others."""

    def __init__(self) -> None:
        self._is_taken = False
        self._hurried: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()

    async def acquire(self, *, hurried: bool = False) -> None:
        """Wait until it is one's turn."""
        if not self._is_taken:
            self._is_taken = True
            return
        queue, called = self._hurried if hurried else self._others, asyncio.get_running_loop().create_future()
        queue.append(called)
        try:
            await called
        except asyncio.CancelledError:
            if not called.cancelled():  # called, and gone in the same moment
                self.release()
            raise

    def release(self) -> None:
        """Hand over to the next who still waits."""
        for queue in (self._hurried, self._others):
            while queue:
                called = queue.popleft()
                if not called.done():
                    called.set_result(None)
                    return
        self._is_taken = False


class SharedWriter:
    """Hands the writing connection of a SQLite database to one turn after the other, in the order in which they came. Who is in a
    hurry waits for the turn under way and no other, and the group ends with theirs."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = _Line()
        self._waiting = 0
        self._group: _Group | None = None

    @asynccontextmanager
    async def transaction(self, *, hurried: bool = False) -> AsyncIterator[Sql]:
        """A transaction that may write, rolled back at the end unless its work committed it."""
        await self._queue(hurried=hurried)
        group, savepoint = await self._begin()
        sql = Sql(group.connection, lambda: self._commit(group, savepoint, hurried=hurried), writes=True)
        try:
            yield sql
        finally:
            if not sql.is_over:
                await whatever_happens(self._abandon(group, savepoint))

    async def _queue(self, *, hurried: bool) -> None:
        self._waiting += 1
        try:
            async with asyncio.timeout(QUEUE_SECONDS):
                await self._turn.acquire(hurried=hurried)
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

    async def _commit(self, group: _Group, savepoint: NestedTransaction | None, *, hurried: bool) -> None:
        """This turn's work is done: let those in line join it, or end the line here."""
        await whatever_happens(self._join(group, savepoint, hurried=hurried))
        await group.over.wait()
        if group.error is not None:
            raise StorageUnavailable("the transaction of this turn could not be committed") from group.error

    async def _join(self, group: _Group, savepoint: NestedTransaction | None, *, hurried: bool) -> None:
        try:
            if savepoint is not None:
                await greenlet_spawn(savepoint.commit)
            group.size += 1
            if hurried or not self._waiting or group.size >= MOST_TOGETHER:
                await self._end(group)
        except Exception as error:  # noqa: BLE001 - the whole group hears of it
            await self._end(group, error)
        finally:
            self._turn.release()
        if group.size == 1 and not group.over.is_set():
            await self._turn.acquire()  # behind those who stood in line when the first was done
            try:
                await self._end(group)
            finally:
                self._turn.release()

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
