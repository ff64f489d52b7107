"""What waits for somebody on the Official Account while days go by, and what comes late or in another order."""

import asyncio
from datetime import timedelta
from typing import Any

from markupsafe import Markup
from sqlalchemy import select

from bot.domain.customers import Customer
from bot.domain.delivery import Audience, DeliveryState, NewDelivery
from bot.domain.mailroom import Address
from bot.domain.people import Role
from bot.domain.reaching import Contact
from bot.messages import Reply
from bot.storage.channel_tables import charges
from bot.storage.tables import outbox
from tests.e2e.phones import Phone, Town, town

SOLVED = "ticket:1:solved:1"


async def told(town: Town) -> tuple[Phone, Customer]:
    """A customer who has written to the account."""
    await town.hires("Minh", role=Role.OWNER)
    phone = town.meets("Hoa", "zalo_typed")
    await phone.says("Xin chào")
    await phone.sees("1. ✅ Đồng ý")
    async with town.app.store.read() as uow:
        customer = await uow.contacts.customer("zalo", phone.user_id)
    assert customer
    return phone, customer


async def contact(town: Town, phone: Phone) -> Contact:
    async with town.app.store.read() as uow:
        found = await uow.contacts.at(Address("zalo", phone.user_id))
    assert found
    return found


async def queue(
    town: Town,
    phone: Phone,
    customer: Customer,
    key: str = SOLVED,
    text: str = "Việc của chị đã xong ạ",
    due_in: timedelta = timedelta(0),
) -> None:
    """Something is to be told to them: what became of their ticket."""
    to, due_at = (key, "zalo", phone.user_id, Audience.CUSTOMER, "ticket"), town.clock.now() + due_in
    async with town.app.store.begin() as uow:
        await uow.outbox.queue(NewDelivery(*to, Reply(Markup(text)).to_record(), due_at, customer_id=customer.id))
        await uow.commit()


async def looked_up(town: Town, *columns: Any) -> Any:
    """The first row of these."""
    async with town.app.store._engines.reading() as sql:
        return await sql.row(select(*columns))


async def became_of_it(town: Town) -> tuple[DeliveryState, str]:
    """The message's state, once it is over, and why."""
    async with asyncio.timeout(10):
        while True:
            async with town.app.store._engines.reading() as sql:
                of_it = select(outbox.c.state, outbox.c.last_error, outbox.c.wake_at)
                row = await sql.row(of_it.where(outbox.c.dedupe_key == SOLVED))
            if row.wake_at is None:
                return row.state, row.last_error
            await asyncio.sleep(0.02)


async def test_what_was_free_when_it_was_decided_upon_is_not_paid_for_later(database_url: str) -> None:
    """Zalo takes nothing from us for two days; then it would."""
    async with town(database_url) as here:
        phone, customer = await told(here)
        await queue(here, phone, customer)
        here.clock.wind(timedelta(hours=49))
        here.app.dispatcher.wake()
        state, why = await became_of_it(here)
        assert (state, why.partition(":")[0]) == (DeliveryState.FAILED, "window_closed")
        phone.does_not_see("đã xong")
        assert await looked_up(here, charges) is None
        await here.app.tick()  # and so it is their rep's
        assert (await became_of_it(here))[0] is DeliveryState.CANCELLED


async def test_what_is_held_up_until_the_night_waits_for_the_morning(database_url: str) -> None:
    """What nobody asked for was to go in the evening; what somebody did goes at any hour."""
    async with town(database_url) as here:
        phone, customer = await told(here)
        evening, night = timedelta(hours=11), timedelta(hours=18)
        await queue(here, phone, customer, f"unasked:{customer.id}:survey:1", "Khảo sát", evening)
        await queue(here, phone, customer, SOLVED, "Việc của chị đã xong ạ", evening)
        here.clock.wind(night)
        here.app.dispatcher.wake()
        await phone.sees("đã xong")
        phone.does_not_see("Khảo sát")
        here.clock.wind(timedelta(hours=5))
        here.app.dispatcher.wake()
        await phone.sees("Khảo sát")


async def test_where_the_operator_pays_it_goes_and_is_counted(database_url: str) -> None:
    async with town(database_url, zalo_paid_messages=True) as here:
        phone, customer = await told(here)
        await queue(here, phone, customer)
        here.clock.wind(timedelta(hours=49))
        here.app.dispatcher.wake()
        await phone.sees("đã xong")
        assert (await became_of_it(here))[0] is DeliveryState.SENT
        assert (await looked_up(here, charges.c.amount_vnd)).amount_vnd == 55


async def test_who_has_written_since_is_not_taken_for_silent(database_url: str) -> None:
    """Zalo refuses for their silence, and before anybody looks at that they write."""
    async with town(database_url) as here:
        phone, customer = await told(here)
        here.clock.wind(timedelta(days=7, hours=1))
        await queue(here, phone, customer)
        here.app.dispatcher.wake()
        assert (await became_of_it(here))[0] is DeliveryState.FAILED
        wrote_at = here.clock.now()
        await phone.says("Em ơi")
        async with asyncio.timeout(10):
            while ((await contact(here, phone)).last_wrote_at or wrote_at) <= wrote_at:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await here.app.tick()
        assert (await contact(here, phone)).interacted_at is not None
        await phone.sees("đã xong")
