"""The checklist after a sale: shown at once, ticked in place, its steps planned and closed."""

from datetime import timedelta

import pytest

from bot.domain.customers import Potential
from bot.domain.followups import FollowUpState
from bot.domain.timeline import InteractionKind
from tests.chat import Company, Person
from tests.handlers.work import in_hanoi, knows, member_of, on, open_items, promises, sells, timeline


async def steps_of(rep: Person, sale_id: int) -> dict[str, FollowUpState]:
    async with rep.company.store.read() as uow:
        return {step.step or "": step.state for step in await uow.followups.of_sale(member_of(rep), sale_id)}


async def test_a_sale_shows_the_five_tasks_with_dates_and_boxes_and_the_care_plan(company: Company) -> None:
    rep = await company.hires("Minh")
    await sells(rep, await knows(rep, "Lan"))
    rep.sees("Việc sau bán · chị Lan", "gói Pro · 12.500.000")
    rep.sees(
        "☐ 1. Gọi hỏi khách đã dùng chưa · T5 26/11",
        "☐ 2. Gửi lời cảm ơn và hướng dẫn sử dụng · hôm nay",
        "☐ 3. Ghi lại phản hồi của khách (nếu có) · T2 30/11",
        "☐ 4. Chăm sóc sau 30 ngày: hỏi thăm, ưu đãi nhỏ và khảo sát 30 ngày · T4 23/12",
        "☐ 5. Xếp tiềm năng tái mua (cao / vừa / thấp) · T4 23/12",
    )
    rep.sees(
        "Lịch chăm sóc",
        "T2 30/11: Hỏi cảm nhận",
        "T2 07/12: Gọi hỏi thăm",
        "T6 22/01: Nhắc mua lại",
        "T7 22/05: Xem lại khách lâu chưa mua",
    )
    assert [label for label in rep.buttons() if "☐" in label] == ["☐ 1", "☐ 2", "☐ 3", "☐ 4", "☐ 5"]


async def test_boxes_are_ticked_in_place_and_can_be_cleared_again(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    sale = await sells(rep, lan)
    await rep.taps("☐ 1")
    rep.sees("✅ 1. Gọi hỏi khách đã dùng chưa", "☐ 2.", "Hoàn tác")
    assert len(rep.screen) == 1
    assert (await steps_of(rep, sale.id))["first_call"] is FollowUpState.DONE
    assert (await timeline(rep, lan))[0].kind is InteractionKind.CALL
    await rep.taps("✅ 1")
    rep.sees("☐ 1.")
    assert (await steps_of(rep, sale.id))["first_call"] is FollowUpState.OPEN


async def test_a_double_tap_on_a_box_ticks_it_once(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    sale = await sells(rep, lan)
    tick = rep.data_of("☐ 4")
    await rep.taps_old(rep.screen[0].ref, tick)
    await rep.taps_old(rep.screen[0].ref, tick)
    assert (rep.fresh, rep.toast) == ([], "✅ Việc này đã xong")
    assert (await steps_of(rep, sale.id))["care_30"] is FollowUpState.DONE
    assert len(await timeline(rep, lan)) == 1


async def test_a_double_tap_on_a_box_keeps_the_undo_of_the_first(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    sale = await sells(rep, lan)
    tick = rep.data_of("☐ 1")
    for _ in range(2):
        await rep.taps_old(rep.screen[0].ref, tick)
    await rep.taps("Hoàn tác")
    assert (await steps_of(rep, sale.id))["first_call"] is FollowUpState.OPEN


@pytest.mark.parametrize(
    ("box", "last_tap", "notice"),
    [
        ("☐ 2", "Đã gửi", "✅ Việc này đã xong: Đã nhắn"),
        ("☐ 3", "Không có phản hồi", "✅ Việc này đã xong"),
        ("☐ 5", "cao", "✅ Việc này đã xong"),
    ],
)
async def test_a_double_tap_on_the_answer_of_a_box_keeps_the_undo(
    company: Company, box: str, last_tap: str, notice: str
) -> None:
    rep = await company.hires("Minh")
    await sells(rep, await knows(rep, "Lan"))
    await rep.taps(box)
    answer = rep.data_of(last_tap)
    for _ in range(2):
        await rep.taps_old(rep.screen[0].ref, answer)
    assert (rep.fresh, rep.toast) == ([], notice)
    assert "↩️ Hoàn tác" in [choice.label for choice in rep.screen[0].choices]


async def test_a_double_tap_that_clears_a_box_clears_it_once(company: Company) -> None:
    rep = await company.hires("Minh")
    sale = await sells(rep, await knows(rep, "Lan"))
    await rep.taps("☐ 1")
    clear = rep.data_of("✅ 1")
    for _ in range(2):
        await rep.taps_old(rep.screen[0].ref, clear)
    assert (rep.fresh, rep.toast) == ([], "Việc này đang để mở rồi")
    await rep.taps("Hoàn tác")
    assert (await steps_of(rep, sale.id))["first_call"] is FollowUpState.DONE


async def test_a_tick_can_be_taken_back(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    sale = await sells(rep, lan)
    await rep.taps("☐ 1")
    await rep.taps("Hoàn tác")
    assert (await steps_of(rep, sale.id))["first_call"] is FollowUpState.OPEN
    assert await timeline(rep, lan) == []


async def test_thanks_show_their_text_ready_to_copy_before_the_box_is_ticked(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    await sells(rep, lan)
    await rep.taps("☐ 2")
    rep.sees(
        "Dạ em chào chị Lan, em là Minh bên Nội thất An Nhiên ạ.", "Cảm ơn chị đã tin chọn gói Pro", "Chép tin nhắn"
    )
    copied = next(choice.copy for choice in rep.fresh[0].choices if choice.copy)
    assert copied.startswith("Dạ em chào chị Lan")
    await rep.taps("Đã gửi")
    rep.sees("✅ 2.")
    entry = (await timeline(rep, lan))[0]
    assert (entry.kind, entry.details) == (InteractionKind.MESSAGE, {"outcome": "messaged"})


@pytest.mark.parametrize(
    ("honorific", "greeting"),
    [
        ("anh", "Dạ em chào anh Lan"),
        ("cô", "Dạ cháu chào cô Lan, cháu là Minh"),
        ("em", "Chào em Lan, mình là Minh bên Nội thất An Nhiên. "),
        (None, "Dạ em chào anh/chị Lan"),
    ],
)
async def test_the_text_addresses_the_customer_as_is_polite(
    company: Company, honorific: str | None, greeting: str
) -> None:
    rep = await company.hires("Minh")
    await sells(rep, await knows(rep, "Lan", honorific))
    await rep.taps("☐ 2")
    rep.sees(greeting)


@pytest.mark.parametrize(
    ("honorific", "greeting"),
    [("chị", "Dạ em chào chị Hồng, "), ("em", "Chào em Hồng, "), (None, "Dạ em chào anh/chị Hồng, ")],
)
async def test_the_text_addresses_the_customer_by_the_given_name(
    company: Company, honorific: str | None, greeting: str
) -> None:
    rep = await company.hires("Minh")
    await sells(rep, await knows(rep, "Nguyễn Thị Hồng", honorific))
    await rep.taps("☐ 2")
    rep.sees(greeting)
    rep.does_not_see("chào anh/chị Nguyễn", "chào chị Nguyễn", "Chào em Nguyễn")


async def test_in_english_a_title_stands_before_the_given_name(company: Company) -> None:
    rep = await company.hires("Minh", locale="en")
    await sells(rep, await knows(rep, "Nguyễn Thị Hồng"))
    await rep.taps("☐ 2")
    rep.sees("Hello Ms Hồng, I am Minh from Nội thất An Nhiên.")


async def test_a_text_too_long_for_a_button_is_copied_by_a_tap_on_itself(company: Company) -> None:
    rep = await company.hires("Minh")
    await sells(rep, await knows(rep, "Lan " * 60))
    await rep.taps("☐ 2")
    assert "<code>Dạ em chào" in str(rep.fresh[0].reply.text)
    assert "📋 Chép tin nhắn" not in rep.buttons()


async def test_feedback_is_asked_for_and_kept_in_the_customers_words(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    sale = await sells(rep, lan)
    await rep.taps("☐ 3")
    rep.sees("chị Lan nói gì")
    await rep.says("dùng <tốt> lắm & bền, giá < 5tr")
    rep.sees("Đã lưu phản hồi của chị Lan", "dùng <tốt> lắm & bền", "✅ 3.")
    entry = (await timeline(rep, lan))[0]
    assert (entry.kind, entry.text) == (InteractionKind.FEEDBACK, "dùng <tốt> lắm & bền, giá < 5tr")
    assert (await steps_of(rep, sale.id))["feedback"] is FollowUpState.DONE


async def test_without_feedback_the_box_is_ticked_and_nothing_is_asked_any_more(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    await sells(rep, lan)
    await rep.taps("☐ 3")
    await rep.taps("Không có phản hồi")
    rep.sees("✅ 3.")
    await rep.says("Khách mới chị Hoa 0987 654 321")
    assert all(entry.kind is not InteractionKind.FEEDBACK for entry in await timeline(rep, lan))


async def test_leaving_the_feedback_question_forgets_it(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    await sells(rep, lan)
    await rep.taps("☐ 3")
    await rep.taps("‹ Việc sau bán")
    rep.sees("☐ 3.")
    await rep.says("Khách mới chị Hoa 0987 654 321")
    assert all(entry.kind is not InteractionKind.FEEDBACK for entry in await timeline(rep, lan))


async def test_potential_is_one_tap_and_stands_on_the_customer(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    await sells(rep, lan)
    await rep.taps("☐ 5")
    rep.sees("cao", "vừa", "thấp")
    await rep.taps("cao")
    rep.sees("✅ 5.")
    async with company.store.read() as uow:
        assert (await uow.customers.get(member_of(rep), lan.id)).potential is Potential.HIGH
    await rep.taps("Hoàn tác")
    async with company.store.read() as uow:
        assert (await uow.customers.get(member_of(rep), lan.id)).potential is None


async def test_a_new_sale_closes_the_repurchase_steps_of_the_earlier_one(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    first = await sells(rep, lan)
    await company.waits(timedelta(days=40))
    second = await sells(rep, lan, "gói Max")
    rep.sees("Đã bỏ 2 việc nhắc mua lại của đơn trước")
    before, after = await steps_of(rep, first.id), await steps_of(rep, second.id)
    assert (before["repurchase"], before["reactivation"]) == (FollowUpState.DROPPED, FollowUpState.DROPPED)
    assert before["care_30"] is FollowUpState.OPEN
    assert after["repurchase"] is FollowUpState.OPEN


async def test_undoing_the_sale_takes_its_steps_back_and_reopens_the_earlier_ones(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    first = await sells(rep, lan)
    await company.waits(timedelta(days=40))
    await sells(rep, lan, "gói Max")
    await rep.says("/hoantac")
    assert (await steps_of(rep, first.id))["repurchase"] is FollowUpState.OPEN
    assert {item.sale_id for item in await open_items(rep, lan)} == {first.id}


async def test_dates_follow_the_reps_own_calendar(company: Company) -> None:
    company.clock.wind_to(in_hanoi("2027-01-30 09:00"))  # the Saturday before Tết
    rep = await company.hires("Minh")
    await sells(rep, await knows(rep, "Lan"))
    rep.sees("T3 02/02", "Hỏi cảm nhận", "T5 11/02")


async def test_a_step_that_falls_due_asks_for_what_it_is_about(company: Company) -> None:
    rep = await company.hires("Minh")
    lan = await knows(rep, "Lan")
    sale = await sells(rep, lan)
    for box in ("☐ 1", "☐ 4"):
        await rep.taps(box)
    await rep.taps("☐ 2")
    await rep.taps("Đã gửi")
    await company.waits_until(in_hanoi("2026-11-30 09:00"))
    rep.sees("Ghi lại phản hồi của khách", "Hỏi cảm nhận sau một tuần")
    await rep.taps("Xong")
    rep.does_not_see("Cả 2 việc")
    await rep.taps("Ghi lại phản hồi")
    rep.sees("chị Lan nói gì")
    await rep.says("rất hài lòng")
    await rep.says("/homnay")
    rep.does_not_see("Ghi lại phản hồi")
    await rep.taps("Xong")
    await rep.taps("Nghe máy")
    assert (await steps_of(rep, sale.id))["feeling"] is FollowUpState.DONE


async def test_a_task_done_from_its_reminder_is_ticked_on_the_checklist(company: Company) -> None:
    rep = await company.hires("Minh")
    sale = await sells(rep, await knows(rep, "Lan"))
    checklist = rep.screen[0].ref
    await rep.says("/homnay")
    await rep.taps("Xong")
    await rep.taps("Đã nhắn")
    await rep.taps_old(checklist, f"checklist.show:{sale.id}")
    rep.sees("✅ 2.", "☐ 1.")


async def test_no_box_of_another_rep_can_be_ticked(company: Company) -> None:
    rep, other = await company.hires("Minh"), await company.hires("Trang")
    lan = await knows(rep, "Lan")
    sale = await sells(rep, lan)
    first = min(item.id for item in await open_items(rep, lan))
    plain = await promises(rep, lan, "gọi lại", on("2026-11-24"))
    for verb in ("tick", "clear", "sent", "silent"):
        await other.taps_old("1", f"checklist.{verb}:{first}")
        assert (other.fresh, bool(other.toast)) == ([], True)
    await other.taps_old("1", f"checklist.potential:{first}:high")
    await other.taps_old("1", f"checklist.show:{sale.id}")
    assert other.fresh == []
    await rep.taps_old("1", f"checklist.tick:{plain.id}")
    await rep.taps_old("1", f"checklist.potential:{first}:enormous")
    assert rep.toast
    assert set((await steps_of(rep, sale.id)).values()) == {FollowUpState.OPEN}
