"""/giao: customers given to members, new ones by the company's rule; what is open goes along, and undo takes it back wholly."""

from datetime import timedelta

import pytest

from bot.domain.customers import Customer
from bot.domain.people import Role
from bot.domain.vocabulary import nickname
from bot.handlers.giving import Giver, assign_new
from bot.pushes import push_due
from bot.storage.store import SqlStore
from tests.chat import ORG, Company, Person
from tests.handlers.work import in_hanoi, knows, member_of, on, open_items, promises, timeline

MINUTE = timedelta(minutes=1)
Team = tuple[Person, Person, Person]


@pytest.fixture
async def team(company: Company) -> Team:
    """An owner and two reps."""
    return await company.hires("Hà", Role.OWNER), await company.hires("Minh"), await company.hires("Trang")


async def rules(owner: Person, label: str) -> None:
    await owner.taps_old("x:1", "assign.rule")
    await owner.taps(label)


async def owner_of(boss: Person, customer_id: int) -> int:
    async with boss.company.store.read() as uow:
        return (await uow.customers.get(member_of(boss), customer_id)).owner_id


async def joins_teams(store: SqlStore, **teams: list[Person]) -> None:
    async with store.begin() as uow:
        for name, persons in teams.items():
            place = await uow.teams.add(name)
            for person in persons:
                person.member = await uow.members.update(member_of(person), team_id=place.id)
        await uow.commit()


# One customer ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["/giao Lan cho Trang", "/giao lan cho trang", "/giao lan sang Trang"])
async def test_a_given_name_alone_is_who_search_is_sure_of(team: Team, said: str) -> None:
    ha, minh, trang = team
    lan = await knows(minh, "Lan")
    await ha.says(said)
    ha.sees("Đã giao chị Lan cho Trang")
    assert await owner_of(ha, lan.id) == member_of(trang).id


async def test_a_customer_is_given_with_all_that_is_open_and_everybody_hears_of_it(
    company: Company, team: Team
) -> None:
    ha, minh, trang = team
    lan = await knows(minh, "Lan", note="thích màu trắng")
    await promises(minh, lan, "gửi báo giá", on("2026-11-25"))
    await ha.says("/giao chị Lan cho Trang")
    ha.sees("Đã giao chị Lan cho Trang", "1 việc đang mở đi cùng", "Hoàn tác")
    await company.waits(MINUTE)
    trang.sees(
        "Hà vừa giao cho anh/chị một khách",
        "chị Lan",
        "0912 345 678",
        "Đã hứa: T4 25/11/2026: gửi báo giá",
        "Nhận khách",
    )
    minh.sees("chị Lan nay do Trang phụ trách")
    assert [item.member_id for item in await open_items(trang, lan)] == [member_of(trang).id]
    assert (await timeline(trang, lan))[0].text == "Giao cho Trang"
    await minh.says("chị Lan")
    minh.does_not_see("0912 345 678")

    await trang.taps("Nhận khách")
    trang.sees("Đã nhận khách", "gửi báo giá")
    trang.does_not_see("Nhận khách")
    await company.waits(MINUTE)
    ha.sees("Trang đã nhận chị Lan")
    assert (await timeline(trang, lan))[0].text == "Trang đã nhận khách"


async def test_undo_takes_it_back_wholly(company: Company, store: SqlStore, team: Team) -> None:
    ha, minh, trang = team
    lan = await knows(minh, "Nguyễn Thị Lan")
    promise = await promises(minh, lan, "gửi báo giá", on("2026-11-25 09:00"))
    async with store.begin() as uow:
        word = nickname("Lan béo", lan.id, lan.name)
        assert word
        await uow.vocabulary.learn(member_of(minh), word, shared=False)
        await uow.commit()
    await ha.says("/giao chị Lan cho Trang")
    await company.waits(MINUTE)
    await ha.taps("Hoàn tác")
    ha.sees("Đã hoàn tác")
    await company.waits(MINUTE)
    trang.sees("Hà đã lấy lại")
    minh.sees("lại do anh/chị phụ trách")
    assert await open_items(minh, lan) == [promise]
    assert [entry.text for entry in await timeline(minh, lan)] == []
    await minh.says("Lan béo thích màu trắng")
    minh.sees("Đã lưu ghi chú", "Nguyễn Thị Lan")
    await trang.taps("Nhận khách")
    trang.does_not_see("0912 345 678")
    await company.waits_until(in_hanoi("2026-11-25 09:00"))
    minh.sees("gửi báo giá")
    assert not [shown for shown in trang.screen if "T4" not in shown.words and "gửi báo giá" in shown.words]


async def test_a_push_on_its_way_goes_to_who_has_the_customer_now_and_back_again(
    company: Company, store: SqlStore, team: Team
) -> None:
    ha, minh, trang = team
    lan = await knows(minh, "Lan")
    await promises(minh, lan, "gọi báo giá", on("2026-11-23 09:00"))
    company.clock.wind_to(in_hanoi("2026-11-23 09:00"))
    words = company.conversation.translator
    assert await push_due(store, company.clock.now(), words, ORG) == 1
    await ha.says("/giao chị Lan cho Trang")
    assert await push_due(store, company.clock.now(), words, ORG) == 1
    await ha.taps("Hoàn tác")
    await company.waits(MINUTE)
    assert [shown for shown in minh.fresh if "gọi báo giá" in shown.words and "Xong" in shown.words]
    assert not [shown for shown in trang.screen if "hôm nay 09:00" in shown.words]


async def test_giao_is_forgiving_about_how_it_is_said(company: Company, team: Team) -> None:
    ha, minh, trang = team
    lan, hoa = await knows(minh, "Lan"), await knows(minh, "Hoa", phone="+84977111222")
    for said, customer in (("/giao @Trang", hoa), ("/giao 0912 345 678 @trang", lan)):
        await ha.says(f"chị {hoa.name} thích màu trắng")
        await ha.says(said)
        ha.sees(f"Đã giao chị {customer.name} cho Trang")
    await ha.says(f"/giao {lan.code} cho Minh")
    ha.sees("Đã giao chị Lan cho Minh")
    await ha.says("/giao Trang")
    ha.sees("Đã giao chị Lan cho Trang")
    await ha.says("/giao chị Lan cho Trang")
    ha.sees("chị Lan đang do Trang phụ trách rồi")
    await ha.says("/giao chị Lan cho Tèo")
    ha.sees("Giao khách này cho ai?", "Minh · 0")
    ha.does_not_see("Trang · ")
    await ha.taps("Minh")
    ha.sees("Đã giao chị Lan cho Minh")
    await ha.says("/giao chị Không Có cho Minh")
    ha.sees("Em không tìm thấy khách này")
    await knows(trang, "Lan", phone="+84933222111")
    await ha.says("/giao chị Lan cho Minh")
    ha.sees("Anh/chị muốn giao khách nào?")
    await ha.says("/giao")
    ha.sees("Giao khách", "ai ghi thì người đó giữ", "Minh: 1 khách", "Trang: 2 khách")


async def test_the_card_offers_it_to_who_leads_and_a_second_tap_does_nothing_twice(
    company: Company, team: Team
) -> None:
    ha, minh, trang = team
    lan = await knows(minh, "Lan")
    await ha.taps_old("x:1", f"customer.more:{lan.id}")
    await ha.taps("Giao cho…")
    ha.sees("Giao khách này cho ai?", "Phụ trách: Minh")
    data = ha.data_of("Trang")
    await ha.taps("Trang")
    ha.sees("Đã giao chị Lan cho Trang")
    await ha.taps_old("x:1", data)
    ha.sees("chị Lan đang do Trang phụ trách rồi")
    await company.waits(MINUTE)
    assert sum("vừa giao cho anh/chị" in shown.words for shown in trang.screen) == 1
    data = trang.data_of("Nhận khách")
    await trang.taps("Nhận khách")
    await trang.taps_old("x:1", data)
    await company.waits(MINUTE)
    assert sum("đã nhận chị Lan" in shown.words for shown in ha.screen) == 1
    await minh.taps_old("x:1", f"customer.more:{lan.id}")
    minh.does_not_see("Giao cho…")


async def test_nobody_gives_what_is_not_theirs_to_give_or_to_whom_they_do_not_lead(
    company: Company, store: SqlStore, team: Team
) -> None:
    ha, minh, trang = team
    vy = await company.hires("Vy", Role.MANAGER)
    await joins_teams(store, Bắc=[vy, minh], Nam=[trang])
    lan, hoa = await knows(minh, "Lan"), await knows(trang, "Hoa", phone="")
    to_minh, to_trang = member_of(minh).id, member_of(trang).id
    await ha.says("/giao chị Lan cho Vy")
    await company.waits(MINUTE)
    accept = vy.data_of("Nhận khách")
    for person, data in (
        (minh, "assign"),
        (minh, "assign.rule"),
        (minh, "assign.set:turns"),
        (minh, accept),
        (trang, accept),
        (trang, f"assign.ask:{hoa.id}"),
        (trang, f"assign.to:{hoa.id}:{to_trang}"),
        (vy, f"assign.ask:{hoa.id}"),
        (vy, f"assign.to:{hoa.id}:{to_minh}"),
        (vy, f"assign.to:{lan.id}:{to_trang}"),
        (vy, "assign.set:turns"),
        (vy, f"assign.gets:zalo:{to_minh}"),
    ):
        await person.taps_old("x:1", data)
        person.does_not_see("Hoa", "Đã giao", "Trang", "Đã nhận")
    await vy.says("/giao")
    vy.does_not_see("Trang")
    await vy.taps_old("x:1", "assign.rule")
    vy.sees("do chủ công ty đặt")
    await vy.says("/giao chị Lan cho Minh")
    vy.sees("Đã giao chị Lan cho Minh")
    async with store.begin() as uow:
        await uow.members.update(member_of(minh), active=False)
        await uow.commit()
    await ha.taps_old("x:1", f"assign.to:{hoa.id}:{to_minh}")
    ha.does_not_see("Đã giao")
    await minh.says("/giao chị Lan cho Trang")
    minh.does_not_see("chị Lan")


# New customers --------------------------------------------------------------------------------------------------------


async def test_new_customers_of_the_owner_go_by_turns_and_the_rep_is_told_at_once(company: Company, team: Team) -> None:
    ha, minh, _ = team
    await rules(ha, "chia đều lần lượt")
    ha.sees("● chia đều lần lượt")
    await ha.says("Khách mới chị Hoa 0912 345 678, FB, quan tâm gói Pro, nóng. T6 9h gọi lại")
    ha.sees("Đã lưu khách mới", "Giao cho Minh", "Hoàn tác", "Giao người khác")
    await company.waits(MINUTE)
    minh.sees("Hà vừa giao cho anh/chị một khách", "chị Hoa", "quan tâm gói Pro", "T6 27/11/2026 09:00", "Nhận khách")
    await ha.says("Khách mới anh Nam 0977 111 222")
    ha.sees("Giao cho Trang")
    await ha.says("Khách mới anh Tú 0977 111 333")
    ha.sees("Giao cho Minh")
    await minh.says("Khách mới chị Của Tôi 0977 111 444")
    minh.does_not_see("Giao cho")
    await minh.says("chị Hoa thích màu trắng")
    minh.sees("Đã lưu ghi chú")
    await company.waits_until(in_hanoi("2026-11-27 09:00"))
    assert [shown for shown in minh.screen if "hôm nay 09:00" in shown.words]


async def test_undo_takes_a_new_lead_from_the_rep_too(company: Company, team: Team) -> None:
    ha, minh, _ = team
    await rules(ha, "chia đều lần lượt")
    await ha.says("Khách mới chị Hoa 0912 345 678. T6 gọi lại")
    await company.waits(MINUTE)
    await minh.says("chị Hoa")
    minh.sees("0912 345 678")
    await ha.taps("Hoàn tác")
    ha.sees("Đã hoàn tác")
    await company.waits(MINUTE)
    minh.sees("Hà đã lấy lại chị Hoa")
    await minh.says("chị Hoa")
    minh.does_not_see("0912 345 678", "KH000001")
    await minh.taps("Nhận khách")
    minh.does_not_see("0912 345 678")


async def test_the_manager_gives_it_to_somebody_else_after_all(company: Company, team: Team) -> None:
    ha, minh, trang = team
    await rules(ha, "chia đều lần lượt")
    await ha.says("Khách mới chị Hoa 0912 345 678")
    await ha.taps("Giao người khác")
    ha.sees("Phụ trách: Minh")
    await ha.taps("Trang")
    ha.sees("Đã giao chị Hoa cho Trang")
    await company.waits(MINUTE)
    minh.sees("chị Hoa nay do Trang phụ trách")
    assert await owner_of(ha, 1) == member_of(trang).id


async def test_a_named_colleague_gets_the_customer_whatever_the_rule(company: Company, team: Team) -> None:
    ha, _, trang = team
    await ha.says("Khách mới chị Hoa 0912 345 678, FB, giao cho Trang")
    ha.sees("chị Hoa", "Giao cho Trang")
    await ha.says("Khách mới chị Mai 0912 345 000")
    ha.does_not_see("Giao cho")
    assert await owner_of(ha, 1) == member_of(trang).id
    assert await owner_of(ha, 2) == member_of(ha).id


async def test_a_list_of_leads_is_dealt_out_and_a_sale_stays_with_its_seller(company: Company, team: Team) -> None:
    ha, *_ = team
    await rules(ha, "chia đều lần lượt")
    await ha.says("chị Hoa 0912 345 678 FB\nanh Nam 0977 111 222 Zalo\nchị Mai 0977 111 333")
    await ha.taps("Lưu cả 3")
    ha.sees("chị Hoa → Minh", "anh Nam → Trang", "chị Mai → Minh")
    await ha.says("Khách mới chị Thu 0933 222 111 chốt gói Pro 12tr5")
    ha.does_not_see("Giao cho")


async def test_leads_go_to_who_has_fewest_open_ones(company: Company, team: Team) -> None:
    ha, minh, trang = team
    await rules(ha, "ít khách đang theo nhất")
    for number in range(3):
        await knows(minh, f"Lan {number}", phone="")
    for expected in ("Trang", "Trang", "Trang"):
        await ha.says(f"Khách mới chị Hoa {expected} 09770001{len(ha.screen):02d}")
        ha.sees("Giao cho Trang")
    await trang.says("chị Hoa Trang")
    await ha.says("Khách mới chị Thu 0933 222 111")
    ha.sees("Giao cho Minh")


async def test_a_source_has_its_own_rep(company: Company, team: Team) -> None:
    ha, *_ = team
    await rules(ha, "theo nguồn khách")
    await ha.taps("Nguồn nào cho ai")
    await ha.taps("Zalo")
    await ha.taps("Trang")
    ha.sees("Zalo: Trang", "Các nguồn còn lại chia đều")
    for number, (source, rep) in enumerate([("zalo", "Trang"), ("zalo", "Trang"), ("FB", "Minh"), ("web", "Trang")]):
        await ha.says(f"Khách mới chị Hoa{number} 097700010{number} {source}")
        ha.sees(f"Giao cho {rep}")


async def test_a_managers_leads_stay_in_the_team(company: Company, store: SqlStore, team: Team) -> None:
    ha, minh, trang = team
    vy = await company.hires("Vy", Role.MANAGER)
    await joins_teams(store, Bắc=[vy, trang], Nam=[minh])
    await rules(ha, "chia đều lần lượt")
    for number in range(3):
        await vy.says(f"Khách mới chị Hoa {number} 097700010{number}")
        vy.sees("Giao cho Trang")
    await vy.says("Khách mới chị Thu 0933 222 111 giao cho Minh")
    vy.sees("Giao cho Trang")


async def test_a_lead_from_outside_is_given_by_the_same_rule(company: Company, store: SqlStore, team: Team) -> None:
    ha, minh, _ = team
    await rules(ha, "chia đều lần lượt")
    lead: Customer = await knows(ha, "Web", phone="")
    async with store.begin() as uow:
        giver = Giver(uow, member_of(ha), company.clock.now(), company.conversation.translator)
        assert await assign_new(giver, lead) == member_of(minh)
        await uow.commit()
    await company.waits(MINUTE)
    minh.sees("chị Web", "Nhận khách")
