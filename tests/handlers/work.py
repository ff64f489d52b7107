"""A rep's customers, promises and sales, as if they had been written down before."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.calendar import moment_of
from bot.domain.customers import Customer, Heat, NewCustomer
from bot.domain.followups import FollowUp, NewFollowUp, When
from bot.domain.people import Member
from bot.domain.repositories import UnitOfWork
from bot.domain.sales import NewSale, Sale
from bot.domain.timeline import Interaction, InteractionKind
from bot.handlers.checklist import start_care
from bot.handlers.due import plan_followup
from bot.messages import Incoming, Peer
from bot.turn import Turn
from tests.chat import ORG, Company, Person, Shown


def member_of(rep: Person) -> Member:
    assert rep.member
    return rep.member


def turn_of(rep: Person, uow: UnitOfWork) -> Turn:
    """A turn of theirs."""
    company = rep.company
    words = company.conversation.translator
    incoming = Incoming("0", Peer("telegram", rep.user_id, rep.user_id))
    return Turn(incoming, company.clock.now(), member_of(rep), words(rep.member), uow, ORG, words, lambda _: "")


async def knows(
    rep: Person,
    name: str,
    honorific: str | None = "chị",
    phone: str = "+84912345678",
    heat: Heat | None = None,
    note: str = "",
) -> Customer:
    """A customer of the rep's own."""
    now = rep.company.clock.now()
    async with rep.company.store.begin() as uow:
        new = NewCustomer(name, honorific, phones=(phone,) if phone else (), heat=heat)
        customer = await uow.customers.add(member_of(rep), new, now)
        if note:
            await uow.timeline.add(member_of(rep), customer.id, InteractionKind.NOTE, note, now)
        await uow.commit()
    return customer


async def promises(rep: Person, customer: Customer, text: str, when: When) -> FollowUp:
    """A follow-up by hand, as a conversation plans it."""
    async with rep.company.store.begin() as uow:
        turn = turn_of(rep, uow)
        followup = await plan_followup(turn, customer.id, text, when)
        await uow.commit()
    return followup


async def promises_many(company: Company, promised: Sequence[tuple[Person, Customer, When]]) -> None:
    """Many follow-ups by hand, in one go."""
    async with company.store.begin() as uow:
        for rep, customer, when in promised:
            at = moment_of(member_of(rep), when.on, when.at) if when.at else None
            new = NewFollowUp(customer.id, member_of(rep).id, "gọi lại", when.on, at)
            await uow.followups.add(new, company.clock.now(), push_at=at)
        await uow.commit()


async def sells(rep: Person, customer: Customer, product: str = "gói Pro", amount_vnd: int = 12_500_000) -> Sale:
    """A sale, its checklist on the rep's screen."""
    async with rep.company.store.begin() as uow:
        turn = turn_of(rep, uow)
        new = NewSale(customer.id, member_of(rep).id, turn.today, turn.now, product, None, amount_vnd)
        sale = await uow.sales.add(new)
        reply = await start_care(turn, sale, customer)
        await turn.saved(customer.id)
        await uow.commit()
    shown = Shown(f"{rep.user_id}:sale:{sale.id}", reply)
    rep.screen.append(shown)
    rep.fresh = [shown]
    return sale


async def open_items(rep: Person, customer: Customer) -> list[FollowUp]:
    """What still waits about a customer."""
    async with rep.company.store.read() as uow:
        return list(await uow.followups.of_customer(member_of(rep), customer.id))


async def the_item(rep: Person, followup: FollowUp) -> FollowUp:
    """The follow-up as it stands."""
    async with rep.company.store.read() as uow:
        return await uow.followups.get(member_of(rep), followup.id)


async def timeline(rep: Person, customer: Customer) -> list[Interaction]:
    """What happened, newest first."""
    async with rep.company.store.read() as uow:
        return list((await uow.timeline.page(member_of(rep), customer.id, 50))[0])


def on(text: str) -> When:
    """`2026-11-24` or `2026-11-24 09:00`."""
    if " " not in text:
        return When(date.fromisoformat(text))
    moment = datetime.fromisoformat(text)
    return When(moment.date(), moment.time())


def in_hanoi(text: str) -> datetime:
    """`2026-11-24 09:00` in Vietnam."""
    return datetime.fromisoformat(f"{text}+07:00")
