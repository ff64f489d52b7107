"""Surveys: asked by hand and by the playbook, the three paths of a score with who sees what and when, and whose a survey is."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.domain.consent import Purpose
from bot.domain.customers import Customer
from bot.domain.followups import FollowUpState
from bot.domain.people import Role
from bot.domain.reaching import Contact
from bot.domain.surveys import NewInvitation, SurveyInvitation, SurveyKind, token_hash
from bot.storage import guest_tables, tables
from bot.storage.store import SqlStore
from tests.chat import PAGES, Company, Person
from tests.handlers.work import knows, member_of, open_items, sells

TOKEN = re.compile(re.escape(PAGES) + r"/s/([0-9a-f]{40})\b")


async def is_linked(rep: Person, customer: Customer, *, agreed: bool = True) -> Person:
    """The customer's phone, known to be theirs for a while."""
    company = rep.company
    phone, now = company.meets("Lan"), company.clock.now()
    async with company.store.begin() as uow:
        await uow.contacts.link(Contact("telegram", phone.user_id, phone.user_id, customer.id, now - timedelta(days=9)))
        if agreed:
            await uow.consents.give(customer.id, Purpose.CARE, "telegram", "đồng ý", "bấm nút", now)
        await uow.commit()
    return phone


async def asks(rep: Person, customer: Customer, label: str = "hài lòng") -> None:
    await rep.says(f"/khaosat {customer.honorific} {customer.name}")
    await rep.taps(label)
    await rep.company.delivers_pushes()


async def link_for(rep: Person, customer: Customer, label: str = "hài lòng") -> str:
    """The token that the rep gets to hand over."""
    await asks(rep, customer, label)
    found = TOKEN.search(rep.reads())
    assert found, rep.reads()
    return found[1]


async def the_survey(company: Company, token: str) -> SurveyInvitation:
    async with company.store.read() as uow:
        found = await uow.surveys.by_token(token)
    assert found
    return found[0]


async def count(company: Company, table: str) -> int:
    assert isinstance(company.store, SqlStore)
    async with company.store._engines.writing() as sql:
        where = getattr(guest_tables, table, None)
        return int(
            await sql.scalar(
                select(func.count()).select_from(tables.metadata.tables[table] if where is None else where)
            )
        )


# The three paths ------------------------------------------------------------------------------------------------------


async def test_a_low_score_reaches_rep_and_manager_at_once_and_opens_a_ticket(company: Company) -> None:
    boss, minh = await company.hires("Bảo", Role.OWNER), await company.hires("Minh")
    lan = await knows(minh, "Lan")
    phone = await is_linked(minh, lan)
    await asks(minh, lan)
    minh.sees("Đã gửi khảo sát", "chị Lan")
    phone.sees("Anh/chị hài lòng với", "😡 1", "😍 5")
    await phone.taps("😡 1")
    phone.sees("Em rất xin lỗi", "điều gì chưa ổn")
    await company.delivers_pushes()
    minh.sees("🔴", "chị Lan", "CSAT 1/5", "Đã mở phiếu")
    boss.sees("🔴", "chị Lan", "CSAT 1/5")
    (call,) = await open_items(minh, lan)
    assert call.due_on == minh.company.clock.now().date() + timedelta(days=1)
    await phone.says("giao trễ ba ngày, thái độ kém")
    phone.sees("Bên em đã nhận lời nhắn")
    await company.delivers_pushes()
    minh.sees("giao trễ ba ngày")
    async with company.store.read() as uow:
        (ticket,) = await uow.tickets.unsolved_of(lan.id)
    assert "giao trễ ba ngày" in ticket.text
    await minh.says("KH000001")
    minh.sees("CSAT 1/5", "giao trễ ba ngày")


async def test_a_two_is_the_reps_alone(company: Company) -> None:
    boss, minh = await company.hires("Bảo", Role.OWNER), await company.hires("Minh")
    lan = await knows(minh, "Lan")
    phone = await is_linked(minh, lan)
    await asks(minh, lan)
    boss.fresh = []
    await phone.taps("🙁 2")
    await company.delivers_pushes()
    minh.sees("CSAT 2/5", "Đã mở phiếu")
    boss.never_saw("chị Lan")


async def test_a_middle_score_is_thanked_and_asked_what_could_be_better(company: Company) -> None:
    minh = await company.hires("Minh")
    lan = await knows(minh, "Lan")
    phone = await is_linked(minh, lan)
    await asks(minh, lan, "giới thiệu (0–10)")
    await phone.taps("8")
    phone.sees("cảm ơn", "nên làm gì tốt hơn")
    phone.does_not_see("start=ref_")
    await company.delivers_pushes()
    minh.sees("🟡", "NPS 8/10")
    assert await open_items(minh, lan) == []
    assert await count(company, "tickets") == 0


async def test_a_high_score_is_invited_to_refer_and_the_words_are_kept_only_with_a_yes(company: Company) -> None:
    minh = await company.hires("Minh")
    lan = await knows(minh, "Lan")
    phone = await is_linked(minh, lan)
    await asks(minh, lan, "giới thiệu (0–10)")
    await phone.taps("9")
    phone.sees("rất vui", "start=ref_", "Đồng ý cho giới thiệu")
    await company.delivers_pushes()
    minh.sees("🟢", "NPS 9/10")
    await phone.says("Tư vấn tận tâm, giao nhanh")
    phone.sees("cho phép bên em giới thiệu lời này")
    assert await count(company, "testimonials") == 0
    await phone.taps("Đồng ý cho giới thiệu")
    async with company.store.read() as uow:
        (kept,), total = await uow.testimonials.page(member_of(minh), 10)
        consent = await uow.consents.latest(lan.id, Purpose.TESTIMONIAL)
    assert total == 1
    assert kept.text == "Tư vấn tận tâm, giao nhanh"
    assert consent
    assert "giới thiệu lời của tôi" in consent.wording


# One answer, changed within a day -------------------------------------------------------------------------------------


async def test_a_second_tap_does_not_count_and_a_change_within_a_day_does(company: Company) -> None:
    minh = await company.hires("Minh")
    lan = await knows(minh, "Lan")
    phone = await is_linked(minh, lan)
    await asks(minh, lan)
    ref, data = phone.screen[-1].ref, phone.data_of("🙁 2")
    await phone.taps("🙁 2")
    await phone.taps_old(ref, data.replace(":2", ":5"))
    phone.sees("🙁 2")
    await company.delivers_pushes()
    assert len(await open_items(minh, lan)) == 1
    await phone.taps("Đổi câu trả lời")
    await phone.taps("😍 5")
    await company.delivers_pushes()
    minh.sees("CSAT 5/5", "Đổi từ 2")
    assert await open_items(minh, lan) == []
    async with company.store.read() as uow:
        assert await uow.tickets.unsolved_of(lan.id) == []
        (last,) = await uow.surveys.last_scores(member_of(minh), lan.id)
        entries, _ = await uow.timeline.page(member_of(minh), lan.id, 10)
    assert (last.score, last.before) == (5, None)
    assert [entry.text for entry in entries if "survey" in entry.details] == ["Khảo sát: CSAT 5/5"]
    await company.waits(timedelta(days=1))
    await phone.taps_old(ref, data + ":c")
    phone.sees("không còn mở")
    assert await open_items(minh, lan) == []


async def test_answering_one_closes_the_others_of_its_kind(company: Company) -> None:
    minh = await company.hires("Minh")
    lan = await knows(minh, "Lan")
    first, second = await link_for(minh, lan), await link_for(minh, lan)
    stranger = company.meets("Lan")
    await stranger.says(f"/start s_{second}")
    await stranger.taps("😍 5")
    await stranger.says(f"/start s_{first}")
    stranger.sees("không còn mở")


async def test_stop_after_a_score_stops_and_words_of_later_go_to_the_rep(company: Company) -> None:
    minh = await company.hires("Minh")
    lan = await knows(minh, "Lan")
    phone = await is_linked(minh, lan)
    await asks(minh, lan)
    await phone.taps("😐 3")
    await phone.says("DỪNG")
    async with company.store.read() as uow:
        consent = await uow.consents.latest(lan.id, Purpose.CARE)
        found = await uow.surveys.get(1)
    assert consent
    assert consent.withdrawn_at
    assert found
    assert found[0].comment is None
    await phone.taps("Đổi câu trả lời")
    await phone.taps("🙂 4")
    await company.waits(timedelta(hours=2))
    await phone.says("bao giờ giao tủ cho chị")
    phone.does_not_see("cảm ơn lời chia sẻ")
    await company.delivers_pushes()
    minh.sees("bao giờ giao tủ cho chị")


# Whose a survey is ----------------------------------------------------------------------------------------------------


async def test_a_forwarded_link_answers_its_survey_and_links_nobody(company: Company) -> None:
    minh = await company.hires("Minh")
    lan = await knows(minh, "Lan")
    token = await link_for(minh, lan)
    friend = company.meets("Bạn của Lan")
    await friend.says(f"/start s_{token}")
    friend.sees("Anh/chị hài lòng với")
    await friend.taps("🙂 4")
    friend.never_saw("Lan", "KH0000", "0912")
    assert (await the_survey(company, token)).score == 4
    async with company.store.read() as uow:
        assert await uow.contacts.customer("telegram", friend.user_id) is None
        assert await uow.contacts.of_customer(lan.id) == []


@pytest.mark.parametrize("verb", ["g.score:1:5", "g.score:1:1:c", "g.rescore:1", "g.words:1", "g.score:²:1", "g.score"])
async def test_a_surveys_number_is_its_own_customers_alone(company: Company, verb: str) -> None:
    minh = await company.hires("Minh")
    lan, hoa = await knows(minh, "Lan"), await knows(minh, "Hoa", phone="+84977000111")
    await is_linked(minh, lan)
    await asks(minh, lan)
    other, stranger = await is_linked(minh, hoa), company.meets("Người lạ")
    for person in (other, stranger):
        await person.taps_old("x:1", verb)
        assert "hệ thống vừa trục trặc" not in person.reads()
        person.never_saw("Anh/chị hài lòng với")
    async with company.store.read() as uow:
        found = await uow.surveys.get(1)
    assert found
    assert found[0].score is None


async def test_only_the_hash_of_a_token_is_anywhere_in_the_database(company: Company) -> None:
    minh = await company.hires("Minh")
    lan = await knows(minh, "Lan")
    token = await link_for(minh, lan)
    stranger = company.meets("Lan")
    await stranger.says(f"/start s_{token}")
    await stranger.taps("😍 5")
    assert isinstance(company.store, SqlStore)
    async with company.store._engines.writing() as sql:
        held = {table.name: str(list(await sql.rows(select(table)))) for table in tables.metadata.sorted_tables}
    assert [name for name, rows in held.items() if token in rows] == []
    assert [name for name, rows in held.items() if token_hash(token) in rows] == ["survey_invitations"]


async def test_a_link_is_good_for_thirty_days(company: Company) -> None:
    minh = await company.hires("Minh")
    token = await link_for(minh, await knows(minh, "Lan"))
    stranger = company.meets("Lan")
    await company.waits(timedelta(days=30))
    await stranger.says(f"/start s_{token}")
    stranger.sees("không còn mở")
    await stranger.says("/start s_" + "a" * 40)
    stranger.sees("không còn mở")


# When a customer is asked ---------------------------------------------------------------------------------------------


async def test_the_playbook_asks_on_day_7_and_30_and_the_step_is_done(company: Company) -> None:
    minh = await company.hires("Minh")
    lan = await knows(minh, "Lan")
    phone = await is_linked(minh, lan)
    await sells(minh, lan)
    await company.waits(timedelta(days=7) - timedelta(minutes=50))
    phone.never_saw("hài lòng")
    await company.waits(timedelta(minutes=80))
    phone.sees("Anh/chị hài lòng với")
    steps = {item.step: item for item in await open_items(minh, lan)}
    assert "feeling" not in steps
    await company.waits(timedelta(days=24))
    phone.sees("giới thiệu")
    async with company.store.read() as uow:
        items = await uow.followups.of_customer(member_of(minh), lan.id, only_open=False)
    assert {item.step: item.state for item in items}["care_30"] is FollowUpState.OPEN


@pytest.mark.parametrize("linked", [True, False])
async def test_who_cannot_be_asked_stays_the_reps_with_the_link_one_tap_away(company: Company, linked: bool) -> None:
    minh = await company.hires("Minh")
    lan = await knows(minh, "Lan")
    phone = await is_linked(minh, lan, agreed=False) if linked else None
    await sells(minh, lan)
    await company.waits(timedelta(days=7, hours=1))
    if phone:
        phone.never_saw("hài lòng")
    (feeling,) = [item for item in await open_items(minh, lan) if item.step == "feeling"]
    await minh.taps_old("x:1", f"due.open:{feeling.id}:t0")
    await minh.taps("Khảo sát")
    await minh.taps("hài lòng")
    if linked:
        minh.sees("chưa đồng ý nhận tin")
        await minh.taps("Lấy đường dẫn")
    assert TOKEN.search(minh.reads())
    minh.sees("https://t.me/thu_bot?start=s_")


async def test_who_is_talking_is_asked_later(company: Company) -> None:
    minh = await company.hires("Minh")
    lan = await knows(minh, "Lan")
    phone = await is_linked(minh, lan)
    await sells(minh, lan)
    await company.waits(timedelta(days=7) - timedelta(minutes=30))
    async with company.store.begin() as uow:
        await uow.contacts.wrote("telegram", phone.user_id, company.clock.now())
        await uow.commit()
    await company.waits(timedelta(hours=1))
    phone.never_saw("hài lòng")
    await company.waits(timedelta(hours=2))
    phone.sees("Anh/chị hài lòng với")


async def test_a_survey_by_hand_says_why_it_is_not_sent(company: Company) -> None:
    minh = await company.hires("Minh")
    lan = await knows(minh, "Lan")
    phone = await is_linked(minh, lan)
    await asks(minh, lan)
    await asks(minh, lan, "giới thiệu (0–10)")
    minh.sees("đủ nhiều")
    async with company.store.begin() as uow:
        await uow.consents.withdraw(lan.id, Purpose.CARE, company.clock.now())
        await uow.commit()
    await minh.taps("Lấy đường dẫn")
    minh.sees("ngừng nhắn tin")
    assert len([shown for shown in phone.screen if "giới thiệu" in shown.words]) == 0


# How the company asks -------------------------------------------------------------------------------------------------


async def test_a_company_asks_in_its_own_words(company: Company) -> None:
    boss, minh = await company.hires("Bảo", Role.OWNER), await company.hires("Minh")
    lan = await knows(minh, "Lan")
    phone = await is_linked(minh, lan)
    await boss.says("/khaosat")
    await boss.taps("Cách hỏi khảo sát")
    await boss.taps("CSAT tiếng Việt")
    await boss.says("Nhà em phục vụ <b>ổn</b> chưa ạ?")
    boss.sees("Nhà em phục vụ <b>ổn</b> chưa ạ?")
    await asks(minh, lan)
    phone.sees("Nhà em phục vụ <b>ổn</b> chưa ạ?")
    await boss.taps("CSAT tiếng Việt")
    await boss.taps("Dùng câu có sẵn")
    boss.sees("Anh/chị hài lòng với")
    await minh.taps_old("x:1", "survey.wordings")
    minh.never_saw("Cách hỏi")


async def test_khaosat_asks_which_of_two_and_takes_a_phone(company: Company) -> None:
    minh = await company.hires("Minh")
    await knows(minh, "Lan")
    await knows(minh, "Lan", phone="+84977000111")
    await minh.says("/khaosat")
    await minh.says("chị Lan")
    minh.sees("KH000001", "KH000002")
    await minh.says("0977 000 111")
    minh.sees("KH000002", "khảo sát nào")


async def test_the_card_shows_the_last_score_and_which_way_it_goes(company: Company) -> None:
    minh = await company.hires("Minh")
    lan = await knows(minh, "Lan")
    for score in ("🙁 2", "🙂 4"):
        token = await link_for(minh, lan)
        stranger = company.meets("Lan")
        await stranger.says(f"/start s_{token}")
        await stranger.taps(score)
        await company.waits(timedelta(days=2))
    await minh.says("KH000001")
    minh.sees("CSAT 4/5 ↗ (trước 2)")


async def test_an_answer_arrives_though_the_rep_has_left(company: Company) -> None:
    boss, minh = await company.hires("Bảo", Role.OWNER), await company.hires("Minh")
    lan = await knows(minh, "Lan")
    async with company.store.begin() as uow:
        new = NewInvitation(lan.id, member_of(minh).id, SurveyKind.CSAT, company.clock.now(), "task")
        _, token = await uow.surveys.invite(new)
        await uow.members.update(member_of(minh), active=False)
        await uow.commit()
    stranger = company.meets("Lan")
    await stranger.says(f"/start s_{token}")
    await stranger.taps("🙁 2")
    stranger.sees("Em rất xin lỗi")
    await company.delivers_pushes()
    boss.sees("CSAT 2/5")


# Between a score and a talk --------------------------------------------------------------------------------------------


async def test_what_is_written_after_the_reps_words_is_for_the_rep_and_no_comment(company: Company) -> None:
    minh = await company.hires("Minh")
    lan = await knows(minh, "Lan")
    phone = await is_linked(minh, lan)
    await asks(minh, lan)
    await phone.taps("🙁 2")
    await company.delivers_pushes()
    await minh.replies("CSAT 2/5", "Em xin lỗi chị, lỗi ở khâu nào ạ?")
    await company.delivers_pushes()
    phone.sees("Em xin lỗi chị, lỗi ở khâu nào ạ?")
    await phone.says("khâu giao hàng em ạ")
    assert phone.reads() == ""
    await company.delivers_pushes()
    minh.sees("💬 chị Lan (KH000001): khâu giao hàng em ạ", "Trả lời")
    async with company.store.read() as uow:
        (ticket,) = await uow.tickets.unsolved_of(lan.id)
    assert "khâu giao hàng" not in ticket.text


async def test_of_the_worst_score_the_manager_reads_the_words_too_and_whose_customer_it_is(company: Company) -> None:
    boss, minh = await company.hires("Bảo", Role.OWNER), await company.hires("Minh")
    lan = await knows(minh, "Lan")
    phone = await is_linked(minh, lan)
    await asks(minh, lan)
    await phone.taps("😡 1")
    await company.delivers_pushes()
    boss.sees("CSAT 1/5", "Phụ trách: Minh", "Mở phiếu")
    minh.does_not_see("Phụ trách")
    boss.fresh = []
    await phone.says("gọi mãi không ai nghe")
    await company.delivers_pushes()
    boss.sees("gọi mãi không ai nghe", "Phụ trách: Minh")
    await boss.taps("Mở phiếu")
    boss.sees("P1", "gọi mãi không ai nghe")
    await phone.taps("Đổi câu trả lời")
    await phone.taps("😐 3")
    await company.delivers_pushes()
    boss.sees("CSAT 3/5", "Đổi từ 1")


async def test_of_two_answered_at_once_the_one_that_waited_is_closed_too(company: Company) -> None:
    minh = await company.hires("Minh")
    lan, now = await knows(minh, "Lan"), company.clock.now()
    async with company.store.begin() as uow:
        new = NewInvitation(lan.id, member_of(minh).id, SurveyKind.CSAT, now - timedelta(days=1), "task")
        (first, _), (second, _) = [await uow.surveys.invite(new) for _ in range(2)]
        await uow.surveys.close_others(await uow.surveys.update(first, score=1, answered_at=now), now)
        waited = await uow.surveys.get(second.id)
        await uow.commit()
    assert waited
    assert not waited[0].is_open(now - timedelta(seconds=1))


async def test_words_about_a_low_score_are_no_praise_once_it_is_changed(company: Company) -> None:
    minh = await company.hires("Minh")
    lan = await knows(minh, "Lan")
    phone = await is_linked(minh, lan)
    await asks(minh, lan)
    await phone.taps("🙁 2")
    await phone.says("Máy kêu to quá")
    await phone.taps("Đổi câu trả lời")
    await phone.taps("😍 5")
    await phone.taps("Đồng ý cho giới thiệu")
    assert await count(company, "testimonials") == 0
    async with company.store.read() as uow:
        entries, _ = await uow.timeline.page(member_of(minh), lan.id, 10)
    assert "Máy kêu to quá" in [entry.text for entry in entries]


async def test_who_waits_for_an_answer_is_not_asked_how_it_was(company: Company) -> None:
    await company.hires("Bảo", Role.OWNER)
    minh = await company.hires("Minh")
    lan = await knows(minh, "Lan")
    phone = await is_linked(minh, lan)
    await phone.says("Bên em ơi, máy bị chảy nước")
    await company.waits(timedelta(hours=5))
    await minh.says("/khaosat chị Lan")
    await minh.taps("hài lòng")
    phone.never_saw("Anh/chị hài lòng với")
