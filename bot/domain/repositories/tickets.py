"""Tickets, as storage must offer them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.customers import Customer
from bot.domain.people import Member
from bot.domain.tickets import NewTicket, Ticket


class Tickets(Protocol):
    """What customers complained of or asked for."""

    async def add(self, ticket: NewTicket) -> Ticket:
        """Open one."""
        ...

    async def get(self, actor: Member, ticket_id: int) -> Ticket:
        """One about a customer whom the actor may see. Raises NotFound."""
        ...

    async def of_guest(self, customer: Customer, ticket_id: int) -> Ticket | None:
        """One of the customer's own, for the customer themselves; None where it is not."""
        ...

    async def of_entry(self, entry_id: int) -> Ticket | None:
        """The one that an entry of the timeline opened."""
        ...

    async def update(self, ticket: Ticket, **changes: object) -> Ticket:
        """The ticket with fields changed."""
        ...

    async def unsolved(
        self, actor: Member, limit: int, offset: int = 0
    ) -> tuple[Sequence[tuple[Ticket, Customer]], int]:
        """Those still to be solved of the customers whom the actor may see, the oldest first, and how many there are."""
        ...

    async def unsolved_of(self, customer_id: int) -> Sequence[Ticket]:
        """A customer's still to be solved, the oldest first. No access for members: ask `Customers` for an acting member."""
        ...

    async def reminders_due(self, now: datetime, limit: int) -> Sequence[tuple[Ticket, Customer]]:
        """Those whose `remind_at` has come, locked until the commit; another instance takes the others."""
        ...
