"""Who bought, came back, was cared for or has gone: counted in what each customer has bought so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import CTE, ColumnElement, Date, Integer, and_, case, exists, func, or_, select

from bot.domain.followups import FollowUpState
from bot.domain.metrics import BUYER_DAYS, CARE_BEGINS_DAYS, CARE_KINDS, Share, as_of, care_window, cohort_days, median
from bot.domain.periods import DAY, Period, midnight
from bot.storage.counting import ColumnKinds, how_many, table_of, whole
from bot.storage.tables import customers, followups, interactions, sales
from bot.storage.transaction import Sql

_COHORT_DAYS: ColumnKinds = {"months": Integer(), "first_on": Date(), "back_before": Date()}


@dataclass(frozen=True, slots=True)
class Buyers:
    """Everybody who has bought. Coverage is by the member who owns the customer, what came back by months."""

    count: int
    revenue_vnd: int
    coverage: Mapping[int, Share]
    churn: Share


async def buyers(sql: Sql, about: ColumnElement[bool], period: Period, zone: ZoneInfo, now: datetime) -> Buyers:
    """The buyers up to the period's end among the customers that it is `about`."""
    end = as_of(period, zone, now)
    active_from, before_that = end - BUYER_DAYS * DAY, end - 2 * BUYER_DAYS * DAY
    bought = _bought(end, active_from)
    was_there = or_(customers.c.erased_at.is_(None), customers.c.erased_at >= midnight(end, zone))
    is_buyer = and_(bought.c.last_to_care >= active_from, was_there)
    was_buyer = bought.c.last_earlier >= before_that
    has_gone = or_(bought.c.last_on < active_from, func.coalesce(customers.c.stopped_at < midnight(end, zone), False))
    rows = await sql.rows(
        select(
            customers.c.owner_id,
            func.count(),
            whole(bought.c.revenue_vnd),
            how_many(is_buyer),
            how_many(and_(is_buyer, _is_cared_for(*care_window(period, zone, now)))),
            how_many(was_buyer),
            how_many(and_(was_buyer, has_gone)),
        )
        .join_from(bought, customers, customers.c.id == bought.c.customer_id)
        .where(about)
        .group_by(customers.c.owner_id)
    )
    return Buyers(
        count=sum(row[1] for row in rows),
        revenue_vnd=sum(row[2] for row in rows),
        coverage={row[0]: Share(row[4], row[3]) for row in rows if row[3]},
        churn=Share(sum(row[6] for row in rows), sum(row[5] for row in rows)),
    )


def _bought(end: date, active_from: date) -> CTE:
    """What each customer has bought up to `end`; `last_earlier` is the last purchase before `active_from`,
    `last_to_care` the last one whose first care call has been due."""
    care_until = end - CARE_BEGINS_DAYS * DAY
    return (
        select(
            sales.c.customer_id,
            func.max(sales.c.sold_on).label("last_on"),
            func.max(case((sales.c.sold_on < active_from, sales.c.sold_on))).label("last_earlier"),
            func.max(case((sales.c.sold_on < care_until, sales.c.sold_on))).label("last_to_care"),
            func.sum(sales.c.amount_vnd).label("revenue_vnd"),
        )
        .where(sales.c.sold_on < end)
        .group_by(sales.c.customer_id)
        .cte("bought")
    )


def _is_cared_for(start: datetime, end: datetime) -> ColumnElement[bool]:
    touched = exists().where(
        interactions.c.customer_id == customers.c.id,
        interactions.c.at >= start,
        interactions.c.at < end,
        interactions.c.kind.in_(CARE_KINDS),
    )
    followed_up = exists().where(
        followups.c.customer_id == customers.c.id,
        followups.c.state == FollowUpState.DONE,
        followups.c.done_at >= start,
        followups.c.done_at < end,
    )
    return or_(touched, followed_up)


async def returned(
    sql: Sql, about: ColumnElement[bool], period: Period, zone: ZoneInfo, now: datetime
) -> Mapping[int, Share]:
    """Who came back within how many months, as `metrics.cohort_days` says."""
    days = table_of(
        "cohort_days",
        _COHORT_DAYS,
        ((day.months, day.first_on, day.back_before) for day in cohort_days(period, zone, now)),
    )
    first = (
        select(sales.c.customer_id, func.min(sales.c.sold_on).label("on")).group_by(sales.c.customer_id).cte("first")
    )
    came_back = exists().where(
        sales.c.customer_id == first.c.customer_id, sales.c.sold_on > first.c.on, sales.c.sold_on < days.c.back_before
    )
    rows = await sql.rows(
        select(days.c.months, func.count(), how_many(came_back))
        .join_from(first, days, days.c.first_on == first.c.on)
        .join(customers, customers.c.id == first.c.customer_id)
        .where(about)
        .group_by(days.c.months)
    )
    return {months: Share(back, whole_cohort) for months, whole_cohort, back in rows}


async def typical_sale(sql: Sql, today: date) -> int | None:
    """The median amount of the company's sales of the last 180 days, `today` included; None without any."""
    known = (sales.c.sold_on > today - BUYER_DAYS * DAY, sales.c.sold_on <= today, sales.c.amount_vnd.is_not(None))
    count = await sql.scalar(select(func.count()).where(*known)) or 0
    middle = select(sales.c.amount_vnd).where(*known).order_by(sales.c.amount_vnd).offset((count - 1) // 2)
    return median([row[0] for row in await sql.rows(middle.limit(2 - count % 2))]) if count else None
