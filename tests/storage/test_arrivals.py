"""Who delivers something is answered soon: they wait neither for the turns in line nor for each other, and each key is kept once."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot.domain.people import Role
from bot.storage.engine import WRITERS_ON_POSTGRESQL
from bot.storage.store import SqlStore
from bot.storage.tables import identities

NOW = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
MANY = WRITERS_ON_POSTGRESQL + 5


async def test_who_delivers_waits_for_the_turn_under_way_and_not_for_those_in_line(store: SqlStore) -> None:
    begun, first_ends, all_end = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def turn(ends: asyncio.Event) -> None:
        async with store.begin() as uow:
            await uow.members.everyone()
            begun.set()
            await ends.wait()
            await uow.commit()

    turns = [asyncio.create_task(turn(first_ends))]
    await asyncio.wait_for(begun.wait(), 5)
    turns += [asyncio.create_task(turn(all_end)) for _ in range(MANY)]
    await asyncio.sleep(0.05)  # they stand in line
    kept = asyncio.create_task(store.arrivals.keep("zalo", "1", "lan", "{}", NOW))
    first_ends.set()
    assert await asyncio.wait_for(kept, 3)
    all_end.set()
    await asyncio.gather(*turns)


async def test_those_who_come_together_are_each_told_whether_theirs_is_new(store: SqlStore) -> None:
    keys = [str(number % 20) for number in range(60)]
    told = await asyncio.gather(*(store.arrivals.keep("zalo", key, f"person {key}", key, NOW) for key in keys))
    assert sorted(key for key, is_new in zip(keys, told, strict=True) if is_new) == sorted(set(keys))
    claimed = await store.arrivals.claim("zalo", NOW, 100, NOW + timedelta(minutes=1))
    assert sorted(arrival.body for arrival in claimed) == sorted(set(keys))


async def test_who_hangs_up_meanwhile_is_in_nobodys_way(store: SqlStore) -> None:
    impatient = asyncio.create_task(store.arrivals.keep("zalo", "1", "lan", "{}", NOW))
    patient = asyncio.create_task(store.arrivals.keep("zalo", "2", "hoa", "{}", NOW))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await asyncio.wait_for(patient, 5)
    assert await asyncio.wait_for(store.arrivals.keep("zalo", "3", "mai", "{}", NOW), 5)


async def test_turns_that_give_up_in_line_leave_it_to_those_behind_them(store: SqlStore) -> None:
    ends = asyncio.Event()

    async def turn() -> None:
        async with store.begin() as uow:
            await uow.members.add("Lan", Role.REP, "vi", "Asia/Ho_Chi_Minh", NOW)
            await ends.wait()
            await uow.commit()

    turns = [asyncio.create_task(turn()) for _ in range(8)]
    await asyncio.sleep(0.05)
    for task in turns[1:6]:
        task.cancel()
    ends.set()
    await asyncio.wait_for(asyncio.gather(*turns, return_exceptions=True), 10)
    async with store.read() as uow:
        assert len(await uow.members.everyone()) == 3


async def test_an_act_is_noted_as_soon_as_it_is_claimed_and_moves_nothing_back(store: SqlStore) -> None:
    async with store.begin() as uow:
        member = await uow.members.add("Lan", Role.REP, "vi", "Asia/Ho_Chi_Minh", NOW)
        await uow.members.link(member.id, "zalo", "lan", "lan")
        await uow.commit()

    async def interacted_at(moment: datetime) -> datetime | None:
        key = moment.isoformat()
        await store.arrivals.keep("zalo", key, "lan", "{}", NOW, interacted_at=moment)
        claimed = await store.arrivals.claim("zalo", NOW, 1, NOW + timedelta(minutes=1))
        await store.arrivals.done([arrival.id for arrival in claimed])
        async with store._engines.reading() as sql:
            found: datetime | None = await sql.scalar(select(identities.c.interacted_at))
        return found

    assert await interacted_at(NOW) == NOW
    assert await interacted_at(NOW - timedelta(hours=1)) == NOW
    assert await interacted_at(NOW + timedelta(hours=1)) == NOW + timedelta(hours=1)
