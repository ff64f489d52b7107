"""Somebody who wrote to us turns out to be a customer whom we know: said by who looks after both, where no channel vouches for it."""

from bot.domain.errors import DomainError
from bot.messages import Reply
from bot.reaching import in_charge
from bot.referring import end_referral
from bot.turn import Handler, Turn, send_to_member
from bot.views import guests as views


async def same(turn: Turn) -> Reply:
    """`lead.same:<lead>:<known>`: both are one person, and all that is about the lead is about the known customer."""
    lead = await turn.uow.customers.get(turn.member, turn.arg(0))
    known = await turn.uow.customers.get(turn.member, turn.arg(1))
    if lead.id == known.id or not set(lead.phones) & set(known.phones):
        raise DomainError("old_button")
    contacts = await turn.uow.contacts.of_customer(lead.id)
    if not contacts:
        raise DomainError("old_button")
    await end_referral(turn.uow, lead, turn.now)
    await turn.uow.contacts.merge(lead, known)
    await turn.talks_about(known.id)
    rep, channel = await in_charge(turn.uow, known), contacts[0].channel
    if rep.id != turn.member.id:
        reply = views.is_known(turn.translator_of(rep), lead, known, rep, channel, theirs=True)
        await send_to_member(turn.uow, rep.id, f"known:{lead.id}:{rep.id}", "notice", reply, turn.now)
    return views.is_known(turn.t, lead, known, rep, channel, theirs=True, replaces=True)


CHOICES: dict[str, Handler] = {"lead.same": same}
