"""Somebody is invited, joins, and links a second account; who guesses gets nowhere."""

import asyncio
import re
from datetime import timedelta

import pytest

from bot.domain.people import Member, Role
from bot.messages import Incoming, Peer
from tests.chat import ORG, Company, Person

NOT_VALID = "không đúng hoặc không còn dùng được"
TRY_LATER = "thử nhiều lần quá"
STRANGER = "trợ lý của đội bán hàng"


async def invited(by: Person, label: str = "Nhân viên bán hàng") -> tuple[str, str]:
    """The link's payload and the code of a fresh invitation."""
    await by.says("/moinv")
    if any(label == button for button in by.buttons()):
        await by.taps(label)
    return secrets_on(by)


def secrets_on(person: Person) -> tuple[str, str]:
    """What the newest message gives out."""
    text = person.reads()
    payload = re.search(r"start=(join_[\w-]+)", text)
    code = re.search(r"THAMGIA ([0-9A-Z-]{14})", text)
    assert payload, text
    assert code, text
    return payload[1], code[1]


async def member_behind(person: Person, channel: str = "telegram") -> Member:
    async with person.company.store.read() as uow:
        member = await uow.members.by_identity(channel, person.user_id)
    assert member
    return member


async def writes_on_zalo(person: Person, text: str) -> str:
    """The same person on the other channel; what is answered there."""
    peer = Peer("zalo", f"z{person.user_id}", f"z{person.user_id}", person.name, "vi")
    answer = await person.company.conversation.turn(Incoming(str(next(person.company.update_ids)), peer, text))
    return "\n".join(str(delivery.payload["text"]) for delivery in answer.deliveries)


async def test_an_owner_invites_a_rep_with_a_picture_a_link_and_a_code(company: Company) -> None:
    owner, guest = await company.hires("Hạnh", Role.OWNER), company.meets("Lê Minh")
    await owner.says("/moinv")
    owner.sees("Anh/chị mời ai ạ?", "Nhân viên bán hàng", "Quản lý")
    await owner.taps("Nhân viên bán hàng")
    owner.sees("Lời mời vào đội", "https://t.me/thu_bot?start=join_", "THAMGIA ", "30/11/2026")
    picture = owner.fresh[-1].reply.picture
    assert picture
    assert picture.content.startswith(b"\x89PNG")
    payload, _ = secrets_on(owner)

    await guest.says(f"/start {payload}")
    guest.sees(f"Chào mừng Lê Minh đến với đội {ORG}", "nhân viên bán hàng", "khách đầu tiên")
    member = await member_behind(guest)
    assert (member.role, member.active, member.locale, member.name) == (Role.REP, True, "vi", "Lê Minh")
    assert member.next_digest_at
    await company.waits(timedelta(0))
    owner.sees("Lê Minh đã vào đội với vai trò nhân viên bán hàng")
    await owner.taps("Lê Minh")
    owner.sees("Khách: 0")


async def test_a_new_rep_is_led_to_the_first_customer_and_told_what_to_try_next_once(company: Company) -> None:
    owner, guest = await company.hires("Hạnh", Role.OWNER), company.meets("Minh")
    payload, _ = await invited(owner)
    await guest.says(f"/start {payload}")
    example = next(choice.copy for choice in guest.fresh[-1].choices if choice.copy)
    await guest.says(example)
    guest.sees("Đã lưu khách mới", "Tuyệt, khách đầu tiên", "c Lan chốt gói Pro 12tr5")
    await guest.says("Khách mới anh Tú 0903 555 210")
    guest.sees("Đã lưu khách mới")
    guest.does_not_see("Tuyệt, khách đầu tiên")


@pytest.mark.parametrize("typed", ["THAMGIA {}", "thamgia {}", "/thamgia {}", "Tham gia {}"])
async def test_a_code_is_as_good_as_the_link(company: Company, typed: str) -> None:
    owner, guest = await company.hires("Hạnh", Role.OWNER), company.meets("Minh")
    _, code = await invited(owner)
    await guest.says(typed.format(code.lower().replace("-", " ")))
    guest.sees("Chào mừng Minh")


async def test_an_english_speaker_joins_in_english(company: Company) -> None:
    owner = await company.hires("Hạnh", Role.OWNER)
    payload, _ = await invited(owner)
    peer = Peer("telegram", "77", "77", "Ann", "en-GB")
    answer = await company.conversation.turn(Incoming("e1", peer, f"/start {payload}"))
    assert "Welcome to the team" in str(answer.deliveries[0].payload["text"])
    assert answer.member
    assert answer.member.locale == "en"


async def test_an_invitation_is_for_one_person(company: Company) -> None:
    owner, first, second = await company.hires("Hạnh", Role.OWNER), company.meets("Một"), company.meets("Hai")
    payload, code = await invited(owner)
    await first.says(f"/start {payload}")
    first.sees("Chào mừng")
    for said in (f"/start {payload}", f"THAMGIA {code}"):
        await second.says(said)
        second.sees(NOT_VALID)
    await second.says("Khách mới chị Lan 0912 345 678")
    second.does_not_see("Đã lưu khách mới")


async def test_wrong_expired_used_and_withdrawn_ones_get_the_same_answer(company: Company) -> None:
    owner = await company.hires("Hạnh", Role.OWNER)
    used, _ = await invited(owner)
    await company.meets("Một").says(f"/start {used}")
    dropped, _ = await invited(owner)
    await owner.taps("Thu hồi lời mời")
    owner.sees("Đã thu hồi lời mời")
    await owner.taps("Thu hồi lời mời")
    owner.sees("đã dùng hoặc đã thu hồi")
    late, _ = await invited(owner)
    await company.waits(timedelta(days=7))
    answers = set()
    for payload in ("join_nothing", used, dropped, late):
        guest = company.meets("Khách")
        await guest.says(f"/start {payload}")
        answers.add(guest.reads())
    assert len(answers) == 1
    assert NOT_VALID in answers.pop()


async def test_who_guesses_has_to_wait_even_with_the_right_one(company: Company) -> None:
    owner, guest, honest = await company.hires("Hạnh", Role.OWNER), company.meets("Kẻ dò"), company.meets("Minh")
    payload, code = await invited(owner)
    for number in range(5):
        await guest.says(f"THAMGIA 0000-0000-000{number}")
        guest.sees(NOT_VALID)
    for said in ("THAMGIA 0000-0000-0009", f"THAMGIA {code}", f"/start {payload}"):
        await guest.says(said)
        guest.sees(TRY_LATER)
    await honest.says("/start join_wrong")
    honest.sees(NOT_VALID)
    await company.waits(timedelta(minutes=59))
    await guest.says(f"THAMGIA {code}")
    guest.sees(TRY_LATER)
    await company.waits(timedelta(minutes=1))
    await guest.says(f"THAMGIA {code}")
    guest.sees("Chào mừng")


async def test_a_member_who_opens_an_invitation_is_told_that_they_are_there_already(company: Company) -> None:
    owner, rep = await company.hires("Hạnh", Role.OWNER), await company.hires("Minh")
    payload, code = await invited(owner, "Quản lý")
    for said in (f"/start {payload}", f"THAMGIA {code}", "/start join_anything"):
        await rep.says(said)
        rep.sees("đã ở trong đội", "nhân viên bán hàng")
    guest = company.meets("Mai")
    await guest.says(f"/start {payload}")
    guest.sees("vai trò quản lý")


async def test_a_rep_cannot_invite_and_a_manager_only_reps_into_their_team(company: Company) -> None:
    owner, manager, rep = (
        await company.hires("Hạnh", Role.OWNER),
        await company.hires("Mai", Role.MANAGER),
        await company.hires("Minh"),
    )
    for data in ("invite", "invite.role:rep", "invite.role:manager", "invite.team:rep:0", "invite.team:manager:0"):
        await rep.taps_old("x:1", data)
        rep.sees("Em không tìm thấy")
    await rep.says("/moinv")
    rep.never_saw("THAMGIA")
    async with company.store.begin() as uow:
        north, south = await uow.teams.add("Miền Bắc"), await uow.teams.add("Miền Nam")
        assert manager.member
        manager.member = await uow.members.update(manager.member, team_id=north.id)
        await uow.commit()
    for data in (
        "invite.role:manager",
        "invite.role:owner",
        f"invite.team:rep:{south.id}",
        "invite.team:rep:0",
        "invite.team:rep:99",
    ):
        await manager.taps_old("x:1", data)
        manager.does_not_see("THAMGIA")
    payload, _ = await invited(manager)
    manager.sees("nhóm Miền Bắc")
    guest = company.meets("Tú")
    await guest.says(f"/start {payload}")
    assert (await member_behind(guest)).team_id == north.id
    await owner.taps_old("x:1", "invite.role:rep")
    owner.sees("Vào nhóm nào", "Miền Bắc", "Miền Nam", "Không thuộc nhóm")
    await owner.taps("Miền Nam")
    owner.sees("nhóm Miền Nam")


async def test_invitations_of_who_is_demoted_or_leaves_are_worth_nothing(company: Company) -> None:
    owner, manager = await company.hires("Hạnh", Role.OWNER), await company.hires("Mai", Role.MANAGER)
    before, _ = await invited(manager)
    assert manager.member
    await owner.taps_old("x:1", f"team.role:{manager.member.id}:rep")
    await company.meets("Tú").says(f"/start {before}")
    company.people["1003"].sees(NOT_VALID)


async def test_who_left_and_is_invited_again_is_the_same_member(company: Company) -> None:
    owner, rep = await company.hires("Hạnh", Role.OWNER), await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678")
    assert rep.member
    await owner.taps_old("x:1", f"team.left:{rep.member.id}")
    await rep.says("Lan")
    rep.sees(STRANGER)
    payload, _ = await invited(owner, "Quản lý")
    await rep.says(f"/start {payload}")
    rep.sees("Chào mừng Minh", "quản lý")
    member = await member_behind(rep)
    assert (member.id, member.role, member.active) == (rep.member.id, Role.MANAGER, True)
    assert member.next_digest_at
    await rep.says("Lan")
    rep.sees("chị Lan")


async def test_a_second_account_is_linked_with_a_code_of_one_s_own(company: Company) -> None:
    rep, other = await company.hires("Minh"), await company.hires("Trang")
    await rep.says("Khách mới chị Lan 0912 345 678")
    await rep.says("/caidat")
    await rep.taps("Nối thêm kênh")
    rep.sees("tài khoản khác", "24/11/2026")
    _, code = secrets_on(rep)
    await other.says(f"THAMGIA {code}")
    other.sees("đã ở trong đội")
    assert "Đã nối" in await writes_on_zalo(rep, f"thamgia {code}")
    assert "chị Lan" in await writes_on_zalo(rep, "Lan")
    await company.waits(timedelta(0))
    rep.sees("Một tài khoản khác (Zalo)")
    assert "đã ở trong đội" in await writes_on_zalo(rep, f"thamgia {code}")


async def test_a_link_of_one_s_own_lasts_a_day(company: Company) -> None:
    rep = await company.hires("Minh")
    await rep.taps_old("x:1", "invite.link")
    _, code = secrets_on(rep)
    await company.waits(timedelta(hours=24))
    assert NOT_VALID in await writes_on_zalo(rep, f"THAMGIA {code}")


async def test_only_hashes_are_kept_once_the_invitation_has_arrived(company: Company) -> None:
    from sqlalchemy import select

    from bot.storage.tables import metadata

    owner = await company.hires("Hạnh", Role.OWNER)
    payload, code = await invited(owner)
    async with company.store._engines.reading() as sql:  # type: ignore[attr-defined]
        kept = str([list(map(tuple, await sql.rows(select(table)))) for table in metadata.sorted_tables])
    assert "Hạnh" in kept
    assert payload.removeprefix("join_") not in kept
    assert code.replace("-", "") not in kept
    assert code not in kept


async def test_nobody_else_withdraws_an_invitation(company: Company) -> None:
    owner, other = await company.hires("Hạnh", Role.OWNER), await company.hires("Mai", Role.MANAGER)
    payload, _ = await invited(owner)
    await other.taps_old("x:1", owner.data_of("Thu hồi lời mời"))
    guest = company.meets("Minh")
    await guest.says(f"/start {payload}")
    guest.sees("Chào mừng")


async def test_guessing_at_the_store_finds_nothing_and_the_right_one_works_once(company: Company) -> None:
    from bot.domain.invites import NewInvite, new_secrets

    owner = await company.hires("Hạnh", Role.OWNER)
    assert owner.member
    now, given_out = company.clock.now(), new_secrets()
    async with company.store.begin() as uow:
        await uow.invites.add(NewInvite(owner.member.id, now, now + timedelta(days=7), Role.REP), given_out)
        for _ in range(300):
            guess = new_secrets()
            assert await uow.invites.use(guess.token, now) is None
            assert await uow.invites.use(guess.code, now) is None
        assert await uow.invites.use("", now) is None
        assert await uow.invites.use(given_out.token, now)
        assert await uow.invites.use(given_out.code, now) is None
        await uow.commit()


async def test_of_many_who_open_one_invitation_at_once_one_gets_in(company: Company) -> None:
    owner = await company.hires("Hạnh", Role.OWNER)
    payload, code = await invited(owner)
    guests = [company.meets(f"Khách {number}") for number in range(8)]
    said = (f"/start {payload}", f"THAMGIA {code}")
    await asyncio.gather(*(guest.says(said[number % 2]) for number, guest in enumerate(guests)))
    assert sum("Chào mừng" in guest.reads() for guest in guests) == 1
    assert sum(NOT_VALID in guest.reads() for guest in guests) == 7


async def test_one_person_with_two_invitations_at_once_is_one_member(company: Company) -> None:
    owner, guest = await company.hires("Hạnh", Role.OWNER), company.meets("Minh")
    payloads = [(await invited(owner))[0] for _ in range(2)]
    peer = Peer("telegram", guest.user_id, guest.user_id, "Minh", "vi")
    turns = (company.conversation.turn(Incoming(f"two{n}", peer, f"/start {p}")) for n, p in enumerate(payloads))
    answers = await asyncio.gather(*turns)
    texts = sorted(str(answer.deliveries[0].payload["text"])[:20] for answer in answers)
    assert ["Anh/chị đã ở" in text or "Chào mừng" in text for text in texts] == [True, True]
    async with company.store.read() as uow:
        assert [member.name for member in await uow.members.everyone()] == ["Hạnh", "Minh"]
