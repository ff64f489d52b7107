"""Who has how many customers, and all of them going to somebody else, a batch at a time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, or_, select, update

from bot.domain.customers import Customer
from bot.domain.errors import DomainError, NotFound
from bot.domain.followups import FollowUp, FollowUpState
from bot.domain.handovers import Handover, Holding, pushed_again
from bot.domain.mailroom import Address
from bot.domain.people import Member
from bot.domain.timeline import InteractionKind
from bot.storage.access import visible_to
from bot.storage.columns import columns_of
from bot.storage.customers import CUSTOMER_COLUMNS
from bot.storage.outbox import SqlOutbox
from bot.storage.tables import customers, followups, handover_customers, handovers, interactions, members
from bot.storage.transaction import Sql
from bot.storage.vocabulary import gone_over

_HANDOVER = select(*columns_of(handovers, Handover))
_MEMBER = columns_of(members, Member)
_IS_OPEN = followups.c.state == FollowUpState.OPEN
_UNFINISHED = handovers.c.finished_at.is_(None)


class SqlHandovers:
    """`Handovers` in tables."""

    def __init__(self, sql: Sql, outbox: SqlOutbox) -> None:
        self._sql = sql
        self._outbox = outbox

    # What members have in hand ----------------------------------------------------------------------------------------

    async def holdings(self, actor: Member) -> Sequence[Holding]:
        """What each member whom the actor leads has in hand, most customers first."""
        held = select(customers.c.owner_id, func.count().label("count")).group_by(customers.c.owner_id).subquery()
        promised = (
            select(followups.c.member_id, func.count().label("count"))
            .where(_IS_OPEN)
            .group_by(followups.c.member_id)
            .subquery()
        )
        counted = (
            select(*_MEMBER, func.coalesce(held.c.count, 0), func.coalesce(promised.c.count, 0))
            .outerjoin(held, held.c.owner_id == members.c.id)
            .outerjoin(promised, promised.c.member_id == members.c.id)
            .where(or_(members.c.active.is_(True), held.c.count > 0, promised.c.count > 0))
        )
        split = len(_MEMBER)
        everyone = [Holding(Member(*row[:split]), *row[split:]) for row in await self._sql.rows(counted)]
        led = [holding for holding in everyone if actor.leads(holding.member)]
        return sorted(led, key=lambda holding: (-holding.customers, holding.member.name, holding.member.id))

    async def holding(self, actor: Member, member_id: int, today: date) -> Holding:
        """What one of them has in hand. Raises NotFound when the actor does not lead them."""
        row = await self._sql.row(select(*_MEMBER).where(members.c.id == member_id))
        if row is None or not actor.leads(member := Member(*row)):
            raise NotFound("member_not_found")
        held = await self._sql.scalar(select(func.count()).where(customers.c.owner_id == member_id))
        overdue = func.count().filter(followups.c.due_on < today)
        promised = await self._sql.row(select(func.count(), overdue).where(_IS_OPEN, self._concerns(member_id)))
        return Holding(member, held, *promised)

    def _concerns(self, member_id: int) -> ColumnElement[bool]:
        """Follow-ups about the member's customers, and what the member promised to others'."""
        owned = select(customers.c.id).where(customers.c.owner_id == member_id)
        return or_(followups.c.member_id == member_id, followups.c.customer_id.in_(owned))

    async def loads(self, stages: Collection[str]) -> Mapping[int, int]:
        """How many customers at one of these steps each member has."""
        counted = select(customers.c.owner_id, func.count()).where(customers.c.stage.in_(stages))
        return dict(map(tuple, await self._sql.rows(counted.group_by(customers.c.owner_id))))

    # Hand-overs -------------------------------------------------------------------------------------------------------

    async def start(
        self, by: Member, giver: Holding, receiver: Member, at: Address, ref: str, now: datetime
    ) -> Handover:
        """Begin a hand-over, unless its message began one before, or another one would get into its way."""
        both = (giver.member.id, receiver.id)
        await self._sql.rows(
            select(members.c.id).where(members.c.id.in_(both)).order_by(members.c.id).with_for_update()
        )
        same_message = (
            handovers.c.channel == at.channel,
            handovers.c.chat_id == at.chat_id,
            handovers.c.message_ref == ref,
        )
        if ref and (row := await self._sql.row(_HANDOVER.where(*same_message))):
            return Handover(*row)
        in_the_way = or_(handovers.c.from_id.in_(both), handovers.c.to_id == giver.member.id)
        if await self._sql.row(select(handovers.c.id).where(_UNFINISHED, in_the_way)):
            raise DomainError("handover_running")
        values: dict[str, Any] = {
            "from_id": giver.member.id,
            "to_id": receiver.id,
            "by_id": by.id,
            "started_at": now,
            "finished_at": None,
            "total": giver.customers,
            "moved": 0,
            "followups": 0,
            "channel": at.channel,
            "chat_id": at.chat_id,
            "message_ref": ref,
        }
        return Handover(id=await self._sql.scalar(insert(handovers).returning(handovers.c.id), values), **values)

    async def get(self, handover_id: int) -> Handover:
        """A hand-over: counts and who it concerns, no customer. Raises NotFound."""
        row = await self._sql.row(_HANDOVER.where(handovers.c.id == handover_id))
        if row is None:
            raise NotFound("not_found")
        return Handover(*row)

    async def under_way(self) -> Handover | None:
        """An unfinished hand-over, locked until the commit; another instance takes another one."""
        oldest = _HANDOVER.where(_UNFINISHED).order_by(handovers.c.id).limit(1)
        row = await self._sql.row(oldest.with_for_update(skip_locked=True) if self._sql.writes else oldest)
        return None if row is None else Handover(*row)

    async def move_some(self, handover: Handover, most: int, entry: str, now: datetime) -> Handover:
        """Give at most `most` customers with all that is open about them to the receiver; then what the giver promised to others'
        customers goes to whoever has these."""
        ids = await self._some_customers(handover, most)
        if not ids:
            return await self._note(handover, 0, await self._move_strays(handover, most))
        moved = await self._move_followups(ids, handover.to_id)
        await self._sql.change(update(customers).where(customers.c.id.in_(ids)).values(owner_id=handover.to_id))
        await gone_over(self._sql, ids, handover.from_id, handover.to_id)
        kept = {"member_id": handover.by_id, "kind": InteractionKind.CHANGE, "text": entry, "at": now, "details": {}}
        await self._sql.change(insert(interactions), [{"customer_id": number, **kept} for number in ids])
        await self._list(handover, ids)
        return await self._note(handover, len(ids), moved)

    async def _some_customers(self, handover: Handover, most: int) -> list[int]:
        """Customers whom nobody is just changing: those come with a later batch."""
        theirs = select(customers.c.id).where(customers.c.owner_id == handover.from_id).limit(most)
        return sorted(row.id for row in await self._sql.rows(theirs.with_for_update(skip_locked=True)))

    async def _move_followups(self, customer_ids: Collection[int], to_id: int) -> int:
        """All that is open about these customers; a push that the old member has not got yet comes to the new one."""
        about_them = (followups.c.customer_id.in_(customer_ids), _IS_OPEN)
        moving = [
            FollowUp(*row) for row in await self._sql.rows(select(*columns_of(followups, FollowUp)).where(*about_them))
        ]
        withdrawn = await self._outbox.withdraw({followup.id for followup in moving})
        for followup_id, push_at in pushed_again(moving, withdrawn).items():
            await self._sql.change(update(followups).where(followups.c.id == followup_id).values(push_at=push_at))
        return await self._sql.change(update(followups).where(*about_them).values(member_id=to_id))

    async def _move_strays(self, handover: Handover, most: int) -> int:
        """What the giver promised to customers who are somebody else's goes to these."""
        strays = (
            select(followups.c.id, customers.c.owner_id)
            .join(customers, customers.c.id == followups.c.customer_id)
            .where(followups.c.member_id == handover.from_id, _IS_OPEN, customers.c.owner_id != handover.from_id)
            .limit(most)
        )
        rows = await self._sql.rows(strays)
        for followup_id, owner_id in rows:
            await self._sql.change(update(followups).where(followups.c.id == followup_id).values(member_id=owner_id))
        return len(rows)

    async def _list(self, handover: Handover, ids: Collection[int]) -> None:
        listed = select(handover_customers.c.customer_id).where(
            handover_customers.c.handover_id == handover.id, handover_customers.c.customer_id.in_(ids)
        )
        before = {row.customer_id for row in await self._sql.rows(listed)}  # it came back to the giver meanwhile
        if new := [{"handover_id": handover.id, "customer_id": number} for number in ids if number not in before]:
            await self._sql.change(insert(handover_customers), new)

    async def _note(self, handover: Handover, moved: int, promised: int) -> Handover:
        noted: dict[str, Any] = {"moved": handover.moved + moved, "followups": handover.followups + promised}
        await self._sql.change(update(handovers).where(handovers.c.id == handover.id).values(**noted))
        return replace(handover, **noted)

    async def is_empty(self, handover: Handover) -> bool:
        """Whether the giver has no customer and no open follow-up any more."""
        held = select(customers.c.id).where(customers.c.owner_id == handover.from_id)
        promised = select(followups.c.id).where(followups.c.member_id == handover.from_id, _IS_OPEN)
        return not (await self._sql.row(held.limit(1)) or await self._sql.row(promised.limit(1)))

    async def finish(self, handover: Handover, now: datetime) -> Handover:
        """It is done."""
        await self._sql.change(update(handovers).where(handovers.c.id == handover.id).values(finished_at=now))
        return replace(handover, finished_at=now)

    async def customers(
        self, actor: Member, handover_id: int, limit: int, offset: int = 0
    ) -> tuple[Sequence[Customer], int]:
        """A page of those that went over, as far as the actor may see them, and how many these are."""
        went_over = select(handover_customers.c.customer_id).where(handover_customers.c.handover_id == handover_id)
        visible = (customers.c.id.in_(went_over), visible_to(actor))
        total = await self._sql.scalar(select(func.count()).select_from(customers).where(*visible))
        page = select(*CUSTOMER_COLUMNS).where(*visible).order_by(customers.c.id).limit(limit).offset(offset)
        return [Customer(*row) for row in await self._sql.rows(page)], total


def next_handover() -> Any:
    """When the oldest unfinished hand-over was started, as a subquery."""
    return select(func.min(handovers.c.started_at)).where(_UNFINISHED).scalar_subquery()
