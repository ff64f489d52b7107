"""Tickets, from what a customer complains of to what they say once it is solved."""

from datetime import datetime, timedelta

import pytest

from bot.domain.people import Role
from bot.domain.tickets import TicketState, answer_due, solve_due
from tests.chat import MONDAY, Company, Person
from tests.handlers.test_audit import joins
from tests.handlers.work import knows, member_of

COMPLAINT = "chị Hoa phàn nàn giao trễ 2 ngày"


async def a_rep_and_hoa(company: Company, *, linked: bool = True) -> tuple[Person, Person]:
    """A rep and their customer, Ms Hoa, who is there on Telegram or not."""
    rep = await company.hires("Minh")
    customer = await knows(rep, "Hoa", phone="+84912345678")
    hoa = company.meets("Hoa Nguyễn")
    if linked:
        await company.links(hoa, customer)
    return rep, hoa


async def solves(rep: Person, solution: str = "đã giao lại và tặng phiếu quà", cost: str = "Không tốn") -> None:
    await rep.taps("Đã xử lý")
    await rep.says(solution)
    await rep.taps(cost)


# From a rep's note to the customer's word -------------------------------------------------------------------------------


async def test_a_complaint_in_a_note_is_solved_and_the_customer_says_that_it_is(company: Company) -> None:
    rep, hoa = await a_rep_and_hoa(company)
    await rep.says(COMPLAINT)
    rep.sees(
        "Đã lưu phàn nàn và mở phiếu hỗ trợ", "Phiếu P1", "T3 24/11/2026: Xử lý phàn nàn: chị Hoa phàn nàn giao trễ"
    )
    await rep.says("/phieu")
    rep.sees("1 phiếu đang mở", "👎 P1 · chị Hoa · hôm nay")
    await rep.taps("P1")
    rep.sees("P1 · 👎 phàn nàn", "giao trễ 2 ngày", "0912 345 678", "Mở lúc T2 23/11/2026 08:40")
    await solves(rep)
    rep.sees("Đã báo cho chị Hoa", "Đã xử lý T2 23/11/2026 08:40: đã giao lại và tặng phiếu quà", "Đã hỏi lại khách")
    await company.delivers_pushes()
    hoa.sees("việc chị phản ánh đã được xử lý: đã giao lại và tặng phiếu quà", "Nhờ chị xem giúp đã ổn chưa ạ?")
    await hoa.taps("Ổn rồi")
    hoa.sees("Cảm ơn chị đã cho biết")
    await company.delivers_pushes()
    rep.sees("Khách xác nhận phiếu P1 đã ổn")
    await rep.taps("Mở phiếu")
    rep.sees("Đã đóng T2 23/11/2026 08:40")
    await rep.says("/phieu")
    rep.sees("Không có phiếu nào đang mở")


async def test_the_follow_up_of_a_ticket_is_done_with_it(company: Company) -> None:
    rep, _ = await a_rep_and_hoa(company)
    await rep.says(COMPLAINT)
    await rep.says("/phieu")
    await rep.taps("P1")
    await solves(rep)
    await company.waits_until(datetime.fromisoformat("2026-11-24T09:00:00+07:00"))
    rep.does_not_see("Xử lý phàn nàn")
    await rep.says("/homnay")
    rep.does_not_see("Xử lý phàn nàn")


async def test_what_is_not_settled_is_open_again_and_the_rep_hears_it_at_once(company: Company) -> None:
    rep, hoa = await a_rep_and_hoa(company)
    await rep.says(COMPLAINT)
    await rep.says("/phieu")
    await rep.taps("P1")
    await solves(rep)
    await company.delivers_pushes()
    await hoa.taps("Chưa ổn")
    hoa.sees("Rất xin lỗi chị")
    await company.delivers_pushes()
    rep.sees("Khách cho biết phiếu P1 chưa ổn", "Phiếu đã mở lại")
    await rep.says("/phieu")
    rep.sees("👎 P1 · chị Hoa")
    await rep.says("/homnay")
    await rep.says("/lich")
    rep.sees("Xử lý phàn nàn")


async def test_a_customer_who_taps_twice_is_told_how_it_stands(company: Company) -> None:
    rep, hoa = await a_rep_and_hoa(company)
    await rep.says(COMPLAINT)
    await rep.says("/phieu")
    await rep.taps("P1")
    await solves(rep)
    await company.delivers_pushes()
    no = hoa.data_of("Chưa ổn")
    await hoa.taps("Ổn rồi")
    await hoa.taps_old("x:1", no)
    hoa.sees("Việc này đã xong")
    await rep.says("/phieu")
    rep.sees("Không có phiếu nào đang mở")


async def test_nobody_answers_for_another_customers_ticket(company: Company) -> None:
    rep, hoa = await a_rep_and_hoa(company)
    await rep.says(COMPLAINT)
    await rep.says("/phieu")
    await rep.taps("P1")
    await solves(rep)
    await company.delivers_pushes()
    other = company.meets("Người khác")
    await company.links(other, await knows(rep, "Lan", phone="+84977123456"))
    for person in (other, company.meets("Người lạ")):
        for data in (hoa.data_of("Ổn rồi"), "g.ticket:1:²", "g.ticket", "g.ticket:99:ok", "g.ticket:1:maybe"):
            await person.taps_old("x:1", data)
            person.does_not_see("giao", "P1", "trục trặc")
    async with company.store.read() as uow:
        assert (await uow.tickets.get(member_of(rep), 1)).state is TicketState.SOLVED


async def test_who_has_no_channel_is_told_by_the_rep_who_gets_the_text(company: Company) -> None:
    rep, _ = await a_rep_and_hoa(company, linked=False)
    await rep.says(COMPLAINT)
    await rep.says("/phieu")
    await rep.taps("P1")
    await solves(rep)
    rep.sees("Chưa nhắn trực tiếp cho chị Hoa được")
    await company.delivers_pushes()
    rep.sees("đã giao lại và tặng phiếu quà")
    await rep.says("/phieu")
    rep.sees("Không có phiếu nào đang mở")


async def test_an_answer_goes_to_the_customer_and_counts_as_the_first(company: Company) -> None:
    rep, hoa = await a_rep_and_hoa(company)
    await rep.says(COMPLAINT)
    await company.waits(timedelta(hours=1))
    await rep.says("/phieu")
    await rep.taps("P1")
    await rep.taps("Trả lời")
    await rep.says("Dạ em xin lỗi, sáng mai em giao ạ")
    rep.sees("Đã báo cho chị Hoa", "Trả lời lần đầu T2 23/11/2026 09:40")
    await company.delivers_pushes()
    hoa.sees("Minh\nDạ em xin lỗi, sáng mai em giao ạ")


async def test_a_call_and_a_reply_in_the_talk_are_answers_too(company: Company) -> None:
    rep, hoa = await a_rep_and_hoa(company)
    await rep.says(COMPLAINT)
    await company.waits_until(datetime.fromisoformat("2026-11-24T08:05:00+07:00"))
    await rep.says("/homnay")
    await rep.taps("Xong")
    await rep.taps("Nghe máy")
    await rep.says("/phieu")
    await rep.taps("P1")
    rep.sees("Trả lời lần đầu T3 24/11/2026 08:05")
    await rep.says("chị Hoa phàn nàn tủ bị xước")
    await hoa.says("Bao giờ đổi tủ vậy em?")
    await company.delivers_pushes()
    await rep.replies("Bao giờ đổi tủ", "Dạ chiều nay ạ")
    await rep.says("/phieu")
    await rep.taps("P2")
    rep.sees("Trả lời lần đầu T3 24/11/2026 08:05")


# Where a complaint is said ----------------------------------------------------------------------------------------------


async def test_undoing_the_note_takes_ticket_and_follow_up_back(company: Company) -> None:
    rep, _ = await a_rep_and_hoa(company)
    await rep.says(COMPLAINT)
    await rep.taps("Hoàn tác")
    rep.sees("Đã hoàn tác")
    await rep.says("/phieu")
    rep.sees("Không có phiếu nào đang mở")
    await rep.says("/lich")
    rep.does_not_see("Xử lý phàn nàn")


async def test_what_was_solved_meanwhile_is_not_undone(company: Company) -> None:
    rep, _ = await a_rep_and_hoa(company)
    await rep.says(COMPLAINT)
    undo = rep.data_of("Hoàn tác")
    await rep.says("/phieu")
    await rep.taps("P1")
    await solves(rep)
    await rep.taps_old("x:1", undo)
    rep.sees("không hoàn tác được nữa")


async def test_feedback_that_is_unclear_is_asked_about_and_a_complaint_opens_a_ticket(company: Company) -> None:
    rep, _ = await a_rep_and_hoa(company)
    await rep.says("/phanhoi chị Hoa nói về màu sắc của tủ")
    undo = rep.data_of("Hoàn tác")
    rep.sees("khen hay phàn nàn")
    complaint = rep.data_of("Phàn nàn")
    await rep.taps("Phàn nàn")
    rep.sees("Đã ghi là phàn nàn của chị Hoa, đã mở phiếu P1")
    await rep.taps_old("x:1", complaint)
    await rep.says("/phieu")
    rep.sees("1 phiếu đang mở")
    await rep.taps_old("x:1", undo)
    await rep.says("/phieu")
    rep.sees("Không có phiếu nào đang mở")


async def test_feedback_alone_asks_whose_words_they_are(company: Company) -> None:
    rep, _ = await a_rep_and_hoa(company)
    await rep.says("chị Hoa thích tủ màu trắng")
    await rep.says("/phanhoi")
    rep.sees("Phản hồi của khách nào")
    await rep.taps("chị Hoa")
    await rep.says("chê giao hàng chậm quá")
    rep.sees("Phiếu P1")


async def test_praise_opens_no_ticket(company: Company) -> None:
    rep, _ = await a_rep_and_hoa(company)
    await rep.says("chị Hoa khen giao nhanh")
    rep.does_not_see("Phiếu")
    await rep.says("/phieu")
    rep.sees("Không có phiếu nào đang mở")


async def test_a_promise_in_the_complaint_is_its_follow_up(company: Company) -> None:
    rep, _ = await a_rep_and_hoa(company)
    await rep.says("chị Hoa phàn nàn giao trễ, T6 gọi lại")
    rep.sees("T6 27/11/2026")
    rep.does_not_see("24/11/2026", "Xử lý phàn nàn")


async def test_a_ticket_is_opened_by_hand_and_stands_on_the_card(company: Company) -> None:
    rep, _ = await a_rep_and_hoa(company)
    await rep.says("chị Hoa")
    await rep.taps("Thêm")
    await rep.taps("Phiếu hỗ trợ")
    await rep.taps("Phiếu mới")
    await rep.taps("bảo hành")
    await rep.says("cánh tủ bị lệch")
    rep.sees("Đã mở phiếu P1", "cánh tủ bị lệch")
    await rep.says("chị Hoa")
    rep.sees("1 phiếu đang mở: P1 bảo hành")
    await rep.says("/phieu")
    await rep.taps("P1")
    await rep.taps("Loại")
    await rep.taps("đổi trả")
    rep.sees("P1 · ↩️ đổi trả, hoàn tiền")


# Managers ---------------------------------------------------------------------------------------------------------------


async def a_team(company: Company) -> tuple[Person, Person, Person]:
    boss, lead = await company.hires("Bảo", Role.OWNER), await company.hires("Hoài", Role.MANAGER)
    rep, hoa = await a_rep_and_hoa(company)
    await joins(company, lead, rep)
    await rep.says(COMPLAINT)
    await boss.says("/caidat")
    await boss.taps_old("x:1", "company.ask:limit")
    await boss.says("500k")
    boss.sees("nhân viên tự xử lý đến 500.000 ₫")
    return lead, rep, hoa


async def test_within_the_limit_a_rep_solves_alone(company: Company) -> None:
    _, rep, hoa = await a_team(company)
    await rep.says("/phieu")
    await rep.taps("P1")
    await solves(rep, "hoàn lại phí giao 300k", "300.000")
    rep.sees("Đã báo cho chị Hoa", "Chi phí: 300.000 ₫")
    await company.delivers_pushes()
    hoa.sees("hoàn lại phí giao 300k")


@pytest.mark.parametrize("tap", ["Đồng ý", "Không"])
async def test_above_the_limit_the_manager_decides_with_one_tap(company: Company, tap: str) -> None:
    lead, rep, hoa = await a_team(company)
    await rep.says("/phieu")
    await rep.taps("P1")
    await rep.taps("Đã xử lý")
    await rep.says("đổi tủ mới")
    await rep.says("1tr2")
    rep.sees("Vượt mức tự xử lý 500.000 ₫", "Chờ quản lý đồng ý chi 1.200.000 ₫: đổi tủ mới")
    await company.delivers_pushes()
    hoa.never_saw("đổi tủ mới")
    lead.sees("Minh muốn xử lý với chi phí 1.200.000 ₫", "đổi tủ mới", "giao trễ 2 ngày")
    await rep.taps_old("x:1", lead.data_of("Đồng ý"))
    hoa.never_saw("đổi tủ mới")
    old = lead.data_of(tap)
    await lead.taps(tap)
    await company.delivers_pushes()
    if tap == "Đồng ý":
        hoa.sees("đổi tủ mới")
        rep.sees("Hoài đồng ý", "Đã báo cho chị Hoa")
    else:
        hoa.never_saw("đổi tủ mới")
        rep.sees("Hoài không đồng ý chi 1.200.000 ₫")
    await lead.taps_old("x:1", old)
    lead.sees("đã được quyết định rồi")


async def test_agreeing_to_what_was_asked_before_agrees_to_nothing_new(company: Company) -> None:
    lead, rep, hoa = await a_team(company)
    await rep.says("/phieu")
    await rep.taps("P1")
    for solution in ("đổi tủ mới", "hoàn tiền"):
        await rep.taps("Đã xử lý")
        await rep.says(solution)
        await rep.says("hết 1tr2")
        await company.delivers_pushes()
    first = next(shown for shown in lead.screen if "đổi tủ mới" in shown.words)
    await lead.taps_old(first.ref, first.choices[0].data)
    lead.sees("đã được quyết định rồi")
    await company.delivers_pushes()
    hoa.never_saw("hoàn tiền", "đổi tủ mới")


@pytest.mark.parametrize("said", ["0", "không tốn gì", "0đ"])
async def test_nothing_can_be_said_in_words(company: Company, said: str) -> None:
    rep, _ = await a_rep_and_hoa(company)
    await rep.says(COMPLAINT)
    await rep.says("/phieu")
    await rep.taps("P1")
    await rep.taps("Đã xử lý")
    await rep.says("đã giao lại")
    await rep.says("chắc vậy")
    rep.sees("chưa thấy số tiền")
    await rep.says(said)
    rep.sees("Đã báo cho chị Hoa")


async def test_a_manager_sees_the_teams_tickets_and_takes_one_over(company: Company) -> None:
    lead, rep, _ = await a_team(company)
    await lead.says("/phieu")
    await lead.taps("P1")
    lead.sees("Người xử lý: Minh")
    await lead.taps("Giao cho")
    await lead.taps("Hoài")
    lead.sees("Hoài")
    await rep.says("/phieu")
    await rep.taps("P1")
    rep.sees("Người xử lý: Hoài")


async def test_a_colleague_of_another_team_sees_no_ticket(company: Company) -> None:
    await a_team(company)
    stranger = await company.hires("Trang")
    await stranger.says("/phieu")
    stranger.sees("Không có phiếu nào đang mở")
    for data in ("ticket.open:1", "ticket.solve:1", "ticket.agree:1:0", "ticket.to:1:3"):
        await stranger.taps_old("x:1", data)
        stranger.sees("không còn trong danh sách")


async def test_a_ticket_goes_along_with_its_customer(company: Company) -> None:
    lead, rep, _ = await a_team(company)
    other = await company.hires("Trang")
    await joins(company, lead, rep, other)
    await lead.says("/giao chị Hoa cho Trang")
    await other.says("/phieu")
    await other.taps("P1")
    other.sees("giao trễ 2 ngày")
    other.does_not_see("Người xử lý: Minh")


async def test_a_manager_hears_of_tickets_in_the_week(company: Company) -> None:
    lead, rep, _ = await a_team(company)
    await rep.says("chị Hoa phàn nàn tủ bị xước")
    await company.waits(timedelta(hours=2))
    await rep.says("/phieu")
    await rep.taps("P1")
    await solves(rep)
    await lead.says("/tuan")
    lead.sees("Phiếu hỗ trợ: 1 khiếu nại đang mở, 2 phiếu mới, thường trả lời sau 2 giờ làm việc, xử lý xong sau 2 giờ")


async def test_a_complaint_that_a_manager_notes_opens_a_ticket_for_the_rep_who_hears_it(company: Company) -> None:
    lead, rep, _ = await a_team(company)
    await lead.says("chị Hoa phàn nàn tủ bị xước")
    await company.delivers_pushes()
    rep.sees("Hoài đã mở một phiếu cho anh/chị", "P2 · 👎 phàn nàn", "tủ bị xước")
    await lead.says("chị Hoa phàn nàn thợ đến muộn")
    await lead.taps("Hoàn tác")
    await company.delivers_pushes()
    rep.never_saw("thợ đến muộn")


# By their age -----------------------------------------------------------------------------------------------------------


async def test_what_waits_for_an_answer_reminds_the_rep_and_then_the_manager_once_each(company: Company) -> None:
    lead, rep, _ = await a_team(company)
    await company.waits_until(datetime.fromisoformat("2026-11-24T08:39:00+07:00"))
    rep.does_not_see("đã chờ trả lời")
    await company.waits_until(datetime.fromisoformat("2026-11-24T08:41:00+07:00"))
    rep.sees("Phiếu này đã chờ trả lời 1 ngày")
    lead.does_not_see("Phiếu này")
    await company.waits_until(datetime.fromisoformat("2026-11-26T08:39:00+07:00"))
    rep.does_not_see("đã chờ trả lời")
    lead.does_not_see("Phiếu này")
    await company.waits_until(datetime.fromisoformat("2026-11-26T08:41:00+07:00"))
    lead.sees("Phiếu này sau 3 ngày vẫn chưa xử lý xong", "Người xử lý: Minh")
    await company.waits(timedelta(days=20))
    lead.does_not_see("Phiếu này")
    rep.does_not_see("Phiếu này")


async def test_what_was_answered_reminds_the_manager_alone(company: Company) -> None:
    lead, rep, _ = await a_team(company)
    await rep.says("/phieu")
    await rep.taps("P1")
    await rep.taps("Đã liên hệ")
    await company.waits_until(datetime.fromisoformat("2026-11-25T12:00:00+07:00"))
    rep.does_not_see("đã chờ trả lời")
    await company.waits_until(datetime.fromisoformat("2026-11-26T12:00:00+07:00"))
    lead.sees("vẫn chưa xử lý xong")


async def test_nobody_is_reminded_at_night(company: Company) -> None:
    rep, _ = await a_rep_and_hoa(company)
    await company.waits_until(datetime.fromisoformat("2026-11-23T22:30:00+07:00"))
    await rep.says(COMPLAINT)
    await company.waits_until(datetime.fromisoformat("2026-11-25T07:59:00+07:00"))
    rep.does_not_see("đã chờ trả lời")
    await company.waits_until(datetime.fromisoformat("2026-11-25T08:01:00+07:00"))
    rep.sees("đã chờ trả lời")


async def test_working_days_are_counted_over_sunday(company: Company) -> None:
    rep = member_of(await company.hires("Minh"))
    saturday = MONDAY + timedelta(days=5)
    assert answer_due(rep, saturday) == saturday + timedelta(days=2)
    assert solve_due(rep, saturday) == saturday + timedelta(days=4)


async def test_who_is_told_that_it_is_solved_waits_for_no_answer_any_more(company: Company) -> None:
    rep, hoa = await a_rep_and_hoa(company)
    await rep.says(COMPLAINT)
    await hoa.says("Bao giờ giao lại cho chị?")
    await rep.says("/phieu")
    await rep.taps("P1")
    await solves(rep)
    await company.delivers_pushes()
    await hoa.taps("Ổn rồi")
    await company.waits(timedelta(days=1))
    rep.does_not_see("đang chờ anh/chị trả lời")
    await rep.says("KH000001")
    rep.sees(
        "Đã gửi qua Telegram (phiếu hỗ trợ): Dạ, việc chị phản ánh đã được xử lý",
        "Thay đổi: 💚 Khách xác nhận phiếu P1 đã ổn",
    )


async def test_the_words_that_wait_are_those_written_since_the_last_answer(company: Company) -> None:
    await company.hires("Bảo", Role.OWNER)
    rep, hoa = await a_rep_and_hoa(company)
    await hoa.says("Có giao hôm nay không em?")
    await company.delivers_pushes()
    await rep.replies("Có giao hôm nay", "Dạ có ạ")
    await company.waits(timedelta(minutes=5))
    await hoa.sends_file("vết xước.jpg")
    await company.waits(timedelta(hours=1))
    rep.sees("đang chờ anh/chị trả lời")
    rep.does_not_see("Có giao hôm nay")
