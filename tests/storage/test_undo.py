"""Taking back what was saved in one go: all of it returns to what it was, or nothing is touched."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.customers import Customer, Heat, NewCustomer, Stage
from bot.domain.delivery import Audience, NewDelivery
from bot.domain.errors import DomainError, NotFound
from bot.domain.followups import FollowUpState, NewFollowUp, Outcome
from bot.domain.people import Member, Role
from bot.domain.repositories import Action, UnitOfWork
from bot.domain.sales import NewSale
from bot.domain.timeline import InteractionKind
from bot.storage.store import SqlStore
from tests.storage.team import HOUR, NOW, customer, member

TODAY = date(2026, 11, 21)


async def _revert(store: SqlStore, action: Action) -> None:
    actor = await _actor(store, action)
    async with store.begin() as uow:
        await uow.actions.revert(actor, action, NOW + HOUR)
        await uow.commit()


async def _why_not(store: SqlStore, action: Action) -> str:
    """Why an action cannot be taken back; and that trying changed nothing, though the turn was committed."""
    rep = await _actor(store, action)
    before = await _everything(store, rep)
    async with store.begin() as uow:
        with pytest.raises(DomainError) as refused:
            await uow.actions.revert(rep, action, NOW + HOUR)
        await uow.commit()
    assert await _everything(store, rep) == before
    return refused.value.reason


async def _actor(store: SqlStore, action: Action) -> Member:
    async with store.read() as uow:
        return await uow.members.get(action.member_id)


async def _everything(store: SqlStore, rep: Member) -> Any:
    """All that a member can see."""
    async with store.read() as uow:
        found, _ = await uow.customers.find(rep, "khach", 100)
        cards = {}
        for customer in sorted((hit.customer for hit in found), key=lambda c: c.id):
            cards[customer.id] = (
                customer,
                await uow.timeline.page(rep, customer.id, 100),
                await uow.followups.of_customer(rep, customer.id, only_open=False),
                await uow.sales.purchases([customer.id]),
                [await uow.customers.by_phone(rep, phone) for phone in customer.phones],
                await uow.customers.named(rep, customer.name),
            )
        return cards, await uow.followups.due(rep, date(2030, 1, 1))


async def _sold(store: SqlStore, rep: Member) -> tuple[Customer, Action, int]:
    """A new customer, and in a second action a sale with its steps."""
    lan = await customer(store, rep, "Khách Lan", "+84912345678")
    async with store.begin() as uow:
        won = await uow.customers.update(lan, stage=Stage.WON, heat=Heat.HOT)
        sale = await uow.sales.add(NewSale(lan.id, rep.id, TODAY, NOW, "Pro", 1, 12_500_000))
        await uow.timeline.add(rep, lan.id, InteractionKind.SALE, "Pro", NOW, details={"sale": str(sale.id)})
        for days in (3, 0, 7):
            step = NewFollowUp(lan.id, rep.id, "gọi", TODAY + timedelta(days=days), step="call", sale_id=sale.id)
            last = await uow.followups.add(step, NOW, push_at=NOW + timedelta(days=days))
        action = await uow.actions.record(rep, lan.id, NOW)
        await uow.commit()
    return won, action, last.id


async def test_taking_back_a_sale_takes_its_steps_and_stage_too(store: SqlStore) -> None:
    rep = await member(store)
    await customer(store, rep, "Khách Lan", "+84912345678")
    before = await _everything(store, rep)
    async with store.begin() as uow:
        lan = (await uow.customers.by_phone(rep, "+84912345678"))[0]
        await uow.customers.update(lan, stage=Stage.WON, name="Khách Lan Anh", phones=("+84987654321", "+84912345678"))
        sale = await uow.sales.add(NewSale(lan.id, rep.id, TODAY, NOW, "Pro", 1, 12_500_000))
        await uow.timeline.add(rep, lan.id, InteractionKind.SALE, "Pro", NOW)
        await uow.followups.add(NewFollowUp(lan.id, rep.id, "gọi", TODAY, sale_id=sale.id), NOW, push_at=NOW)
        action = await uow.actions.record(rep, lan.id, NOW)
        await uow.commit()
    assert await _everything(store, rep) != before
    await _revert(store, action)
    assert await _everything(store, rep) == before


async def test_a_new_customer_taken_back_is_gone_and_never_gives_its_code_to_another(store: SqlStore) -> None:
    rep = await member(store)
    async with store.begin() as uow:
        lan = await uow.customers.add(rep, NewCustomer("Khách Lan", phones=("+84912345678",)), NOW)
        await uow.timeline.add(rep, lan.id, InteractionKind.NOTE, "thích Pro", NOW)
        await uow.members.update(rep, last_customer_id=lan.id)
        action = await uow.actions.record(rep, lan.id, NOW)
        await uow.commit()
    await _revert(store, action)
    async with store.read() as uow:
        with pytest.raises(NotFound):
            await uow.customers.get(rep, lan.id)
        assert await uow.customers.find(rep, "lan", 10) == ([], 0)
        assert await uow.customers.by_phone(rep, "+84912345678") == []
        assert (await uow.members.get(rep.id)).last_customer_id is None
    assert (await customer(store, rep, "Khách Hoa")).id > lan.id


async def test_an_action_is_taken_back_once(store: SqlStore) -> None:
    rep = await member(store)
    _, action, _ = await _sold(store, rep)
    await _revert(store, action)
    assert await _why_not(store, action) == "undo_done"


async def test_the_last_action_is_the_latest_that_still_stands_and_ones_own(store: SqlStore) -> None:
    rep, other = await member(store), await member(store, "Mai")
    _, action, _ = await _sold(store, rep)
    async with store.begin() as uow:
        later = await uow.actions.record(rep, None, NOW + HOUR)
        await uow.commit()
    async with store.read() as uow:
        assert await uow.actions.last(rep, NOW - HOUR) == later
        assert await uow.actions.last(rep, NOW + HOUR) is None
        assert await uow.actions.last(other, NOW - HOUR) is None
        assert await uow.actions.get(rep, action.id) == action
        with pytest.raises(NotFound):
            await uow.actions.get(other, action.id)
    await _revert(store, later)
    async with store.read() as uow:
        assert await uow.actions.last(rep, NOW - HOUR) == action
        assert await uow.actions.get(rep, later.id) == replace(later, undone_at=NOW + HOUR)


async def test_pushes_of_a_followup_taken_back_are_cancelled(store: SqlStore) -> None:
    rep = await member(store)
    _, action, followup_id = await _sold(store, rep)
    async with store.begin() as uow:
        for key in (f"followup:{followup_id}:2026-11-28", f"followup:{followup_id}0:2026-11-28"):
            await uow.outbox.queue(NewDelivery(key, "telegram", "1", Audience.MEMBER, "push", {"text": key}, NOW))
        await uow.commit()
    await _revert(store, action)
    claimed = await store.ledger.claim(NOW, 10, "w", NOW + HOUR)
    assert [delivery.payload["text"] for delivery in claimed] == [f"followup:{followup_id}0:2026-11-28"]


async def test_a_push_that_went_out_meanwhile_does_not_stand_in_the_way(store: SqlStore) -> None:
    rep = await member(store)
    _, action, followup_id = await _sold(store, rep)
    async with store.begin() as uow:
        step = await uow.followups.get(rep, followup_id)
        await uow.followups.update(step, push_at=None)
        await uow.commit()
    await _revert(store, action)


async def _later_note(uow: UnitOfWork, rep: Member, lan: Customer, _: int) -> None:
    await uow.timeline.add(rep, lan.id, InteractionKind.NOTE, "về sau", NOW)


async def _later_change(uow: UnitOfWork, rep: Member, lan: Customer, _: int) -> None:
    await uow.customers.update(lan, heat=Heat.COLD)


async def _step_done(uow: UnitOfWork, rep: Member, _: Customer, followup_id: int) -> None:
    step = await uow.followups.get(rep, followup_id)
    await uow.followups.update(step, state=FollowUpState.DONE, outcome=Outcome.ANSWERED, done_at=NOW)


async def _step_for_the_sale(uow: UnitOfWork, rep: Member, lan: Customer, followup_id: int) -> None:
    sale_id = (await uow.followups.get(rep, followup_id)).sale_id
    await uow.followups.add(NewFollowUp(lan.id, rep.id, "thêm", TODAY, sale_id=sale_id), NOW)


@pytest.mark.parametrize("later", [_later_change, _step_done, _step_for_the_sale])
async def test_what_later_entries_build_on_is_not_taken_back(store: SqlStore, later: Any) -> None:
    rep = await member(store)
    lan, action, followup_id = await _sold(store, rep)
    async with store.begin() as uow:
        await later(uow, rep, lan, followup_id)
        await uow.commit()
    assert await _why_not(store, action) == "undo_too_late"


async def test_a_later_note_does_not_stand_in_the_way_of_the_sale_but_of_the_customer(store: SqlStore) -> None:
    rep = await member(store)
    async with store.begin() as uow:
        lan = await uow.customers.add(rep, NewCustomer("Khách Lan"), NOW)
        created = await uow.actions.record(rep, lan.id, NOW)
        changed = await uow.customers.update(lan, heat=Heat.HOT)
        heated = await uow.actions.record(rep, lan.id, NOW)
        await uow.commit()
    async with store.begin() as uow:
        await _later_note(uow, rep, changed, 0)
        await uow.commit()
    await _revert(store, heated)
    assert await _why_not(store, created) == "undo_too_late"


STEPS = st.lists(
    st.sampled_from(["add", "rename", "phones", "heat", "note", "sale", "amount", "followup", "move", "done"]),
    min_size=1,
    max_size=8,
)
NAMES = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyÀÁẢẠ '-\u0301😀", min_size=1, max_size=12)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, names=st.lists(NAMES, min_size=10, max_size=10), amount=st.integers(0, 10**12))
async def test_taking_back_whatever_one_turn_did_leaves_no_trace(
    store: SqlStore, steps: list[str], names: list[str], amount: int
) -> None:
    async with store.begin() as uow:
        rep = await uow.members.add("Hà", Role.REP, "vi", "Asia/Ho_Chi_Minh", NOW)
        subject = await uow.customers.add(rep, NewCustomer("Khách A", phones=("+84912345678",)), NOW)
        await uow.sales.add(NewSale(subject.id, rep.id, TODAY, NOW, "cũ", None, None))
        await uow.followups.add(NewFollowUp(subject.id, rep.id, "cũ", TODAY, NOW), NOW, push_at=NOW)
        await uow.commit()
    before = await _everything(store, rep)
    async with store.begin() as uow:
        for step, name in zip(steps, names, strict=False):
            subject = await _do(uow, rep, subject, step, f"Khách {name}", amount)
        action = await uow.actions.record(rep, subject.id, NOW)
        await uow.commit()
    await _revert(store, action)
    assert await _everything(store, rep) == before


async def _do(uow: UnitOfWork, rep: Member, subject: Customer, step: str, name: str, amount: int) -> Customer:
    """One step of a turn; the customer that the next one is about."""
    match step:
        case "add":
            return await uow.customers.add(rep, NewCustomer(name, phones=("+84900000001",), company=name), NOW)
        case "rename":
            return await uow.customers.update(subject, name=name, company=name)
        case "phones":
            return await uow.customers.update(subject, phones=("+84900000002", *subject.phones[:1]))
        case "heat":
            return await uow.customers.update(subject, heat=Heat.HOT, stage=Stage.QUOTED, interest=name)
        case "note":
            await uow.timeline.add(rep, subject.id, InteractionKind.NOTE, name, NOW, details={"a": name})
        case "sale":
            await uow.sales.add(NewSale(subject.id, rep.id, TODAY, NOW + HOUR, name, 2, amount))
        case _:
            await _follow_up(uow, rep, subject, step, name, amount)
    return subject


async def _follow_up(uow: UnitOfWork, rep: Member, subject: Customer, step: str, name: str, amount: int) -> None:
    last_sale = (await uow.sales.purchases([subject.id]))[subject.id].last
    followups = await uow.followups.of_customer(rep, subject.id, only_open=False)
    match step:
        case "amount" if last_sale:
            await uow.sales.update(last_sale, amount_vnd=amount, sold_on=TODAY + timedelta(days=1))
        case "followup":
            sale_id = last_sale.id if last_sale else None
            await uow.followups.add(NewFollowUp(subject.id, rep.id, name, TODAY, sale_id=sale_id), NOW)
        case "move" if followups:
            await uow.followups.update(followups[-1], due_on=TODAY + timedelta(days=9), due_at=None, push_at=None)
        case "done" if followups:
            await uow.followups.update(followups[0], state=FollowUpState.DONE, outcome=Outcome.BOUGHT, done_at=NOW)
