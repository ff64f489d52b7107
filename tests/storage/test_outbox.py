"""The outbox: nothing queued is lost, nothing goes to a customer twice, whatever dies (RELIABILITY rules 3-5, R4)."""

import asyncio
import random
from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.domain.customers import NewCustomer
from bot.domain.delivery import LEASE, Audience, Delivery, DeliveryState, NewDelivery
from bot.domain.mailroom import Address
from bot.storage.engine import Engines
from bot.storage.store import SqlStore, create_store
from bot.storage.tables import outbox
from tests.storage.team import HOUR, NOW, member

SECOND = timedelta(seconds=1)
Row = tuple[str, DeliveryState, str]


def _delivery(key: str, due_at: datetime = NOW, audience: Audience = Audience.MEMBER, **more: object) -> NewDelivery:
    return NewDelivery(key, "telegram", "70", audience, "push", {"text": key}, due_at, **more)  # type: ignore[arg-type]


async def _queue(store: SqlStore, *deliveries: NewDelivery) -> None:
    async with store.begin() as uow:
        for delivery in deliveries:
            assert await uow.outbox.queue(delivery)
        await uow.commit()


async def _claim(store: SqlStore, now: datetime = NOW, owner: str = "w1", limit: int = 100) -> list[Delivery]:
    return list(await store.ledger.claim(now, limit, owner, now + LEASE))


async def _rows(url: str) -> dict[str, DeliveryState]:
    engines = Engines(url)
    async with engines.reading() as sql:
        rows = await sql.rows(select(outbox.c.dedupe_key, outbox.c.state))
    await engines.close()
    return {row.dedupe_key: row.state for row in rows}


async def test_a_key_is_queued_once(store: SqlStore) -> None:
    await _queue(store, _delivery("followup:41:2026-11-24"))
    async with store.begin() as uow:
        assert not await uow.outbox.queue(_delivery("followup:41:2026-11-24"))
        assert await uow.outbox.queue(_delivery("followup:41:2026-11-25"))


async def test_the_number_of_a_message_is_never_anothers(store: SqlStore) -> None:
    """It is told outside: Zalo names it with an answer, the address of a picture holds it, costs are counted by it."""
    await _queue(store, _delivery("a"))
    (first,) = await _claim(store)
    await store.ledger.sent([(first.id, "m")], NOW)
    await store.ledger.prune(NOW + HOUR)
    await _queue(store, _delivery("b"))
    (second,) = await _claim(store)
    assert second.id > first.id


async def test_what_is_rolled_back_is_never_sent(store: SqlStore) -> None:
    async with store.begin() as uow:
        await uow.outbox.queue(_delivery("a"))
    assert await _claim(store) == []


async def test_what_is_due_is_claimed_oldest_first_and_by_one_only(store: SqlStore) -> None:
    await _queue(
        store,
        _delivery("b", NOW - SECOND),
        _delivery("c", NOW),
        _delivery("a", NOW - HOUR),
        _delivery("d", NOW + SECOND),
    )
    first = await _claim(store, limit=2)
    assert [(d.payload["text"], d.state, d.attempts) for d in first] == [
        ("a", DeliveryState.CLAIMED, 0),
        ("b", DeliveryState.CLAIMED, 0),
    ]
    assert [d.payload["text"] for d in await _claim(store, owner="w2")] == ["c"]
    assert await _claim(store, owner="w3") == []
    assert await store.ledger.next_due() == NOW + SECOND


async def test_instances_that_claim_at_once_share_the_rows_out(store: SqlStore, database_url: str) -> None:
    await _queue(store, *(_delivery(f"row:{number}") for number in range(200)))
    instances = [create_store(database_url) for _ in range(4)]
    claims = await asyncio.gather(
        *(_claim(instance, owner=f"w{n}", limit=20) for n, instance in enumerate(instances * 2))
    )
    for instance in instances:
        await instance.close()
    assert [len(claim) for claim in claims] == [20] * 8
    assert len({delivery.id for claim in claims for delivery in claim}) == 160


async def test_only_who_holds_the_lease_may_send(store: SqlStore) -> None:
    await _queue(store, _delivery("a"))
    (delivery,) = await _claim(store)
    assert not await store.ledger.sending(delivery, "w2", NOW, NOW + LEASE)
    late = NOW + LEASE
    assert not await store.ledger.sending(delivery, "w1", late, late + LEASE)
    (again,) = await _claim(store, late, "w2")
    assert not await store.ledger.sending(delivery, "w1", late, late + LEASE)
    assert await store.ledger.sending(again, "w2", late, late + LEASE)
    assert not await store.ledger.sending(again, "w2", late, late + LEASE)
    await store.ledger.sent([(again.id, "m1")], late)
    assert await store.ledger.next_due() is None


async def test_a_sender_that_died_is_repeated_for_members_and_listed_for_customers(
    store: SqlStore, database_url: str
) -> None:
    await _queue(store, _delivery("member"), _delivery("customer", audience=Audience.CUSTOMER))
    for delivery in await _claim(store):
        assert await store.ledger.sending(delivery, "w1", NOW, NOW + LEASE)
    (repeated,) = await _claim(store, NOW + LEASE, "w2")
    assert (repeated.payload["text"], repeated.attempts) == ("member", 1)
    assert (await _rows(database_url))["customer"] is DeliveryState.UNKNOWN


async def test_what_came_too_late_expires_but_what_may_have_arrived_is_unknown(
    store: SqlStore, database_url: str
) -> None:
    expires_at = NOW + timedelta(minutes=5)
    await _queue(store, _delivery("never claimed", NOW + 2 * HOUR, expires_at=NOW + HOUR))
    await _queue(store, *(_delivery(key, expires_at=expires_at) for key in ("claimed", "sending")))
    claimed, sending = await _claim(store)
    assert await store.ledger.sending(sending, "w1", NOW, NOW + LEASE)
    assert claimed.payload["text"] == "claimed"
    assert await _claim(store, NOW + 2 * HOUR) == []
    assert await _rows(database_url) == {
        "never claimed": DeliveryState.EXPIRED,
        "claimed": DeliveryState.EXPIRED,
        "sending": DeliveryState.UNKNOWN,
    }
    assert await store.ledger.next_due() is None


async def test_answers_are_being_sent_from_the_start_and_taken_over_when_their_sender_dies(store: SqlStore) -> None:
    async with store.begin() as uow:
        answers = await uow.outbox.answer([_delivery("r:1:0"), _delivery("r:1:1")], NOW + LEASE)
        await uow.commit()
    assert [(a.state, a.attempts, a.payload["text"]) for a in answers] == [
        (DeliveryState.SENDING, 1, "r:1:0"),
        (DeliveryState.SENDING, 1, "r:1:1"),
    ]
    assert await _claim(store) == []
    await store.ledger.sent([(answers[0].id, "m1")], NOW)
    (taken_over,) = await _claim(store, NOW + LEASE, "w2")
    assert (taken_over.id, taken_over.attempts) == (answers[1].id, 1)


async def test_what_failed_is_tried_again_when_it_is_said_to(store: SqlStore, database_url: str) -> None:
    await _queue(store, _delivery("again"), _delivery("never"))
    again, never = await _claim(store)
    for delivery in (again, never):
        assert await store.ledger.sending(delivery, "w1", NOW, NOW + LEASE)
    await store.ledger.settle(again, DeliveryState.DUE, "429", NOW + HOUR)
    await store.ledger.settle(never, DeliveryState.FAILED, "400", None)
    assert await store.ledger.next_due() == NOW + HOUR
    (retried,) = await _claim(store, NOW + HOUR)
    assert (retried.id, retried.attempts, retried.last_error) == (again.id, 1, "429")
    assert (await _rows(database_url))["never"] is DeliveryState.FAILED


async def test_who_lost_a_row_does_not_decide_about_it(store: SqlStore, database_url: str) -> None:
    await _queue(store, _delivery("a"))
    (mine,) = await _claim(store)
    assert await store.ledger.sending(mine, "w1", NOW, NOW + LEASE)
    late = NOW + LEASE
    (theirs,) = await _claim(store, late, "w2")
    assert await store.ledger.sending(theirs, "w2", late, late + LEASE)
    await store.ledger.settle(mine, DeliveryState.DUE, "timeout", late)
    assert await _claim(store, late, "w3") == []
    await store.ledger.sent([(theirs.id, "m2")], late)
    await store.ledger.settle(mine, DeliveryState.FAILED, "timeout", None)
    assert await _rows(database_url) == {"a": DeliveryState.SENT}


async def test_what_waits_can_be_cancelled_by_its_prefix_and_what_is_claimed_is_then_not_sent(store: SqlStore) -> None:
    await _queue(store, *(_delivery(key) for key in ("followup:4:a", "followup:4:b", "followup:41:a", "followup:4")))
    claimed = await _claim(store, limit=1)
    async with store.begin() as uow:
        assert await uow.outbox.cancel("followup:4:") == 2
        await uow.commit()
    assert not await store.ledger.sending(claimed[0], "w1", NOW, NOW + LEASE)
    assert {d.payload["text"] for d in await _claim(store)} == {"followup:41:a", "followup:4"}


async def test_a_chat_that_moved_takes_all_that_waits_with_it(store: SqlStore) -> None:
    rep = await member(store)
    async with store.begin() as uow:
        await uow.members.link(rep.id, "telegram", "7", "70")
        await uow.commit()
    await _queue(store, _delivery("a"), _delivery("b", NOW + HOUR))
    (delivery,) = await _claim(store)
    assert await store.ledger.sending(delivery, "w1", NOW, NOW + LEASE)
    await store.ledger.settle(delivery, DeliveryState.DUE, "moved", NOW, chat_id="-100")
    assert {d.chat_id for d in await _claim(store, NOW + HOUR)} == {"-100"}
    async with store.read() as uow:
        assert await uow.members.address(rep.id) == Address("telegram", "-100")


async def test_who_blocked_us_gets_nothing_more(store: SqlStore, database_url: str) -> None:
    await _queue(store, _delivery("a"), _delivery("b", NOW + HOUR))
    await store.ledger.block(Address("telegram", "70"), NOW)
    assert await _claim(store, NOW + HOUR) == []
    assert set((await _rows(database_url)).values()) == {DeliveryState.FAILED}


async def test_pruning_forgets_what_arrived_and_keeps_what_somebody_must_read(
    store: SqlStore, database_url: str
) -> None:
    await _queue(store, *(_delivery(key) for key in ("sent", "failed", "unknown", "waits")))
    async with store.begin() as uow:
        await uow.inbox.take("telegram", "1", NOW)
        await uow.inbox.take("telegram", "2", NOW + HOUR)
        await uow.commit()
    sent, failed, unknown, _ = await _claim(store)
    await store.ledger.sent([(sent.id, "m")], NOW)
    await store.ledger.settle(failed, DeliveryState.FAILED, "400", None)
    await store.ledger.settle(unknown, DeliveryState.UNKNOWN, "502", None)
    assert await store.ledger.prune(NOW) == 0
    assert await store.ledger.prune(NOW + SECOND) == 2
    assert set(await _rows(database_url)) == {"failed", "unknown", "waits"}
    async with store.begin() as uow:
        assert not await uow.inbox.take("telegram", "2", NOW)


async def test_the_latest_moment_is_that_of_what_was_taken_in_saved_or_sent_last(store: SqlStore) -> None:
    assert await store.ledger.latest_moment() is None
    await _queue(store, _delivery("sent", NOW + HOUR), _delivery("waits", NOW + 9 * HOUR))
    assert await store.ledger.latest_moment() is None  # nothing has happened yet
    async with store.begin() as uow:
        await uow.inbox.take("telegram", "1", NOW)
        await uow.commit()
    assert await store.ledger.latest_moment() == NOW
    [sent] = await _claim(store, NOW + HOUR)
    await store.ledger.sent([(sent.id, "m")], NOW + HOUR)
    assert await store.ledger.latest_moment() == NOW + HOUR
    rep = await member(store)
    async with store.begin() as uow:
        await uow.customers.add(rep, NewCustomer("Hoa"), NOW)
        await uow.actions.record(rep, None, NOW + 2 * HOUR)
        await uow.commit()
    assert await store.ledger.latest_moment() == NOW + 2 * HOUR


class _Killed(Exception):
    """This worker dies here."""


async def test_three_workers_that_keep_dying_lose_nothing_and_repeat_nothing_to_customers(
    store: SqlStore, database_url: str
) -> None:
    """300 rows, three workers on instances of their own, each dying at random between any two steps; time is the test's."""
    chance = random.Random(7)
    audiences = {f"row:{n}": Audience.CUSTOMER if n % 2 else Audience.MEMBER for n in range(300)}
    await _queue(store, *(_delivery(key, audience=audience) for key, audience in audiences.items()))
    arrived: Counter[str] = Counter()
    kills = 0
    clock = NOW

    def may_die() -> None:
        nonlocal kills
        if chance.random() < 0.04:
            kills += 1
            raise _Killed

    async def worker(instance: SqlStore, name: str, now: datetime) -> None:
        for delivery in await instance.ledger.claim(now, 10, name, now + LEASE):
            may_die()
            if not await instance.ledger.sending(delivery, name, now, now + LEASE):
                continue
            may_die()
            arrived[str(delivery.payload["text"])] += 1
            may_die()
            await instance.ledger.sent([(delivery.id, "m")], now)

    instances = [store, create_store(database_url), create_store(database_url)]
    lives = 0
    while await store.ledger.next_due() is not None:
        lives += 1
        turns = (worker(instance, f"w{number}.{lives}", clock) for number, instance in enumerate(instances))
        outcomes = await asyncio.gather(*turns, return_exceptions=True)
        assert all(outcome is None or isinstance(outcome, _Killed) for outcome in outcomes), outcomes
        clock += LEASE
    for instance in instances[1:]:
        await instance.close()

    states = await _rows(database_url)
    unknown = {key for key, state in states.items() if state is DeliveryState.UNKNOWN}
    assert kills > 20
    assert {state for key, state in states.items() if key not in unknown} == {DeliveryState.SENT}
    assert set(audiences) - set(arrived) <= unknown, "lost without a word"
    assert all(arrived[key] <= 1 for key, audience in audiences.items() if audience is Audience.CUSTOMER)
    assert sum(times - 1 for times in arrived.values()) <= kills
    assert all(audiences[key] is Audience.CUSTOMER for key in unknown)
