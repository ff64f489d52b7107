"""Tickets in tables."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from bot.domain.customers import Customer
from bot.domain.errors import NotFound
from bot.domain.people import Member
from bot.domain.tickets import UNSOLVED, NewTicket, Ticket, TicketState
from bot.storage.access import visible_to
from bot.storage.columns import columns_of
from bot.storage.customers import CUSTOMER_COLUMNS
from bot.storage.guest_tables import tickets
from bot.storage.tables import customers
from bot.storage.transaction import Sql
from bot.storage.undo import Journal

_COLUMNS = columns_of(tickets, Ticket)
_TICKET = select(*_COLUMNS)
_WITH_CUSTOMER = select(*_COLUMNS, *CUSTOMER_COLUMNS).join(customers, customers.c.id == tickets.c.customer_id)
_IS_UNSOLVED = tickets.c.state.in_(UNSOLVED)
_OLDEST_FIRST = (tickets.c.opened_at, tickets.c.id)


class SqlTickets:
    """`Tickets` in tables."""

    def __init__(self, sql: Sql, journal: Journal) -> None:
        self._sql = sql
        self._journal = journal

    async def add(self, ticket: NewTicket) -> Ticket:
        """Open one."""
        values = asdict(ticket) | {"state": TicketState.OPEN, "waiting_since": ticket.opened_at}
        ticket_id = await self._sql.scalar(insert(tickets).returning(tickets.c.id), values)
        added = Ticket(id=ticket_id, **values)
        self._journal.added(added)
        return added

    async def get(self, actor: Member, ticket_id: int) -> Ticket:
        """One about a customer whom the actor may see. Raises NotFound."""
        visible = _TICKET.join(customers).where(tickets.c.id == ticket_id, visible_to(actor))
        row = await self._sql.row(visible.with_for_update(of=tickets) if self._sql.writes else visible)
        if row is None:
            raise NotFound("ticket_not_found")
        return Ticket(*row)

    async def of_guest(self, customer: Customer, ticket_id: int) -> Ticket | None:
        """One of the customer's own, for the customer themselves; None where it is not."""
        theirs = _TICKET.where(tickets.c.id == ticket_id, tickets.c.customer_id == customer.id)
        row = await self._sql.row(theirs.with_for_update() if self._sql.writes else theirs)
        return None if row is None else Ticket(*row)

    async def of_entry(self, entry_id: int) -> Ticket | None:
        """The one that an entry of the timeline opened."""
        row = await self._sql.row(_TICKET.where(tickets.c.entry_id == entry_id))
        return None if row is None else Ticket(*row)

    async def update(self, ticket: Ticket, **changes: Any) -> Ticket:
        """The ticket with fields changed. What became of it is not taken back with the entry that opened it."""
        await self._sql.change(update(tickets).where(tickets.c.id == ticket.id).values(**changes))
        return replace(ticket, **changes)

    async def unsolved(
        self, actor: Member, limit: int, offset: int = 0
    ) -> tuple[Sequence[tuple[Ticket, Customer]], int]:
        """Those still to be solved of the customers whom the actor may see, the oldest first, and how many there are."""
        theirs = (_IS_UNSOLVED, visible_to(actor))
        count = await self._sql.scalar(select(func.count()).select_from(tickets.join(customers)).where(*theirs))
        page = _WITH_CUSTOMER.where(*theirs).order_by(*_OLDEST_FIRST).limit(limit).offset(offset)
        return [_both(row) for row in await self._sql.rows(page)], count

    async def unsolved_of(self, customer_id: int) -> Sequence[Ticket]:
        """A customer's still to be solved, the oldest first."""
        theirs = _TICKET.where(tickets.c.customer_id == customer_id, _IS_UNSOLVED).order_by(*_OLDEST_FIRST)
        return [Ticket(*row) for row in await self._sql.rows(theirs)]

    async def reminders_due(self, now: datetime, limit: int) -> Sequence[tuple[Ticket, Customer]]:
        """Those whose `remind_at` has come, locked until the commit; another instance takes the others."""
        due = _WITH_CUSTOMER.where(tickets.c.remind_at <= now).order_by(tickets.c.remind_at, tickets.c.id).limit(limit)
        locked = due.with_for_update(of=tickets, skip_locked=True) if self._sql.writes else due
        return [_both(row) for row in await self._sql.rows(locked)]


def next_reminder() -> Any:
    """When the next ticket is to be reminded of, as a subquery."""
    return select(func.min(tickets.c.remind_at)).scalar_subquery()


def _both(row: Any) -> tuple[Ticket, Customer]:
    split = len(_COLUMNS)
    return Ticket(*row[:split]), Customer(*row[split:])
