"""What is due comes when it is due, once, in order."""

from datetime import date, timedelta

from bot.domain.followups import FollowUp, FollowUpState, NewFollowUp, Outcome
from bot.domain.people import Member, Role
from bot.storage.store import SqlStore, create_store
from tests.storage.team import HOUR, NOW, customer, member

TODAY = date(2026, 11, 21)
DAY = timedelta(days=1)


async def _plan(store: SqlStore, rep: Member, *followups: NewFollowUp) -> list[FollowUp]:
    async with store.begin() as uow:
        planned = [await uow.followups.add(followup, NOW, push_at=followup.due_at) for followup in followups]
        await uow.commit()
    return planned


async def test_what_is_due_comes_by_date_then_by_clock_time_with_its_customer(store: SqlStore) -> None:
    rep = await member(store)
    lan = await customer(store, rep, "Lan", "+84912345678", "+84912345679")
    afternoon, morning, some_time, overdue, next_week = await _plan(
        store,
        rep,
        NewFollowUp(lan.id, rep.id, "chiều", TODAY, NOW + 5 * HOUR),
        NewFollowUp(lan.id, rep.id, "sáng", TODAY, NOW + HOUR),
        NewFollowUp(lan.id, rep.id, "lúc nào cũng được", TODAY),
        NewFollowUp(lan.id, rep.id, "trễ", TODAY - 30 * DAY),
        NewFollowUp(lan.id, rep.id, "tuần sau", TODAY + 7 * DAY),
    )
    async with store.read() as uow:
        assert await uow.followups.due(rep, TODAY) == [(f, lan) for f in (overdue, morning, afternoon, some_time)]
        assert await uow.followups.due(rep, TODAY + 7 * DAY, since=TODAY + DAY) == [(next_week, lan)]
        assert await uow.followups.of_customer(rep, lan.id) == [overdue, morning, afternoon, some_time, next_week]


async def test_what_is_done_is_not_due_any_more(store: SqlStore) -> None:
    rep = await member(store)
    lan = await customer(store, rep, "Lan")
    (call,) = await _plan(store, rep, NewFollowUp(lan.id, rep.id, "gọi", TODAY, NOW))
    async with store.begin() as uow:
        done = await uow.followups.update(call, state=FollowUpState.DONE, done_at=NOW, outcome=Outcome.NO_ANSWER)
        await uow.commit()
    async with store.read() as uow:
        assert await uow.followups.get(rep, call.id) == done
        assert await uow.followups.due(rep, TODAY) == []
        assert await uow.followups.pushes_due(NOW + DAY, 10) == []
        assert await uow.followups.next_push() is None
        assert await uow.followups.of_customer(rep, lan.id) == []
        assert await uow.followups.of_customer(rep, lan.id, only_open=False) == [done]


async def test_whether_a_member_has_done_anything_since_a_moment(store: SqlStore) -> None:
    rep, other = await member(store), await member(store, "Minh")
    lan = await customer(store, rep, "Lan")
    call, dropped = await _plan(store, rep, *(NewFollowUp(lan.id, rep.id, text, TODAY) for text in ("gọi", "gửi")))
    async with store.begin() as uow:
        await uow.followups.update(dropped, state=FollowUpState.DROPPED, done_at=NOW)
        assert not await uow.followups.any_done(rep, NOW - DAY)
        await uow.followups.update(call, state=FollowUpState.DONE, done_at=NOW)
        assert await uow.followups.any_done(rep, NOW)
        assert not await uow.followups.any_done(rep, NOW + HOUR)
        assert not await uow.followups.any_done(other, NOW)


async def test_pushes_come_at_their_time_by_member_and_time(store: SqlStore) -> None:
    ha, mai = await member(store, "Hà"), await member(store, "Mai")
    lan, hoa = await customer(store, ha, "Lan"), await customer(store, mai, "Hoa")
    of_mai, of_ha, earlier, later = await _plan(
        store,
        ha,
        NewFollowUp(hoa.id, mai.id, "1", TODAY, NOW),
        NewFollowUp(lan.id, ha.id, "2", TODAY, NOW),
        NewFollowUp(lan.id, ha.id, "3", TODAY, NOW - HOUR),
        NewFollowUp(lan.id, ha.id, "4", TODAY, NOW + HOUR),
    )
    async with store.read() as uow:
        assert await uow.followups.pushes_due(NOW, 10) == [earlier, of_ha, of_mai]
        assert await uow.followups.pushes_due(NOW, 1) == [earlier]
        assert await uow.followups.next_push() == NOW - HOUR
        assert later not in await uow.followups.pushes_due(NOW + HOUR - timedelta(microseconds=1), 10)


async def test_two_instances_never_take_the_same_push_or_digest(store: SqlStore, database_url: str) -> None:
    rep = await member(store)
    lan = await customer(store, rep, "Lan")
    await _plan(store, rep, *(NewFollowUp(lan.id, rep.id, str(n), TODAY, NOW) for n in range(20)))
    other = create_store(database_url)
    taken: list[int] = []
    digests: list[int] = []
    async with store.begin() as uow:
        await uow.members.update(rep, next_digest_at=NOW)
        await uow.commit()
    for _ in range(4):
        for instance in (store, other):
            async with instance.begin() as uow:
                for push in await uow.followups.pushes_due(NOW, 3):
                    await uow.followups.update(push, push_at=None)
                    taken.append(push.id)
                for due in await uow.members.digests_due(NOW, 3):
                    await uow.members.update(due, next_digest_at=NOW + DAY)
                    digests.append(due.id)
                await uow.commit()
    await other.close()
    assert len(taken) == len(set(taken)) == 20
    assert digests == [rep.id]


async def test_the_next_push_is_the_earlier_of_followups_and_digests_of_who_is_still_here(store: SqlStore) -> None:
    rep, boss = await member(store), await member(store, "Minh", Role.OWNER)
    lan = await customer(store, rep, "Lan")
    await _plan(store, rep, NewFollowUp(lan.id, rep.id, "gọi", TODAY, NOW + 2 * HOUR))
    async with store.begin() as uow:
        assert await uow.followups.next_push() == NOW + 2 * HOUR
        rep = await uow.members.update(rep, next_digest_at=NOW + HOUR)
        assert await uow.followups.next_push() == NOW + HOUR
        assert await uow.members.digests_due(NOW, 10) == []
        assert await uow.members.digests_due(NOW + HOUR, 10) == [rep]
        await uow.members.update(rep, active=False)  # what they promised waits for whoever gets their customers
        assert await uow.followups.next_push() is None
        assert await uow.members.digests_due(NOW + HOUR, 10) == []
        assert await uow.members.everyone() == [boss]
