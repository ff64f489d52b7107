"""People are found as they are spoken of: without marks, by their last name, by part of a phone, with a typo."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.customers import NewCustomer
from bot.domain.names import folded
from bot.domain.people import Member, Role
from bot.domain.timeline import InteractionKind
from bot.storage.store import SqlStore
from tests.storage.team import HOUR, NOW, customer, member


async def _found(store: SqlStore, actor: Member, query: str) -> list[str]:
    async with store.read() as uow:
        hits, count = await uow.customers.find(actor, query, 100)
    assert count == len(hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    return [hit.customer.name for hit in hits]


async def _named(store: SqlStore, actor: Member, name: str, honorific: str | None = None) -> list[str]:
    async with store.read() as uow:
        return [c.called for c in await uow.customers.named(actor, name, honorific)]


@pytest.fixture
async def rep(store: SqlStore) -> Member:
    rep = await member(store)
    await customer(store, rep, "Nguyễn Thị Lan", "+84912345678", honorific="chị", company="Công ty Ánh Dương")
    await customer(store, rep, "Trần Văn Lân", "+84987654321", "+84281234567", honorific="anh")
    await customer(store, rep, "Lan", "+14155550123")
    await customer(store, rep, "Lan Anh")
    await customer(store, rep, "Đặng Thị Hằng", company="100% Pure_Water")
    await customer(store, rep, "Phạm Minh")
    return rep


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # exact accents first, a whole name before its last word, then the beginning of another
        ("Lan", ["Lan", "Nguyễn Thị Lan", "Trần Văn Lân", "Lan Anh"]),
        ("lan", ["Lan", "Nguyễn Thị Lan", "Trần Văn Lân", "Lan Anh"]),
        ("Lân", ["Trần Văn Lân", "Lan", "Nguyễn Thị Lan", "Lan Anh"]),
        ("thị lan", ["Nguyễn Thị Lan"]),
        ("nguyen lan", ["Nguyễn Thị Lan"]),
        ("lan nguyễn", ["Nguyễn Thị Lan"]),
        ("chị Lan", ["Lan", "Nguyễn Thị Lan", "Trần Văn Lân", "Lan Anh"]),
        ("dang thi hang", ["Đặng Thị Hằng"]),
        ("ĐẶNG", ["Đặng Thị Hằng"]),
        ("ngu", ["Nguyễn Thị Lan"]),
        ("anh duong", ["Nguyễn Thị Lan"]),
        ("ánh dương lan", ["Nguyễn Thị Lan"]),
        ("100%", ["Đặng Thị Hằng"]),
        ("pure water", ["Đặng Thị Hằng"]),
        # one typo: swapped, missing, doubled, wrong letter
        ("nguyne", ["Nguyễn Thị Lan"]),
        ("hagn", ["Đặng Thị Hằng"]),
        ("hng", ["Đặng Thị Hằng"]),
        ("hanng", ["Đặng Thị Hằng"]),
        ("dang thi hamg", ["Đặng Thị Hằng"]),
        ("minj", ["Phạm Minh"]),
        ("chi hamg", ["Đặng Thị Hằng"]),
        # phones: as written, any part of three digits or more, at home and from abroad
        ("0912345678", ["Nguyễn Thị Lan"]),
        ("0912 345 678", ["Nguyễn Thị Lan"]),
        ("+84 912.345.678", ["Nguyễn Thị Lan"]),
        ("(84) 912-345-678", ["Nguyễn Thị Lan"]),
        ("5678", ["Nguyễn Thị Lan"]),
        ("345", ["Nguyễn Thị Lan", "Trần Văn Lân"]),
        ("4155550123", ["Lan"]),
        # codes
        ("KH2", ["Trần Văn Lân"]),
        ("kh000003", ["Lan"]),
        ("KH 4", ["Lan Anh"]),
        ("KH99", []),
        # nothing like it
        ("Quỳnh", []),
        ("0900000000", []),
        ("", []),
        ("   ", []),
        ("%", []),
        ("_", []),
        ("%%%", []),
        ("' OR 1=1 --", []),
        ('" OR "', []),
        ("*", []),
        ("NEAR(lan anh)", []),
    ],
)
async def test_a_search_finds_whom_it_means_best_first(
    store: SqlStore, rep: Member, query: str, expected: list[str]
) -> None:
    for form in ("NFC", "NFD"):
        found = await _found(store, rep, unicodedata.normalize(form, query))
        assert found == expected or (sorted(found) == sorted(expected) and query == "345")


async def test_pages_of_a_search_follow_on_and_count_up_to_a_hundred(store: SqlStore) -> None:
    rep = await member(store)
    async with store.begin() as uow:
        for number in range(130):
            await uow.customers.add(rep, NewCustomer(f"Khách Số {number}"), NOW)
        await uow.commit()
    async with store.read() as uow:
        seen = []
        for offset in range(0, 100, 7):
            page, count = await uow.customers.find(rep, "khach", 7, offset)
            assert count == 100
            seen += [hit.customer.id for hit in page]
    assert len(seen) == len(set(seen)) == 100


async def test_what_is_changed_is_found_by_its_new_words_only(store: SqlStore) -> None:
    rep = await member(store)
    lan = await customer(store, rep, "Lan", "+84912345678")
    async with store.begin() as uow:
        changed = await uow.customers.update(lan, name="Quỳnh Hoa", phones=("+84987654321",), company="Sao Mai")
        await uow.commit()
    assert changed == replace(lan, name="Quỳnh Hoa", phones=("+84987654321",), company="Sao Mai")
    for query in ("lan", "0912", "5678"):
        assert await _found(store, rep, query) == []
    for query in ("quynh", "hoa", "0987", "sao mai", "quinh"):
        assert await _found(store, rep, query) == ["Quỳnh Hoa"]
    async with store.read() as uow:
        assert await uow.customers.by_phone(rep, "+84987654321") == [changed]
        assert await uow.customers.by_phone(rep, "+84912345678") == []
        assert await uow.customers.get(rep, lan.id) == changed


async def test_a_name_alone_names_those_whose_last_words_it_is(store: SqlStore, rep: Member) -> None:
    assert await _named(store, rep, "Lan") == ["Lan", "chị Nguyễn Thị Lan"]
    assert await _named(store, rep, "Lân") == ["anh Trần Văn Lân"]
    assert await _named(store, rep, "lận") == ["Lan", "anh Trần Văn Lân", "chị Nguyễn Thị Lan"]
    assert await _named(store, rep, "nguyen thi lan") == ["chị Nguyễn Thị Lan"]
    assert await _named(store, rep, "nguyen") == []
    assert await _named(store, rep, "") == []
    assert await _named(store, rep, unicodedata.normalize("NFD", "Hằng")) == ["Đặng Thị Hằng"]


async def test_the_honorific_decides_only_where_it_leaves_one(store: SqlStore, rep: Member) -> None:
    assert await _named(store, rep, "Lan", "chị") == ["chị Nguyễn Thị Lan"]
    assert await _named(store, rep, "Lan", "cô") == ["Lan", "chị Nguyễn Thị Lan"]
    await customer(store, rep, "Lê Lan", honorific="chị")
    assert await _named(store, rep, "Lan", "chị") == ["chị Lê Lan", "Lan", "chị Nguyễn Thị Lan"]


async def test_who_was_talked_about_last_comes_first(store: SqlStore, rep: Member) -> None:
    async with store.begin() as uow:
        (lan,) = await uow.customers.named(rep, "Nguyễn Thị Lan")
        await uow.timeline.add(rep, lan.id, InteractionKind.NOTE, "ghi", NOW + HOUR)
        await uow.commit()
    assert await _named(store, rep, "Lan") == ["chị Nguyễn Thị Lan", "Lan"]


async def test_a_manager_names_their_own_customers_before_those_of_others(store: SqlStore, rep: Member) -> None:
    boss = await member(store, "Minh", Role.MANAGER)
    assert await _named(store, boss, "Minh") == ["Phạm Minh"]
    await customer(store, boss, "Lê Minh")
    assert await _named(store, boss, "Minh") == ["Lê Minh"]


TEXTS = st.text(min_size=1, max_size=30) | st.text(
    alphabet="%_\\'\"*()|! lanLÂNđ\u0301\u200b\u202e\0😀", min_size=1, max_size=12
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=TEXTS, query=TEXTS)
async def test_no_text_breaks_a_search_or_matches_as_a_pattern(store: SqlStore, name: str, query: str) -> None:
    """Whatever is typed: it is found under its own name, and a query finds only what has its words."""
    async with store.begin() as uow:
        rep = await uow.members.add("Hà", Role.REP, "vi", "Asia/Ho_Chi_Minh", NOW)
        added = await uow.customers.add(rep, NewCustomer(name), NOW)
        stored = await uow.customers.get(rep, added.id)
        if folded(stored.name) and not stored.name.strip().upper().startswith("KH"):
            assert added.id in {c.id for c in await uow.customers.named(rep, stored.name)}
            assert added.id in {hit.customer.id for hit in (await uow.customers.find(rep, stored.name, 10))[0]}
        found, _ = await uow.customers.find(rep, query, 10)
        words = [word for word in folded(query).split() if word.isalnum()]
        for hit in found:
            # all its words, but for a title before them and for a typo
            assert hit.score < 70 or all(word in folded(hit.customer.name) for word in words[1:])
