"""The people behind a figure."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select, true

from bot.domain.customers import Stage
from bot.domain.followups import FollowUpState
from bot.domain.metrics import BUYER_DAYS, CARE_BEGINS_DAYS, CARE_KINDS, TOUCH_KINDS, as_of, care_window
from bot.domain.people import Member
from bot.domain.periods import DAY, Period
from bot.domain.timeline import InteractionKind, Sentiment
from bot.domain.worklists import Listed, Worklist
from bot.storage.access import visible_to
from bot.storage.counting import whole
from bot.storage.tables import customers, followups, interactions, sales, stage_moves
from bot.storage.transaction import Sql

_WHO = (customers.c.id, customers.c.name, customers.c.honorific, customers.c.owner_id)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The span of a list: a period of the company, in its zone, as things stand now; the step for STUCK, and whose alone."""

    period: Period
    zone: ZoneInfo
    now: datetime
    stage: str | None
    owner_id: int | None

    @property
    def today(self) -> date:
        """The company's date."""
        return self.now.astimezone(self.zone).date()

    def happened(self, moment: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether a moment lies in the period."""
        start, end = self.period.bounds(self.zone)
        return and_(moment >= start, moment < end)


class SqlWorklists:
    """`Worklists` in tables."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def page(
        self,
        actor: Member,
        worklist: Worklist,
        period: Period,
        zone: ZoneInfo,
        now: datetime,
        *,
        limit: int,
        offset: int = 0,
        owner_id: int | None = None,
        stage: str | None = None,
    ) -> tuple[Sequence[Listed], int]:
        """A page of a list, most urgent first, and how many there are."""
        is_theirs = true() if owner_id is None or worklist is Worklist.OVERDUE else customers.c.owner_id == owner_id
        found = _LISTS[worklist](_Asked(period, zone, now, stage, owner_id)).where(visible_to(actor), is_theirs)
        total = await self._sql.scalar(select(func.count()).select_from(found.order_by(None).subquery()))
        rows = await self._sql.rows(found.limit(limit).offset(offset))
        return [_listed(row, zone) for row in rows], total

    async def revenue_by_day(
        self, start: date, end: date, member_ids: Collection[int] | None
    ) -> Sequence[tuple[date, int]]:
        """Đồng sold on each day from `start` up to but not including `end`, by these members or (None) all."""
        whose = true() if member_ids is None else sales.c.member_id.in_(member_ids)
        revenue = whole(sales.c.amount_vnd)
        by_day = (
            select(sales.c.sold_on, revenue)
            .where(sales.c.sold_on >= start, sales.c.sold_on < end, whose)
            .group_by(sales.c.sold_on)
        )
        return [(day, amount) for day, amount in await self._sql.rows(by_day)]


def _overdue(asked: _Asked) -> Select[Any]:
    one, is_theirs = followups.c, true() if asked.owner_id is None else followups.c.member_id == asked.owner_id
    oldest_first = func.row_number().over(partition_by=one.customer_id, order_by=(one.due_on, one.id))
    late = (
        select(one.customer_id, one.due_on, one.text, oldest_first.label("place"))
        .add_columns(func.count().over(partition_by=one.customer_id).label("count"))
        .where(one.state == FollowUpState.OPEN, one.due_on < asked.today, is_theirs)
        .subquery()
    )
    return (
        select(*_WHO, late.c.due_on.label("on"), late.c.text, late.c["count"])
        .join(late, late.c.customer_id == customers.c.id)
        .where(late.c.place == 1)
        .order_by(late.c.due_on, customers.c.id)
    )


def _untouched(asked: _Asked) -> Select[Any]:
    arrived = customers.c.created_at
    touched = _touched(TOUCH_KINDS, interactions.c.at >= arrived, followups.c.done_at >= arrived)
    taken = exists().where(stage_moves.c.customer_id == customers.c.id, stage_moves.c.from_stage.is_not(None))
    return (
        select(*_WHO, arrived.label("on"))
        .where(asked.happened(arrived), not_(touched), not_(taken))
        .order_by(arrived, customers.c.id)
    )


def _stuck(asked: _Asked) -> Select[Any]:
    since = func.coalesce(customers.c.stage_since, customers.c.created_at)
    return (
        select(*_WHO, since.label("on"), func.coalesce(customers.c.expected_vnd, 0).label("amount_vnd"))
        .where(customers.c.stage == (asked.stage or ""))
        .order_by(since, customers.c.id)
    )


def _lost(asked: _Asked) -> Select[Any]:
    last = func.max(stage_moves.c.at)
    return (
        select(*_WHO, last.label("on"), func.coalesce(customers.c.lost_reason, "").label("text"))
        .join(stage_moves, stage_moves.c.customer_id == customers.c.id)
        .where(stage_moves.c.to_stage == Stage.LOST, asked.happened(stage_moves.c.at))
        .group_by(*_WHO, customers.c.lost_reason)
        .order_by(last.desc(), customers.c.id)
    )


def _uncared(asked: _Asked) -> Select[Any]:
    end = as_of(asked.period, asked.zone, asked.now)
    start, until = care_window(asked.period, asked.zone, asked.now)
    cared = _touched(
        CARE_KINDS,
        and_(interactions.c.at >= start, interactions.c.at < until),
        and_(followups.c.done_at >= start, followups.c.done_at < until),
    )
    total = whole(sales.c.amount_vnd)
    return (
        select(*_WHO, func.max(sales.c.sold_on).label("on"), total.label("amount_vnd"))
        .join(sales, sales.c.customer_id == customers.c.id)
        .where(sales.c.sold_on >= end - BUYER_DAYS * DAY, sales.c.sold_on < end - CARE_BEGINS_DAYS * DAY, not_(cared))
        .group_by(*_WHO)
        .order_by(total.desc(), customers.c.id)
    )


def _complaints(asked: _Asked) -> Select[Any]:
    return (
        select(*_WHO, interactions.c.at.label("on"), interactions.c.text)
        .join(interactions, interactions.c.customer_id == customers.c.id)
        .where(
            interactions.c.kind == InteractionKind.FEEDBACK,
            interactions.c.details["sentiment"].as_string() == Sentiment.COMPLAINT,
            asked.happened(interactions.c.at),
        )
        .order_by(interactions.c.at.desc(), interactions.c.id.desc())
    )


_LISTS: Mapping[Worklist, Callable[[_Asked], Select[Any]]] = {
    Worklist.OVERDUE: _overdue,
    Worklist.UNTOUCHED: _untouched,
    Worklist.STUCK: _stuck,
    Worklist.LOST: _lost,
    Worklist.UNCARED: _uncared,
    Worklist.COMPLAINTS: _complaints,
}


def _touched(
    kinds: Collection[InteractionKind], entry_in: ColumnElement[bool], done_in: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Whether somebody called, wrote to, met or sold to the customer, or did what was promised."""
    entry = exists().where(interactions.c.customer_id == customers.c.id, interactions.c.kind.in_(kinds), entry_in)
    done = exists().where(followups.c.customer_id == customers.c.id, followups.c.state == FollowUpState.DONE, done_in)
    return or_(entry, done)


def _listed(row: Any, zone: ZoneInfo) -> Listed:
    values = dict(row._mapping)
    if isinstance(values.get("on"), datetime):
        values["on"] = values["on"].astimezone(zone).date()
    return Listed(customer_id=values.pop("id"), **values)
