"""Questions round the clock: the company's own answer where it is sure, always with the way to a person; all else goes to the rep."""

from bot.domain.customers import Customer
from bot.domain.errors import DomainError, NotFound
from bot.domain.faq import Faq, is_question, key_of, sure_answer
from bot.domain.people import Member
from bot.domain.repositories import UnitOfWork
from bot.domain.timeline import Interaction, InteractionKind
from bot.handlers import start
from bot.handlers.guests import relay
from bot.messages import Reply
from bot.reaching import in_charge
from bot.turn import Guest, GuestHandler
from bot.views import faq as views


async def answer_of(uow: UnitOfWork, text: str, locale: str) -> Faq | None:
    """The entry of the company's list that surely answers `text`, in `locale` where there are several; None where it is not sure."""
    return sure_answer(await uow.faqs.all(), text, locale)


async def answer_or_pass_on(guest: Guest) -> Reply:
    """What a customer wrote and nothing else was for: answered from the list, or the rep's."""
    incoming, customer = guest.incoming, guest.customer
    if customer is None or incoming.file or incoming.contact or not incoming.text:
        return await relay.pass_on(guest)
    faq = await answer_of(guest.uow, incoming.text, guest.t.locale)
    if faq is None:
        if is_question(incoming.text):
            await guest.uow.faqs.note_unanswered(key_of(incoming.text), incoming.text, customer.id, guest.now)
        return await relay.pass_on(guest)
    rep = await in_charge(guest.uow, customer)
    asked = await guest.uow.timeline.add(
        rep, customer.id, InteractionKind.WROTE, incoming.text, guest.now, details={"direction": "in"}
    )
    details = {"direction": "out", "about": "faq"}
    await guest.uow.timeline.add(rep, customer.id, InteractionKind.CHANGE, faq.answer, guest.now, details=details)
    return views.answer(guest.t, faq, asked)


async def to_a_person(guest: Guest) -> Reply:
    """`g.person:<entry>`: the answer was not enough; the question is the rep's at once."""
    customer = guest.customer
    if customer is None:
        return await start.guest(guest)
    rep = await in_charge(guest.uow, customer)
    asked = await _asked(guest, customer, rep)
    await relay.hand_on(guest, customer, rep, asked)
    return views.handed_on(guest.t)


async def _asked(guest: Guest, customer: Customer, rep: Member) -> Interaction:
    """The guest's own words. Raises DomainError where the button was forged, or what they asked is gone."""
    try:
        entry = await guest.uow.timeline.get(rep, guest.arg(0))
    except NotFound:
        raise DomainError("old_button") from None
    if entry.customer_id != customer.id or entry.kind is not InteractionKind.WROTE:
        raise DomainError("old_button")
    return entry


CHOICES: dict[str, GuestHandler] = {"g.person": to_a_person}
