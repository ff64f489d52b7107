"""Tickets: /phieu, the page of one, answering, solving, giving it to somebody else; a new one by hand."""

from markupsafe import Markup

from bot.domain.audit import What
from bot.domain.customers import Customer
from bot.domain.errors import DomainError, NotFound
from bot.domain.names import folded
from bot.domain.people import Member
from bot.domain.reaching import first_open
from bot.domain.sales import ABSURD_AMOUNT_VND
from bot.domain.tickets import Ticket, TicketKind, TicketState, may_solve_alone
from bot.domain.timeline import InteractionKind
from bot.domain.understanding.amounts import parse_amount
from bot.messages import Reply
from bot.reaching import means_for
from bot.ticketing import desk_of, minder_of, note_answer, open_ticket
from bot.turn import Handler, Turn, address_of
from bot.views import tickets as views
from bot.views.ways import reach_line

LONGEST_TEXT = 2_000
_NOTHING = ("khong", "ko", "0", "mien phi", "no", "free")
_QUESTIONS = ("ticket.reply", "ticket.solution", "ticket.cost", "ticket.text")


# Lists ----------------------------------------------------------------------------------------------------------------


async def tickets(turn: Turn) -> Reply:
    """/phieu: what is still to be solved, of the customers whom the member may see."""
    return await _list(turn, 0, replaces=False)


async def page(turn: Turn) -> Reply:
    """`tickets:<offset>`: in place."""
    return await _list(turn, turn.arg(0), replaces=True)


async def _list(turn: Turn, offset: int, *, replaces: bool) -> Reply:
    start = offset // views.PAGE * views.PAGE
    found, total = await turn.uow.tickets.unsolved(turn.member, views.PAGE, start)
    if total and not found:
        found, total = await turn.uow.tickets.unsolved(turn.member, views.PAGE)
        start = 0
    return views.ticket_list(turn.t, found, total, start, turn.now, replaces=replaces)


async def of_customer(turn: Turn) -> Reply:
    """`ticket.of:<customer>`: one customer's, and a new one."""
    customer = await turn.uow.customers.get(turn.member, turn.arg(0))
    return views.of_customer(turn.t, customer, await turn.uow.tickets.unsolved_of(customer.id), turn.now)


# One ticket -----------------------------------------------------------------------------------------------------------


async def _held(turn: Turn, ticket_id: int) -> tuple[Ticket, Customer]:
    ticket = await turn.uow.tickets.get(turn.member, ticket_id)
    return ticket, await turn.uow.customers.get(turn.member, ticket.customer_id)


async def _page(
    turn: Turn, ticket: Ticket, customer: Customer, note: Markup = Markup(), *, replaces: bool = True
) -> Reply:
    minder = await minder_of(turn.uow, ticket, customer)
    in_place = replaces and bool(turn.incoming.choice)
    return views.page(turn.t, ticket, customer, minder, turn.member, turn.now, note=note, replaces=in_place)


async def open_page(turn: Turn) -> Reply:
    """`ticket.open:<id>`: as a new message."""
    await _no_longer_asked(turn)
    ticket, customer = await _held(turn, turn.arg(0))
    await turn.talks_about(customer.id)
    return await _page(turn, ticket, customer, replaces=False)


async def show(turn: Turn) -> Reply:
    """`ticket.show:<id>`: in place."""
    await _no_longer_asked(turn)
    return await _page(turn, *await _held(turn, turn.arg(0)))


async def _changed(turn: Turn, customer: Customer, *fields: str) -> None:
    await turn.uow.audit.note(
        turn.member, What.CHANGED, now=turn.now, customer=customer.id, fields=[f"ticket.{name}" for name in fields]
    )


async def _unsolved(turn: Turn, ticket_id: int) -> tuple[Ticket, Customer, Reply | None]:
    """The ticket; where it is solved already, how it stands, and nothing is done twice."""
    ticket, customer = await _held(turn, ticket_id)
    if ticket.is_unsolved:
        return ticket, customer, None
    return ticket, customer, await _page(turn, ticket, customer, turn.t("This ticket is solved already."))


# Answering ------------------------------------------------------------------------------------------------------------


async def ask_answer(turn: Turn) -> Reply:
    """`ticket.answer:<id>`."""
    ticket, customer, as_it_stands = await _unsolved(turn, turn.arg(0))
    if as_it_stands:
        return as_it_stands
    await turn.ask("ticket.reply", ticket=ticket.id, customer=customer.id)
    contacts, means = await turn.uow.contacts.of_customer(customer.id), await means_for(turn.uow)
    is_open = first_open(contacts, turn.now, means) is not None
    reach = reach_line(turn.t, customer, contacts, turn.now, means)
    return views.ask_answer(turn.t, ticket, customer, reach, is_open=is_open)


async def answer(turn: Turn) -> Reply:
    """The answer typed goes to the customer."""
    ticket, customer, as_it_stands = await _unsolved(turn, int(turn.data["ticket"]))
    if as_it_stands:
        return as_it_stands
    answered, way = await desk_of(turn).answer(ticket, customer, turn.member, turn.words)
    await _changed(turn, customer, "state")
    return await _page(turn, answered, customer, views.way_words(turn.t, customer, way))


async def reached(turn: Turn) -> Reply:
    """`ticket.reached:<id>`: they were answered elsewhere, by a call perhaps."""
    ticket, customer, as_it_stands = await _unsolved(turn, turn.arg(0))
    if as_it_stands:
        return as_it_stands
    ticket = await note_answer(turn.uow, ticket, customer, turn.now)
    await _changed(turn, customer, "state")
    return await _page(turn, ticket, customer, turn.t("✅ Noted"))


# Solving --------------------------------------------------------------------------------------------------------------


async def ask_solution(turn: Turn) -> Reply:
    """`ticket.solve:<id>`."""
    ticket, customer, as_it_stands = await _unsolved(turn, turn.arg(0))
    if as_it_stands:
        return as_it_stands
    await turn.ask("ticket.solution", ticket=ticket.id, customer=customer.id)
    return views.ask_solution(turn.t, ticket, customer)


async def solution(turn: Turn) -> Reply:
    """What has been done; then what it cost."""
    ticket, customer, as_it_stands = await _unsolved(turn, int(turn.data["ticket"]))
    if as_it_stands:
        return as_it_stands
    said = turn.words[:LONGEST_TEXT]
    await turn.ask("ticket.cost", ticket=ticket.id, customer=customer.id, solution=said)
    heard = parse_amount(said)
    is_likely = heard is not None and 0 < heard <= ABSURD_AMOUNT_VND
    return views.ask_cost(turn.t, ticket, heard if is_likely else None)


async def cost_typed(turn: Turn) -> Reply:
    """The cost typed."""
    cost_vnd = parse_amount(turn.words)
    if cost_vnd is None and folded(turn.words).strip().startswith(_NOTHING):
        cost_vnd = 0
    if cost_vnd is None or not 0 <= cost_vnd <= ABSURD_AMOUNT_VND:
        ticket, _ = await _held(turn, int(turn.data["ticket"]))
        await turn.ask("ticket.cost", **turn.data)
        return views.ask_cost(turn.t, ticket, None, wrong=True)
    return await _solve(turn, int(turn.data["ticket"]), str(turn.data["solution"]), cost_vnd)


async def cost(turn: Turn) -> Reply:
    """`ticket.cost:<id>:<đồng>`."""
    ticket_id, cost_vnd = turn.arg(0), turn.amount(1)
    ticket, customer = await _held(turn, ticket_id)
    address = address_of(turn.incoming.peer)
    waiting = await turn.uow.questions.waiting(address)
    is_asked = waiting and waiting.name == "ticket.cost" and waiting.data["ticket"] == ticket_id
    if waiting is None or not is_asked or cost_vnd > ABSURD_AMOUNT_VND:
        return await _page(turn, ticket, customer)
    await turn.uow.questions.forget(address)
    return await _solve(turn, ticket_id, str(waiting.data["solution"]), cost_vnd)


async def _solve(turn: Turn, ticket_id: int, said: str, cost_vnd: int) -> Reply:
    ticket, customer, as_it_stands = await _unsolved(turn, ticket_id)
    if as_it_stands:
        return as_it_stands
    await _changed(turn, customer, "state")
    limit_vnd = (await turn.company()).solve_limit_vnd
    if not may_solve_alone(turn.member, cost_vnd, limit_vnd):
        asked = await desk_of(turn).ask_manager(ticket, customer, turn.member, said, cost_vnd)
        return await _page(turn, asked, customer, views.waits_for_manager(turn.t, limit_vnd))
    solved, way = await desk_of(turn).solve(ticket, customer, turn.member, said, cost_vnd)
    return await _page(turn, solved, customer, views.way_words(turn.t, customer, way))


async def agree(turn: Turn) -> Reply:
    """`ticket.agree:<id>:<stamp>`: a manager lets it cost so much; the customer is told."""
    ticket, customer, as_it_stands = await _asked(turn)
    if as_it_stands or ticket.asked_solution is None or ticket.asked_cost_vnd is None:
        return as_it_stands or await _page(turn, ticket, customer)
    await _changed(turn, customer, "cost_vnd")
    desk, minder = desk_of(turn), await minder_of(turn.uow, ticket, customer)
    solved, way = await desk.solve(ticket, customer, turn.member, ticket.asked_solution, ticket.asked_cost_vnd)
    told = views.way_words(turn.t, customer, way)
    if minder.id != turn.member.id:
        t = turn.translator_of(minder)
        reply = views.agreed(t, solved, customer, turn.member, views.way_words(t, customer, way))
        await desk.tell(minder, f"{ticket.id}:agreed:{turn.now.isoformat()}", reply)
    return await _page(turn, solved, customer, told)


async def refuse(turn: Turn) -> Reply:
    """`ticket.refuse:<id>:<stamp>`."""
    ticket, customer, as_it_stands = await _asked(turn)
    if as_it_stands:
        return as_it_stands
    await _changed(turn, customer, "cost_vnd")
    refused = await desk_of(turn).refuse(ticket, customer, turn.member)
    return await _page(turn, refused, customer, turn.t("👎 Not agreed to; the colleague has been told."))


async def _asked(turn: Turn) -> tuple[Ticket, Customer, Reply | None]:
    """The ticket that a manager is asked about; how it stands where it is decided, or asked anew since. Raises NotFound for
    who is no manager."""
    ticket, customer = await _held(turn, turn.arg(0))
    if not turn.member.manages:
        raise NotFound("ticket_not_found")
    if ticket.is_unsolved and ticket.asked_stamp is not None and ticket.asked_stamp == turn.amount(1):
        return ticket, customer, None
    return ticket, customer, await _page(turn, ticket, customer, turn.t("This has been decided already."))


# What becomes of it ---------------------------------------------------------------------------------------------------


async def close(turn: Turn) -> Reply:
    """`ticket.close:<id>`: the customer has said elsewhere that it is settled."""
    ticket, customer = await _held(turn, turn.arg(0))
    if ticket.state is TicketState.SOLVED:
        ticket = await desk_of(turn).close(ticket)
        await _changed(turn, customer, "state")
    return await _page(turn, ticket, customer)


async def reopen(turn: Turn) -> Reply:
    """`ticket.reopen:<id>`: it is not settled after all."""
    ticket, customer = await _held(turn, turn.arg(0))
    if not ticket.is_unsolved:
        ticket, _ = await desk_of(turn).reopen(ticket, customer)
        await _changed(turn, customer, "state")
    return await _page(turn, ticket, customer)


async def choose_kind(turn: Turn) -> Reply:
    """`ticket.kinds:<id>`."""
    ticket, _ = await _held(turn, turn.arg(0))
    return views.choose_kind(turn.t, ticket)


async def set_kind(turn: Turn) -> Reply:
    """`ticket.kind:<id>:<kind>`."""
    ticket, customer = await _held(turn, turn.arg(0))
    ticket = await turn.uow.tickets.update(ticket, kind=_kind(turn))
    await _changed(turn, customer, "kind")
    return await _page(turn, ticket, customer)


def _kind(turn: Turn) -> TicketKind:
    """The choice's second part. Raises DomainError when somebody forged it."""
    kind = next((kind for kind in TicketKind if turn.args[1:2] == [kind.value]), None)
    if kind is None:
        raise DomainError("old_button")
    return kind


async def choose_member(turn: Turn) -> Reply:
    """`ticket.whom:<id>`."""
    ticket, customer, as_it_stands = await _unsolved(turn, turn.arg(0))
    return as_it_stands or views.choose_member(turn.t, ticket, await _others(turn, ticket, customer))


async def _others(turn: Turn, ticket: Ticket, customer: Customer) -> list[Member]:
    """Who else may see to it: whoever may see the customer."""
    owner, minder = await turn.uow.members.get(customer.owner_id), await minder_of(turn.uow, ticket, customer)
    everyone = await turn.uow.members.everyone()
    return [member for member in everyone if member.leads(owner) and member.id != minder.id]


async def give(turn: Turn) -> Reply:
    """`ticket.to:<id>:<member>`."""
    ticket, customer, as_it_stands = await _unsolved(turn, turn.arg(0))
    if as_it_stands:
        return as_it_stands
    member_id = turn.arg(1)
    to = next((member for member in await _others(turn, ticket, customer) if member.id == member_id), None)
    if to is None:
        raise DomainError("old_button")
    given = await desk_of(turn).give(ticket, customer, to, turn.member)
    await _changed(turn, customer, "assignee_id")
    return await _page(turn, given, customer, turn.t("🤝 Given to {name}", name=to.name))


# By hand --------------------------------------------------------------------------------------------------------------


async def new(turn: Turn) -> Reply:
    """`ticket.new:<customer>`: of which kind?"""
    return views.choose_new_kind(turn.t, await turn.uow.customers.get(turn.member, turn.arg(0)))


async def ask_text(turn: Turn) -> Reply:
    """`ticket.add:<customer>:<kind>`: what is the matter?"""
    customer, kind = await turn.uow.customers.get(turn.member, turn.arg(0)), _kind(turn)
    await turn.ask("ticket.text", customer=customer.id, kind=kind.value)
    return views.ask_text(turn.t, customer)


async def opened(turn: Turn) -> Reply:
    """The matter typed: on the timeline, and a ticket."""
    customer = await turn.uow.customers.get(turn.member, int(turn.data["customer"]))
    kind = TicketKind(turn.data["kind"])
    is_complaint = kind is TicketKind.COMPLAINT
    entry = await turn.uow.timeline.add(
        turn.member,
        customer.id,
        InteractionKind.FEEDBACK if is_complaint else InteractionKind.NOTE,
        turn.words,
        turn.now,
        details={"sentiment": "complaint"} if is_complaint else None,
    )
    ticket = await open_for_owner(turn, customer, kind, turn.words, entry.id)
    action_id = await turn.saved(customer.id)
    return views.opened(turn.t, ticket, customer, action_id)


async def open_for_owner(
    turn: Turn, customer: Customer, kind: TicketKind, text: str, entry_id: int, followup_id: int | None = None
) -> Ticket:
    """A ticket that the member opens for whose customer it is; `followup_id` where one was promised already."""
    owner = turn.member if customer.owner_id == turn.member.id else await turn.uow.members.get(customer.owner_id)
    return await open_ticket(
        turn.uow,
        customer,
        kind,
        text,
        turn.now,
        actor=turn.member,
        assignee=owner if owner.active else turn.member,
        translators=turn.translator_of,
        entry_id=entry_id,
        followup_id=followup_id,
    )


async def _no_longer_asked(turn: Turn) -> None:
    """Whoever turns to a ticket has left the question about another one."""
    address = address_of(turn.incoming.peer)
    waiting = await turn.uow.questions.waiting(address)
    if waiting and waiting.name in _QUESTIONS:
        await turn.uow.questions.forget(address)


CHOICES: dict[str, Handler] = {
    "tickets": page,
    "ticket.open": open_page,
    "ticket.show": show,
    "ticket.of": of_customer,
    "ticket.answer": ask_answer,
    "ticket.reached": reached,
    "ticket.solve": ask_solution,
    "ticket.cost": cost,
    "ticket.agree": agree,
    "ticket.refuse": refuse,
    "ticket.close": close,
    "ticket.reopen": reopen,
    "ticket.kinds": choose_kind,
    "ticket.kind": set_kind,
    "ticket.whom": choose_member,
    "ticket.to": give,
    "ticket.new": new,
    "ticket.add": ask_text,
}
QUESTIONS: dict[str, Handler] = {
    "ticket.reply": answer,
    "ticket.solution": solution,
    "ticket.cost": cost_typed,
    "ticket.text": opened,
}
READING = frozenset({"/phieu", "tickets"})
