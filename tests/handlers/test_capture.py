"""One message, no taps: what a rep types becomes entries, and is asked only where a guess would be wrong."""

from tests.chat import Company

LAN = "Khách mới chị Lan 0912 345 678, FB, quan tâm gói Pro, nóng. T6 gọi lại"


async def test_a_new_customer_in_one_message(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says(LAN)
    rep.sees(
        "Đã lưu khách mới",
        "chị Lan",
        "KH000001",
        "0912 345 678",
        "Nguồn: Facebook",
        "Mức độ: nóng",
        "Quan tâm: gói Pro",
    )
    rep.sees("T6 27/11/2026: gọi lại", "Hoàn tác", "Sửa", "Mở khách")


async def test_a_sale_starts_the_checklist_at_once(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says(LAN)
    await rep.says("c Lan chốt gói Pro 12tr5")
    rep.sees(
        "Đã lưu đơn", "gói Pro · 12.500.000 ₫", "Gọi hỏi khách đã dùng chưa · T5 26/11", "hướng dẫn sử dụng · hôm nay"
    )
    await rep.says("KH0001")
    rep.sees("Đã mua: 1 đơn · 12.500.000 ₫", "Bước: chốt")


async def test_a_note_with_a_clock_time_is_a_note_and_a_reminder(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới anh Minh 0903 111 222")
    await rep.says("a Minh ok báo giá, 9h sáng mai gọi lại")
    rep.sees("Đã lưu ghi chú", "ok báo giá", "T3 24/11/2026 09:00: gọi lại")


async def test_a_complaint_is_feedback(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Hoa 0903 111 222")
    await rep.says("chị Hoa phàn nàn giao trễ 2 ngày")
    rep.sees("Đã lưu phàn nàn", "giao trễ 2 ngày")
    await rep.taps("Mở khách")
    rep.sees("Phản hồi (phàn nàn)")


async def test_a_known_phone_is_that_customer(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says(LAN)
    await rep.says("84912345678 đã nhận mẫu, mai gọi lại")
    rep.sees("Đã lưu ghi chú", "KH000001")
    await rep.says("lan")
    rep.sees("KH000001")


async def test_an_unknown_name_is_asked_with_the_text_kept(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("chị Thu thích màu trắng, mai gọi lại")
    rep.sees("chưa có khách tên chị Thu", "thích màu trắng")
    await rep.taps("Tạo khách mới")
    rep.sees("chị Thu", "KH000001", "T3 24/11/2026")
    await rep.says("thu")
    rep.sees("thích màu trắng")


async def test_two_customers_of_one_name_are_asked_with_one_tap(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678")
    await rep.says("Khách mới chị Lan 0987 654 321")
    await rep.says("c Lan chốt gói Pro 12tr5")
    rep.sees("Ý anh/chị là chị Lan nào", "•••678", "•••321")
    await rep.taps("•••321")
    rep.sees("KH000002", "12.500.000 ₫")
    await rep.says("KH1")
    rep.does_not_see("12.500.000")


async def test_the_answer_to_whose_can_be_typed(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678")
    await rep.says("Khách mới anh Tuấn 0987 654 321")
    await rep.says("thích màu xanh, mai gửi mẫu")
    await rep.says("tuấn")
    rep.sees("KH000002", "màu xanh")


async def test_a_bare_phone_code_or_name_opens_the_card(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Nguyễn Thị Hồng Lan 0912 345 678")
    for typed in ("0912.345.678", "+84 912 345 678", "KH0001", "kh 1", "hồng lan", "chị Lan", "nguyen thi hong lan"):
        await rep.says(typed)
        rep.sees("KH000001", "0912 345 678")


async def test_an_unknown_bare_phone_offers_a_new_customer(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("0912 345 678")
    rep.sees("chưa có khách nào dùng số 0912 345 678")
    await rep.taps("Tạo khách mới")
    await rep.says("chị Lan")
    rep.sees("chị Lan", "0912 345 678")


async def test_several_customers_are_shown_before_they_are_saved(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("chị Lan 0912 345 678 ấm\nanh Tuấn 0987 654 321 nóng\ncô Hoa 0903 111 222")
    rep.sees("Em thấy 3 khách", "chị Lan", "anh Tuấn", "cô Hoa")
    await rep.taps("Lưu cả 3")
    rep.sees("Đã lưu 3 khách mới")
    await rep.taps("Hoàn tác")
    await rep.says("/tim tuấn")
    rep.sees("không thấy ai")


async def test_what_was_not_understood_is_kept_and_offered_as_a_note(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678")
    await rep.says("trời mưa to quá hôm nay khỏi đi gặp ai")
    rep.sees("chưa biết lưu tin này vào đâu", "trời mưa to quá")
    await rep.taps("Ghi chú cho chị Lan")
    rep.sees("Đã lưu ghi chú", "trời mưa")


async def test_a_shared_contact_is_a_new_customer(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.shares_contact("Chị Lan gội đầu", "0912345678")
    rep.sees("Đã lưu khách mới", "0912 345 678")
    await rep.shares_contact("Lan", "+84912345678")
    rep.sees("KH000001")
    rep.does_not_see("Đã lưu")


async def test_a_file_goes_to_the_customer_who_is_tapped(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678")
    await rep.sends_file("hop-dong.pdf", "document")
    rep.sees("Tin này về khách nào")
    await rep.taps("chị Lan")
    rep.sees("Đã lưu vào hồ sơ chị Lan")
    await rep.taps("Mở khách")
    await rep.taps("Thêm")
    await rep.taps("Tệp")
    rep.sees("1 tệp", "hop-dong.pdf")
    await rep.taps("hop-dong.pdf")
    assert rep.fresh[-1].reply.stored_file is not None
    assert rep.fresh[-1].reply.stored_file.file_id == "file-hop-dong.pdf"


async def test_a_forwarded_message_is_filed_with_its_sender(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678")
    await rep.says("Khách mới anh Tuấn 0987 654 321")
    await rep.says("Em ơi chị đi công tác, tuần sau gặp nhé", forwarded_from="Lan")
    await rep.taps("chị Lan")
    rep.sees("KH000001", "công tác")


async def test_somebody_elses_customer_is_not_created_silently(company: Company) -> None:
    minh, trang = await company.hires("Minh"), await company.hires("Trang")
    await minh.says("Khách mới chị Lan 0912 345 678, nóng")
    await trang.says("Khách mới chị Lan 0912 345 678")
    trang.sees("có thể bị trùng", "khách của Minh")
    trang.does_not_see("nóng", "KH000001")
    await trang.taps("Vẫn tạo")
    trang.sees("KH000002")
    await company.delivers_pushes()
    minh.sees("Trang vừa lưu một khách có số 0912 345 678")


async def test_interest_is_suggested_and_never_set_silently(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678, ấm")
    await rep.says("chị Lan xin báo giá gói Pro")
    rep.sees("Chuyển sang nóng")
    await rep.says("KH1")
    rep.sees("Mức độ: ấm")


async def test_an_english_speaking_rep_gets_english(company: Company) -> None:
    rep = await company.hires("John", locale="en")
    await rep.says("New lead: Mr John Smith, +84 901 234 567, from Facebook, hot, call back tomorrow")
    rep.sees("New customer saved", "Source: Facebook", "Heat: hot", "Tue 24/11/2026")
