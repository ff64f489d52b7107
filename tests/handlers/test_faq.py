"""The company's question list: kept by managers, answering customers at any hour."""

from datetime import timedelta

import pytest

from bot.domain.people import Role
from tests.chat import Company, Person
from tests.handlers.work import in_hanoi, knows

HOURS = "8:00 đến 21:00 tất cả các ngày ạ"


async def a_company(company: Company) -> tuple[Person, Person, Person]:
    """An owner, a rep and a linked customer of the rep's, Ms Lan."""
    owner = await company.hires("Bảo", Role.OWNER)
    rep = await company.hires("Trang")
    lan = company.meets("Ngọc Lan")
    await company.links(lan, await knows(rep, "Lan", phone="+84912345678"))
    return owner, rep, lan


async def test_a_customer_is_answered_at_any_hour_and_a_person_is_one_tap_away(company: Company) -> None:
    owner, rep, lan = await a_company(company)
    await owner.says(f"/faq Mấy giờ mở cửa? / {HOURS}")
    owner.sees("Đã lưu", "Mấy giờ mở cửa?", HOURS)
    await company.waits_until(in_hanoi("2026-11-23T23:10"))
    await lan.says("shop ơi may gio mo cua vay")
    lan.sees(HOURS, "Gặp nhân viên")
    await company.delivers_pushes()
    rep.never_saw("may gio mo cua")
    await rep.says("KH000001")
    rep.sees("Khách nhắn: shop ơi may gio mo cua vay", HOURS)

    await lan.taps("Gặp nhân viên")
    lan.sees("nhân viên sẽ trả lời")
    await company.delivers_pushes()
    rep.sees("💬 chị Lan (KH000001): shop ơi may gio mo cua vay", "Trả lời")
    rep.fresh = []
    await lan.taps("Gặp nhân viên")
    await company.delivers_pushes()
    assert rep.fresh == []
    await rep.replies("may gio mo cua", "Dạ mai 8 giờ chị ạ")
    await company.delivers_pushes()
    lan.sees("Dạ mai 8 giờ chị ạ")


async def test_a_stranger_is_answered_and_still_becomes_a_lead(company: Company) -> None:
    owner, _, _ = await a_company(company)
    await owner.says(f"/faq Mấy giờ mở cửa? / {HOURS}")
    stranger = company.meets("Hải Yến")
    await stranger.says("mấy giờ mở cửa ạ")
    stranger.sees(HOURS, "Gặp nhân viên", "Nội thất An Nhiên")


async def test_what_is_not_sure_goes_to_the_rep_and_is_counted_until_somebody_answers_it(company: Company) -> None:
    owner, rep, lan = await a_company(company)
    await owner.says(f"/faq Mấy giờ mở cửa? / {HOURS}")
    yen = company.meets("Hải Yến")
    await yen.says("Có ship Đà Nẵng không ạ?")
    await lan.says("có ship đà nẵng ko")
    await lan.says("cảm ơn em")
    lan.does_not_see("Gặp nhân viên")
    await company.delivers_pushes()
    rep.sees("có ship đà nẵng ko", "cảm ơn em")

    await owner.says("/faq")
    owner.sees("1 câu chưa có trả lời")
    await owner.taps("chưa có trả lời")
    owner.sees("2× Có ship Đà Nẵng không ạ?")
    await owner.taps("Có ship Đà Nẵng")
    owner.sees("Khách đã hỏi 2 lần")
    await owner.says("Dạ có, phí 50k ạ")
    owner.sees("Đã lưu", "Gửi cho 2 khách đã hỏi")
    lan.fresh, yen.fresh = [], []
    await owner.taps("Gửi cho 2 khách")
    owner.sees("Đã gửi cho 2 khách")
    assert "Gửi cho" not in " ".join(owner.buttons())
    await company.delivers_pushes()
    lan.sees("Dạ có, phí 50k ạ")
    yen.sees("Dạ có, phí 50k ạ")
    await owner.says("/faq")
    owner.does_not_see("chưa có trả lời")
    await lan.says("ship đà nẵng được không em")
    lan.sees("phí 50k")


async def test_a_question_that_needs_no_answer_leaves_the_list(company: Company) -> None:
    owner, _, lan = await a_company(company)
    await lan.says("Em có người yêu chưa?")
    await owner.says("/faq")
    await owner.taps("chưa có trả lời")
    await owner.taps("người yêu")
    await owner.taps("Không cần trả lời")
    owner.sees("Câu nào cũng đã có trả lời")


async def test_the_list_is_kept_step_by_step(company: Company) -> None:
    owner, _, lan = await a_company(company)
    await owner.says("/faq")
    owner.sees("Chưa có câu nào")
    await owner.taps("Thêm")
    await owner.says("Bảo hành bao lâu?")
    owner.sees("Em trả lời câu Bảo hành bao lâu? thế nào")
    await owner.says("Dạ 24 tháng, gọi chị Lan 0912 345 678 ạ")
    owner.sees("Đã lưu", "gọi chị Lan 0912 345 678")
    await owner.taps("Sửa")
    await owner.says("Dạ 36 tháng ạ")
    owner.sees("Đã lưu", "Dạ 36 tháng ạ", "tiếng Việt")
    await owner.taps("Đây là tiếng Anh")
    owner.sees("khách viết tiếng Anh")
    await owner.says("/faq")
    await owner.taps("Hỏi thử")
    await owner.says("bao hanh bao lau")
    owner.sees("Em sẽ trả lời", "Dạ 36 tháng ạ")
    await owner.taps("Thử câu khác")
    await owner.says("bảo hành bao nhiêu tiền")
    owner.sees("chưa chắc", "Câu gần nhất", "Bảo hành bao lâu?")
    await owner.taps("Bảo hành bao lâu?")
    await owner.taps("Xóa")
    await owner.taps("Giữ lại")
    await owner.taps("Xóa")
    await owner.taps("Xóa")
    owner.sees("Đã xóa", "Chưa có câu nào")
    await lan.says("bảo hành bao lâu")
    lan.does_not_see("36 tháng")


async def test_what_is_too_long_or_empty_is_asked_for_again(company: Company) -> None:
    owner, _, _ = await a_company(company)
    await owner.says("/faq " + "dài " * 100)
    owner.sees("Dài quá")
    await owner.says("Mấy giờ mở cửa?")
    await owner.says("a" * 1600)
    owner.sees("Dài quá")
    await owner.says(HOURS)
    owner.sees("Đã lưu")


async def test_the_list_is_for_those_who_lead(company: Company) -> None:
    owner, rep, _ = await a_company(company)
    await owner.says(f"/faq Mấy giờ mở cửa? / {HOURS}")
    await rep.says("/faq")
    rep.does_not_see("Mấy giờ")
    for data in ("faq:0", "faq.open:1", "faq.drop:1", "faq.edit:1", "faq.send:1", "faq.missed:0", "faq.new", "faq.try"):
        await rep.taps_old("x:1", data)
        rep.does_not_see("Mấy giờ", HOURS)
    await owner.says("/faq")
    owner.sees("Mấy giờ mở cửa?")


@pytest.mark.parametrize("data", ["g.person:1", "g.person:2", "g.person:99", "g.person:²", "g.person", "g.person:1:1"])
async def test_a_forged_question_is_nobodys(company: Company, data: str) -> None:
    _, rep, lan = await a_company(company)
    await rep.says("KH000001 chị Lan rất khó tính")
    rep.fresh = []
    stranger = company.meets("Người lạ")
    for person in (lan, stranger):
        await person.taps_old("x:1", data)
        person.never_saw("khó tính", "hệ thống vừa trục trặc")
    await company.delivers_pushes()
    rep.does_not_see("💬 chị Lan")


async def test_a_tap_on_a_person_much_later_still_reaches_the_rep(company: Company) -> None:
    owner, rep, lan = await a_company(company)
    await owner.says(f"/faq Mấy giờ mở cửa? / {HOURS}")
    await lan.says("mấy giờ mở cửa")
    await company.waits(timedelta(days=3))
    await lan.taps("Gặp nhân viên")
    await company.delivers_pushes()
    rep.sees("💬 chị Lan (KH000001): mấy giờ mở cửa")
