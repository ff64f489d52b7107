"""A customer says whether what they told us about is settled."""

from bot.domain.tickets import TicketState
from bot.messages import Reply
from bot.ticketing import desk_of
from bot.turn import Guest, GuestHandler
from bot.views import tickets as views

_ANSWERS = {"ok": True, "no": False}


async def said(guest: Guest) -> Reply:
    """`g.ticket:<id>:<ok or no>`: their own ticket, while it waits for their word."""
    ticket_id, answer = guest.arg(0), guest.args[1] if len(guest.args) > 1 else ""
    ticket = await guest.uow.tickets.of_guest(guest.customer, ticket_id) if guest.customer else None
    if guest.customer is None or ticket is None or answer not in _ANSWERS:
        return Reply(toast=guest.t("This button is out of date."))
    if ticket.state is not TicketState.SOLVED:
        return views.as_it_stands(guest.t, ticket)
    is_solved = _ANSWERS[answer]
    await desk_of(guest).customer_says(ticket, guest.customer, is_solved=is_solved)
    return views.thanks(guest.t, guest.customer, is_solved=is_solved)


CHOICES: dict[str, GuestHandler] = {"g.ticket": said}
