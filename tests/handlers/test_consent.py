"""No message without a yes, and STOP is heard at once."""

from datetime import timedelta

from markupsafe import Markup

from bot.domain.consent import Purpose
from bot.domain.customers import Customer
from bot.domain.people import Role
from bot.domain.reaching import Route, Unasked
from bot.messages import Reply
from bot.reaching import reach
from tests.chat import Company, Person
from tests.handlers.work import in_hanoi, knows, open_items, timeline

WORDS = Markup("Chị dùng thấy thế nào ạ?")


async def a_customer(company: Company, *, linked: bool = True, agreed: bool = True) -> tuple[Person, Person, Customer]:
    await company.hires("Bảo", Role.OWNER)
    rep = await company.hires("Trang")
    customer, lan = await knows(rep, "Lan"), company.meets("Ngọc Lan")
    if linked:
        await company.links(lan, customer)
    if agreed:
        async with company.store.begin() as uow:
            await uow.consents.give(customer.id, Purpose.CARE, "telegram", "…", "tapped", company.clock.now())
            await uow.commit()
    return rep, lan, customer


async def sends(company: Company, customer: Customer, key: str = "survey:1", *, asked: bool = False) -> Route | Unasked:
    async with company.store.begin() as uow:
        way = await reach(
            uow,
            customer,
            "survey",
            Reply(WORDS),
            company.clock.now(),
            key=key,
            asked=asked,
            translators=company.conversation.translator,
            text_for_rep=WORDS,
        )
        await uow.commit()
    return way


async def test_with_a_yes_it_goes_once_and_the_route_stands_on_the_timeline(company: Company) -> None:
    rep, lan, customer = await a_customer(company)
    assert await sends(company, customer) is Route.TELEGRAM
    await company.delivers_pushes()
    lan.sees("Chị dùng thấy thế nào ạ?")
    (entry,) = await timeline(rep, customer)
    assert (entry.text, entry.details["route"], entry.details["about"]) == (str(WORDS), "telegram", "survey")


async def test_without_a_yes_nothing_goes_but_an_answer_does(company: Company) -> None:
    rep, lan, customer = await a_customer(company, agreed=False)
    assert await sends(company, customer) is Unasked.NO_CONSENT
    assert await timeline(rep, customer) == []
    assert await sends(company, customer, "ticket:1", asked=True) is Route.TELEGRAM
    await company.delivers_pushes()
    assert len(lan.fresh) == 1


async def test_who_is_not_linked_is_the_reps_to_write_to(company: Company) -> None:
    rep, _, customer = await a_customer(company, linked=False, agreed=False)
    assert await sends(company, customer) is Route.TASK
    assert await sends(company, customer) is Route.TASK
    await company.delivers_pushes()
    rep.sees("Nhờ anh/chị gửi giúp cho chị Lan", "Chị dùng thấy thế nào ạ?", "Sao chép")
    assert len(rep.fresh) == 1
    (item,) = await open_items(rep, customer)
    assert item.text == "Gửi cho khách: Chị dùng thấy thế nào ạ?"


async def test_at_night_it_waits_for_the_morning_and_one_a_day_three_a_month_is_all(company: Company) -> None:
    _, lan, customer = await a_customer(company)
    await company.waits_until(in_hanoi("2026-11-23 22:10"))
    assert await sends(company, customer, "a") is Route.TELEGRAM
    await company.delivers_pushes()
    assert lan.reads() == ""
    await company.waits_until(in_hanoi("2026-11-24 07:00"))
    lan.sees("Chị dùng thấy thế nào ạ?")
    assert await sends(company, customer, "b") is Unasked.TOO_MANY
    for day in ("2026-11-27", "2026-12-02"):
        await company.waits_until(in_hanoi(f"{day} 09:00"))
        assert await sends(company, customer, day) is Route.TELEGRAM
    await company.waits_until(in_hanoi("2026-12-20 09:00"))
    assert await sends(company, customer, "d") is Unasked.TOO_MANY
    await company.waits_until(in_hanoi("2026-12-24 09:00"))
    assert await sends(company, customer, "e") is Route.TELEGRAM


async def test_nothing_interrupts_a_conversation(company: Company) -> None:
    rep, lan, customer = await a_customer(company)
    await lan.says("Em ơi")
    assert await sends(company, customer, "a") is Unasked.TALKING
    await company.waits(timedelta(minutes=100))
    await rep.replies("Em ơi", "Dạ")
    await company.waits(timedelta(minutes=100))
    assert await sends(company, customer, "b") is Unasked.TALKING
    await company.waits(timedelta(minutes=21))
    assert await sends(company, customer, "c") is Route.TELEGRAM


async def test_stop_is_confirmed_once_withdraws_what_waits_and_the_rep_hears(company: Company) -> None:
    rep, lan, customer = await a_customer(company)
    await company.waits_until(in_hanoi("2026-11-23 22:10"))
    await sends(company, customer)
    await lan.says("Thôi đừng nhắn nữa em")
    lan.sees("không gửi tin chăm sóc và khảo sát nữa", "BAT LAI")
    await company.delivers_pushes()
    rep.sees("🔕 chị Lan không muốn nhận tin chăm sóc nữa", "Thôi đừng nhắn nữa em")
    await lan.says("STOP")
    assert lan.reads() == ""
    await company.waits_until(in_hanoi("2026-11-24 09:00"))
    lan.never_saw("Chị dùng thấy thế nào ạ?")
    assert await sends(company, customer, "b") is Unasked.NO_CONSENT
    await rep.says("KH000001")
    rep.sees("🔕 Không nhận tin chăm sóc (từ T2 23/11/2026)")
    await lan.says("bật lại")
    lan.sees("nhắn DUNG")
    assert await sends(company, customer, "c") is Unasked.TALKING
    await company.waits(timedelta(hours=3))
    assert await sends(company, customer, "c") is Route.TELEGRAM


async def test_stop_holds_for_a_customer_who_never_said_yes_and_for_the_reps_task(company: Company) -> None:
    rep, _, customer = await a_customer(company, linked=False, agreed=False)
    await rep.taps_old("x:1", f"customer.more:{customer.id}")
    await rep.taps("Tin chăm sóc")
    rep.sees("Chưa hỏi khách có muốn nhận tin chăm sóc không")
    await rep.taps("Khách không muốn nhận")
    rep.sees("Không nhận tin chăm sóc")
    assert await sends(company, customer) is Unasked.NO_CONSENT


async def test_a_rep_notes_a_yes_with_their_word_as_evidence(company: Company) -> None:
    rep, _, customer = await a_customer(company, agreed=False)
    await rep.taps_old("x:1", f"consent.ask:{customer.id}")
    await rep.taps("Khách đồng ý nhận tin")
    rep.sees("Đồng ý nhận tin chăm sóc ngày T2 23/11/2026")
    async with company.store.read() as uow:
        consent = await uow.consents.latest(customer.id, Purpose.CARE)
    assert consent
    assert "Trang" in consent.evidence
    assert "ba tin một tháng" in consent.wording
    assert await sends(company, customer) is Route.TELEGRAM


async def test_no_is_as_good_as_yes(company: Company) -> None:
    _, lan, customer = await a_customer(company, agreed=False)
    await lan.taps_old("x:1", "g.consent:no")
    lan.sees("chỉ nhắn khi anh/chị nhắn trước")
    async with company.store.read() as uow:
        consent = await uow.consents.latest(customer.id, Purpose.CARE)
    assert consent
    assert consent.withdrawn_at


async def test_who_said_stop_hears_nothing_until_they_write(company: Company) -> None:
    rep, lan, customer = await a_customer(company)
    await lan.says("STOP")
    await rep.taps_old("x:1", f"relay.write:{customer.id}")
    rep.sees("không muốn nhận tin")
    await rep.taps_old("x:1", f"relay.answer:{customer.id}")
    await rep.says("chị Lan cần tư vấn thêm")
    await company.delivers_pushes()
    lan.never_saw("tư vấn thêm")
    await company.waits(timedelta(minutes=5))
    await lan.says("Em ơi cho chị hỏi")
    await rep.taps_old("x:1", f"relay.answer:{customer.id}")
    await rep.says("Dạ em nghe ạ")
    await company.delivers_pushes()
    lan.sees("Dạ em nghe ạ")
