"""Half-finished forms, one a person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.domain.mailroom import Address
from bot.domain.repositories import Question
from bot.storage.columns import columns_of
from bot.storage.tables import questions
from bot.storage.transaction import Sql

_WHOSE = (questions.c.channel == bindparam("the_channel"), questions.c.chat_id == bindparam("the_chat"))
_WAITING = select(*columns_of(questions, Question)).where(*_WHOSE)
_FORGET = delete(questions).where(*_WHOSE)
_INSERT = upsert(questions)
_ASK = _INSERT.on_conflict_do_update(
    index_elements=["channel", "chat_id"],
    set_={name: _INSERT.excluded[name] for name in ("name", "data", "asked_at")},
)


class SqlQuestions:
    """`Questions` in tables."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def waiting(self, address: Address) -> Question | None:
        """The question that waits for this person."""
        row = await self._sql.row(_WAITING, _whose(address))
        return None if row is None else Question(*row)

    async def ask(self, address: Address, name: str, data: Mapping[str, Any], now: datetime) -> None:
        """Let this question wait, in place of any other."""
        where = {"channel": address.channel, "chat_id": address.chat_id}
        await self._sql.change(_ASK, {**where, "name": name, "data": dict(data), "asked_at": now})

    async def forget(self, address: Address) -> None:
        """No question waits any more."""
        await self._sql.change(_FORGET, _whose(address))


def _whose(address: Address) -> dict[str, str]:
    return {"the_channel": address.channel, "the_chat": address.chat_id}
