"""Monday morning: last week's summary comes by itself, once, to whoever leads people and to the groups that asked."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.followups import FollowUpState, NewFollowUp
from bot.domain.people import Role
from bot.domain.repositories import Store
from bot.weekly import push_weeks
from tests.chat import ORG, Company, Person, link
from tests.handlers.test_week import at_work
from tests.handlers.work import in_hanoi, member_of

MONDAY_BEFORE_EIGHT, MONDAY_AT_EIGHT = in_hanoi("2026-11-30 07:59"), in_hanoi("2026-11-30 08:00")


@pytest.fixture
def company(store: Store) -> Company:
    """A company on an empty store, on a Monday morning."""
    return Company(store)


def weeks(person: Person) -> list[str]:
    """The summaries on somebody's screen."""
    return [shown.words for shown in person.screen if shown.words.startswith("📊")]


async def tick(company: Company) -> int:
    words = company.conversation.translator
    return await push_weeks(company.store, company.clock.now(), words, ORG, words().zone, link)


async def test_on_monday_at_eight_managers_get_last_week_with_its_picture_and_reps_do_not(company: Company) -> None:
    boss, minh, trang = await at_work(company)
    await company.waits_until(MONDAY_BEFORE_EIGHT)
    assert weeks(boss) == []
    await company.waits_until(MONDAY_AT_EIGHT)
    (week,) = weeks(boss)
    assert "Tuần 48 · T2 23/11 – CN 29/11" in week
    assert "Doanh thu 20 tr" in week
    assert next(shown for shown in boss.screen if shown.words.startswith("📊")).reply.chart
    await boss.taps("Khách mới chưa liên hệ")
    boss.sees("chị Thoa")
    await company.waits_until(in_hanoi("2026-12-07 09:00"))
    assert len(weeks(boss)) == 2
    assert weeks(minh) == weeks(trang) == []


async def test_it_comes_at_the_managers_own_digest_hour_also_when_that_has_changed(company: Company) -> None:
    boss, _, _ = await at_work(company)
    await company.waits(timedelta(days=1))
    await boss.says("/caidat")
    await boss.taps("☀️")
    await boss.taps("07:30")
    await company.waits_until(in_hanoi("2026-11-30 07:29"))
    assert weeks(boss) == []
    await company.waits_until(in_hanoi("2026-11-30 07:30"))
    assert len(weeks(boss)) == 1


async def test_two_instances_and_many_ticks_queue_it_once(company: Company) -> None:
    boss, _, _ = await at_work(company)
    await company.waits_until(MONDAY_BEFORE_EIGHT)
    company.clock.wind_to(MONDAY_AT_EIGHT)
    queued = await asyncio.gather(*(tick(company) for _ in range(4)))
    assert sum(queued) == 1
    assert await tick(company) == 0
    await company.delivers_pushes()
    assert len(weeks(boss)) == 1


async def test_what_downtime_held_up_comes_the_same_day_and_not_a_day_later(company: Company) -> None:
    boss, _, _ = await at_work(company)
    await company.waits_until(MONDAY_BEFORE_EIGHT)
    company.clock.wind_to(in_hanoi("2026-11-30 16:00"))
    await company.delivers_pushes()
    assert len(weeks(boss)) == 1
    company.clock.wind_to(in_hanoi("2026-12-08 08:00"))
    await company.delivers_pushes()
    assert len(weeks(boss)) == 1
    await company.waits_until(in_hanoi("2026-12-14 08:00"))
    assert len(weeks(boss)) == 2


async def test_a_company_in_which_nothing_happened_is_left_alone(company: Company) -> None:
    boss = await company.hires("Hà", Role.OWNER)
    await company.waits_until(in_hanoi("2026-12-15 08:00"))
    assert boss.screen == []


async def test_a_manager_in_a_team_gets_the_teams_figures(company: Company) -> None:
    boss, minh, _ = await at_work(company)
    lead = await company.hires("Quân", Role.MANAGER)
    async with company.store.begin() as uow:
        team = await uow.teams.add("Đội Bắc")
        for person in (lead, minh):
            await uow.members.update(member_of(person), team_id=team.id)
        await uow.commit()
    await company.waits_until(MONDAY_AT_EIGHT)
    assert "Khách mới 4" in weeks(lead)[0]
    assert "Chưa có đơn" in weeks(lead)[0]
    assert "Trang" not in weeks(lead)[0]
    assert "Khách mới 8" in weeks(boss)[0]


async def test_the_best_record_is_named_and_hears_it_once(company: Company) -> None:
    boss, minh, trang = await at_work(company)
    for name in ("Thoa", "Hoa", "Cúc", "Thu"):
        await minh.says(f"chị {name} 0966 555 4{len(name)}{ord(name[0]) % 10}, mai gọi lại")
    async with company.store.begin() as uow:
        due = await uow.followups.due(member_of(minh), member_of(minh).today(company.clock.now()) + timedelta(days=9))
        for item, customer in due:
            for _ in range(2):
                new = NewFollowUp(customer.id, item.member_id, "gọi", item.due_on)
                added = await uow.followups.add(new, company.clock.now())
                await uow.followups.update(added, state=FollowUpState.DONE, done_at=company.clock.now())
        await uow.commit()
    group = company.opens_group("Đội bán hàng")
    await boss.says_in(group, "/tuan")
    await boss.taps_in(group, "Gửi vào nhóm này")
    await company.waits_until(MONDAY_AT_EIGHT)
    assert "🏆 Giữ hẹn tốt nhất: Trần Đức Minh" in weeks(boss)[0]
    assert "🏆 Giữ hẹn tốt nhất: Trần Đức Minh" in weeks(group)[-1]
    praise = [shown.words for shown in minh.screen if "🏆" in shown.words]
    assert len(praise) == 1
    assert "anh/chị giữ hẹn tốt nhất" in praise[0]
    assert not [shown for shown in trang.screen if "🏆" in shown.words]


async def test_a_group_that_asked_gets_it_until_somebody_stops_it(company: Company) -> None:
    boss, _, _ = await at_work(company)
    group = company.opens_group("Đội bán hàng")
    await boss.says_in(group, "/tuan")
    await boss.taps_in(group, "Gửi vào nhóm này")
    group.sees("Mỗi sáng thứ Hai nhóm Đội bán hàng", "không kèm dữ liệu của khách nào")
    await company.waits_until(MONDAY_AT_EIGHT)
    assert len(weeks(group)) == 2
    assert "Tuần 48 · T2 23/11 – CN 29/11" in weeks(group)[-1]
    group.never_saw("chị", "0977")
    await boss.taps_in(group, "Thôi gửi")
    await company.waits_until(in_hanoi("2026-12-07 09:00"))
    assert len(weeks(group)) == 2


@pytest.mark.parametrize("change", [{"active": False}, {"role": Role.REP}])
async def test_a_group_hears_nothing_more_when_who_linked_it_may_not(
    company: Company, change: dict[str, object]
) -> None:
    await at_work(company)
    lead = await company.hires("Quân", Role.MANAGER)
    group = company.opens_group("Đội riêng")
    await lead.says_in(group, "/tuan")
    await lead.taps_in(group, "Gửi vào nhóm này")
    async with company.store.begin() as uow:
        await uow.members.update(member_of(lead), **change)
        await uow.commit()
    await company.waits_until(in_hanoi("2026-12-07 09:00"))
    assert len(weeks(group)) == 1
    async with company.store.read() as uow:
        assert not await uow.group_chats.weeks_due(in_hanoi("2027-01-01 00:00"))
