"""What messages are read against: kept between turns, and never stale, not after an undo, a rollback, or another instance's work."""

import pytest

from bot.domain.customers import NewCustomer
from bot.domain.errors import NotFound
from bot.domain.people import Member, Role
from bot.domain.repositories import Store
from bot.domain.vocabulary import NewWord, WordKind
from bot.storage.store import SqlStore, create_store
from tests.chat import ZONE
from tests.storage.team import HOUR, NOW


async def a_member(store: Store, name: str = "Minh", role: Role = Role.REP) -> Member:
    async with store.begin() as uow:
        member = await uow.members.add(name, role, "vi", ZONE, NOW)
        await uow.commit()
    return member


async def adds(store: Store, member: Member, name: str) -> int:
    async with store.begin() as uow:
        customer = await uow.customers.add(member, NewCustomer(name), NOW)
        await uow.actions.record(member, customer.id, NOW)
        await uow.commit()
    return customer.id


async def called(store: Store, member: Member, name: str) -> list[int]:
    async with store.read() as uow:
        return [customer.id for customer in (await uow.vocabulary.known(member)).called(name)]


async def test_what_is_known_is_built_once_and_renewed_when_it_changes(store: SqlStore) -> None:
    minh = await a_member(store)
    lan = await adds(store, minh, "Lan")
    async with store.read() as uow:
        once = await uow.vocabulary.known(minh)
    async with store.read() as uow:
        assert await uow.vocabulary.known(minh) is once
    hoa = await adds(store, minh, "Hoa")
    assert await called(store, minh, "Hoa") == [hoa]
    assert await called(store, minh, "Lan") == [lan]


async def test_another_instances_work_is_seen_at_once(store: SqlStore, database_url: str) -> None:
    minh = await a_member(store)
    assert await called(store, minh, "Lan") == []
    other = create_store(database_url)
    lan = await adds(other, minh, "Lan")
    await other.close()
    assert await called(store, minh, "Lan") == [lan]


async def test_what_was_rolled_back_or_undone_is_not_known(store: SqlStore) -> None:
    minh = await a_member(store)
    async with store.begin() as uow:
        await uow.customers.add(minh, NewCustomer("Mận"), NOW)
        assert (await uow.vocabulary.known(minh)).called("Mận")
    assert await called(store, minh, "Mận") == []
    await adds(store, minh, "Lan")
    async with store.begin() as uow:
        action = await uow.actions.last(minh, NOW - HOUR)
        assert action
        await uow.actions.revert(minh, action, NOW)
        await uow.commit()
    assert await called(store, minh, "Lan") == []


async def test_a_nickname_means_its_customer_until_it_is_forgotten(store: SqlStore) -> None:
    minh, trang, owner = (
        await a_member(store),
        await a_member(store, "Trang"),
        await a_member(store, "Hạnh", Role.OWNER),
    )
    lan = await adds(store, minh, "Lan")
    async with store.begin() as uow:
        word = await uow.vocabulary.learn(minh, NewWord(WordKind.CUSTOMER, "Mập", "Lan", lan), shared=False)
        again = await uow.vocabulary.learn(minh, NewWord(WordKind.CUSTOMER, "map", "Lan", lan), shared=False)
        shared = await uow.vocabulary.learn(owner, NewWord(WordKind.PRODUCT, "gói P", "gói Pro"), shared=True)
        await uow.commit()
    assert word.id == again.id
    assert await called(store, minh, "Mập") == [lan]
    assert await called(store, trang, "Mập") == []
    async with store.begin() as uow:
        assert [w.said for w in await uow.vocabulary.words(trang)] == ["gói P"]
        for foreign in (word.id, shared.id):
            with pytest.raises(NotFound):
                await uow.vocabulary.forget(trang, foreign)
        await uow.vocabulary.forget(minh, word.id)
        await uow.vocabulary.forget(owner, shared.id)
        await uow.commit()
    assert await called(store, minh, "Mập") == []
