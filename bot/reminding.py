"""What a reminder needs to know, read for one member: handlers answer with it, pushes send it."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from bot.domain import care
from bot.domain.agenda import DueEntry, DueItem, today_entries
from bot.domain.customers import Customer
from bot.domain.followups import FollowUp
from bot.domain.people import Member
from bot.domain.repositories import UnitOfWork
from bot.domain.sales import Purchases
from bot.domain.timeline import Interaction, InteractionKind
from bot.i18n import Translator
from bot.views.care import message_for
from bot.views.reminders import PUSHED, Reminder

# How far back the last note is looked for.
RECENT_ENTRIES = 10
_WORDS = (InteractionKind.NOTE, InteractionKind.FEEDBACK, InteractionKind.MEETING, InteractionKind.FILE)
_CONTACTS = (InteractionKind.CALL, InteractionKind.MESSAGE)


async def read_today(uow: UnitOfWork, member: Member, today: date) -> list[DueEntry]:
    """What is due until today, one entry a customer."""
    items = await uow.followups.due(member, until=today)
    return await entries_of(uow, items, today)


async def entries_of(uow: UnitOfWork, items: Sequence[DueItem], today: date) -> list[DueEntry]:
    """These items with what their customers bought, one entry a customer."""
    high_value_vnd = (await uow.company.read()).high_value_vnd
    return today_entries(items, await uow.sales.purchases(customer_ids(items)), today, high_value_vnd)


def customer_ids(items: Iterable[DueItem]) -> set[int]:
    """Whom the items are about."""
    return {customer.id for _, customer in items}


async def read_next(uow: UnitOfWork, member: Member, today: date) -> DueItem | None:
    """What comes next, within a month."""
    items = await uow.followups.due(member, until=today + timedelta(days=31), since=today + timedelta(days=1))
    return items[0] if items else None


async def read_reminder(
    uow: UnitOfWork,
    member: Member,
    t: Translator,
    org: str,
    customer: Customer,
    items: tuple[FollowUp, ...],
    origin: str = PUSHED,
) -> Reminder:
    """All that stands on the card of these items, which belong to one customer; the first is what its buttons are about."""
    purchases = (await uow.sales.purchases([customer.id])).get(customer.id, Purchases())
    product = purchases.last.product if purchases.last else None
    messages = (message_for(t, item, customer, member, org, product) for item in items)
    message = next(filter(None, messages), "")
    latest = await _latest(uow, member, customer)
    return Reminder(customer, items, purchases, latest, message, origin, *await _friends(uow, member, customer, items))


async def _friends(
    uow: UnitOfWork, member: Member, customer: Customer, items: Iterable[FollowUp]
) -> tuple[Sequence[Customer], Customer | None]:
    """Whom they brought and who brought them, where the items are about that."""
    steps = {item.step for item in items}
    brought: Sequence[Customer] = ()
    if steps & {care.THANK_REFERRER, care.REWARD_REFERRER}:
        brought = await uow.referrals.brought_by(member, customer.id)
    is_brought = steps & {care.MEET_REFERRED, care.REWARD_REFERRED}
    return brought, await uow.referrals.referrer_of(member, customer) if is_brought else None


async def _latest(uow: UnitOfWork, member: Member, customer: Customer) -> tuple[Interaction, ...]:
    """The last words about them and the last contact, newest first."""
    entries, _ = await uow.timeline.page(member, customer.id, RECENT_ENTRIES)
    last_words = next((entry for entry in entries if entry.text and entry.kind in _WORDS), None)
    last_contact = next((entry for entry in entries if entry.kind in _CONTACTS), None)
    return tuple(entry for entry in entries if entry in (last_words, last_contact))
