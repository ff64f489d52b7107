"""/tuan: the week in words and a picture, the people behind each figure, and what a group may hear of it."""

import itertools
from datetime import timedelta

import pytest
from markupsafe import Markup

from bot.domain.customers import Stage
from bot.domain.mailroom import Address
from bot.domain.metrics import Response, Share
from bot.domain.people import Role
from bot.domain.timeline import StoredFile
from bot.handlers import kpi, month, week
from bot.i18n import Translator
from bot.messages import Choice, Reply
from bot.views.figures import first_contact
from tests.chat import ZONE, Company, Person, Shown
from tests.handlers.test_forged import APOLOGY
from tests.handlers.work import member_of

SCREEN = 26  # short lines that fit a phone


async def at_work(company: Company) -> tuple[Person, Person, Person]:
    """An owner, and two reps with four customers and a sale or two each."""
    boss, minh, trang = (
        await company.hires("Hà", Role.OWNER),
        await company.hires("Trần Đức Minh"),
        await company.hires("Nguyễn Thị Trang"),
    )
    for place, name in enumerate(("Thoa", "Lan", "Hoa", "Mai", "Cúc", "Đào", "Thu", "Nga")):
        rep = (minh, trang)[place % 2]
        await rep.says(f"Khách mới chị {name} 0977 123 4{place:02d}, {'Zalo' if place % 3 else 'FB'}. mai gọi lại")
    await trang.says("c Lan chốt gói Pro 12tr5")
    await trang.says("c Mai chốt gói Pro 7tr5")
    return boss, minh, trang


async def test_the_week_fits_a_phone_screen_with_a_picture_and_things_to_act_on(company: Company) -> None:
    boss, _, _ = await at_work(company)
    await company.waits(timedelta(days=3))
    await boss.says("/tuan")
    boss.sees("Tuần 48 · T2 23/11 – T5 26/11 (đến nay)", "Doanh thu 20 tr, 2 đơn", "Khách mới 8: Zalo 5, Facebook 3")
    boss.sees("6 khách còn chờ", "Chốt 2, mất 0", "quá hạn", "Khảo sát: chưa có")
    boss.sees("3 việc nên làm ngay", "① 6 khách", "① Khách mới chưa liên hệ")
    (shown,) = boss.fresh
    assert len(str(shown.reply.text).splitlines()) <= SCREEN
    assert shown.reply.chart
    course, sources, records = shown.reply.chart.panels
    assert [bar.value for bar in course.bars] == [0] * 7 + [20_000_000]
    assert course.bars[-1].words == "20\N{NO-BREAK SPACE}tr"
    assert [(bar.label, bar.value) for bar in sources.bars] == [("Zalo", 5), ("Facebook", 3)]
    assert {bar.label for bar in records.bars} == {"Trần Đức Minh", "Nguyễn Thị Trang"}


async def test_behind_each_thing_are_its_people_and_behind_them_their_cards(company: Company) -> None:
    boss, minh, _ = await at_work(company)
    await boss.says("/week")
    await boss.taps("Khách mới chưa liên hệ")
    boss.sees("Khách mới chưa liên hệ · Tuần 48 (6)", "chị Thoa · Trần Đức Minh · từ T2 23/11", "chị Nga")
    boss.does_not_see("chị Lan")
    assert not boss.fresh[0].reply.replaces
    await boss.taps("chị Thoa")
    boss.sees("0977 123 400")
    await minh.says("chị Thoa nghe máy, hẹn lại")
    await minh.says("/tuan")
    minh.sees("Khách mới 4")
    await minh.taps("Khách mới chưa liên hệ")
    minh.does_not_see("chị Nga", "chị Lan")


async def test_of_several_overdue_things_the_oldest_is_told_with_its_own_day(company: Company) -> None:
    boss, minh = await company.hires("Hà", Role.OWNER), await company.hires("Minh")
    await minh.says("Khách mới chị Lan 0912 345 678, FB. T4 gọi lại")
    await minh.says("chị Lan T5 báo giá")
    await company.waits(timedelta(days=4))
    await boss.says("/tuan")
    await boss.taps("Việc quá hạn")
    boss.sees("chị Lan · Minh · hẹn T4 25/11 · +1\n     gọi lại")


async def test_an_empty_list_of_good_news_is_not_praised(company: Company) -> None:
    boss, _, _ = await at_work(company)
    await boss.says("/thang")
    await boss.taps("3. Đã giới thiệu khách")
    boss.sees("Kỳ này không có ai.")
    await boss.taps("4. Phàn nàn")
    boss.sees("Tốt lắm ạ!")


async def test_whom_the_line_of_records_has_no_room_for_is_counted(company: Company) -> None:
    boss = await company.hires("Hà", Role.OWNER)
    for number in range(8):
        rep = await company.hires(f"Nguyễn Hoàng Thị Phương Thảo {number}")
        await rep.says(
            f"Khách mới chị Lan 0912 345 67{number}, {('FB', 'Zalo', 'TikTok', 'giới thiệu')[number % 4]}. mai gọi lại"
        )
    await company.waits(timedelta(days=3))
    await boss.says("/tuan")
    boss.sees("Phương Thảo 5 0/1 … +2", "Khách mới 8: Facebook 2, giới thiệu 2, TikTok 2, Zalo 2")


async def test_last_week_and_the_weeks_before_are_a_word_or_a_tap_away(company: Company) -> None:
    boss, _, _ = await at_work(company)
    await company.waits(timedelta(days=9))
    await boss.says("/tuan trước")
    boss.sees("Tuần 48 · T2 23/11 – CN 29/11", "Doanh thu 20 tr")
    boss.does_not_see("đến nay")
    await boss.says("/tuan")
    boss.sees("Tuần 49", "Doanh thu 0", "tuần trước 20 tr")
    await boss.taps("‹ Tuần 48")
    boss.sees("Tuần 48", "Doanh thu 20 tr")


@pytest.mark.parametrize(
    ("said", "heading"),
    [
        ("/tuan tuần trước", "Tuần 47 · T2 16/11 – CN 22/11"),
        ("/tuan vừa rồi", "Tuần 47 · T2 16/11"),
        ("/tuan 46", "Tuần 46 · T2 09/11"),
        ("/tuan 50", "Tuần 50 · T2 08/12 – CN 14/12"),
        ("/tuan 99", "Tuần 48"),
        ("/tuan này", "Tuần 48"),
    ],
)
async def test_weeks_are_asked_for_in_words_or_by_number(company: Company, said: str, heading: str) -> None:
    boss, _, _ = await at_work(company)
    await boss.says(said)
    boss.sees(heading)


async def test_a_rep_sees_their_own_week_and_nobody_elses(company: Company) -> None:
    _, minh, trang = await at_work(company)
    await minh.says("/tuan")
    minh.sees("Khách mới 4", "Chưa có đơn nào")
    minh.does_not_see("Trang", "20 tr", "12,5 tr")
    await trang.says("/tuan")
    trang.sees("Doanh thu 20 tr")
    data = f"report.who:stuck:w20261123:{minh.member.id if minh.member else 0}:0:0"
    await trang.taps_old("x:1", data)
    trang.does_not_see("chị Thoa")


async def test_an_empty_company_is_told_how_to_begin(company: Company) -> None:
    boss = await company.hires("Hà", Role.OWNER)
    await boss.says("/tuan")
    boss.sees("Kỳ này chưa ghi gì")
    assert boss.fresh[0].reply.chart is None


async def test_a_long_list_is_paged_in_place(company: Company) -> None:
    boss, minh = await company.hires("Hà", Role.OWNER), await company.hires("Minh")
    for number in range(11):
        await minh.says(f"Khách mới chị Thu{'abcdefghijk'[number]} 0977 123 4{number:02d}")
    await boss.says("/tuan")
    await boss.taps("Khách mới chưa liên hệ")
    boss.sees("(11)", "8. ")
    await boss.taps("›")
    boss.sees("9. ", "11. ")
    assert boss.fresh[0].reply.replaces


async def test_a_group_hears_figures_and_no_customer_and_is_pointed_to_the_private_chat(company: Company) -> None:
    boss, minh, trang = await at_work(company)
    await company.waits(timedelta(days=2))
    group = company.opens_group("Đội bán hàng")
    await boss.says_in(group, "/tuan")
    group.sees("Doanh thu 20 tr", "Khách mới 8")
    group.never_saw("chị", "Lan", "0977", "Trần Đức Minh", "Nguyễn Thị Trang")
    links = [choice.url for choice in group.fresh[0].choices if choice.url]
    assert links == ["https://t.me/thu_bot?start=tuan"]
    chart = group.fresh[0].reply.chart
    assert chart
    assert "Minh" not in str(chart)
    await minh.says_in(group, "/tuan")
    group.sees("chat riêng")
    group.does_not_see("Doanh thu")
    await trang.taps_old("x:1", "group.weekly")
    await boss.says("/start tuan")
    boss.sees("Doanh thu 20 tr", "① ")


@pytest.mark.parametrize("said", ["/tuan", "/thang"])
async def test_a_group_hears_no_reason_in_a_members_own_words(company: Company, said: str) -> None:
    boss, minh, _ = await at_work(company)
    for name in ("Thoa", "Cúc", "Hoa"):
        async with company.store.begin() as uow:
            [customer] = await uow.customers.named(member_of(boss), name)
            reason = "chị Thoa 0977123401 chê 185 triệu đắt"
            await uow.customers.move(member_of(minh), customer, Stage.LOST, company.clock.now(), reason=reason)
            await uow.commit()
    group = company.opens_group("Đội bán hàng")
    await boss.says(said)
    boss.sees("chê 185 triệu đắt")
    await boss.says_in(group, said)
    group.sees("mất 3")
    group.never_saw("Thoa", "0977", "185")


async def test_a_group_hears_nothing_of_a_file_that_people_show_each_other(company: Company) -> None:
    _, minh, _ = await at_work(company)
    group = company.opens_group("Đội bán hàng")
    for caption in ("/ghichu chị Thoa", "/khach", "/tuan"):
        incoming = minh._incoming(text=caption, file=StoredFile("telegram", "f", "photo"), group=group.name)
        await minh._does(incoming, group)
    assert not group.screen


@pytest.mark.parametrize("verb", sorted({**week.CHOICES, **month.CHOICES, **kpi.CHOICES}))
async def test_an_owners_forged_button_breaks_nothing(company: Company, database_url: str, verb: str) -> None:
    boss, _, _ = await at_work(company)
    group = company.opens_group("Đội bán hàng")
    odd = (
        "",
        "0",
        "-1",
        "²",
        "99999999999999999999",
        "w20261123",
        "w99991231",
        "m00010101",
        "x20261123",
        "y20261301",
        "stuck",
    )
    # Parts are read before a database is asked: on the second, each of them comes in each place once.
    pairs = itertools.product(odd, odd) if database_url.startswith("sqlite") else zip(odd, reversed(odd), strict=True)
    for parts in pairs:
        await boss.taps_old("x:1", ":".join((verb, *parts)))
        boss.does_not_see(APOLOGY)
    for worklist in ("overdue", "stuck", "coming", "complaints"):
        await boss.taps_old("x:1", f"{verb}:{worklist}:w20261123:7:99:800")
        boss.does_not_see(APOLOGY)
    group.screen.append(Shown("g:1", Reply(Markup("?"), ((Choice("thử", f"{verb}:stuck"),),))))
    await boss.taps_in(group, "thử")
    group.does_not_see(APOLOGY)


async def test_people_lists_stay_out_of_groups(company: Company) -> None:
    boss, _, _ = await at_work(company)
    group = company.opens_group("Đội bán hàng")
    await boss.says("/tuan")
    group.screen.append(boss.fresh[0])
    await boss.taps_in(group, "Khách mới chưa liên hệ")
    group.sees("chat riêng")
    group.does_not_see("chị Thoa")


async def test_what_is_for_managers_is_said_so_in_a_group_and_stays_unknown_in_private(company: Company) -> None:
    boss, minh = await company.hires("Hà", Role.OWNER), await company.hires("Minh")
    group = company.opens_group("Đội bán hàng")
    await minh.says_in(group, "/thang")
    group.sees("Việc này dành cho quản lý.")
    await minh.says("/thang")
    minh.does_not_see("dành cho quản lý")
    await boss.says_in(group, "/tuan")
    await minh.taps_in(group, "🔔")
    assert group.toast == "Việc này dành cho quản lý."
    await boss.taps_in(group, "🔔")
    await minh.taps_in(group, "🔕")
    assert group.toast == "Việc này dành cho quản lý."


async def test_only_who_leads_all_of_a_groups_figures_decides_about_its_week(company: Company) -> None:
    boss = await company.hires("Hà", Role.OWNER)
    north, south = await company.hires("Bắc", Role.MANAGER), await company.hires("Nam", Role.MANAGER)
    async with company.store.begin() as uow:
        for manager in (north, south):
            team = await uow.teams.add(manager.name)
            manager.member = await uow.members.update(member_of(manager), team_id=team.id)
        await uow.commit()
    group = company.opens_group("Đội bán hàng")
    await boss.says_in(group, "/tuan")
    await boss.taps_in(group, "🔔")
    for refused in ("🔕", "🔔"):
        group.screen.append(Shown("g:1", Reply(Markup("?"), ((Choice("🔔", "group.weekly"),),))))
        await north.taps_in(group, refused)
        assert group.toast == "Việc này dành cho quản lý."
    await boss.taps_in(group, "🔕")
    group.sees("không")
    await north.says_in(group, "/tuan")
    await north.taps_in(group, "🔔")
    await south.taps_in(group, "🔕")
    assert group.toast == "Việc này dành cho quản lý."
    await north.taps_in(group, "🔕")
    assert not group.toast
    async with company.store.read() as uow:
        assert await uow.group_chats.get(Address("telegram", group.user_id)) is None


async def test_behind_the_overdue_items_of_all_are_all_of_them_though_one_has_most(company: Company) -> None:
    boss, minh, trang = (
        await company.hires("Hà", Role.OWNER),
        await company.hires("Minh"),
        await company.hires("Trang"),
    )
    for place, name in enumerate(("Thoa", "Lan", "Hoa", "Mai", "Cúc", "Đào")):
        await (minh if place == 5 else trang).says(f"Khách mới chị {name} 0977 123 4{place:02d}. mai gọi lại")
    await company.waits(timedelta(days=3))
    await boss.says("/tuan")
    boss.sees("6 việc quá hạn, phần lớn của Trang")
    await boss.taps("Việc quá hạn")
    boss.sees("(6)", "chị Đào · Minh", "chị Thoa · Trang")


@pytest.mark.parametrize(("minutes", "told"), [(0, "thường ngay lập tức"), (12, "thường sau 12 phút")])
def test_no_customer_is_contacted_after_no_minutes(minutes: int, told: str) -> None:
    assert told in first_contact(Translator("vi", ZONE), Response(minutes, Share(1, 1), 0))


@pytest.mark.parametrize(
    ("title", "told"),
    [("Nhóm bán hàng", "sáng thứ Hai Nhóm bán hàng sẽ"), ("Miền Bắc", "sáng thứ Hai nhóm Miền Bắc sẽ")],
)
async def test_a_group_that_is_called_one_is_not_called_so_twice(company: Company, title: str, told: str) -> None:
    boss = await company.hires("Hà", Role.OWNER)
    group = company.opens_group(title)
    await boss.says_in(group, "/tuan")
    await boss.taps_in(group, "🔔")
    group.sees(told)


@pytest.mark.parametrize(("said", "button"), [("bao cao tuan nay", "Tuần 48"), ("doanh thu tuần trước", "Tuần 47")])
async def test_a_plain_sentence_finds_the_figures(company: Company, said: str, button: str) -> None:
    boss = await company.hires("Hà", Role.OWNER)
    await boss.says("Khách mới chị Lan 0977 123 401")
    await boss.says(said)
    boss.sees("📊 Số liệu", button)
    await boss.taps(button)
    boss.sees("Tuần 4")
