"""By which way a customer on Zalo is reached: free, against a fee, as an approved template, else by the rep; who sees what of it."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.answering import look_after_answers
from bot.domain.consent import Purpose
from bot.domain.customers import Customer
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.mailroom import Address
from bot.domain.people import Role
from bot.domain.reaching import Contact, Route
from bot.domain.timeline import InteractionKind
from bot.domain.zalo import Service
from bot.domain.zalo_templates import FieldValue, TemplateField, TemplateKind, ZaloTemplate
from bot.messages import Reply
from bot.storage.store import SqlStore
from tests.chat import PAGES, Company, Person
from tests.handlers.test_privacy import everything_stored
from tests.handlers.test_surveys import TOKEN, the_survey
from tests.handlers.work import in_hanoi, knows, open_items, sells, timeline

BOTH = ("telegram", "zalo", "zalo_bot")


async def serves(company: Company, *, paid: bool = False, channels: Sequence[str] = BOTH) -> None:
    """What the operator has put in service."""
    async with company.store.begin() as uow:
        await uow.zalo.put_in_service(Service(channels, paid))
        await uow.commit()


async def has_template(
    company: Company, kind: TemplateKind, *, by_user: bool = True, by_phone: bool = True, ready: bool = True
) -> None:
    """A template that a manager has chosen, with its fields filled."""
    fields = (TemplateField("customer_name", longest=30), TemplateField("link", longest=200))
    values = {"customer_name": FieldValue.CUSTOMER.value, "link": FieldValue.LINK.value if ready else ""}
    if kind in (TemplateKind.ANSWER, TemplateKind.SOLVED):
        fields = (TemplateField("customer_name", longest=30), TemplateField("words", longest=200))
        values = {"customer_name": FieldValue.CUSTOMER.value, "words": FieldValue.WORDS.value}
    template = ZaloTemplate(kind, "400123", "Chăm sóc", fields, values, 800, 560, by_user, by_phone)
    async with company.store.begin() as uow:
        await uow.zalo.keep_template(template)
        await uow.commit()


async def on_zalo(company: Company, *, agreed: bool = True, channel: str = "zalo") -> tuple[Person, Customer, Person]:
    """A rep, a customer of theirs, and the customer's phone on Zalo, who wrote a while ago."""
    await company.hires("Bảo", Role.OWNER)
    rep = await company.hires("Trang")
    customer = await knows(rep, "Lan")
    lan, now = company.meets("Ngọc Lan", channel), company.clock.now()
    async with company.store.begin() as uow:
        await uow.contacts.link(Contact(channel, lan.user_id, lan.user_id, customer.id, now, last_wrote_at=now))
        if agreed:
            await uow.consents.give(customer.id, Purpose.CARE, channel, "đồng ý", "nhắn", now)
        await uow.commit()
    return rep, customer, lan


async def asks(rep: Person) -> None:
    await rep.says("/khaosat chị Lan")
    await rep.taps("hài lòng")
    await rep.company.delivers_pushes()


async def routes_of(rep: Person, customer: Customer) -> list[str]:
    """Which ways stand on the timeline, oldest first."""
    entries = await timeline(rep, customer)
    return [entry.details["route"] for entry in reversed(entries) if "route" in entry.details]


async def refuses(company: Company, error: str, state: DeliveryState = DeliveryState.FAILED) -> list[Delivery]:
    """What is due goes out to customers, and the channel refuses it."""
    now = company.clock.now()
    found = list(await company.store.ledger.claim(now, 100, "test", now + timedelta(minutes=1)))
    assert found
    for delivery in found:
        await company.store.ledger.settle(delivery, state, error, None)
    return found


# The order of the ways ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("silent_for", "paid", "route", "words"),
    [
        (timedelta(hours=47), False, Route.ZALO, "Đã gửi qua Zalo (khảo sát)"),
        (timedelta(days=3), True, Route.ZALO_PAID, "Đã gửi qua Zalo tính phí (khảo sát)"),
        (timedelta(days=3), False, Route.ZALO_TEMPLATE, "Đã gửi qua mẫu tin Zalo (khảo sát)"),
        (timedelta(days=8), True, Route.ZALO_TEMPLATE, "Đã gửi qua mẫu tin Zalo (khảo sát)"),
    ],
)
async def test_a_survey_by_hand_goes_by_the_first_way_that_is_open_and_the_timeline_says_which(
    company: Company, silent_for: timedelta, paid: bool, route: Route, words: str
) -> None:
    await serves(company, paid=paid)
    await has_template(company, TemplateKind.CSAT)
    rep, customer, lan = await on_zalo(company)
    await company.waits(silent_for)
    await asks(rep)
    rep.sees("Đã gửi khảo sát hài lòng (1–5) đến chị Lan")
    assert await routes_of(rep, customer) == [route]
    assert len(company.templates) == (route is Route.ZALO_TEMPLATE)
    assert bool(lan.fresh) == (route is not Route.ZALO_TEMPLATE)
    await rep.says("KH000001")
    rep.sees(words)


async def planned(company: Company) -> tuple[Person, Customer, Person]:
    """A sale on a Monday, whose feeling is asked a week later; the customer wrote on the Friday between, three days before."""
    rep, customer, lan = await on_zalo(company)
    await sells(rep, customer)
    await company.waits_until(in_hanoi("2026-11-27 09:00"))
    await lan.says("Hàng dùng tốt em nhé")
    await company.delivers_pushes()
    await rep.replies("Hàng dùng tốt", "Dạ em cảm ơn chị")
    await company.waits_until(in_hanoi("2026-11-30 08:59"))
    rep.screen, lan.fresh = [], []
    return rep, customer, lan


async def test_a_survey_three_days_after_the_last_message_goes_by_template_when_one_is_configured(
    company: Company,
) -> None:
    await serves(company)
    await has_template(company, TemplateKind.CSAT)
    rep, customer, lan = await planned(company)
    await company.waits_until(in_hanoi("2026-11-30 09:01"))
    [went] = company.templates
    template = Reply.from_record(went.payload).template
    assert template
    assert (went.channel, went.chat_id) == ("zalo_template", f"user:{lan.user_id}")
    assert (template.template_id, template.price_vnd) == ("400123", 560)
    assert template.data["customer_name"].endswith("Lan")
    token = TOKEN.search(template.data["link"])
    assert token
    survey = await the_survey(company, token[1])
    assert survey.route == Route.ZALO_TEMPLATE
    assert isinstance(company.store, SqlStore)
    assert not any(token[1] in words for words in (await everything_stored(company.store)).values())
    lan.does_not_see("hài lòng")
    assert (await routes_of(rep, customer))[-1] == Route.ZALO_TEMPLATE
    assert not [item for item in await open_items(rep, customer) if item.step == "feeling"]
    await rep.says("KH000001")
    rep.sees("Đã gửi qua mẫu tin Zalo (khảo sát)")


async def test_the_same_becomes_the_reps_task_when_none_is_and_nothing_may_cost(company: Company) -> None:
    await serves(company)
    rep, customer, lan = await planned(company)
    await company.waits_until(in_hanoi("2026-11-30 09:01"))
    assert not company.templates
    lan.does_not_see("hài lòng")
    rep.sees("chị Lan đã im trên Zalo quá 48 giờ: nhắn lúc này mất 55 ₫ nên em không gửi", f"{PAGES}/s/", "Sao chép")
    token = TOKEN.search(rep.reads())
    assert token
    assert (await the_survey(company, token[1])).route == Route.TASK
    assert [item.step for item in await open_items(rep, customer)].count("feeling") == 1  # the step is the task
    assert (await routes_of(rep, customer))[-1] == Route.TASK
    await rep.says("KH000001")
    rep.sees("Việc cho nhân viên (khảo sát)")
    rep.does_not_see(token[1])
    assert isinstance(company.store, SqlStore)
    assert not any(token[1] in words for words in (await everything_stored(company.store)).values())


async def test_the_same_goes_as_a_paid_message_where_that_may_be(company: Company) -> None:
    await serves(company, paid=True)
    rep, customer, lan = await planned(company)
    await company.waits_until(in_hanoi("2026-11-30 09:01"))
    lan.sees("😍 5")
    assert (await routes_of(rep, customer))[-1] == Route.ZALO_PAID
    await rep.says("KH000001")
    rep.sees("Đã gửi qua Zalo tính phí (khảo sát)")


async def test_who_never_wrote_is_asked_at_their_number_only_where_they_agreed(company: Company) -> None:
    await serves(company)
    await has_template(company, TemplateKind.CSAT)
    rep = await company.hires("Trang")
    customer = await knows(rep, "Lan", phone="+84912345678")
    await asks(rep)
    assert not company.templates
    async with company.store.begin() as uow:
        await uow.consents.give(customer.id, Purpose.CARE, "", "đồng ý", "nói", company.clock.now())
        await uow.commit()
    await asks(rep)
    [went] = company.templates
    assert went.chat_id == "phone:84912345678"
    template = Reply.from_record(went.payload).template
    assert template
    assert template.price_vnd == 800


async def test_a_step_of_the_playbook_asks_at_their_number_who_never_wrote(company: Company) -> None:
    await serves(company)
    await has_template(company, TemplateKind.CSAT)
    rep = await company.hires("Trang")
    customer = await knows(rep, "Lan", phone="+84912345678")
    async with company.store.begin() as uow:
        await uow.consents.give(customer.id, Purpose.CARE, "", "đồng ý", "nói", company.clock.now())
        await uow.commit()
    await sells(rep, customer)
    await company.waits_until(in_hanoi("2026-11-30 10:00"))
    [went] = company.templates
    assert went.chat_id == "phone:84912345678"
    assert went.due_at.replace(microsecond=0) == in_hanoi("2026-11-30 09:00")
    assert await routes_of(rep, customer) == [Route.ZALO_TEMPLATE]


async def test_an_unfilled_template_is_none_and_by_hand_the_rep_gets_the_link_at_once(company: Company) -> None:
    await serves(company)
    await has_template(company, TemplateKind.CSAT, ready=False)
    rep, customer, _ = await on_zalo(company)
    await company.waits(timedelta(days=3))
    await asks(rep)
    assert TOKEN.search(rep.reads())
    assert await routes_of(rep, customer) == ["task"]


@pytest.mark.parametrize(
    ("days", "why"), [(3, "im trên Zalo quá 48 giờ: nhắn lúc này mất 55 ₫"), (8, "đã im trên Zalo quá 7 ngày")]
)
async def test_the_link_to_hand_over_says_why_and_leads_nobody_from_zalo_to_telegram(
    company: Company, days: int, why: str
) -> None:
    await serves(company)
    rep, _, _ = await on_zalo(company)
    await company.waits(timedelta(days=days))
    await asks(rep)
    rep.sees(why, f"{PAGES}/s/")
    rep.does_not_see("Telegram", "t.me")


# A rep's own words ----------------------------------------------------------------------------------------------------


async def test_what_a_customer_writes_says_how_long_it_can_be_answered(company: Company) -> None:
    await serves(company)
    rep, _, lan = await on_zalo(company)
    await lan.says("Alo em ơi")
    await company.delivers_pushes()
    rep.sees("Alo em ơi", "💬 Zalo: trả lời miễn phí được 48 giờ nữa")
    await company.waits(timedelta(minutes=40))
    rep.sees("đang chờ anh/chị trả lời", "💬 Zalo: trả lời miễn phí được 47 giờ nữa")
    await rep.says("KH000001")
    rep.sees("💬 Zalo: trả lời miễn phí được 47 giờ nữa")
    await company.waits(timedelta(days=2))
    await rep.says("KH000001")
    rep.sees("💬 Zalo: quá 48 giờ, nhắn tiếp mất 55 ₫/tin nên em không gửi")
    await serves(company, paid=True)
    await rep.says("KH000001")
    rep.sees("💬 Zalo: còn 4 ngày, 55 ₫/tin")
    await company.waits(timedelta(days=5))
    await rep.says("KH000001")
    rep.sees("💬 Zalo: quá 7 ngày, chỉ nhắn được khi khách nhắn trước")


async def test_who_follows_no_more_is_not_said_to_be_answerable(company: Company) -> None:
    await serves(company)
    rep, _, lan = await on_zalo(company)
    await company.store.ledger.block(Address("zalo", lan.user_id), company.clock.now())
    await rep.says("KH000001")
    rep.sees("💬 Zalo: khách đã bỏ quan tâm hoặc chặn mình, chỉ nhắn được khi khách nhắn trước")
    rep.does_not_see("miễn phí")
    await company.waits(timedelta(minutes=1))
    await lan.says("Chị quay lại rồi")
    await rep.says("KH000001")
    rep.sees("💬 Zalo: trả lời miễn phí được 47 giờ nữa")


@pytest.mark.parametrize("channel", ["telegram", "zalo_bot"])
async def test_elsewhere_nothing_is_said_of_windows(company: Company, channel: str) -> None:
    await serves(company)
    rep, _, lan = await on_zalo(company, channel=channel)
    await lan.says("Alo em ơi")
    await company.delivers_pushes()
    await rep.says("KH000001")
    rep.never_saw("miễn phí")


async def test_an_answer_in_the_window_goes_on_zalo_and_what_costs_says_so(company: Company) -> None:
    await serves(company, paid=True)
    rep, customer, lan = await on_zalo(company)
    await lan.says("Bao giờ giao em?")
    await company.delivers_pushes()
    await rep.replies("Bao giờ giao", "Sáng mai ạ")
    rep.sees("Đã gửi chị Lan")
    rep.does_not_see("phí")
    await company.waits(timedelta(days=3))
    await rep.replies("Bao giờ giao", "Chị nhận được chưa ạ")
    rep.sees("Đã gửi chị Lan qua Zalo, phí 55 ₫")
    await company.delivers_pushes()
    lan.sees("Chị nhận được chưa ạ")
    assert await routes_of(rep, customer) == [Route.ZALO, Route.ZALO_PAID]
    await rep.says("KH000001")
    rep.sees("Nhắn tin (Zalo tính phí): Chị nhận được chưa ạ", "Nhắn tin (Zalo): Sáng mai ạ")


async def test_before_a_rep_types_they_see_how_long_zalo_lets_them_and_what_it_takes(company: Company) -> None:
    await serves(company)
    rep, customer, _ = await on_zalo(company)
    await rep.taps_old("x:1", f"ticket.add:{customer.id}:complaint")
    await rep.says("Giao trễ hai ngày")
    await rep.taps_old("x:1", f"relay.answer:{customer.id}")
    rep.sees("💬 Zalo: trả lời miễn phí được 47 giờ nữa", "Gõ nội dung, hoặc gửi ảnh, tệp PDF hay Word")
    rep.does_not_see("ghi âm")
    await rep.taps_old("x:1", "ticket.answer:1")
    rep.sees("💬 Zalo: trả lời miễn phí được 47 giờ nữa", "sẽ đọc đúng từng chữ")
    await company.waits(timedelta(days=8))
    await rep.taps_old("x:1", f"relay.answer:{customer.id}")
    rep.sees("💬 Zalo: quá 7 ngày, chỉ nhắn được khi khách nhắn trước", "Gõ nội dung, em chỉ cách gửi")
    rep.does_not_see("ghi âm", "gửi ảnh")
    await rep.taps_old("x:1", "ticket.answer:1")
    rep.sees("💬 Zalo: quá 7 ngày, chỉ nhắn được khi khách nhắn trước", "đưa vào việc của anh/chị")
    rep.does_not_see("sẽ đọc đúng từng chữ")


@pytest.mark.parametrize(("channel", "takes"), [("telegram", "ảnh, tệp, ghi âm"), ("zalo_bot", "hoặc gửi ảnh.")])
async def test_elsewhere_a_rep_is_offered_what_that_channel_takes_or_told_why_none_does(
    company: Company, channel: str, takes: str
) -> None:
    await serves(company)
    rep, customer, lan = await on_zalo(company, channel=channel)
    await rep.taps_old("x:1", f"relay.answer:{customer.id}")
    rep.sees("Anh/chị muốn nhắn gì cho chị Lan?", takes)
    await company.store.ledger.block(Address(channel, lan.user_id), company.clock.now())
    await rep.taps_old("x:1", f"relay.answer:{customer.id}")
    rep.sees("chị Lan đã bỏ quan tâm hoặc chặn bên mình", "em chỉ cách gửi")
    rep.does_not_see(takes)


@pytest.mark.parametrize(("days", "why"), [(3, "quá 48 giờ: nhắn lúc này mất 55 ₫"), (8, "đã im trên Zalo quá 7 ngày")])
async def test_to_a_closed_window_the_rep_sees_why_and_what_to_copy(company: Company, days: int, why: str) -> None:
    await serves(company)
    rep, customer, lan = await on_zalo(company)
    await company.waits(timedelta(days=days))
    await rep.taps_old("x:1", f"relay.write:{customer.id}")
    await rep.says("Chị dùng ổn không ạ?")
    rep.sees(why, "Chị dùng ổn không ạ?", "Sao chép")
    assert not [label for label in rep.buttons() if "mẫu tin" in label]
    await company.delivers_pushes()
    assert lan.reads() == ""
    assert await routes_of(rep, customer) == []


async def test_where_a_template_may_carry_the_answer_one_tap_sends_it_once(company: Company) -> None:
    await serves(company)
    await has_template(company, TemplateKind.ANSWER)
    rep, customer, lan = await on_zalo(company)
    await company.waits(timedelta(days=8))
    await rep.taps_old("x:1", f"relay.write:{customer.id}")
    await rep.says("Chị dùng ổn không ạ?")
    await rep.taps("Gửi qua mẫu tin Zalo (560 ₫)")
    rep.sees("Đã gửi chị Lan qua mẫu tin Zalo")
    await company.delivers_pushes()
    [went] = company.templates
    template = Reply.from_record(went.payload).template
    assert template
    assert template.data["words"] == "Chị dùng ổn không ạ?"
    assert went.chat_id == f"user:{lan.user_id}"
    await rep.taps_old("x:2", f"relay.template:{customer.id}:1")
    await company.delivers_pushes()
    assert len(company.templates) == 1
    [entry] = [one for one in await timeline(rep, customer) if one.kind is InteractionKind.MESSAGE]
    assert entry.details["route"] == Route.ZALO_TEMPLATE


async def test_a_customer_on_two_channels_is_answered_where_they_wrote_last(company: Company) -> None:
    await serves(company)
    rep, customer, lan = await on_zalo(company)
    there = company.meets("Lan trên Telegram")
    await company.links(there, customer)
    await company.waits(timedelta(hours=1))
    await there.says("Alo Telegram")
    await company.waits(timedelta(minutes=1))
    await lan.says("Alo Zalo")
    await company.delivers_pushes()
    await rep.replies("Alo Zalo", "Dạ em đây")
    await company.delivers_pushes()
    lan.sees("Dạ em đây")
    there.does_not_see("Dạ em đây")
    await company.waits(timedelta(days=3))
    await rep.replies("Alo Zalo", "Chị ơi")
    await company.delivers_pushes()
    there.sees("Chị ơi")


# What the channel refuses ---------------------------------------------------------------------------------------------


async def test_a_survey_that_the_channel_refuses_goes_its_next_way_once(company: Company) -> None:
    await serves(company)
    await has_template(company, TemplateKind.CSAT)
    rep, customer, lan = await on_zalo(company)
    await company.waits(timedelta(hours=3))
    await rep.says("/khaosat chị Lan")
    await rep.taps("hài lòng")
    await refuses(company, "window_closed: -230 silent")
    await company.delivers_pushes()
    await company.delivers_pushes()
    [went] = company.templates
    assert went.chat_id == f"user:{lan.user_id}"
    assert await routes_of(rep, customer) == [Route.ZALO, Route.ZALO_TEMPLATE]
    rep.never_saw("không tới")
    template = Reply.from_record(went.payload).template
    assert template
    token = TOKEN.search(template.data["link"])
    assert token
    assert (await the_survey(company, token[1])).route == Route.ZALO_TEMPLATE
    async with company.store.read() as uow:
        [contact] = await uow.contacts.of_customer(customer.id)
    assert contact.interacted_at is None


@pytest.mark.parametrize("error", ["not_in_order: -115 no money", "forbidden: -118 no account", "refused: -249"])
async def test_a_template_that_zalo_does_not_take_becomes_the_reps_task(company: Company, error: str) -> None:
    await serves(company)
    await has_template(company, TemplateKind.CSAT)
    rep, customer, _ = await on_zalo(company)
    await company.waits(timedelta(days=8))
    await rep.says("/khaosat chị Lan")
    await rep.taps("hài lòng")
    await refuses(company, error)
    rep.fresh = []
    await company.delivers_pushes()
    await company.delivers_pushes()
    assert not company.templates
    assert rep.reads().count(f"{PAGES}/s/") == 1
    assert await routes_of(rep, customer) == [Route.ZALO_TEMPLATE, Route.TASK]
    assert len(await open_items(rep, customer)) == 1


async def test_what_fails_a_second_time_comes_back_to_the_rep(company: Company) -> None:
    await serves(company)
    await has_template(company, TemplateKind.CSAT)
    rep, _, _ = await on_zalo(company)
    await company.waits(timedelta(hours=3))
    await rep.says("/khaosat chị Lan")
    await rep.taps("hài lòng")
    await refuses(company, "window_closed: -230 silent")
    words = company.conversation.translator
    await look_after_answers(company.store, company.clock.now(), words, lambda token: token)
    [again] = await refuses(company, "not_in_order: -115 no money")
    assert again.channel == "zalo_template"
    rep.fresh = []
    await company.delivers_pushes()
    await company.delivers_pushes()
    rep.sees("Tin này chưa tới được chị Lan")
    assert rep.reads().count("chưa tới được") == 1
    assert not company.templates


async def test_a_reps_own_answer_comes_back_with_why_and_the_template(company: Company) -> None:
    await serves(company)
    await has_template(company, TemplateKind.ANSWER)
    rep, customer, lan = await on_zalo(company)
    await lan.says("Alo")
    await company.delivers_pushes()
    await rep.replies("Alo", "Dạ em gửi báo giá")
    await refuses(company, "window_closed: -230 silent")
    rep.fresh = []
    await company.delivers_pushes()
    await company.delivers_pushes()
    rep.sees("Dạ em gửi báo giá", "đã im trên Zalo quá 7 ngày", "Sao chép")
    assert not company.templates
    await rep.taps("Gửi qua mẫu tin Zalo (560 ₫)")
    await company.delivers_pushes()
    assert len(company.templates) == 1
    assert await routes_of(rep, customer) == [Route.ZALO_TEMPLATE]


async def test_a_solved_ticket_is_told_by_its_template(company: Company) -> None:
    await serves(company)
    await has_template(company, TemplateKind.SOLVED)
    rep, customer, _ = await on_zalo(company, agreed=False)
    await company.waits(timedelta(days=5))
    await rep.taps_old("x:1", f"ticket.add:{customer.id}:complaint")
    await rep.says("Giao trễ hai ngày")
    await rep.taps_old("x:1", "ticket.solve:1")
    await rep.says("Đã giao bù")
    await rep.taps_old("x:1", "ticket.cost:1:0")
    rep.sees("Đã gửi qua mẫu tin Zalo")
    await company.delivers_pushes()
    [went] = company.templates
    assert went.kind == "ticket"
