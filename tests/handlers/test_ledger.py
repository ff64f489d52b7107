"""/nhatky gui: what became of the messages of the week, why, and what to do about each; *Gửi lại* sends again once."""

from datetime import timedelta

import pytest

from bot.domain.delivery import LEASE, Audience, DeliveryState, NewDelivery
from bot.domain.mailroom import Address
from bot.domain.people import Role
from bot.messages import Reply
from bot.pushes import push_due
from bot.reaching import withdraw_unasked
from tests.chat import ORG, Company, Person
from tests.handlers.test_audit import joins
from tests.handlers.work import in_hanoi, knows, member_of, on, promises


async def owes(
    company: Company,
    to: Person,
    state: DeliveryState,
    error: str = "",
    *,
    kind: str = "followup",
    key: str = "",
    ago: timedelta = timedelta(hours=1),
) -> int:
    """A message to somebody that came to this state some time ago; its number."""
    due_at = company.clock.now() - ago
    record = Reply.from_record({"text": f"Nhắc {to.name}"}).to_record()
    key = key or f"test:{to.user_id}:{state}:{kind}:{ago}"
    async with company.store.begin() as uow:
        await uow.outbox.queue(NewDelivery(key, "telegram", to.user_id, Audience.MEMBER, kind, record, due_at))
        await uow.commit()
    claimed = await company.store.ledger.claim(due_at, 1, "test", due_at + LEASE)
    await company.store.ledger.settle(claimed[0], state, error, None)
    return claimed[0].id


async def test_the_ledger_counts_and_says_why_and_what_to_do(company: Company) -> None:
    boss, minh, trang = await company.hires("Hà", Role.OWNER), await company.hires("Minh"), await company.hires("Trang")
    await minh.says("/trogiup")
    await owes(company, minh, DeliveryState.FAILED, "refused: 400 message is too long")
    await owes(company, minh, DeliveryState.UNKNOWN, "ambiguous: timeout", kind="digest")
    await owes(company, minh, DeliveryState.EXPIRED, kind="notice")
    await owes(company, trang, DeliveryState.FAILED, "forbidden: bot was blocked by the user")
    await company.store.ledger.block(Address("telegram", trang.user_id), company.clock.now())
    await boss.says("/nhatky gui")
    boss.sees("Đã gửi: 1", "Không gửi được: 2", "Chưa rõ đã tới chưa: 1", "Quá hạn gửi: 1", "Đã chặn bot: 1")
    boss.sees("Trang đã chặn bot từ T2 23/11/2026 08:40: anh/chị nhờ Trang mở lại bot và bấm Start")
    boss.sees("lời nhắc cho Minh: tin không được chấp nhận", "danh sách buổi sáng cho Minh: chưa rõ đã tới chưa")
    boss.sees("thông báo cho Minh: hết hạn trước khi gửi được")
    assert sum("Gửi lại" in label for label in boss.buttons()) == 2  # not to who has blocked us, not what is too late
    boss.does_not_see("400", "timeout", "forbidden", "Nhắc Minh")


async def test_all_is_well_is_said(company: Company) -> None:
    boss = await company.hires("Hà", Role.OWNER)
    await boss.says("/audit sent")
    boss.sees("Mọi tin đều đã tới nơi")


async def test_send_again_is_done_once(company: Company) -> None:
    boss, minh = await company.hires("Hà", Role.OWNER), await company.hires("Minh")
    number = await owes(company, minh, DeliveryState.UNKNOWN, "ambiguous: timeout")
    await boss.says("/nhatky gui")
    await boss.taps("Gửi lại")
    boss.sees("Em đang gửi lại", "Đang chờ: 1", "Chưa rõ đã tới chưa: 0")
    await boss.taps_old("x:1", f"audit.resend:{number}:0")
    boss.sees("đã được gửi lại rồi")
    await company.delivers_pushes()
    assert [shown.words for shown in minh.screen].count("Nhắc Minh") == 1
    await boss.taps_old("x:1", f"audit.resend:{number}:0")
    await company.delivers_pushes()
    assert [shown.words for shown in minh.screen].count("Nhắc Minh") == 1
    await boss.says("/nhatky")
    boss.sees("Hà gửi lại một tin cho Minh")


async def test_nothing_is_sent_again_to_who_has_blocked_the_assistant(company: Company) -> None:
    boss, minh = await company.hires("Hà", Role.OWNER), await company.hires("Minh")
    number = await owes(company, minh, DeliveryState.FAILED, "forbidden: blocked")
    await company.store.ledger.block(Address("telegram", minh.user_id), company.clock.now())
    await boss.taps_old("x:1", f"audit.resend:{number}:0")
    boss.sees("chưa nhận tin được")
    await minh.says("/start")  # whoever writes has let us in again
    await boss.taps_old("x:1", f"audit.resend:{number}:0")
    boss.sees("Em đang gửi lại")


async def test_what_may_tell_of_a_customer_who_is_no_longer_theirs_is_not_sent_again(company: Company) -> None:
    boss, minh, trang = await company.hires("Hà", Role.OWNER), await company.hires("Minh"), await company.hires("Trang")
    lan = await knows(minh, "Lan")
    number = await owes(company, minh, DeliveryState.FAILED, "refused: 400")
    other = await owes(company, trang, DeliveryState.FAILED, "refused: 400")
    await boss.taps_old("x:1", f"assign.to:{lan.id}:{member_of(trang).id}")
    await boss.taps_old("x:2", f"audit.resend:{number}:0")
    boss.sees("chưa nhận tin được")
    await boss.taps_old("x:2", f"audit.resend:{other}:0")
    boss.sees("Em đang gửi lại")
    await company.delivers_pushes()
    minh.never_saw("Nhắc Minh")


async def test_what_did_not_reach_a_manager_is_not_sent_again_once_the_customer_is_another_teams(
    company: Company,
) -> None:
    boss, lead = await company.hires("Hà", Role.OWNER), await company.hires("Hoài", Role.MANAGER)
    minh, trang = await company.hires("Minh"), await company.hires("Trang")
    await joins(company, lead, minh)
    lan = await knows(minh, "Lan")
    number = await owes(company, lead, DeliveryState.FAILED, "refused: 400", kind="digest")
    await boss.taps_old("x:1", f"assign.to:{lan.id}:{member_of(trang).id}")
    await boss.taps_old("x:2", f"audit.resend:{number}:0")
    boss.sees("chưa nhận tin được")


async def test_nothing_worded_for_a_manager_reaches_who_is_none_any_more(company: Company) -> None:
    boss, lead = await company.hires("Hà", Role.OWNER), await company.hires("Quân", Role.MANAGER)
    minh = await company.hires("Minh")
    lan = await knows(minh, "Lan")
    await promises(lead, lan, "gọi lại", on("2026-11-23 09:00"))
    failed = await owes(company, lead, DeliveryState.FAILED, "refused: 400")
    now = in_hanoi("2026-11-23 09:00")
    company.clock.wind_to(now)
    await push_due(company.store, now, company.conversation.translator, ORG)
    async with company.store.begin() as uow:
        record = Reply.from_record({"text": "Quá hạn của cả đội"}).to_record()
        key = f"digest:{member_of(lead).id}:2026-11-23"
        await uow.outbox.queue(NewDelivery(key, "telegram", lead.user_id, Audience.MEMBER, "digest", record, now))
        await uow.commit()
    await boss.taps_old("x:1", f"team.role:{member_of(lead).id}:rep")
    await boss.taps_old("x:2", f"audit.resend:{failed}:0")
    boss.sees("chưa nhận tin được")
    await company.delivers_pushes()
    lead.sees("nhân viên")
    lead.never_saw("gọi lại", "Lan", "Quá hạn", "Nhắc")


async def test_what_was_being_sent_when_its_member_left_is_not_tried_again(company: Company) -> None:
    boss, minh = await company.hires("Hà", Role.OWNER), await company.hires("Minh")
    now, ledger = company.clock.now(), company.store.ledger
    async with company.store.begin() as uow:
        for number in (1, 2):
            record = Reply.from_record({"text": f"Nhắc {number}"}).to_record()
            new = NewDelivery(f"test:{number}", "telegram", minh.user_id, Audience.MEMBER, "followup", record, now)
            await uow.outbox.queue(new)
        await uow.commit()
    slow, lost = await ledger.claim(now, 2, "test", now + LEASE)
    for delivery in (slow, lost):
        assert await ledger.sending(delivery, "test", now, now + LEASE)
    await boss.taps_old("x:1", f"team.left:{member_of(minh).id}")
    await ledger.settle(slow, DeliveryState.DUE, "ambiguous: timeout", now)
    company.clock.wind_to(now + 2 * LEASE)
    await company.delivers_pushes()
    minh.never_saw("Nhắc")
    assert await ledger.next_due() is None


async def test_what_is_older_than_a_week_is_not_told(company: Company) -> None:
    boss, minh = await company.hires("Hà", Role.OWNER), await company.hires("Minh")
    await owes(company, minh, DeliveryState.FAILED, "refused: 400", ago=timedelta(days=8))
    await boss.says("/nhatky gui")
    boss.sees("Mọi tin đều đã tới nơi", "Không gửi được: 0")


async def test_problems_are_paged(company: Company) -> None:
    boss, minh = await company.hires("Hà", Role.OWNER), await company.hires("Minh")
    for minutes in range(8):
        await owes(company, minh, DeliveryState.FAILED, "refused: 400", ago=timedelta(minutes=minutes + 1))
    await boss.says("/nhatky gui")
    boss.sees("6. ")
    boss.does_not_see("7. ")
    await boss.taps("Cũ hơn")
    boss.sees("7. ", "8. ", "‹ Mới hơn")


@pytest.mark.parametrize("role", [Role.REP, Role.MANAGER])
async def test_who_does_not_lead_somebody_reads_and_sends_nothing_of_theirs(company: Company, role: Role) -> None:
    lead, minh = await company.hires("Hoài", Role.MANAGER), await company.hires("Minh")
    other, trang = await company.hires("Quân", role), await company.hires("Trang")
    await joins(company, lead, minh)
    await joins(company, other, trang)
    number = await owes(company, minh, DeliveryState.FAILED, "refused: 400")
    await other.says("/nhatky gui")
    other.does_not_see("Minh")
    await other.taps_old("x:1", f"audit.resend:{number}:0")
    other.sees("không tìm thấy")
    await lead.says("/nhatky gui")
    lead.sees("lời nhắc cho Minh")
    await company.delivers_pushes()
    minh.never_saw("Nhắc Minh")


async def test_what_a_customer_did_not_ask_for_is_not_sent_again(company: Company) -> None:
    boss, now = await company.hires("Hà", Role.OWNER), company.clock.now()
    async with company.store.begin() as uow:
        record = Reply.from_record({"text": "Anh/chị hài lòng không?"}).to_record()
        new = NewDelivery("unasked:1:survey:1", "telegram", "4711", Audience.CUSTOMER, "survey", record, now)
        await uow.outbox.queue(new)
        await uow.commit()
    (survey,) = await company.store.ledger.claim(now, 1, "test", now + LEASE)
    await company.store.ledger.settle(survey, DeliveryState.UNKNOWN, "ambiguous: TimeoutError", None)
    await boss.taps_old("x:1", "audit.sent:0")
    boss.sees("1. ")
    assert not [label for label in boss.buttons() if "Gửi lại" in label]
    await boss.taps_old("x:2", f"audit.resend:{survey.id}:0")
    assert not await company.store.ledger.claim(now, 1, "test", now + LEASE)


async def test_what_was_being_sent_when_a_customer_said_stop_is_not_tried_again(company: Company) -> None:
    now, ledger = company.clock.now(), company.store.ledger
    async with company.store.begin() as uow:
        record = Reply.from_record({"text": "Anh/chị hài lòng không?"}).to_record()
        new = NewDelivery("unasked:1:survey:1", "telegram", "4711", Audience.CUSTOMER, "survey", record, now)
        await uow.outbox.queue(new)
        await uow.commit()
    (survey,) = await ledger.claim(now, 1, "test", now + LEASE)
    assert await ledger.sending(survey, "test", now, now + LEASE)
    async with company.store.begin() as uow:
        await withdraw_unasked(uow, 1, now)
        await uow.commit()
    await ledger.settle(survey, DeliveryState.DUE, "flood: 429", now)
    assert not await ledger.claim(now + LEASE, 1, "test", now + 2 * LEASE)
