"""What the figures of a period are made of, counted where the rows are: one set of queries for both databases."""

import asyncio
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select, true, union_all

from bot.domain.customers import Source, Stage
from bot.domain.followups import FollowUpState
from bot.domain.metrics import (
    TOUCH_KINDS,
    Arrival,
    FollowUpRecord,
    Money,
    StageMoves,
    StageQueue,
    SummaryRows,
    TicketRows,
)
from bot.domain.periods import DAY, Period, midnight
from bot.domain.surveys import SurveyKind
from bot.domain.tickets import TicketKind
from bot.domain.working_time import working_minutes
from bot.storage import buying
from bot.storage.columns import UtcDateTime
from bot.storage.company import SqlDecisions
from bot.storage.counting import how_many, whole
from bot.storage.guest_tables import survey_invitations, tickets
from bot.storage.tables import customers, followups, interactions, members, sales, stage_moves
from bot.storage.transaction import Sql

# So many arrivals are worked out in one go; in between the loop answers others.
_SLICE = 500


@dataclass(frozen=True)
class _Question:
    """What is asked: a period of the company, in its zone, about some members (None: everybody), at a moment."""

    period: Period
    zone: ZoneInfo
    member_ids: Collection[int] | None
    now: datetime

    def about(self, member: ColumnElement[int]) -> ColumnElement[bool]:
        """Whether a row of this member's counts."""
        return true() if self.member_ids is None else member.in_(self.member_ids)

    def about_customer(self, customer_id: ColumnElement[int]) -> ColumnElement[bool]:
        """Whether a row about this customer counts: by the customer's owner."""
        if self.member_ids is None:
            return true()
        return customer_id.in_(select(customers.c.id).where(self.about(customers.c.owner_id)))

    def was_there(self) -> ColumnElement[bool]:
        """Whether a customer was not erased before the period's end: what was told of it before stands."""
        _, end = self.period.bounds(self.zone)
        return or_(customers.c.erased_at.is_(None), customers.c.erased_at >= end)

    def happened(self, moment: ColumnElement[datetime]) -> ColumnElement[bool]:
        """Whether a moment lies in the period."""
        start, end = self.period.bounds(self.zone)
        return and_(moment >= start, moment < end)

    def last_day(self, zone: ZoneInfo) -> date:
        """Which day it is in `zone` when the period ends, or now while it is under way."""
        _, end = self.period.bounds(self.zone)
        return min(end, self.now).astimezone(zone).date()


class SqlFigures:
    """`Figures` in tables."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def summary_rows(
        self, period: Period, zone: ZoneInfo, member_ids: Collection[int] | None, now: datetime
    ) -> SummaryRows:
        """What `metrics.summarise` needs for a period in the company's `zone`, of these members, or (None) the whole company."""
        asked = _Question(period, zone, member_ids, now)
        of_scope = asked.about(customers.c.owner_id)
        before = await self._money(asked, period.previous())
        buyers = await buying.buyers(self._sql, of_scope, period, zone, now)
        return SummaryRows(
            active_members=await self._active_members(asked),
            new_customers=await self._new_customers(asked),
            referrals=await self._referrals(asked),
            arrivals=await self._arrivals(asked),
            moves=await self._moves(asked),
            queues=await self._queues(asked),
            lost=await self._lost(asked),
            money=await self._money(asked, period),
            before=sum(before.values(), Money()),
            followups=await self._followups(asked),
            coverage=buyers.coverage,
            buyers=buyers.count,
            lifetime_revenue_vnd=buyers.revenue_vnd,
            churn=buyers.churn,
            returned=await buying.returned(self._sql, of_scope, period, zone, now),
            tickets=await self._tickets(asked),
            surveys=await self._surveys(asked),
            typical_sale_vnd=await buying.typical_sale(self._sql, now.astimezone(zone).date()),
        )

    async def _active_members(self, asked: _Question) -> Sequence[int]:
        rows = await self._sql.rows(
            select(members.c.id).where(members.c.active, asked.about(members.c.id)).order_by(members.c.id)
        )
        return [row.id for row in rows]

    async def _new_customers(self, asked: _Question) -> Mapping[tuple[int, Source | None], int]:
        by = (customers.c.owner_id, customers.c.source)
        is_new = (asked.happened(customers.c.created_at), asked.about(customers.c.owner_id))
        rows = await self._sql.rows(select(*by, func.count()).where(*is_new).group_by(*by))
        return {(owner_id, source): count for owner_id, source, count in rows}

    async def _referrals(self, asked: _Question) -> int:
        """New customers whom another customer recommended us to."""
        is_new = (asked.happened(customers.c.created_at), asked.about(customers.c.owner_id))
        referred = select(func.count()).select_from(customers).where(*is_new, customers.c.referrer_id.is_not(None))
        count: int = await self._sql.scalar(referred)
        return count

    async def _arrivals(self, asked: _Question) -> Sequence[Arrival]:
        first_touch = select(func.min(interactions.c.at)).where(
            interactions.c.customer_id == customers.c.id,
            interactions.c.at >= customers.c.created_at,
            interactions.c.kind.in_(TOUCH_KINDS),
        )
        first_done = select(func.min(followups.c.done_at)).where(
            followups.c.customer_id == customers.c.id,
            followups.c.state == FollowUpState.DONE,
            followups.c.done_at >= customers.c.created_at,
        )
        first_step = select(func.min(stage_moves.c.at)).where(
            stage_moves.c.customer_id == customers.c.id,
            stage_moves.c.from_stage.is_not(None),
            stage_moves.c.at >= customers.c.created_at,
        )
        touches_of = (touch.scalar_subquery() for touch in (first_touch, first_done, first_step))
        new = select(customers.c.created_at, *touches_of).where(
            asked.happened(customers.c.created_at), asked.about(customers.c.owner_id)
        )
        arrivals = []
        for number, (arrived_at, *touches) in enumerate(await self._sql.rows(new)):
            touched_at = min((touch for touch in touches if touch is not None), default=None)
            minutes = working_minutes(arrived_at, touched_at or asked.now, asked.zone)
            arrivals.append(Arrival(minutes, touched_at is not None))
            if number % _SLICE == _SLICE - 1:
                await asyncio.sleep(0)
        return arrivals

    async def _surveys(self, asked: _Question) -> Mapping[tuple[SurveyKind, int], int]:
        by = (survey_invitations.c.kind, survey_invitations.c.score)
        answered = asked.happened(survey_invitations.c.answered_at)
        about = asked.about_customer(survey_invitations.c.customer_id)
        rows = await self._sql.rows(select(*by, func.count()).where(answered, about).group_by(*by))
        return {(kind, score): count for kind, score, count in rows}

    async def _tickets(self, asked: _Question) -> TicketRows:
        _, end = asked.period.bounds(asked.zone)
        about, opened_at = asked.about_customer(tickets.c.customer_id), tickets.c.opened_at
        opened = select(func.count()).where(asked.happened(opened_at), about)
        unsolved = or_(tickets.c.solved_at.is_(None), tickets.c.solved_at >= end)
        not_closed = or_(tickets.c.closed_at.is_(None), tickets.c.closed_at >= end)
        open_complaints = select(func.count()).where(
            unsolved, not_closed, opened_at < end, tickets.c.kind == TicketKind.COMPLAINT, about
        )
        return TicketRows(
            await self._sql.scalar(opened),
            await self._sql.scalar(open_complaints),
            await self._minutes(asked, opened_at, tickets.c.first_answer_at, about),
            await self._minutes(asked, opened_at, tickets.c.solved_at, about),
        )

    async def _minutes(
        self, asked: _Question, start: ColumnElement[datetime], end: ColumnElement[datetime], about: ColumnElement[bool]
    ) -> Sequence[int]:
        """The working minutes from `start` to `end`, of what ended in the period."""
        rows = await self._sql.rows(select(start, end).where(asked.happened(end), about))
        return [working_minutes(begun, ended, asked.zone) for begun, ended in rows]

    async def _moves(self, asked: _Question) -> Sequence[StageMoves]:
        steps = (stage_moves.c.from_stage, stage_moves.c.to_stage)
        rows = await self._sql.rows(
            select(*steps, func.count())
            .where(
                asked.happened(stage_moves.c.at),
                stage_moves.c.from_stage.is_not(None),
                asked.about_customer(stage_moves.c.customer_id),
            )
            .group_by(*steps)
        )
        return [StageMoves(*row) for row in rows]

    async def _lost(self, asked: _Question) -> Mapping[str | None, int]:
        """By reason, the deals whose last move in the period was to lost."""
        newest_first = (stage_moves.c.at.desc(), stage_moves.c.id.desc())
        ranked = (
            select(
                stage_moves.c.to_stage,
                stage_moves.c.reason,
                func.row_number().over(partition_by=stage_moves.c.customer_id, order_by=newest_first).label("place"),
            )
            .where(asked.happened(stage_moves.c.at), asked.about_customer(stage_moves.c.customer_id))
            .subquery()
        )
        rows = await self._sql.rows(
            select(ranked.c.reason, func.count())
            .where(ranked.c.place == 1, ranked.c.to_stage == Stage.LOST)
            .group_by(ranked.c.reason)
            .order_by(func.count().desc(), ranked.c.reason)
        )
        return dict(tuple(row) for row in rows)

    async def _queues(self, asked: _Question) -> Sequence[StageQueue]:
        pipeline = (await SqlDecisions(self._sql).read()).pipeline
        waiting = (
            customers.c.stage.in_([stage.key for stage in pipeline.open]),
            asked.about(customers.c.owner_id),
            asked.was_there(),
        )
        rows = await self._sql.rows(
            select(
                customers.c.stage,
                func.count(),
                whole(customers.c.expected_vnd),
                how_many(customers.c.expected_vnd.is_(None)),
            )
            .where(*waiting)
            .group_by(customers.c.stage)
        )
        middle = await self._middle_of_queues(waiting)
        return [
            StageQueue(stage, count, middle[stage], expected_vnd, unpriced)
            for stage, count, expected_vnd, unpriced in rows
        ]

    async def _middle_of_queues(self, waiting: Iterable[ColumnElement[bool]]) -> Mapping[str, Sequence[datetime]]:
        ranked = (
            select(
                customers.c.stage,
                customers.c.stage_since,
                func.row_number().over(partition_by=customers.c.stage, order_by=customers.c.stage_since).label("place"),
                func.count().over(partition_by=customers.c.stage).label("count"),
            )
            .where(*waiting)
            .subquery()
        )
        is_middle = ranked.c.place.in_([(ranked.c.count + 1) // 2, (ranked.c.count + 2) // 2])
        middle: dict[str, list[datetime]] = {}
        for stage, moment in await self._sql.rows(select(ranked.c.stage, ranked.c.stage_since).where(is_middle)):
            middle.setdefault(stage, []).append(moment)
        return middle

    async def _money(self, asked: _Question, period: Period) -> Mapping[int, Money]:
        earlier = sales.alias("earlier")
        bought_before = exists().where(
            earlier.c.customer_id == sales.c.customer_id, earlier.c.sold_on < sales.c.sold_on
        )
        rows = await self._sql.rows(
            select(
                sales.c.member_id,
                func.count(),
                how_many(sales.c.amount_vnd.is_(None)),
                whole(sales.c.amount_vnd),
                whole(case((bought_before, sales.c.amount_vnd))),
            )
            .where(sales.c.sold_on >= period.start, sales.c.sold_on < period.end, asked.about(sales.c.member_id))
            .group_by(sales.c.member_id)
        )
        return {member_id: Money(*counts) for member_id, *counts in rows}

    async def _followups(self, asked: _Question) -> Mapping[int, FollowUpRecord]:
        people = await self._sql.rows(select(members.c.timezone, members.c.id).where(asked.about(members.c.id)))
        zones: dict[str, set[int]] = {}
        for timezone, member_id in people:
            zones.setdefault(timezone, set()).add(member_id)
        records: dict[int, FollowUpRecord] = {}
        for timezone, theirs in zones.items():
            counts: dict[int, Counter[str]] = {}
            for member_id, what, count in await self._sql.rows(_punctuality(asked, ZoneInfo(timezone), theirs)):
                counts.setdefault(member_id, Counter())[what] = count
            records |= {member_id: FollowUpRecord(**counts[member_id]) for member_id in theirs & counts.keys()}
        return records


def _punctuality(asked: _Question, zone: ZoneInfo, member_ids: Collection[int]) -> Select[int, str, int]:
    """By member, how many follow-ups were done on time or late, or were overdue at the period's end: open to this day, done since, or
    dropped since with the person.
    True of these members, who are in `zone`; others may be among the rows, for SQLite would look up who is meant before what."""
    start, end = asked.period.bounds(asked.zone)
    member_id, due_on, done_at = followups.c.member_id, followups.c.due_on, followups.c.done_at
    about = asked.about(member_id)
    is_done = followups.c.state == FollowUpState.DONE
    was_overdue = due_on < asked.last_day(zone)
    # What was due before the period is late, what is due after it is not: the days of the period decide the rest.
    day_ends_at = _end_of(due_on, start.astimezone(zone).date() - DAY, end.astimezone(zone).date(), zone)
    on_time = case((done_at < day_ends_at, "on_time"), else_="late")
    overdue: ColumnElement[str] = literal("overdue")
    fell_with_the_person = (customers.c.erased_at >= end, done_at == customers.c.erased_at)
    # Four questions, as each has its index; together neither database would use it.
    each = union_all(
        select(member_id, on_time.label("what")).where(done_at >= start, done_at < end, is_done, about),
        select(member_id, overdue).where(done_at >= end, done_at <= asked.now, is_done, was_overdue, about),
        select(member_id, overdue).where(
            member_id.in_(member_ids), followups.c.state == FollowUpState.OPEN, was_overdue
        ),
        select(member_id, overdue)
        .join(customers, customers.c.id == followups.c.customer_id)
        .where(*fell_with_the_person, followups.c.state == FollowUpState.DROPPED, was_overdue, about),
    ).subquery()
    return select(each.c.member_id, each.c.what, func.count()).group_by(each.c.member_id, each.c.what)


def _end_of(day: ColumnElement[date], first: date, last: date, zone: ZoneInfo) -> ColumnElement[datetime]:
    """The moment at which a day between `first` and `last` ends in `zone`, found by halves."""
    if first == last:
        return literal(midnight(first + DAY, zone), UtcDateTime)
    middle = first + ((last - first).days + 1) // 2 * DAY
    return case((day < middle, _end_of(day, first, middle - DAY, zone)), else_=_end_of(day, middle, last, zone))
