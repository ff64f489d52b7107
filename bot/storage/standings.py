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
PAGE = 4_000

_brought = customers.alias("brought")
_LAST_TOUCH = select(func.max(interactions.c.at)).where(interactions.c.customer_id == customers.c.id).scalar_subquery()
_REFERRED = select(func.count()).where(_brought.c.referrer_id == customers.c.id).scalar_subquery()
_COLUMNS = (
    *(customers.c[name] for name in ("id", "owner_id", "name", "honorific", "phones", "created_at", "stage")),
    *(customers.c[name] for name in ("stage_since", "heat", "potential", "source", "expected_vnd", "stopped_reason")),
    _LAST_TOUCH.label("last_touch_at"),
    _REFERRED.label("referred"),
)
_SALES = select(sales.c.customer_id, sales.c.sold_on, sales.c.amount_vnd, sales.c.product).join(customers)
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
        planned = {row.customer_id: row for row in await self._sql.rows(_PLANNED.where(these))}
        return [_facts_of(row, sold.get(row.id, ()), planned.get(row.id)) for row in rows]


def _by_customer(rows: Iterable[Any]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.customer_id].append(row)
    return grouped


def _facts_of(row: Any, sold: Sequence[Any], planned: Any) -> CustomerFacts:
    return CustomerFacts(
        customer_id=row.id,
        owner_id=row.owner_id,
        name=row.name,
        honorific=row.honorific,
        phone=row.phones[0] if row.phones else None,
        created_at=row.created_at,
        stage=row.stage,
        stage_since=row.stage_since,
        heat=row.heat,
        potential=row.potential,
        source=row.source,
        expected_vnd=row.expected_vnd,
        stopped_reason=row.stopped_reason,
        sold_on=tuple(sale.sold_on for sale in sold),
        total_vnd=sum(sale.amount_vnd or 0 for sale in sold),
        last_product=sold[-1].product if sold else None,
        last_touch_at=row.last_touch_at,
        open_followups=planned.count if planned else 0,
        first_due_on=planned.first_due_on if planned else None,
        referred=row.referred,
    )
