"""*Sửa*: what was understood is put right by one tap or one word, and the correction is remembered."""

from bot.domain.people import Role
from tests.chat import Company, Person

LAN = "Khách mới chị Lan 0912 345 678, FB, quan tâm gói Pro, nóng. T6 gọi lại"


async def with_lan(company: Company) -> Person:
    rep = await company.hires("Minh")
    await rep.says(LAN)
    return rep


async def test_each_field_by_one_word(company: Company) -> None:
    rep = await with_lan(company)
    card = rep.fresh[-1]
    sua = rep.data_of("Sửa")
    for word, seen in (
        ("0987 654 321", "0987 654 321"),
        ("ấm", "Mức độ: ấm"),
        ("zalo", "Nguồn: Zalo"),
        ("15/12", "T3 15/12/2026: gọi lại"),
        ("lan@anphat.vn", "Email: lan@anphat.vn"),
        ("chị Ngọc Lan", "chị Ngọc Lan"),
        ("gói Basic", "Quan tâm: gói Basic"),
    ):
        await rep.taps_old(card.ref, sua)
        rep.sees("gõ luôn cho đúng")
        await rep.says(word)
        rep.sees(seen, "Hoàn tác")


async def test_the_amount_and_product_of_a_sale(company: Company) -> None:
    rep = await with_lan(company)
    await rep.says("c Lan chốt gói P 12tr5")
    card, sua = rep.fresh[0], rep.data_of("Sửa")
    await rep.taps_old(card.ref, sua)
    await rep.taps("Số tiền")
    await rep.says("13tr")
    rep.sees("Đã lưu số tiền", "13.000.000 ₫")
    await rep.taps_old(card.ref, sua)
    await rep.says("13tr5")
    rep.sees("13.500.000 ₫")
    await rep.taps_old(card.ref, sua)
    await rep.taps("Sản phẩm")
    await rep.says("gói Premium")
    rep.sees("gói Premium · 13.500.000 ₫", "“gói P” là gói Premium")


async def test_a_corrected_product_is_understood_the_next_time_and_can_be_forgotten(company: Company) -> None:
    rep = await with_lan(company)
    await rep.says("c Lan chốt gói P 12tr5")
    await rep.taps("Sửa")
    await rep.taps("Sản phẩm")
    await rep.says("gói Premium")
    await rep.says("c Lan chốt gói P 3tr")
    rep.sees("gói Premium · 3.000.000 ₫")
    await rep.says("/caidat")
    await rep.taps("Từ riêng")
    rep.sees("“gói P” là gói Premium")
    await rep.taps("Quên “gói P”")
    rep.sees("Chưa có từ riêng nào")
    await rep.says("c Lan chốt gói P 2tr")
    rep.sees("gói P · 2.000.000 ₫")


async def test_what_a_rep_calls_a_customer_is_remembered(company: Company) -> None:
    rep = await with_lan(company)
    await rep.says("chị Mập thích màu trắng")
    rep.sees("chưa có khách tên chị Mập")
    await rep.says("Lan")
    rep.sees("Đã lưu ghi chú", "Từ giờ em hiểu “Mập” là Lan")
    await rep.says("chị Mập thích thêm màu xanh")
    rep.sees("Đã lưu ghi chú", "KH000001", "màu xanh")


async def test_a_reps_word_is_not_a_colleagues(company: Company) -> None:
    minh = await with_lan(company)
    trang = await company.hires("Trang")
    await minh.says("c Lan chốt gói P 12tr5")
    await minh.taps("Sửa")
    await minh.taps("Sản phẩm")
    await minh.says("gói Premium")
    word = minh.member
    assert word is not None
    await trang.says("/caidat")
    await trang.taps("Từ riêng")
    trang.sees("Chưa có từ riêng nào")
    await trang.taps_old("x", "settings.forget:1")
    trang.sees("không còn trong danh sách")
    await minh.says("c Lan chốt gói P 3tr")
    minh.sees("gói Premium · 3.000.000 ₫")


async def test_an_owners_word_is_the_companys(company: Company) -> None:
    owner, minh = await company.hires("Hạnh", Role.OWNER), await with_lan(company)
    await owner.says("Khách mới chị Hoa 0908 111 222")
    await owner.says("c Hoa chốt gói P 12tr5")
    await owner.taps("Sửa")
    await owner.taps("Sản phẩm")
    await owner.says("gói Premium")
    await minh.says("c Lan chốt gói P 3tr")
    minh.sees("gói Premium · 3.000.000 ₫")


async def test_a_note_with_the_wrong_customer_is_moved(company: Company) -> None:
    rep = await with_lan(company)
    await rep.says("Khách mới chị Hoa 0908 111 222")
    await rep.says("chị Lan thích màu trắng, mai gọi lại")
    await rep.taps("Sửa")
    await rep.taps("Khách khác")
    rep.sees("Tin này về khách nào", "thích màu trắng")
    await rep.taps("chị Hoa")
    rep.sees("Đã lưu ghi chú", "chị Hoa", "T3 24/11/2026")
    await rep.says("KH1")
    rep.does_not_see("thích màu trắng")


async def test_two_possible_days_are_one_tap(company: Company) -> None:
    rep = await with_lan(company)
    await rep.says("chị Lan nói t5 hoặc t7 gọi lại")
    rep.sees("Ý anh/chị là ngày nào", "T5 26/11/2026", "T7 28/11/2026")
    await rep.taps("T7 28/11/2026")
    rep.sees("Đã hẹn", "T7 28/11/2026")


async def test_a_correction_by_tap_ends_the_typing(company: Company) -> None:
    """What is typed after it opens a card; it must not rename the customer."""
    rep = await with_lan(company)
    await rep.says("Khách mới chị Hồng Nhung 0987 555 321")
    await rep.says("kh moi co Nga 0907111222 fb")
    await rep.taps("Sửa")
    await rep.taps("Mức độ")
    await rep.taps("nóng")
    await rep.says("hong nhung")
    rep.sees("KH000002", "chị Hồng Nhung")
    rep.does_not_see("Đã sửa")
    await rep.says("KH3")
    rep.sees("cô Nga")


async def test_turning_to_something_else_ends_the_typing(company: Company) -> None:
    rep = await with_lan(company)
    await rep.says("kh moi co Nga 0907111222 fb")
    for start in ("Sửa", "Ghi chú"):
        await rep.says("KH1")
        if start == "Sửa":
            await rep.taps("Thêm")
            await rep.taps("Sửa")
            await rep.taps("Tên")
        else:
            await rep.taps(start)
        await rep.says("/homnay")
        await rep.says("nga")
        rep.sees("KH000002", "cô Nga")
        rep.does_not_see("Đã sửa", "Đã lưu")


async def test_a_bare_name_while_sua_is_open_opens_the_card(company: Company) -> None:
    rep = await with_lan(company)
    await rep.says("kh moi co Nga 0907111222 fb")
    await rep.taps("Sửa")
    await rep.says("lan")
    rep.sees("KH000001")
    rep.does_not_see("Đã sửa")
    await rep.says("KH2")
    rep.does_not_see("Quan tâm: lan")


async def test_the_own_name_with_its_marks(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("kh moi chi Thuong 0907111222 fb")
    await rep.taps("Sửa")
    await rep.says("Thương")
    rep.sees("chị Thương", "Đã sửa · Tên: Thương")
