"""What was sold."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import BigInteger, bindparam, cast, func, insert, select, update

from bot.domain.errors import NotFound
from bot.domain.people import Member
from bot.domain.sales import NewSale, Purchases, Sale
from bot.storage.access import visible_to
from bot.storage.columns import columns_of
from bot.storage.tables import customers, sales
from bot.storage.transaction import Sql
from bot.storage.undo import Journal

SALE_COLUMNS = columns_of(sales, Sale)
_SALE = select(*SALE_COLUMNS)
_ADD = insert(sales).returning(sales.c.id)
_UPDATE = update(sales).where(sales.c.id == bindparam("row_id"))


class SqlSales:
    """`Sales` in tables."""

    def __init__(self, sql: Sql, journal: Journal) -> None:
        self._sql = sql
        self._journal = journal

    async def add(self, sale: NewSale) -> Sale:
        """Write down a sale."""
        values = asdict(sale)
        added = Sale(id=await self._sql.scalar(_ADD, values), **values)
        self._journal.added(added)
        return added

    async def get(self, actor: Member, sale_id: int) -> Sale:
        """One sale. Raises NotFound."""
        visible = _SALE.join(customers).where(sales.c.id == sale_id, visible_to(actor))
        locked = visible.with_for_update(of=sales, key_share=True) if self._sql.writes else visible
        row = await self._sql.row(locked)
        if row is None:
            raise NotFound("sale_not_found")
        return Sale(*row)

    async def update(self, sale: Sale, **changes: Any) -> Sale:
        """The sale with fields changed."""
        changed = replace(sale, **changes)
        await self._sql.change(_UPDATE, {"row_id": sale.id, **changes})
        self._journal.changed(sale, changed, changes)
        return changed

    async def purchases(self, customer_ids: Collection[int]) -> Mapping[int, Purchases]:
        """What each of these customers bought so far."""
        if not customer_ids:
            return {}
        theirs = sales.c.customer_id
        newest_first = (sales.c.sold_at.desc(), sales.c.id.desc())
        ranked = (
            select(
                *SALE_COLUMNS,
                func.row_number().over(partition_by=theirs, order_by=newest_first).label("place"),
                func.count().over(partition_by=theirs).label("count"),
                cast(func.coalesce(func.sum(sales.c.amount_vnd).over(partition_by=theirs), 0), BigInteger).label(
                    "total_vnd"
                ),
            )
            .where(theirs.in_(customer_ids))
            .subquery()
        )
        rows = await self._sql.rows(select(ranked).where(ranked.c.place == 1))
        bought = {row.customer_id: Purchases(row.count, row.total_vnd, Sale(*row[: len(SALE_COLUMNS)])) for row in rows}
        return {customer_id: bought.get(customer_id, Purchases()) for customer_id in customer_ids}
