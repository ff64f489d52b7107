"""What a customer asks about their own data, in their own words: written down with its deadlines, and the managers know."""

from bot.deadlines import take_request
from bot.domain.rights import request_in
from bot.domain.timeline import InteractionKind
from bot.messages import Reply
from bot.reaching import in_charge
from bot.turn import Guest
from bot.views import privacy as views


async def listen(guest: Guest) -> Reply | None:
    """The answer to such a request, with the days until when it is answered and done; None for other words."""
    customer, text = guest.customer, guest.incoming.text
    if customer is None or (kind := request_in(text)) is None:
        return None
    request = await take_request(guest.uow, customer, kind, guest.now, guest.t.zone, guest.translator_of)
    rep, said = await in_charge(guest.uow, customer), {"direction": "in"}
    await guest.uow.timeline.add(rep, customer.id, InteractionKind.WROTE, text, guest.now, details=said)
    return views.heard(guest.t, request, await guest.org_name())
