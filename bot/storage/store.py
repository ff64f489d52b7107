"""The database, as the rest of the house holds it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.storage.arrivals import SqlArrivals
from bot.storage.engine import Engines
from bot.storage.outbox import SqlLedger
from bot.storage.unit_of_work import SqlUnitOfWork
from bot.storage.vocabulary import KnownCache
from bot.storage.zalo import SqlCharges, SqlTokens


class SqlStore:
    """`Store` in an SQL database. `await migrate()` before the first use, `await close()` at the end."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self.ledger = SqlLedger(engines)
        self.arrivals = SqlArrivals(engines)
        self.tokens = SqlTokens(engines)
        self.charges = SqlCharges(engines)
        self._known = KnownCache()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[SqlUnitOfWork]:
        """A unit of work that may write. Raises StorageUnavailable on entering, inside, or on commit."""
        async with self._engines.writing() as sql:
            yield SqlUnitOfWork(sql, self._known)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[SqlUnitOfWork]:
        """A unit of work that only reads, beside the writers: everything as at one moment."""
        async with self._engines.reading() as sql:
            yield SqlUnitOfWork(sql, self._known)

    async def clean(self) -> bool:
        """Have the database's own files hold no more of what is gone from its tables; False where they are too busy just now."""
        return await self._engines.clean()

    async def migrate(self) -> None:
        """Bring the schema to what this version needs; cheap when it is there. Safe when several instances start at once."""
        from bot.storage.migrations import is_at_head

        if not await is_at_head(self._engines):
            from bot.storage.migrations.run import upgrade

            await upgrade(self._engines.url)

    async def close(self) -> None:
        """Give all connections back."""
        await self._engines.close()


def create_store(database_url: str) -> SqlStore:
    """The store at `sqlite+aiosqlite:///path` or `postgresql+asyncpg://…`. Connects when first used."""
    return SqlStore(Engines(database_url))
