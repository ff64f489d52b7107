"""Approved templates: chosen, filled and dropped in chat by who leads the company; what customers answer to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta

import pytest

from bot.domain.consent import Purpose
from bot.domain.customers import Customer
from bot.domain.delivery import Delivery
from bot.domain.people import Role
from bot.domain.reaching import Contact, Route
from bot.domain.repositories import Store
from bot.domain.surveys import SurveyInvitation
from bot.domain.timeline import InteractionKind
from bot.domain.zalo import Service, ZaloTokens
from bot.domain.zalo_templates import (
    Description,
    NoDescription,
    NotDescribed,
    Sort,
    TemplateField,
    TemplateKind,
    ZaloTemplate,
)
from bot.messages import Reply
from bot.template_answers import rated, replied
from bot.template_checks import TemplateChecks
from tests.chat import MONDAY, Company, Person
from tests.handlers.work import knows, member_of, open_items, sells, timeline

DAY = timedelta(days=1)
SURVEY = Description(
    "400123",
    "Khảo sát sau mua",
    "ENABLE",
    (
        TemplateField("customer_name", longest=30),
        TemplateField("san_pham", longest=20),
        TemplateField("link", longest=200),
        TemplateField("uu_dai", longest=12),
        TemplateField("ghi_chu", required=False),
    ),
    price_phone_vnd=800,
    price_user_vnd=560,
)
STARS = Description("400777", "Chấm sao", "ENABLE", (TemplateField("ten_khach"),), sort=Sort.RATING)


@dataclass
class Zalo:
    """What Zalo says of templates."""

    company: Company
    templates: dict[str, Description | NoDescription] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    woken: int = 0

    async def describe(self, template_id: str) -> Description:
        self.asked.append(template_id)
        told = self.templates.get(template_id, NoDescription.UNKNOWN)
        if isinstance(told, NoDescription):
            raise NotDescribed(told)
        return told

    def _wake(self) -> None:
        self.woken += 1

    @property
    def checks(self) -> TemplateChecks:
        words = self.company.conversation.translator
        return TemplateChecks(self.company.store, self.company.clock, self.describe, words, self._wake)

    async def is_asked(self) -> None:
        """All that waits is asked, and what is heard is shown."""
        while await self.checks.check_next():
            pass
        await self.company.delivers_pushes()


@pytest.fixture
async def zalo(company: Company) -> Zalo:
    """An Official Account in service, with two templates."""
    await in_service(company.store)
    return Zalo(company, {"400123": SURVEY, "400777": STARS})


async def in_service(store: Store, *, paid: bool = False) -> None:
    async with store.begin() as uow:
        await uow.zalo.put_in_service(Service(("telegram", "zalo"), paid))
        await uow.commit()


async def kept(company: Company, kind: TemplateKind = TemplateKind.CSAT) -> ZaloTemplate | None:
    async with company.store.read() as uow:
        return await uow.zalo.template(kind)


async def chooses(boss: Person, zalo: Zalo, number: str = "400123", kind: str = "Khảo sát hài lòng") -> None:
    await boss.says("/zalo")
    await boss.taps(kind)
    await boss.taps("Chọn mẫu")
    await boss.says(number)
    await zalo.is_asked()


# The page -------------------------------------------------------------------------------------------------------------


async def test_the_page_says_what_is_in_service_and_what_it_has_cost(company: Company) -> None:
    boss = await company.hires("Bảo", Role.OWNER)
    await boss.says("/zalo")
    boss.sees("Official Account: chưa bật", "Tháng này: chưa tốn gì", "Tháng trước: chưa tốn gì", "Chưa có mẫu nào")
    boss.does_not_see("Tin sau 48 giờ")
    await in_service(company.store, paid=True)
    await boss.says("/zalo")
    boss.sees("đã bật, chưa kết nối lần nào", "Tin sau 48 giờ khách im lặng: đang bật, 55 ₫ mỗi tin")
    await has_tokens(company)
    for number in range(14):
        await company.store.charges.charge(number + 1, Route.ZALO_PAID, "answer", 55, company.clock.now())
    for number in range(25):
        await company.store.charges.charge(number + 50, Route.ZALO_TEMPLATE, "survey", 560, company.clock.now())
    last_month = MONDAY.replace(day=1).astimezone(UTC) - DAY
    await company.store.charges.charge(99, Route.ZALO_TEMPLATE, "survey", 800, last_month)
    await company.store.charges.charge(99, Route.ZALO_TEMPLATE, "survey", 800, last_month)
    await boss.says("/zalo")
    boss.sees("đang chạy, kết nối tốt đến T3 24/11/2026 09:40, em tự gia hạn")
    boss.sees("Tháng này: 14 tin tính phí 770 ₫; 25 mẫu 14.000 ₫", "Tháng trước: 1 mẫu 800 ₫")


async def has_tokens(company: Company) -> None:
    tokens, now = company.store.tokens, company.clock.now()
    assert await tokens.claim("app", "me", now, now + timedelta(minutes=1))
    await tokens.keep("app", "me", ZaloTokens("AT-secret", "RT-secret", now + timedelta(hours=25), "hash"))


async def test_the_page_warns_where_zalo_lets_us_in_no_more_and_shows_no_token(company: Company) -> None:
    boss = await company.hires("Bảo", Role.OWNER)
    await in_service(company.store)
    await has_tokens(company)
    await company.waits(timedelta(hours=26))
    await boss.says("/zalo")
    boss.sees("đang bật nhưng chưa gia hạn được kết nối", "Tin sau 48 giờ khách im lặng: đang tắt")
    assert await company.store.tokens.died("app", company.clock.now())
    await boss.says("/zalo")
    boss.sees("Zalo không cho kết nối từ T3 24/11/2026 10:40", "cấp quyền lại")
    boss.never_saw("secret")


async def test_only_who_sees_the_whole_company_has_it(company: Company, zalo: Zalo) -> None:
    boss, minh = await company.hires("Bảo", Role.OWNER), await company.hires("Minh")
    lead = await company.hires("Hà", Role.MANAGER)
    async with company.store.begin() as uow:
        team = await uow.teams.add("Bắc")
        lead.member = await uow.members.update(member_of(lead), team_id=team.id)
        await uow.commit()
    await minh.says("/zalo")
    minh.sees("chưa biết lệnh này")
    for person in (minh, lead, company.meets("Lan")):
        for data in ("zalo", "zalo.ask:survey.csat", "zalo.drop:survey.csat"):
            await person.taps_old("x:1", data)
            person.never_saw("Official Account", "Template ID")
    await chooses(boss, zalo)
    await lead.taps_old("x:1", "zalo.save:1")
    assert await kept(company) is None


# Choosing -------------------------------------------------------------------------------------------------------------


async def test_a_template_is_chosen_filled_and_saved(company: Company, zalo: Zalo) -> None:
    boss = await company.hires("Bảo", Role.OWNER)
    lan = await knows(boss, "Nguyễn Thị Lan")
    await sells(boss, lan, "Bàn ăn gỗ sồi sáu ghế bọc nệm", 12_500_000)
    await boss.says("/zalo")
    await boss.taps("Khảo sát hài lòng")
    boss.sees("Chưa có mẫu", "chấm sao ngay trên Zalo")
    await boss.taps("Chọn mẫu")
    boss.sees("Template ID")
    await boss.says("mẫu khảo sát")
    boss.sees("không phải số của một mẫu")
    await boss.says("400123")
    boss.sees("Em đang hỏi Zalo về mẫu 400123")
    assert zalo.asked == []  # not inside the turn
    await zalo.is_asked()
    assert (zalo.asked, zalo.woken) == (["400123"], 1)
    boss.sees("Khảo sát sau mua", "560 ₫ nếu gửi vào Zalo đã biết, 800 ₫ nếu gửi theo số điện thoại")
    boss.sees("Với chị Nguyễn Thị Lan", "customer_name: chị Lan (tên khách)", "san_pham: Bàn ăn gỗ sồi sáu…")
    boss.sees("link: link riêng của khách", "uu_dai: ⚠️ chưa chọn", "ghi_chu: ")
    assert "💾 Lưu" not in boss.buttons()
    await boss.taps("uu_dai")
    boss.sees("tối đa 12 ký tự")
    await boss.taps("Luôn là một câu chữ cố định")
    await boss.says("Giảm ngay hai mươi phần trăm")
    boss.sees("không vừa ô")
    await boss.says("Giảm 20%")
    boss.sees("uu_dai: Giảm 20%")
    await boss.taps("san_pham")
    await boss.taps("tên nhân viên")
    boss.sees("san_pham: Bảo (tên nhân viên)")
    await boss.taps("ghi_chu")
    await boss.taps("Để trống")
    boss.sees("ghi_chu: để trống")
    assert await kept(company) is None
    await boss.taps("Lưu")
    boss.sees("✅ Đã lưu", "Khảo sát sau mua", "uu_dai: luôn là “Giảm 20%”", "Đã kiểm với Zalo lúc T2 23/11/2026 08:40")
    saved = await kept(company)
    assert saved
    assert saved.is_ready
    assert saved.values == {
        "customer_name": "customer",
        "san_pham": "rep",
        "link": "link",
        "uu_dai": "=Giảm 20%",
        "ghi_chu": "",
    }
    assert saved.checked_at
    assert (saved.price_user_vnd, saved.price_phone_vnd) == (560, 800)
    assert timedelta(0) < company.clock.now() - saved.checked_at < timedelta(minutes=1)
    await boss.says("/zalo")
    boss.sees("Khảo sát hài lòng (1–5): Khảo sát sau mua", "✓ Khảo sát hài lòng")
    await boss.says("/nhatky")
    boss.sees("Bảo đổi mẫu tin Zalo")


async def test_its_fields_are_changed_after_zalo_has_described_it_anew(company: Company, zalo: Zalo) -> None:
    boss = await company.hires("Bảo", Role.OWNER)
    await chooses(boss, zalo, "400777")
    boss.sees("Với chị Lan", "Mẫu đánh giá")
    await boss.taps("Lưu")
    new = TemplateField("cong_ty")
    zalo.templates["400777"] = replace(STARS, fields=(*STARS.fields, new), price_phone_vnd=900)
    await boss.taps("Sửa các ô")
    await zalo.is_asked()
    boss.sees("ten_khach: chị Lan", "cong_ty: cửa hàng", "900 ₫")
    await boss.taps("ten_khach")
    await boss.taps("mã khách")
    await boss.taps("Lưu")
    saved = await kept(company)
    assert saved
    assert (saved.values, saved.price_phone_vnd) == ({"ten_khach": "code", "cong_ty": "company"}, 900)
    await boss.taps("Bỏ mẫu")
    boss.sees("Đã bỏ", "Chưa có mẫu nào")
    assert await kept(company) is None
    await boss.taps_old("x:1", "zalo.drop:survey.csat")
    boss.sees("hết hiệu lực")


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (NoDescription.UNKNOWN, "Zalo không thấy mẫu 400123"),
        (NoDescription.NO_RIGHT, "mất kết nối hoặc thiếu quyền"),
        (NoDescription.UNREACHABLE, "chưa kết nối được với Zalo"),
        (replace(SURVEY, status="PENDING_REVIEW"), "đang chờ Zalo duyệt"),
        (replace(SURVEY, status="REJECT", reason="Sai <chính> tả"), "Zalo ghi: Sai <chính> tả"),
        (replace(SURVEY, status="DISABLE"), "Zalo đã khóa mẫu"),
        (replace(SURVEY, status="DELETE"), "đã bị xóa"),
        (replace(SURVEY, status="NEW"), "không cho dùng mẫu"),
        (replace(SURVEY, sort=Sort.OTP), "OTP"),
        (replace(SURVEY, by_user=False, by_phone=False), "cũng không gửi được theo số điện thoại"),
    ],
)
async def test_what_cannot_be_used_is_said_and_not_saved(
    company: Company, zalo: Zalo, told: Description | NoDescription, sentence: str
) -> None:
    boss = await company.hires("Bảo", Role.OWNER)
    zalo.templates["400123"] = told
    await chooses(boss, zalo)
    boss.sees(sentence, "Chọn mẫu khác")
    await boss.taps_old("x:1", "zalo.save:1")
    boss.sees("hết hiệu lực")
    assert await kept(company) is None


async def test_what_leads_nowhere_is_not_saved(company: Company, zalo: Zalo) -> None:
    boss = await company.hires("Bảo", Role.OWNER)
    await chooses(boss, zalo, "400777", "Khảo sát giới thiệu")
    boss.sees("Chưa ô nào chứa link")
    assert "💾 Lưu" not in boss.buttons()
    await boss.taps_old("x:1", "zalo.save:1")
    assert await kept(company, TemplateKind.NPS) is None
    await chooses(boss, zalo, "400777")
    boss.sees("khách chấm sao ngay trên Zalo")
    zalo.templates["400777"] = replace(STARS, sort=Sort.CUSTOM)
    await chooses(boss, zalo, "400777")
    boss.sees("nếu mẫu không có sao để chấm thì khách không trả lời được")
    await boss.taps("Lưu")
    assert await kept(company)


async def test_nobody_is_asked_while_the_account_is_not_in_service(company: Company) -> None:
    boss = await company.hires("Bảo", Role.OWNER)
    await boss.says("/zalo")
    await boss.taps("Khảo sát hài lòng")
    await boss.taps("Chọn mẫu")
    boss.sees("chưa bật nên em chưa hỏi Zalo được")


async def test_whoever_turns_to_something_else_is_not_taken_for_a_number(company: Company, zalo: Zalo) -> None:
    boss = await company.hires("Bảo", Role.OWNER)
    await boss.says("/zalo")
    await boss.taps("Khảo sát hài lòng")
    await boss.taps("Chọn mẫu")
    await boss.taps("‹ Zalo")
    await boss.says("chị Thoa 0977123456")
    boss.sees("Thoa")
    boss.does_not_see("số của một mẫu")


async def test_zalos_word_counts_for_a_day_and_one_choice_at_a_time(company: Company, zalo: Zalo) -> None:
    boss = await company.hires("Bảo", Role.OWNER)
    await chooses(boss, zalo, "400777")
    old = boss.data_of("Lưu")
    await chooses(boss, zalo, "400777")
    await boss.taps_old("x:1", old)
    boss.sees("hết hiệu lực")
    await company.waits(DAY)
    await boss.taps("Lưu")
    boss.sees("hết hiệu lực")
    assert await kept(company) is None


async def test_what_is_forged_fills_nothing(company: Company, zalo: Zalo) -> None:
    boss = await company.hires("Bảo", Role.OWNER)
    await chooses(boss, zalo)
    for data in (
        *("zalo.fill:1:9:customer", "zalo.fill:1:0:none", "zalo.fill:1:1:link", "zalo.fill:1:0:bậy", "zalo.fill:1:0"),
        *("zalo.field:1:99", "zalo.words:1:99", "zalo.kind:bậy", "zalo.ask", "zalo.fill:1:-1:customer"),
    ):
        await boss.taps_old("x:1", data)
        boss.sees("Nút này đã cũ")
    await boss.taps_old("x:1", "zalo.check:1")
    boss.sees("customer_name: chị Lan (tên khách)", "san_pham: đơn hàng (món mua gần nhất)")


async def test_who_is_no_manager_any_more_hears_nothing_of_it(company: Company, zalo: Zalo) -> None:
    ha = await company.hires("Hà", Role.MANAGER)
    await ha.says("/zalo")
    await ha.taps("Khảo sát hài lòng")
    await ha.taps("Chọn mẫu")
    await ha.says("400777")
    async with company.store.begin() as uow:
        ha.member = await uow.members.update(member_of(ha), role=Role.REP)
        await uow.commit()
    await zalo.is_asked()
    ha.never_saw("Chấm sao")


# Answers --------------------------------------------------------------------------------------------------------------


@dataclass
class Talk:
    """Ms Lan, silent on Zalo for over a week, whom a template has asked."""

    company: Company
    rep: Person
    lan: Customer
    asked: Delivery

    async def rates(self, rate: int, event: str = "e1", note: str = "", feedbacks: tuple[str, ...] = ()) -> bool:
        """By the message's reference."""
        return await self._rates(rate, event, note, feedbacks, message_ref="zms1", tracking_id="")

    async def rates_tracked(self, rate: int, tracking_id: str, event: str = "e1") -> bool:
        """Before we have heard of the reference."""
        return await self._rates(rate, event, "", (), message_ref="unknown", tracking_id=tracking_id)

    async def _rates(self, rate: int, event: str, note: str, feedbacks: tuple[str, ...], **which: str) -> bool:
        now, words = self.company.clock.now(), self.company.conversation.translator
        said = {"rate": rate, "note": note, "feedbacks": feedbacks, "event_key": event, **which}
        taken = await rated(self.company.store, now, words, **said)  # type: ignore[arg-type]
        await self.company.delivers_pushes()
        return taken

    async def replies(self, label: str, event: str = "e1", message_ref: str = "zms1") -> bool:
        now, words = self.company.clock.now(), self.company.conversation.translator
        store = self.company.store
        taken = await replied(store, now, words, message_ref=message_ref, label=label, tracking_id="", event_key=event)
        await self.company.delivers_pushes()
        return taken

    async def survey(self) -> SurveyInvitation:
        async with self.company.store.read() as uow:
            found = await uow.surveys.get(1)
        assert found
        return found[0]


async def asked_by_template(company: Company, values: Mapping[str, str] | None = None) -> Talk:
    """Asked how satisfied she is, the only way that is open."""
    minh = await company.hires("Minh")
    lan = await knows(minh, "Nguyễn Thị Lan", phone="+84912345678")
    await sells(minh, lan, "Bàn ăn gỗ sồi", 12_500_000)
    now = company.clock.now()
    template = ZaloTemplate(TemplateKind.CSAT, "400777", "Chấm sao", STARS.fields, {"ten_khach": "customer"}, 800, 560)
    async with company.store.begin() as uow:
        await uow.contacts.link(Contact("zalo", "777", "777", lan.id, now - 30 * DAY, interacted_at=now - 8 * DAY))
        await uow.consents.give(lan.id, Purpose.CARE, "zalo", "đồng ý", "bấm nút", now)
        await uow.zalo.keep_template(replace(template, values=values or template.values))
        await uow.commit()
    await minh.says("/khaosat chị Nguyễn Thị Lan")
    await minh.taps("hài lòng")
    store, now = company.store, company.clock.now()
    deliveries = await store.ledger.claim(now, 100, "test", now + timedelta(minutes=1))
    (asked,) = [delivery for delivery in deliveries if delivery.channel == "zalo_template"]
    others = [delivery for delivery in deliveries if delivery is not asked]
    for delivery in others:
        company.people[delivery.chat_id].show([delivery])
    await store.ledger.sent([(asked.id, "zms1"), *((one.id, f"{one.chat_id}:{one.id}") for one in others)], now)
    return Talk(company, minh, lan, asked)


@pytest.fixture
async def talk(company: Company) -> Talk:
    await in_service(company.store)
    return await asked_by_template(company)


async def test_the_template_that_went_is_filled_for_her(talk: Talk) -> None:
    form = Reply.from_record(talk.asked.payload).template
    assert form
    assert (talk.asked.chat_id, form.template_id, form.data) == ("user:777", "400777", {"ten_khach": "chị Lan"})
    assert form.price_vnd == 560


async def test_few_stars_reach_rep_and_manager_at_once_and_open_a_ticket(company: Company) -> None:
    await in_service(company.store)
    boss = await company.hires("Bảo", Role.OWNER)
    talk = await asked_by_template(company)
    assert await talk.rates(1, note="Giao trễ <b>ba</b> ngày", feedbacks=("Giao hàng chậm", "Thái độ"))
    talk.rep.sees("🔴", "chị Nguyễn Thị Lan", "CSAT 1/5", "Đã mở phiếu")
    boss.sees("🔴", "CSAT 1/5")
    (call,) = [item for item in await open_items(talk.rep, talk.lan) if item.due_on == MONDAY.date() + DAY]
    async with company.store.read() as uow:
        (ticket,) = await uow.tickets.unsolved_of(talk.lan.id)
    assert call.id == ticket.followup_id
    assert (await talk.survey()).comment == "Giao hàng chậm, Thái độ. Giao trễ <b>ba</b> ngày"
    talk.rep.sees("Giao hàng chậm, Thái độ. Giao trễ <b>ba</b> ngày")


async def test_middle_stars_are_written_down_and_open_nothing(talk: Talk) -> None:
    assert await talk.rates(3)
    talk.rep.sees("🟡", "CSAT 3/5")
    async with talk.company.store.read() as uow:
        assert await uow.tickets.unsolved_of(talk.lan.id) == []
    (entry,) = [one for one in await timeline(talk.rep, talk.lan) if one.kind is InteractionKind.FEEDBACK]
    assert entry.text == "Khảo sát: CSAT 3/5"


async def test_many_stars_are_told_as_praise(talk: Talk) -> None:
    assert await talk.rates(5, feedbacks=("Giao nhanh",))
    talk.rep.sees("🟢", "CSAT 5/5", "Giao nhanh")
    survey = await talk.survey()
    assert (survey.score, survey.comment) == (5, "Giao nhanh")


async def test_the_same_rating_twice_counts_once_and_another_within_a_day_changes_it(talk: Talk) -> None:
    assert await talk.rates(2)
    assert await talk.rates(2)
    async with talk.company.store.read() as uow:
        assert len(await uow.tickets.unsolved_of(talk.lan.id)) == 1
    assert await talk.rates(5, event="e2")
    talk.rep.sees("CSAT 5/5", "Đổi từ 2")
    async with talk.company.store.read() as uow:
        assert await uow.tickets.unsolved_of(talk.lan.id) == []
    await talk.company.waits(DAY)
    assert not await talk.rates(1, event="e3")
    assert (await talk.survey()).score == 5


async def test_a_rating_is_found_by_what_we_gave_zalo_to_recognise_it_by(talk: Talk) -> None:
    assert not await talk.rates_tracked(4, f"x{talk.asked.id}")
    assert not await talk.rates_tracked(4, "d999999")
    assert not await talk.rates_tracked(4, "d" + "9" * 30)
    assert await talk.rates_tracked(4, f"d{talk.asked.id}")
    assert (await talk.survey()).score == 4


async def test_what_is_no_rating_changes_nothing(talk: Talk) -> None:
    for rate in (0, 6, -1):
        assert not await talk.rates(rate, event=f"e{rate}")
    assert (await talk.survey()).score is None


async def test_a_tapped_reply_is_words_of_hers_for_her_rep(talk: Talk) -> None:
    assert await talk.replies("Cần gọi lại")
    talk.rep.sees("💬 chị Nguyễn Thị Lan", "Cần gọi lại", "Trả lời")
    assert await talk.replies("Cần gọi lại")
    said = [one.text for one in await timeline(talk.rep, talk.lan) if one.kind is InteractionKind.WROTE]
    assert said == ["Cần gọi lại"]
    async with talk.company.store.read() as uow:
        assert await uow.relays.waits_since(talk.lan.id)
    assert not await talk.replies("Cần gọi lại", "e2", message_ref="unknown")


async def test_a_tapped_reply_that_says_stop_is_her_stop(talk: Talk) -> None:
    assert await talk.replies("Ngừng nhận tin")
    talk.rep.sees("không muốn nhận", "Ngừng nhận tin")
    async with talk.company.store.read() as uow:
        consent = await uow.consents.latest(talk.lan.id, Purpose.CARE)
        assert consent
        assert consent.withdrawn_at
        assert await uow.relays.waits_since(talk.lan.id) is None
