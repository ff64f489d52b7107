"""A customer's rights: everything held as a file, erased without a trace while the figures stay, and requests done in time."""

import json
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup
from sqlalchemy import Text, cast, insert, select

from bot.deadlines import clean_after_erasures
from bot.domain.consent import Purpose
from bot.domain.customers import Customer
from bot.domain.delivery import Audience, DeliveryState, NewDelivery
from bot.domain.errors import NotFound
from bot.domain.followups import FollowUpState
from bot.domain.mailroom import Address
from bot.domain.metrics import Summary, summarise
from bot.domain.names import folded
from bot.domain.people import Role
from bot.domain.periods import month_of, week_of
from bot.domain.reaching import Contact
from bot.domain.tickets import TicketKind, TicketState
from bot.domain.timeline import InteractionKind, StoredFile
from bot.domain.vocabulary import NewWord, WordKind
from bot.messages import Choice, File, Reply, Template
from bot.storage import guest_tables as guests
from bot.storage import tables
from bot.storage.erasing import DROPPED, EMPTIED, KEPT
from bot.storage.store import SqlStore
from bot.views.dossiers import SECTIONS, TOLD_ELSEWHERE
from tests.chat import MONDAY, Company, Person
from tests.handlers.test_audit import joins
from tests.handlers.work import in_hanoi, knows, member_of, on, promises, sells

NAME, PHONE, EMAIL = "Trịnh Ngọc Thoa", "+84977123456", "thoa.trinh@vidu.vn"
# Whatever a person could be found by, folded; of the number any grouping.
TRACES = ("trinh ngoc thoa", "ngoc thoa", "thoa", "977123456", "thoa.trinh", "hai au", "be na", "so tre hen", "bi-mat")
CHAT = "7000777"


class Scene:
    """A company and a customer of Hà's with everything that there is."""

    def __init__(self, company: Company, boss: Person, lead: Person, ha: Person, thoa: Customer) -> None:
        self.company, self.boss, self.lead, self.ha, self.thoa = company, boss, lead, ha, thoa

    @property
    def store(self) -> SqlStore:
        assert isinstance(self.company.store, SqlStore)
        return self.company.store

    async def asks_to_erase(self, who: Person, *, typed: str = "") -> None:
        await who.taps_old("x:1", f"privacy.erase:{self.thoa.id}")
        await who.says(typed or self.thoa.code)


@pytest.fixture
async def scene(company: Company) -> Scene:
    boss = await company.hires("Bảo", Role.OWNER)
    lead, ha = await company.hires("Hoài", Role.MANAGER), await company.hires("Hà")
    await joins(company, lead, ha)
    company.people[CHAT] = Person(company, CHAT, "Thoa")
    company.clock.wind_to(in_hanoi("2026-10-12 09:00"))
    thoa = await knows(ha, NAME, phone=PHONE, note="bàn giá riêng với chị Thoa")
    other = await knows(ha, "Bùi Tâm", phone="+84966222333", note=f"bạn của chị Thoa, {NAME.upper()}, số 0977.123.456")
    await ha.says(f"c Tâm chốt gói Pro 9tr, nhờ {NAME} giới thiệu")
    await promises(ha, thoa, "gọi lại vì sợ trễ hẹn", on("2026-10-20"))
    company.clock.wind_to(in_hanoi("2026-10-26 09:00"))
    await sells(ha, thoa, "gói Pro", 37_450_000)
    await promises(ha, other, "hỏi xem chị Thoa còn cần không", on("2026-12-01"))
    company.clock.wind_to(MONDAY)
    await ha.says("chị Thoa 0977 123 456 than giao trễ")
    await _is_talked_about_everywhere(company, ha, thoa, other)
    await ha.taps_old("x:1", f"note.ask:{thoa.id}")
    return Scene(company, boss, lead, ha, thoa)


async def _is_talked_about_everywhere(company: Company, ha: Person, thoa: Customer, other: Customer) -> None:
    """Each table that can hold something of a person has something of hers."""
    now, who = company.clock.now(), member_of(ha)
    file = StoredFile("telegram", "anh-bi-mat", "photo", "anh-bi-mat.jpg")
    async with company.store.begin() as uow:
        thoa = await uow.customers.update(
            await uow.customers.get(who, thoa.id), company="Hải Âu", email=EMAIL, interest="đèn trần"
        )
        other = await uow.customers.update(
            await uow.customers.get(who, other.id), referrer=f"chị {NAME}", referrer_id=thoa.id
        )
        await uow.timeline.add(
            who,
            thoa.id,
            InteractionKind.FILE,
            "hợp đồng",
            now,
            details={"sentiment": "complaint", "who": NAME},
            file=file,
        )
        await uow.actions.record(who, thoa.id, now)
        await uow.vocabulary.learn(who, NewWord(WordKind.CUSTOMER, "cô Bé Na", NAME, thoa.id), shared=False)
        await uow.commit()
    tell = Reply(text=Markup(f"Chị {NAME} gọi 0977 123 456"), choices=((Choice("Mở", f"customer.open:{thoa.id}"),),))
    list_of_many = Reply(text=Markup("Hôm nay"), choices=((Choice("Cô ấy", f"customer.open:{thoa.id}"),),))
    paper = Reply(document=File("so.txt", f"{NAME} {PHONE}".encode()))
    assert isinstance(company.store, SqlStore)
    async with company.store._engines.writing() as sql:
        for table, values in _rows(thoa, who.id, now):
            await sql.change(insert(table).values(**values))
        await sql.commit()
    async with company.store.begin() as uow:
        for number, (chat, reply) in enumerate(
            ((ha.user_id, tell), (ha.user_id, list_of_many), (ha.user_id, paper), (CHAT, Reply(Markup("Cảm ơn chị"))))
        ):
            due_at = now + timedelta(days=1)
            await uow.outbox.queue(
                NewDelivery(f"test:{number}", "telegram", chat, Audience.MEMBER, "x", reply.to_record(), due_at)
            )
        await uow.drafts.keep(Address("telegram", ha.user_id), {"text": f"{NAME} thích màu xanh"}, now)
        await uow.commit()


def _rows(thoa: Customer, member_id: int, now: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    about = {"customer_id": thoa.id}
    later, last_week = now + timedelta(days=3), now - timedelta(days=5)
    yield guests.contacts, {**about, "channel": "telegram", "user_id": CHAT, "chat_id": CHAT, "linked_at": now}
    yield (
        guests.consents,
        {
            **about,
            "purpose": Purpose.CARE,
            "given_at": now,
            "channel": "telegram",
            "wording": "Có được nhắn không?",
            "evidence": f"{NAME} nói được",
        },
    )
    yield guests.referral_links, {**about, "token": "bi-mat-thoa"}
    yield (
        guests.survey_invitations,
        {
            **about,
            "member_id": member_id,
            "kind": "csat",
            "token_hash": "h",
            "created_at": last_week,
            "expires_at": later,
            "route": "telegram",
            "score": 2,
            "comment": f"{NAME} sợ trễ hẹn",
            "answered_at": last_week,
        },
    )
    yield (
        guests.tickets,
        {
            **about,
            "kind": TicketKind.COMPLAINT,
            "state": TicketState.OPEN,
            "assignee_id": member_id,
            "text": f"{NAME} phàn nàn",
            "opened_at": last_week,
            "waiting_since": last_week,
            "remind_at": later,
        },
    )
    yield guests.testimonials, {**about, "text": f"Rất ưng – {NAME}", "kept_at": now}
    yield guests.relays, {**about, "member_id": member_id, "wrote_at": now, "remind_at": later}
    yield guests.unasked_messages, {**about, "about": "survey", "at": now}
    yield guests.unanswered, {"key": "thoa", "question": f"{NAME} hỏi giá", "asked_at": now, "count": 1}
    yield tables.guesses, {"channel": "telegram", "user_id": CHAT, "since": now, "count": 1}


# Erasing --------------------------------------------------------------------------------------------------------------


async def everything_stored(store: SqlStore) -> dict[str, str]:
    """Each table's rows as text, JSON decoded, folded."""
    dump = {}
    async with store._engines.reading() as sql:
        for table in tables.metadata.sorted_tables:
            rows = await sql.rows(select(table))
            words = json.dumps([list(map(str, row)) for row in rows], ensure_ascii=False)
            dump[table.name] = folded(words).replace("0977 123 456", "0977123456").replace("0977.123.456", "0977123456")
    return dump


def _found_at(trace: str, words: str) -> int:
    """Where it stands as a word of its own, -1: nowhere."""
    found = re.search(rf"(?<!\w){trace}(?!\w)" if trace.isalpha() else re.escape(trace), words)
    return found.start() if found else -1


async def summaries(scene: Scene) -> list[Summary]:
    """Last month's figures, and those of the week before."""
    zone, now = member_of(scene.boss).zone, scene.company.clock.now()
    today = now.astimezone(zone).date()
    found = []
    async with scene.company.store.read() as uow:
        pipeline = (await uow.company.read()).pipeline
        for period in (month_of(today).previous(), week_of(today).previous(), week_of(today).previous().previous()):
            for scope in (None, [member_of(scene.ha).id]):
                rows = await uow.figures.summary_rows(period, zone, scope, now)
                found.append(summarise(rows, period, pipeline, now))
    return found


async def test_who_is_erased_is_in_no_column_of_any_table_and_last_months_figures_stand(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    before, figures = await everything_stored(scene.store), await summaries(scene)
    holding = {name for name, words in before.items() if any(_found_at(trace, words) >= 0 for trace in TRACES)}
    assert holding >= {
        "customers",
        "interactions",
        "followups",
        "actions",
        "outbox",
        "drafts",
        "own_words",
        "spellings",
    }
    assert holding >= {"customer_phones", "consents", "tickets", "testimonials", "survey_invitations", "unanswered"}
    assert any(summary.followups.overdue for summary in figures)
    assert any(summary.money.sales for summary in figures)

    await scene.asks_to_erase(scene.lead)

    scene.lead.sees("Đã xoá hẳn", scene.thoa.code)
    scene.lead.does_not_see("Thoa")
    for name, words in (await everything_stored(scene.store)).items():
        left = [words[max(0, at - 60) : at + 30] for trace in TRACES if (at := _found_at(trace, words)) >= 0]
        assert not left, f"{left} in {name}"
    assert await summaries(scene) == figures
    said = folded(caplog.text)
    assert not [trace for trace in TRACES if _found_at(trace, said) >= 0]
    assert scene.thoa.code in caplog.text


async def test_the_database_itself_holds_no_trace_of_who_was_erased(scene: Scene, database_url: str) -> None:
    assert any(PHONE.encode() in content for content in await _files_of(scene.store, database_url))
    await scene.asks_to_erase(scene.lead)
    assert await clean_after_erasures(scene.store, scene.company.clock.now())
    assert not await clean_after_erasures(scene.store, scene.company.clock.now())
    spelled = [
        NAME,
        NAME.upper(),
        "Ngọc Thoa",
        "0977123456",
        "977123456",
        "0977.123.456",
        "0977 123 456",
        EMAIL,
        "Hải Âu",
    ]
    spelled += ["Trinh Ngoc Thoa", "trinh ngoc thoa", "thoa ngoc trinh", "thoa ngọc trịnh"]
    spelled += [json.dumps(one)[1:-1] for one in spelled]
    for content in await _files_of(scene.store, database_url):
        for one in spelled:
            assert one.encode() not in content, one


async def _files_of(store: SqlStore, database_url: str) -> list[bytes]:
    """SQLite's file and its log; of PostgreSQL what a dump would write."""
    if database_url.startswith("sqlite"):
        path = Path(database_url.partition(":///")[2])
        return [one.read_bytes() for one in (path, Path(f"{path}-wal")) if one.exists()]
    dump = []
    async with store._engines.reading() as sql:
        for table in tables.metadata.sorted_tables:
            rows = await sql.rows(select(*(cast(column, Text) for column in table.c)))
            dump.append("\n".join("\t".join(map(str, row)) for row in rows).encode())
    return dump


async def test_who_is_erased_is_found_by_nobody_and_their_buttons_are_dead(scene: Scene) -> None:
    await scene.asks_to_erase(scene.boss)
    for person in (scene.boss, scene.lead, scene.ha):
        for words in (
            scene.thoa.code,
            "/tim Thoa",
            "/tim Trịnh",
            "/tim 0977123456",
            f"/tim {scene.thoa.code}",
            "0977123456",
        ):
            await person.says(words)
            person.does_not_see("Thoa giới", "Hải Âu", "Ngọc", "☎️")
            assert "hệ thống vừa trục trặc" not in person.reads()
        for verb in ("customer.open", "customer.more", "timeline", "note.ask", "privacy", "privacy.export", "sale.ask"):
            await person.taps_old("x:1", f"{verb}:{scene.thoa.id}" + (":0" if verb == "timeline" else ""))
            assert "không có khách này" in person.reads() or "không tìm thấy" in person.reads()
        await person.says("/homnay")
        person.does_not_see("trễ hẹn")
    async with scene.company.store.read() as uow:
        assert await uow.customers.by_phone(member_of(scene.boss), PHONE) == []
        standing = [facts async for page in uow.standings.all(member_of(scene.boss)) for facts in page]
        assert scene.thoa.id not in [facts.customer_id for facts in standing]


async def test_what_still_waited_about_who_is_erased_does_not_go_out(scene: Scene) -> None:
    await scene.asks_to_erase(scene.lead)
    async with scene.store._engines.reading() as sql:
        waiting = [DeliveryState.DUE, DeliveryState.CLAIMED]
        rows = await sql.rows(select(tables.outbox.c.dedupe_key).where(tables.outbox.c.state.in_(waiting)))
        due = await sql.rows(select(tables.followups.c.state).where(tables.followups.c.customer_id == scene.thoa.id))
    assert not [row for row in rows if row.dedupe_key.startswith("test:")]
    assert FollowUpState.OPEN not in {row.state for row in due}


async def test_what_was_written_about_others_stays_but_for_the_name_and_number(scene: Scene) -> None:
    await scene.asks_to_erase(scene.lead)
    await scene.ha.says("/tim Bùi Tâm")
    await scene.ha.taps("Lịch sử")
    scene.ha.sees("bạn của •••", "số •••")


async def test_only_the_typed_code_erases(scene: Scene) -> None:
    await scene.asks_to_erase(scene.lead, typed="có")
    scene.lead.sees("chưa xoá gì")
    await scene.asks_to_erase(scene.lead, typed="KH000999")
    scene.lead.sees("chưa xoá gì")
    await scene.ha.says(scene.thoa.code)
    scene.ha.sees(NAME)


async def test_a_rep_neither_erases_nor_exports(scene: Scene) -> None:
    for verb in ("privacy.erase", "privacy.export"):
        await scene.ha.taps_old("x:1", f"{verb}:{scene.thoa.id}")
        assert scene.ha.fresh == [] or "Thoa" not in scene.ha.reads()
    await scene.ha.taps_old("x:1", f"privacy:{scene.thoa.id}")
    assert not [label for label in scene.ha.buttons() if "Xoá hẳn" in label or "Xuất" in label]


async def test_the_audit_tells_who_erased_and_names_nobody(scene: Scene) -> None:
    await scene.asks_to_erase(scene.lead)
    await scene.boss.says("/nhatky Hoài")
    scene.boss.sees("Hoài xoá hẳn một khách")


async def test_a_copy_from_before_is_erased_again(scene: Scene) -> None:
    async with scene.company.store.begin() as uow:
        assert await uow.privacy.erased() == []
        assert await uow.privacy.erase_again([(scene.thoa.id, MONDAY), (999, MONDAY)]) == 1
        await uow.commit()
    async with scene.company.store.begin() as uow:
        assert [customer_id for customer_id, _ in await uow.privacy.erased()] == [scene.thoa.id]
        assert await uow.privacy.erase_again(await uow.privacy.erased()) == 0
        with pytest.raises(NotFound):
            await uow.customers.get(member_of(scene.boss), scene.thoa.id)


async def test_every_table_about_customers_is_erased_and_exported() -> None:
    apart = ("actions", "outbox")  # what was done and what was sent, which test their own way
    about = {table.name for table in tables.metadata.sorted_tables if "customer_id" in table.c} - set(apart)
    assert about == {table.name for table in (*DROPPED, *EMPTIED, *KEPT)}
    assert about - {"erasures"} == (SECTIONS.keys() | TOLD_ELSEWHERE) - {"customers"}


async def test_who_is_erased_on_zalo_leaves_no_account_and_no_number_behind(scene: Scene) -> None:
    account, number, now = "5551112223334445556", PHONE.removeprefix("+"), scene.company.clock.now()
    other = scene.company.meets("Tâm", "zalo")
    async with scene.company.store.begin() as uow:
        await uow.contacts.link(Contact("zalo", account, account, scene.thoa.id, now, interacted_at=now))
        for channel, chat, customer_id in (
            ("zalo", account, scene.thoa.id),
            ("zalo_template", f"user:{account}", None),
            ("zalo_template", f"phone:{number}", None),
            ("zalo_template", "phone:84900000000", scene.thoa.id),  # a number that she had before
            ("zalo_template", f"user:{other.user_id}", None),
        ):
            form = Template("400123", {"name": "chị", "words": "cảm ơn"}, 800)
            record = Reply(Markup("Cảm ơn"), template=form).to_record()
            key = f"zalo:{channel}:{chat}"
            row = NewDelivery(key, channel, chat, Audience.CUSTOMER, "survey", record, now, customer_id=customer_id)
            await uow.outbox.queue(row)
        await uow.commit()
    arrivals = scene.company.store.arrivals
    for number_of, person in enumerate((account, number, other.user_id)):
        body = json.dumps({"recipient": {"id": person}})
        await arrivals.keep("zalo", f"said:{number_of}", person, body, now)
        await arrivals.keep("zalo", f"received:{number_of}", f"received:{number_of}", body, now)

    await scene.asks_to_erase(scene.lead)

    stored = await everything_stored(scene.store)
    for trace in (account, number, "84900000000"):
        assert not [name for name, words in stored.items() if trace in words], trace
    assert f"user:{other.user_id}" in stored["outbox"]
    waiting = await arrivals.claim("zalo", now, 10, now + timedelta(minutes=1))
    assert {one.person for one in waiting} == {other.user_id, "received:2"}


# The file -------------------------------------------------------------------------------------------------------------


async def test_all_that_is_held_goes_out_as_a_file_and_the_audit_knows(scene: Scene) -> None:
    await scene.lead.taps_old("x:1", f"privacy.export:{scene.thoa.id}")
    document = scene.lead.fresh[0].reply.document
    assert document
    assert document.name == f"{scene.thoa.code}.html"
    page = document.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    for words in (NAME, "0977 123 456", EMAIL, "Hải Âu", "bàn giá riêng", "sợ trễ hẹn", "37.450.000", "anh-bi-mat.jpg"):
        assert words in page, words
    for words in ("Rất ưng", "phàn nàn", "Có được nhắn không?", "cô Bé Na", "bi-mat-thoa", CHAT):
        assert words in page, words
    await scene.boss.says("/nhatky")
    scene.boss.sees("Hoài xuất toàn bộ dữ liệu của chị " + NAME)


async def test_what_a_customer_wrote_cannot_break_out_of_the_file(scene: Scene) -> None:
    async with scene.company.store.begin() as uow:
        await uow.timeline.add(
            member_of(scene.ha), scene.thoa.id, InteractionKind.NOTE, "<script>alert(1)</script>", MONDAY
        )
        await uow.commit()
    await scene.lead.taps_old("x:1", f"privacy.export:{scene.thoa.id}")
    document = scene.lead.fresh[0].reply.document
    assert document
    assert b"<script>" not in document.content
    assert b"&lt;script&gt;" in document.content


# Requests -------------------------------------------------------------------------------------------------------------


async def test_a_customer_who_asks_to_see_their_data_is_answered_with_days_and_the_manager_hears(scene: Scene) -> None:
    await scene.company.delivers_pushes()
    customer = scene.company.meets("Thoa")
    await scene.company.links(customer, scene.thoa)
    await customer.says("cho chị xem thông tin của chị với")
    customer.sees("T4 25/11/2026", "T3 08/12/2026")
    await scene.company.delivers_pushes()
    scene.lead.sees(NAME, "xem dữ liệu", "T4 25/11/2026")
    await scene.lead.says("/yeucau")
    scene.lead.sees("1 yêu cầu", NAME)
    await scene.lead.taps("Đã trả lời")
    scene.lead.sees("xử lý xong trước hết")
    await scene.lead.taps("Xong")
    scene.lead.sees("Không có khách nào đang chờ")


async def test_a_request_that_nobody_answers_comes_back_in_the_morning_of_its_last_days(scene: Scene) -> None:
    await scene.ha.taps_old("x:1", f"privacy:{scene.thoa.id}")
    await scene.ha.taps("Muốn sửa")
    scene.ha.sees("Đã ghi", "T4 25/11/2026")
    await scene.company.waits_until(in_hanoi("2026-11-25 08:00"))
    scene.lead.sees("vẫn đang chờ")
    await scene.company.waits_until(in_hanoi("2026-12-04 20:00"))
    scene.lead.does_not_see("vẫn đang chờ")
    await scene.company.waits_until(in_hanoi("2026-12-05 08:00"))
    scene.lead.sees("vẫn đang chờ")
    await scene.company.waits_until(in_hanoi("2026-12-08 08:00"))
    scene.lead.sees("vẫn đang chờ")
    await scene.company.waits_until(in_hanoi("2026-12-20 08:00"))
    told = [shown for shown in scene.lead.screen if "vẫn đang chờ" in shown.words]
    assert len(told) == 3


async def test_a_request_to_be_deleted_is_done_by_erasing(scene: Scene) -> None:
    await scene.ha.taps_old("x:1", f"privacy.asked:{scene.thoa.id}:delete")
    await scene.lead.says("/yeucau")
    await scene.lead.taps("Xong")
    await scene.lead.taps("Xoá hẳn")
    await scene.lead.says(scene.thoa.code)
    await scene.lead.says("/yeucau")
    scene.lead.sees("Không có khách nào đang chờ")


async def test_the_list_says_on_each_button_what_is_asked(scene: Scene) -> None:
    for kind in ("see", "delete"):
        await scene.ha.taps_old("x:1", f"privacy.asked:{scene.thoa.id}:{kind}")
    await scene.lead.says("/yeucau")
    labels = [label for label in scene.lead.buttons() if label.startswith("👤")]
    assert len(labels) == len(set(labels)) == 2
    assert labels[0].endswith(": xem dữ liệu của mình")


async def test_asking_twice_is_one_request(scene: Scene) -> None:
    for _ in range(2):
        await scene.ha.taps_old("x:1", f"privacy.asked:{scene.thoa.id}:see")
    await scene.lead.says("/yeucau")
    scene.lead.sees("1 yêu cầu")


async def test_a_consent_that_is_withdrawn_through_the_rep_counts_no_more_at_once(scene: Scene) -> None:
    await scene.ha.taps_old("x:1", f"privacy:{scene.thoa.id}")
    await scene.ha.taps("Rút đồng ý")
    scene.ha.sees("Có hiệu lực ngay")
    async with scene.company.store.read() as uow:
        consent = await uow.consents.latest(scene.thoa.id, Purpose.CARE)
    assert consent
    assert consent.withdrawn_at
    await scene.lead.says("/yeucau")
    scene.lead.sees("Không có khách nào đang chờ")


async def test_who_was_recommended_by_somebody_erased_no_more_names_them_though_others_are_called_so(
    company: Company,
) -> None:
    boss = await company.hires("Bảo", Role.OWNER)
    lan = await knows(boss, "Lan", phone="+84977123456")
    await knows(boss, "Trần Thị Lan", phone="+84966222333")
    async with company.store.begin() as uow:
        token = await uow.referrals.link_of(lan.id)
        await uow.commit()
    await company.meets("Minh").says(f"/start ref_{token}")
    await boss.taps_old("x:1", f"privacy.erase:{lan.id}")
    await boss.says(lan.code)
    async with company.store.read() as uow:
        friend = await uow.customers.get(member_of(boss), 3)
    assert friend.referrer is None
