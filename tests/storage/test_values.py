"""Both databases hold the same, exactly, or refuse it (S2, S4, RELIABILITY rule 10)."""

import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.customers import NewCustomer
from bot.domain.followups import NewFollowUp
from bot.domain.mailroom import Address
from bot.domain.people import Role
from bot.domain.repositories import UnitOfWork
from bot.domain.sales import NewSale
from bot.domain.timeline import InteractionKind, StoredFile
from bot.storage.columns import storable
from bot.storage.store import SqlStore
from tests.storage.team import NOW, customer, member

ODD = st.text(max_size=40) | st.text(alphabet="a\0\u200b\u202e\u0301\ud800\udfffệ😀\\'\"%_{}\n\t", max_size=12)
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ANY_TIME = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@ANY_TIME
@given(name=ODD, text=ODD, moment=MOMENTS)
async def test_odd_text_and_any_moment_come_back_as_they_were_stored(
    store: SqlStore, name: str, text: str, moment: datetime
) -> None:
    address = Address("telegram", storable(text) or "1")
    async with store.begin() as uow:
        rep = await uow.members.add("Hà", Role.REP, "vi", "Asia/Ho_Chi_Minh", moment)
        lan = await uow.customers.add(rep, NewCustomer(name, company=text, interest=text), moment)
        file = StoredFile("telegram", "f", "photo", storable(text))
        note = await uow.timeline.add(
            rep, lan.id, InteractionKind.NOTE, text, moment, details={"a": storable(name)}, file=file
        )
        await uow.questions.ask(address, "form", {"text": storable(text), "n": [1, None, {"a": True}]}, moment)
        assert await uow.customers.get(rep, lan.id) == replace(
            lan, name=storable(name), company=storable(text), interest=storable(text)
        )
        assert await uow.timeline.get(rep, note.id) == replace(note, text=storable(text))
        question = await uow.questions.waiting(address)
        assert question is not None
        assert (question.name, question.data["text"], question.asked_at) == ("form", storable(text), moment)


def test_only_what_one_database_would_refuse_is_dropped() -> None:
    assert storable("a\0b\ud800c") == "abc"
    kept = "Nguyễn\u200b \u202eThị\u0301 😀 <b>&%_' \t\n"
    assert storable(kept) == kept


@pytest.mark.parametrize("form", ["NFC", "NFD"])
async def test_a_name_in_any_form_is_found_in_every_form(store: SqlStore, form: Literal["NFC", "NFD"]) -> None:
    rep = await member(store)
    stored = await customer(store, rep, unicodedata.normalize(form, "Nguyễn Văn Tấn"))
    async with store.read() as uow:
        for query in ("Nguyễn Văn Tấn", "nguyen van tan", "TẤN", "tan"):
            for typed in (unicodedata.normalize("NFC", query), unicodedata.normalize("NFD", query)):
                assert [c.id for c in await uow.customers.named(rep, typed)] == [stored.id]
                assert [hit.customer.id for hit in (await uow.customers.find(rep, typed, 5))[0]] == [stored.id]


@ANY_TIME
@given(amount=st.integers(-(2**63), 2**63 - 1))
async def test_money_is_exact(store: SqlStore, amount: int) -> None:
    async with store.begin() as uow:
        rep = await uow.members.add("Hà", Role.REP, "vi", "Asia/Ho_Chi_Minh", NOW)
        lan = await uow.customers.add(rep, NewCustomer("Lan"), NOW)
        sale = await uow.sales.add(NewSale(lan.id, rep.id, date(2026, 11, 21), NOW, "Pro", 1, amount))
        assert await uow.sales.get(rep, sale.id) == sale
        assert (await uow.sales.purchases([lan.id]))[lan.id].total_vnd == amount


@pytest.mark.parametrize("amount", [10**30, 2**63, 12.5, float("nan"), "12.500.000", True])
async def test_an_amount_that_is_no_whole_number_of_dong_is_refused(store: SqlStore, amount: Any) -> None:
    rep = await member(store)
    lan = await customer(store, rep, "Lan")
    async with store.begin() as uow:
        with pytest.raises(Exception, match="whole number"):
            await uow.sales.add(NewSale(lan.id, rep.id, date(2026, 11, 21), NOW, "Pro", 1, amount))


async def test_purchases_count_what_is_known_and_remember_the_last(store: SqlStore) -> None:
    rep = await member(store)
    lan, hoa = await customer(store, rep, "Lan"), await customer(store, rep, "Hoa")
    day = date(2026, 11, 21)
    async with store.begin() as uow:
        newest = await uow.sales.add(NewSale(lan.id, rep.id, day, NOW, "C", 1, 100_000_000_000))
        await uow.sales.add(NewSale(lan.id, rep.id, day, NOW - timedelta(days=1), "A", 1, 500))
        await uow.sales.add(NewSale(lan.id, rep.id, day, NOW - timedelta(days=2), "B", 1, None))
        purchases = await uow.sales.purchases([lan.id, hoa.id])
        assert (purchases[lan.id].count, purchases[lan.id].total_vnd) == (3, 100_000_000_500)
        assert purchases[lan.id].last == newest
        assert (purchases[hoa.id].count, purchases[hoa.id].last) == (0, None)
        assert await uow.sales.purchases([]) == {}


async def test_a_moment_is_stored_in_utc_and_never_without_a_zone(store: SqlStore) -> None:
    rep = await member(store)
    lan = await customer(store, rep, "Lan")
    in_hanoi = NOW.astimezone(timezone(timedelta(hours=7)))
    async with store.begin() as uow:
        call = await uow.followups.add(NewFollowUp(lan.id, rep.id, "gọi", date(2026, 11, 21), in_hanoi), NOW)
        due_at = (await uow.followups.get(rep, call.id)).due_at
        assert due_at == NOW
        assert due_at is not None
        assert due_at.tzinfo is UTC
        await uow.commit()
    async with store.begin() as uow:
        with pytest.raises(Exception, match="without a time zone"):
            await uow.inbox.take("telegram", "1", NOW.replace(tzinfo=None))


async def _page(uow: UnitOfWork, rep: Any, customer_id: int, offset: int) -> list[str]:
    entries, count = await uow.timeline.page(rep, customer_id, 2, offset)
    assert count == 5
    return [entry.text for entry in entries]


async def test_a_timeline_is_paged_newest_first(store: SqlStore) -> None:
    rep = await member(store)
    lan = await customer(store, rep, "Lan")
    async with store.begin() as uow:
        for number in (3, 1, 2, 5, 4):
            at = NOW + timedelta(minutes=number)
            await uow.timeline.add(rep, lan.id, InteractionKind.NOTE, str(number), at)
        await uow.commit()
    async with store.read() as uow:
        pages = [await _page(uow, rep, lan.id, offset) for offset in (0, 2, 4, 6)]
    assert pages == [["5", "4"], ["3", "2"], ["1"], []]


async def test_a_question_waits_in_place_of_any_other_until_it_is_forgotten(store: SqlStore) -> None:
    address = Address("telegram", "1")
    async with store.begin() as uow:
        await uow.questions.ask(address, "name", {"step": 1}, NOW)
        await uow.questions.ask(address, "phone", {"step": 2}, NOW)
        question = await uow.questions.waiting(address)
        assert question is not None
        assert (question.name, question.data) == ("phone", {"step": 2})
        assert await uow.questions.waiting(Address("zalo", "1")) is None
        await uow.questions.forget(address)
        assert await uow.questions.waiting(address) is None
