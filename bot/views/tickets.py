"""Tickets: the list, the page of one, what members and customers are told about them."""

from markupsafe import Markup

from bot.domain.customers import Customer
from bot.domain.people import Member
from bot.domain.tickets import Ticket, TicketKind
from bot.i18n import Translator, mark
from bot.messages import Choice, Reply
from bot.views import buttons
from bot.views.cards import lines, title
from bot.views.words import shortened

KINDS = {
    TicketKind.COMPLAINT: mark("complaint"),
    TicketKind.QUESTION: mark("question"),
    TicketKind.RETURN: mark("return, refund"),
    TicketKind.WARRANTY: mark("warranty"),
}
KIND_SIGNS = {TicketKind.COMPLAINT: "👎", TicketKind.QUESTION: "❓", TicketKind.RETURN: "↩️", TicketKind.WARRANTY: "🛠"}
# The follow-up that a ticket plans.
CALL_ABOUT = {
    TicketKind.COMPLAINT: mark("See to the complaint: {what}"),
    TicketKind.QUESTION: mark("Answer the question: {what}"),
    TicketKind.RETURN: mark("See to the return or refund: {what}"),
    TicketKind.WARRANTY: mark("See to the warranty: {what}"),
}
LONGEST_SHOWN = 600


def open_button(t: Translator, ticket: Ticket) -> Choice:
    """*Mở phiếu*: its page as a new message."""
    return Choice("🎫 " + t("Open ticket"), f"ticket.open:{ticket.id}")


def headline(t: Translator, ticket: Ticket) -> Markup:
    """🎫 P12 · 👎 khiếu nại."""
    return Markup("🎫 <b>{}</b> · {} {}").format(ticket.code, KIND_SIGNS[ticket.kind], t(KINDS[ticket.kind]))


def quoted(text: str) -> Markup:
    """What was said."""
    return Markup("<blockquote>{}</blockquote>").format(shortened(text, LONGEST_SHOWN))


def yours(t: Translator, ticket: Ticket, customer: Customer, by: Member) -> Reply:
    """Somebody else opened a ticket for the reader."""
    text = lines(
        [t("{name} has opened a ticket for you:", name=by.name), headline(t, ticket), title(t, customer), quoted(ticket.text)]
    )
    return Reply(text, ((open_button(t, ticket), buttons.open_customer(t, customer.id)),))
