"""A small team to test with."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from bot.domain.customers import Customer, NewCustomer
from bot.domain.people import Member, Role
from bot.storage.store import SqlStore
from bot.storage.tables import teams

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def member(store: SqlStore, name: str = "Hà", role: Role = Role.REP) -> Member:
    """A member of the team."""
    async with store.begin() as uow:
        added = await uow.members.add(name, role, "vi", "Asia/Ho_Chi_Minh", NOW)
        await uow.commit()
    return added


async def in_team(store: SqlStore, *people: Member) -> list[Member]:
    """These people in a team of their own."""
    async with store._engines.writing() as sql:
        team_id = await sql.scalar(insert(teams).values(name="Miền Bắc").returning(teams.c.id))
        await sql.commit()
    async with store.begin() as uow:
        placed = [await uow.members.update(person, team_id=team_id) for person in people]
        await uow.commit()
    return placed


async def customer(store: SqlStore, owner: Member, name: str, *phones: str, **more: str) -> Customer:
    """A customer of `owner`."""
    async with store.begin() as uow:
        added = await uow.customers.add(owner, NewCustomer(name, phones=phones, **more), NOW)  # type: ignore[arg-type]
        await uow.commit()
    return added
