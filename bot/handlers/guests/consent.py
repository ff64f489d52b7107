"""What a customer agrees to, and their STOP: in one word, and at once."""

from bot.domain.consent import Purpose, asks_to_resume, asks_to_stop
from bot.domain.customers import Customer
from bot.domain.errors import DomainError
from bot.domain.timeline import InteractionKind
from bot.messages import Reply
from bot.reaching import in_charge, withdraw_unasked
from bot.turn import Guest, GuestHandler, send_to_member
from bot.views import guests as views

TAPPED, SAID = "tapped", "said"


async def ask(guest: Guest) -> Reply:
    """May we write unasked?"""
    return views.ask_consent(guest.t, await guest.org_name())


async def answer(guest: Guest) -> Reply:
    """`g.consent:yes`, `g.consent:no`."""
    customer = guest.customer
    if customer is None or list(guest.args) not in (["yes"], ["no"]):
        raise DomainError("old_button")
    if guest.args[0] == "yes":
        await _agree(guest, customer, TAPPED)
        return views.agreed(guest.t)
    await guest.uow.consents.withdraw(customer.id, Purpose.CARE, guest.now)
    await withdraw_unasked(guest.uow, customer.id, guest.now)
    return views.declined(guest.t)


async def listen(guest: Guest) -> Reply | None:
    """STOP, and the way back."""
    text, customer = guest.incoming.text, guest.customer
    if customer is None or not text:
        return None
    if asks_to_stop(text):
        return await _stop(guest, customer)
    if asks_to_resume(text):
        await _agree(guest, customer, SAID)
        await _tell_rep(guest, customer, stopped=False)
        return views.agreed(guest.t)
    return None


async def _agree(guest: Guest, customer: Customer, evidence: str) -> None:
    wording = str(views.consent_wording(guest.t, await guest.org_name()).unescape())
    said = f"{evidence}: {guest.incoming.text}" if evidence == SAID else evidence
    channel = guest.incoming.peer.channel
    await guest.uow.consents.give(customer.id, Purpose.CARE, channel, wording, said, guest.now)


async def _stop(guest: Guest, customer: Customer) -> Reply:
    """No message unasked from now on. Confirmed once: who says it again is heard, and gets no second message."""
    before = await guest.uow.consents.latest(customer.id, Purpose.CARE)
    stopped_before = before is not None and before.withdrawn_at is not None
    await guest.uow.consents.withdraw(customer.id, Purpose.CARE, guest.now)
    await withdraw_unasked(guest.uow, customer.id, guest.now)
    await _tell_rep(guest, customer, stopped=True)
    return Reply() if stopped_before else views.stopped(guest.t)


async def _tell_rep(guest: Guest, customer: Customer, *, stopped: bool) -> None:
    rep = await in_charge(guest.uow, customer)
    details = {"direction": "in"}
    words = guest.incoming.text
    await guest.uow.timeline.add(rep, customer.id, InteractionKind.WROTE, words, guest.now, details=details)
    reply = views.consent_changed(guest.translator_of(rep), customer, words, stopped=stopped)
    key = f"consent:{guest.incoming.peer.channel}:{guest.incoming.update_id}"
    await send_to_member(guest.uow, rep.id, key, "notice", reply, guest.now)


CHOICES: dict[str, GuestHandler] = {"g.consent": answer}
