"""Two turns that read, think and write at the same time: neither may undo the other."""

import asyncio
from datetime import UTC, datetime

from bot.domain.customers import NewCustomer
from bot.domain.people import Member, Role
from bot.storage.store import SqlStore, create_store

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


async def _member(store: SqlStore) -> Member:
    async with store.begin() as uow:
        member = await uow.members.add("Hà", Role.REP, "vi", "Asia/Ho_Chi_Minh", NOW)
        await uow.commit()
    return member


async def test_five_hundred_read_modify_writes_of_two_instances_are_all_there(
    store: SqlStore, database_url: str
) -> None:
    member = await _member(store)
    async with store.begin() as uow:
        customer = await uow.customers.add(member, NewCustomer("Lan", interest=""), NOW)
        await uow.commit()

    async def add_a_letter(instance: SqlStore) -> None:
        async with instance.begin() as uow:
            read = await uow.customers.get(member, customer.id)
            await asyncio.sleep(0)
            await uow.customers.update(read, interest=f"{read.interest}x")
            await uow.commit()

    async def ten_writers(instance: SqlStore) -> None:
        for _ in range(5):
            await asyncio.gather(*(add_a_letter(instance) for _ in range(10)))

    other = create_store(database_url)
    await asyncio.gather(*(ten_writers(instance) for instance in (store, other) for _ in range(5)))
    await other.close()

    async with store.read() as uow:
        assert (await uow.customers.get(member, customer.id)).interest == "x" * 500
