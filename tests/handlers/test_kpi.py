"""/kpi: who stands where against the month's targets, and setting them in one message."""

from datetime import timedelta

from bot.domain.people import Role
from tests.chat import Company
from tests.handlers.test_week import at_work


async def test_targets_are_set_in_one_message_and_each_month_is_measured_against_them(company: Company) -> None:
    boss, minh, trang = await at_work(company)
    await boss.says("/kpi")
    boss.sees("KPI · Tháng 11/2026 · đã qua 19/25 ngày làm việc", "Chưa có chỉ tiêu: doanh thu 20 tr, khách mới 4")
    await boss.taps("Đặt chỉ tiêu")
    await boss.taps("Nguyễn Thị Trang")
    await boss.says("doanh thu 200tr, khách mới 3, đúng hẹn 90%, abc")
    boss.sees("Chỉ tiêu tháng của Nguyễn Thị Trang", "Doanh thu: 200 tr", "Đúng hẹn: 90%", "Em chưa hiểu: abc")
    await company.delivers_pushes()
    trang.sees("Hà đặt chỉ tiêu tháng cho anh/chị", "Khách mới: 3")
    await trang.says("/kpi")
    trang.sees("🔸 Doanh thu 20 tr / 200 tr · đến nay cần 152 tr", "✅ Khách mới 4 / 3")
    trang.does_not_see("Minh", "Đặt chỉ tiêu")
    await minh.says("/kpi")
    minh.does_not_see("Trang", "200 tr")


async def test_one_message_sets_the_targets_of_all_and_a_zero_takes_one_away(company: Company) -> None:
    boss, minh, trang = await at_work(company)
    await boss.taps_old("x:1", "kpi.for:0")
    await boss.says("khách mới 5, doanh thu 50tr")
    boss.sees("Chỉ tiêu tháng của cả đội")
    await boss.taps_old("x:1", f"kpi.for:{minh.member.id if minh.member else 0}")
    await boss.says("doanh thu 0")
    boss.sees("bỏ chỉ tiêu")
    await minh.says("/kpi")
    minh.sees("Khách mới 4 / 5")
    minh.does_not_see("Doanh thu")
    await trang.says("/kpi")
    trang.sees("Doanh thu 20 tr / 50 tr")


async def test_a_share_of_nothing_is_no_fraction(company: Company) -> None:
    boss, _, _ = await at_work(company)
    await boss.taps_old("x:1", "kpi.for:0")
    await boss.says("đúng hẹn 90%")
    await boss.says("/kpi")
    boss.sees("▫️ Đúng hẹn chưa có / 90%")


async def test_the_month_before_is_a_word_or_a_tap_away(company: Company) -> None:
    boss, _, trang = await at_work(company)
    await company.waits(timedelta(days=10))
    await boss.says("/kpi")
    boss.sees("KPI · Tháng 12/2026", "doanh thu 0, khách mới 0")
    await boss.taps("‹ Tháng 11/2026")
    boss.sees("KPI · Tháng 11/2026 · đã qua 25/25 ngày làm việc", "doanh thu 20 tr, khách mới 4")
    await trang.says("/kpi trước")
    trang.sees("KPI · Tháng 11/2026", "doanh thu 20 tr, khách mới 4")


async def test_a_changed_target_is_in_the_log(company: Company) -> None:
    boss, minh, _ = await at_work(company)
    await boss.taps_old("x:1", "kpi.for:0")
    await boss.says("khách mới 5")
    await boss.taps_old("x:1", f"kpi.for:{minh.member.id if minh.member else 0}")
    await boss.says("khách mới 9")
    await boss.says("/nhatky")
    boss.sees("Hà đổi chỉ tiêu\n", "Hà đổi chỉ tiêu của Trần Đức Minh")


async def test_what_is_no_target_is_asked_again(company: Company) -> None:
    boss, _, _ = await at_work(company)
    await boss.taps_old("x:1", "kpi.for:0")
    await boss.says("nhiều vào nhé")
    boss.sees("Em chưa hiểu: nhiều vào nhé", "Ví dụ")
    await boss.says("khách mới 5")
    boss.sees("Khách mới: 5")


async def test_nobody_sets_targets_of_whom_they_do_not_lead(company: Company) -> None:
    boss, minh, trang = await at_work(company)
    assert trang.member
    for data in ("kpi.set", "kpi.for:0", f"kpi.for:{trang.member.id}"):
        await minh.taps_old("x:1", data)
        minh.does_not_see("Ví dụ", "Trang")
    await boss.taps_old("x:1", "kpi.for:99")
    boss.does_not_see("Ví dụ")


async def test_a_group_hears_all_together_and_nobody_alone(company: Company) -> None:
    boss, _, _ = await at_work(company)
    await boss.taps_old("x:1", "kpi.for:0")
    await boss.says("khách mới 5, doanh thu 50tr, đúng hẹn 90%")
    group = company.opens_group("Đội bán hàng")
    await boss.says_in(group, "/kpi")
    group.sees("Doanh thu 20 tr / 150 tr", "Khách mới 8 / 15")
    group.never_saw("Minh", "Trang")


async def test_a_large_team_is_paged(company: Company) -> None:
    boss = await company.hires("Hà", Role.OWNER)
    for number in range(8):
        await company.hires(f"Nhân viên {'abcdefgh'[number]}")
    await company.waits(timedelta(minutes=1))
    await boss.says("/kpi")
    boss.sees("Nhân viên a")
    boss.does_not_see("Nhân viên h")
    await boss.taps("›")
    boss.sees("Nhân viên h")


async def test_targets_can_be_put_back_as_they_were(company: Company) -> None:
    boss, minh, trang = await at_work(company)
    await boss.taps_old("x:1", f"kpi.for:{trang.member.id if trang.member else 0}")
    await boss.says("40tr")
    boss.sees("Doanh thu: 40 tr")
    await boss.taps_old("x:1", "kpi.for:0")
    await boss.says("doanh thu 90tr, khách mới 5")
    back = boss.data_of("Để như cũ")
    await boss.taps("Để như cũ")
    boss.sees("của cả đội đã về như cũ")
    await company.delivers_pushes()
    trang.sees("Doanh thu: 40 tr")
    await trang.says("/kpi")
    trang.sees("Doanh thu 20 tr / 40 tr")
    trang.does_not_see("Khách mới 4 / 5")
    await minh.says("/kpi")
    minh.sees("Chưa có chỉ tiêu")
    await boss.taps_old("x:1", back)
    boss.sees("Nút này đã cũ")
