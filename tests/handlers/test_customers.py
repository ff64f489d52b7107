"""The card: timeline, edits, search; and who may see it."""

from datetime import timedelta

from bot.domain.people import Role
from tests.chat import Company


async def test_the_card_is_edited_in_place(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678")
    await rep.says("Lan")
    shown = len(rep.screen)
    await rep.taps("Bước")
    await rep.taps("báo giá")
    rep.sees("Đã sửa · Bước: báo giá", "Hoàn tác")
    await rep.taps("Thêm")
    await rep.taps("Mức độ")
    await rep.taps("nóng")
    rep.sees("Mức độ: nóng")
    await rep.taps("Lịch sử")
    rep.sees("Thay đổi: Bước: báo giá")
    await rep.taps("Thẻ khách")
    assert len(rep.screen) == shown


async def test_a_long_timeline_is_paged(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678")
    for number in range(8):
        await rep.says(f"/ghichu chị Lan ghi lần {number}")
        await company.waits(timedelta(minutes=1))
    await rep.says("KH1")
    await rep.taps("Lịch sử")
    rep.sees("ghi lần 7", "1/2")
    rep.does_not_see("ghi lần 0")
    await rep.taps("›")
    rep.sees("ghi lần 0", "2/2")
    rep.does_not_see("ghi lần 7")


async def test_every_field_can_be_edited(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678")
    for field, value, seen in (
        ("Tên", "chị Ngọc Lan", "chị Ngọc Lan"),
        ("Số điện thoại", "0987 654 321", "0987 654 321"),
        ("Công ty", "cty An Phát", "Công ty: cty An Phát"),
        ("Email", "lan@anphat.vn", "Email: lan@anphat.vn"),
        ("Quan tâm", "gói Pro", "Quan tâm: gói Pro"),
        ("Người giới thiệu", "anh Hùng", "Người giới thiệu: anh Hùng"),
    ):
        await rep.says("KH1")
        await rep.taps("Thêm")
        await rep.taps("Sửa")
        await rep.taps(field)
        await rep.says(value)
        rep.sees("Đã sửa", seen)


async def test_a_wrong_new_phone_is_asked_again(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678")
    await rep.taps("Sửa")
    await rep.taps("Số điện thoại")
    await rep.says("chưa có đâu")
    rep.sees("chưa đọc được", "0912 345 678")
    await rep.says("0987654321")
    rep.sees("0987 654 321")


async def test_search_forgives_marks_and_typos(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Nguyễn Thị Hằng 0912 345 678")
    await rep.says("Khách mới anh Tuấn 0987 654 321")
    for typed in ("hang", "hằng", "nguyen hang", "hnag", "45678", "0912"):
        await rep.says(f"/tim {typed}")
        rep.sees("Nguyễn Thị Hằng")
    await rep.says("/tim")
    await rep.says("tuan")
    rep.sees("anh Tuấn")


async def test_search_results_are_paged_and_mask_the_phones(company: Company) -> None:
    rep = await company.hires("Minh")
    for number in range(10):
        await rep.says(f"Khách mới chị Lan {number + 1} 0912 345 67{number}")
    await rep.says("/tim lan")
    rep.sees("Có 10 khách", "1/2", "•••")
    rep.does_not_see("0912")
    await rep.taps("›")
    rep.sees("2/2")


async def test_a_rep_never_reaches_another_reps_customer(company: Company) -> None:
    minh, trang = await company.hires("Minh"), await company.hires("Trang")
    await minh.says("Khách mới chị Thoa 0912 345 678, nóng. T6 gọi lại")
    data = [choice.data for choice in minh.fresh[-1].choices]
    await minh.says("KH1")
    data += [choice.data for choice in minh.fresh[-1].choices]
    for forged in [
        *data,
        "customer.open:1",
        "edit:1",
        "timeline:1:0",
        "heat.set:1:hot",
        "sale.ask:1",
        "due.done:1",
        "due.open:1",
    ]:
        await trang.taps_old("x", forged)
    for typed in (
        "KH1",
        "KH000001",
        "thoa",
        "0912 345 678",
        "/tim thoa",
        "/tim 345678",
        "/homnay",
        "/lich",
        "/hoantac",
    ):
        await trang.says(typed)
    trang.never_saw("chị Thoa", "nóng", "T6 27/11", "•••678")


async def test_the_words_for_hidden_and_for_missing_are_the_same(company: Company) -> None:
    minh, trang = await company.hires("Minh"), await company.hires("Trang")
    await minh.says("Khách mới chị Lan 0912 345 678")
    await trang.says("KH1")
    hidden = trang.reads()
    await trang.says("KH999")
    assert trang.reads() == hidden


async def test_an_owner_sees_everybodys_customers_and_whose_they_are(company: Company) -> None:
    minh, owner = await company.hires("Minh"), await company.hires("Hạnh", Role.OWNER)
    await minh.says("Khách mới chị Lan 0912 345 678")
    await owner.says("lan")
    owner.sees("chị Lan", "Phụ trách: Minh")


async def test_somebody_who_is_not_on_the_team_sees_nothing(company: Company) -> None:
    minh = await company.hires("Minh")
    await minh.says("Khách mới chị Lan 0912 345 678, nóng")
    stranger = company.meets("Người lạ")
    for typed in (
        "/start",
        "lan",
        "KH1",
        "0912345678",
        "/homnay",
        "/tim lan",
        "/khach",
        "Khách mới anh Tuấn 0987 654 321",
    ):
        await stranger.says(typed)
        stranger.sees("đội bán hàng")
    for forged in ("customer.open:1", "undo:1", "timeline:1:0", "due.today"):
        await stranger.taps_old("x", forged)
    await stranger.shares_contact("Lan", "0912345678", own=True)
    stranger.never_saw("chị Lan", "KH0", "0912", "nóng")
    await minh.says("/tim tuấn")
    minh.sees("không thấy ai")


async def test_a_deactivated_member_is_a_stranger_with_the_next_message(company: Company) -> None:
    minh = await company.hires("Minh")
    await minh.says("Khách mới chị Lan 0912 345 678")
    async with company.store.begin() as uow:
        assert minh.member is not None
        await uow.members.update(minh.member, active=False)
        await uow.commit()
    await minh.says("KH1")
    minh.sees("đội bán hàng")
    minh.does_not_see("chị Lan")
