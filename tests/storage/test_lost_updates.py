"""Turns that read, think and write at the same time: none may undo another."""

import asyncio

from bot.storage.store import SqlStore, create_store
from tests.storage.team import NOW, customer, member


async def test_five_hundred_read_modify_writes_of_two_instances_are_all_there(
    store: SqlStore, database_url: str
) -> None:
    rep = await member(store)
    lan = await customer(store, rep, "Lan", interest="")

    async def add_a_letter(instance: SqlStore) -> None:
        async with instance.begin() as uow:
            read = await uow.customers.get(rep, lan.id)
            await asyncio.sleep(0)
            await uow.customers.update(read, interest=f"{read.interest}x")
            await uow.commit()

    async def writer(instance: SqlStore) -> None:
        for _ in range(50):
            await add_a_letter(instance)

    other = create_store(database_url)
    await asyncio.gather(*(writer(instance) for instance in (store, other) for _ in range(5)))
    await other.close()

    async with store.read() as uow:
        assert (await uow.customers.get(rep, lan.id)).interest == "x" * 500


async def test_turns_of_one_person_wait_for_each_other(store: SqlStore, database_url: str) -> None:
    rep = await member(store)
    async with store.begin() as uow:
        await uow.members.link(rep.id, "telegram", "7", "7")
        await uow.commit()

    async def one_more_customer(instance: SqlStore) -> None:
        async with instance.begin() as uow:
            found = await uow.members.by_identity("telegram", "7")
            assert found is not None
            await asyncio.sleep(0)
            await uow.members.update(found, last_customer_id=(found.last_customer_id or 0) + 1)
            await uow.commit()

    other = create_store(database_url)
    await asyncio.gather(*(one_more_customer(instance) for instance in (store, other) for _ in range(20)))
    await other.close()

    async with store.read() as uow:
        assert (await uow.members.get(rep.id)).last_customer_id == 40


async def test_an_update_that_comes_three_times_at_once_to_two_instances_is_taken_once(
    store: SqlStore, database_url: str
) -> None:
    other = create_store(database_url)
    taken: list[str] = []

    async def take(instance: SqlStore, update_id: str) -> None:
        async with instance.begin() as uow:
            if await uow.inbox.take("telegram", update_id, NOW):
                taken.append(update_id)
                await uow.commit()

    ids = [str(number) for number in range(1000)]
    for some in (ids[at : at + 100] for at in range(0, 1000, 100)):
        await asyncio.gather(*(take(instance, update_id) for update_id in some for instance in (store, other, store)))
    await other.close()
    assert sorted(taken) == sorted(ids)


async def test_an_update_whose_turn_failed_can_be_taken_again(store: SqlStore) -> None:
    async with store.begin() as uow:
        assert await uow.inbox.take("telegram", "1", NOW)
    async with store.begin() as uow:
        assert await uow.inbox.take("telegram", "1", NOW)
        await uow.commit()
    async with store.begin() as uow:
        assert not await uow.inbox.take("telegram", "1", NOW)
        assert await uow.inbox.take("zalo", "1", NOW)
