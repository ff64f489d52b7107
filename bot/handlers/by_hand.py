"""What happens in the channel's own app, past the assistant: it is on the timeline all the same."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.mailroom import Address
from bot.domain.people import Member
from bot.domain.repositories import UnitOfWork
from bot.domain.timeline import InteractionKind, StoredFile
from bot.i18n import Translator, mark
from bot.reaching import end_survey_talk, in_charge
from bot.ticketing import answered

BY_HAND = "by_hand"
UNFOLLOWED = mark("Does not follow us on Zalo any more")


async def answered_by_hand(uow: UnitOfWork, address: Address, text: str, file: StoredFile | None, at: datetime) -> bool:
    """A colleague wrote to whoever is at `address`: nothing of theirs waits any more. False where that is no customer."""
    contact = await uow.contacts.at(address)
    customer = await uow.contacts.customer(contact.channel, contact.user_id) if contact else None
    if contact is None or customer is None:
        return False
    details = {"direction": "out", "route": address.channel, "about": BY_HAND}
    rep = await in_charge(uow, customer)
    await uow.timeline.add(rep, customer.id, InteractionKind.MESSAGE, text, at, details=details, file=file)
    await uow.relays.answered(customer.id, at)
    await answered(uow, customer, at)
    await end_survey_talk(uow, contact)
    return True


async def unfollowed(
    uow: UnitOfWork, address: Address, translators: Callable[[Member], Translator], at: datetime
) -> bool:
    """Whoever is at `address` does not follow us any more. False where that is no customer."""
    contact = await uow.contacts.at(address)
    customer = await uow.contacts.customer(contact.channel, contact.user_id) if contact else None
    if customer is None:
        return False
    rep = await in_charge(uow, customer)
    words = str(translators(rep)(UNFOLLOWED).unescape())
    details = {"direction": "in", "route": address.channel}
    await uow.timeline.add(rep, customer.id, InteractionKind.CHANGE, words, at, details=details)
    return True
