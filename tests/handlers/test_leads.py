"""Who writes first is a lead; who shares the number of a known customer is that customer."""

from datetime import timedelta

from bot.domain.company import AssignmentRule
from bot.domain.delivery import Audience, NewDelivery
from bot.domain.people import Role
from bot.messages import Reply
from tests.chat import ORG, Company, Person
from tests.handlers.work import knows, timeline


async def a_shop(company: Company) -> tuple[Person, Person]:
    """An owner, and a rep who gets the leads in turn."""
    owner, rep = await company.hires("Bảo", Role.OWNER), await company.hires("Trang")
    async with company.store.begin() as uow:
        await uow.company.change(rule=AssignmentRule.TURNS)
        await uow.commit()
    return owner, rep


async def test_a_stranger_who_writes_is_greeted_and_is_a_rep_s_lead_at_once(company: Company) -> None:
    owner, rep = await a_shop(company)
    thu = company.meets("Thu Nguyễn")
    await thu.says("Cho mình hỏi giá tủ bếp")
    thu.sees(f"Đây là {ORG}", "xin tên và số điện thoại", "nhiều nhất ba tin một tháng", "Đồng ý")
    assert [shown.reply.asks_contact for shown in thu.fresh] == ["📱 Gửi số điện thoại của tôi", ""]
    await company.delivers_pushes()
    rep.sees("Bảo vừa giao cho anh/chị một khách", "Thu Nguyễn", "Cho mình hỏi giá tủ bếp")
    owner.does_not_see("tủ bếp")
    await thu.says("Tủ chữ L nhé")
    assert thu.reads() == ""
    await company.delivers_pushes()
    rep.sees("Tủ chữ L nhé")


async def test_opening_the_chat_is_enough_to_be_a_lead(company: Company) -> None:
    _, rep = await a_shop(company)
    thu = company.meets("Thu")
    await thu.says("/start")
    thu.sees(f"Đây là {ORG}")
    await company.delivers_pushes()
    rep.sees("Thu")
    await thu.says("/start")
    thu.sees("Chào anh/chị! Cần gì ở")
    await rep.says("Thu")
    rep.sees("Nguồn: Telegram")


async def test_two_taps_give_the_number_and_the_consent(company: Company) -> None:
    _, rep = await a_shop(company)
    thu = company.meets("Thu")
    await thu.says("Alo shop")
    await thu.shares_contact("Thu Nguyễn", "0912345678", own=True)
    thu.sees("0912 345 678")
    await thu.taps("Đồng ý")
    thu.sees("nhắn DUNG")
    await company.delivers_pushes()
    rep.sees("đã gửi số 0912 345 678")
    await rep.says("0912345678")
    rep.sees("Thu Nguyễn", "Đồng ý nhận tin chăm sóc ngày T2 23/11/2026")


async def test_a_typed_number_and_name_are_taken(company: Company) -> None:
    _, rep = await a_shop(company)
    thu = company.meets("bé thỏ")
    await thu.says("Alo shop")
    await thu.says("Chị Hồng Nhung 0912 345 678")
    thu.sees("0912 345 678")
    await rep.says("0912345678")
    rep.sees("Hồng Nhung")


async def test_the_own_number_of_a_known_customer_links_to_them_and_the_lead_is_no_more(company: Company) -> None:
    await a_shop(company)
    minh = await company.hires("Minh")
    known = await knows(minh, "Lan", phone="+84912345678")
    lan = company.meets("Ngọc Lan")
    await lan.says("Bao giờ giao hàng?")
    await lan.shares_contact("Ngọc Lan", "+84 912 345 678", own=True)
    await company.delivers_pushes()
    minh.sees("🔗 chị Lan vừa nhắn qua Telegram")
    assert [entry.text for entry in await timeline(minh, known)] == ["Bao giờ giao hàng?"]
    await lan.says("Alo em Minh")
    await company.delivers_pushes()
    minh.sees("💬 chị Lan (KH000001): Alo em Minh")
    async with company.store.read() as uow:
        assert minh.member
        _, total = await uow.customers.find(minh.member, "Ngọc Lan", 5)
        assert total <= 1
        customer = await uow.contacts.customer("telegram", lan.user_id)
    assert customer
    assert customer.id == known.id


async def test_a_typed_number_of_a_known_customer_or_somebody_elses_card_proves_nothing(company: Company) -> None:
    await a_shop(company)
    minh = await company.hires("Minh")
    known = await knows(minh, "Lan", phone="+84912345678")
    mallory = company.meets("Kẻ tò mò")
    await mallory.says("Alo")
    await mallory.shares_contact("Ngọc Lan", "0912345678")
    mallory.sees("gửi số của mình")
    await mallory.says("0912345678")
    async with company.store.read() as uow:
        customer = await uow.contacts.customer("telegram", mallory.user_id)
    assert customer
    assert customer.id != known.id
    mallory.never_saw("chị Lan")


async def test_who_was_on_the_team_and_who_only_taps_or_types_commands_is_no_lead(company: Company) -> None:
    owner, rep = await a_shop(company)
    async with company.store.begin() as uow:
        assert rep.member
        await uow.members.update(await uow.members.get(rep.member.id), active=False)
        await uow.commit()
    nosy = company.meets("Người lạ")
    await rep.says("xin chào")
    await nosy.taps_old("x:1", "g.consent:yes")
    await nosy.says("/homnay")
    await nosy.says("/id")
    await company.delivers_pushes()
    owner.does_not_see("khách")
    async with company.store.read() as uow:
        assert await uow.contacts.customer("telegram", nosy.user_id) is None
        assert await uow.contacts.customer("telegram", rep.user_id) is None


async def test_a_colleague_who_opens_the_chat_before_the_invitation_stays_no_customer(company: Company) -> None:
    owner, rep = await a_shop(company)
    newcomer = company.meets("Lê Minh")
    await newcomer.says("/start")
    await newcomer.says("em là nhân viên mới")
    await owner.says("/moinv")
    await owner.taps("Nhân viên bán hàng")
    code = next(line for line in owner.reads().splitlines() if "THAMGIA" in line)
    await newcomer.says(code[code.index("THAMGIA") : code.index("THAMGIA") + 22])
    newcomer.sees("Chào mừng Lê Minh")
    await company.delivers_pushes()
    rep.sees("Lê Minh là đồng nghiệp")
    async with company.store.read() as uow:
        assert await uow.contacts.customer("telegram", newcomer.user_id) is None


async def test_who_begins_with_stop_or_with_their_number_is_not_asked_for_it(company: Company) -> None:
    _, rep = await a_shop(company)
    grumpy, quick = company.meets("Ông Ba"), company.meets("Hoa")
    await grumpy.says("đừng nhắn nữa")
    grumpy.sees("không gửi tin chăm sóc")
    grumpy.does_not_see("xin tên")
    await quick.says("0912345678 báo giá giúp mình")
    quick.sees("0912 345 678", "Đồng ý")
    quick.does_not_see("xin tên")
    await company.delivers_pushes()
    rep.sees("báo giá giúp mình")


async def test_stop_holds_for_what_waited_when_the_lead_turned_out_to_be_somebody_known(company: Company) -> None:
    _, rep = await a_shop(company)
    await knows(rep, "Lan", phone="+84912345678")
    lan, now = company.meets("Ngọc Lan"), company.clock.now()
    await lan.says("Alo shop")
    lead = 2
    later = now + timedelta(hours=9)
    async with company.store.begin() as uow:
        key, record = f"unasked:{lead}:survey:1", Reply.from_record({"text": "Hài lòng không?"}).to_record()
        await uow.outbox.queue(
            NewDelivery(key, "telegram", lan.user_id, Audience.CUSTOMER, "survey", record, due_at=later)
        )
        await uow.commit()
    await lan.shares_contact("Lan", "0912345678", own=True)
    await lan.says("STOP")
    await company.waits_until(later)
    lan.never_saw("Hài lòng không?")
