"""What has been taken in, recorded in the transaction that does the work."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert as upsert

from bot.storage.tables import inbox
from bot.storage.transaction import Sql

_TAKE = upsert(inbox).on_conflict_do_nothing().returning(inbox.c.update_id)


class SqlInbox:
    """`Inbox` in tables."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def take(self, channel: str, update_id: str, now: datetime) -> bool:
        """Record this update; False when it was taken before. On PostgreSQL a twin in flight is waited for."""
        return await self._sql.row(_TAKE, {"channel": channel, "update_id": update_id, "taken_at": now}) is not None
