"""/phannhom and /kichhoat: counts, lists with the reason why, the most valuable first, everybody within their own sight."""

from datetime import date, timedelta

import pytest

from bot.domain.customers import Customer
from bot.domain.people import Role
from bot.domain.sales import NewSale
from tests.chat import Company, Person
from tests.handlers.work import knows, member_of, on, promises

TODAY = date(2026, 11, 23)


async def bought(rep: Person, customer: Customer, amount_vnd: int, *days_ago: int, product: str = "gói Pro") -> None:
    """Sales of so many days ago, without the care that would follow."""
    async with rep.company.store.begin() as uow:
        for ago in days_ago:
            on_day, at = TODAY - timedelta(days=ago), rep.company.clock.now() - timedelta(days=ago)
            await uow.sales.add(NewSale(customer.id, member_of(rep).id, on_day, at, product, None, amount_vnd))
        await uow.commit()


async def a_book_of_customers(rep: Person) -> dict[str, Customer]:
    known = {
        name: await knows(rep, name, phone=f"+8491234567{number}")
        for number, name in enumerate(("Lan", "Hoa", "Mai", "Cúc", "Đào"))
    }
    await bought(rep, known["Hoa"], 2_000_000, 200)
    await bought(rep, known["Mai"], 30_000_000, 300, product="tủ <bếp>")
    await bought(rep, known["Cúc"], 5_000_000, 84, 42)
    await bought(rep, known["Đào"], 1_000_000, 250)
    await rep.taps_old("x:1", f"stop.set:{known['Đào'].id}:moved")
    return known


async def test_the_groups_are_counted_and_listed_with_the_most_valuable_first(company: Company) -> None:
    rep = await company.hires("Minh")
    await a_book_of_customers(rep)
    await rep.says("/phannhom")
    rep.sees(
        "Nhóm khách · 5 khách", "khách mới 1", "mua 1 lần 3", "trung thành 1", "cần tái kích hoạt 2", "giá trị cao 1"
    )
    rep.sees("chưa mua 1", "cần chăm 2", "có khả năng quay lại 1", "ngừng 1")
    await rep.taps("mua 1 lần · 3")
    text = rep.reads()
    assert text.index("1. ★ chị Mai · 30.000.000 ₫") < text.index("2. chị Hoa") < text.index("3. chị Đào")
    rep.sees("tủ <bếp>", "lẽ ra mua lại khoảng 12/04/2026", "ngừng: chuyển nơi khác", "chị Mai · •••672")
    rep.never_saw("0912 345 672")
    await rep.taps("1. chị Mai")
    rep.sees("chị Mai · KH", "★")


async def test_a_group_is_left_and_another_one_opened_in_place(company: Company) -> None:
    rep = await company.hires("Minh")
    await a_book_of_customers(rep)
    await rep.says("/segments")
    await rep.taps("có khả năng quay lại")
    rep.sees("1. chị Cúc · 10.000.000 ₫", "lần tới khoảng 23/11/2026")
    await rep.taps("Nhóm khách")
    await rep.taps("khách mới")
    rep.sees("1. chị Lan · tư vấn")
    assert len(rep.screen) == 2


async def test_who_bought_once_and_did_not_return_comes_with_what_to_do_next(company: Company) -> None:
    rep = await company.hires("Minh")
    known = await a_book_of_customers(rep)
    await rep.says("/kichhoat")
    rep.sees("2 khách mua 1 lần, chưa quay lại", "1. ★ chị Mai", "2. chị Hoa")
    rep.does_not_see("chị Đào", "chị Cúc", "chị Lan")
    await rep.taps("Hẹn")
    await rep.says("mai 9h gọi lại")
    rep.sees("Đã hẹn")
    await promises(rep, known["Hoa"], "gửi mẫu", on("2026-11-20"))
    await rep.says("/winback")
    rep.sees("có việc quá hạn")


async def test_a_long_list_is_paged_and_an_old_page_falls_back_to_the_last_one(company: Company) -> None:
    rep = await company.hires("Minh")
    for number in range(10):
        customer = await knows(rep, f"Khách {number}", phone="")
        await bought(rep, customer, 1_000_000 + number, 200)
    await rep.says("/kichhoat")
    rep.sees("1. chị Khách 9", "1/2")
    await rep.taps("›")
    rep.sees("9. chị Khách 1", "10. chị Khách 0")
    await rep.taps_old(rep.screen[-1].ref, "winback:4000")
    rep.sees("9. chị Khách 1")
    await rep.taps_old(rep.screen[-1].ref, "segments.list:segment:win_back:8")
    rep.sees("9. chị Khách 1")


async def test_a_rep_counts_their_own_and_an_owner_everybodys_by_name(company: Company) -> None:
    minh, trang, boss = await company.hires("Minh"), await company.hires("Trang"), await company.hires("Hà", Role.OWNER)
    await a_book_of_customers(minh)
    await trang.says("/phannhom")
    trang.sees("Chưa có khách nào")
    await trang.says("/kichhoat")
    trang.sees("Không có khách nào cần kích hoạt lại")
    await trang.taps_old("x:1", "segments.list:segment:once:0")
    trang.never_saw("Mai", "Hoa")
    await boss.says("/kichhoat")
    boss.sees("1. ★ chị Mai", "Minh")


async def test_high_value_is_what_the_company_says_it_is(company: Company) -> None:
    rep = await company.hires("Minh")
    await a_book_of_customers(rep)
    async with company.store.begin() as uow:
        await uow.company.change(high_value_vnd=2_000_000)
        await uow.commit()
    await rep.says("/phannhom")
    rep.sees("giá trị cao 3")


@pytest.mark.parametrize("said", ["nóng", "NONG", "hot", "khách mới", "chưa mua"])
async def test_a_group_that_is_named_is_listed_at_once(company: Company, said: str) -> None:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Lan 0912 345 678, FB, nóng")
    await rep.says(f"/phannhom {said}")
    rep.sees("chị Lan")
    await rep.says("/phannhom")
    rep.does_not_see("chị Lan")
