"""The short forms: guided new customer, note, follow-up, sale, settings, undo; a restart in the middle loses nothing."""

from datetime import timedelta

from tests.chat import Company


async def test_the_guided_new_customer(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("/khach")
    rep.sees("Khách tên gì")
    await rep.says("chị Lan")
    rep.sees("Số điện thoại của chị Lan")
    await rep.says("không nhớ")
    rep.sees("chưa phải số điện thoại")
    await rep.says("0912.345.678")
    rep.sees("biết mình từ đâu")
    await rep.taps("Zalo")
    rep.sees("Đã lưu khách mới", "chị Lan", "0912 345 678", "Nguồn: Zalo")


async def test_a_form_survives_a_restart(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("/khach")
    await rep.says("chị Lan")
    after = Company(company.store)
    after.update_ids = company.update_ids
    rep.company = after
    after.people = company.people
    await rep.says("0912 345 678")
    rep.sees("biết mình từ đâu")


async def test_a_form_can_be_left(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("/khach")
    await rep.says("/huy")
    rep.sees("Đã bỏ")
    await rep.says("/huy")
    rep.sees("Không có gì đang nhập dở")


async def test_everything_in_the_first_answer_is_taken_whole(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("/customer")
    await rep.says("chị Lan 0912 345 678, FB, nóng. T6 gọi lại")
    rep.sees("Đã lưu khách mới", "Nguồn: Facebook", "Mức độ: nóng", "T6 27/11/2026")


async def test_a_note_by_its_button(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678")
    await rep.says("/ghichu")
    await rep.taps("chị Lan")
    await rep.says("anh Hùng chồng chị thích màu xanh, mai gửi mẫu")
    rep.sees("Đã lưu ghi chú", "KH000001", "T3 24/11/2026")


async def test_a_follow_up_by_its_button(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678")
    await rep.taps("Hẹn")
    rep.sees("Khi nào em nhắc")
    await rep.taps("3 ngày")
    rep.sees("Đã hẹn", "T5 26/11/2026")
    await rep.says("/nhac")
    await rep.taps("chị Lan")
    await rep.says("hôm nào rảnh")
    rep.sees("chưa thấy ngày nào")
    await rep.says("9h sáng mai gửi báo giá")
    rep.sees("T3 24/11/2026 09:00: gửi báo giá")


async def test_a_new_message_instead_of_an_answer_is_taken_as_one(company: Company) -> None:
    """The date of another customer's message must not become the answer to this one's question."""
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678")
    await rep.says("Khách mới anh Tuấn 0987 654 321")
    await rep.says("chị Lan thích màu trắng, 31/2 gọi lại")
    await rep.says("anh Tuấn bận họp, mai gọi lại")
    rep.sees("KH000002", "T3 24/11/2026")
    await rep.says("KH1")
    rep.sees("Chưa có việc tiếp theo")


async def test_a_sale_by_its_button(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678")
    await rep.says("/sale")
    await rep.taps("chị Lan")
    await rep.says("2 hộp kem 500k")
    rep.sees("Đã lưu đơn", "500.000 ₫")


async def test_undo_takes_back_the_whole_message(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678. T6 gọi lại")
    await rep.says("c Lan chốt gói Pro 12tr5")
    await rep.taps("Hoàn tác")
    rep.sees("Đã hoàn tác")
    await rep.says("KH1")
    rep.does_not_see("12.500.000", "chốt đơn")
    rep.sees("T6 27/11/2026: gọi lại")
    rep.does_not_see("Bước: chốt")
    await rep.says("/hoantac")
    await rep.says("KH1")
    rep.sees("không có khách này")
    await rep.says("/hoantac")
    rep.sees("không có gì để hoàn tác")


async def test_undo_is_refused_when_later_entries_build_on_it(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678")
    data = rep.data_of("Hoàn tác")
    await rep.says("chị Lan thích màu trắng")
    await rep.taps_old("x", data)
    rep.sees("không hoàn tác được nữa")
    await rep.says("KH1")
    rep.sees("thích màu trắng")


async def test_undo_works_for_a_day(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678")
    await company.waits(timedelta(hours=25))
    await rep.says("/hoantac")
    rep.sees("không có gì để hoàn tác")


async def test_settings_are_changed_in_place(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("/caidat")
    rep.sees("Tiếng Việt", "Danh sách buổi sáng: 08:00", "21:00 đến 07:00", "CN")
    await rep.taps("English")
    rep.sees("Settings", "Morning list: 08:00")
    await rep.taps("Tiếng Việt")
    await rep.taps("Giờ nhắc sáng")
    await rep.says("7h15")
    rep.sees("Danh sách buổi sáng: 07:15")
    await rep.taps("Im lặng đến")
    await rep.says("25h")
    rep.sees("chưa thấy giờ nào")
    await rep.says("6h")
    rep.sees("21:00 đến 06:00")
    await rep.taps("Múi giờ")
    await rep.says("tokyo")
    rep.sees("Múi giờ: Tokyo")
    await rep.taps("Múi giờ")
    await rep.says("Sài Gòn")
    rep.sees("Múi giờ: Việt Nam")
    await rep.taps("Ngày nghỉ")
    await rep.taps("T7")
    await rep.taps("Cài đặt")
    rep.sees("T7, CN")


async def test_both_names_of_a_command_work_in_both_languages(company: Company) -> None:
    for locale in ("vi", "en"):
        rep = await company.hires("Minh", locale=locale)
        for vi, en in (
            ("/homnay", "/today"),
            ("/lich", "/agenda"),
            ("/caidat", "/settings"),
            ("/trogiup", "/help"),
            ("/tim", "/find"),
        ):
            await rep.says(vi)
            seen = rep.reads()
            await rep.says(en)
            assert rep.reads() == seen
