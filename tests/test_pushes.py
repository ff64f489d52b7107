"""What the bot says by itself: digests, reminders at their time, what was missed; each once."""

import asyncio
from collections import Counter
from datetime import date, time, timedelta

import pytest

from bot.domain.calendar import next_digest
from bot.domain.customers import Customer
from bot.domain.delivery import Delivery
from bot.domain.followups import When
from bot.domain.mailroom import Address
from bot.domain.people import Role
from bot.domain.repositories import Store
from bot.messages import Reply
from bot.pushes import push_due
from tests.chat import ORG, Company, Person
from tests.handlers.test_audit import joins
from tests.handlers.work import in_hanoi, knows, member_of, on, promises, promises_many, sells, the_item


@pytest.fixture
def company(store: Store) -> Company:
    """A company on an empty store, on a Monday morning."""
    return Company(store)


async def tick(company: Company, times: int = 1) -> list[Delivery]:
    """So many instances tick at the same moment; what there is to send then."""
    now = company.clock.now()
    await asyncio.gather(*(push_due(company.store, now, company.conversation.translator, ORG) for _ in range(times)))
    deliveries = list(await company.store.ledger.claim(now, 10_000, "test", now + timedelta(minutes=1)))
    await company.store.ledger.sent([(delivery.id, "1") for delivery in deliveries], now)
    return deliveries


def words(delivery: Delivery) -> str:
    return str(Reply.from_record(delivery.payload).text)


# Digests --------------------------------------------------------------------------------------------------------------


async def test_the_digest_comes_at_eight_with_overdue_first_and_opens_cards_in_place(company: Company) -> None:
    rep = await company.hires("Minh")
    for name, when in (("Hoa", "2026-11-24"), ("Lan", "2026-11-20")):
        await promises(rep, await knows(rep, name), f"gọi {name}", on(when))
    await company.waits_until(in_hanoi("2026-11-24 07:59"))
    assert rep.screen == []
    await company.waits_until(in_hanoi("2026-11-24 08:00"))
    rep.sees("Việc hôm nay, T3 24/11/2026", "2 khách cần liên hệ · 1 quá hạn", "1. chị Lan", "2. chị Hoa")
    await rep.taps("1. ")
    rep.sees("gọi Lan", "quá hạn 4 ngày")
    await rep.taps("‹ Danh sách")
    rep.sees("2 khách cần liên hệ")
    assert len(rep.screen) == 1


async def test_a_digest_of_one_customer_is_the_card_itself(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    for text in ("gọi lại", "gửi mẫu"):
        await promises(rep, lan, text, on("2026-11-24"))
    await company.waits_until(in_hanoi("2026-11-24 08:00"))
    rep.sees("Việc hôm nay", "gọi lại", "gửi mẫu", "0912 345 678", "Xong", "Dời")
    assert len(rep.screen) == 1


async def test_with_nothing_due_no_digest_comes(company: Company) -> None:
    rep = await company.hires("Minh")
    await promises(rep, await knows(rep, "Lan"), "gọi lại", on("2026-11-27"))
    await company.waits_until(in_hanoi("2026-11-26 23:00"))
    assert rep.screen == []


async def test_the_digest_names_what_comes_at_its_own_time_and_does_not_push_it_twice(company: Company) -> None:
    rep = await company.hires("Minh")
    await promises(rep, await knows(rep, "Lan"), "gọi lại", on("2026-11-24"))
    await promises(rep, await knows(rep, "Hoa"), "gọi lúc chín giờ", on("2026-11-24 09:00"))
    await company.waits_until(in_hanoi("2026-11-24 08:00"))
    rep.sees("gọi lại", "Có giờ hẹn", "09:00 chị Hoa")
    rep.does_not_see("gọi lúc chín giờ")
    await company.waits_until(in_hanoi("2026-11-24 09:00"))
    rep.sees("Hoa", "gọi lúc chín giờ", "hôm nay 09:00")
    assert len(rep.screen) == 2


async def test_each_members_digest_comes_at_their_own_hour_in_their_own_zone(company: Company) -> None:
    hanoi = await company.hires("Minh")
    london = await company.hires("Mary", locale="en", timezone="Europe/London")
    early = await company.hires("Trang")
    async with company.store.begin() as uow:
        changed = await uow.members.update(member_of(early), digest_at=time(6, 30))
        await uow.members.update(changed, next_digest_at=next_digest(changed, company.clock.now()))
        await uow.commit()
    for rep in (hanoi, london, early):
        await promises(rep, await knows(rep, "Lan"), "gọi lại", on("2026-11-24"))
    expected = [(early, "2026-11-24 06:30"), (hanoi, "2026-11-24 08:00"), (london, "2026-11-24 15:00")]
    for rep, moment in expected:
        await company.waits_until(in_hanoi(moment) - timedelta(minutes=1))
        assert rep.screen == []
        await company.waits_until(in_hanoi(moment))
        assert len(rep.screen) == 1
    london.sees("Today, Tue 24/11/2026")


async def test_the_playbook_rests_on_sundays_and_holidays_but_what_a_rep_put_there_comes(company: Company) -> None:
    rep = await company.hires("Minh")
    await sells(rep, await knows(rep, "Lan"))
    rep.screen.clear()
    await promises(rep, await knows(rep, "Hoa"), "chúc mừng khai trương", on("2026-11-29"))
    await company.waits_until(in_hanoi("2026-11-28 23:00"))
    rep.screen.clear()
    await company.waits_until(in_hanoi("2026-11-29 08:00"))
    rep.sees("chúc mừng khai trương")
    rep.never_saw("Gửi lời cảm ơn", "quá hạn")
    await company.waits_until(in_hanoi("2026-11-30 08:00"))
    rep.sees("chị Lan · quá hạn 7 ngày", "hôm nay: ", "chị Hoa · quá hạn 1 ngày")


async def test_a_digest_missed_in_downtime_comes_as_one_when_it_is_decent(company: Company) -> None:
    rep = await company.hires("Minh")
    await promises(rep, await knows(rep, "Lan"), "gọi lại", on("2026-11-24"))
    company.clock.wind_to(in_hanoi("2026-11-26 22:30"))
    assert await tick(company) == []
    company.clock.wind_to(in_hanoi("2026-11-27 07:59"))
    assert await tick(company) == []
    company.clock.wind_to(in_hanoi("2026-11-27 10:00"))
    [delivery] = await tick(company)
    assert "quá hạn 3 ngày" in words(delivery)
    assert rep.user_id == delivery.chat_id


async def test_managers_hear_once_of_what_is_three_days_overdue(company: Company) -> None:
    owner = await company.hires("Chủ", Role.OWNER)
    rep = await company.hires("Minh")
    for name in ("Lan", "Hoa"):
        customer = await knows(rep, name)
        for text in ("gọi lại", "gửi mẫu"):
            await promises(rep, customer, text, on("2026-11-24"))
    await promises(rep, await knows(rep, "Bình"), "gọi lại", on("2026-11-26"))
    await company.waits_until(in_hanoi("2026-11-26 23:00"))
    owner.never_saw("Minh")
    await company.waits_until(in_hanoi("2026-11-27 09:00"))
    owner.sees("Việc của nhóm đã quá hạn 3 ngày", "Minh: chị Lan và chị Hoa")
    owner.does_not_see("Bình")
    await company.waits_until(in_hanoi("2026-11-28 23:00"))
    assert len(owner.screen) == 1
    await company.waits_until(in_hanoi("2026-12-05 09:00"))
    told = [shown.words for shown in owner.screen if "📊" not in shown.words]  # Monday's week comes besides
    assert [("Bình" in words, "Lan" in words) for words in told] == [(False, True), (True, False)]
    assert all("nhóm" not in shown.words for shown in rep.screen)


async def test_a_manager_in_a_team_hears_of_the_team_alone(company: Company) -> None:
    lead, minh = await company.hires("Hoài", Role.MANAGER), await company.hires("Minh")
    other_lead, trang = await company.hires("Quân", Role.MANAGER), await company.hires("Trang")
    await joins(company, lead, minh)
    await joins(company, other_lead, trang)
    for rep, name in ((minh, "Lan"), (trang, "Hoa")):
        await promises(rep, await knows(rep, name), "gọi lại", on("2026-11-24"))
    await company.waits_until(in_hanoi("2026-11-27 09:00"))
    lead.sees("Minh: chị Lan")
    other_lead.sees("Trang: chị Hoa")
    lead.never_saw("Trang", "Hoa")
    other_lead.never_saw("Minh", "Lan")


async def test_each_customer_of_the_team_who_waits_is_one_tap_away(company: Company) -> None:
    owner = await company.hires("Chủ", Role.OWNER)
    minh, trang, quan = [await company.hires(name) for name in ("Minh", "Trang", "Quân")]
    for rep in (minh, trang, quan):
        for name in ("Lan", "Hoa", "Bình", "Tuấn"):
            customer = await knows(rep, name)
            for text in ("gọi lại", "gửi mẫu"):
                await promises(rep, customer, text, on("2026-11-24"))
    await company.waits_until(in_hanoi("2026-11-27 09:00"))
    owner.sees("Minh: chị Lan, chị Hoa và chị Bình … +1")
    people = [f"👤 chị {name} · {rep}" for rep in ("Minh", "Trang") for name in ("Lan", "Hoa", "Bình")]
    assert owner.buttons() == people
    await owner.taps("chị Hoa · Trang")
    owner.sees("chị Hoa", "Phụ trách: Trang")
    assert len(owner.screen) == 2


async def test_an_owners_own_list_and_the_teams_are_one_digest(company: Company) -> None:
    owner = await company.hires("Chủ", Role.OWNER)
    rep = await company.hires("Minh")
    await promises(rep, await knows(rep, "Lan"), "gọi lại", on("2026-11-24"))
    for name in ("Hoa", "Bình"):
        await promises(owner, await knows(owner, name), "gọi lại", on("2026-11-27"))
    await company.waits_until(in_hanoi("2026-11-27 09:00"))
    owner.sees("2 khách cần liên hệ", "Việc của nhóm đã quá hạn 3 ngày")
    assert owner.buttons() == ["1. chị Hoa", "2. chị Bình", "👤 chị Lan · Minh"]


# At their time --------------------------------------------------------------------------------------------------------


async def test_a_clock_time_set_by_hand_is_kept_in_quiet_hours_and_on_days_off(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    for moment in ("2026-11-24 22:15", "2026-11-29 05:30"):
        await promises(rep, lan, f"lúc {moment}", on(moment))
        await company.waits_until(in_hanoi(moment) - timedelta(seconds=1))
        rep.does_not_see(f"lúc {moment}")
        await company.waits_until(in_hanoi(moment))
        rep.sees(f"lúc {moment}")


async def test_a_reminder_is_pushed_once_and_stays_in_the_list(company: Company) -> None:
    rep = await company.hires("Minh")
    promised = await promises(rep, await knows(rep, "Lan"), "gọi lại", on("2026-11-23 10:00"))
    await company.waits_until(in_hanoi("2026-11-23 10:00"))
    rep.sees("gọi lại", "hôm nay 10:00", "Xong", "Dời", "Mở khách")
    await company.waits_until(in_hanoi("2026-11-23 23:00"))
    assert len(rep.screen) == 1
    assert (await the_item(rep, promised)).push_at is None
    await rep.says("/homnay")
    rep.sees("gọi lại")


async def test_two_items_of_one_customer_at_one_time_are_one_card(company: Company) -> None:
    rep = await company.hires("Minh")
    lan, hoa = await knows(rep, "Lan"), await knows(rep, "Hoa")
    for customer, text in ((lan, "gọi lại"), (hoa, "gọi Hoa"), (lan, "gửi mẫu")):
        await promises(rep, customer, text, on("2026-11-23 10:00"))
    await company.waits_until(in_hanoi("2026-11-23 10:00"))
    assert len(rep.screen) == 2
    rep.sees("gọi lại", "gửi mẫu", "gọi Hoa")


async def test_a_snoozed_reminder_comes_again_at_its_new_time(company: Company) -> None:
    rep = await company.hires("Minh")
    await promises(rep, await knows(rep, "Lan"), "gọi lại", on("2026-11-23 10:00"))
    await company.waits_until(in_hanoi("2026-11-23 10:00"))
    await rep.taps("Dời")
    await rep.taps("1 giờ")
    await company.waits_until(in_hanoi("2026-11-23 10:59"))
    assert len(rep.screen) == 1
    await company.waits_until(in_hanoi("2026-11-23 11:01"))
    rep.sees("gọi lại")
    assert len(rep.screen) == 2


async def test_what_is_done_or_moved_before_its_time_is_not_pushed(company: Company) -> None:
    rep = await company.hires("Minh")
    await promises(rep, await knows(rep, "Lan"), "gọi lại", on("2026-11-23 10:00"))
    await rep.says("/homnay")
    await rep.taps("Xong")
    await rep.taps("Nghe máy")
    await company.waits_until(in_hanoi("2026-11-24 10:00"))
    assert len(rep.screen) == 1


async def test_a_push_that_was_queued_but_not_sent_is_cancelled_when_the_item_is_moved(company: Company) -> None:
    rep = await company.hires("Minh")
    await promises(rep, await knows(rep, "Lan"), "gọi lại", on("2026-11-23 10:00"))
    company.clock.wind_to(in_hanoi("2026-11-23 10:00"))
    await push_due(company.store, company.clock.now(), company.conversation.translator, ORG)
    await rep.says("/homnay")
    await rep.taps("Dời")
    await rep.taps("Mai")
    assert await tick(company) == []


async def test_what_was_missed_comes_as_one_message_and_says_so(company: Company) -> None:
    rep = await company.hires("Minh")
    for number in range(5):
        await promises(rep, await knows(rep, f"Khách {number}"), "gọi lại", on(f"2026-11-23 1{number}:00"))
    company.clock.wind_to(in_hanoi("2026-11-23 14:10"))
    late, on_time = sorted(map(words, await tick(company)), key=lambda text: "Nhắc trễ" not in text)
    assert "Nhắc trễ" in late
    assert [f"Khách {number}" in late for number in range(5)] == [True] * 4 + [False]
    assert "Khách 4" in on_time
    assert await tick(company) == []


async def test_a_single_missed_reminder_is_its_card_with_the_reason(company: Company) -> None:
    rep = await company.hires("Minh")
    await promises(rep, await knows(rep, "Lan"), "gọi lại", on("2026-11-23 10:00"))
    company.clock.wind_to(in_hanoi("2026-11-23 10:16"))
    [delivery] = await tick(company)
    assert "Nhắc trễ" in words(delivery)
    assert "0912 345 678" in words(delivery)


async def test_missed_pushes_wait_for_the_morning_and_come_with_the_digest(company: Company) -> None:
    rep = await company.hires("Minh")
    await promises(rep, await knows(rep, "Lan"), "gọi Lan", on("2026-11-28 20:00"))  # a Saturday
    await promises(rep, await knows(rep, "Hoa"), "gọi Hoa", on("2026-11-28"))
    company.clock.wind_to(in_hanoi("2026-11-28 21:30"))
    assert await tick(company) == []
    company.clock.wind_to(in_hanoi("2026-11-29 09:00"))
    assert await tick(company) == []
    company.clock.wind_to(in_hanoi("2026-11-30 08:00"))
    [delivery] = await tick(company)
    assert "gọi Lan" in words(delivery)
    assert "gọi Hoa" in words(delivery)
    company.clock.wind_to(in_hanoi("2026-11-30 20:00"))
    assert await tick(company) == []


async def test_a_promise_for_a_day_off_that_is_late_comes_on_that_day(company: Company) -> None:
    rep = await company.hires("Minh")
    await promises(rep, await knows(rep, "Lan"), "gọi lại", on("2026-11-29 09:00"))  # a Sunday
    await company.waits_until(in_hanoi("2026-11-29 08:30"))
    company.clock.wind_to(in_hanoi("2026-11-29 10:00"))
    [delivery] = await tick(company)
    assert "gọi lại" in words(delivery)


async def test_members_who_left_or_cannot_be_written_to_block_nobody(company: Company) -> None:
    rep, gone, silent = [await company.hires(name) for name in ("Minh", "Trang", "Quân")]
    for person in (rep, gone, silent):
        await promises(person, await knows(person, "Lan"), "gọi lại", on("2026-11-23 10:00"))
    async with company.store.begin() as uow:
        await uow.members.update(member_of(gone), active=False)
        await uow.commit()
    await company.store.ledger.block(Address("telegram", silent.user_id), company.clock.now())
    company.clock.wind_to(in_hanoi("2026-11-23 10:00"))
    assert [delivery.chat_id for delivery in await tick(company)] == [rep.user_id]
    async with company.store.read() as uow:
        assert await uow.followups.pushes_due(company.clock.now(), 10) == []


async def test_what_fell_due_while_its_member_was_gone_comes_to_who_gets_their_customers(company: Company) -> None:
    boss, gone, heir = await company.hires("Hà", Role.OWNER), await company.hires("Minh"), await company.hires("Trang")
    await promises(gone, await knows(gone, "Lan"), "gọi lại", on("2026-11-23 10:00"))
    await boss.taps_old("x:1", f"team.left:{member_of(gone).id}")
    await company.waits_until(in_hanoi("2026-11-23 10:30"))
    await boss.taps_old("x:2", f"handover.start:{member_of(gone).id}:{member_of(heir).id}")
    await company.delivers_pushes()
    gone.never_saw("gọi lại")
    company.clock.wind_to(in_hanoi("2026-11-23 10:31"))
    assert ["gọi lại" in words(delivery) for delivery in await tick(company)] == [True]


async def test_nothing_goes_to_a_member_whose_customer_has_another_rep_now(company: Company) -> None:
    rep, other = await company.hires("Minh"), await company.hires("Trang")
    lan = await knows(rep, "Lan")
    await promises(rep, lan, "gọi lại", on("2026-11-23 10:00"))
    await promises(rep, lan, "gửi mẫu", on("2026-11-24"))
    async with company.store.begin() as uow:
        await uow.customers.update(lan, owner_id=member_of(other).id)
        await uow.commit()
    await company.waits_until(in_hanoi("2026-11-24 10:00"))
    assert rep.screen == []


# Once, whatever happens -----------------------------------------------------------------------------------------------


async def test_two_instances_that_tick_at_once_queue_everything_once(company: Company) -> None:
    reps = [await company.hires(f"Rep {number}") for number in range(30)]
    for rep in reps:
        lan, hoa = await knows(rep, "Lan"), await knows(rep, "Hoa")
        for customer in (lan, hoa):
            await promises(rep, customer, "gọi lại", on("2026-11-24 06:00"))
        await promises(rep, lan, "gửi mẫu", on("2026-11-24 08:30"))
    company.clock.wind_to(in_hanoi("2026-11-24 08:30"))
    deliveries = [*await tick(company, times=3), *await tick(company, times=2)]
    assert Counter(delivery.chat_id for delivery in deliveries) == {rep.user_id: 2 for rep in reps}


@pytest.mark.parametrize("shift", [timedelta(hours=1), timedelta(days=1)])
async def test_a_clock_that_jumps_back_and_forth_sends_nothing_twice_and_stalls_nothing(
    company: Company, shift: timedelta
) -> None:
    rep = await company.hires("Minh")
    await promises(rep, await knows(rep, "Lan"), "gọi lại", on("2026-11-24"))
    await promises(rep, await knows(rep, "Hoa"), "gọi Hoa", on("2026-11-24 08:30"))
    seen: list[Delivery] = []
    for moment in ("2026-11-24 08:00", "2026-11-24 08:30"):
        company.clock.wind_to(in_hanoi(moment))
        seen += await tick(company)
        for jump in (-shift, shift, shift, -shift):
            company.clock.wind(jump)
            seen += await tick(company)
    texts = [words(delivery) for delivery in seen]
    assert sum("gọi Hoa" in text and "Việc hôm nay" not in text for text in texts) <= 1
    digests = [text.split("\n")[0] for text in texts if "Việc hôm nay" in text]
    assert len(digests) == len(set(digests))
    company.clock.wind_to(in_hanoi("2026-11-26 08:00"))
    assert any("quá hạn" in words(delivery) for delivery in await tick(company))


async def test_a_thousand_overdue_items_of_two_hundred_reps_are_one_digest_each(company: Company) -> None:
    reps = [await company.hires(f"Rep {number}") for number in range(200)]
    promised: list[tuple[Person, Customer, When]] = []
    for rep in reps:
        customers = [await knows(rep, f"Khách {number}") for number in range(5)]
        promised += [
            (rep, customer, When(date(2026, 11, 24), time(9) if number % 2 else None))
            for number, customer in enumerate(customers)
        ]
    await promises_many(company, promised)
    company.clock.wind_to(in_hanoi("2026-11-26 09:30"))
    deliveries = await tick(company, times=2)
    assert Counter(delivery.chat_id for delivery in deliveries) == {rep.user_id: 1 for rep in reps}
    assert all("5 khách cần liên hệ · 5 quá hạn" in words(delivery) for delivery in deliveries)
