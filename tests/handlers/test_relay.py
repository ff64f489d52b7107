"""Customers and reps talk through the bot, each in their own chat."""

from datetime import timedelta

from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.mailroom import Address
from bot.domain.people import Role
from bot.domain.timeline import InteractionKind
from tests.chat import Company, Person
from tests.handlers.test_surveys import asks, is_linked
from tests.handlers.work import in_hanoi, knows, timeline


async def a_talk(company: Company) -> tuple[Person, Person]:
    """A rep and a linked customer of theirs, Ms Lan."""
    await company.hires("Bảo", Role.OWNER)
    rep = await company.hires("Trang")
    lan = company.meets("Ngọc Lan")
    await company.links(lan, await knows(rep, "Lan", phone="+84912345678"))
    return rep, lan


async def test_what_a_customer_writes_is_shown_to_the_rep_who_answers_by_replying(company: Company) -> None:
    rep, lan = await a_talk(company)
    await lan.says("Bao giờ giao hàng <b>vậy</b> em?")
    assert lan.reads() == ""
    await company.delivers_pushes()
    rep.sees("💬 chị Lan (KH000001): Bao giờ giao hàng <b>vậy</b> em?", "Trả lời")
    await rep.replies("Bao giờ giao hàng", "Dạ sáng mai ạ")
    rep.sees("Đã gửi chị Lan")
    await company.delivers_pushes()
    lan.sees("Trang\nDạ sáng mai ạ")
    await rep.says("KH000001")
    rep.sees("Khách nhắn: Bao giờ giao hàng", "Nhắn tin: Dạ sáng mai ạ")


async def test_the_button_asks_and_whatever_is_typed_then_goes_to_the_customer(company: Company) -> None:
    rep, lan = await a_talk(company)
    await knows(rep, "Minh", "anh", "+84903555210")
    await lan.says("Còn hàng không em?")
    await company.delivers_pushes()
    await rep.taps("Trả lời")
    await rep.says("Dạ còn, anh Minh 0903 555 210 bên kho sẽ gọi chị")
    rep.sees("Đã gửi chị Lan")
    await company.delivers_pushes()
    lan.sees("anh Minh 0903 555 210 bên kho sẽ gọi chị")


async def test_photos_and_voice_go_both_ways(company: Company) -> None:
    rep, lan = await a_talk(company)
    await lan.sends_file("vết xước.jpg", caption="Bị xước em ơi")
    await company.delivers_pushes()
    rep.sees("Bị xước em ơi")
    shown = rep.fresh[-1].reply.stored_file
    assert shown
    assert (shown.file_id, shown.kind) == ("file-vết xước.jpg", "photo")
    await rep.replies("Bị xước", file="lời xin lỗi", kind="voice")
    rep.sees("Đã gửi chị Lan")
    await rep.taps("Trả lời")
    await rep.sends_file("ảnh mới.jpg")
    rep.sees("Đã gửi chị Lan")
    await company.delivers_pushes()
    got = [shown.reply.stored_file.kind for shown in lan.fresh if shown.reply.stored_file]
    assert got == ["voice", "photo"]


async def test_a_reply_to_anything_else_is_no_answer_to_a_customer(company: Company) -> None:
    rep, lan = await a_talk(company)
    await rep.says("KH000001")
    await rep.replies("KH000001", "chị Lan khó tính")
    rep.does_not_see("Đã gửi chị Lan")
    await company.delivers_pushes()
    lan.never_saw("khó tính")


async def test_what_a_customer_writes_is_no_touch_of_the_reps(company: Company) -> None:
    rep, lan = await a_talk(company)
    customer = await knows(rep, "Hoa", phone="+84912000111")
    hoa = company.meets("Hoa")
    await company.links(hoa, customer)
    await hoa.says("Alo")
    assert [entry.kind for entry in await timeline(rep, customer)] == [InteractionKind.WROTE]
    assert lan.reads() == ""


async def test_the_rep_is_reminded_after_half_an_hour_and_the_manager_after_two(company: Company) -> None:
    owner = await company.hires("Bảo", Role.OWNER)
    manager, rep = await company.hires("Hoài", Role.MANAGER), await company.hires("Trang")
    lan = company.meets("Ngọc Lan")
    await company.links(lan, await knows(rep, "Lan"))
    await lan.says("Alo em ơi")
    await lan.says("Em đâu rồi")
    await company.waits(timedelta(minutes=29))
    rep.does_not_see("đang chờ anh/chị trả lời")
    await company.waits(timedelta(minutes=2))
    rep.sees("⏰ chị Lan đang chờ anh/chị trả lời từ lúc 08:40", "Em đâu rồi")
    manager.does_not_see("chưa được trả lời")
    await company.waits(timedelta(minutes=90))
    manager.sees("🚨 chị Lan nhắn cho Trang lúc 08:40 mà chưa được trả lời")
    owner.never_saw("chưa được trả lời")
    await company.waits(timedelta(hours=5))
    manager.does_not_see("chưa được trả lời")
    await rep.replies("đang chờ anh/chị", "Dạ em đây")
    await company.delivers_pushes()
    lan.sees("Dạ em đây")


async def test_an_answer_in_time_ends_the_wait(company: Company) -> None:
    rep, lan = await a_talk(company)
    await lan.says("Alo em ơi")
    await company.delivers_pushes()
    await rep.replies("Alo", "Dạ")
    await company.waits(timedelta(hours=6))
    rep.never_saw("đang chờ anh/chị trả lời")


async def test_working_minutes_alone_count(company: Company) -> None:
    rep, lan = await a_talk(company)
    await company.waits_until(in_hanoi("2026-11-28 17:20"))  # a Saturday evening; Sunday is off
    await lan.says("Mai giao được không em?")
    await company.waits_until(in_hanoi("2026-11-30 08:15"))
    rep.never_saw("đang chờ anh/chị trả lời")
    await company.waits_until(in_hanoi("2026-11-30 08:21"))
    rep.sees("đang chờ anh/chị trả lời từ lúc 17:20")


async def test_outside_working_hours_the_customer_hears_once_a_day_who_answers_when(company: Company) -> None:
    _, lan = await a_talk(company)
    await company.waits_until(in_hanoi("2026-11-24 19:30"))
    await lan.says("Shop ơi")
    await company.delivers_pushes()
    lan.sees("Trang sẽ trả lời anh/chị lúc 08:00 T4 25/11")
    await lan.says("Còn đó không")
    await company.delivers_pushes()
    assert lan.reads() == ""


async def test_an_answer_that_did_not_arrive_comes_back_with_send_again(company: Company) -> None:
    rep, lan = await a_talk(company)
    await lan.says("Alo")
    await company.delivers_pushes()
    await rep.replies("Alo", "Dạ em gửi báo giá")
    await loses(company, DeliveryState.UNKNOWN, "ambiguous: TimeoutError")
    await company.delivers_pushes()
    rep.sees("Em không chắc tin này đã tới chị Lan chưa", "Dạ em gửi báo giá")
    lan.does_not_see("báo giá")
    await rep.taps("Gửi lại")
    await rep.taps("Gửi lại")
    await company.delivers_pushes()
    assert [shown.words for shown in lan.fresh] == ["Trang\nDạ em gửi báo giá"]
    await company.delivers_pushes()
    assert rep.reads().count("Em không chắc") == 0


async def test_a_customer_who_blocked_us_is_to_be_called(company: Company) -> None:
    rep, lan = await a_talk(company)
    await lan.says("Alo")
    await company.delivers_pushes()
    await rep.replies("Alo", "Dạ em nghe")
    await loses(company, DeliveryState.FAILED, "forbidden: bot was blocked by the user")
    await company.store.ledger.block(Address("telegram", lan.user_id), company.clock.now())
    await company.delivers_pushes()
    rep.sees("chị Lan đã chặn hoặc xoá tài khoản", "gọi điện")
    assert not [label for label in rep.buttons() if "Gửi lại" in label]
    await rep.replies("Alo", "Chị ơi")
    rep.sees("Hiện không nhắn được cho chị Lan")
    await lan.says("Chị mở lại rồi")
    await company.delivers_pushes()
    await rep.replies("Chị mở lại", "Dạ hay quá")
    rep.sees("Đã gửi chị Lan")


async def test_who_has_not_linked_is_not_written_to(company: Company) -> None:
    rep = await company.hires("Trang")
    customer = await knows(rep, "Lan")
    await rep.taps_old("x:1", f"relay.write:{customer.id}")
    await rep.says("Chào chị <Lan>")
    rep.sees("Hiện không nhắn được cho chị Lan", "Chào chị <Lan>")


async def loses(company: Company, state: DeliveryState, error: str) -> None:
    """What is due goes out, and the channel loses it."""
    now = company.clock.now()
    found: list[Delivery] = list(await company.store.ledger.claim(now, 100, "test", now + timedelta(minutes=1)))
    assert found
    for delivery in found:
        await company.store.ledger.settle(delivery, state, error, None)


async def test_files_without_words_are_named_on_the_timeline_and_what_we_sent_is_no_change(company: Company) -> None:
    rep, lan = await a_talk(company)
    await lan.sends_file("giọng nói.ogg", "voice")
    await company.delivers_pushes()
    await rep.taps("Trả lời")
    await rep.sends_file("ảnh mới.jpg")
    await rep.says("KH000001")
    rep.sees("Khách nhắn: 🎤 ghi âm", "Nhắn tin: 🖼 ảnh")


async def test_what_a_customer_was_told_of_their_ticket_and_did_not_receive_comes_back_to_the_rep(
    company: Company,
) -> None:
    rep, lan = await a_talk(company)
    await rep.taps_old("x:1", "ticket.add:1:complaint")
    await rep.says("Giao trễ hai ngày")
    await rep.taps_old("x:1", "ticket.solve:1")
    await rep.says("Đã giao bù")
    await rep.taps_old("x:1", "ticket.cost:1:0")
    await loses(company, DeliveryState.UNKNOWN, "ambiguous: TimeoutError")
    rep.fresh = []
    await company.delivers_pushes()
    rep.sees("Em không chắc tin này đã tới chị Lan chưa", "Trả lời")
    assert not [label for label in rep.buttons() if "Gửi lại" in label]
    lan.does_not_see("giao bù")
    rep.fresh = []
    await company.delivers_pushes()
    assert rep.reads().count("Em không chắc") == 0


async def test_an_owner_is_reminded_of_their_own_customer_as_such(company: Company) -> None:
    boss = await company.hires("Bảo", Role.OWNER)
    lan = company.meets("Ngọc Lan")
    await company.links(lan, await knows(boss, "Lan"))
    await lan.says("Alo shop ơi")
    await company.waits(timedelta(hours=5))
    boss.sees("chị Lan đang chờ anh/chị trả lời")
    boss.never_saw("nhắn cho Bảo")


async def test_a_comment_that_is_too_long_for_one_reaches_the_rep_whole(company: Company) -> None:
    minh = await company.hires("Minh", Role.OWNER)
    lan = await knows(minh, "Lan")
    phone = await is_linked(minh, lan)
    await asks(minh, lan)
    await phone.taps("1")
    await phone.says("giao trễ. " * 150 + "Gọi lại trước 5 giờ")
    await company.delivers_pushes()
    minh.sees("Gọi lại trước 5 giờ")


async def test_who_writes_again_after_everybody_was_reminded_is_looked_after_anew(company: Company) -> None:
    await company.hires("Bảo", Role.OWNER)
    manager, rep = await company.hires("Hoài", Role.MANAGER), await company.hires("Trang")
    lan = company.meets("Ngọc Lan")
    await company.links(lan, await knows(rep, "Lan"))
    await lan.says("Alo em ơi")
    await company.waits(timedelta(hours=2))
    manager.sees("chưa được trả lời")
    await company.waits(timedelta(hours=1))
    await lan.says("Vẫn không ai trả lời à")
    await company.waits(timedelta(minutes=31))
    rep.sees("chị Lan đang chờ anh/chị trả lời", "Vẫn không ai trả lời à")


async def test_who_was_called_or_met_waits_no_more(company: Company) -> None:
    rep, lan = await a_talk(company)
    await lan.says("Alo em ơi")
    await company.delivers_pushes()
    await rep.says("đã gọi chị Lan, hẹn thứ 6")
    await company.waits(timedelta(hours=2))
    rep.does_not_see("đang chờ anh/chị trả lời")
