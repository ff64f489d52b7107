"""A friend comes through a customer's personal link, or writes the code that it shows."""

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from bot.domain.customers import Customer, Source
from bot.domain.people import Member
from bot.domain.referrals import MAY_COME_LATE, token_in
from bot.handlers.giving import Giver, give
from bot.handlers.guests import consent, leads
from bot.messages import Reply
from bot.reaching import in_charge
from bot.referring import start_referral
from bot.turn import Guest, send_to_member
from bot.views import guests as guest_views
from bot.views import referrals as views


async def opened(guest: Guest) -> Reply | Sequence[Reply]:
    """`/start ref_<token>`: a stranger becomes a lead of who takes care of the customer whose link it is. To a customer whom we know
    nothing happens; a link that is none is a first word like any other."""
    referrer = await guest.uow.referrals.referrer(guest.words)
    if referrer is not None:
        return await _sent_by(guest, referrer)
    if guest.customer is not None:
        return guest_views.welcome_back(guest.t, await guest.org_name())
    return await leads.first_words(guest)


async def listen(guest: Guest) -> Reply | Sequence[Reply] | None:
    """`GT <code>`, the same in words; None for any other."""
    token = token_in(guest.incoming.text)
    referrer = await guest.uow.referrals.referrer(token) if token else None
    return await _sent_by(guest, referrer) if referrer else None


async def _sent_by(guest: Guest, referrer: Customer) -> Reply | Sequence[Reply]:
    if guest.customer is not None:
        return await _known(guest, guest.customer, referrer)
    known = {"source": Source.REFERRAL, "referrer": referrer.called, "referrer_id": referrer.id}
    if await leads.become_lead(guest, await _rep_of(guest, referrer), **known) is None:
        return await leads.first_words(guest)
    greeting = guest_views.greeting(
        guest.t,
        await guest.org_name(),
        guest.incoming.peer.channel,
        has_written=not guest.incoming.text.startswith("/"),
    )
    text = Markup("\n\n").join([views.thanks_for_coming(guest.t), greeting.text])
    return [replace(greeting, text=text), await consent.ask(guest)]


async def _known(guest: Guest, customer: Customer, referrer: Customer) -> Reply:
    if referrer.id == customer.id:
        return views.own_link(guest.t)
    if not await _has_just_come(guest, customer):
        return guest_views.welcome_back(guest.t, await guest.org_name())
    sent = {"source": Source.REFERRAL, "referrer": referrer.called, "referrer_id": referrer.id}
    customer = await guest.uow.customers.update(customer, **sent)
    await start_referral(guest.uow, customer, guest.now, guest.translator_of)
    await _to_their_rep(guest, customer, referrer)
    return Reply(views.thanks_for_coming(guest.t))


async def _has_just_come(guest: Guest, customer: Customer) -> bool:
    """Whether they came by themselves a moment ago, as who follows an account before writing to it."""
    by_themselves = customer.source in leads.SOURCES.values() and customer.referrer is None
    if not by_themselves or guest.now - customer.created_at >= MAY_COME_LATE:
        return False
    return not (await guest.uow.sales.purchases([customer.id]))[customer.id].count


async def _to_their_rep(guest: Guest, customer: Customer, referrer: Customer) -> None:
    """Who takes care of the referrer takes care of the friend, and hears why."""
    rep, owner = await _rep_of(guest, referrer), await leads.owner_of(guest)
    if rep and owner and rep.id != customer.owner_id:
        await give(Giver(guest.uow, owner, guest.now, guest.translator_of), customer, rep)
    told = rep or await in_charge(guest.uow, customer)
    reply = guest_views.came_by_recommendation(guest.translator_of(told), customer)
    await send_to_member(guest.uow, told.id, f"sent:{customer.id}", "notice", reply, guest.now)


async def _rep_of(guest: Guest, referrer: Customer) -> Member | None:
    """Who takes care of the referrer; None where they have left."""
    rep = await guest.uow.members.get(referrer.owner_id)
    return rep if rep.active else None
