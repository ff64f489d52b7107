"""Personal links, chains and gifts as they lie in the tables."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.domain.customers import Customer, NewCustomer
from bot.domain.errors import NotFound
from bot.domain.people import Member, Role
from bot.domain.referrals import NewReward
from bot.domain.repositories import Store
from bot.storage.store import SqlStore

NOW = datetime(2026, 11, 23, 1, 40, tzinfo=UTC)


async def a_rep(store: Store, name: str, role: Role = Role.REP) -> Member:
    async with store.begin() as uow:
        rep = await uow.members.add(name, role, "vi", "Asia/Ho_Chi_Minh", NOW)
        await uow.commit()
    return rep


async def a_customer(store: Store, rep: Member, name: str, referrer: Customer | None = None) -> Customer:
    async with store.begin() as uow:
        new = NewCustomer(name, referrer_id=referrer.id if referrer else None)
        customer = await uow.customers.add(rep, new, NOW)
        await uow.commit()
    return customer


async def link_of(store: Store, customer: Customer) -> str:
    async with store.begin() as uow:
        token = await uow.referrals.link_of(customer.id)
        await uow.commit()
    return token


async def test_two_who_ask_at_once_get_the_same_link(store: SqlStore) -> None:
    lan = await a_customer(store, await a_rep(store, "Minh"), "Lan")
    first, second = await asyncio.gather(link_of(store, lan), link_of(store, lan))
    assert first == second == await link_of(store, lan)


async def test_each_link_leads_to_its_own_customer(store: SqlStore) -> None:
    minh = await a_rep(store, "Minh")
    both = [await a_customer(store, minh, name) for name in ("Lan", "Hoa")]
    tokens = [await link_of(store, customer) for customer in both]
    async with store.read() as uow:
        assert [await uow.referrals.referrer(token) for token in tokens] == both
        assert await uow.referrals.referrer(tokens[0][:-1]) is None
        assert await uow.referrals.referrer("") is None


async def test_who_was_erased_brings_nobody_and_is_nobodys_to_thank(store: SqlStore) -> None:
    minh = await a_rep(store, "Minh")
    lan = await a_customer(store, minh, "Lan")
    hoa = await a_customer(store, minh, "Hoa", lan)
    token = await link_of(store, lan)
    async with store.begin() as uow:
        await uow.privacy.erase(lan, NOW)
        await uow.commit()
    async with store.read() as uow:
        assert await uow.referrals.referrer(token) is None
        assert await uow.referrals.sender(hoa) is None
        assert await uow.referrals.referrer_of(minh, hoa) is None


async def test_a_gift_is_earned_once_by_each_of_the_two(store: SqlStore) -> None:
    minh = await a_rep(store, "Minh")
    lan = await a_customer(store, minh, "Lan")
    hoa = await a_customer(store, minh, "Hoa", lan)
    async with store.begin() as uow:
        for_lan = await uow.referrals.earn(NewReward(lan.id, hoa.id, NOW))
        for_hoa = await uow.referrals.earn(NewReward(hoa.id, hoa.id, NOW))
        assert for_lan
        assert for_hoa
        assert (for_lan.is_for_referrer, for_hoa.is_for_referrer) == (True, False)
        assert await uow.referrals.earn(NewReward(lan.id, hoa.id, NOW)) is None
        given = await uow.referrals.update(for_lan, given_at=NOW)
        await uow.commit()
    async with store.read() as uow:
        assert await uow.referrals.rewards_of(minh, lan.id) == [given]
        assert await uow.referrals.rewards_of(minh, hoa.id) == [for_hoa]


async def test_another_reps_referrals_are_not_to_be_seen(store: SqlStore) -> None:
    minh, ha = await a_rep(store, "Minh"), await a_rep(store, "Hà")
    lan = await a_customer(store, minh, "Lan")
    hoa = await a_customer(store, ha, "Hoa", lan)
    async with store.begin() as uow:
        gift = await uow.referrals.earn(NewReward(lan.id, hoa.id, NOW))
        await uow.commit()
    assert gift
    async with store.read() as uow:
        assert await uow.referrals.brought_by(minh, lan.id) == []
        assert await uow.referrals.referrer_of(ha, hoa) is None
        with pytest.raises(NotFound):
            await uow.referrals.reward(ha, gift.id)
        with pytest.raises(NotFound):
            await uow.referrals.rewards_of(ha, lan.id)
