"""/thang: the four questions with names, the agenda, and decisions that become follow-ups."""

from datetime import date, timedelta

import pytest

from bot.domain.people import Role
from tests.chat import Company, Person
from tests.handlers.test_audit import joins
from tests.handlers.test_week import at_work
from tests.handlers.work import member_of


async def a_month_later(company: Company) -> tuple[Person, Person, Person]:
    boss, minh, trang = await at_work(company)
    await trang.says("chị Mai phàn nàn giao trễ 2 ngày")
    await company.waits(timedelta(days=5))
    return boss, minh, trang


async def test_the_review_answers_the_four_questions_with_names(company: Company) -> None:
    boss, _, _ = await a_month_later(company)
    await boss.says("/thang")
    boss.sees("Tháng 11/2026", "Doanh thu 20 tr", "mỗi khách mang về 10 tr", "Ai đáng được chăm mà chưa được chăm? 1")
    boss.sees("chị Lan (Nguyễn Thị Trang)", "Khách phàn nàn gì gần đây? 1", "chị Mai (", "giao trễ 2 ngày")
    await boss.taps("4. Phàn nàn")
    boss.sees("Phàn nàn · Tháng 11/2026 (1)", "chị Mai", "giao trễ")
    await boss.taps("chị Mai")
    boss.sees("0977 123 403")


async def test_who_is_about_to_buy_again_and_who_has_referred_others_are_named(company: Company) -> None:
    boss, _, trang = await at_work(company)
    await trang.says("Khách mới chị Yến 0988 111 222, chị Lan giới thiệu")
    await company.waits(timedelta(days=75))
    await boss.says("/month")
    boss.sees("Ai sắp mua lại? 2", "chị Lan (Nguyễn Thị Trang), chị Mai")
    await boss.taps("2. Sắp mua lại")
    boss.sees("chị Lan", "mua T2 23/11", "gói Pro", "12,5 tr")


@pytest.mark.parametrize(
    ("said", "heading"),
    [
        ("/thang", "Tháng 12/2026"),
        ("/thang truoc", "Tháng 11/2026"),
        ("/thang 10", "Tháng 10/2026"),
        ("/thang 12", "Tháng 12/2026"),
        ("/thang quý", "Quý 4/2026"),
        ("/thang quý trước", "Quý 3/2026"),
        ("/month year", "Năm 2026"),
        ("/thang 13", "Tháng 12/2026"),
    ],
)
async def test_months_quarters_and_years_are_asked_for_by_a_word(company: Company, said: str, heading: str) -> None:
    boss = await company.hires("Hà", Role.OWNER)
    await company.waits_until(company.clock.now() + timedelta(days=20))
    await boss.says(said)
    boss.sees(heading)


async def test_a_month_that_has_not_come_this_year_is_last_years(company: Company) -> None:
    boss = await company.hires("Hà", Role.OWNER)
    await boss.says("/thang 12")
    boss.sees("Tháng 12/2025")


async def test_the_agenda_fills_thirty_minutes_and_names_whom_to_talk_about(company: Company) -> None:
    boss, _, _ = await a_month_later(company)
    await boss.says("/thang")
    await boss.taps("Nghị trình 30 phút")
    boss.sees("phút 0–3", "phút 27–30", "chị Lan", "chị Mai", "Ai gọi, khi nào?", "Ghi quyết định")
    boss.sees("Kỳ này không có ai.")
    boss.does_not_see("Ai cảm ơn, bằng cách nào?")  # nobody referred anybody


async def test_decisions_become_follow_ups_who_is_meant_hears_and_one_tap_takes_them_back(company: Company) -> None:
    boss, minh, trang = await a_month_later(company)
    await boss.taps_old("x:1", "month.decide")
    await boss.says("1. Trang gọi lại chị Lan thứ 6\n- gửi báo giá cho chị Thoa 9h sáng mai")
    boss.sees("Đã ghi 2 quyết định", "Nguyễn Thị Trang · chị Lan", "Trần Đức Minh · chị Thoa", "Hoàn tác")
    await company.delivers_pushes()
    trang.sees("Hà giao việc", "chị Lan", "T6 04/12", "gọi lại chị Lan")
    minh.sees("chị Thoa", "09:00", "gửi báo giá")
    trang.does_not_see("Thoa")
    async with company.store.read() as uow:
        theirs = [item for item, _ in await uow.followups.due(member_of(trang), date(2026, 12, 4), date(2026, 12, 4))]
    assert [item.text for item in theirs] == ["gọi lại chị Lan"]
    await boss.taps("Hoàn tác")
    async with company.store.read() as uow:
        assert not await uow.followups.due(member_of(trang), date(2026, 12, 4), date(2026, 12, 4))


async def test_when_it_is_due_is_no_part_of_what_is_to_be_done(company: Company) -> None:
    boss, minh, _ = await a_month_later(company)
    await minh.says("Khách mới anh Phúc 0966 123 456")
    await boss.taps_old("x:1", "month.decide")
    await boss.says("Minh cảm ơn anh Phúc 9h sáng mai\nMinh cảm ơn anh Phúc vào thứ 6")
    boss.sees("09:00")
    async with company.store.read() as uow:
        due = await uow.followups.due(member_of(minh), date(2026, 12, 31), date(2026, 11, 29))
    planned = [item for item, customer in due if customer.name == "Phúc"]
    assert [item.text for item in planned] == ["cảm ơn anh Phúc"] * 2
    assert [bool(item.due_at) for item in planned] == [True, False]


async def test_who_leads_nobody_any_more_does_not_take_decisions_about_others_customers_back(company: Company) -> None:
    _, _, trang = await a_month_later(company)
    lead = await company.hires("Hoài", Role.MANAGER)
    await lead.taps_old("x:1", "month.decide")
    await lead.says("Trang gọi lại chị Lan thứ 6")
    lead.sees("Đã ghi 1 quyết định")
    async with company.store.begin() as uow:
        await uow.members.update(member_of(lead), role=Role.REP)
        await uow.commit()
    await lead.taps("Hoàn tác")
    lead.sees("Không có gì để hoàn tác")
    await lead.says("/hoantac")
    lead.does_not_see("Đã hoàn tác")
    async with company.store.read() as uow:
        assert await uow.followups.due(member_of(trang), date(2026, 12, 4), date(2026, 12, 4))


@pytest.mark.parametrize("form", ["month.decide", "kpi.for:0"])
async def test_a_form_of_who_leads_nobody_any_more_is_over_and_their_words_are_a_message(
    company: Company, form: str
) -> None:
    await a_month_later(company)
    lead = await company.hires("Hoài", Role.MANAGER)
    await lead.taps_old("x:1", form)
    async with company.store.begin() as uow:
        await uow.members.update(member_of(lead), role=Role.REP)
        await uow.commit()
    await lead.says("Khách mới chị Phượng 0966 111 222")
    lead.sees("Phượng", "Đã lưu")


async def test_a_colleague_of_a_wider_view_is_no_way_to_customers_of_another_team(company: Company) -> None:
    boss, minh, trang = await a_month_later(company)
    lead = await company.hires("Hoài", Role.MANAGER)
    await joins(company, lead, boss, trang)
    await minh.says("Khách mới chị Kiều 0977 999 888")
    await lead.taps_old("x:1", "month.decide")
    await lead.says("Hà gọi chị Kiều thứ 6")
    lead.sees("khách nào ạ?")
    lead.does_not_see("Đã ghi")


async def test_what_is_not_understood_is_asked_again_and_nothing_is_lost(company: Company) -> None:
    boss, _, _ = await a_month_later(company)
    await boss.taps_old("x:1", "month.decide")
    await boss.says("Minh gặp chị Mai ngày mai\nchị Hoa thăm\nmua thêm bánh <b>\nMinh gọi chị Cúc mai")
    boss.sees("Đã ghi 1 quyết định", "Trần Đức Minh · chị Cúc")
    boss.sees("Minh gặp chị Mai ngày mai: khách này do Nguyễn Thị Trang phụ trách", "chị Hoa thăm: hẹn ngày nào ạ?")
    boss.sees("mua thêm bánh <b>: khách nào ạ?")
    await boss.says("chị Hoa thăm thứ 5")
    boss.sees("Đã ghi 1 quyết định", "Trần Đức Minh · chị Hoa")
    boss.does_not_see("chưa rõ")


async def test_only_who_leads_others_reviews_and_decides(company: Company) -> None:
    _, minh, _ = await a_month_later(company)
    await minh.says("/thang")
    minh.sees("chưa biết lệnh này")
    for data in ("month.decide", "month.agenda:m20261101"):
        await minh.taps_old("x:1", data)
        minh.never_saw("Nghị trình", "Mỗi dòng một quyết định")


async def test_a_group_hears_counts_of_the_month_and_no_names(company: Company) -> None:
    boss, _, _ = await a_month_later(company)
    group = company.opens_group("Đội bán hàng")
    await boss.says_in(group, "/thang")
    group.sees("Khách phàn nàn gì gần đây? 1")
    group.never_saw("chị", "giao trễ", "Nguyễn Thị Trang", "Minh")
