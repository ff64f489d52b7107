"""PRODUCT section 9: bad input gets a clear sentence, and nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bot.messages import Choice, Reply, clean
from tests.chat import Company


async def test_markup_in_a_name_is_stored_as_typed_and_shown_escaped(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("/khach")
    await rep.says("<b>Bùi & Con</b>")
    await rep.says("0912 345 678")
    await rep.taps("Không rõ nguồn")
    await rep.says("0912 345 678")
    rep.sees("<b>Bùi & Con</b>")
    assert "&lt;b&gt;Bùi &amp; Con&lt;/b&gt;" in str(rep.fresh[-1].reply.text)


async def test_a_name_on_a_button_reads_as_it_was_typed(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.shares_contact("<b>Bùi & Con</b>", "0912345678")
    await rep.says("trời hôm nay đẹp quá đi thôi")
    assert "📝 Ghi chú cho <b>Bùi & Con</b>" in rep.buttons()


async def test_a_note_may_hold_a_less_than_sign(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678")
    await rep.says("chị Lan chỉ mua nếu giá < 5tr & có bảo hành")
    rep.sees("giá < 5tr & có bảo hành")


async def test_a_note_of_6000_characters_is_kept_whole(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678")
    long = "chị Lan kể rằng " + "nhà có ba tầng và hai bé. " * 240 + "HẾT."
    await rep.says(f"/ghichu {long}")
    rep.sees("Đã lưu ghi chú")
    await rep.taps("Mở khách")
    await rep.taps("Lịch sử")
    await rep.taps("📄")
    assert long in rep.reads()


@pytest.mark.parametrize(("said", "complaint"), [("31/2", "Không có ngày 31/2"), ("25h mai", "Không có giờ 25h")])
async def test_an_impossible_date_is_asked_again_and_the_rest_is_saved(
    company: Company, said: str, complaint: str
) -> None:
    rep = await company.hires("Minh")
    await rep.says(f"Khách mới chị Lan 0912 345 678, nóng, {said} gọi lại")
    rep.sees("Đã lưu khách mới", "Mức độ: nóng", complaint, "ví dụ")
    await rep.says("15/12")
    rep.sees("Đã hẹn", "T3 15/12/2026")


async def test_a_sale_without_an_amount_is_asked_once_and_the_checklist_starts(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678")
    await rep.says("/ban chị Lan gói Pro")
    rep.sees("Đã lưu đơn", "Đơn này bao nhiêu tiền", "chưa rõ số tiền", "T5 26/11")
    await rep.says("12tr5")
    rep.sees("Đã lưu số tiền", "12.500.000 ₫")


async def test_the_amount_of_a_sale_may_stay_open(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678")
    await rep.says("/ban chị Lan gói Pro")
    await rep.taps("Chưa rõ")
    rep.sees("chưa rõ số tiền")
    await rep.says("chị Lan khen máy êm")
    rep.sees("Đã lưu lời khen")


async def test_an_absurd_amount_is_asked_to_be_confirmed(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678")
    await rep.says("c Lan chốt gói Pro 900 tỷ")
    rep.sees("lớn bất thường")
    await rep.taps("Đúng, 900.000.000.000 ₫")
    rep.sees("900.000.000.000 ₫")
    await rep.says("KH1")
    rep.sees("900.000.000.000 ₫")


async def test_a_phone_that_is_none_stays_in_the_note_and_is_said(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345, FB")
    rep.sees("Đã lưu khách mới", "0912 345 không phải số điện thoại")


async def test_a_double_tap_does_nothing_twice(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("chị Thu thích màu trắng")
    ref, data = rep.fresh[-1].ref, rep.data_of("Tạo khách mới")
    await rep.taps_old(ref, data)
    await rep.taps_old(ref, data)
    rep.sees("Nút này đã cũ")
    await rep.says("/tim thu")
    rep.sees("KH000001")
    rep.does_not_see("KH000002")


async def test_the_same_update_twice_is_done_once(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678", update_id="77")
    await rep.says("Khách mới chị Lan 0912 345 678", update_id="77")
    assert rep.reads() == ""
    await rep.says("/tim lan")
    rep.does_not_see("KH000002")


async def test_an_unknown_command_says_what_to_do(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("/xyz")
    rep.sees("/trogiup")


async def test_a_failing_turn_apologises_and_saves_nothing(company: Company, caplog: pytest.LogCaptureFixture) -> None:
    """A choice whose handler meets what nobody foresaw: here, a number of files page that storage cannot read."""
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678")
    await rep.taps_old("1001:1", "timeline:1:99999999999999")
    rep.sees("Nút này đã cũ")


@given(st.text())
def test_cleaned_text_can_be_stored_everywhere(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned
    assert clean(cleaned) == cleaned


@given(st.text(), st.text(max_size=20))
def test_a_reply_survives_the_outbox(text: str, label: str) -> None:
    reply = Reply(
        Markup("<b>{}</b>").format(text), ((Choice(label, "x:1"), Choice(label, copy=text)),), replaces=True, toast=text
    )
    assert Reply.from_record(reply.to_record()) == reply
