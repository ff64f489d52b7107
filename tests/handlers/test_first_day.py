"""An owner's first day: three questions, and what follows from the answers."""

from datetime import timedelta

import pytest

from bot.domain.company import Company as Decided
from bot.domain.company import Trade
from bot.domain.people import Role
from bot.domain.pipeline import PRESETS, STANDARD
from tests.chat import ORG, Company

NOT_FOUND = "Em không tìm thấy"


async def decided(company: Company) -> Decided:
    async with company.store.read() as uow:
        return await uow.company.read()


async def test_three_questions_and_then_the_team(company: Company) -> None:
    owner = await company.hires("Hạnh", Role.OWNER)
    await owner.says("/start")
    owner.sees("Chào Hạnh", "1/3", f"Giữ “{ORG}”", "Để sau")
    await owner.says("Gốm  Bát Tràng")
    owner.sees("2/3", "File Excel", "Chat Zalo", "Sổ tay", "Chưa có gì")
    await owner.taps("Sổ tay")
    owner.sees("trang hôm nay", "3/3", "Bán lẻ", "Dịch vụ theo lịch hẹn")
    await owner.taps("Bán lẻ")
    owner.sees("Đã xong phần thiết lập cho Gốm Bát Tràng", "ngày 10 và 20", "Mời người vào đội")
    company_now = await decided(company)
    assert (company_now.name, company_now.trade, company_now.pipeline) == ("Gốm Bát Tràng", Trade.RETAIL, PRESETS["4"])
    assert company_now.set_up_at
    await owner.taps("Mời người vào đội")
    owner.sees("Anh/chị mời ai ạ?")
    await owner.says("/start")
    owner.sees("trợ lý bán hàng của Gốm Bát Tràng")
    owner.does_not_see("1/3")


async def test_the_company_s_own_name_is_what_everybody_reads(company: Company) -> None:
    owner, rep, guest = await company.hires("Hạnh", Role.OWNER), await company.hires("Minh"), company.meets("Khách")
    await owner.says("/start")
    await owner.says("Gốm Bát Tràng")
    await guest.says("xin chào")
    guest.sees("Gốm Bát Tràng")
    await rep.says("/start")
    rep.sees("Gốm Bát Tràng")
    await rep.says("Khách mới chị Lan 0912 345 678")
    await rep.says("c Lan chốt gói Pro 12tr5")
    await rep.taps("☐ 2")
    rep.sees("em là Minh bên Gốm Bát Tràng")
    await company.waits(timedelta(days=3))
    rep.sees("em là Minh bên Gốm Bát Tràng")
    rep.never_saw(ORG)


async def test_the_operator_s_name_can_be_kept(company: Company) -> None:
    owner = await company.hires("Hạnh", Role.OWNER)
    await owner.says("/start")
    await owner.taps(f"Giữ “{ORG}”")
    owner.sees("2/3")
    await owner.says("Khách mới chị Lan 0912 345 678")
    owner.sees("Đã lưu khách mới")
    assert (await decided(company)).name == ORG


async def test_each_question_can_wait_and_start_asks_again(company: Company) -> None:
    owner = await company.hires("Hạnh", Role.OWNER)
    await owner.says("/start")
    await owner.taps("Để sau")
    owner.sees("trợ lý bán hàng của")
    await owner.says("Khách mới chị Lan 0912 345 678")
    owner.sees("Đã lưu khách mới")
    await owner.says("/start")
    await owner.says("Gốm Bát Tràng")
    await owner.taps("Để sau")
    await owner.says("/start")
    owner.sees("2/3")
    owner.does_not_see("1/3")
    await owner.taps("Chưa có gì")
    await owner.taps("Dịch vụ theo lịch hẹn")
    company_now = await decided(company)
    assert company_now.trade is Trade.SERVICE
    assert company_now.pipeline == STANDARD, "there is a customer already: the steps stay"


async def test_a_message_about_a_customer_is_no_company_s_name(company: Company) -> None:
    owner = await company.hires("Hạnh", Role.OWNER)
    await owner.says("/start")
    await owner.says("Khách mới chị Lan 0912 345 678, FB, nóng")
    owner.sees("Đã lưu khách mới")
    assert (await decided(company)).name is None


async def test_only_an_owner_sets_the_company_up_and_only_once(company: Company) -> None:
    owner, manager, rep = (
        await company.hires("Hạnh", Role.OWNER),
        await company.hires("Mai", Role.MANAGER),
        await company.hires("Minh"),
    )
    for person in (manager, rep):
        await person.says("/start")
        person.does_not_see("1/3")
        for data in ("setup.keep", "setup.habit:excel", "setup.trade:b2b", "setup.later"):
            await person.taps_old("x:1", data)
            person.sees(NOT_FOUND)
    await owner.says("/start")
    await owner.says("Gốm")
    await owner.taps("Chat Zalo")
    old = owner.fresh[-1]
    await owner.taps("Khác")
    await owner.taps_old(old.ref, "setup.trade:b2b")
    owner.sees("Nút này đã cũ")
    assert (await decided(company)).trade is Trade.GENERAL


@pytest.mark.parametrize(
    ("trade", "step"),
    [
        (Trade.RETAIL, "Hỏi khách sắp dùng hết chưa"),
        (Trade.SERVICE, "Đặt lịch hẹn tháng thứ hai"),
        (Trade.B2B, "Rà soát quý, lần một"),
        (Trade.GENERAL, "Hỏi cảm nhận sau một tuần dùng"),
    ],
)
async def test_sales_are_cared_for_as_the_trade_wants(company: Company, trade: Trade, step: str) -> None:
    owner, rep = await company.hires("Hạnh", Role.OWNER), await company.hires("Minh")
    await owner.says("/caidat")
    await owner.taps("🏢 Công ty")
    owner.sees(ORG, "Các bước bán hàng", "Chia khách mới")
    await owner.taps("Ngành")
    await owner.taps_old(owner.fresh[-1].ref, f"company.trade:{trade}")
    owner.sees("Đã lưu")
    await rep.says("Khách mới chị Lan 0912 345 678")
    await rep.says("c Lan chốt gói Pro 12tr5")
    rep.sees("☐ 5. Xếp tiềm năng", step)


async def test_a_retail_customer_is_asked_about_the_next_order_and_a_new_sale_starts_it_anew(company: Company) -> None:
    owner, rep = await company.hires("Hạnh", Role.OWNER), await company.hires("Minh")
    await owner.taps_old("x:1", "company.trade:retail")
    await rep.says("Khách mới chị Lan 0912 345 678")
    await rep.says("c Lan chốt sữa rửa mặt 300k")
    await company.waits(timedelta(days=10))
    assert any("sắp dùng hết chưa" in shown.words for shown in rep.screen)
    await owner.taps_old("x:1", "company.trade:general")
    await rep.says("c Lan chốt kem dưỡng 500k")
    async with company.store.read() as uow:
        assert rep.member
        customer = (await uow.customers.recent(rep.member, 1))[0]
        waiting = [followup.step for followup in await uow.followups.of_customer(rep.member, customer.id)]
    assert "repurchase" in waiting
    assert not {"restock", "restock_again", "come_back"} & set(waiting)
    assert waiting.count("reactivation") == 1


async def test_the_company_s_name_can_be_changed_later_by_who_manages(company: Company) -> None:
    manager, rep = await company.hires("Mai", Role.MANAGER), await company.hires("Minh")
    await manager.taps_old("x:1", "company")
    await manager.taps("Tên công ty")
    await manager.says("y" * 61)
    manager.sees("một tên ngắn")
    await manager.says("Gốm <b>Việt</b>")
    manager.sees("Đã lưu", "Gốm <b>Việt</b>")
    await rep.says("/caidat")
    assert not [label for label in rep.buttons() if "Công ty" in label]
    for data in ("company", "company.ask:name", "company.ask:trade", "company.trade:b2b"):
        await rep.taps_old("x:1", data)
        rep.sees(NOT_FOUND)


@pytest.mark.parametrize(
    ("habit", "advice", "said", "trade"),
    [
        ("Excel", "File cứ giữ nguyên", "bán lẻ", Trade.RETAIL),
        ("bên mình chat zalo là chính", "quan trọng trong chat", "BAN CHO DOANH NGHIEP", Trade.B2B),
        ("ghi sổ tay", "trang hôm nay", "dịch vụ spa", Trade.SERVICE),
        ("chưa có gì", "Đúng lúc để bắt đầu", "khác", Trade.GENERAL),
    ],
)
async def test_all_three_questions_can_be_answered_by_typing(
    company: Company, habit: str, advice: str, said: str, trade: Trade
) -> None:
    owner = await company.hires("Hạnh", Role.OWNER)
    await owner.says("/start")
    await owner.says("Công ty mình tên là Mộc An")
    owner.sees("tên công ty là Mộc An.", "Đổi tên", "2/3")
    await owner.says(habit)
    owner.sees("3/3", advice)
    await owner.says(said)
    owner.sees("Đã xong phần thiết lập cho Mộc An")
    assert (await decided(company)).trade is trade


async def test_an_answer_that_is_not_understood_is_asked_again_with_the_buttons(company: Company) -> None:
    owner = await company.hires("Hạnh", Role.OWNER)
    await owner.says("/start")
    await owner.says("Mộc An")
    await owner.says("ờm")
    owner.sees("Em chưa hiểu ý anh/chị", "2/3", "File Excel")
    await owner.taps("File Excel")
    await owner.says("ờm")
    owner.sees("Em chưa hiểu ý anh/chị", "3/3", "Bán lẻ")
    await owner.says("Khách mới chị Lan 0912 345 678")
    owner.sees("Đã lưu khách mới")
    await owner.says("/start")
    await owner.says("khách mới anh Tú")
    owner.does_not_see("Em chưa hiểu ý")


async def test_the_name_that_was_kept_is_shown_and_can_be_changed_at_once(company: Company) -> None:
    owner = await company.hires("Hạnh", Role.OWNER)
    await owner.says("/start")
    await owner.says("Mộc Am")
    owner.sees("tên công ty là Mộc Am.")
    await owner.taps("Đổi tên")
    owner.sees("1/3", "Giữ “Mộc Am”")
    await owner.says("Mộc An")
    owner.sees("tên công ty là Mộc An.", "2/3")
    assert (await decided(company)).name == "Mộc An"
