"""Customers and reps talk through the bot, each in their own chat."""

from bot.domain.people import Role
from tests.chat import Company, Person
from tests.handlers.work import knows, timeline


async def a_talk(company: Company) -> tuple[Person, Person]:
    """A rep and a linked customer of theirs, Ms Lan."""
    await company.hires("Bảo", Role.OWNER)
    rep = await company.hires("Trang")
    customer = await knows(rep, "Lan", phone="+84912345678")
    lan = company.meets("Ngọc Lan")
    await company.links(lan, customer)
    return rep, lan


async def test_what_a_customer_writes_is_shown_to_the_rep_who_answers_by_replying(company: Company) -> None:
    rep, lan = await a_talk(company)
    await lan.says("Bao giờ giao hàng vậy em?")
    assert lan.reads() == ""
    await company.delivers_pushes()
    rep.sees("💬 chị Lan (KH000001): Bao giờ giao hàng vậy em?")
    await rep.replies("Bao giờ giao hàng", "Dạ sáng mai ạ")
    rep.sees("Đã gửi chị Lan")
    await company.delivers_pushes()
    lan.sees("Trang\nDạ sáng mai ạ")
