"""Messages as hurried reps write them, and what they become in the chat."""

import pytest

from bot.domain.people import Role
from tests.chat import Company


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("chị Hoa giá < 5tr", ("Đã lưu ghi chú", "giá < 5tr")),
        ("chị Hoa chốt tủ", ("Đã lưu đơn", "Đơn này bao nhiêu tiền")),
        ("c hoa doi hang, nem bi lun", ("Đã lưu phàn nàn",)),
        ("mốt gọi chị Hoa gửi báo giá", ("Đã hẹn", "T4 25/11/2026", "gửi báo giá")),
        ("hoa k nghe may, chieu goi lai", ("Đã lưu ghi chú", "T2 23/11/2026")),
        ("c Hoa mua goi Pro 12.5", ("Đúng, 12.500.000 ₫", "Đúng, 12.500 ₫")),
    ],
)
async def test_one_message_about_somebody_known(company: Company, said: str, seen: tuple[str, ...]) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Hoa 0908 111 222 hỏi tủ")
    await rep.says(said)
    rep.sees("KH000001", *seen)


async def test_a_name_full_of_markup_is_the_name_as_typed(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới <b>Bùi & Con</b> 0912 345 678")
    rep.sees("Đã lưu khách mới", "<b>Bùi & Con</b>", "0912 345 678")


async def test_a_list_on_one_line_is_several_customers(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("a Phúc, 0909123456; chị Mỹ 0909123457; cô Tám 0909123458")
    rep.sees("Em thấy 3 khách", "anh Phúc", "chị Mỹ", "cô Tám")


async def test_the_product_of_the_form_is_kept(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Hoa 0908 111 222")
    await rep.taps("Mở khách")
    await rep.taps("Chốt đơn")
    await rep.says("gói Pro 12tr5")
    rep.sees("gói Pro · 12.500.000 ₫")


async def test_a_known_customers_new_number_makes_no_second_customer(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("a vu q12 0908777123 fb, nong")
    await rep.says("dt moi cua a vu 0944 333 222")
    rep.sees("Ý anh/chị là anh Vu nào", "•••123", "Tạo khách mới")
    await rep.taps("•••123")
    rep.sees("KH000001", "Thêm số: 0944 333 222")
    await rep.says("khach moi a vu 0955 333 222")
    rep.sees("Đã lưu khách mới", "KH000002")


async def test_a_contact_that_is_told_of_counts_as_one(company: Company) -> None:
    rep, boss = await company.hires("Minh"), await company.hires("Hạnh", Role.OWNER)
    await rep.says("Khách mới chị Lan 0912 345 678")
    await boss.says("/tuan")
    boss.sees("1 khách mới chưa ai liên hệ")
    await rep.says("đã gọi chị Lan, chị ấy cân nhắc thêm")
    await boss.says("/tuan")
    boss.does_not_see("chưa ai liên hệ")
    await rep.taps("Mở khách")
    rep.sees("Gọi: đã gọi chị Lan")
