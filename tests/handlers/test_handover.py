"""/bangiao: everything of one member goes to another in the background, and nothing that was promised is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.domain.customers import Customer, NewCustomer
from bot.domain.followups import NewFollowUp
from bot.domain.people import Role
from bot.domain.repositories import StorageUnavailable, UnitOfWork
from bot.domain.vocabulary import nickname
from bot.handing_over import BATCH, hand_over_due
from bot.pushes import push_due
from bot.storage.store import SqlStore
from bot.storage.tables import customers, followups, interactions, sales
from tests.chat import ORG, Company, Person
from tests.handlers.work import in_hanoi, knows, member_of, on, open_items, promises, sells, timeline

MINUTE = timedelta(minutes=1)


class Dying:
    """A store whose process dies before the transaction number `last` + 1 is committed."""

    def __init__(self, store: SqlStore, last: int) -> None:
        self._store = store
        self._left = last
        self.ledger = store.ledger
        self.read = store.read
        self.clean = store.clean
        self.arrivals, self.tokens, self.charges = store.arrivals, store.tokens, store.charges

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[UnitOfWork]:
        async with self._store.begin() as uow:
            if self._left == 0:
                raise StorageUnavailable("gone")
            self._left -= 1
            yield uow


@pytest.fixture
async def team(company: Company) -> tuple[Person, Person, Person]:
    """An owner, who is to give and who is to get."""
    return await company.hires("Hà", Role.OWNER), await company.hires("Minh"), await company.hires("Trang")


async def with_customers(rep: Person, count: int, followups_each: int = 1) -> None:
    """Many customers of a rep, each with promises: every third one is due at nine today, the others tomorrow."""
    now = rep.company.clock.now()
    async with rep.company.store.begin() as uow:
        for number in range(count):
            customer = await uow.customers.add(member_of(rep), NewCustomer(f"Khách {number:03d}"), now)
            for _ in range(followups_each):
                at = in_hanoi("2026-11-23 09:00") if number % 3 == 0 else None
                day = on("2026-11-23").on if at else on("2026-11-24").on
                new = NewFollowUp(customer.id, member_of(rep).id, "gọi lại", day, at)
                await uow.followups.add(new, now, push_at=at)
        await uow.commit()


async def counted(store: SqlStore, table: object, *where: object) -> int:
    async with store._engines.reading() as sql:
        number: int = await sql.scalar(select(func.count()).select_from(table).where(*where))  # type: ignore[arg-type]
    return number


async def begins(owner: Person, giver: str, receiver: str) -> None:
    """The taps of a hand-over."""
    await owner.says("/bangiao")
    await owner.taps(giver)
    await owner.taps(receiver)
    await owner.taps("✅ Bàn giao")


async def test_three_hundred_customers_go_over_with_all_that_was_promised_in_one_message(
    company: Company, store: SqlStore, team: tuple[Person, Person, Person]
) -> None:
    ha, minh, trang = team
    await with_customers(minh, 300)
    await company.waits_until(in_hanoi("2026-11-23 08:55"))
    # a hundred pushes fall due and are queued for Minh, and before any is sent the hand-over begins
    company.clock.wind_to(in_hanoi("2026-11-23 09:00"))
    assert await push_due(store, company.clock.now(), company.conversation.translator, ORG) == 100
    await ha.says("/bangiao")
    ha.sees("Minh · 300 khách")
    await ha.taps("Minh")
    ha.sees("300 khách, 300 việc")
    await ha.taps("Trang")
    ha.sees("Bàn giao từ Minh sang Trang?", "300 khách, 300 việc")
    messages = len(ha.screen)
    await ha.taps("✅ Bàn giao")
    ha.sees("Đang bàn giao 0/300…")

    await company.waits(MINUTE)
    ha.sees("✅ Xong: 300 khách, 300 việc từ Minh sang Trang")
    assert len(ha.screen) == messages
    minh.does_not_see("gọi lại")
    minh.sees("300 khách, 300 việc của anh/chị nay do Trang phụ trách")
    briefs, *cards = trang.fresh
    assert "Anh/chị vừa nhận 300 khách, 300 việc từ Minh" in briefs.words
    assert briefs.words.count("🤝 Đã hứa: T") == 3
    # each of the hundred comes to Trang, once
    assert len(cards) == 100
    assert len({shown.words for shown in cards if "hôm nay 09:00" in shown.words}) == 100
    assert await counted(store, customers, customers.c.owner_id == member_of(trang).id) == 300
    assert await counted(store, followups, followups.c.member_id == member_of(trang).id) == 300
    assert await counted(store, interactions, interactions.c.text == "Bàn giao từ Minh sang Trang") == 300
    await ha.says("/nhatky")
    ha.sees("Hà bàn giao khách của Minh")


async def test_a_hand_over_that_dies_between_two_batches_goes_on_where_it_was(
    company: Company, store: SqlStore, team: tuple[Person, Person, Person]
) -> None:
    ha, minh, trang = team
    await with_customers(minh, 3 * BATCH - 10, followups_each=2)
    await begins(ha, "Minh", "Trang")
    translators = company.conversation.translator
    with pytest.raises(StorageUnavailable):
        await hand_over_due(Dying(store, 1), company.clock.now(), translators)
    assert await counted(store, customers, customers.c.owner_id == member_of(trang).id) == BATCH
    await show_what_is_queued(company)
    ha.sees(f"Đang bàn giao {BATCH}/140…")
    trang.does_not_see("Anh/chị vừa nhận")

    await company.waits(MINUTE)
    ha.sees("✅ Xong: 140 khách, 280 việc từ Minh sang Trang")
    assert await counted(store, interactions, interactions.c.text.like("Bàn giao từ%")) == 140
    assert await counted(store, followups, followups.c.member_id == member_of(trang).id) == 280
    assert sum("Anh/chị vừa nhận" in shown.words for shown in trang.screen) == 1


async def test_two_instances_share_the_work_and_do_nothing_twice(
    company: Company, store: SqlStore, team: tuple[Person, Person, Person]
) -> None:
    ha, minh, _ = team
    await with_customers(minh, 120)
    await begins(ha, "Minh", "Trang")
    now, translators = company.clock.now(), company.conversation.translator
    await asyncio.gather(*(hand_over_due(store, now, translators) for _ in range(3)))
    await company.waits(MINUTE)
    ha.sees("✅ Xong: 120 khách, 120 việc từ Minh sang Trang")
    assert await counted(store, interactions, interactions.c.text.like("Bàn giao từ%")) == 120


async def show_what_is_queued(company: Company) -> None:
    """The dispatcher's part alone."""
    now = company.clock.now()
    for delivery in await company.store.ledger.claim(now, 100, "test", now + MINUTE):
        company.people[delivery.chat_id].show([delivery])
        await company.store.ledger.sent([(delivery.id, f"pushed:{delivery.id}")], now)


async def test_who_gets_a_customer_reads_what_was_bought_promised_went_wrong_and_comes_next(
    company: Company, team: tuple[Person, Person, Person]
) -> None:
    ha, minh, trang = team
    lan = await knows(minh, "Lan")
    await sells(minh, lan)
    await minh.says("chị Lan phàn nàn giao trễ 2 ngày")
    await promises(minh, lan, "gửi hợp đồng", on("2026-11-20"))
    await promises(minh, lan, "mời cà phê", on("2026-11-25"))
    await begins(ha, "Minh", "Trang")
    await company.waits(MINUTE)
    trang.sees(
        "chị Lan",
        "🛒 Đã mua: 1 đơn, gần nhất T2 23/11/2026 gói Pro · 12.500.000 ₫",
        "🤝 Đã hứa: T6 20/11/2026: gửi hợp đồng (+2)",
        "⚠️ Vướng mắc: phàn nàn T2 23/11: chị Lan phàn nàn giao trễ 2 ngày · 1 việc quá hạn",
        "➡️ Tiếp theo: T2 23/11/2026",
    )
    await trang.taps("👤 chị Lan")
    trang.sees("KH000001", "12.500.000 ₫")


async def test_briefs_are_paged_for_who_owns_the_customers_and_for_nobody_else(
    company: Company, team: tuple[Person, Person, Person]
) -> None:
    ha, minh, trang = team
    stranger = await company.hires("Vy")
    for name in ("An", "Bình", "Chi", "Dung", "Em"):
        await knows(minh, name, phone="")
    await begins(ha, "Minh", "Trang")
    await company.waits(MINUTE)
    data = trang.data_of("›")
    await trang.taps("›")
    trang.sees("Dung", "Em", "2/2")
    trang.does_not_see("chị An")
    await ha.taps_old("x:1", data)
    ha.sees("Dung")
    for person in (minh, stranger):
        await person.taps_old("x:1", data)
        person.does_not_see("Dung", "Trang", "Minh")


async def test_new_customers_and_what_was_promised_to_others_go_over_too(
    company: Company, store: SqlStore, team: tuple[Person, Person, Person]
) -> None:
    ha, minh, trang = team
    vy = await company.hires("Vy")
    hoa = await knows(vy, "Hoa", phone="")
    lan = await knows(minh, "Lan", phone="")
    async with store.begin() as uow:  # promised by Minh before Hoa became Vy's
        stray = await uow.followups.add(
            NewFollowUp(hoa.id, member_of(minh).id, "gọi lại", on("2026-11-25").on), company.clock.now()
        )
        await uow.commit()
    await begins(ha, "Minh", "Trang")
    await minh.says("Khách mới chị Thu 0933 222 111, T6 gọi lại")
    await company.waits(MINUTE)
    ha.sees("✅ Xong: 2 khách, 2 việc từ Minh sang Trang")
    assert [item.id for item in await open_items(vy, hoa)] == [stray.id]
    assert (await open_items(vy, hoa))[0].member_id == member_of(vy).id
    assert (await timeline(trang, lan))[0].text == "Bàn giao từ Minh sang Trang"
    await minh.says("chị Thu")
    minh.does_not_see("0933")
    await trang.says("chị Thu")
    trang.sees("0933 222 111")


async def test_sales_keep_their_seller_and_own_words_go_along(
    company: Company, store: SqlStore, team: tuple[Person, Person, Person]
) -> None:
    ha, minh, trang = team
    lan = await knows(minh, "Nguyễn Thị Lan")
    await sells(minh, lan)
    async with store.begin() as uow:
        word = nickname("Lan béo", lan.id, lan.name)
        assert word
        await uow.vocabulary.learn(member_of(minh), word, shared=False)
        await uow.commit()
    await begins(ha, "Minh", "Trang")
    await company.waits(MINUTE)
    assert await counted(store, sales, sales.c.member_id == member_of(minh).id) == 1
    await trang.says("Lan béo thích màu trắng")
    trang.sees("Đã lưu ghi chú", "Nguyễn Thị Lan")
    await minh.says("Lan béo thích màu xanh")
    minh.does_not_see("KH000001")


async def test_who_has_left_stands_first_and_still_has_customers_to_give(
    company: Company, team: tuple[Person, Person, Person]
) -> None:
    ha, minh, _ = team
    await knows(minh, "Lan")
    await leaves(minh)
    await ha.says("/bangiao")
    ha.sees("Minh (đã nghỉ) · 1 khách")
    await ha.taps("Minh (đã nghỉ)")
    assert not any("Minh (" in label for label in ha.buttons())
    await ha.taps("Trang")
    await ha.taps("✅ Bàn giao")
    await company.waits(MINUTE)
    ha.sees("✅ Xong: 1 khách, 0 việc từ Minh sang Trang")
    assert not [shown for shown in minh.screen if "Bàn giao" in shown.words]


async def leaves(person: Person) -> None:
    async with person.company.store.begin() as uow:
        person.member = await uow.members.update(member_of(person), active=False)
        await uow.commit()


async def test_it_stops_where_the_receiver_leaves_meanwhile(
    company: Company, store: SqlStore, team: tuple[Person, Person, Person]
) -> None:
    ha, minh, trang = team
    await with_customers(minh, BATCH + 10)
    await begins(ha, "Minh", "Trang")
    with pytest.raises(StorageUnavailable):
        await hand_over_due(Dying(store, 1), company.clock.now(), company.conversation.translator)
    await leaves(trang)
    await company.waits(MINUTE)
    ha.sees("Đã dừng: Trang vừa rời nhóm", f"{BATCH} khách")
    assert await counted(store, customers, customers.c.owner_id == member_of(minh).id) == 10


async def test_a_second_tap_begins_nothing_and_two_hand_overs_do_not_chase_each_other(
    company: Company, team: tuple[Person, Person, Person]
) -> None:
    ha, minh, trang = team
    await knows(minh, "Lan")
    await knows(trang, "Hoa")
    await begins(ha, "Minh", "Trang")
    ref, data = ha.screen[-1].ref, f"handover.start:{member_of(minh).id}:{member_of(trang).id}"
    await ha.taps_old(ref, data)
    ha.sees("Đang bàn giao 0/1…")
    await ha.says("/bangiao Trang cho Minh")
    ha.sees("Bàn giao từ Trang sang Minh?")
    await ha.taps("✅ Bàn giao")
    ha.sees("đang được bàn giao")
    await company.waits(MINUTE)
    ha.sees("✅ Xong: 1 khách")
    await ha.taps_old(ref, data)
    ha.sees("✅ Xong: 1 khách")


async def test_a_manager_hands_over_within_the_team_and_a_rep_not_at_all(
    company: Company, store: SqlStore, team: tuple[Person, Person, Person]
) -> None:
    _, minh, trang = team
    vy, tu = await company.hires("Vy", Role.MANAGER), await company.hires("Tú")
    async with store.begin() as uow:
        north, south = await uow.teams.add("Bắc"), await uow.teams.add("Nam")
        for person, place in ((vy, north), (minh, north), (trang, north), (tu, south)):
            person.member = await uow.members.update(member_of(person), team_id=place.id)
        await uow.commit()
    await knows(minh, "Lan")
    await knows(tu, "Hoa", phone="")
    await vy.says("/bangiao")
    vy.sees("Minh · 1 khách")
    vy.does_not_see("Tú")
    await vy.taps("Minh")
    vy.does_not_see("Tú")
    for forged in (
        f"handover.from:{member_of(tu).id}",
        f"handover.to:{member_of(tu).id}:{member_of(trang).id}",
        f"handover.start:{member_of(minh).id}:{member_of(tu).id}",
        f"handover.start:{member_of(tu).id}:{member_of(trang).id}",
    ):
        await vy.taps_old("x:1", forged)
        vy.does_not_see("Tú", "Hoa", "1 khách")
    for data in ("handover", f"handover.from:{member_of(minh).id}"):
        await minh.taps_old("x:1", data)
        minh.sees("không tìm thấy")
    await minh.says("/bangiao")
    minh.sees("/trogiup")


async def test_a_push_that_waits_for_the_old_one_comes_to_the_new_one(
    company: Company, store: SqlStore, team: tuple[Person, Person, Person]
) -> None:
    ha, minh, trang = team
    lan: Customer = await knows(minh, "Lan")
    await promises(minh, lan, "gọi báo giá", on("2026-11-23 09:00"))
    await promises(minh, lan, "gửi mẫu", on("2026-11-23 09:00"))
    company.clock.wind_to(in_hanoi("2026-11-23 09:00"))
    assert await push_due(store, company.clock.now(), company.conversation.translator, ORG) == 1
    await begins(ha, "Minh", "Trang")
    await company.waits(MINUTE)
    assert not [shown for shown in minh.screen if "gọi báo giá" in shown.words]
    cards = [shown for shown in trang.screen if "gọi báo giá" in shown.words and "Xong" in shown.words]
    assert len(cards) == 1
    assert "gửi mẫu" in cards[0].words
    await trang.taps_old(cards[0].ref, next(c.data for c in cards[0].choices if "Xong" in c.label))
    trang.sees("1. gọi báo giá", "2. gửi mẫu")
