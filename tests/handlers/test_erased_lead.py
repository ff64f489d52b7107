"""Who came as a lead, shared their number and is erased leaves nothing of it in what was sent about them."""

from sqlalchemy import select

from bot.domain.people import Role
from bot.storage import tables
from bot.storage.store import SqlStore
from tests.chat import Company


async def test_a_lead_s_number_is_in_no_row_once_they_are_erased(company: Company) -> None:
    owner = await company.hires("Bảo", Role.OWNER)
    thu = company.meets("Thu")
    await thu.says("Alo shop")
    await thu.shares_contact("Thu Nguyễn", "0912345678", own=True)
    await company.delivers_pushes()
    owner.sees("đã gửi số 0912 345 678")
    assert "912345678" in await _rows(company)
    async with company.store.read() as uow:
        customer = await uow.contacts.customer("telegram", thu.user_id)
    assert customer is not None
    await owner.taps_old("x:1", f"privacy.erase:{customer.id}")
    await owner.says(customer.code)
    assert "912345678" not in await _rows(company)


async def _rows(company: Company) -> str:
    assert isinstance(company.store, SqlStore)
    found = []
    async with company.store._engines.reading() as sql:
        for table in tables.metadata.sorted_tables:
            found += [f"{table.name}: {row}" for row in await sql.rows(select(table))]
    return "\n".join(found).replace(" ", "")
