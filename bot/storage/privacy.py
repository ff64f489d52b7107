"""Everything held on a customer, and the end of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.domain.customers import Customer
from bot.domain.people import Member
from bot.domain.repositories.privacy import Dossier
from bot.storage.customers import CUSTOMER_COLUMNS, SqlCustomers
from bot.storage.erasing import DROPPED, EMPTIED, KEPT, Eraser
from bot.storage.guest_tables import erasures, rewards
from bot.storage.tables import customers
from bot.storage.transaction import Sql

_ABOUT = tuple(table for table in (*EMPTIED, *DROPPED, *KEPT) if table is not erasures)
_ERASURE = upsert(erasures)
_NOTE = _ERASURE.on_conflict_do_update(
    index_elements=["customer_id"],
    set_={"erased_at": _ERASURE.excluded.erased_at, "cleaned_at": None},
)


class SqlPrivacy:
    """`Privacy` in tables."""

    def __init__(self, sql: Sql, customers_of: SqlCustomers) -> None:
        self._sql = sql
        self._customers = customers_of

    async def everything(self, actor: Member, customer_id: int) -> Dossier:
        """All rows about a customer. Raises NotFound as `Customers.get`."""
        await self._customers.get(actor, customer_id)
        rows = await self._sql.rows(select(customers).where(customers.c.id == customer_id))
        dossier = {customers.name: [dict(row._mapping) for row in rows]}
        for table in _ABOUT:
            is_theirs = table.c.customer_id == customer_id
            if table is rewards:
                is_theirs = or_(is_theirs, rewards.c.referred_id == customer_id)
            found = await self._sql.rows(select(table).where(is_theirs).order_by(*table.primary_key))
            dossier[table.name] = [dict(row._mapping) for row in found]
        return dossier

    async def erase(self, customer: Customer, now: datetime) -> None:
        """Take the person out of every table; the figures stay, on a row without a name that nobody sees any more."""
        await Eraser(self._sql, customer, now).erase()
        values: dict[str, Any] = {"customer_id": customer.id, "erased_at": now, "cleaned_at": None}
        await self._sql.change(_NOTE, values)

    async def erased(self) -> Sequence[tuple[int, datetime]]:
        """Who was erased and when: the list to erase again by after an older copy of the database was brought back."""
        listed = select(erasures.c.customer_id, erasures.c.erased_at).order_by(erasures.c.customer_id)
        return [tuple(row) for row in await self._sql.rows(listed)]

    async def erase_again(self, erased: Sequence[tuple[int, datetime]]) -> int:
        """Erase those of the list who are there again; returns how many."""
        moments = dict(erased)
        there = select(*CUSTOMER_COLUMNS).where(customers.c.id.in_(moments), customers.c.erased_at.is_(None))
        again = [Customer(*row) for row in await self._sql.rows(there)]
        for customer in again:
            await self.erase(customer, moments[customer.id])
        return len(again)

    async def is_clean(self) -> bool:
        """Whether nobody was erased since the database's files were cleaned."""
        return (
            await self._sql.row(select(erasures.c.customer_id).where(erasures.c.cleaned_at.is_(None)).limit(1)) is None
        )

    async def cleaned(self, until: datetime, now: datetime) -> None:
        """The files hold nothing more of who was erased up to that moment."""
        unclean = (erasures.c.cleaned_at.is_(None), erasures.c.erased_at <= until)
        await self._sql.change(update(erasures).where(*unclean).values(cleaned_at=now))
