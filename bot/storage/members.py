"""The team: who they are, who they are on each channel, when their digest is due."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, exists, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.domain.errors import NotFound
from bot.domain.mailroom import Address
from bot.domain.people import (
    DEFAULT_DAYS_OFF,
    DEFAULT_DIGEST,
    DEFAULT_QUIET_FROM,
    DEFAULT_QUIET_UNTIL,
    WRITTEN_TO_BY,
    Member,
    Role,
)
from bot.storage.columns import columns_of
from bot.storage.held import HELD
from bot.storage.tables import identities, members, outbox
from bot.storage.transaction import Sql
from bot.storage.vocabulary import SHARED, changed_for

_MEMBER = select(*columns_of(members, Member))
_BY_IDENTITY = (
    _MEMBER.add_columns(identities.c.blocked_at)
    .join(identities, identities.c.member_id == members.c.id)
    .where(identities.c.channel == bindparam("channel"), identities.c.user_id == bindparam("user_id"))
)
# The person's turns wait for each other here, and then read the newest row; SQLite has one writer anyway and renders no lock.
_BY_IDENTITY_LOCKED = _BY_IDENTITY.with_for_update(of=members, key_share=True)
_BY_ID = _MEMBER.where(members.c.id == bindparam("member_id"))
_UPDATE = update(members).where(members.c.id == bindparam("row_id"))
_ADDRESS = (
    select(identities.c.channel, identities.c.chat_id)
    .join(members, members.c.id == identities.c.member_id)
    .where(members.c.id == bindparam("member_id"), members.c.active, identities.c.blocked_at.is_(None))
    .order_by(case({channel: place for place, channel in enumerate(WRITTEN_TO_BY)}, value=identities.c.channel))
    .limit(1)
)


_LEADS = and_(members.c.active.is_(True), members.c.role != Role.REP)


class SqlMembers:
    """`Members` in tables."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def by_identity(self, channel: str, user_id: str) -> Member | None:
        """The member behind a person of a channel. Somebody who writes has not blocked us any more."""
        who = {"channel": channel, "user_id": user_id}
        row = await self._sql.row(_BY_IDENTITY_LOCKED if self._sql.writes else _BY_IDENTITY, who)
        if row is None:
            return None
        if row.blocked_at is not None and self._sql.writes:
            this_one = (identities.c.channel == channel, identities.c.user_id == user_id)
            await self._sql.change(update(identities).where(*this_one).values(blocked_at=None))
        return _member(row[:-1])

    async def get(self, member_id: int) -> Member:
        """A member. Raises NotFound."""
        row = await self._sql.row(_BY_ID, {"member_id": member_id})
        if row is None:
            raise NotFound("member_not_found")
        return _member(row)

    async def everyone(self) -> Sequence[Member]:
        """All active members, by id."""
        rows = await self._sql.rows(_MEMBER.where(members.c.active.is_(True)).order_by(members.c.id))
        return [_member(row) for row in rows]

    async def all_ever(self) -> Sequence[Member]:
        """All members, those who left too: the active first, by name."""
        rows = await self._sql.rows(_MEMBER.order_by(members.c.active.desc(), members.c.name, members.c.id))
        return [_member(row) for row in rows]

    async def owners(self) -> Sequence[Member]:
        """The active owners, locked until the commit."""
        theirs = _MEMBER.where(members.c.active.is_(True), members.c.role == Role.OWNER).order_by(members.c.id)
        return [_member(row) for row in await self._sql.rows(theirs.with_for_update(key_share=True))]

    async def add(
        self,
        name: str,
        role: Role,
        locale: str,
        timezone: str,
        now: datetime,
        *,
        next_digest_at: datetime | None = None,
    ) -> Member:
        """A new active member with the default hours."""
        values: dict[str, Any] = {
            "name": name,
            "role": role,
            "active": True,
            "locale": locale,
            "timezone": timezone,
            "digest_at": DEFAULT_DIGEST,
            "quiet_from": DEFAULT_QUIET_FROM,
            "quiet_until": DEFAULT_QUIET_UNTIL,
            "days_off": DEFAULT_DAYS_OFF,
            "next_digest_at": next_digest_at,
        }
        member_id = await self._sql.scalar(insert(members).returning(members.c.id), {**values, "joined_at": now})
        await changed_for(self._sql, SHARED)
        return Member(id=member_id, **values)

    async def link(self, member_id: int, channel: str, user_id: str, chat_id: str) -> None:
        """This person of a channel is this member, and is written to at `chat_id`."""
        link = {"member_id": member_id, "chat_id": chat_id, "blocked_at": None}
        statement = upsert(identities).values(channel=channel, user_id=user_id, **link)
        await self._sql.change(statement.on_conflict_do_update(index_elements=["channel", "user_id"], set_=link))

    async def update(self, member: Member, **changes: Any) -> Member:
        """The member with fields changed."""
        changed = replace(member, **changes)
        await self._sql.change(_UPDATE, {"row_id": member.id, **changes})
        if changes.keys() & {"name", "active"}:
            await changed_for(self._sql, SHARED)
        return changed

    async def address(self, member_id: int) -> Address | None:
        """Where a member is written to: Telegram before the Zalo bot before Zalo; None when nowhere."""
        row = await self._sql.row(_ADDRESS, {"member_id": member_id})
        return None if row is None else Address(row.channel, row.chat_id)

    async def interacted_at(self, address: Address) -> datetime | None:
        """When whoever is written to here last wrote, tapped or followed; None for never."""
        here = (identities.c.channel == address.channel, identities.c.chat_id == address.chat_id)
        moment: datetime | None = await self._sql.scalar(select(func.max(identities.c.interacted_at)).where(*here))
        return moment

    async def back(self, now: datetime) -> Sequence[tuple[Member, Address]]:
        """Active members who have written since something was kept for them, and where; locked until the commit."""
        theirs = and_(outbox.c.channel == identities.c.channel, outbox.c.chat_id == identities.c.chat_id)
        kept = exists().where(theirs, *HELD, outbox.c.due_at < identities.c.interacted_at)
        them = (
            _MEMBER.add_columns(identities.c.channel, identities.c.chat_id)
            .join(identities, identities.c.member_id == members.c.id)
            .where(members.c.active.is_(True), identities.c.interacted_at <= now, kept)
            .order_by(members.c.id)
        )
        locked = them.with_for_update(of=members, skip_locked=True, key_share=True) if self._sql.writes else them
        return [(_member(row[:-2]), Address(*row[-2:])) for row in await self._sql.rows(locked)]

    async def addresses(self, member_id: int) -> Sequence[Address]:
        """Every private chat of a member, active or not."""
        theirs = select(identities.c.channel, identities.c.chat_id).where(identities.c.member_id == member_id)
        return [Address(*row) for row in await self._sql.rows(theirs)]

    async def digests_due(self, now: datetime, limit: int) -> Sequence[Member]:
        """Active members whose `next_digest_at` has come, locked until the commit; another instance takes the others."""
        due = (
            _MEMBER.where(members.c.active.is_(True), members.c.next_digest_at <= now)
            .order_by(members.c.next_digest_at, members.c.id)
            .limit(limit)
        )
        locked = due.with_for_update(skip_locked=True, key_share=True) if self._sql.writes else due
        return [_member(row) for row in await self._sql.rows(locked)]

    async def weeks_due(self, now: datetime, limit: int) -> Sequence[Member]:
        """Active members who lead others and whose `next_week_at` has come or was never set, locked until the commit; another
        instance takes the others."""
        has_come = or_(members.c.next_week_at <= now, members.c.next_week_at.is_(None))
        due = _MEMBER.where(_LEADS, has_come).order_by(members.c.id).limit(limit)
        locked = due.with_for_update(skip_locked=True, key_share=True) if self._sql.writes else due
        return [_member(row) for row in await self._sql.rows(locked)]


def next_week() -> Any:
    """The earliest week of an active member who leads others, as a subquery."""
    return select(func.min(members.c.next_week_at)).where(_LEADS).scalar_subquery()


def next_digest() -> Any:
    """The earliest digest of an active member, as a subquery."""
    return select(func.min(members.c.next_digest_at)).where(members.c.active.is_(True)).scalar_subquery()


def _member(values: Sequence[Any]) -> Member:
    return Member(*values)
