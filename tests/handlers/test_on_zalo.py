"""Customers and members on Zalo: nothing can be tapped for sure, so numbers, letters and words do what a tap does, and a number that
answers something else is left alone."""

import re
from datetime import timedelta

import pytest

from bot.channels.files import not_carried
from bot.domain.company import AssignmentRule
from bot.domain.consent import Purpose
from bot.domain.customers import Customer
from bot.domain.delivery import DeliveryState, NotCarried
from bot.domain.mailroom import Address
from bot.domain.people import Role
from bot.domain.reaching import Contact, Route
from bot.domain.repositories import Store
from bot.domain.surveys import NewInvitation, SurveyKind
from bot.domain.zalo import Service
from tests.chat import ORG, Company, Person
from tests.handlers.work import in_hanoi, knows, member_of, on, promises, timeline

ON_ZALO = pytest.mark.parametrize("channel", ["zalo", "zalo_bot"])
CHANNELS = ("telegram", "zalo", "zalo_bot")


@pytest.fixture(autouse=True)
async def _in_service(company: Company) -> None:
    async with company.store.begin() as uow:
        await uow.zalo.put_in_service(Service(CHANNELS, paid=True))
        await uow.commit()


async def a_shop(company: Company) -> tuple[Person, Person]:
    """An owner, and a rep who gets the leads in turn."""
    owner, rep = await company.hires("Bảo", Role.OWNER), await company.hires("Trang")
    async with company.store.begin() as uow:
        await uow.company.change(rule=AssignmentRule.TURNS)
        await uow.commit()
    return owner, rep


async def is_on(channel: str, rep: Person, customer: Customer) -> Person:
    """The customer's phone, known to be theirs; they have agreed, and wrote long enough ago not to be talking."""
    company = rep.company
    phone, now = company.meets("Lan", channel), company.clock.now()
    async with company.store.begin() as uow:
        before = now - timedelta(hours=9)
        await uow.contacts.link(
            Contact(channel, phone.user_id, phone.user_id, customer.id, before, interacted_at=before)
        )
        await uow.contacts.interacted(channel, phone.user_id, before)
        await uow.consents.give(customer.id, Purpose.CARE, channel, "đồng ý", "nhắn", before)
        await uow.commit()
    return phone


# Who comes ---------------------------------------------------------------------------------------------------------------


@ON_ZALO
async def test_who_follows_is_a_lead_from_zalo_and_gives_their_number_in_words(company: Company, channel: str) -> None:
    _, rep = await a_shop(company)
    thu = company.meets("Thu", channel)
    await thu.says("/start")
    thu.sees(f"Đây là {ORG}", "Cảm ơn anh/chị đã quan tâm", "xin tên và số điện thoại", "1. ✅ Đồng ý", "2. Không")
    thu.does_not_see("Cảm ơn anh/chị đã nhắn")
    has_form = any(shown.reply.asks_contact for shown in thu.fresh)
    assert has_form == (channel == "zalo"), "the Official Account has a form, the Zalo Bot has none"
    await thu.says("Mình là Thu, 0912 345 678")
    thu.sees("0912 345 678")
    await thu.says("1")
    thu.sees("nhắn DUNG")
    await company.delivers_pushes()
    rep.sees("đã gửi số 0912 345 678")
    await rep.says("0912345678")
    rep.sees("Nguồn: Zalo")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_who_writes_first_is_thanked_for_writing_and_who_just_comes_for_coming(
    company: Company, channel: str
) -> None:
    await a_shop(company)
    thu, hoa = company.meets("Thu", channel), company.meets("Hoa", channel)
    await thu.says("Shop còn tủ lạnh không?")
    thu.sees("Cảm ơn anh/chị đã nhắn")
    await hoa.says("/start")
    hoa.sees("Cảm ơn anh/chị đã quan tâm")
    hoa.does_not_see("đã nhắn")


async def test_following_again_is_no_second_lead(company: Company) -> None:
    _, rep = await a_shop(company)
    thu = company.meets("Thu", "zalo")
    await thu.says("/start")
    await thu.says("/start")
    thu.sees("Cần gì ở")
    async with company.store.read() as uow:
        found, _ = await uow.customers.find(member_of(rep), "Thu", 5)
    assert len(found) == 1


async def test_a_submitted_form_proves_nothing_and_the_rep_says_who_it_is(company: Company) -> None:
    _, rep = await a_shop(company)
    known = await knows(rep, "Lan", phone="+84912345678")
    lan = company.meets("Lan Nguyễn", "zalo")
    await lan.says("/start")
    await lan.shares_contact("Nguyễn Thị Lan", "84912345678", own=True)
    await company.delivers_pushes()
    rep.sees("0912 345 678", "chị Lan (KH000001) cũng dùng số này")
    await rep.taps("🔗 Là chị Lan")
    rep.sees("chị Lan vừa nhắn qua Zalo")
    async with company.store.read() as uow:
        linked = await uow.contacts.customer("zalo", lan.user_id)
    assert linked
    assert linked.id == known.id
    await rep.taps_old("x:1", f"lead.same:{known.id + 1}:{known.id}")
    rep.does_not_see("vừa nhắn")


async def test_a_number_of_somebody_elses_customer_is_the_owners_to_join(company: Company) -> None:
    owner, rep = await a_shop(company)
    other = await company.hires("Minh")
    await knows(other, "Lan", phone="+84912345678")
    lan = company.meets("Lan Nguyễn", "zalo")
    await lan.says("/start")
    await lan.shares_contact("Nguyễn Thị Lan", "84912345678", own=True)
    await company.delivers_pushes()
    told = [one for one in (rep, other) if "đã gửi số" in one.reads()]
    assert all("🔗" not in one.reads() or one is other for one in told)
    owner_or_rep = owner if "🔗 Là chị Lan" in owner.reads() else other
    await owner_or_rep.taps("🔗 Là chị Lan")
    owner_or_rep.sees("chị Lan vừa nhắn qua Zalo")


@ON_ZALO
async def test_stop_is_heard_and_start_again_too(company: Company, channel: str) -> None:
    _, rep = await a_shop(company)
    lan = await is_on(channel, rep, await knows(rep, "Lan"))
    await lan.says("DUNG")
    lan.sees("không gửi tin chăm sóc và khảo sát nữa")
    await company.delivers_pushes()
    rep.sees("🔕")
    await lan.says("bat lai")
    lan.sees("nhắn DUNG")


# A friend's link -----------------------------------------------------------------------------------------------------------


async def lans_code(company: Company, rep: Person) -> tuple[Customer, str]:
    lan = await knows(rep, "Lan")
    async with company.store.begin() as uow:
        token = await uow.referrals.link_of(lan.id)
        await uow.commit()
    return lan, "-".join(re.findall("....", token)).lower()


@ON_ZALO
async def test_a_stranger_who_writes_the_code_is_a_friend_of_whose_it_is(company: Company, channel: str) -> None:
    _, rep = await a_shop(company)
    _, code = await lans_code(company, rep)
    friend = company.meets("Mai", channel)
    await friend.says(f"gt {code}")
    friend.sees("giới thiệu", f"Đây là {ORG}")
    await company.delivers_pushes()
    await rep.says("Mai")
    rep.sees("Nguồn: giới thiệu", "chị Lan")


async def test_who_followed_first_and_then_sends_the_code_is_that_friend_too_and_goes_to_the_same_rep(
    company: Company,
) -> None:
    owner, rep = await a_shop(company)
    other = await company.hires("Quân")
    _, code = await lans_code(company, other)
    friend = company.meets("Mai", "zalo")
    await friend.says("/start")
    await company.delivers_pushes()
    rep.sees("Mai")
    await friend.says(f"GT {code}")
    friend.sees("giới thiệu")
    await company.delivers_pushes()
    other.sees("Mai", "đến nhờ giới thiệu", "chị Lan")
    await other.says("Mai")
    other.sees("Nguồn: giới thiệu")
    await friend.says(f"GT {code}")
    friend.does_not_see("Bảo")
    owner.never_saw("gặp lỗi")


async def test_the_code_changes_nothing_for_an_old_customer_and_is_no_riddle_where_it_is_wrong(
    company: Company,
) -> None:
    _, rep = await a_shop(company)
    _, code = await lans_code(company, rep)
    hoa = await is_on("zalo", rep, await knows(rep, "Hoa", phone="+84903555210"))
    await hoa.says(f"GT {code}")
    hoa.sees("Cần gì ở")
    await rep.says("Hoa")
    rep.does_not_see("giới thiệu: chị Lan")
    await hoa.says("GT ABCD-EFGH-JKM9")
    await company.delivers_pushes()
    rep.sees("GT ABCD-EFGH-JKM9")


# Surveys -------------------------------------------------------------------------------------------------------------------


async def asked(company: Company, channel: str, question: str = "hài lòng") -> tuple[Person, Person]:
    """A rep, and a customer on Zalo who was just asked."""
    _, rep = await a_shop(company)
    lan = await is_on(channel, rep, await knows(rep, "Lan"))
    await rep.says("/khaosat chị Lan")
    await rep.taps(question)
    await company.delivers_pushes()
    return rep, lan


@ON_ZALO
async def test_a_score_is_typed_and_the_words_after_it_are_its_comment(company: Company, channel: str) -> None:
    rep, lan = await asked(company, channel)
    lan.sees("Trả lời bằng số: 😡 1 · 🙁 2")
    await lan.says("2 sao")
    lan.sees("a. ✏️ Đổi câu trả lời", "xin lỗi")
    await company.delivers_pushes()
    rep.sees("🔴", "2/5")
    await lan.says("Giao trễ 2 ngày")
    lan.sees("Em cảm ơn anh/chị")
    await company.delivers_pushes()
    rep.sees("Giao trễ 2 ngày")


async def test_a_number_after_the_score_is_another_score(company: Company) -> None:
    rep, lan = await asked(company, "zalo")
    await lan.says("3")
    await lan.says("5")
    lan.sees("😍 5")
    await company.delivers_pushes()
    rep.sees("5/5", "3")
    async with company.store.read() as uow:
        kept = await uow.surveys.get(1)
    assert kept
    assert (kept[0].score, kept[0].comment) == (5, None)


@ON_ZALO
async def test_ten_and_nought_are_scores_of_a_recommendation(company: Company, channel: str) -> None:
    rep, lan = await asked(company, channel, "giới thiệu")
    lan.sees("0–10")
    await lan.says("10")
    lan.sees("a. 👍 Đồng ý cho giới thiệu", "b. ✏️ Đổi câu trả lời")
    await lan.says("b")
    lan.sees("0–10")
    await lan.says("0")
    lan.sees("xin lỗi")
    await company.delivers_pushes()
    rep.sees("0/10")


async def test_the_tap_of_a_button_is_the_same_as_its_number(company: Company) -> None:
    rep, lan = await asked(company, "zalo")
    await lan.taps("😍 5")
    lan.sees("😍 5")
    await company.delivers_pushes()
    rep.sees("5/5")


@ON_ZALO
async def test_a_survey_opened_by_its_link_s_payload_is_answered_by_a_number_alone(
    company: Company, channel: str
) -> None:
    _, rep = await a_shop(company)
    lan = await knows(rep, "Lan")
    async with company.store.begin() as uow:
        new = NewInvitation(lan.id, member_of(rep).id, SurveyKind.CSAT, company.clock.now(), Route.TASK.value)
        invitation, token = await uow.surveys.invite(new)
        await uow.commit()
    phone = company.meets("Ai đó", channel)
    await phone.says(f"/start s_{token}")
    phone.sees("số từ 1 đến 5")
    await phone.says("4")
    phone.sees("🙂 4")
    async with company.store.read() as uow:
        kept = await uow.surveys.get(invitation.id)
    assert kept
    assert kept[0].score == 4


# Talking -------------------------------------------------------------------------------------------------------------------


@ON_ZALO
async def test_a_number_that_answers_the_rep_chooses_nothing(company: Company, channel: str) -> None:
    _, rep = await a_shop(company)
    lan = company.meets("Lan", channel)
    await lan.says("Cho mình hỏi giá tủ bếp")
    lan.sees("1. ✅ Đồng ý", "2. Không")
    await company.delivers_pushes()
    await rep.replies("Cho mình hỏi giá", "Dạ chị cần mấy bộ ạ?")
    await company.delivers_pushes()
    lan.sees("mấy bộ")
    await lan.says("2")
    lan.does_not_see("chỉ nhắn khi")
    await company.delivers_pushes()
    rep.sees("2")
    async with company.store.read() as uow:
        customer = await uow.contacts.customer(channel, lan.user_id)
        assert customer
        assert await uow.consents.latest(customer.id, Purpose.CARE) is None
    assert [entry.text for entry in await timeline(rep, customer) if entry.text == "2"] == ["2"]


async def test_a_number_where_nothing_was_offered_is_ordinary_words(company: Company) -> None:
    _, rep = await a_shop(company)
    lan = await is_on("zalo", rep, await knows(rep, "Lan"))
    await lan.says("2")
    assert lan.reads() == ""
    await company.delivers_pushes()
    rep.sees("chị Lan (KH000001): 2")


async def test_a_rep_on_the_official_account_answers_by_quoting_even_with_a_number(company: Company) -> None:
    await company.hires("Bảo", Role.OWNER)
    rep = await company.hires("Trang", channel="zalo")
    await rep.says("/start")
    lan = company.meets("Lan")
    await company.links(lan, await knows(rep, "Lan"))
    await lan.says("Ghế này mấy chân em?")
    await company.delivers_pushes()
    rep.sees("1. 💬 Trả lời", "2. 👤 Mở khách")
    await rep.replies("mấy chân", "2")
    rep.sees("Đã gửi chị Lan")
    await company.delivers_pushes()
    lan.sees("Trang\n2")


async def test_a_rep_on_the_zalo_bot_answers_by_its_number(company: Company) -> None:
    await company.hires("Bảo", Role.OWNER)
    rep = await company.hires("Trang", channel="zalo_bot")
    lan = company.meets("Lan")
    await company.links(lan, await knows(rep, "Lan"))
    await lan.says("Còn hàng không em?")
    await company.delivers_pushes()
    await rep.says("1")
    rep.sees("muốn nhắn gì")
    await rep.says("3")
    await company.delivers_pushes()
    lan.sees("Trang\n3")


@ON_ZALO
async def test_an_answer_from_the_question_list_has_the_way_to_a_person(company: Company, channel: str) -> None:
    owner, rep = await a_shop(company)
    await owner.says("/faq Mấy giờ mở cửa? / 8:00 đến 21:00 ạ")
    lan = await is_on(channel, rep, await knows(rep, "Lan"))
    await lan.says("mấy giờ mở cửa")
    lan.sees("8:00 đến 21:00", "1. ")
    await lan.says("1")
    await company.delivers_pushes()
    rep.sees("mấy giờ mở cửa")


async def test_the_rep_hears_why_a_file_did_not_go_and_may_say_it_in_words(company: Company) -> None:
    _, rep = await a_shop(company)
    lan = await is_on("zalo", rep, await knows(rep, "Lan"))
    await lan.says("Em ơi")
    await company.delivers_pushes()
    await rep.replies("Em ơi", file="lời chào", kind="voice")
    now, ledger = company.clock.now(), company.store.ledger
    (queued,) = await ledger.claim(now, 9, "test", now + timedelta(minutes=1))
    failure = not_carried(NotCarried.KIND)
    await ledger.settle(queued, DeliveryState.FAILED, f"{failure.trouble}: {failure.detail}", None)
    await company.delivers_pushes()
    rep.sees("Chưa gửi được tệp", "không nhận loại tệp này", "Trả lời")
    rep.does_not_see("Gửi lại")


# Members ---------------------------------------------------------------------------------------------------------------------


@ON_ZALO
async def test_somebody_joins_by_the_code_and_is_told_how_to_type(company: Company, channel: str) -> None:
    owner = await company.hires("Bảo", Role.OWNER)
    await owner.says("/moinv")
    await owner.taps("Nhân viên")
    code = re.search(r"THAMGIA [\w-]+", owner.reads())
    assert code
    new = company.meets("Quân", channel)
    await new.says(code[0])
    new.sees("Chào mừng", "không có nút menu", "/trogiup")
    await new.says("/trogiup")
    new.sees("không có nút menu")
    assert ("trích dẫn" in new.reads()) == (channel == "zalo_bot")


@ON_ZALO
async def test_a_number_that_nothing_has_is_no_note_and_the_next_one_still_chooses(
    company: Company, channel: str
) -> None:
    rep = await company.hires("Trang", channel=channel)
    await rep.says("khach moi chi Hoa 0912 333 444")
    await rep.says("9")
    rep.sees("Không có lựa chọn số 9")
    rep.does_not_see("Ghi chú cho")
    await rep.says("1")
    rep.sees("Đã hoàn tác")


@ON_ZALO
async def test_the_help_copies_nothing_and_promises_what_the_channel_takes(company: Company, channel: str) -> None:
    rep = await company.hires("Trang", channel=channel)
    await rep.says("/trogiup")
    rep.does_not_see("Chép ví dụ")
    assert ("danh thiếp" in rep.reads()) == (channel == "zalo")


async def test_an_invitation_says_where_to_write_the_code_on_zalo(store: Store) -> None:
    owner = await Company(store, zalo_address="https://zalo.me/388").hires("Bảo", Role.OWNER)
    await owner.says("/moinv")
    await owner.taps("Nhân viên")
    owner.sees("Trên Zalo: mở https://zalo.me/388", "THAMGIA")


@ON_ZALO
async def test_a_member_uses_a_second_account(company: Company, channel: str) -> None:
    rep = await company.hires("Trang", Role.OWNER)
    await rep.says("/caidat")
    await rep.taps("Nối thêm kênh")
    code = re.search(r"THAMGIA [\w-]+", rep.reads())
    assert code
    again = company.meets("Trang", channel)
    await again.says(code[0])
    again.sees("không có nút menu")
    await company.delivers_pushes()
    rep.sees("(Zalo)")
    await again.says("Khách mới chị Lan 0912 345 678")
    again.sees("KH000001", "1. ")
    await rep.says("KH1")
    rep.sees("chị Lan")


@ON_ZALO
async def test_an_invitation_given_out_on_zalo_can_be_withdrawn_by_its_number(company: Company, channel: str) -> None:
    owner = await company.hires("Bảo", Role.OWNER, channel=channel)
    await owner.says("/moinv")
    await owner.says("1")
    owner.sees("THAMGIA", "1. 🗑 Thu hồi lời mời")
    await owner.says("1")
    owner.sees("🗑")
    newest = await company.store.ledger.shown(Address(channel, owner.user_id))
    assert newest
    assert "THAMGIA" not in str(newest.payload), "a secret is not kept"


@ON_ZALO
async def test_a_typed_amount_reaches_the_form_and_a_letter_the_choice_below_it(company: Company, channel: str) -> None:
    rep = await company.hires("Trang", Role.OWNER, channel=channel)
    await knows(rep, "Lan")
    await rep.says("c Lan chốt gói Pro")
    rep.sees("a. ")
    assert "1. " not in rep.reads().splitlines()[-1]
    await rep.says("5tr")
    rep.sees("5.000.000 ₫")


@ON_ZALO
async def test_an_hour_typed_as_a_number_reaches_the_settings(company: Company, channel: str) -> None:
    rep = await company.hires("Trang", channel=channel)
    await rep.says("/caidat")
    await rep.taps("Giờ nhắc sáng")
    rep.sees("7h30")
    await rep.says("9")
    rep.sees("09:00")


@ON_ZALO
async def test_a_form_is_left_by_the_word_its_button_says(company: Company, channel: str) -> None:
    rep = await company.hires("Trang", channel=channel)
    await knows(rep, "Lan")
    await rep.says("KH1")
    await rep.taps("Ghi chú")
    rep.sees("a. ", "Bỏ")
    await rep.says("a")
    rep.does_not_see("Đã lưu")
    await rep.says("KH1")
    await rep.taps("Ghi chú")
    await rep.says("2")
    rep.sees("Đã lưu")


@ON_ZALO
async def test_the_first_day_of_an_owner_on_zalo(company: Company, channel: str) -> None:
    owner = await company.hires("Chủ", Role.OWNER, channel=channel)
    await owner.says("/start")
    await owner.says("Nội thất Minh An")
    owner.sees("a. ", "b. ")
    await owner.says("b")
    owner.sees("a. ")
    await owner.says("a")
    async with company.store.read() as uow:
        set_up = await uow.company.read()
    assert (set_up.name, set_up.set_up_at is not None) == ("Nội thất Minh An", True)


@ON_ZALO
async def test_a_checklist_is_worked_off_by_its_numbers(company: Company, channel: str) -> None:
    await company.hires("Bảo", Role.OWNER)
    rep = await company.hires("Trang", channel=channel)
    await knows(rep, "Lan")
    await rep.says("c Lan chốt gói Pro 12tr5")
    rep.sees("1. Gọi hỏi khách")
    await rep.says("2")
    rep.sees("Tin soạn sẵn")
    await company.waits(timedelta(days=3))
    rep.sees("Việc hôm nay")
    await rep.says("Xong")
    rep.sees("2. Gọi hỏi khách đã dùng chưa")
    await rep.says("2")
    rep.sees("1. ", "Nghe máy")
    await rep.says("nghe máy")
    rep.sees("Hoàn tác")


@ON_ZALO
async def test_a_customer_says_in_words_or_by_number_whether_it_is_settled(company: Company, channel: str) -> None:
    _, rep = await a_shop(company)
    lan = await is_on(channel, rep, await knows(rep, "Lan"))
    await rep.says("chị Lan phàn nàn giao trễ 2 ngày")
    for answer in ("2", "ổn rồi"):
        await rep.says("/phieu")
        await rep.taps("P1")
        await rep.taps("Đã xử lý")
        await rep.says("đã giao lại")
        await rep.taps("Không")
        await company.delivers_pushes()
        lan.sees("1. ", "Ổn rồi", "2. ", "Chưa ổn")
        await lan.says(answer)
        await company.delivers_pushes()
    lan.sees("Cảm ơn chị đã cho biết")
    rep.sees("Khách xác nhận phiếu P1 đã ổn")


@ON_ZALO
async def test_who_reads_english_is_told_in_english_how_to_choose(company: Company, channel: str) -> None:
    rep = await company.hires("Kate", locale="en", channel=channel)
    lan = await knows(rep, "Lan")
    await rep.says(lan.code)
    rep.sees("Reply with a number:")
    rep.does_not_see("Trả lời bằng số")
    await promises(rep, lan, "call back", on("2026-11-23 16:00"))
    await company.waits_until(in_hanoi("2026-11-23 16:01"))
    rep.sees("call back", "Reply with a number:")
    rep.does_not_see("Trả lời bằng số")
