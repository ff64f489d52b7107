"""Members whom only the Official Account leads to: asked for a word in time, and what was kept while they were silent comes back."""

from datetime import timedelta

from markupsafe import Markup

from bot.domain.delivery import DeliveryState
from bot.domain.mailroom import Address
from bot.domain.people import Role
from bot.messages import Reply
from bot.pushes import push_due
from bot.silence import note_silence
from bot.turn import send_to_member
from tests.chat import Company, Person
from tests.handlers.test_reaching_zalo import refuses, serves
from tests.handlers.work import in_hanoi, knows, member_of, on, promises

ONE_WORD = "Trả lời một chữ bất kỳ để em nhắc tiếp được trên Zalo"


async def two(company: Company) -> tuple[Person, Person]:
    """An owner on Telegram, and a rep on the Official Account who has just written."""
    await serves(company)
    boss = await company.hires("Hà", Role.OWNER)
    rep = await company.hires("Trang", channel="zalo")
    await rep.says("/trogiup")
    return boss, rep


async def test_reminders_ask_for_a_word_on_the_last_day_of_the_window(company: Company) -> None:
    _, rep = await two(company)
    lan = await knows(rep, "Lan")
    await promises(rep, lan, "gọi lại", on("2026-11-23 16:00"))
    await promises(rep, lan, "gửi hợp đồng", on("2026-11-24 16:00"))
    await company.waits_until(in_hanoi("2026-11-23 16:01"))
    rep.sees("gọi lại")
    rep.does_not_see(ONE_WORD)
    await company.waits_until(in_hanoi("2026-11-24 16:01"))
    rep.sees("gửi hợp đồng", ONE_WORD)


async def test_where_it_may_cost_the_window_is_longer(company: Company) -> None:
    _, rep = await two(company)
    await serves(company, paid=True)
    lan = await knows(rep, "Lan")
    await promises(rep, lan, "gửi hợp đồng", on("2026-11-24 16:00"))
    await promises(rep, lan, "hỏi thăm", on("2026-11-27 16:00"))
    await promises(rep, lan, "gọi lại", on("2026-11-29 16:00"))
    await company.waits_until(in_hanoi("2026-11-24 16:01"))
    rep.does_not_see(ONE_WORD)
    await company.waits_until(in_hanoi("2026-11-27 16:01"))
    rep.sees("hỏi thăm")
    await company.waits_until(in_hanoi("2026-11-29 16:01"))
    rep.sees("gọi lại", ONE_WORD)


async def test_what_comes_after_it_is_kept_the_owner_hears_once_and_a_word_brings_the_list(company: Company) -> None:
    boss, rep = await two(company)
    lan = await knows(rep, "Lan")
    await promises(rep, lan, "gọi lại", on("2026-11-25 16:00"))
    await promises(rep, lan, "gửi hợp đồng", on("2026-11-26 16:00"))
    await company.waits_until(in_hanoi("2026-11-25 16:01"))
    assert rep.reads() == ""
    boss.sees("🔕 Lời nhắc của em không tới được Trang nữa")
    async with company.store.begin() as uow:
        note = Reply(Markup("Khách mới của anh/chị"))
        assert await send_to_member(uow, member_of(rep).id, "test:note", "notice", note, company.clock.now())
        await uow.commit()
    await company.waits_until(in_hanoi("2026-11-26 16:01"))
    assert rep.reads() == ""
    boss.does_not_see("không tới được Trang")
    await boss.says("/nhatky gui")
    boss.sees("lời nhắc qua Zalo cho Trang", "lâu rồi chưa nhắn trên Zalo", "nhờ họ nhắn một chữ bất kỳ trên Zalo")
    assert not [label for label in boss.buttons() if "Gửi lại" in label]
    await rep.says("/trogiup")
    rep.fresh = []
    await company.delivers_pushes()
    rep.sees("Khách mới của anh/chị", "gọi lại", "gửi hợp đồng")
    assert len(rep.fresh) == 2  # one list, and not a card for each of the days
    rep.fresh = []
    await company.delivers_pushes()
    assert rep.reads() == ""
    await boss.says("/nhatky gui")
    boss.sees("Mọi tin đều đã tới nơi")


async def test_a_second_silence_is_told_anew(company: Company) -> None:
    boss, rep = await two(company)
    lan = await knows(rep, "Lan")
    await promises(rep, lan, "gọi lại", on("2026-11-25 16:00"))
    await promises(rep, lan, "gửi hợp đồng", on("2026-11-30 16:00"))
    await company.waits_until(in_hanoi("2026-11-25 16:01"))
    boss.sees("không tới được Trang")
    await rep.says("/trogiup")
    await company.waits_until(in_hanoi("2026-11-30 16:01"))
    boss.sees("không tới được Trang")


async def test_the_channels_word_counts(company: Company) -> None:
    boss, rep = await two(company)
    lan = await knows(rep, "Lan")
    await promises(rep, lan, "gọi lại", on("2026-11-23 16:00"))
    company.clock.wind_to(in_hanoi("2026-11-23 16:00"))
    await push_due(company.store, company.clock.now(), company.conversation.translator, "Shop")
    await refuses(company, "window_closed: -230 silent")
    for _ in range(2):
        await note_silence(company.store, Address("zalo", rep.user_id), company.clock.now())
    await company.delivers_pushes()
    assert boss.reads().count("không tới được Trang") == 1
    await company.waits(timedelta(minutes=1))
    await rep.says("/trogiup")
    rep.fresh = []
    await company.delivers_pushes()
    rep.sees("gọi lại")
    rep.does_not_see("Gửi lại: có thể anh/chị đã nhận")


async def test_a_member_is_written_to_on_telegram_then_by_the_zalo_bot_then_on_zalo(company: Company) -> None:
    _, rep = await two(company)
    member_id = member_of(rep).id
    for channel in ("zalo_bot", "telegram"):
        async with company.store.begin() as uow:
            await uow.members.link(member_id, channel, f"7{channel}", f"7{channel}")
            await uow.commit()
        async with company.store.read() as uow:
            assert await uow.members.address(member_id) == Address(channel, f"7{channel}")


async def test_the_ledger_says_what_was_received_and_seen(company: Company) -> None:
    boss, rep = await two(company)
    lan = await knows(rep, "Lan")
    await promises(rep, lan, "gọi lại", on("2026-11-23 16:00"))
    await company.waits_until(in_hanoi("2026-11-23 16:01"))
    refs = [shown.ref for shown in rep.screen]
    await company.store.ledger.arrived(["zalo"], refs, company.clock.now(), seen=False)
    await company.store.ledger.arrived(["zalo"], refs[-1:], company.clock.now(), seen=True)
    await boss.says("/nhatky gui")
    boss.sees(f"📬 Trong đó theo Zalo: đã nhận {len(refs)}, đã xem 1")


async def test_what_zalo_lacks_says_so_and_may_go_again(company: Company) -> None:
    boss, rep = await two(company)
    async with company.store.begin() as uow:
        await send_to_member(uow, member_of(rep).id, "test:note", "notice", Reply(Markup("Alo")), company.clock.now())
        await uow.commit()
    await refuses(company, "not_in_order: -115 no money", DeliveryState.FAILED)
    await boss.says("/nhatky gui")
    boss.sees("thông báo qua Zalo cho Trang", "thiếu tiền, gói hoặc quyền", "Nhờ người vận hành kiểm tra tài khoản")
    boss.does_not_see("-115")
    await boss.taps("Gửi lại")
    await company.delivers_pushes()
    rep.sees("Alo")
