"""The audit: who saw, changed, took back and took what, written with the work itself, read by who leads them, changed by nobody."""

import json
from typing import Any

import pytest
from sqlalchemy import exc, select, text

from bot.domain.audit import What
from bot.domain.people import Role
from bot.domain.timeline import InteractionKind, StoredFile
from bot.storage.store import SqlStore
from bot.storage.tables import audit
from tests.chat import Company, Person
from tests.handlers.work import knows, member_of
from tests.storage.team import in_team


async def rows(company: Company) -> list[Any]:
    """All that is written down, in order."""
    assert isinstance(company.store, SqlStore)
    async with company.store._engines.reading() as sql:
        return list(await sql.rows(select(audit).order_by(audit.c.id)))


async def noted(company: Company, what: What) -> list[Any]:
    return [row for row in await rows(company) if row.what == what]


async def joins(company: Company, *people: Person) -> None:
    """They are in a team of their own from now on."""
    assert isinstance(company.store, SqlStore)
    placed = await in_team(company.store, *map(member_of, people))
    for person, member in zip(people, placed, strict=True):
        person.member = member


async def test_seeing_a_customer_is_written_once_a_day(company: Company) -> None:
    minh = await company.hires("Minh")
    lan = await knows(minh, "Lan")
    for _ in range(3):
        await minh.taps_old("x:1", f"customer.open:{lan.id}")
    (seen,) = await noted(company, What.SAW)
    assert (seen.member_id, seen.customer_id) == (member_of(minh).id, lan.id)
    await company.waits_until(company.clock.now().replace(day=24))
    await minh.taps_old("x:1", f"customer.open:{lan.id}")
    assert len(await noted(company, What.SAW)) == 2


async def test_what_is_refused_is_seen_by_nobody(company: Company) -> None:
    minh, trang = await company.hires("Minh"), await company.hires("Trang")
    lan = await knows(minh, "Lan")
    await trang.taps_old("x:1", f"customer.open:{lan.id}")
    assert await rows(company) == []


async def test_a_change_says_which_fields_and_never_what_stood_in_them(company: Company) -> None:
    minh = await company.hires("Minh")
    await minh.says("Khách mới chị Lan 0912 345 678, nóng. T6 gọi lại. Nhà có cún con")
    await minh.says("c Lan chốt gói Pro 12tr5")
    added, sold = await noted(company, What.CHANGED)
    assert {"customer", "followup"} <= set(added.details["added"])
    assert "sale" in sold.details["added"]
    assert added.customer_id == sold.customer_id
    for row in await rows(company):
        said = json.dumps([row.details, row.once], ensure_ascii=False)
        assert not any(word in said for word in ("Lan", "912", "Pro", "125", "cún", "hot")), said


async def test_taking_back_is_written_beside_what_it_takes_back(company: Company) -> None:
    minh = await company.hires("Minh")
    await minh.says("Khách mới chị Lan 0912 345 678")
    await minh.taps("Hoàn tác")
    assert len(await noted(company, What.CHANGED)) == 1
    (undone,) = await noted(company, What.UNDID)
    assert undone.details["added"] == (await noted(company, What.CHANGED))[0].details["added"]


async def test_a_file_that_is_shown_was_taken(company: Company) -> None:
    minh = await company.hires("Minh")
    lan = await knows(minh, "Lan")
    file = StoredFile("telegram", "f1", "photo")
    async with company.store.begin() as uow:
        entry = await uow.timeline.add(
            member_of(minh), lan.id, InteractionKind.FILE, "ảnh", company.clock.now(), file=file
        )
        await uow.commit()
    await minh.taps_old("x:1", f"file:{entry.id}")
    (took,) = await noted(company, What.TOOK_FILE)
    assert took.customer_id == lan.id


async def test_a_hand_over_is_written_once(company: Company) -> None:
    boss, minh, trang = await company.hires("Hà", Role.OWNER), await company.hires("Minh"), await company.hires("Trang")
    await knows(minh, "Lan")
    for _ in range(2):
        await boss.taps_old("x:1", f"handover.start:{member_of(minh).id}:{member_of(trang).id}")
        await company.delivers_pushes()
    (written,) = await noted(company, What.HANDED_OVER)
    assert written.about_member_id == member_of(minh).id
    assert written.details == {"to": member_of(trang).id, "count": 1}
    await boss.says("/nhatky")
    boss.sees("Hà bàn giao khách của Minh")


async def test_taking_a_customer_on_is_written(company: Company) -> None:
    boss, minh, trang = await company.hires("Hà", Role.OWNER), await company.hires("Minh"), await company.hires("Trang")
    lan = await knows(minh, "Lan")
    await boss.taps_old("x:1", f"assign.to:{lan.id}:{member_of(trang).id}")
    await company.delivers_pushes()
    await trang.taps("Nhận")
    taken_on = (await noted(company, What.CHANGED))[-1]
    assert (taken_on.member_id, taken_on.customer_id) == (member_of(trang).id, lan.id)
    await boss.says("/nhatky Trang")
    boss.sees("chị Lan")


async def test_nothing_is_written_of_what_is_rolled_back(company: Company) -> None:
    minh = await company.hires("Minh")
    lan = await knows(minh, "Lan")
    async with company.store.begin() as uow:
        await uow.audit.note(member_of(minh), What.TOOK_FILE, now=company.clock.now(), customer=lan.id)
    assert await rows(company) == []


@pytest.mark.parametrize("statement", ["UPDATE audit SET what = 'x'", "DELETE FROM audit"])
async def test_the_database_itself_refuses_to_change_the_audit(store: SqlStore, statement: str) -> None:
    company = Company(store)
    minh = await company.hires("Minh")
    await minh.says("Khách mới chị Lan 0912 345 678")
    before = await rows(company)
    assert before
    async with store._engines.writing() as sql:
        with pytest.raises(exc.DBAPIError, match="only ever added to"):
            await sql.change(text(statement))
    assert await rows(company) == before


async def test_the_log_speaks_as_people_do(company: Company) -> None:
    boss, minh = await company.hires("Hà", Role.OWNER), await company.hires("Minh")
    await minh.says("Khách mới chị Lan 0912 345 678")
    await minh.says("c Lan chốt gói Pro 12tr5")
    await boss.says("/nhatky")
    boss.sees("08:40 Minh thêm khách chị Lan", "Minh lưu đơn và lịch hẹn, sửa bước của chị Lan", "Nhật ký", "T2 23/11")
    boss.does_not_see("0912", "12.500.000")


async def test_what_was_decided_for_the_company_is_named(company: Company) -> None:
    boss, minh = await company.hires("Hà", Role.OWNER), await company.hires("Minh")
    await boss.taps_old("x:1", "pipeline.preset:10")
    await boss.taps("Dùng bộ này")
    await boss.taps_old("x:1", "assign.set:load")
    lan = await knows(minh, "Lan")
    await minh.taps_old("x:1", f"heat.set:{lan.id}:hot")
    await minh.taps("Hoàn tác")
    await boss.says("/nhatky")
    boss.sees("Hà đổi các bước bán hàng", "Hà đổi cách chia khách mới", "Minh hoàn tác mức độ quan tâm của chị Lan")


async def test_a_changed_field_is_named(company: Company) -> None:
    boss, minh = await company.hires("Hà", Role.OWNER), await company.hires("Minh")
    lan = await knows(minh, "Lan")
    await minh.taps_old("x:1", f"edit.field:{lan.id}:phones")
    await minh.says("0987 654 321")
    await minh.taps_old("x:1", f"heat.set:{lan.id}:hot")
    await minh.says("chị Lan thích màu trắng")
    await boss.says("/audit")
    boss.sees(
        "Minh sửa số điện thoại của chị Lan", "Minh sửa mức độ quan tâm của chị Lan", "Minh lưu ghi chú cho chị Lan"
    )


async def test_the_log_of_one_customer_says_who_has_looked(company: Company) -> None:
    boss, minh = await company.hires("Hà", Role.OWNER), await company.hires("Minh")
    lan, hoa = await knows(minh, "Lan"), await knows(minh, "Hoa", phone="+84987654321")
    for customer in (lan, hoa):
        await minh.taps_old("x:1", f"customer.open:{customer.id}")
    await boss.says("/nhatky chị Lan")
    boss.sees("Nhật ký: chị Lan", "Ai đã xem", "Minh: 1 ngày", "Minh xem chị Lan")
    boss.does_not_see("Hoa")


async def test_the_log_of_one_member_holds_what_they_did_after_they_left_too(company: Company) -> None:
    boss, minh, trang = await company.hires("Hà", Role.OWNER), await company.hires("Minh"), await company.hires("Trang")
    await minh.says("Khách mới chị Lan 0912 345 678")
    await trang.says("Khách mới anh Tú 0987 654 321")
    async with company.store.begin() as uow:
        await uow.members.update(member_of(minh), active=False)
        await uow.commit()
    await boss.says("/nhatky minh")
    boss.sees("Nhật ký: Minh", "chị Lan")
    boss.does_not_see("Tú")


async def test_several_of_one_name_are_asked_about(company: Company) -> None:
    boss, minh = await company.hires("Hà", Role.OWNER), await company.hires("Lan")
    await knows(minh, "Lan")
    await boss.says("/nhatky Lan")
    boss.sees("muốn xem ai", "🙋 Lan", "👤 chị Lan")
    await boss.taps("👤 chị Lan")
    boss.sees("Nhật ký: chị Lan")
    await boss.says("/nhatky Không Ai")
    boss.sees("Không có ai tên")


async def test_pages_lead_back_and_forth(company: Company) -> None:
    boss, minh = await company.hires("Hà", Role.OWNER), await company.hires("Minh")
    for number in range(12):
        await minh.says(f"Khách mới chị Lan{'abcdefghijkl'[number]} 0912 345 6{number:02}")
    await boss.says("/nhatky")
    boss.does_not_see("‹ Mới hơn")
    await boss.taps("Cũ hơn")
    boss.sees("Lana")
    await boss.taps("Mới hơn")
    boss.does_not_see("Lana ")


async def test_a_manager_in_a_team_reads_of_the_team_alone(company: Company) -> None:
    lead, minh = await company.hires("Hoài", Role.MANAGER), await company.hires("Minh")
    other_lead, trang = await company.hires("Quân", Role.MANAGER), await company.hires("Trang")
    await joins(company, lead, minh)
    await joins(company, other_lead, trang)
    await minh.says("Khách mới chị Lan 0912 345 678")
    await trang.says("Khách mới anh Tú 0987 654 321")
    await lead.says("/nhatky")
    lead.sees("Minh thêm khách chị Lan")
    lead.does_not_see("Trang", "Tú")
    lan = (await noted(company, What.CHANGED))[0].customer_id
    for data in (f"audit.page:c{lan}:0", f"audit.page:m{member_of(minh).id}:0"):
        await other_lead.taps_old("x:1", data)
        other_lead.does_not_see("Lan", "Minh")
    await other_lead.says("/nhatky Minh")
    other_lead.sees("Không có ai tên")


async def test_a_customer_who_went_to_another_team_is_not_named(company: Company) -> None:
    lead, minh, trang = (
        await company.hires("Hoài", Role.MANAGER),
        await company.hires("Minh"),
        await company.hires("Trang"),
    )
    await joins(company, lead, minh)
    lan = await knows(minh, "Lan")
    await minh.taps_old("x:1", f"customer.open:{lan.id}")
    async with company.store.begin() as uow:
        await uow.customers.update(await uow.customers.get(member_of(minh), lan.id), owner_id=member_of(trang).id)
        await uow.commit()
    await lead.says("/nhatky")
    lead.sees("Minh xem một khách")
    lead.does_not_see("Lan")


async def test_a_rep_has_no_log(company: Company) -> None:
    minh = await company.hires("Minh")
    await minh.says("/nhatky")
    minh.sees("chưa biết lệnh")
    await minh.taps_old("x:1", "audit.page:a:0")
    minh.sees("không tìm thấy")


async def test_a_hand_over_is_told_with_to_whom_and_an_assignment_once(company: Company) -> None:
    boss, minh, _ = (
        await company.hires("Hạnh", Role.OWNER),
        await company.hires("Trần Minh"),
        await company.hires("Nguyễn Tuấn Anh"),
    )
    await minh.says("Khách mới chị Lan 0912 345 678")
    await boss.says("/giao chị Lan cho Tuấn Anh")
    await boss.says("/nhatky")
    boss.sees("Hạnh giao chị Lan cho Nguyễn Tuấn Anh")
    boss.does_not_see("người phụ trách")
    await boss.says("/giao chị Lan cho Minh")
    await boss.says("/bangiao Minh cho Tuấn Anh")
    boss.sees("Bàn giao từ Trần Minh sang Nguyễn Tuấn Anh?")
    await boss.taps("Bàn giao")
    await boss.says("/nhatky")
    boss.sees("Hạnh bàn giao khách của Trần Minh cho Nguyễn Tuấn Anh")
