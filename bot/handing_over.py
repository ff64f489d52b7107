"""Hand-overs in the background: a batch of customers a transaction, so that one of thousands never holds up a turn.

What has gone over is counted in the same transaction: a crash between two batches loses nothing and does nothing twice.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain.customers import Customer
from bot.domain.delivery import Audience, NewDelivery
from bot.domain.handovers import Brief, Handover
from bot.domain.people import Member
from bot.domain.repositories import Store, UnitOfWork
from bot.domain.sales import Purchases
from bot.i18n import Translator
from bot.messages import Reply
from bot.turn import send_to_member
from bot.views import handovers as views

Translators = Callable[[Member], Translator]

# Customers a transaction: turns of people wait while it lasts.
BATCH = 50
# Batches in one tick: what is due is pushed in between.
MOST_A_TICK = 40


async def hand_over_due(store: Store, now: datetime, translators: Translators) -> int:
    """Carry on with the hand-overs under way at `now` (UTC); returns how many batches went over or were finished."""
    async with store.read() as uow:  # most ticks find nothing, and need not wait for the writers to know
        if await uow.handovers.under_way() is None:
            return 0
    for done in range(MOST_A_TICK):
        async with store.begin() as uow:
            handover = await uow.handovers.under_way()
            if handover is None or not await _carry_on(uow, handover, now, translators):
                return done
            await uow.commit()
    return MOST_A_TICK


async def _carry_on(uow: UnitOfWork, handover: Handover, now: datetime, translators: Translators) -> bool:
    """One batch, or the end; False where somebody is just changing all that is left."""
    giver, receiver = await uow.members.get(handover.from_id), await uow.members.get(handover.to_id)
    by = await uow.members.get(handover.by_id)
    t = translators(by)
    if receiver.active:
        entry = t("Handed over from {giver} to {receiver}", giver=giver.name, receiver=receiver.name)
        moved = await uow.handovers.move_some(handover, BATCH, str(entry.unescape()), now)
        if moved != handover:
            await _tell_progress(uow, moved, by, views.progress(t, moved, giver, receiver), now)
            return True
        if not await uow.handovers.is_empty(handover):
            return False
    finished = await uow.handovers.finish(handover, now)
    await _tell_progress(uow, finished, by, views.progress(t, finished, giver, receiver), now)
    await _tell_both(uow, finished, giver, receiver, now, translators)
    return True


async def _tell_progress(uow: UnitOfWork, handover: Handover, by: Member, reply: Reply, now: datetime) -> None:
    """The one message, edited in place; where the channel cannot, only the end is told. What it said before need not be sent."""
    await uow.outbox.cancel(f"handover:{handover.id}:")
    is_over = handover.finished_at is not None
    if not by.active or not (handover.message_ref or is_over):
        return
    await uow.outbox.queue(
        NewDelivery(
            f"handover:{handover.id}:{'done' if is_over else f'{handover.moved}+{handover.followups}'}",
            handover.channel,
            handover.chat_id,
            Audience.MEMBER,
            "handover",
            reply.to_record(),
            due_at=now,
            replace_ref=handover.message_ref,
        )
    )


async def _tell_both(
    uow: UnitOfWork, handover: Handover, giver: Member, receiver: Member, now: datetime, translators: Translators
) -> None:
    """The receiver gets the briefs, the giver a word; whoever did it themselves knows."""
    if not (handover.moved or handover.followups):
        return
    if receiver.active:
        reply = await read_received(uow, handover, giver, receiver, translators(receiver), 0, now)
        await send_to_member(uow, receiver.id, f"handover:{handover.id}:received", "handover", reply, now)
    if giver.active and giver.id != handover.by_id:
        reply = views.given_away(translators(giver), handover, receiver)
        await send_to_member(uow, giver.id, f"handover:{handover.id}:given", "handover", reply, now)


async def read_received(
    uow: UnitOfWork, handover: Handover, giver: Member, reader: Member, t: Translator, offset: int, now: datetime
) -> Reply:
    """A page of the briefs, as far as the reader may see the customers."""
    customers, total = await uow.handovers.customers(reader, handover.id, views.BRIEFS_A_PAGE, offset)
    briefs = await read_briefs(uow, reader, customers)
    return views.received(t, handover, giver, briefs, total, offset, reader.today(now))


async def read_briefs(uow: UnitOfWork, reader: Member, customers: Sequence[Customer]) -> list[Brief]:
    """What a new owner has to know of these customers, whom the reader may see."""
    bought = await uow.sales.purchases([customer.id for customer in customers])
    return [
        Brief(
            customer,
            bought.get(customer.id, Purchases()),
            await uow.followups.of_customer(reader, customer.id),
            await uow.timeline.last_complaint(reader, customer.id),
        )
        for customer in customers
    ]
