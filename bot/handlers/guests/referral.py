"""A friend opens a customer's personal link."""

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from bot.domain.customers import Customer, Source
from bot.domain.people import Member
from bot.handlers.guests import consent, leads
from bot.messages import Reply
from bot.turn import Guest
from bot.views import guests as guest_views
from bot.views import referrals as views


async def opened(guest: Guest) -> Reply | Sequence[Reply]:
    """`/start ref_<token>`: a stranger becomes a lead of who takes care of the customer whose link it is. To a customer whom we know
    nothing happens; a link that is none is a first word like any other."""
    referrer = await guest.uow.referrals.referrer(guest.words)
    if guest.customer is not None:
        if referrer and referrer.id == guest.customer.id:
            return views.own_link(guest.t)
        return guest_views.welcome_back(guest.t, await guest.org_name())
    if referrer is None:
        return await leads.first_words(guest)
    known = {"source": Source.REFERRAL, "referrer": referrer.called, "referrer_id": referrer.id}
    if await leads.become_lead(guest, await _rep_of(guest, referrer), **known) is None:
        return await leads.first_words(guest)
    greeting = guest_views.greeting(guest.t, await guest.org_name())
    text = Markup("\n\n").join([views.came_by_recommendation(guest.t), greeting.text])
    return [replace(greeting, text=text), await consent.ask(guest)]


async def _rep_of(guest: Guest, referrer: Customer) -> Member | None:
    """Who takes care of the referrer; None where they have left."""
    rep = await guest.uow.members.get(referrer.owner_id)
    return rep if rep.active else None
