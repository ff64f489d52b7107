"""A question waits, but people write on: whatever is typed then is saved, and with the right person."""

import pytest

from tests.chat import Company, Person

HOA = "Khách mới chị Hoa 0908 111 222 hỏi tủ"
TUAN = "Khách mới anh Tuấn 0903 222 333 hỏi bàn"


async def a_rep(company: Company) -> Person:
    rep = await company.hires("Minh")
    await rep.says(HOA)
    await rep.says(TUAN)
    return rep


async def opens(rep: Person, question: str) -> None:
    """Bring the rep to where this question waits, about chị Hoa."""
    if question == "amount":
        await rep.says("/ban chị Hoa cái tủ")
        rep.sees("bao nhiêu tiền")
        return
    if question == "whose":
        await rep.says("chị Thảo nói giá cao quá, để xem đã")
        rep.sees("chưa có khách tên chị Thảo")
        return
    if question == "when":
        await rep.says("chị Hoa hẹn gọi lại 31/2")
        rep.sees("Không có ngày 31/2")
        return
    if question == "new":
        await rep.says("/khach")
        return
    await rep.says("KH1")
    if question == "edit":
        await rep.taps("Thêm")
        await rep.taps("Sửa")
        await rep.taps("Tên")
        return
    await rep.taps({"note": "Ghi chú", "sale": "Chốt đơn", "followup": "Hẹn"}[question])


QUESTIONS = ["amount", "whose", "when", "new", "edit", "note", "sale", "followup"]


@pytest.mark.parametrize("question", QUESTIONS)
async def test_a_sale_to_another_customer_is_that_customers(company: Company, question: str) -> None:
    rep = await a_rep(company)
    await opens(rep, question)
    await rep.says("anh Tuấn mua bàn 5tr")
    rep.sees("Đã lưu đơn", "KH000002", "5.000.000 ₫")
    await rep.says("KH1")
    rep.does_not_see("5.000.000", "anh Tuấn")


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q != "new"])
async def test_a_new_lead_is_a_new_lead(company: Company, question: str) -> None:
    rep = await a_rep(company)
    await opens(rep, question)
    await rep.says("Khách mới chị Lan 0912 345 678, FB, nóng. T6 gọi lại")
    rep.sees("Đã lưu khách mới", "chị Lan", "0912 345 678", "T6 27/11/2026")
    await rep.says("KH1")
    rep.does_not_see("nóng", "T6 27/11")


@pytest.mark.parametrize("question", QUESTIONS)
async def test_what_was_asked_about_may_be_gone(company: Company, question: str) -> None:
    """Undo in the middle of a form must not lock the chat."""
    rep = await a_rep(company)
    await opens(rep, question)
    for _ in range(4):
        await rep.says("/hoantac")
    await rep.says("Khách mới chị Lan 0912 345 678")
    rep.sees("chị Lan", "0912 345 678")
    await rep.says("0912 345 678")
    rep.sees("chị Lan")


@pytest.mark.parametrize("question", QUESTIONS)
async def test_never_mind_is_no_name_and_no_note(company: Company, question: str) -> None:
    rep = await a_rep(company)
    await opens(rep, question)
    await rep.says("thôi")
    rep.sees("Vâng, em bỏ qua")
    await rep.says("chị Hoa thích màu trắng")
    rep.sees("Đã lưu ghi chú", "thích màu trắng")


@pytest.mark.parametrize("question", ["amount", "whose", "when", "note", "sale", "followup"])
async def test_forwarded_words_answer_no_question(company: Company, question: str) -> None:
    rep = await a_rep(company)
    await opens(rep, question)
    await rep.says("bên em báo tủ 3tr được không", forwarded_from="Hoa")
    rep.sees("Tin này về khách nào", "bên em báo tủ 3tr")
    await rep.taps("chị Hoa")
    rep.sees("Đã lưu ghi chú")
    rep.does_not_see("Đã lưu đơn")


async def test_a_name_that_is_only_alike_is_offered_and_never_taken(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Nguyễn Thị Hồng 0908 111 222")
    await rep.says("Khách mới anh Hồng Phúc 0903 222 333")
    await rep.says("chị Thảo chốt 5tr")
    await rep.says("hồn")
    rep.does_not_see("Đã lưu đơn")
    rep.sees("Tạo khách mới")


async def test_the_amount_may_be_said_politely(company: Company) -> None:
    rep = await a_rep(company)
    await opens(rep, "amount")
    await rep.says("khoảng 12tr5 nhé em")
    rep.sees("Đã lưu số tiền", "12.500.000 ₫")


async def test_a_bare_number_is_asked_what_it_counts(company: Company) -> None:
    rep = await a_rep(company)
    await opens(rep, "amount")
    await rep.says("12")
    rep.sees("Đúng, 12.000 ₫", "Đúng, 12.000.000 ₫")
    await rep.taps("12.000.000 ₫")
    rep.sees("Đã lưu số tiền", "12.000.000 ₫")


async def test_a_note_about_the_same_customer_is_no_amount(company: Company) -> None:
    rep = await a_rep(company)
    await opens(rep, "amount")
    await rep.says("chị Hoa xin bớt 500k, mai chốt lại")
    rep.does_not_see("Đã lưu số tiền")
    await rep.says("KH1")
    rep.sees("xin bớt 500k")


async def test_a_draft_keeps_the_day_on_which_it_was_sent(company: Company) -> None:
    from datetime import timedelta

    rep = await a_rep(company)
    await rep.says("chị Thảo mai 9h gọi lại")
    data, ref = rep.data_of("Tạo khách mới"), rep.fresh[-1].ref
    await company.waits(timedelta(hours=14))
    await rep.taps_old(ref, data)
    rep.sees("T3 24/11/2026 09:00")


async def test_a_referred_friends_number_is_not_the_customers(company: Company) -> None:
    rep = await a_rep(company)
    await rep.says("chị Hoa khen máy tốt, giới thiệu chị Bích 0911 444 555")
    rep.sees("Số 0911 444 555 em để trong ghi chú")
    await rep.says("KH1")
    rep.sees("☎️ 0908 111 222")


@pytest.mark.parametrize(
    ("typed", "seen"), [("hoàn tác", "Đã hoàn tác"), ("help", "Các lệnh"), ("ok", "🙂"), ("cảm ơn em", "🙂")]
)
async def test_words_that_are_commands_or_manners(company: Company, typed: str, seen: str) -> None:
    rep = await a_rep(company)
    await rep.says(typed)
    rep.sees(seen)
