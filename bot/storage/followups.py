"""What is promised, and when it is due."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from bot.domain.customers import Customer
from bot.domain.errors import NotFound
from bot.domain.followups import FollowUp, FollowUpState, NewFollowUp
from bot.domain.people import Member
from bot.storage.access import visible_to
from bot.storage.columns import columns_of
from bot.storage.customers import CUSTOMER_COLUMNS, SqlCustomers
from bot.storage.groups import next_group_week
from bot.storage.handovers import next_handover
from bot.storage.members import next_digest, next_week
from bot.storage.relays import next_answer_due
from bot.storage.requests import next_request
from bot.storage.surveys import next_survey
from bot.storage.tables import customers, followups, members, sales
from bot.storage.tickets import next_reminder
from bot.storage.transaction import Sql
from bot.storage.undo import Journal

FOLLOWUP_COLUMNS = columns_of(followups, FollowUp)
_FOLLOWUP = select(*FOLLOWUP_COLUMNS)
_ADD = insert(followups).returning(followups.c.id)
_UPDATE = update(followups).where(followups.c.id == bindparam("row_id"))
_IS_OPEN = followups.c.state == FollowUpState.OPEN
# What was promised by who has left waits for whoever gets their customers.
_HAS_SOMEBODY = followups.c.member_id.not_in(select(members.c.id).where(members.c.active.is_(False)))
# By date, then by clock time; what has none comes after what has.
_NEXT_FIRST = (followups.c.due_on, followups.c.due_at.is_(None), followups.c.due_at, followups.c.id)


class SqlFollowUps:
    """`FollowUps` in tables."""

    def __init__(self, sql: Sql, journal: Journal, customers_of: SqlCustomers) -> None:
        self._sql = sql
        self._journal = journal
        self._customers = customers_of

    async def add(self, followup: NewFollowUp, now: datetime, *, push_at: datetime | None = None) -> FollowUp:
        """Write down a follow-up; `push_at` (UTC) as in `FollowUp`."""
        values = asdict(followup) | {"state": FollowUpState.OPEN, "created_at": now, "push_at": push_at}
        followup_id = await self._sql.scalar(_ADD, values)
        added = FollowUp(id=followup_id, **values)
        self._journal.added(added)
        return added

    async def get(self, actor: Member, followup_id: int) -> FollowUp:
        """One follow-up about a customer whom the actor may see. Raises NotFound."""
        visible = _FOLLOWUP.join(customers).where(followups.c.id == followup_id, visible_to(actor))
        locked = visible.with_for_update(of=followups, key_share=True) if self._sql.writes else visible
        row = await self._sql.row(locked)
        if row is None:
            raise NotFound("followup_not_found")
        return FollowUp(*row)

    async def update(self, followup: FollowUp, **changes: Any) -> FollowUp:
        """The follow-up with fields changed."""
        changed = replace(followup, **changes)
        await self._sql.change(_UPDATE, {"row_id": followup.id, **changes})
        self._journal.changed(followup, changed, changes)
        return changed

    async def of_customer(self, actor: Member, customer_id: int, *, only_open: bool = True) -> Sequence[FollowUp]:
        """Those of one customer, next due first. Raises NotFound as `Customers.get`."""
        await self._customers.get(actor, customer_id)
        theirs = _FOLLOWUP.where(followups.c.customer_id == customer_id).order_by(*_NEXT_FIRST)
        rows = await self._sql.rows(theirs.where(_IS_OPEN) if only_open else theirs)
        return [FollowUp(*row) for row in rows]

    async def of_sale(self, actor: Member, sale_id: int) -> Sequence[FollowUp]:
        """All steps that a sale started, in the order planned."""
        started = (
            _FOLLOWUP.join(sales, sales.c.id == followups.c.sale_id)
            .join(customers, customers.c.id == sales.c.customer_id)
            .where(followups.c.sale_id == sale_id, visible_to(actor))
            .order_by(followups.c.id)
        )
        return [FollowUp(*row) for row in await self._sql.rows(started)]

    async def due(self, member: Member, until: date, since: date | None = None) -> Sequence[tuple[FollowUp, Customer]]:
        """Open follow-ups of the member due from `since` (None: however long overdue) to `until`, both included."""
        # spelled so that SQLite starts from the follow-ups that are due and not from all customers of their owner
        is_visible = visible_to(member, customers.c.owner_id + 0)
        due = (
            select(*FOLLOWUP_COLUMNS, *CUSTOMER_COLUMNS)
            .join(customers, customers.c.id == followups.c.customer_id)
            .where(followups.c.member_id == member.id, _IS_OPEN, followups.c.due_on <= until, is_visible)
            .order_by(*_NEXT_FIRST)
        )
        rows = await self._sql.rows(due if since is None else due.where(followups.c.due_on >= since))
        split = len(FOLLOWUP_COLUMNS)
        return [(FollowUp(*row[:split]), Customer(*row[split:])) for row in rows]

    async def any_done(self, member: Member, since: datetime) -> bool:
        """Whether a follow-up of the member has been done at or after `since`."""
        done = select(followups.c.id).where(
            followups.c.member_id == member.id,
            followups.c.state == FollowUpState.DONE,
            followups.c.done_at >= since,
        )
        return await self._sql.row(done.limit(1)) is not None

    async def pushes_due(self, now: datetime, limit: int) -> Sequence[FollowUp]:
        """Open follow-ups of active members whose `push_at` has come, locked until the commit; another instance takes the others."""
        due = (
            _FOLLOWUP.where(_IS_OPEN, followups.c.push_at <= now, _HAS_SOMEBODY)
            .order_by(followups.c.push_at, followups.c.id)
            .limit(limit)
        )
        locked = due.with_for_update(skip_locked=True, key_share=True) if self._sql.writes else due
        found = [FollowUp(*row) for row in await self._sql.rows(locked)]
        return sorted(found, key=lambda f: (f.member_id, f.push_at or now, f.id))

    async def next_push(self) -> datetime | None:
        """The earliest moment at which something has to be looked at: a push, a digest, a week, a hand-over under way, an answer,
        ticket or request to remind of, a survey to send."""
        next_push = select(func.min(followups.c.push_at)).where(_IS_OPEN, _HAS_SOMEBODY).scalar_subquery()
        moments = {
            "push": next_push,
            "digest": next_digest(),
            "week": next_week(),
            "group_week": next_group_week(),
            "handover": next_handover(),
            "answer": next_answer_due(),
            "ticket": next_reminder(),
            "survey": next_survey(),
            "request": next_request(),
        }
        row = await self._sql.row(select(*(moment.label(name) for name, moment in moments.items())))
        return min((moment for moment in row or () if moment is not None), default=None)
