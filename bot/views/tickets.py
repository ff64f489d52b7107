"""Tickets: the list, the page of one, what members and customers are told about them."""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from bot.domain.customers import Customer
from bot.domain.people import Member
from bot.domain.reaching import Route
from bot.domain.tickets import Ticket, TicketKind, TicketState
from bot.i18n import Translator, mark
from bot.messages import Choice, Reply, Rows
from bot.views import buttons
from bot.views.cards import back_to_card, lines, pager, phones, rows_of, title
from bot.views.ways import cost_words
from bot.views.words import TICKET_KINDS, called, shortened

PAGE = 8

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
    return Markup("🎫 <b>{}</b> · {} {}").format(ticket.code, KIND_SIGNS[ticket.kind], t(TICKET_KINDS[ticket.kind]))


def quoted(text: str) -> Markup:
    """What was said."""
    return Markup("<blockquote>{}</blockquote>").format(shortened(text, LONGEST_SHOWN))


def yours(t: Translator, ticket: Ticket, customer: Customer, by: Member) -> Reply:
    """Somebody else opened a ticket for the reader."""
    text = lines(
        [
            t("{name} has opened a ticket for you:", name=by.name),
            headline(t, ticket),
            title(t, customer),
            quoted(ticket.text),
        ]
    )
    return Reply(text, ((open_button(t, ticket), buttons.open_customer(t, customer.id)),))


def given(t: Translator, ticket: Ticket, customer: Customer, by: Member) -> Reply:
    """Somebody gave the reader a ticket."""
    said = t("{name} has given you a ticket:", name=by.name)
    text = lines([said, headline(t, ticket), title(t, customer), quoted(ticket.text)])
    return Reply(text, ((open_button(t, ticket), buttons.open_customer(t, customer.id)),))


def age(t: Translator, ticket: Ticket, now: datetime) -> Markup:
    """How long ago it was opened, by the reader's days."""
    days = (now.astimezone(t.zone).date() - ticket.opened_at.astimezone(t.zone).date()).days
    return t.plural("{count} day", "{count} days", days) if days > 0 else t("today")


# Lists ----------------------------------------------------------------------------------------------------------------


def ticket_list(
    t: Translator, found: Sequence[tuple[Ticket, Customer]], total: int, offset: int, now: datetime, *, replaces: bool
) -> Reply:
    """Tickets still to be solved, the oldest first; each opens its page."""
    if not total:
        return Reply(t("🎫 No open ticket: everybody has been helped."), replaces=replaces)
    head = t.plural(
        "🎫 <b>{count} open ticket</b>, the oldest first:", "🎫 <b>{count} open tickets</b>, the oldest first:", total
    )
    rows = tuple((Choice(label(t, ticket, customer, now), f"ticket.show:{ticket.id}"),) for ticket, customer in found)
    return Reply(head, (*rows, *rows_of(pager("tickets", offset, PAGE, total))), replaces=replaces)


def label(t: Translator, ticket: Ticket, customer: Customer, now: datetime) -> str:
    """👎 P12 · chị Lan · 2 ngày."""
    parts = [f"{KIND_SIGNS[ticket.kind]} {ticket.code}", shortened(called(t, customer), 28), str(age(t, ticket, now))]
    return " · ".join([*parts, "💬"] if ticket.state is TicketState.ANSWERED else parts)


def of_customer(t: Translator, customer: Customer, found: Sequence[Ticket], now: datetime) -> Reply:
    """What is still to be solved for one customer, and a new ticket."""
    rows = tuple((Choice(label(t, ticket, customer, now), f"ticket.show:{ticket.id}"),) for ticket in found)
    said = t("🎫 Open tickets:") if found else t("🎫 No open ticket.")
    new = Choice("➕ " + t("New ticket"), f"ticket.new:{customer.id}")
    return Reply(lines([title(t, customer), said]), (*rows, (new, back_to_card(t, customer.id))), replaces=True)


# One ticket -----------------------------------------------------------------------------------------------------------


def page(
    t: Translator,
    ticket: Ticket,
    customer: Customer,
    minder: Member,
    reader: Member,
    now: datetime,
    *,
    note: Markup = Markup(),
    replaces: bool,
) -> Reply:
    """All about one ticket, with what can be done next."""
    whose = t("To be seen to by {name}", name=minder.name) if minder.id != reader.id else Markup()
    text = lines(
        [
            note,
            headline(t, ticket),
            title(t, customer),
            phones(customer),
            quoted(ticket.text),
            t("Opened {moment} ({age})", moment=t.moment(ticket.opened_at), age=age(t, ticket, now)),
            t("First answer {moment}", moment=t.moment(ticket.first_answer_at)) if ticket.first_answer_at else Markup(),
            *_outcome(t, ticket),
            whose,
        ]
    )
    return Reply(text, _rows(t, ticket, customer, reader), replaces=replaces)


def _outcome(t: Translator, ticket: Ticket) -> list[Markup]:
    told = []
    if ticket.asked_solution is not None and ticket.asked_cost_vnd is not None:
        amount = t.money(ticket.asked_cost_vnd)
        told.append(
            t("⏳ Waits for the manager to agree to {amount}: {what}", amount=amount, what=ticket.asked_solution)
        )
    if ticket.solved_at:
        told.append(t("✅ Solved {moment}: {what}", moment=t.moment(ticket.solved_at), what=ticket.solution or ""))
        if ticket.state is TicketState.SOLVED:
            told.append(t("The customer has been asked whether it is."))
    if ticket.closed_at:
        told.append(t("🔒 Closed {moment}", moment=t.moment(ticket.closed_at)))
    if ticket.cost_vnd:
        told.append(t("Cost: {amount}", amount=t.money(ticket.cost_vnd)))
    return told


def _rows(t: Translator, ticket: Ticket, customer: Customer, reader: Member) -> Rows:
    key = ticket.id
    back = (buttons.open_customer(t, customer.id), Choice("🎫 " + t("All tickets"), "tickets:0"))
    if not ticket.is_unsolved:
        close = (Choice("🔒 " + t("Close"), f"ticket.close:{key}"),) if ticket.state is TicketState.SOLVED else ()
        return rows_of((Choice("🔓 " + t("Open again"), f"ticket.reopen:{key}"), *close), back)
    agree = _agree_row(t, ticket) if reader.manages and ticket.asked_stamp is not None else ()
    reached = (
        (Choice("☎️ " + t("Reached already"), f"ticket.reached:{key}"),) if ticket.state is TicketState.OPEN else ()
    )
    return rows_of(
        agree,
        (Choice("💬 " + t("Answer"), f"ticket.answer:{key}"), *reached),
        (Choice("✅ " + t("Solved"), f"ticket.solve:{key}"),),
        (Choice("🤝 " + t("Give to…"), f"ticket.whom:{key}"), Choice("🏷 " + t("Kind"), f"ticket.kinds:{key}")),
        back,
    )


def _agree_row(t: Translator, ticket: Ticket) -> tuple[Choice, ...]:
    data = f"{ticket.id}:{ticket.asked_stamp}"
    return (Choice("👍 " + t("Agree"), f"ticket.agree:{data}"), Choice("👎 " + t("No"), f"ticket.refuse:{data}"))


def choose_kind(t: Translator, ticket: Ticket) -> Reply:
    """Another kind."""
    choices = [
        Choice(f"{'✓ ' if kind is ticket.kind else ''}{KIND_SIGNS[kind]} {t(words)}", f"ticket.kind:{ticket.id}:{kind}")
        for kind, words in TICKET_KINDS.items()
    ]
    rows = (*zip(choices[::2], choices[1::2], strict=True), (_back(t, ticket),))
    return Reply(lines([headline(t, ticket), t("What is it?")]), rows, replaces=True)


def choose_member(t: Translator, ticket: Ticket, members: Sequence[Member]) -> Reply:
    """Who is to see to it."""
    rows = tuple((Choice(f"🙋 {member.name}", f"ticket.to:{ticket.id}:{member.id}"),) for member in members)
    said = t("Who is to see to it?") if members else t("Nobody else may see this customer.")
    return Reply(lines([headline(t, ticket), said]), (*rows, (_back(t, ticket),)), replaces=True)


def _back(t: Translator, ticket: Ticket) -> Choice:
    return Choice("‹ " + t("Ticket"), f"ticket.show:{ticket.id}")


# What is asked --------------------------------------------------------------------------------------------------------


def choose_new_kind(t: Translator, customer: Customer) -> Reply:
    """A ticket by hand: of which kind?"""
    choices = [
        Choice(f"{KIND_SIGNS[kind]} {t(words)}", f"ticket.add:{customer.id}:{kind}")
        for kind, words in TICKET_KINDS.items()
    ]
    rows = (*zip(choices[::2], choices[1::2], strict=True), (back_to_card(t, customer.id),))
    return Reply(lines([title(t, customer), t("What kind of ticket?")]), rows, replaces=True)


def ask_text(t: Translator, customer: Customer) -> Reply:
    """What is the matter?"""
    return Reply(
        lines([title(t, customer), t("What is the matter? Type it as the customer said it.")]), ((buttons.cancel(t),),)
    )


def ask_answer(t: Translator, ticket: Ticket, customer: Customer, reach: Markup, *, is_open: bool) -> Reply:
    """What shall the customer read? `reach` says how long they can be written to, or why not; `is_open`: some channel is open."""
    said = (
        t("Type the answer: {name} reads it word for word.", name=called(t, customer))
        if is_open
        else t("Type the answer: where I cannot send it to {name}, it is among your tasks.", name=called(t, customer))
    )
    return Reply(lines([headline(t, ticket), quoted(ticket.text), reach, said]), ((buttons.cancel(t),),))


def ask_solution(t: Translator, ticket: Ticket, customer: Customer) -> Reply:
    """What has been done?"""
    said = t(
        "What has been done? {name} reads it, for example: “we have sent you a new one and taken the old one back”.",
        name=called(t, customer),
    )
    return Reply(lines([headline(t, ticket), said]), ((buttons.cancel(t),),))


def ask_cost(t: Translator, ticket: Ticket, heard_vnd: int | None, *, wrong: bool = False) -> Reply:
    """What did it cost the company?"""
    said = t("Did it cost the company anything? Choose, or type the amount, e.g. <code>300k</code>.")
    heard = (Choice(t.money(heard_vnd), f"ticket.cost:{ticket.id}:{heard_vnd}"),) if heard_vnd else ()
    rows = rows_of((Choice(str(t("Nothing")), f"ticket.cost:{ticket.id}:0"), *heard), (buttons.cancel(t),))
    return Reply(lines([t("⚠️ I see no amount in that.") if wrong else Markup(), headline(t, ticket), said]), rows)


def may_they(t: Translator, ticket: Ticket, customer: Customer, by: Member) -> Reply:
    """To the manager: somebody wants to give away more than they may."""
    asked = t(
        "{name} would like to solve this for <b>{amount}</b>. Do you agree?",
        name=by.name,
        amount=t.money(ticket.asked_cost_vnd or 0),
    )
    text = lines([headline(t, ticket), title(t, customer), quoted(ticket.text), _proposed(t, ticket), asked])
    return Reply(text, (_agree_row(t, ticket), (open_button(t, ticket),)))


def _proposed(t: Translator, ticket: Ticket) -> Markup:
    return t("Solution: {what}", what=ticket.asked_solution or "")


# What members are told ------------------------------------------------------------------------------------------------


def waits_for_manager(t: Translator, limit_vnd: int | None) -> Markup:
    """The manager has been asked; the customer is told once they agree."""
    if not limit_vnd:
        return t("⏳ A manager decides about this cost and has been asked. The customer is told as soon as they agree.")
    return t(
        "⏳ Above the limit of {limit}: the manager has been asked. The customer is told as soon as they agree.",
        limit=t.money(limit_vnd),
    )


def agreed(t: Translator, ticket: Ticket, customer: Customer, by: Member, way: Markup) -> Reply:
    """To who asked: the manager agrees, it is solved."""
    text = lines([t("👍 {name} agrees.", name=by.name), headline(t, ticket), title(t, customer), way])
    return Reply(text, ((open_button(t, ticket), buttons.open_customer(t, customer.id)),))


def refused(t: Translator, ticket: Ticket, customer: Customer, by: Member) -> Reply:
    """To who asked: the manager does not agree."""
    said = t("👎 {name} does not agree to {amount}.", name=by.name, amount=t.money(ticket.asked_cost_vnd or 0))
    text = lines([said, headline(t, ticket), title(t, customer), _proposed(t, ticket)])
    return Reply(text, ((open_button(t, ticket), buttons.open_customer(t, customer.id)),))


def reminder(
    t: Translator, ticket: Ticket, customer: Customer, minder: Member, now: datetime, *, reader: Member
) -> Reply:
    """It has waited too long: without an answer, or (to the manager) without a solution."""
    if reader.id == minder.id and ticket.state is TicketState.OPEN:
        said = t("⏰ This ticket has waited for an answer for {age}:", age=age(t, ticket, now))
    else:
        said = t("⏰ This ticket is not solved after {age}:", age=age(t, ticket, now))
    whose = t("To be seen to by {name}", name=minder.name) if reader.id != minder.id else Markup()
    text = lines([said, headline(t, ticket), title(t, customer), quoted(ticket.text), whose])
    return Reply(text, ((open_button(t, ticket), buttons.open_customer(t, customer.id)),))


def customer_said(t: Translator, ticket: Ticket, customer: Customer, *, is_solved: bool) -> Reply:
    """To who sees to it: what the customer tapped."""
    said = says_solved(t, ticket) if is_solved else says_unsolved(t, ticket)
    todo = Markup() if is_solved else t("Please get back to them today: the ticket is open again.")
    text = lines([said, headline(t, ticket), title(t, customer), quoted(ticket.text), todo])
    return Reply(text, ((open_button(t, ticket), buttons.open_customer(t, customer.id)),))


def says_solved(t: Translator, ticket: Ticket) -> Markup:
    """*Ổn rồi*."""
    return t("💚 The customer says that ticket {code} is settled.", code=ticket.code)


def says_unsolved(t: Translator, ticket: Ticket) -> Markup:
    """*Chưa ổn*."""
    return t("🔴 The customer says that ticket {code} is not settled yet.", code=ticket.code)


def way_words(t: Translator, customer: Customer, way: Route) -> Markup:
    """How what was said goes to the customer."""
    if way is Route.TASK:
        return t(
            "📋 {name} cannot be written to here: the text to pass on is among your tasks.", name=called(t, customer)
        )
    return lines([t("📨 {name} has been told.", name=called(t, customer)), cost_words(t, way)])


# What the customer is told --------------------------------------------------------------------------------------------


def solved_for_customer(t: Translator, ticket: Ticket, customer: Customer) -> Reply:
    """What was done, and is it settled?"""
    you = (customer.honorific or "anh/chị") if t.locale == "vi" else "you"
    told = t("What {you} told us about has been seen to: {what}", you=you, what=ticket.solution or "")
    asked = t("Is everything all right for {you} now?", you=you)
    row = (
        Choice("💚 " + t("All right now"), f"g.ticket:{ticket.id}:ok"),
        Choice("🔴 " + t("Not yet"), f"g.ticket:{ticket.id}:no"),
    )
    return Reply(lines([told, asked]), (row,))


def thanks(t: Translator, customer: Customer, *, is_solved: bool) -> Reply:
    """After their tap."""
    you = (customer.honorific or "anh/chị") if t.locale == "vi" else "you"
    if is_solved:
        return Reply(
            t("Thank you for letting us know. We are glad that it is settled for {you}.", you=you), replaces=True
        )
    return Reply(
        t(
            "We are sorry that it is not settled yet. We have told our colleague at once, who gets back to {you}.",
            you=you,
        ),
        replaces=True,
    )


def as_it_stands(t: Translator, ticket: Ticket) -> Reply:
    """An old button: nothing is done twice."""
    if ticket.is_unsolved:
        return Reply(toast=t("We are seeing to it, and come back to you."))
    return Reply(toast=t("This is settled. Just write to us if there is anything else."))


def to_pass_on(text: str) -> Markup:
    """The text as the rep copies it where the customer cannot be written to."""
    return Markup("{}").format(text)


def opened(t: Translator, ticket: Ticket, customer: Customer, action_id: int) -> Reply:
    """A ticket by hand is open."""
    said = t("✅ Ticket {code} opened, and a follow-up for the next working day.", code=ticket.code)
    rows = ((buttons.undo(t, action_id), open_button(t, ticket)), (buttons.open_customer(t, customer.id),))
    return Reply(lines([said, title(t, customer), quoted(ticket.text)]), rows)
