"""The steps of a sale: moved along in a tap, lost and stopped with a reason, and a list that the company makes its own."""

from datetime import timedelta

import pytest

from bot.domain.customers import Customer, Stage
from bot.domain.people import Role
from bot.domain.pipeline import PRESETS, STANDARD, Pipeline
from tests.chat import Company, Person
from tests.handlers.work import knows, member_of, open_items, sells


async def opens(rep: Person, customer: Customer) -> None:
    await rep.taps_old("x:1", f"customer.open:{customer.id}")


async def stands(rep: Person, customer: Customer) -> Customer:
    async with rep.company.store.read() as uow:
        return await uow.customers.get(member_of(rep), customer.id)


async def works_by(company: Company, pipeline: Pipeline) -> None:
    async with company.store.begin() as uow:
        await uow.company.change(pipeline=pipeline)
        await uow.commit()


async def test_the_next_step_is_one_tap_away_and_the_card_says_how_long_they_are_there(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    await opens(rep, lan)
    rep.sees("Bước: tư vấn", "Vòng đời: chưa mua · Nhóm: khách mới", "Chưa có việc tiếp theo")
    await rep.taps("Bước")
    assert rep.buttons()[0] == "▶️ báo giá"
    assert "● tư vấn" in rep.buttons()
    await rep.taps("▶️ báo giá")
    rep.sees("Đã sửa · Bước: báo giá", "Hoàn tác")
    company.clock.wind_to(company.clock.now() + timedelta(days=5))
    await opens(rep, lan)
    rep.sees("Bước: báo giá · 5 ngày")


async def test_a_lost_deal_says_why_and_can_be_taken_back_or_opened_again(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    await opens(rep, lan)
    await rep.taps("Bước")
    await rep.taps("Mất")
    await rep.taps("Chọn bên khác")
    rep.sees("Đã sửa · Mất: chọn bên khác", "Bước: mất · chọn bên khác")
    rep.does_not_see("Chưa có việc tiếp theo")
    await rep.taps("Hoàn tác")
    assert (await stands(rep, lan)).stage == Stage.CONSULTING
    await rep.taps_old("x:1", f"lost.set:{lan.id}:price")
    await opens(rep, lan)
    await rep.taps("Bước")
    assert "✖️ Mất" not in rep.buttons()
    await rep.taps("đàm phán")
    assert (await stands(rep, lan)).lost_reason is None


async def test_a_reason_may_be_typed(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    await rep.taps_old("x:1", f"lost.ask:{lan.id}")
    await rep.taps("Lý do khác")
    await rep.says("sếp bên đó <đổi> ý")
    rep.sees("Mất: sếp bên đó <đổi> ý")
    assert (await stands(rep, lan)).lost_reason == "sếp bên đó <đổi> ý"


async def test_won_is_no_step_to_tap_and_what_follows_it_is_for_buyers(company: Company) -> None:
    await works_by(company, PRESETS["4"])
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    for step in ("bought", "care", "repeat", "quoted"):
        await rep.taps_old("x:1", f"stage.set:{lan.id}:{step}")
        rep.sees("Nút này đã cũ")


async def test_the_companys_own_steps_are_walked_by_what_happens(company: Company) -> None:
    await works_by(company, PRESETS["4"])
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678")
    await rep.taps("Mở khách")
    rep.sees("Bước: tiếp cận và nuôi dưỡng")
    await rep.says("chị Lan chốt gói Pro 12tr5")
    await rep.taps("Mở khách")
    rep.sees("Bước: mua hàng", "Vòng đời: đã mua · Nhóm: mua 1 lần", "Chu kỳ mua ≈75 ngày, lần tới khoảng 06/02/2027")
    async with company.store.read() as uow:
        (lan,) = await uow.customers.by_phone(member_of(rep), "+84912345678")
    first = (await open_items(rep, lan))[0]
    await rep.taps_old("x:1", f"checklist.sent:{first.id}")
    assert (await stands(rep, lan)).stage == "care"
    company.clock.wind_to(company.clock.now() + timedelta(days=42))
    await rep.says("chị Lan chốt gói Pro 12tr5")
    await rep.taps("Mở khách")
    rep.sees("★", "Bước: tái mua, giới thiệu", "trung thành, giá trị cao", "≈42 ngày")


async def test_a_suggested_step_is_one_of_the_companys_and_further_along(company: Company) -> None:
    rep = await company.hires("Minh")
    await knows(rep, "Lan")
    await rep.says("chị Lan xin demo")
    assert any("demo" in label for label in rep.buttons())
    await works_by(company, PRESETS["4"])
    await rep.says("chị Lan xin demo nhé")
    assert not any("demo" in label for label in rep.buttons())


async def test_a_quote_is_what_the_deal_may_bring_until_it_is_sold(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    await rep.says("chị Lan báo giá 12tr5, T6 gọi lại")
    rep.sees("Dự kiến: 12.500.000 ₫")
    await opens(rep, lan)
    rep.sees("dự kiến 12.500.000 ₫")
    await rep.taps_old("x:1", f"edit.field:{lan.id}:expected")
    await rep.says("15tr")
    assert (await stands(rep, lan)).expected_vnd == 15_000_000
    await rep.says("chị Lan chốt gói Pro 14tr")
    assert (await stands(rep, lan)).expected_vnd is None
    await rep.says("chị Lan than chuyển khoản thừa 200k")
    assert (await stands(rep, lan)).expected_vnd is None


async def test_care_stops_with_a_reason_in_one_action_and_a_sale_starts_it_again(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    await sells(rep, lan)
    planned = len(await open_items(rep, lan))
    await opens(rep, lan)
    await rep.taps("Thêm")
    await rep.taps("Ngừng chăm")
    await rep.taps("Chuyển nơi khác")
    rep.sees(f"Ngừng chăm: chuyển nơi khác · bỏ {planned} bước", "⛔ Ngừng chăm từ T2 23/11/2026: chuyển nơi khác")
    rep.sees("Vòng đời: ngừng")
    rep.does_not_see("Chưa có việc tiếp theo", "Chu kỳ")
    assert await open_items(rep, lan) == []
    await rep.taps("Hoàn tác")
    assert len(await open_items(rep, lan)) == planned
    assert (await stands(rep, lan)).stopped_reason is None
    await rep.taps_old("x:1", f"stop.set:{lan.id}:price")
    await rep.says("chị Lan chốt gói Pro 1tr")
    assert (await stands(rep, lan)).stopped_reason is None
    assert await open_items(rep, lan)


async def test_care_that_stopped_can_go_on_and_never_stops_for_who_has_not_bought(company: Company) -> None:
    rep = await company.hires("Minh")
    lan, hoa = await knows(rep, "Lan"), await knows(rep, "Hoa", phone="+84912345679")
    await sells(rep, lan)
    await rep.taps_old("x:1", f"stop.set:{lan.id}:unhappy")
    await rep.taps("Thêm")
    await rep.taps("Có việc lại")
    rep.sees("Đã sửa · Chăm lại")
    await rep.taps_old("x:1", f"stop.set:{hoa.id}:unhappy")
    rep.sees("chưa mua gì")


async def test_who_sent_them_is_known_where_only_one_is_called_so(company: Company) -> None:
    rep = await company.hires("Minh")
    hung = await knows(rep, "Hùng", "anh", "+84912345670")
    await rep.says("Khách mới chị Lan 0912 345 678, anh Hùng giới thiệu")
    rep.sees("Người giới thiệu: anh Hùng")
    await opens(rep, hung)
    rep.sees("đã giới thiệu 1 khách", "từng giới thiệu")
    await knows(rep, "Hùng", "anh", "+84912345671")
    await rep.says("Khách mới chị Mai 0912 345 673, anh Hùng giới thiệu")
    await opens(rep, hung)
    rep.sees("đã giới thiệu 1 khách")


async def test_another_reps_customer_is_never_taken_for_the_referrer(company: Company) -> None:
    minh, trang = await company.hires("Minh"), await company.hires("Trang")
    hung = await knows(trang, "Hùng", "anh", "+84912345670")
    await minh.says("Khách mới chị Lan 0912 345 678, anh Hùng giới thiệu")
    await opens(trang, hung)
    trang.does_not_see("đã giới thiệu")


# The list itself ------------------------------------------------------------------------------------------------------


async def test_a_preset_is_shown_before_it_holds_and_everybody_is_moved(company: Company) -> None:
    boss, rep = await company.hires("Hà", Role.OWNER), await company.hires("Minh")
    lan, hoa = await knows(rep, "Lan"), await knows(rep, "Hoa", phone="+84912345679")
    await rep.taps_old("x:1", f"stage.set:{lan.id}:demo")
    await boss.says("/caidat")
    await boss.taps("Các bước bán hàng")
    boss.sees("1. Tư vấn · 1 khách", "3. Demo · 1 khách", "5. Chốt ✓")
    await boss.taps("4 bước")
    boss.sees("1 khách ở bước Demo về bước Tiếp cận và nuôi dưỡng", "2. Mua hàng ✓")
    assert (await stands(rep, lan)).stage == "demo"
    await boss.taps("Dùng bộ này")
    boss.sees("đã chuyển 2 khách", "1. Tiếp cận và nuôi dưỡng · 2 khách")
    assert {(await stands(rep, customer)).stage for customer in (lan, hoa)} == {"approach"}


async def test_a_list_of_ones_own_is_copied_changed_and_confirmed(company: Company) -> None:
    boss, rep = await company.hires("Hà", Role.MANAGER), await company.hires("Minh")
    lan = await knows(rep, "Lan")
    await rep.taps_old("x:1", f"stage.set:{lan.id}:negotiating")
    await boss.taps_old("x:1", "pipeline.show")
    await boss.taps("Tự soạn")
    boss.sees("Tư vấn\nBáo giá\nDemo\nĐàm phán\nChốt ✓")
    await boss.says("Tư vấn\nBáo giá\nKhảo sát nhà\nKý hợp đồng ✓\nBảo hành")
    boss.sees("1 khách ở bước Đàm phán về bước Báo giá")
    await boss.taps("Dùng bộ này")
    boss.sees("4. Ký hợp đồng ✓")
    assert (await stands(rep, lan)).stage == "quoted"
    await opens(rep, lan)
    await rep.taps("Bước")
    await rep.taps("▶️ Khảo sát nhà")
    rep.sees("Bước: Khảo sát nhà")
    await rep.says("chị Lan chốt gói Pro 2tr")
    await opens(rep, lan)
    rep.sees("Bước: Ký hợp đồng")


@pytest.mark.parametrize(
    ("text", "told"),
    [("Tư vấn\nBáo giá", "dấu ✓ vào đúng một bước"), ("Tư vấn\nTư vấn\nChốt ✓", "trùng tên")],
)
async def test_a_list_that_cannot_be_is_asked_again(company: Company, text: str, told: str) -> None:
    boss = await company.hires("Hà", Role.OWNER)
    await boss.taps_old("x:1", "pipeline.edit")
    await boss.says(text)
    boss.sees(told)
    await boss.says("Tư vấn\nChốt ✓")
    boss.sees("Các bước mới")


async def test_steps_are_written_on_one_line_too_and_a_customer_meanwhile_is_still_one(company: Company) -> None:
    boss = await company.hires("Hà", Role.OWNER)
    await boss.taps_old("x:1", "pipeline.edit")
    await boss.says("Khách mới chị Hoa, FB, nóng")
    boss.sees("Đã lưu khách mới")
    await boss.taps_old("x:1", "pipeline.edit")
    await boss.says("Tìm hiểu, Báo giá, Đàm phán, Chốt")
    boss.sees("Các bước mới", "1. Tìm hiểu", "4. Chốt ✓")
    await boss.taps("Dùng bộ này")
    async with company.store.read() as uow:
        assert len((await uow.company.read()).pipeline.stages) == 4


async def test_a_preview_of_steps_that_somebody_changed_since_is_refused_and_shows_them(company: Company) -> None:
    boss, other = await company.hires("Hà", Role.OWNER), await company.hires("Mai", Role.OWNER)
    await boss.taps_old("x:1", "pipeline.preset:10")
    await other.taps_old("x:1", "pipeline.edit")
    await other.says("Khảo sát, Ký ✓")
    await boss.taps_old("x:1", "pipeline.preset:6")
    await other.taps("Dùng bộ này")
    other.sees("Đã lưu")
    await boss.taps("Dùng bộ này")
    boss.sees("Các bước vừa được đổi", "1. Khảo sát", "2. Ký ✓")
    await other.taps_old("x:1", "pipeline.edit")
    await other.says("Khảo sát, Lắp, Ký ✓")
    await boss.taps_old("x:1", "pipeline.preset:4")
    await boss.taps("Dùng bộ này")
    await other.taps("Dùng bộ này")
    other.sees("Các bước vừa được đổi", "Tiếp cận")
    async with company.store.read() as uow:
        assert (await uow.company.read()).pipeline == PRESETS["4"]


async def test_a_rep_has_no_say_in_the_steps(company: Company) -> None:
    rep = await company.hires("Minh")
    for data in ("pipeline.show", "pipeline.edit", "pipeline.preset:4", "pipeline.use:4", "pipeline.apply"):
        await rep.taps_old("x:1", data)
        rep.never_saw("Tiếp cận")
    async with company.store.read() as uow:
        assert (await uow.company.read()).pipeline == STANDARD


async def test_moving_everybody_writes_each_move_down(company: Company) -> None:
    boss, rep = await company.hires("Hà", Role.OWNER), await company.hires("Minh")
    lan = await knows(rep, "Lan")
    await rep.taps_old("x:1", f"lost.set:{lan.id}:price")
    hoa = await knows(rep, "Hoa", phone="+84912345679")
    async with company.store.begin() as uow:
        moved = await uow.company.move_stages(member_of(boss), {"consulting": "quoted"}, company.clock.now())
        assert moved == 1
        await uow.commit()
    assert (await stands(rep, hoa)).stage == "quoted"
    assert (await stands(rep, lan)).stage == Stage.LOST


async def test_a_loss_in_words_is_one_tap_from_its_reason(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới anh Thắng 0909 123 987 muốn mua máy lọc")
    await rep.says("mat khach a thang vi gia cao")
    rep.sees("Đã lưu ghi chú", "✖️ Mất: giá")
    await rep.taps("✖️ Mất: giá")
    rep.sees("mất")
    await rep.says("/phannhom")
    await rep.says("chi ay khong mua nua")
    rep.does_not_see("✖️ Mất")
