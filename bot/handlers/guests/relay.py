"""What a customer writes goes to their rep, and onto the timeline."""

from bot.domain.customers import Customer
from bot.domain.delivery import RELAY, Audience, NewDelivery
from bot.domain.people import Member
from bot.domain.relays import remind_rep_at
from bot.domain.timeline import Interaction, InteractionKind
from bot.domain.working_time import is_open, next_opening
from bot.messages import Reply
from bot.reaching import in_charge, means_for
from bot.turn import Guest, send_to_member
from bot.views import guests as views
from bot.views.ways import window_line


async def pass_on(guest: Guest) -> Reply:
    """Their words, photo, voice, file or place to the rep. The customer hears nothing from us, but once a day
    while nobody is at work."""
    incoming, customer, uow = guest.incoming, guest.customer, guest.uow
    card = incoming.contact
    text = f"{card.name} {card.phone}".strip() if card else incoming.text
    if customer is None or not (text or incoming.file):
        return Reply(guest.t("Sorry, this cannot be passed on. Please write it, or send a photo, file or voice note."))
    rep = await in_charge(uow, customer)
    said = InteractionKind.WROTE, text, guest.now
    # what an answer quotes, where the channel can
    details = {"direction": "in", "ref": f"{incoming.peer.channel}:{incoming.message_ref}"}
    entry = await uow.timeline.add(rep, customer.id, *said, details=details, file=incoming.file)
    await hand_on(guest, customer, rep, entry)
    return Reply()


async def hand_on(guest: Guest, customer: Customer, rep: Member, entry: Interaction) -> None:
    """What they wrote, to the rep, who is to answer; once."""
    uow, zone = guest.uow, guest.t.zone
    await uow.relays.wait(customer.id, rep.id, guest.now, remind_rep_at(guest.now, zone))
    t = guest.translator_of(rep)
    window = window_line(t, await uow.contacts.of_customer(customer.id), guest.now, await means_for(uow))
    may_draft = guest.offers_drafts and bool(entry.text)
    reply = views.customer_wrote(t, customer, entry, may_draft=may_draft, window=window)
    await send_to_member(uow, rep.id, f"relay:{entry.id}", RELAY, reply, guest.now)
    if not is_open(guest.now, zone):
        await _say_when(guest, customer, rep)


async def _say_when(guest: Guest, customer: Customer, rep: Member) -> None:
    """Nobody is at work: when they will be, once a day."""
    peer, zone = guest.incoming.peer, guest.t.zone
    reply = views.passed_on(guest.t, rep, next_opening(guest.now, zone))
    key = f"closed:{customer.id}:{guest.now.astimezone(zone).date()}"
    delivery = NewDelivery(
        key, peer.channel, peer.chat_id, Audience.CUSTOMER, "closed", reply.to_record(), due_at=guest.now
    )
    await guest.uow.outbox.queue(delivery)
