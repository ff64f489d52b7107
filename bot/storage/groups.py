"""The groups that get the week."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.domain.groups import GroupChat
from bot.domain.mailroom import Address
from bot.storage.columns import columns_of
from bot.storage.tables import group_chats
from bot.storage.transaction import Sql

_GROUP = select(*columns_of(group_chats, GroupChat))
_KEY = ["channel", "chat_id"]


class SqlGroupChats:
    """`GroupChats` in tables."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def get(self, address: Address) -> GroupChat | None:
        """The group, where it gets the week."""
        row = await self._sql.row(_GROUP.where(_at(address)))
        return None if row is None else GroupChat(*row)

    async def link(self, group: GroupChat) -> None:
        """Let this group have the week from now on."""
        values = asdict(group)
        rest = {name: value for name, value in values.items() if name not in _KEY}
        linked = upsert(group_chats).values(values)
        await self._sql.change(linked.on_conflict_do_update(index_elements=_KEY, set_=rest))

    async def unlink(self, address: Address) -> None:
        """No week there any more."""
        await self._sql.change(delete(group_chats).where(_at(address)))

    async def weeks_due(self, now: datetime) -> Sequence[GroupChat]:
        """The groups whose `next_week_at` has come, locked until the commit where one writes."""
        due = _GROUP.where(group_chats.c.next_week_at <= now).order_by(*(group_chats.c[name] for name in _KEY))
        locked = due.with_for_update(skip_locked=True) if self._sql.writes else due
        return [GroupChat(*row) for row in await self._sql.rows(locked)]

    async def put_off(self, group: GroupChat, until: datetime) -> None:
        """The next week comes there at `until` (UTC)."""
        await self._sql.change(update(group_chats).where(_at(group.address)).values(next_week_at=until))


def next_group_week() -> Any:
    """The earliest week of a group, as a subquery."""
    return select(func.min(group_chats.c.next_week_at)).scalar_subquery()


def _at(address: Address) -> ColumnElement[bool]:
    return (group_chats.c.channel == address.channel) & (group_chats.c.chat_id == address.chat_id)
