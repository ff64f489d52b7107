"""Who they are on each channel, and where they are written to."""

from datetime import time

import pytest

from bot.domain.errors import NotFound
from bot.domain.mailroom import Address
from bot.domain.people import Role
from bot.storage.store import SqlStore
from tests.storage.team import NOW, member


async def test_a_person_of_two_channels_is_one_member_written_to_on_the_first(store: SqlStore) -> None:
    rep = await member(store)
    async with store.begin() as uow:
        assert await uow.members.address(rep.id) is None
        await uow.members.link(rep.id, "zalo", "z1", "z1")
        assert await uow.members.address(rep.id) == Address("zalo", "z1")
        await uow.members.link(rep.id, "telegram", "7", "70")
        assert await uow.members.address(rep.id) == Address("telegram", "70")
        assert await uow.members.by_identity("zalo", "z1") == rep
        assert await uow.members.by_identity("telegram", "7") == rep
        assert await uow.members.by_identity("telegram", "70") is None


async def test_who_blocked_us_is_not_written_to_until_they_write_again(store: SqlStore) -> None:
    rep = await member(store)
    async with store.begin() as uow:
        await uow.members.link(rep.id, "telegram", "7", "70")
        await uow.commit()
    await store.ledger.block(Address("telegram", "70"), NOW)
    async with store.begin() as uow:
        assert await uow.members.address(rep.id) is None
        assert await uow.members.by_identity("telegram", "7") == rep
        assert await uow.members.address(rep.id) == Address("telegram", "70")


async def test_settings_and_hours_come_back_as_they_were_put(store: SqlStore) -> None:
    rep = await member(store)
    changes = {
        "name": "Nguyễn Thị Hà",
        "role": Role.MANAGER,
        "locale": "en",
        "timezone": "Europe/Paris",
        "digest_at": time(7, 30),
        "quiet_from": time(22, 15),
        "quiet_until": time(6, 45),
        "days_off": frozenset({0, 5, 6}),
        "next_digest_at": NOW,
        "last_customer_id": 5,
    }
    async with store.begin() as uow:
        changed = await uow.members.update(rep, **changes)
        await uow.commit()
    async with store.read() as uow:
        assert await uow.members.get(rep.id) == changed
        assert changed.days_off == frozenset({0, 5, 6})
        with pytest.raises(NotFound):
            await uow.members.get(rep.id + 1)


async def test_no_days_off_are_no_days_off(store: SqlStore) -> None:
    rep = await member(store)
    async with store.begin() as uow:
        await uow.members.update(rep, days_off=frozenset())
        assert (await uow.members.get(rep.id)).days_off == frozenset()
