"""The outbox as owners and managers read it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true, update

from bot.domain.deliveries import CAN_GO_AGAIN, DeliveryLedger, Undelivered, Unreachable, trouble_of
from bot.domain.delivery import DeliveryState
from bot.domain.errors import DomainError, NotFound
from bot.domain.people import Member
from bot.domain.reaching import UNASKED_KEY
from bot.storage.access import led_by, led_team
from bot.storage.tables import group_chats, identities, members, outbox
from bot.storage.transaction import Sql

_to_member = and_(identities.c.channel == outbox.c.channel, identities.c.chat_id == outbox.c.chat_id)
_to_group = and_(group_chats.c.channel == outbox.c.channel, group_chats.c.chat_id == outbox.c.chat_id)
_IS_TROUBLED = outbox.c.state.in_([DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.EXPIRED])
_COUNTED = [state for state in DeliveryState if state is not DeliveryState.CANCELLED]
_UNDELIVERED = (
    outbox.c.id,
    outbox.c.due_at,
    outbox.c.kind,
    outbox.c.state,
    outbox.c.last_error,
    func.coalesce(members.c.name, group_chats.c.title).label("to"),
    identities.c.blocked_at,
    identities.c.member_id,
    outbox.c.dedupe_key.startswith(UNASKED_KEY).label("is_unasked"),
    outbox.c.channel,
)


class SqlDeliveries:
    """`Deliveries` in tables."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def ledger(self, reader: Member, since: datetime, limit: int, offset: int = 0) -> DeliveryLedger:
        """What was due at or after `since`, problems newest first."""
        theirs = and_(_read_by(reader), outbox.c.due_at >= since)
        counted = outbox.c.state.in_(_COUNTED)
        by_state = _addressed(select(outbox.c.state, func.count())).where(counted, theirs).group_by(outbox.c.state)
        counts = {row[0]: row[1] for row in await self._sql.rows(by_state)}
        troubled = _addressed(select(*_UNDELIVERED)).where(theirs, _IS_TROUBLED)
        newest = troubled.order_by(outbox.c.due_at.desc(), outbox.c.id.desc()).limit(limit).offset(offset)
        problems = [_undelivered(row) for row in await self._sql.rows(newest)]
        count = sum(counts.get(state, 0) for state in (*CAN_GO_AGAIN, DeliveryState.EXPIRED))
        blocked = (
            select(members.c.name, func.max(identities.c.blocked_at))
            .join_from(identities, members, members.c.id == identities.c.member_id)
            .where(identities.c.blocked_at.is_not(None), members.c.active, led_by(reader, members.c.id))
            .group_by(members.c.id, members.c.name)
            .order_by(members.c.name, members.c.id)
        )
        unreachable = [Unreachable(*row) for row in await self._sql.rows(blocked)]
        moments: list[Any] = [func.count(outbox.c.received_at), func.count(outbox.c.seen_at)]
        told = _addressed(select(*moments))
        arrived = told.where(theirs, outbox.c.state == DeliveryState.SENT)
        [(received, seen)] = await self._sql.rows(arrived)
        return DeliveryLedger(counts, unreachable, problems, count, received, seen)

    async def send_again(self, reader: Member, delivery_id: int, now: datetime) -> Undelivered:
        """A failed or unknown one is due again, once."""
        this_one = _addressed(select(*_UNDELIVERED)).where(outbox.c.id == delivery_id, _read_by(reader))
        row = await self._sql.row(this_one)
        if row is None:
            raise NotFound
        found = _undelivered(row)
        again = {"state": DeliveryState.DUE, "wake_at": now, "expires_at": None, "owner": ""}
        still = (outbox.c.id == delivery_id, outbox.c.state.in_(CAN_GO_AGAIN))
        if not found.can_go_again or await self._sql.change(update(outbox).where(*still).values(**again)) == 0:
            raise DomainError("not_sent_again")
        return found


def _addressed(statement: Select[Any]) -> Select[Any]:
    """With the member or the group that it goes to."""
    return (
        statement.select_from(outbox)
        .outerjoin(identities, _to_member)
        .outerjoin(members, members.c.id == identities.c.member_id)
        .outerjoin(group_chats, _to_group)
    )


def _read_by(reader: Member) -> ColumnElement[bool]:
    """What goes to those whom the reader leads; nothing goes to who has left."""
    if not (reader.active and reader.manages):
        raise NotFound
    team_id = led_team(reader)
    to_theirs = true() if reader.sees_everyone else or_(members.c.team_id == team_id, group_chats.c.team_id == team_id)
    return and_(to_theirs, or_(members.c.id.is_(None), members.c.active))


def _undelivered(row: Any) -> Undelivered:
    trouble, blocked = trouble_of(row.last_error), row.blocked_at is not None
    whose = (row.to, blocked, row.member_id, bool(row.is_unasked))
    return Undelivered(row.id, row.due_at, row.kind, row.state, trouble, *whose, row.channel)
