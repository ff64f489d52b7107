"""Somebody who writes first is a lead from their first word on: greeted, given to a rep, asked for a phone number."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.consent import asks_to_stop
from bot.domain.customers import Customer, NewCustomer, Source
from bot.domain.people import Member, Role
from bot.domain.phones import find_phones, parse_phone
from bot.domain.reaching import Contact
from bot.domain.understanding import Intent, understand
from bot.handlers.giving import Giver, assign_new, give
from bot.handlers.guests import consent, relay
from bot.handlers.start import guest as welcome
from bot.messages import Reply
from bot.reaching import in_charge
from bot.referring import end_referral, start_referral
from bot.turn import Guest, GuestHandler, send_to_member
from bot.views import guests as views

LONGEST_NAME = 60
# Where who writes first has come from.
SOURCES = {"telegram": Source.TELEGRAM, "zalo": Source.ZALO, "zalo_bot": Source.ZALO}


async def first_words(guest: Guest) -> Reply | Sequence[Reply]:
    """A stranger opened the chat."""
    return await greet(guest, has_written=False) or await welcome(guest)


async def greet(guest: Guest, *, has_written: bool = True) -> list[Reply]:
    """A stranger becomes a lead: greeted, asked for what they have not said yet; nothing for who cannot be one."""
    text = guest.incoming.text
    if await become_lead(guest) is None or asks_to_stop(text):
        return []
    may_we = await consent.ask(guest)
    if guest.incoming.contact or find_phones(text):
        return [may_we]
    hello = views.greeting(guest.t, await guest.org_name(), guest.incoming.peer.channel, has_written=has_written)
    return [hello, may_we]


async def or_colleague(guest: Guest, joins: GuestHandler) -> Reply | Sequence[Reply]:
    """`joins`; and who was taken for a lead until they joined the team is one no more."""
    answer = await joins(guest)
    lead = guest.customer
    if guest.member and lead and not (lead.phones or (await guest.uow.sales.purchases([lead.id]))[lead.id].count):
        rep = await in_charge(guest.uow, lead)
        await guest.uow.contacts.drop(lead)
        reply = views.is_colleague(guest.translator_of(rep), lead)
        await send_to_member(guest.uow, rep.id, f"colleague:{lead.id}", "notice", reply, guest.now)
    return answer


async def become_lead(guest: Guest, rep: Member | None = None, **known: object) -> Customer | None:
    """This stranger as a new customer, with their rep (`rep`, or whose turn it is), who is told at once; `known` are more fields of
    `NewCustomer`. None for who was on the team once, and where nobody is there yet to take them on."""
    peer, uow = guest.incoming.peer, guest.uow
    owner = await owner_of(guest)
    if owner is None or await uow.members.by_identity(peer.channel, peer.user_id):
        return None
    name = " ".join(peer.name.split())[:LONGEST_NAME].strip() or str(guest.t("Somebody new").unescape())
    new = replace(NewCustomer(name, source=SOURCES.get(peer.channel)), **known)  # type: ignore[arg-type]
    customer = await uow.customers.add(owner, new, guest.now)
    await uow.contacts.link(
        Contact(peer.channel, peer.user_id, peer.chat_id, customer.id, guest.now, last_wrote_at=guest.now)
    )
    await start_referral(uow, customer, guest.now, guest.translator_of)
    giver = Giver(uow, owner, guest.now, guest.translator_of)
    if rep is None:
        rep = await assign_new(giver, customer)
    elif rep.id != owner.id:
        await give(giver, customer, rep)
    guest.customer = replace(customer, owner_id=rep.id) if rep else customer
    if rep is None or rep.id == owner.id:
        reply = views.new_lead(guest.translator_of(owner), customer)
        await send_to_member(uow, owner.id, f"lead:{customer.id}", "notice", reply, guest.now)
    return guest.customer


async def listen(guest: Guest) -> Reply | None:
    """A contact card or a typed number: whose it is, where we asked for it."""
    card, customer = guest.incoming.contact, guest.customer
    if customer is None:
        return None
    if card is not None:
        phone = parse_phone(card.phone)
        if not card.own or phone is None:
            return views.own_card_please(guest.t)
        return await _has_phone(guest, customer, phone, card.name, proven=card.proven)
    found = find_phones(guest.incoming.text)
    if customer.phones or len(found) != 1:
        return None
    rep = await in_charge(guest.uow, customer)
    known = await guest.uow.vocabulary.known(rep)
    said = understand(guest.incoming.text, rep.local(guest.now), known, Intent.CUSTOMER)
    await relay.pass_on(guest)
    return await _has_phone(guest, customer, found[0].e164, said.name or "", proven=False)


async def _has_phone(guest: Guest, customer: Customer, phone: str, name: str, *, proven: bool) -> Reply:
    """Their number: a known customer's makes them that customer, where the channel vouches that it is theirs."""
    uow = guest.uow
    owner = await owner_of(guest)
    others = [one for one in await uow.customers.by_phone(owner, phone) if one.id != customer.id] if owner else []
    if others and proven and not customer.phones:
        return await _is(guest, customer, others[0])
    if phone not in customer.phones:
        words = " ".join(name.split())[:LONGEST_NAME]
        changes = {"name": words} if words and not customer.phones else {}
        customer = await uow.customers.update(customer, phones=(*customer.phones, phone), **changes)
        await _tell(guest, customer, f"phone:{customer.id}:{guest.now.isoformat()}", others[0] if others else None)
    guest.customer = customer
    return views.thanks_for_phone(guest.t, phone)


async def _is(guest: Guest, lead: Customer, known: Customer) -> Reply:
    """The lead is somebody we know: what they wrote goes to the known customer, and the lead is no more."""
    before = await in_charge(guest.uow, lead)
    await end_referral(guest.uow, lead, guest.now)
    await guest.uow.contacts.merge(lead, known)
    guest.customer = known
    rep = await in_charge(guest.uow, known)
    for member in {before.id: before, rep.id: rep}.values():
        t, channel = guest.translator_of(member), guest.incoming.peer.channel
        reply = views.is_known(t, lead, known, rep, channel, theirs=member.id == rep.id)
        await send_to_member(guest.uow, member.id, f"known:{lead.id}:{member.id}", "notice", reply, guest.now)
    return views.thanks_for_phone(guest.t, known.phones[0])


async def _tell(guest: Guest, customer: Customer, key: str, same_phone: Customer | None) -> None:
    """Their rep hears of the number; whose is somebody else's too, also who can say that both are one."""
    rep = await in_charge(guest.uow, customer)
    knows_both = same_phone is None or same_phone.owner_id == rep.id or rep.sees_everyone
    reply = views.has_phone(guest.translator_of(rep), customer, same_phone, may_join=knows_both)
    await send_to_member(guest.uow, rep.id, key, "notice", reply, guest.now)
    if not knows_both and (owner := await owner_of(guest)):
        asked = views.has_phone(guest.translator_of(owner), customer, same_phone, may_join=True)
        await send_to_member(guest.uow, owner.id, f"{key}:owner", "notice", asked, guest.now)


async def owner_of(guest: Guest) -> Member | None:
    """The company's first owner; None where nobody is there yet."""
    return next((member for member in await guest.uow.members.everyone() if member.role is Role.OWNER), None)
