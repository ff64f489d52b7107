"""Tickets as they live: opened with a follow-up for the next day, reminded of by their age, solved with the customer told."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.calendar import next_working_day
from bot.domain.customers import Customer
from bot.domain.followups import NewFollowUp
from bot.domain.people import Member
from bot.domain.repositories import UnitOfWork
from bot.domain.tickets import NewTicket, Ticket, TicketKind, answer_due
from bot.i18n import Translator
from bot.turn import send_to_member
from bot.views import tickets as views

Translators = Callable[[Member], Translator]


async def open_ticket(
    uow: UnitOfWork,
    customer: Customer,
    kind: TicketKind,
    text: str,
    now: datetime,
    *,
    actor: Member | None,
    assignee: Member,
    translators: Translators,
    entry_id: int | None = None,
    followup_id: int | None = None,
) -> Ticket:
    """Open a ticket for `assignee`, with a follow-up on their next working day unless `followup_id` is one that was promised.

    `actor` is the member who opens it, None where the customer themselves did: whoever else it is for is told at once, but
    for what a customer did, which the caller tells. `entry_id` is the entry of the timeline that tells of it.
    """
    if followup_id is None:
        what = translators(assignee)(views.CALL_ABOUT[kind], what=text)
        day = next_working_day(assignee.today(now) + timedelta(days=1), assignee.days_off)
        planned = NewFollowUp(customer.id, assignee.id, str(what.unescape()), day)
        followup_id = (await uow.followups.add(planned, now)).id
    new = NewTicket(
        customer.id, kind, assignee.id, text, now, answer_due(assignee, now), entry_id=entry_id, followup_id=followup_id
    )
    ticket = await uow.tickets.add(new)
    if actor and actor.id != assignee.id:
        reply = views.yours(translators(assignee), ticket, customer, actor)
        await send_to_member(uow, assignee.id, f"ticket:{ticket.id}:opened", "notice", reply, now)
    return ticket
