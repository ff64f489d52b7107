"""Where customers stand: facts in pages, the same as one by one, and only of those whom the actor may see."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.customers import NewCustomer
from bot.domain.errors import NotFound
from bot.domain.followups import NewFollowUp
from bot.domain.people import Member, Role
from bot.domain.repositories import UnitOfWork
from bot.domain.sales import NewSale
from bot.domain.segments import CustomerFacts
from bot.domain.timeline import InteractionKind
from bot.storage import standings
from bot.storage.store import SqlStore

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


async def hire(uow: UnitOfWork, name: str, role: Role = Role.REP) -> Member:
    return await uow.members.add(name, role, "vi", "Asia/Ho_Chi_Minh", NOW)


async def everybody(uow: UnitOfWork, actor: Member) -> list[list[CustomerFacts]]:
    return [list(page) async for page in uow.standings.all(actor)]


async def test_facts_hold_what_was_bought_said_planned_and_who_was_brought(store: SqlStore) -> None:
    async with store.begin() as uow:
        minh = await hire(uow, "Minh")
        lan = await uow.customers.add(minh, NewCustomer("Lan", "chị", phones=("+84912345678", "+84912345679")), NOW)
        await uow.customers.add(minh, NewCustomer("Hoa", referrer="chị Lan", referrer_id=lan.id), NOW)
        for day, product, amount in ((20, "tủ", 5_000_000), (2, "bàn", None), (2, "ghế", 1_000_000)):
            at = datetime(2026, 11, day, 3, tzinfo=UTC)
            await uow.sales.add(NewSale(lan.id, minh.id, at.date(), at, product, 1, amount))
        for ago in (9, 3):
            await uow.timeline.add(minh, lan.id, InteractionKind.NOTE, "x", NOW - timedelta(days=ago))
        for due in (date(2026, 12, 1), date(2026, 11, 1)):
            await uow.followups.add(NewFollowUp(lan.id, minh.id, "gọi", due), NOW)
        facts = await uow.standings.facts(minh, lan.id)
        await uow.commit()
    assert facts.sold_on == (date(2026, 11, 2), date(2026, 11, 2), date(2026, 11, 20))
    assert (facts.total_vnd, facts.last_product, facts.purchases) == (6_000_000, "tủ", 3)
    assert (facts.open_followups, facts.first_due_on, facts.referred) == (2, date(2026, 11, 1), 1)
    assert facts.last_touch_at == NOW - timedelta(days=3)
    assert (facts.name, facts.honorific, facts.phone, facts.stage) == ("Lan", "chị", "+84912345678", "consulting")


async def test_pages_hold_everybody_once_and_as_one_by_one(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standings, "PAGE", 2)
    async with store.begin() as uow:
        minh, trang, boss = await hire(uow, "Minh"), await hire(uow, "Trang"), await hire(uow, "Hà", Role.OWNER)
        for number in range(7):
            owner = trang if number % 3 else minh
            customer = await uow.customers.add(owner, NewCustomer(f"Khách {number}"), NOW)
            await uow.sales.add(NewSale(customer.id, owner.id, NOW.date(), NOW, None, None, number))
            await uow.followups.add(NewFollowUp(customer.id, owner.id, "gọi", NOW.date()), NOW)
        for actor, count in ((minh, 3), (trang, 4), (boss, 7)):
            pages = await everybody(uow, actor)
            found = [facts for page in pages for facts in page]
            assert [facts.name for facts in found] == sorted({facts.name for facts in found})
            assert len(found) == count
            assert max(map(len, pages)) == 2
            assert found == [await uow.standings.facts(actor, facts.customer_id) for facts in found]


async def test_nobody_elses_facts_are_told(store: SqlStore) -> None:
    async with store.begin() as uow:
        minh, trang = await hire(uow, "Minh"), await hire(uow, "Trang")
        lan = await uow.customers.add(minh, NewCustomer("Lan"), NOW)
        with pytest.raises(NotFound):
            await uow.standings.facts(trang, lan.id)
        gone = await uow.members.update(minh, active=False)
        with pytest.raises(NotFound):
            await uow.standings.facts(gone, lan.id)
        assert await everybody(uow, trang) == await everybody(uow, gone) == []
