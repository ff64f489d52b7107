"""What customers let us show to others: browsed, taken as a file, and gone with their consent."""

import csv
from datetime import timedelta
from io import StringIO

from bot.domain.consent import Purpose
from bot.domain.customers import Customer
from bot.domain.people import Role
from tests.chat import Company, Person
from tests.handlers.work import knows

WORDING = "Em xin phép chia sẻ lời nhận xét này nhé?"


async def praises(company: Company, customer: Customer, text: str, *, agrees: bool = True) -> None:
    """The customer said it, and lets us show it, or does not."""
    now = company.clock.now()
    async with company.store.begin() as uow:
        if agrees:
            await uow.consents.give(customer.id, Purpose.TESTIMONIAL, "telegram", WORDING, "tapped", now)
        await uow.testimonials.keep(customer.id, None, text, now)
        await uow.commit()


async def withdraws(company: Company, customer: Customer) -> None:
    async with company.store.begin() as uow:
        await uow.consents.withdraw(customer.id, Purpose.TESTIMONIAL, company.clock.now())
        await uow.commit()


def file_on(person: Person) -> list[list[str]]:
    """The rows of the file that they have just got."""
    (document,) = (shown.reply.document for shown in person.fresh if shown.reply.document)
    assert document.name == "loi-khen-20261123.csv"
    assert document.content.startswith(b"\xef\xbb\xbf")  # by this Excel sees that it is UTF-8
    return list(csv.reader(StringIO(document.content.decode("utf-8-sig"))))


async def test_nothing_is_shown_while_there_is_nothing(company: Company) -> None:
    minh = await company.hires("Minh")
    await minh.says("/loikhen")
    minh.sees("Chưa có lời khen nào")
    await minh.taps_old("x:1", "praise.file")
    minh.sees("Chưa có lời khen nào")


async def test_a_rep_reads_what_their_customers_praise_and_nobody_elses(company: Company) -> None:
    minh, ha = await company.hires("Minh"), await company.hires("Hà")
    boss = await company.hires("Bảo", Role.OWNER)
    await praises(company, await knows(minh, "Lan"), "Ghế ngồi rất <b>êm</b>, giao đúng hẹn")
    await praises(company, await knows(ha, "Hoa", phone="+84977111222"), "Tư vấn tận tình")
    await minh.says("/loikhen")
    minh.sees("1 lời khen", "Ghế ngồi rất <b>êm</b>", "chị Lan", "T2 23/11/2026")
    minh.does_not_see("Tư vấn tận tình", "Hoa")
    await boss.says("/testimonials")
    boss.sees("2 lời khen", "Ghế ngồi", "Tư vấn tận tình")


async def test_words_without_consent_are_not_shown(company: Company) -> None:
    minh = await company.hires("Minh")
    await praises(company, await knows(minh, "Lan"), "Rất hài lòng", agrees=False)
    await minh.says("/loikhen")
    minh.sees("Chưa có lời khen nào")


async def test_words_go_with_the_consent_and_an_old_word_does_not_return(company: Company) -> None:
    minh = await company.hires("Minh")
    lan = await knows(minh, "Lan")
    await praises(company, lan, "Rất hài lòng")
    await company.waits(timedelta(hours=1))
    await withdraws(company, lan)
    await minh.says("/loikhen")
    minh.sees("Chưa có lời khen nào")
    await company.waits(timedelta(hours=1))
    await praises(company, lan, "Lần này còn hơn")
    await minh.says("/loikhen")
    minh.sees("Lần này còn hơn")
    minh.does_not_see("Rất hài lòng")


async def test_many_are_paged_newest_first(company: Company) -> None:
    minh = await company.hires("Minh")
    lan = await knows(minh, "Lan")
    for number in range(1, 8):
        await praises(company, lan, f"Lời thứ {number}.")
    await minh.says("/loikhen")
    minh.sees("7 lời khen", "Lời thứ 7.", "Lời thứ 3.")
    minh.does_not_see("Lời thứ 2.")
    await minh.taps("›")
    minh.sees("Lời thứ 2.", "Lời thứ 1.")
    await withdraws(company, lan)
    await minh.taps_old("x:1", "praise.page:5")
    minh.sees("Chưa có lời khen nào")


async def test_the_file_opens_in_excel_and_calculates_nothing(company: Company) -> None:
    minh, boss = await company.hires("Minh"), await company.hires("Bảo", Role.OWNER)
    lan = await knows(minh, "Lan")
    await praises(company, lan, '=HYPERLINK("http://x"), "đẹp"\nvà bền')
    await minh.says("/loikhen")
    await minh.taps("Tải tất cả")
    heads, row = file_on(minh)
    assert heads == ["Ngày", "Khách", "Mã", "Điểm", "Lời nhận xét"]
    assert row == ["23/11/2026", "chị Lan", lan.code, "", '\'=HYPERLINK("http://x"), "đẹp"\nvà bền']
    await boss.says("/nhatky")
    boss.sees("Minh", "chị Lan", "tệp")
