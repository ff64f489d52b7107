"""Tickets as they live: opened with a follow-up for the next day, reminded of by their age, solved with the customer told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from bot.domain.calendar import next_decent_moment, next_working_day
from bot.domain.customers import Customer
from bot.domain.followups import FollowUpState, NewFollowUp
from bot.domain.people import Member, managers_over
from bot.domain.reaching import Route, Unasked
from bot.domain.repositories import Store, UnitOfWork
from bot.domain.tickets import NewTicket, Ticket, TicketKind, TicketState, answer_due, solve_due
from bot.domain.timeline import InteractionKind
from bot.domain.zalo_templates import TemplateKind
from bot.i18n import Translator
from bot.messages import Reply
from bot.reaching import reach
from bot.turn import Guest, Turn, send_to_member
from bot.views import tickets as views
from bot.views.guests import from_rep

Translators = Callable[[Member], Translator]
# Tickets looked at in one tick; the next tick takes the rest.
MOST_A_TICK = 200


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


async def minder_of(uow: UnitOfWork, ticket: Ticket, customer: Customer) -> Member:
    """Who is to see to it: its assignee, while they are on the team and may see the customer; else the customer's owner of today, else
    a manager. So a ticket goes along when its customer is given to somebody else."""
    assignee, owner = await uow.members.get(ticket.assignee_id), await uow.members.get(customer.owner_id)
    for member in (assignee, owner):
        if member.active and member.leads(owner):
            return member
    return next(iter(managers_over(owner, await uow.members.everyone())), owner)


async def answered(uow: UnitOfWork, customer: Customer, now: datetime) -> None:
    """The customer has had an answer: their tickets wait for the first one no more."""
    for ticket in await uow.tickets.unsolved_of(customer.id):
        await note_answer(uow, ticket, customer, now)


async def note_answer(uow: UnitOfWork, ticket: Ticket, customer: Customer, now: datetime) -> Ticket:
    """The ticket has its first answer, unless it had one before."""
    if ticket.state is not TicketState.OPEN:
        return ticket
    remind_at = solve_due(await minder_of(uow, ticket, customer), ticket.waiting_since)
    first = ticket.first_answer_at or now
    return await uow.tickets.update(ticket, state=TicketState.ANSWERED, first_answer_at=first, remind_at=remind_at)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a ticket is worked on: the transaction, the moment, and how members are spoken to."""

    uow: UnitOfWork
    now: datetime
    translators: Translators

    async def tell(self, member: Member, key: str, reply: Reply) -> None:
        """Say something to a member, once for each `key`."""
        await send_to_member(self.uow, member.id, f"ticket:{key}", "notice", reply, self.now)

    # A customer hears --------------------------------------------------------------------------------------------------

    async def answer(self, ticket: Ticket, customer: Customer, by: Member, text: str) -> tuple[Ticket, Route]:
        """The member's words go to the customer; the way that they go."""
        reply = from_rep(by, text, None)
        key = f"ticket:{ticket.id}:answer:{self.now.isoformat()}"
        way = await self._reach(customer, reply, key, views.to_pass_on(text), TemplateKind.ANSWER)
        if way is not Route.TASK:
            await self.uow.relays.answered(customer.id, self.now)
        return await note_answer(self.uow, ticket, customer, self.now), way

    async def solve(
        self, ticket: Ticket, customer: Customer, by: Member, solution: str, cost_vnd: int
    ) -> tuple[Ticket, Route]:
        """It is solved: written down, its follow-up done, the customer told and asked whether it is; the way that this goes."""
        now, t = self.now, self.translators(by)
        await self._finish_followup(by, ticket)
        solved = await self.uow.tickets.update(
            ticket,
            state=TicketState.SOLVED,
            solution=solution,
            cost_vnd=(ticket.cost_vnd or 0) + cost_vnd,
            first_answer_at=ticket.first_answer_at or now,
            solved_at=now,
            remind_at=None,
            asked_solution=None,
            asked_cost_vnd=None,
        )
        reply = views.solved_for_customer(t, solved, customer)
        key = f"ticket:{ticket.id}:solved:{now.isoformat()}"
        words = views.to_pass_on(str(reply.text.striptags()))
        way = await self._reach(customer, reply, key, words, TemplateKind.SOLVED)
        if way is not Route.TASK:
            await self.uow.relays.answered(customer.id, now)
        return solved, way

    async def _reach(
        self, customer: Customer, reply: Reply, key: str, for_rep: Markup, template: TemplateKind
    ) -> Route:
        way = await reach(
            self.uow,
            customer,
            "ticket",
            reply,
            self.now,
            key=key,
            asked=True,
            translators=self.translators,
            text_for_rep=for_rep,
            template=template,
        )
        if isinstance(way, Unasked):
            raise ValueError("what a customer waits for is always sent")
        return way

    async def _finish_followup(self, by: Member, ticket: Ticket) -> None:
        if ticket.followup_id is None:
            return
        followup = await self.uow.followups.get(by, ticket.followup_id)
        if followup.is_open:
            done = {"state": FollowUpState.DONE, "done_at": self.now, "push_at": None}
            await self.uow.followups.update(followup, **done)

    # A manager agrees --------------------------------------------------------------------------------------------------

    async def ask_manager(self, ticket: Ticket, customer: Customer, by: Member, solution: str, cost_vnd: int) -> Ticket:
        """The solution costs more than the member may give away: their managers are asked, one tap."""
        asked = await self.uow.tickets.update(ticket, asked_solution=solution, asked_cost_vnd=cost_vnd)
        for manager in managers_over(by, await self.uow.members.everyone()):
            reply = views.may_they(self.translators(manager), asked, customer, by)
            await self.tell(manager, f"{ticket.id}:asked:{manager.id}:{self.now.isoformat()}", reply)
        return asked

    async def refuse(self, ticket: Ticket, customer: Customer, by: Member) -> Ticket:
        """The manager does not agree; who asked hears it."""
        refused = await self.uow.tickets.update(ticket, asked_solution=None, asked_cost_vnd=None)
        minder = await minder_of(self.uow, refused, customer)
        if minder.id != by.id:
            reply = views.refused(self.translators(minder), ticket, customer, by)
            await self.tell(minder, f"{ticket.id}:refused:{self.now.isoformat()}", reply)
        return refused

    # The customer says whether it is -----------------------------------------------------------------------------------

    async def close(self, ticket: Ticket) -> Ticket:
        """It is solved for good."""
        return await self.uow.tickets.update(ticket, state=TicketState.CLOSED, closed_at=self.now, remind_at=None)

    async def reopen(self, ticket: Ticket, customer: Customer) -> tuple[Ticket, Member]:
        """It is not solved: it waits again from now on, with a follow-up for the next working day; who sees to it."""
        minder = await minder_of(self.uow, ticket, customer)
        what = self.translators(minder)(views.CALL_ABOUT[ticket.kind], what=ticket.text)
        day = next_working_day(minder.today(self.now) + timedelta(days=1), minder.days_off)
        planned = NewFollowUp(customer.id, minder.id, str(what.unescape()), day)
        followup = await self.uow.followups.add(planned, self.now)
        again = await self.uow.tickets.update(
            ticket,
            state=TicketState.OPEN,
            solved_at=None,
            closed_at=None,
            waiting_since=self.now,
            remind_at=answer_due(minder, self.now),
            followup_id=followup.id,
        )
        return again, minder

    async def customer_says(self, ticket: Ticket, customer: Customer, *, is_solved: bool) -> Ticket:
        """*Ổn rồi* closes it, *Chưa ổn* opens it again; who sees to it is told at once."""
        minder = await minder_of(self.uow, ticket, customer)
        t = self.translators(minder)
        ticket = await self.close(ticket) if is_solved else (await self.reopen(ticket, customer))[0]
        words = views.says_solved(t, ticket) if is_solved else views.says_unsolved(t, ticket)
        await self.uow.timeline.add(minder, customer.id, InteractionKind.CHANGE, str(words.unescape()), self.now)
        reply = views.customer_said(t, ticket, customer, is_solved=is_solved)
        await self.tell(minder, f"{ticket.id}:said:{self.now.isoformat()}", reply)
        return ticket

    # Others ------------------------------------------------------------------------------------------------------------

    async def give(self, ticket: Ticket, customer: Customer, to: Member, by: Member) -> Ticket:
        """Somebody else is to see to it, and hears so; its open follow-up goes along."""
        if ticket.followup_id is not None:
            followup = await self.uow.followups.get(by, ticket.followup_id)
            if followup.is_open and followup.member_id != to.id:
                await self.uow.followups.update(followup, member_id=to.id)
        given = await self.uow.tickets.update(ticket, assignee_id=to.id)
        if to.id != by.id:
            reply = views.given(self.translators(to), given, customer, by)
            await self.tell(to, f"{ticket.id}:given:{self.now.isoformat()}", reply)
        return given


def desk_of(turn: Turn | Guest) -> Desk:
    """The desk of this turn."""
    return Desk(turn.uow, turn.now, turn.translator_of)


# Reminders ------------------------------------------------------------------------------------------------------------


async def remind_of_tickets(store: Store, now: datetime, translators: Translators) -> int:
    """Queue what reminds of tickets by their age at `now` (UTC), each once: the assignee of what has had no answer for a working day,
    the manager of what is not solved after three. Returns how many messages were queued."""
    async with store.read() as uow:  # most ticks find nothing
        if not await uow.tickets.reminders_due(now, 1):
            return 0
    async with store.begin() as uow:
        due = await uow.tickets.reminders_due(now, MOST_A_TICK)
        queued = sum([await _remind(uow, ticket, customer, now, translators) for ticket, customer in due])
        await uow.commit()
    return queued


async def _remind(uow: UnitOfWork, ticket: Ticket, customer: Customer, now: datetime, translators: Translators) -> int:
    minder = await minder_of(uow, ticket, customer)
    late_at = solve_due(minder, ticket.waiting_since)
    is_late = now >= late_at
    if ticket.state is TicketState.ANSWERED and not is_late:
        await uow.tickets.update(ticket, remind_at=late_at)
        return 0
    managers = managers_over(minder, await uow.members.everyone()) if is_late else []
    told = managers or [minder]
    if (decent := next_decent_moment(told[0], now)) > now:
        await uow.tickets.update(ticket, remind_at=decent)
        return 0
    queued = 0
    for member in told:
        reply = views.reminder(translators(member), ticket, customer, minder, now, reader=member)
        key = f"ticket:{ticket.id}:{'late' if is_late else 'unanswered'}:{ticket.waiting_since.isoformat()}:{member.id}"
        queued += await send_to_member(uow, member.id, key, "ticket", reply, now)
    await uow.tickets.update(ticket, remind_at=None if is_late else late_at)
    return queued
