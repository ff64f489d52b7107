"""What a person sent that is not yet filed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from bot.domain.errors import DomainError
from bot.domain.mailroom import Address
from bot.storage.tables import drafts
from bot.storage.transaction import Sql

_THIS = (
    drafts.c.id == bindparam("draft_id"),
    drafts.c.channel == bindparam("the_channel"),
    drafts.c.chat_id == bindparam("the_chat"),
)
_KEEP = insert(drafts).returning(drafts.c.id)
_GET = select(drafts.c.data).where(*_THIS)
_DROP = delete(drafts).where(*_THIS)
_DROP_OLD = delete(drafts).where(drafts.c.kept_at < bindparam("moment"))


class SqlDrafts:
    """`Drafts` in tables."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def keep(self, address: Address, data: Mapping[str, Any], now: datetime) -> int:
        """Keep it; its id for the buttons."""
        values = {"channel": address.channel, "chat_id": address.chat_id, "data": dict(data), "kept_at": now}
        draft_id: int = await self._sql.scalar(_KEEP, values)
        return draft_id

    async def get(self, address: Address, draft_id: int) -> dict[str, Any]:
        """What this person sent. Raises DomainError("old_button") when it is filed already, or somebody else's."""
        data: dict[str, Any] | None = await self._sql.scalar(_GET, _this(address, draft_id))
        if data is None:
            raise DomainError("old_button")
        return data

    async def drop(self, address: Address, draft_id: int) -> None:
        """It is filed, or not wanted."""
        await self._sql.change(_DROP, _this(address, draft_id))

    async def drop_all(self, address: Address) -> None:
        """Nothing of this person's waits any more."""
        theirs = (drafts.c.channel == address.channel, drafts.c.chat_id == address.chat_id)
        await self._sql.change(delete(drafts).where(*theirs))

    async def drop_kept_before(self, moment: datetime) -> int:
        """Nobody comes back to those that were kept before `moment` (UTC); returns how many went."""
        return await self._sql.change(_DROP_OLD, {"moment": moment})


def _this(address: Address, draft_id: int) -> dict[str, object]:
    return {"draft_id": draft_id, "the_channel": address.channel, "the_chat": address.chat_id}
