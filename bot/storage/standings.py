"""Where customers stand: their facts, gathered a page of customers at a time and never one by one."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from bot.domain.errors import NotFound
from bot.domain.followups import FollowUpState
from bot.domain.people import Member
from bot.domain.segments import CustomerFacts
from bot.storage.access import visible_to
from bot.storage.tables import customers, followups, interactions, sales
from bot.storage.transaction import Sql

# Customers read at once: small enough that others have their turn between two pages.
PAGE = 2_000

_brought = customers.alias("brought")
_LAST_TOUCH = select(func.max(interactions.c.at)).where(interactions.c.customer_id == customers.c.id).scalar_subquery()
_REFERRED = select(func.count()).where(_brought.c.referrer_id == customers.c.id).scalar_subquery()
# As `CustomerFacts` begins, and what else is read of the customer.
_COLUMNS = (
    *(customers.c[name] for name in ("id", "owner_id", "name", "honorific", "phones", "created_at", "stage")),
    *(customers.c[name] for name in ("stage_since", "heat", "potential", "source", "expected_vnd", "stopped_reason")),
    _LAST_TOUCH.label("last_touch_at"),
    _REFERRED.label("referred"),
)
_SALES = select(sales.c.customer_id, sales.c.sold_on, sales.c.amount_vnd, sales.c.product).join(customers)
_NOTHING = (0, 0, None)
_PLANNED = (
    select(followups.c.customer_id, func.count().label("count"), func.min(followups.c.due_on).label("first_due_on"))
    .join(customers)
    .where(followups.c.state == FollowUpState.OPEN)
    .group_by(followups.c.customer_id)
)


class SqlStandings:
    """`Standings` in tables."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def facts(self, actor: Member, customer_id: int) -> CustomerFacts:
        """Those of one customer. Raises NotFound as `Customers.get`."""
        found = await self._facts(and_(customers.c.id == customer_id, visible_to(actor)), select(*_COLUMNS))
        if not found:
            raise NotFound("customer_not_found")
        return found[0]

    async def all(self, actor: Member) -> AsyncIterator[Sequence[CustomerFacts]]:
        """Those of every customer whom the actor may see, by id, some thousands at a time."""
        after = 0
        visible = visible_to(actor)
        while True:
            page = select(customers.c.id).where(customers.c.id > after, visible).order_by(customers.c.id).limit(PAGE)
            ids = [row.id for row in await self._sql.rows(page)]
            if not ids:
                return
            these = and_(customers.c.id > after, customers.c.id <= ids[-1], visible)
            yield await self._facts(these, select(*_COLUMNS).order_by(customers.c.id))
            after = ids[-1]

    async def _facts(self, these: ColumnElement[bool], who: Select[Any]) -> list[CustomerFacts]:
        rows = await self._sql.rows(who.where(these))
        in_order = (sales.c.customer_id, sales.c.sold_on, sales.c.sold_at, sales.c.id)
        sold = _by_customer(await self._sql.rows(_SALES.where(these).order_by(*in_order)))
        planned = {row[0]: row for row in await self._sql.rows(_PLANNED.where(these))}
        return [_facts_of(row, sold.get(row[0], ()), planned.get(row[0], _NOTHING)) for row in rows]


def _by_customer(rows: Iterable[Any]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row[0]].append(row)
    return grouped


def _facts_of(row: Sequence[Any], sold: Sequence[Any], planned: Sequence[Any]) -> CustomerFacts:
    # by place and not by name: there may be a hundred thousand of them
    customer_id, owner_id, name, honorific, phones, created_at, stage, since, heat, potential, source, *others = row
    expected_vnd, stopped_reason, last_touch_at, referred = others
    return CustomerFacts(
        customer_id,
        owner_id,
        name,
        honorific,
        phones[0] if phones else None,
        created_at,
        stage,
        since,
        heat,
        potential,
        source,
        expected_vnd,
        stopped_reason,
        sold_on=tuple([day for _, day, _, _ in sold]),
        total_vnd=sum([amount or 0 for _, _, amount, _ in sold]),
        last_product=sold[-1][3] if sold else None,
        last_touch_at=last_touch_at,
        open_followups=planned[1],
        first_due_on=planned[2],
        referred=referred,
    )
