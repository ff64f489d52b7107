"""What is due: /homnay, /lich, the card, *Xong*, *Dời*, dropping; old buttons and double taps."""

from datetime import date, timedelta

import pytest

from bot.domain.customers import Heat
from bot.domain.followups import FollowUpState, Outcome
from bot.domain.timeline import InteractionKind
from tests.chat import Company
from tests.handlers.work import in_hanoi, knows, on, open_items, promises, sells, the_item, timeline

MONDAY = "2026-11-23"
TUESDAY = "2026-11-24"


async def test_with_nothing_due_what_comes_next_is_said(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("/homnay")
    rep.sees("Hôm nay không có việc nào đến hạn")
    await promises(rep, await knows(rep, "Lan"), "gọi lại", on("2026-11-27 09:00"))
    await rep.says("/today")
    rep.sees("Sắp tới: chị Lan, T6 27/11 09:00: gọi lại")


async def test_only_who_has_done_something_today_is_praised(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    for text in ("gọi lại", "gửi mẫu"):
        await promises(rep, lan, text, on(MONDAY))
    await rep.says("/homnay")
    await rep.taps("Dời")
    await rep.taps("Mai")
    await rep.says("/homnay")
    rep.does_not_see("làm tốt lắm")
    await company.waits_until(in_hanoi("2026-11-24 23:30"))
    await rep.says("/homnay")
    await rep.taps("Xong")
    await rep.taps("Cả 2 việc")
    await rep.taps("Nghe máy")
    await rep.says("/homnay")
    rep.sees("Hôm nay không còn việc nào. Anh/chị làm tốt lắm!")
    await company.waits(timedelta(hours=1))
    await rep.says("/homnay")
    rep.does_not_see("làm tốt lắm")


async def test_a_single_item_is_shown_as_its_card_with_the_whole_job(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Nguyễn Thị Lan", note="thích màu trắng, sợ giao trễ")
    await sells(rep, lan)
    await company.waits(timedelta(days=3))
    await rep.says("/homnay")
    rep.sees("Lan", "KH000001", "0912 345 678", "Gọi hỏi khách đã dùng chưa", "hôm nay")
    rep.sees("Mua cách đây 3 ngày", "Đã mua: gói Pro · 12.500.000", "T2 23/11/2026", "thích màu trắng, sợ giao trễ")
    rep.sees("Tin soạn sẵn", "Dạ em chào chị Lan, em là Minh bên Nội thất An Nhiên ạ.")
    assert {"✅ Xong", "🕒 Dời", "👤 Mở khách", "📝 Ghi chú", "📋 Chép tin nhắn"} <= set(rep.buttons())


@pytest.mark.parametrize(("days", "said"), [(0, "Mua hôm nay"), (1, "Mua hôm qua"), (2, "Mua cách đây 2 ngày")])
async def test_the_card_says_in_plain_words_when_they_bought(company: Company, days: int, said: str) -> None:
    rep = await company.hires("Minh")
    await sells(rep, await knows(rep, "Lan"))
    await company.waits(timedelta(days=days))
    await rep.says("/homnay")
    rep.sees(said)


async def test_the_card_keeps_the_last_note_in_sight_after_calls(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan", note="thích màu trắng")
    await promises(rep, lan, "gọi lại", on(MONDAY))
    for _ in range(2):
        await rep.says("/homnay")
        await rep.taps("Xong")
        await rep.taps("Không nghe")
        await company.waits(timedelta(days=1))
    rep.sees("Ghi chú: thích màu trắng", "Gọi: Không nghe · gọi lại")


async def test_the_list_of_today_puts_overdue_first_and_opens_cards_in_place(company: Company) -> None:
    rep = await company.hires("Minh")
    for name, heat, when in (("Lan", None, MONDAY), ("Hoa", Heat.HOT, MONDAY), ("Bình", None, "2026-11-20")):
        await promises(rep, await knows(rep, name, heat=heat), f"gọi {name}", on(when))
    await rep.says("/homnay")
    rep.sees("3 khách cần liên hệ · 1 quá hạn", "1. chị Bình · quá hạn 3 ngày (T6 20/11)", "2. chị Hoa", "3. chị Lan")
    screen = len(rep.screen)
    await rep.taps("2. ")
    rep.sees("Hoa", "gọi Hoa", "hôm nay")
    await rep.taps("‹ Danh sách")
    rep.sees("3 khách cần liên hệ")
    assert len(rep.screen) == screen


async def test_what_is_due_today_is_marked_among_what_is_overdue(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    for text, when in (
        ("gọi hỏi mẫu", "2026-11-23 09:00"),
        ("gửi hợp đồng", MONDAY),
        ("báo giá", "2026-11-20"),
        ("gửi bảng màu", "2026-11-20"),
    ):
        await promises(rep, lan, text, on(when))
    await promises(rep, await knows(rep, "Hoa"), "gọi Hoa", on(MONDAY))
    await rep.says("/homnay")
    rep.sees(
        "🔴 Quá hạn\n1. chị Lan · quá hạn 3 ngày (T6 20/11)\n     báo giá\n"
        "     hôm nay: gửi hợp đồng\n     hôm nay 09:00: gọi hỏi mẫu\n     … +1\n",
        "🟢 Hôm nay\n2. chị Hoa\n     gọi Hoa",
    )


async def test_the_call_due_today_is_named_however_much_is_overdue(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    for day in range(10, 20):
        await promises(rep, lan, f"việc {day}", on(f"2026-11-{day}"))
    await promises(rep, lan, "gọi chốt", on("2026-11-23 16:00"))
    await promises(rep, await knows(rep, "Hoa"), "gọi Hoa", on(MONDAY))
    await rep.says("/homnay")
    rep.sees("quá hạn 13 ngày (T3 10/11)\n     việc 10\n     quá hạn 12 ngày (T4 11/11): việc 11\n", "… +8")
    rep.sees("     hôm nay 16:00: gọi chốt")


async def test_long_lists_are_paged_and_a_button_beyond_the_end_shows_the_last_page(company: Company) -> None:
    rep = await company.hires("Minh")
    for number in range(20):
        await promises(rep, await knows(rep, f"Khách {number}"), "gọi lại", on(MONDAY))
    await rep.says("/homnay")
    rep.sees("20 khách cần liên hệ", "8. ", "1/3")
    rep.does_not_see("9. ")
    await rep.taps("›")
    rep.sees("9. ", "2/3")
    await rep.taps("9. ")
    await rep.taps("‹ Danh sách")
    rep.sees("9. ", "2/3")
    await rep.taps_old(rep.screen[-1].ref, "due.today:9999")
    rep.sees("20. ", "3/3")


async def test_the_agenda_shows_seven_days(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    for text, when in (
        ("báo giá", "2026-11-24 09:00"),
        ("gửi mẫu", "2026-11-24"),
        ("gọi lại", "2026-11-29"),
        ("quá xa", "2026-11-30"),
        ("đã trễ", "2026-11-20"),
    ):
        await promises(rep, lan, text, on(when))
    await rep.says("/lich")
    rep.sees("Lịch 7 ngày tới", "T2 23/11 – CN 29/11", "T3 24/11", "báo giá", "gửi mẫu", "CN 29/11", "1 quá hạn")
    rep.does_not_see("quá xa", "đã trễ")
    await rep.taps("1. ")
    rep.sees("gửi mẫu", "báo giá")
    await rep.taps("‹ Danh sách")
    rep.sees("Lịch 7 ngày tới")
    await rep.taps("1 quá hạn")
    rep.sees("đã trễ")


async def test_an_empty_agenda_says_how_to_fill_it(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.says("/lich")
    rep.sees("Chưa có lịch nào")


# Done -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "outcome", "kind", "offered"),
    [
        ("Nghe máy", Outcome.ANSWERED, InteractionKind.CALL, "Hẹn"),
        ("Đã nhắn", Outcome.MESSAGED, InteractionKind.MESSAGE, "Ghi chú"),
        ("Đã mua", Outcome.BOUGHT, InteractionKind.CALL, "Chốt đơn"),
        ("Không quan tâm", Outcome.NOT_INTERESTED, InteractionKind.CALL, "Ghi chú"),
    ],
)
async def test_done_asks_for_the_outcome_in_one_tap(
    company: Company, label: str, outcome: Outcome, kind: InteractionKind, offered: str
) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    promised = await promises(rep, lan, "gọi lại báo giá", on(MONDAY))
    await rep.says("/homnay")
    await rep.taps("Xong")
    rep.sees("Kết quả thế nào", "gọi lại báo giá")
    await rep.taps(label)
    rep.sees("chị Lan", label, "Hoàn tác", offered)
    done = await the_item(rep, promised)
    assert (done.state, done.outcome) == (FollowUpState.DONE, outcome)
    assert done.done_at
    entry = (await timeline(rep, lan))[0]
    assert (entry.kind, entry.text, entry.details["outcome"]) == (kind, "gọi lại báo giá", outcome)


async def test_bought_leads_to_the_sale_form(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    await promises(rep, lan, "gọi lại", on(MONDAY))
    await rep.says("/homnay")
    await rep.taps("Xong")
    await rep.taps("Đã mua")
    rep.sees("Chúc mừng", "Gõ, ví dụ: gói Pro 12tr5")
    assert rep.data_of("Chốt đơn") == f"sale.ask:{lan.id}"


async def test_what_is_typed_right_after_bought_is_the_sale(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    await promises(rep, lan, "gọi lại", on(MONDAY))
    await rep.says("/homnay")
    await rep.taps("Xong")
    await rep.taps("Đã mua")
    await rep.says("gói Pro 12tr5")
    rep.sees("Đã lưu đơn", "12.500.000 ₫", "Việc sau bán · chị Lan")
    async with company.store.read() as uow:
        bought = (await uow.sales.purchases([lan.id]))[lan.id]
    assert (bought.count, bought.total_vnd) == (1, 12_500_000)


async def test_nobody_answered_it_comes_again_on_the_next_working_day_and_can_be_moved_again(company: Company) -> None:
    company.clock.wind_to(in_hanoi("2026-11-28 09:30"))  # a Saturday
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    promised = await promises(rep, lan, "gọi lại", on("2026-11-28 09:00"))
    await rep.says("/homnay")
    await rep.taps("Xong")
    await rep.taps("Không nghe")
    rep.sees("chưa nghe máy", "T2 30/11 09:00", "2 giờ", "Mai", "Chọn ngày")
    moved = await the_item(rep, promised)
    assert (moved.is_open, moved.push_at) == (True, in_hanoi("2026-11-30 09:00"))
    assert (await timeline(rep, lan))[0].details == {"outcome": "no_answer"}
    await rep.taps("2 giờ")
    rep.sees("Đã dời", "T7 28/11 11:30")
    assert (await the_item(rep, promised)).push_at == in_hanoi("2026-11-28 11:30")


async def test_calling_again_moves_nothing_else_of_that_customer(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    await promises(rep, lan, "gọi lại", on(MONDAY))
    other = await promises(rep, lan, "gửi hợp đồng", on(TUESDAY))
    await rep.says("/homnay")
    await rep.taps("Xong")
    await rep.taps("Không nghe")
    await rep.taps("3 ngày")
    rep.does_not_see("gửi hợp đồng")
    assert (await the_item(rep, other)).due_on == date(2026, 11, 24)


async def test_a_second_tap_does_nothing_twice_and_shows_how_things_stand(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    await promises(rep, lan, "gọi lại", on(MONDAY))
    await rep.says("/homnay")
    await rep.taps("Xong")
    answered, nobody = rep.data_of("Nghe máy"), rep.data_of("Không nghe")
    await rep.taps_old(rep.screen[-1].ref, answered)
    for again in (answered, nobody):
        await rep.taps_old(rep.screen[-1].ref, again)
        rep.sees("Việc này đã xong: Nghe máy")
    assert len(await timeline(rep, lan)) == 1


async def test_a_double_tap_on_no_answer_or_one_hour_moves_once(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    promised = await promises(rep, lan, "gọi lại", on(MONDAY))
    await rep.says("/homnay")
    await rep.taps("Dời")
    one_hour = rep.data_of("1 giờ")
    await rep.taps_old(rep.screen[-1].ref, one_hour)
    moved = await the_item(rep, promised)
    await company.waits(timedelta(minutes=5))
    await rep.taps_old(rep.screen[-1].ref, one_hour)
    rep.sees("đây là bản mới nhất", "gọi lại")
    assert await the_item(rep, promised) == moved
    await rep.taps("Xong")
    nobody = rep.data_of("Không nghe")
    await rep.taps_old(rep.screen[-1].ref, nobody)
    await rep.taps_old(rep.screen[-1].ref, nobody)
    rep.sees("đây là bản mới nhất")
    assert len(await timeline(rep, lan)) == 1


async def test_several_items_of_one_customer_are_one_card_and_done_asks_which(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    quote = await promises(rep, lan, "hỏi báo giá", on("2026-11-20"))
    sample = await promises(rep, lan, "gửi mẫu vải", on(MONDAY))
    await rep.says("/homnay")
    rep.sees("hỏi báo giá", "gửi mẫu vải")
    await rep.taps("Xong")
    rep.sees("Việc nào đã xong", "1. hỏi báo giá", "2. gửi mẫu vải", "Cả 2 việc")
    await rep.taps("2. gửi mẫu vải")
    await rep.taps("Đã nhắn")
    rep.sees("Còn việc với khách này", "hỏi báo giá")
    assert (await the_item(rep, sample)).outcome is Outcome.MESSAGED
    await rep.taps("Việc tiếp theo")
    await rep.taps("Xong")
    await rep.taps("Nghe máy")
    assert (await the_item(rep, quote)).outcome is Outcome.ANSWERED


async def test_one_outcome_for_all_items_of_a_card_is_one_entry(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    await promises(rep, lan, "hỏi báo giá", on("2026-11-20"))
    await promises(rep, lan, "gửi mẫu vải", on(MONDAY))
    await rep.says("/homnay")
    await rep.taps("Xong")
    await rep.taps("Cả 2 việc")
    await rep.taps("Nghe máy")
    assert await open_items(rep, lan) == []
    assert [entry.text for entry in await timeline(rep, lan)] == ["hỏi báo giá; gửi mẫu vải"]


async def test_who_is_not_interested_need_not_be_reminded_of_for_ever(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    await promises(rep, lan, "gọi lại", on(MONDAY))
    await promises(rep, lan, "gửi mẫu", on("2026-12-20"))
    await rep.says("/homnay")
    await rep.taps("Xong")
    await rep.taps("Không quan tâm")
    rep.sees("còn 1 việc đang hẹn")
    await rep.taps("Bỏ các việc còn lại")
    rep.sees("Đã bỏ", "Không quan tâm", "gửi mẫu")
    assert await open_items(rep, lan) == []


async def test_what_was_done_can_be_taken_back(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    promised = await promises(rep, lan, "gọi lại", on("2026-11-23 17:00"))
    await rep.says("/homnay")
    await rep.taps("Xong")
    await rep.taps("Nghe máy")
    await rep.taps("Hoàn tác")
    assert await the_item(rep, promised) == promised
    assert await timeline(rep, lan) == []


# What is planned for one customer --------------------------------------------------------------------------------------


async def test_all_that_is_planned_for_a_customer_is_a_list_whose_numbers_open_the_cards(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    for text, when in (("báo giá", "2026-12-20"), ("gọi lại", "2026-11-23 09:00"), ("gửi mẫu", "2026-11-20")):
        await promises(rep, lan, text, on(when))
    await promises(rep, await knows(rep, "Hoa"), "gọi Hoa", on(MONDAY))
    await rep.taps_old("1", f"due.customer:{lan.id}")
    rep.sees(
        "chị Lan · KH000001\n📌 3 việc đang hẹn",
        "1. quá hạn 3 ngày (T6 20/11): gửi mẫu\n2. hôm nay 09:00: gọi lại\n3. CN 20/12: báo giá",
    )
    rep.does_not_see("gọi Hoa", "Việc sau bán")
    assert rep.data_of("‹ Thẻ khách") == f"customer.show:{lan.id}"
    await rep.taps("3. báo giá")
    rep.sees("báo giá · CN 20/12", "Xong", "Dời")
    await rep.taps("Xong")
    await rep.taps("Nghe máy")
    await rep.taps("‹ Danh sách")
    rep.sees("2 việc đang hẹn")
    rep.does_not_see("báo giá")


async def test_a_long_list_of_a_customer_is_paged_and_leads_back_to_its_page(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    for day in range(10, 20):
        await promises(rep, lan, f"việc {day}", on(f"2026-12-{day}"))
    await rep.taps_old("1", f"due.customer:{lan.id}")
    rep.sees("10 việc đang hẹn", "8. T5 17/12: việc 17", "1/2")
    rep.does_not_see("việc 18")
    await rep.taps("›")
    rep.sees("9. T6 18/12: việc 18", "2/2")
    await rep.taps("10. việc 19")
    await rep.taps("Dời")
    await rep.taps("‹ Quay lại")
    await rep.taps("‹ Danh sách")
    rep.sees("việc 18", "việc 19", "2/2")


async def test_with_nothing_planned_the_list_says_so_and_offers_a_follow_up(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    await rep.taps_old("1", f"due.customer:{lan.id}")
    rep.sees("Chưa có việc tiếp theo")
    assert rep.data_of("Hẹn") == f"followup.ask:{lan.id}"


async def test_the_checklist_of_the_last_sale_is_reached_and_leads_back_to_the_card(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    await sells(rep, lan)
    await sells(rep, lan, "gói Max")
    rep.screen.clear()
    await rep.taps_old("1", f"due.customer:{lan.id}")
    await rep.taps("Việc sau bán")
    rep.sees("Việc sau bán · chị Lan", "gói Max", "☐ 1.")
    await rep.taps("☐ 1")
    await rep.taps("‹ Thẻ khách")
    rep.sees("KH000001", "Lịch sử")


async def test_nobody_lists_what_is_planned_for_another_reps_customer(company: Company) -> None:
    rep, other = await company.hires("Minh"), await company.hires("Trang")
    lan = await knows(rep, "Lan")
    await promises(rep, lan, "gọi lại", on(MONDAY))
    await other.taps_old("1", f"due.customer:{lan.id}")
    assert (other.fresh, bool(other.toast)) == ([], True)


# Moving and dropping --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "moved_to"), [("Mai", "2026-11-24"), ("3 ngày", "2026-11-26"), ("Tuần sau", "2026-11-30")]
)
async def test_a_snooze_keeps_the_clock_time(company: Company, label: str, moved_to: str) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    at_four = await promises(rep, lan, "gọi lại", on("2026-11-23 16:00"))
    await rep.says("/homnay")
    await rep.taps("Dời")
    rep.sees("Dời sang lúc nào", "Mai: T3 24/11", "3 ngày: T5 26/11", "Tuần sau: T2 30/11")
    await rep.taps(label)
    rep.sees("Đã dời", "16:00", "Hoàn tác")
    moved = await the_item(rep, at_four)
    assert moved.due_on == date.fromisoformat(moved_to)
    assert moved.due_at == moved.push_at == in_hanoi(f"{moved_to} 16:00")


async def test_an_hour_is_an_hour_from_now_even_into_quiet_hours(company: Company) -> None:
    company.clock.wind_to(in_hanoi("2026-11-23 20:30"))
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    promised = await promises(rep, lan, "gọi lại", on(MONDAY))
    await rep.says("/homnay")
    await rep.taps("Dời")
    await rep.taps("1 giờ")
    rep.sees("T2 23/11 21:30")
    assert (await the_item(rep, promised)).push_at == in_hanoi("2026-11-23 21:30")


async def test_an_hour_before_midnight_ends_on_the_next_day(company: Company) -> None:
    company.clock.wind_to(in_hanoi("2026-11-23 23:30"))
    rep = await company.hires("Minh")
    promised = await promises(rep, await knows(rep, "Lan"), "gọi lại", on(MONDAY))
    await rep.says("/homnay")
    await rep.taps("Dời")
    await rep.taps("1 giờ")
    assert (await the_item(rep, promised)).due_on == date(2026, 11, 24)


async def test_snoozing_onto_a_day_off_is_allowed_and_said(company: Company) -> None:
    company.clock.wind_to(in_hanoi("2026-11-28 09:00"))
    rep = await company.hires("Minh")
    promised = await promises(rep, await knows(rep, "Lan"), "gọi lại", on("2026-11-28"))
    await rep.says("/homnay")
    await rep.taps("Dời")
    rep.sees("Mai: CN 29/11 (ngày nghỉ)")
    await rep.taps("Mai")
    assert (await the_item(rep, promised)).due_on == date(2026, 11, 29)


async def test_a_day_is_picked_on_a_calendar_that_pages(company: Company) -> None:
    rep = await company.hires("Minh")
    promised = await promises(rep, await knows(rep, "Lan"), "gọi lại", on(MONDAY))
    await rep.says("/homnay")
    await rep.taps("Dời")
    await rep.taps("Chọn ngày")
    rep.sees("Tháng 11 2026", "T2", "CN", "12/2026 ›")
    labels = rep.buttons()
    assert "22" not in labels
    assert "23" in labels
    await rep.taps("12/2026 ›")
    rep.sees("Tháng 12 2026", "‹ 11/2026")
    await rep.taps("31")
    rep.sees("Đã dời", "T5 31/12")
    assert (await the_item(rep, promised)).due_on == date(2026, 12, 31)


async def test_days_that_have_passed_since_the_calendar_was_opened_are_asked_again(company: Company) -> None:
    rep = await company.hires("Minh")
    promised = await promises(rep, await knows(rep, "Lan"), "gọi lại", on(MONDAY))
    await rep.says("/homnay")
    await rep.taps("Dời")
    await rep.taps("Chọn ngày")
    today = rep.data_of("23")
    await company.waits(timedelta(days=1))
    await rep.taps_old(rep.screen[0].ref, today)
    rep.sees("Ngày này đã qua", "Tháng 11 2026")
    assert await the_item(rep, promised) == promised


async def test_a_clock_time_that_would_lie_in_the_past_is_left_out(company: Company) -> None:
    rep = await company.hires("Minh")
    promised = await promises(rep, await knows(rep, "Lan"), "gọi lại", on("2026-11-24 08:00"))
    await company.waits(timedelta(days=1))
    await rep.says("/homnay")
    await rep.taps("Dời")
    await rep.taps("Chọn ngày")
    await rep.taps("24")
    moved = await the_item(rep, promised)
    assert (moved.due_on, moved.due_at, moved.push_at) == (date(2026, 11, 24), None, None)


async def test_all_that_stands_on_a_card_moves_together(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    for text in ("gọi lại", "gửi mẫu"):
        await promises(rep, lan, text, on(MONDAY))
    await rep.says("/homnay")
    await rep.taps("Dời")
    await rep.taps("Mai")
    rep.sees("gọi lại", "gửi mẫu")
    assert {item.due_on for item in await open_items(rep, lan)} == {date(2026, 11, 24)}
    await rep.taps("Hoàn tác")
    assert {item.due_on for item in await open_items(rep, lan)} == {date(2026, 11, 23)}


async def test_nothing_is_dropped_without_a_reason(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    promised = await promises(rep, lan, "gọi lại", on(MONDAY))
    await rep.says("/homnay")
    await rep.taps("Xong")
    await rep.taps("Bỏ việc này")
    rep.sees("vì sao")
    await rep.taps("Không cần nữa")
    rep.sees("Đã bỏ", "Không cần nữa", "Hoàn tác")
    assert (await the_item(rep, promised)).state is FollowUpState.DROPPED
    assert (await timeline(rep, lan))[0].text == "Bỏ việc (Không cần nữa): gọi lại"


# Others, forgeries, odd texts -----------------------------------------------------------------------------------------


async def test_no_button_reaches_another_reps_item(company: Company) -> None:
    rep, other = await company.hires("Minh"), await company.hires("Trang")
    lan = await knows(rep, "Lan")
    promised = await promises(rep, lan, "chuyện bí mật", on(MONDAY))
    await rep.says("/homnay")
    stamp = rep.data_of("Xong").split(":")[2]
    key = promised.id
    forged = [
        f"due.open:{key}:x",
        f"due.done:{key}:{stamp}:x",
        f"due.one:{key}:{stamp}:x",
        f"due.all:{key}:{stamp}:x",
        f"due.outcome:{key}:{stamp}:x:one:answered",
        f"due.snooze:{key}:{stamp}:x",
        f"due.later:{key}:{stamp}:x:1d:all",
        f"due.month:{key}:{stamp}:x:202611:all",
        f"due.on:{key}:{stamp}:x:20261130:all",
        f"due.drop:{key}:{stamp}:x",
        f"due.dropped:{key}:{stamp}:x:needless",
        f"due.clear:{lan.id}",
    ]
    for data in forged:
        await other.taps_old("1", data)
        other.does_not_see("bí mật", "Lan")
        assert other.fresh == []
        assert other.toast
    assert await the_item(rep, promised) == promised


@pytest.mark.parametrize(
    "data",
    [
        "due.open",
        "due.open:x:x",
        "due.open:99999999999999999999:x",
        "due.today:-1",
        "due.outcome:1:261123:x:one:nonsense",
        "due.outcome:1:261123:x:some:answered",
        "due.outcome:1:261123:x",
        "due.later:1:261123:x:9y:all",
        "due.later:1:261123:x",
        "due.month:1:261123:x:209913:all",
        "due.month:1:261123:x:299912:all",
        "due.on:1:261123:x:20261131:all",
        "due.on:1:261123:x:29991231:all",
        "due.dropped:1:261123:x:because",
    ],
)
async def test_forged_choices_are_refused_in_words_and_change_nothing(company: Company, data: str) -> None:
    rep = await company.hires("Minh")
    promised = await promises(rep, await knows(rep, "Lan"), "gọi lại", on(MONDAY))
    await rep.taps_old("1", data)
    assert rep.fresh == []
    assert rep.toast
    assert await the_item(rep, promised) == promised


async def test_what_people_typed_is_shown_escaped_everywhere(company: Company) -> None:
    rep = await company.hires("Minh")
    for name in ("<b>Bùi & Con</b>", "Lan"):
        await promises(
            rep, await knows(rep, name, note="giá < 5tr & <i>gấp"), "báo giá < 5tr <b> và " + "x" * 6000, on(MONDAY)
        )
    for step in ("/homnay", "/lich"):
        await rep.says(step)
        rep.sees("<b>Bùi & Con</b>", "báo giá < 5tr <b>")
        await rep.taps("1. ")
        rep.sees("giá < 5tr & <i>gấp")
        await rep.taps("Xong")
        rep.sees("báo giá < 5tr <b>")


async def test_every_choice_fits_into_sixty_four_bytes(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    await sells(rep, lan)
    for text in ("gọi lại", "gửi mẫu"):
        await promises(rep, lan, text, on("2026-11-23 16:00"))
    await rep.says("/homnay")
    for label in ("Dời", "Chọn ngày", "‹ Quay lại", "‹ Quay lại", "Xong", "2. gọi lại", "Bỏ việc này"):
        await rep.taps(label)
        for shown in rep.screen:
            assert all(len(choice.data.encode()) <= 60 and len(choice.copy) <= 256 for choice in shown.choices)


async def test_in_english_all_of_it_is_english(company: Company) -> None:
    rep = await company.hires("Mary", locale="en")
    lan = await knows(rep, "Lan")
    await sells(rep, lan, "Pro plan")
    rep.sees("After the sale", "Call and ask whether they have used it", "₫12,500,000")
    await rep.says("/today")
    rep.sees("Send thanks and the usage guide", "Hello Ms Lan, I am Mary from Nội thất An Nhiên.", "Done", "Snooze")
    await rep.taps("Snooze")
    rep.sees("1 hour", "Tomorrow", "Next week: Mon 30/11")
