"""The customer card: open it, page through its timeline and files."""

from markupsafe import Markup

from bot.domain.audit import What
from bot.domain.consent import Purpose
from bot.domain.customers import Customer
from bot.domain.errors import DomainError
from bot.domain.sales import Purchases
from bot.messages import Reply
from bot.reaching import means_for
from bot.turn import Handler, Turn, address_of
from bot.views import cards, timelines
from bot.views.ways import window_line

MAX_NAME = 120


async def show(turn: Turn, customer_id: int, *, replaces: bool = False) -> Reply:
    """The card of a customer whom the member may see."""
    customer = await turn.uow.customers.get(turn.member, customer_id)
    latest, _ = await turn.uow.timeline.page(turn.member, customer_id, limit=3)
    contacts = await turn.uow.contacts.of_customer(customer_id)
    view = cards.CustomerView(
        customer=customer,
        owner=turn.member if customer.owner_id == turn.member.id else await turn.uow.members.get(customer.owner_id),
        purchases=(await turn.uow.sales.purchases([customer_id])).get(customer_id, Purchases()),
        facts=await turn.uow.standings.facts(turn.member, customer_id),
        company=await turn.company(),
        open_followups=await turn.uow.followups.of_customer(turn.member, customer_id),
        latest=latest,
        today=turn.today,
        consent=await turn.uow.consents.latest(customer_id, Purpose.CARE),
        scores=await turn.uow.surveys.last_scores(turn.member, customer_id),
        tickets=await turn.uow.tickets.unsolved_of(customer_id),
        window=window_line(turn.t, contacts, turn.now, await means_for(turn.uow)) if contacts else Markup(),
        gifts_owed=sum(gift.given_at is None for gift in await turn.uow.referrals.rewards_of(turn.member, customer_id)),
    )
    await turn.talks_about(customer_id)
    return cards.customer_card(turn.t, view, turn.member, replaces=replaces)


async def open_card(turn: Turn) -> Reply:
    """`customer.open:<id>`: the card as a new message, the list or push stays."""
    return await show(turn, turn.arg(0))


async def show_in_place(turn: Turn) -> Reply:
    """`customer.show:<id>`: back to the card, in place."""
    return await show(turn, turn.arg(0), replaces=True)


async def _customer(turn: Turn) -> Customer:
    return await turn.uow.customers.get(turn.member, turn.arg(0))


async def more(turn: Turn) -> Reply:
    """`customer.more:<id>`."""
    customer = await _customer(turn)
    has_bought = (await turn.uow.sales.purchases([customer.id]))[customer.id].count > 0
    return cards.more(turn.t, customer, turn.member, has_bought=has_bought)


async def timeline(turn: Turn) -> Reply:
    """`timeline:<id>:<offset>`."""
    customer = await _customer(turn)
    entries, total = await turn.uow.timeline.page(turn.member, customer.id, timelines.TIMELINE_PAGE, turn.arg(1))
    return timelines.timeline_page(turn.t, customer, entries, total, turn.arg(1))


async def entry(turn: Turn) -> Reply:
    """`entry:<id>`: one entry in full."""
    found = await turn.uow.timeline.get(turn.member, turn.arg(0))
    return timelines.full_entry(turn.t, await turn.uow.customers.get(turn.member, found.customer_id), found)


async def files(turn: Turn) -> Reply:
    """`files:<id>:<offset>`."""
    customer = await _customer(turn)
    entries, total = await turn.uow.timeline.files(turn.member, customer.id, cards.PAGE, turn.arg(1))
    return timelines.file_list(turn.t, customer, entries, total, turn.arg(1))


async def show_file(turn: Turn) -> Reply:
    """`file:<entry id>`: the file itself."""
    found = await turn.uow.timeline.get(turn.member, turn.arg(0))
    if found.file is None:
        raise DomainError("interaction_not_found")
    await turn.uow.audit.note(turn.member, What.TOOK_FILE, now=turn.now, customer=found.customer_id)
    return Reply(Markup("{}").format(found.text or found.file.name), stored_file=found.file)


async def cancel(turn: Turn) -> Reply:
    """/huy and *Bỏ*: leave the current form."""
    address = address_of(turn.incoming.peer)
    waiting = await turn.uow.questions.waiting(address)
    await turn.uow.questions.forget(address)
    if turn.incoming.choice:
        return Reply(turn.t("Left; nothing was saved."), replaces=True)
    return Reply(turn.t("Left the form; what was saved before stays.") if waiting else turn.t("No form is open."))


CHOICES: dict[str, Handler] = {
    "customer.open": open_card,
    "customer.show": show_in_place,
    "customer.more": more,
    "timeline": timeline,
    "entry": entry,
    "files": files,
    "file": show_file,
    "cancel": cancel,
}
