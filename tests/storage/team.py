"""A small team to test with."""

from datetime import UTC, datetime, timedelta

from bot.domain.customers import Customer, NewCustomer
from bot.domain.people import Member, Role
from bot.storage.store import SqlStore

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def member(store: SqlStore, name: str = "Hà", role: Role = Role.REP) -> Member:
    """A member of the team."""
    async with store.begin() as uow:
        added = await uow.members.add(name, role, "vi", "Asia/Ho_Chi_Minh", NOW)
        await uow.commit()
    return added


async def customer(store: SqlStore, owner: Member, name: str, *phones: str, **more: str) -> Customer:
    """A customer of `owner`."""
    async with store.begin() as uow:
        added = await uow.customers.add(owner, NewCustomer(name, phones=phones, **more), NOW)  # type: ignore[arg-type]
        await uow.commit()
    return added
