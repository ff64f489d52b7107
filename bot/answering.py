"""Customers do not wait unheard: who is to answer is reminded, then those who lead them; what did not arrive goes another way, or is
the rep's."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain.customers import Customer
from bot.domain.delivery import DeliveryState, Trouble
from bot.domain.errors import NotFound
from bot.domain.people import Member, Role
from bot.domain.reaching import TEMPLATES, Shut
from bot.domain.relays import Relay, Returned, escalate_at
from bot.domain.repositories import Store, UnitOfWork
from bot.domain.timeline import InteractionKind
from bot.i18n import Translator
from bot.messages import Reply
from bot.reaching import in_charge, means_for, template_way
from bot.rerouting import reroute
from bot.turn import Links, send_to_member
from bot.views import guests as views
from bot.views.ways import window_line

Translators = Callable[[Member], Translator]
MOST_A_TICK = 100


async def look_after_answers(store: Store, now: datetime, translators: Translators, link_of: Links) -> int:
    """Remind of words that wait for an answer, and have what did not arrive go another way, or tell of it, as of `now` (UTC); how many
    messages were queued. `link_of` as in `Surveyor`."""
    async with store.read() as uow:  # most ticks find nothing
        if not (await uow.relays.due(now, 1) or await uow.relays.returned(now, 1)):
            return 0
    queued = 0
    async with store.begin() as uow:
        team = await uow.members.everyone()
        for relay in await uow.relays.due(now, MOST_A_TICK):
            queued += await _remind(uow, team, relay, now, translators)
        for returned in await uow.relays.returned(now, MOST_A_TICK):
            queued += await _take_back(uow, team, returned, now, translators, link_of)
        await uow.commit()
    return queued


async def _remind(
    uow: UnitOfWork, team: Sequence[Member], relay: Relay, now: datetime, translators: Translators
) -> int:
    """First the rep; a while later those who lead them."""
    customer = await _customer(uow, team, relay.customer_id)
    if customer is None:
        await uow.relays.remind_next(relay, None)
        return 0
    rep = await in_charge(uow, customer)
    words = await _words(uow, rep, relay)
    contacts, means = await uow.contacts.of_customer(customer.id), await means_for(uow)
    later = escalate_at(relay.wrote_at, translators(rep).zone)
    if now < later:
        await uow.relays.remind_next(relay, later)
        window = window_line(translators(rep), contacts, now, means)
        reply = views.still_waiting(translators(rep), customer, relay, words, window)
        return await send_to_member(uow, rep.id, f"waits:{relay.id}", "reminder", reply, now)
    await uow.relays.remind_next(relay, None)
    queued = 0
    for lead in leads_of(rep, team) or [rep]:
        t = translators(lead)
        window = window_line(t, contacts, now, means)
        is_own = lead.id == rep.id  # nobody leads an owner
        reply = (
            views.still_waiting(t, customer, relay, words, window)
            if is_own
            else views.nobody_answered(t, customer, relay, rep, words, window)
        )
        queued += await send_to_member(uow, lead.id, f"unanswered:{relay.id}:{lead.id}", "reminder", reply, now)
    return queued


def leads_of(rep: Member, team: Sequence[Member]) -> list[Member]:
    """Who hears of what a member leaves undone: the managers who lead them, else the owners."""
    others = [member for member in team if member.id != rep.id and member.leads(rep)]
    return [member for member in others if member.role is Role.MANAGER] or others


async def _words(uow: UnitOfWork, rep: Member, relay: Relay) -> str:
    """The last words since they wait; what they only tapped is written down as a change."""
    entries, _ = await uow.timeline.page(rep, relay.customer_id, MOST_A_TICK)
    waiting = (entry for entry in entries if entry.kind is InteractionKind.WROTE and entry.at >= relay.wrote_at)
    return next((entry.text for entry in waiting if entry.text), "")


async def _customer(uow: UnitOfWork, team: Sequence[Member], customer_id: int) -> Customer | None:
    """The customer, None for one who was erased meanwhile."""
    for member in team:
        if member.sees_everyone:
            try:
                return await uow.customers.get(member, customer_id)
            except NotFound:
                return None
    return None


async def _take_back(
    uow: UnitOfWork,
    team: Sequence[Member],
    returned: Returned,
    now: datetime,
    translators: Translators,
    link_of: Links,
) -> int:
    """What did not arrive goes its next way; where it has none, who wrote it hears so, once."""
    customer = await _customer(uow, team, returned.customer_id)
    if customer is None:
        return 0
    if await reroute(uow, customer, returned, now, translators, link_of):
        return 1
    writer = await uow.members.get(returned.member_id)
    rep = writer if writer.active else await in_charge(uow, customer)
    reply = await _undelivered(uow, customer, returned, now, translators, translators(rep))
    return await send_to_member(uow, rep.id, f"undelivered:{returned.delivery_id}", "alarm", reply, now)


async def _undelivered(
    uow: UnitOfWork,
    customer: Customer,
    returned: Returned,
    now: datetime,
    translators: Translators,
    t: Translator,
) -> Reply:
    """What the rep hears, with what they can do."""
    if returned.trouble not in (Trouble.WINDOW_CLOSED, Trouble.NOT_IN_ORDER):
        return views.undelivered(
            t,
            customer,
            returned.words,
            returned.entry_id,
            blocked=returned.trouble is Trouble.FORBIDDEN,
            unsure=returned.state is DeliveryState.UNKNOWN,
            why=returned.not_carried,
        )
    why = Shut.SILENT if returned.trouble is Trouble.WINDOW_CLOSED else Shut.NO_CHANNEL
    form = await template_way(uow, customer, now, translators)
    may_go = form is not None and returned.entry_id is not None and returned.address.channel != TEMPLATES
    data = f"relay.retemplate:{returned.entry_id}"
    offered = views.by_template(t, data, form.price_vnd) if form and may_go else None
    return views.window_was_closed(t, customer, returned.words, why, offered)
