"""Nobody reaches what is not theirs to see: not by a number tried out, a name, a phone or a search (law 9, S10, S11)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date

import pytest

from bot.domain.customers import Customer
from bot.domain.errors import DomainError, NotFound
from bot.domain.followups import FollowUp, NewFollowUp
from bot.domain.mailroom import Address
from bot.domain.people import Member, Role
from bot.domain.repositories import Action, UnitOfWork
from bot.domain.sales import NewSale, Sale
from bot.domain.timeline import Interaction, InteractionKind, StoredFile
from bot.storage.store import SqlStore
from tests.storage.team import NOW, customer, in_team, member

PHONE = "+84912345678"


@dataclass
class Case:
    """A rep's customer with everything about them."""

    rep: Member
    lan: Customer
    note: Interaction
    call: FollowUp
    sale: Sale
    saved: Action


async def a_case(store: SqlStore) -> Case:
    rep = await member(store, "Hà")
    lan = await customer(store, rep, "Nguyễn Thị Lan", PHONE, company="ABC")
    async with store.begin() as uow:
        file = StoredFile("telegram", "f1", "photo")
        note = await uow.timeline.add(rep, lan.id, InteractionKind.FILE, "ảnh", NOW, file=file, details={"a": "b"})
        sale = await uow.sales.add(NewSale(lan.id, rep.id, date(2026, 11, 21), NOW, "Pro", 1, 12_500_000))
        today = NewFollowUp(lan.id, rep.id, "gọi lại", date(2026, 11, 21), sale_id=sale.id)
        call = await uow.followups.add(today, NOW, push_at=NOW)
        saved = await uow.actions.record(rep, lan.id, NOW)
        await uow.commit()
    return Case(rep, lan, note, call, sale, saved)


Fetch = Callable[[UnitOfWork, Member, Case], Awaitable[object]]

REFUSED: dict[str, Fetch] = {
    "customer": lambda uow, who, case: uow.customers.get(who, case.lan.id),
    "timeline": lambda uow, who, case: uow.timeline.page(who, case.lan.id, 10),
    "files": lambda uow, who, case: uow.timeline.files(who, case.lan.id, 10),
    "entry": lambda uow, who, case: uow.timeline.get(who, case.note.id),
    "new entry": lambda uow, who, case: uow.timeline.add(who, case.lan.id, InteractionKind.NOTE, "x", NOW),
    "follow-up": lambda uow, who, case: uow.followups.get(who, case.call.id),
    "follow-ups": lambda uow, who, case: uow.followups.of_customer(who, case.lan.id),
    "sale": lambda uow, who, case: uow.sales.get(who, case.sale.id),
    "action": lambda uow, who, case: uow.actions.get(who, case.saved.id),
}
EMPTY: dict[str, Fetch] = {
    "phone": lambda uow, who, case: uow.customers.by_phone(who, PHONE),
    "name": lambda uow, who, case: uow.customers.named(who, "Lan"),
    "recent": lambda uow, who, case: uow.customers.recent(who, 10),
    "steps": lambda uow, who, case: uow.followups.of_sale(who, case.sale.id),
    "due": lambda uow, who, case: uow.followups.due(who, date(2027, 1, 1)),
}
QUERIES = ("Lan", "nguyen", "lna", "abc", "0912 345 678", "345", "KH1", "KH000001", "n l", "")


@pytest.mark.parametrize("what", REFUSED)
async def test_another_reps_things_are_refused_in_the_words_of_not_found(store: SqlStore, what: str) -> None:
    case = await a_case(store)
    stranger = await member(store, "Mai")
    async with store.begin() as uow:
        with pytest.raises(NotFound) as refused:
            await REFUSED[what](uow, stranger, case)
        parts = (case.lan, case.note, case.call, case.sale, case.saved)
        nothing = Case(case.rep, *(replace(part, id=9999) for part in parts))  # type: ignore[arg-type]
        with pytest.raises(NotFound) as missing:
            await REFUSED[what](uow, case.rep, nothing)
        assert refused.value.reason == missing.value.reason
        assert await REFUSED[what](uow, case.rep, case)


@pytest.mark.parametrize("what", EMPTY)
async def test_another_reps_things_are_in_no_list(store: SqlStore, what: str) -> None:
    case = await a_case(store)
    stranger = await member(store, "Mai")
    async with store.begin() as uow:
        assert list(await EMPTY[what](uow, stranger, case)) == []  # type: ignore[call-overload]
        assert await EMPTY[what](uow, case.rep, case)


@pytest.mark.parametrize("query", QUERIES)
async def test_no_search_finds_another_reps_customer(store: SqlStore, query: str) -> None:
    case = await a_case(store)
    stranger = await member(store, "Mai")
    own = await customer(store, stranger, "Lan Anh", "+84912345000")
    async with store.read() as uow:
        found, count = await uow.customers.find(stranger, query, 50)
        assert {hit.customer.id for hit in found} <= {own.id}
        assert count == len(found)
        everyone, _ = await uow.customers.find(case.rep, query, 50)
        assert {hit.customer.id for hit in everyone} <= {case.lan.id}


async def in_the_reps_team(store: SqlStore, case: Case, role: Role) -> Member:
    """Somebody of this role in the rep's own team."""
    case.rep, other = await in_team(store, case.rep, await member(store, "Tú", role))
    return other


async def of_another_team(store: SqlStore, case: Case, role: Role) -> Member:
    """Somebody of this role in another team; the rep is in a team too."""
    await in_the_reps_team(store, case, Role.REP)
    (other,) = await in_team(store, await member(store, "Mai", role))
    return other


@pytest.mark.parametrize(
    ("arrive", "role"),
    [(in_the_reps_team, Role.REP), (of_another_team, Role.REP), (of_another_team, Role.MANAGER)],
)
async def test_who_does_not_lead_the_reps_team_reaches_nothing(
    store: SqlStore, arrive: Callable[[SqlStore, Case, Role], Awaitable[Member]], role: Role
) -> None:
    case = await a_case(store)
    other = await arrive(store, case, role)
    async with store.begin() as uow:
        for what, fetch in REFUSED.items():
            refused = False
            try:
                await fetch(uow, other, case)
            except NotFound:
                refused = True
            assert refused, what
        for what, fetch in EMPTY.items():
            assert list(await fetch(uow, other, case)) == [], what  # type: ignore[call-overload]
        for query in QUERIES:
            assert (await uow.customers.find(other, query, 10))[1] == 0, query
        hint = await uow.customers.duplicate_of(other, [PHONE])
        assert hint is not None
        assert hint.owner_name == "Hà"


async def test_a_manager_in_a_team_sees_the_teams_and_searches_it_alone(store: SqlStore) -> None:
    case = await a_case(store)
    lead = await in_the_reps_team(store, case, Role.MANAGER)
    other = await of_another_team(store, await a_case(store), Role.MANAGER)
    async with store.begin() as uow:
        for what, fetch in (REFUSED | EMPTY).items():
            if what not in ("action", "recent", "due"):
                assert await fetch(uow, lead, case), what
        for query in filter(None, QUERIES):
            assert {hit.customer.id for hit in (await uow.customers.find(lead, query, 10))[0]} == {case.lan.id}, query
        assert await uow.customers.duplicate_of(lead, [PHONE]) is not None  # the namesake of the other team
        assert other.team_id != lead.team_id


async def test_a_manager_of_a_team_without_the_role_is_a_rep_of_it(store: SqlStore) -> None:
    case = await a_case(store)
    lead = await in_the_reps_team(store, case, Role.MANAGER)
    async with store.begin() as uow:
        demoted = await uow.members.update(lead, role=Role.REP)
        with pytest.raises(NotFound):
            await uow.customers.get(demoted, case.lan.id)
        assert (await uow.customers.find(demoted, "Lan", 10))[1] == 0


@pytest.mark.parametrize("role", [Role.MANAGER, Role.OWNER])
async def test_managers_and_owners_see_everyones(store: SqlStore, role: Role) -> None:
    case = await a_case(store)
    boss = await member(store, "Minh", role)
    async with store.read() as uow:
        for what, fetch in (REFUSED | EMPTY).items():
            if what not in ("new entry", "action", "recent", "due"):
                assert await fetch(uow, boss, case), what
        found, _ = await uow.customers.find(boss, "lan", 10)
        assert [hit.customer.id for hit in found] == [case.lan.id]


async def test_a_member_who_left_sees_nothing_any_more(store: SqlStore) -> None:
    case = await a_case(store)
    async with store.begin() as uow:
        await uow.members.update(case.rep, active=False)
        await uow.commit()
    async with store.begin() as uow:
        gone = await uow.members.get(case.rep.id)
        for what, fetch in REFUSED.items():
            if what != "action":
                with pytest.raises(NotFound):
                    await fetch(uow, gone, case)
        for fetch in EMPTY.values():
            assert list(await fetch(uow, gone, case)) == []  # type: ignore[call-overload]
        for query in QUERIES:
            assert (await uow.customers.find(gone, query, 10))[1] == 0


async def test_a_duplicate_hint_says_no_more_than_whose(store: SqlStore) -> None:
    case = await a_case(store)
    stranger = await member(store, "Mai")
    async with store.read() as uow:
        hint = await uow.customers.duplicate_of(stranger, ["+84900000000", PHONE])
        assert hint is not None
        assert (hint.customer_id, hint.owner_id, hint.owner_name) == (case.lan.id, case.rep.id, "Hà")
        assert await uow.customers.duplicate_of(case.rep, [PHONE]) is None
        assert await uow.customers.duplicate_of(stranger, []) is None


async def test_a_draft_is_only_for_who_sent_it(store: SqlStore) -> None:
    mine, other = Address("telegram", "1"), Address("telegram", "2")
    async with store.begin() as uow:
        draft = await uow.drafts.keep(mine, {"text": "a"}, NOW)
        with pytest.raises(DomainError):
            await uow.drafts.get(other, draft)
        await uow.drafts.drop(other, draft)
        assert await uow.drafts.get(mine, draft) == {"text": "a"}
