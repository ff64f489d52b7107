"""Who is on the team, who decides about whom, and what happens at once when somebody leaves."""

from datetime import timedelta

import pytest

from bot.domain.delivery import Audience, DeliveryState, NewDelivery
from bot.domain.mailroom import Address
from bot.domain.people import Member, Role
from bot.domain.teams import Team
from tests.chat import Company, Person
from tests.handlers.work import member_of

NOT_FOUND = "Em không tìm thấy"
STRANGER = "trợ lý của đội bán hàng"


async def put_into(company: Company, name: str, *people: Person) -> Team:
    """A new team with these people in it."""
    async with company.store.begin() as uow:
        team = await uow.teams.add(name)
        for person in people:
            person.member = await uow.members.update(member_of(person), team_id=team.id)
        await uow.commit()
    return team


async def as_stored(person: Person) -> Member:
    async with person.company.store.read() as uow:
        return await uow.members.get(member_of(person).id)


async def states_of(company: Company, person: Person, kind: str) -> list[DeliveryState]:
    from sqlalchemy import select

    from bot.storage.tables import outbox

    async with company.store._engines.reading() as sql:  # type: ignore[attr-defined]
        theirs = select(outbox.c.state).where(outbox.c.chat_id == person.user_id, outbox.c.kind == kind)
        return [row.state for row in await sql.rows(theirs)]


async def test_the_list_shows_role_team_and_load_and_opens_a_page(company: Company) -> None:
    owner, minh, trang = (
        await company.hires("Hạnh", Role.OWNER),
        await company.hires("Minh"),
        await company.hires("Trang"),
    )
    await put_into(company, "Miền Bắc", minh)
    await minh.says("Khách mới chị Lan 0912 345 678. Mai gọi lại")
    await minh.says("Khách mới anh Tú 0903 555 210. T6 gọi lại")
    await trang.says("Khách mới cô Hoa 0919 555 777")
    await company.waits(timedelta(days=2))
    await owner.says("/nhom")
    owner.sees(
        "Minh · nhân viên bán hàng, nhóm Miền Bắc", "Khách: 2 · Việc: 2 · Quá hạn: 1", "Khách: 1 · Việc: 0 · Quá hạn: 0"
    )
    await owner.taps("Minh")
    owner.sees("Vai trò", "Xếp nhóm", "Cho nghỉ", "Bàn giao khách", "Khách: 2")
    await owner.says("/team")
    owner.sees("Trang")
    await minh.says("/nhom")
    minh.does_not_see("Trang")


async def test_a_long_list_comes_in_pages(company: Company) -> None:
    owner = await company.hires("An", Role.OWNER)
    for number in range(20):
        await company.hires(f"Nhân viên {number:02}")
    await owner.says("/nhom")
    owner.sees("Nhân viên 06")
    owner.does_not_see("Nhân viên 07")
    await owner.taps("›")
    owner.sees("Nhân viên 07", "Nhân viên 14")
    await owner.taps("›")
    owner.sees("Nhân viên 19")
    assert "›" not in owner.buttons()
    await owner.taps_old("x:1", "team:2000")
    owner.sees("Nhân viên 19")


async def test_an_owner_changes_a_role_and_the_old_buttons_of_who_was_demoted_are_refused(company: Company) -> None:
    owner, mai, minh = (
        await company.hires("Hạnh", Role.OWNER),
        await company.hires("Mai", Role.MANAGER),
        await company.hires("Minh"),
    )
    await mai.says("/nhom")
    await mai.taps("Minh")
    old = mai.fresh[-1]
    leave = mai.data_of("Cho nghỉ")
    await mai.taps_old("x:1", "teams.new")  # and a form is open
    await owner.says("/nhom")
    await owner.taps("Mai")
    await owner.taps("Vai trò")
    await owner.taps("Nhân viên bán hàng")
    owner.sees("Đã lưu", "Mai", "nhân viên bán hàng")
    await mai.says("Miền Tây")
    mai.does_not_see("Đã lưu", "Miền Tây\n")
    for data in (
        leave,
        leave.replace("leave", "left"),
        "team",
        "teams",
        "teams.new",
        "invite",
        "company",
        "company.ask:name",
        "company.trade:b2b",
    ):
        await mai.taps_old(old.ref, data)
        mai.sees(NOT_FOUND)
    await company.waits(timedelta(0))
    assert any("Vai trò của anh/chị trong đội nay là" in shown.words for shown in mai.screen)
    assert (await as_stored(minh)).active
    async with company.store.read() as uow:
        assert not await uow.teams.everything()


async def test_the_manager_of_a_team_sees_and_manages_its_reps_alone(company: Company) -> None:
    owner, mai = await company.hires("Hạnh", Role.OWNER), await company.hires("Mai", Role.MANAGER)
    minh, trang, binh = (
        await company.hires("Minh"),
        await company.hires("Trang"),
        await company.hires("Bình", Role.MANAGER),
    )
    north = await put_into(company, "Miền Bắc", mai, minh, binh)
    await put_into(company, "Miền Nam", trang)
    await mai.says("/nhom")
    mai.sees("Mai", "Minh")
    mai.does_not_see("Trang", "Hạnh", "Bình")
    for other in (owner, trang, binh):
        for verb in ("member", "roles", "groups", "leave", "left", "back"):
            await mai.taps_old("x:1", f"team.{verb}:{member_of(other).id}")
            mai.sees(NOT_FOUND)
            mai.does_not_see(other.name)
    for data in (
        f"team.role:{member_of(minh).id}:manager",
        f"team.group:{member_of(minh).id}:0",
        f"teams.of:{north.id}",
        "teams",
    ):
        await mai.taps_old("x:1", data)
        mai.sees(NOT_FOUND)
    await mai.taps_old("x:1", f"team.member:{member_of(minh).id}")
    mai.sees("Minh", "Cho nghỉ")
    assert not [label for label in mai.buttons() if "Vai trò" in label or "Nhóm" in label]
    await mai.taps("Cho nghỉ")
    await mai.taps("Vâng, cho nghỉ")
    mai.sees("Minh không còn quyền truy cập")
    assert not (await as_stored(minh)).active
    await mai.taps("Nhận lại")
    mai.sees("Minh đã trở lại đội")
    for other in (owner, trang, binh):
        assert (await as_stored(other)).active


@pytest.mark.parametrize(
    "data",
    [
        "team",
        "team:1",
        "team.member:1",
        "team.left:1",
        "team.role:1:rep",
        "team.group:1:0",
        "teams",
        "teams.new",
        "teams.of:1",
    ],
)
async def test_a_rep_learns_nothing_of_the_team(company: Company, data: str) -> None:
    owner, rep = await company.hires("Hạnh", Role.OWNER), await company.hires("Minh")
    await rep.taps_old("x:1", data)
    rep.sees(NOT_FOUND)
    rep.never_saw("Hạnh")
    assert (await as_stored(owner)).active


async def test_who_is_deactivated_in_the_middle_of_a_form_sees_nothing_more(company: Company) -> None:
    owner, rep = await company.hires("Hạnh", Role.OWNER), await company.hires("Minh")
    await rep.says("Khách mới chị Thoa 0977 123 456. Mai 9h gọi lại")
    card = rep.fresh[-1]
    opened = rep.data_of("Mở khách")
    await rep.says("/khach")
    await rep.says("anh Tú")
    rep.sees("0")
    async with company.store.begin() as uow:
        address, now = Address("telegram", rep.user_id), company.clock.now()
        draft = await uow.drafts.keep(address, {"text": "chị Thoa"}, now)
        for key, due_at in (("followup:x", now), ("followup:y", now + timedelta(hours=1))):
            new = NewDelivery(
                key, *(address.channel, address.chat_id), Audience.MEMBER, "followup", {"text": "Gọi chị Thoa"}, due_at
            )
            await uow.outbox.queue(new)
        await uow.commit()

    await owner.taps_old("x:1", f"team.left:{member_of(rep).id}")
    owner.sees("Minh không còn quyền truy cập", "đang chờ người chăm", "Bàn giao khách")
    assert owner.data_of("Bàn giao khách") == f"handover.from:{member_of(rep).id}"
    seen = len(rep.screen)

    await rep.says("0903 555 210")
    rep.sees(STRANGER)
    for data in (opened, rep.data_of("Sửa"), "due.today", "settings", "new.no_phone", "team", "invite"):
        await rep.taps_old(card.ref, data)
        rep.sees(STRANGER)
    await rep.says("/nhom")
    rep.sees(STRANGER)
    await company.waits(timedelta(days=2))
    assert not [shown for shown in rep.screen[seen:] if "Thoa" in shown.words]
    assert set(await states_of(company, rep, "followup")) == {DeliveryState.CANCELLED}
    assert not await states_of(company, rep, "digest")
    async with company.store.read() as uow:
        assert await uow.questions.waiting(Address("telegram", rep.user_id)) is None
        member = await uow.members.get(member_of(rep).id)
        assert (member.next_digest_at, member.next_week_at, await uow.members.address(member.id)) == (None, None, None)
        with pytest.raises(Exception, match="old_button"):
            await uow.drafts.get(Address("telegram", rep.user_id), draft)


async def test_who_comes_back_goes_on_where_they_were(company: Company) -> None:
    owner, rep = await company.hires("Hạnh", Role.OWNER), await company.hires("Minh")
    await rep.says("Khách mới chị Thoa 0977 123 456. T6 gọi lại")
    await owner.taps_old("x:1", f"team.left:{member_of(rep).id}")
    await owner.taps("Nhận lại")
    owner.sees("Minh đã trở lại đội")
    await company.waits(timedelta(0))
    assert "trở lại đội" in rep.screen[-1].words
    await company.waits(timedelta(days=4))
    assert any("gọi lại" in shown.words for shown in rep.fresh)


async def test_the_last_owner_stays(company: Company) -> None:
    owner = await company.hires("Hạnh", Role.OWNER)
    owner_id = member_of(owner).id
    await owner.taps_old("x:1", f"team.role:{owner_id}:rep")
    owner.sees("Công ty cần có chủ")
    await owner.taps_old("x:1", f"team.left:{owner_id}")
    owner.sees(NOT_FOUND)
    other = await company.hires("Mai", Role.MANAGER)
    await owner.taps_old("x:1", f"team.role:{member_of(other).id}:owner")
    await owner.taps_old("x:1", f"team.role:{owner_id}:rep")
    owner.sees("Vai trò của anh/chị trong đội nay là: nhân viên bán hàng")
    assert [(await as_stored(person)).role for person in (owner, other)] == [Role.REP, Role.OWNER]
    await other.taps_old("x:1", f"team.role:{member_of(other).id}:manager")
    other.sees("Công ty cần có chủ")


async def test_teams_are_made_named_filled_and_removed_when_empty(company: Company) -> None:
    owner, minh = await company.hires("Hạnh", Role.OWNER), await company.hires("Minh")
    await owner.says("/nhom")
    await owner.taps("🗂 Nhóm")
    owner.sees("Chưa có nhóm nào")
    await owner.taps("Nhóm mới")
    await owner.says("x" * 41)
    owner.sees("một tên ngắn")
    await owner.says("Miền  Bắc")
    owner.sees("Đã lưu", "Miền Bắc", "Chưa có ai trong nhóm")
    await owner.taps("Đổi tên")
    await owner.says("Hà Nội")
    owner.sees("Hà Nội")
    await owner.taps_old("x:1", f"team.groups:{member_of(minh).id}")
    await owner.taps("Hà Nội")
    owner.sees("Minh", "nhóm Hà Nội")
    team_id = (await as_stored(minh)).team_id
    await owner.taps_old("x:1", f"teams.remove:{team_id}")
    owner.sees("Nhóm này vẫn còn người")
    await owner.taps_old("x:1", f"teams.of:{team_id}")
    owner.sees("• Minh · nhân viên bán hàng")
    assert "Xoá nhóm" not in " ".join(owner.buttons())
    await owner.taps_old("x:1", f"team.group:{member_of(minh).id}:0")
    await owner.taps_old("x:1", f"teams.of:{team_id}")
    await owner.taps("Xoá nhóm")
    owner.sees("Đã xoá nhóm Hà Nội")
    assert (await as_stored(minh)).team_id is None


async def test_turning_to_something_else_ends_the_question_for_a_name(company: Company) -> None:
    owner = await company.hires("Hạnh", Role.OWNER)
    await owner.taps_old("x:1", "teams.new")
    await owner.taps_old("x:1", "team")
    await owner.says("Miền Bắc")
    async with company.store.read() as uow:
        assert not await uow.teams.everything()


async def test_an_invitation_into_a_team_does_not_outlive_it(company: Company) -> None:
    """Who is in no team may see the whole company: an invitation must not come to mean that."""
    owner, guest = await company.hires("Hạnh", Role.OWNER), company.meets("Mai")
    team = await put_into(company, "Miền Bắc")
    await owner.taps_old("x:1", f"invite.team:manager:{team.id}")
    code = owner.reads().split("THAMGIA ")[1][:14]
    await owner.taps_old("x:1", f"teams.remove:{team.id}")
    owner.sees("Đã xoá nhóm")
    await guest.says(f"THAMGIA {code}")
    guest.sees("không còn dùng được")


async def test_a_new_team_for_somebody_has_them_in_it_and_what_becomes_of_teams_is_in_the_log(company: Company) -> None:
    owner, minh = await company.hires("Hạnh", Role.OWNER), await company.hires("Minh")
    await owner.says("/nhom")
    await owner.taps("Minh")
    await owner.taps("Xếp nhóm")
    await owner.taps("Nhóm mới")
    await owner.says("x" * 41)
    owner.sees("một tên ngắn")
    await owner.says("Miền Bắc")
    owner.sees("Minh", "nhóm Miền Bắc", "Xếp nhóm")
    assert (await as_stored(minh)).team_id
    await owner.taps_old("x:1", "teams")
    await owner.taps("Nhóm mới")
    await owner.says("Tạm")
    owner.sees("Tạm", "Chưa có ai")
    await owner.taps("Đổi tên")
    await owner.says("Miền Trung")
    await owner.taps("Xoá nhóm")
    await owner.says("/nhatky")
    owner.sees(
        "Hạnh lập nhóm Miền Bắc",
        "Hạnh lập nhóm Tạm",
        "Hạnh đổi tên một nhóm thành nhóm Miền Trung",
        "Hạnh xoá nhóm Miền Trung",
    )


async def test_a_rep_makes_no_team_for_anybody(company: Company) -> None:
    await company.hires("Hạnh", Role.OWNER)
    minh, trang = await company.hires("Minh"), await company.hires("Trang")
    await minh.taps_old("x:1", f"teams.new:{member_of(trang).id}")
    minh.sees(NOT_FOUND)
