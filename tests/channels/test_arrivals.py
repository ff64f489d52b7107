"""What is stored is worked off: each person's in order, several persons' at once, again while it fails, and by whoever is there."""

import asyncio
import logging
import shutil
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.channels.arrivals import ATTEMPTS, TURNS_AT_ONCE, NotYet, Worker
from bot.clock import WoundClock
from bot.domain.mailroom import Arrival
from bot.domain.repositories import StorageUnavailable
from bot.storage.store import SqlStore, create_store

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
Work = Callable[[Arrival], Awaitable[None]]


@pytest.fixture
def clock() -> WoundClock:
    return WoundClock(NOON)


class Bench:
    """Remembers what was worked off, by person, and can be waited for."""

    def __init__(self) -> None:
        self.done: defaultdict[str, list[str]] = defaultdict(list)
        self.at_once = 0
        self.most_at_once = 0
        self._changed = asyncio.Event()

    async def work(self, arrival: Arrival) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0.001)
        self.at_once -= 1
        self.note(arrival)

    def note(self, arrival: Arrival) -> None:
        self.done[arrival.person].append(arrival.body)
        self._changed.set()

    async def until(self, condition: Callable[[], bool], within: float = 10) -> None:
        async with asyncio.timeout(within):
            while not condition():
                self._changed.clear()
                await self._changed.wait()


@asynccontextmanager
async def running(*workers: Worker) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(worker.run()) for worker in workers]
    try:
        yield
    finally:
        for worker in workers:
            worker.stop()
        await asyncio.gather(*tasks)
        for worker in workers:
            await worker.finish(5)


@asynccontextmanager
async def in_a_hurry(clock: WoundClock) -> AsyncIterator[None]:
    """Time passes fast, a second every hundredth."""

    async def hurry() -> None:
        while True:
            clock.wind(timedelta(seconds=1))
            await asyncio.sleep(0.01)

    task = asyncio.create_task(hurry())
    try:
        yield
    finally:
        task.cancel()


async def keep(store: SqlStore, clock: WoundClock, *said: tuple[str, str]) -> None:
    for person, body in said:
        assert await store.arrivals.keep("zalo", f"{person}:{body}", person, body, clock.now())


async def left(store: SqlStore, clock: WoundClock) -> list[str]:
    """What is still to be worked off, of each person the oldest."""
    much_later = clock.now() + timedelta(days=1)
    return [arrival.body for arrival in await store.arrivals.claim("zalo", much_later, 100, much_later)]


async def test_an_arrival_is_kept_once_for_its_key(store: SqlStore, clock: WoundClock) -> None:
    keep_one = store.arrivals.keep
    assert await keep_one("zalo", "k", "lan", "một", clock.now())
    assert not await keep_one("zalo", "k", "lan", "một", clock.now())
    assert await keep_one("zalo_bot", "k", "lan", "một", clock.now())
    (arrival,) = await store.arrivals.claim("zalo", clock.now(), 10, clock.now() + LEASE)
    await store.arrivals.done([arrival.id])
    assert not await keep_one("zalo", "k", "lan", "một", clock.now())
    assert await left(store, clock) == []


async def test_what_is_worked_off_is_forgotten_but_for_its_key_and_at_last_altogether(
    store: SqlStore, clock: WoundClock
) -> None:
    await keep(store, clock, ("lan", "một"), ("lan", "hai"))
    (first,) = await store.arrivals.claim("zalo", clock.now(), 10, clock.now() + LEASE)
    await store.arrivals.done([first.id])
    await store.arrivals.prune(clock.now() + LEASE)
    assert await store.arrivals.keep("zalo", "lan:một", "lan", "một", clock.now())
    assert not await store.arrivals.keep("zalo", "lan:hai", "lan", "hai", clock.now())


async def test_of_each_person_the_oldest_alone_is_claimed_and_leased(store: SqlStore, clock: WoundClock) -> None:
    await keep(store, clock, ("lan", "1"), ("lan", "2"), ("hoa", "3"), ("mai", "4"))

    async def claim(most: int = 10) -> list[tuple[str, int]]:
        claimed = await store.arrivals.claim("zalo", clock.now(), most, clock.now() + LEASE)
        return [(arrival.body, arrival.attempts) for arrival in claimed]

    assert await claim(2) == [("1", 1), ("3", 1)]
    assert await claim() == [("4", 1)]
    assert await claim() == []
    clock.wind(LEASE + timedelta(seconds=1))
    assert await claim() == [("1", 2), ("3", 2), ("4", 2)]


async def test_one_persons_are_taken_in_order_and_several_persons_beside_each_other(
    store: SqlStore, clock: WoundClock
) -> None:
    bench = Bench()
    words = [str(number) for number in range(10)]
    people = [f"person {number}" for number in range(12)]
    await keep(store, clock, *((person, word) for word in words for person in people))
    async with running(Worker(store.arrivals, clock, "zalo", bench.work)):
        await bench.until(lambda: sum(map(len, bench.done.values())) == 120, within=30)
    assert bench.done == dict.fromkeys(people, words)
    assert 2 <= bench.most_at_once <= TURNS_AT_ONCE
    assert await left(store, clock) == []


async def test_several_instances_take_each_once(store: SqlStore, database_url: str, clock: WoundClock) -> None:
    bench, other = Bench(), create_store(database_url)
    words = [str(number) for number in range(20)]
    await keep(store, clock, *((person, word) for word in words for person in ("lan", "hoa", "mai")))
    workers = [Worker(one.arrivals, clock, "zalo", bench.work) for one in (store, other, store)]
    async with running(*workers):
        await bench.until(lambda: sum(map(len, bench.done.values())) == 60, within=30)
    await other.close()
    assert bench.done == dict.fromkeys(("lan", "hoa", "mai"), words)


async def test_whoever_keeps_one_wakes_the_worker(store: SqlStore, clock: WoundClock) -> None:
    bench = Bench()
    worker = Worker(store.arrivals, clock, "zalo", bench.work)
    async with running(worker):
        for number in range(5):
            await keep(store, clock, ("lan", str(number)))
            worker.wake()
            await bench.until(lambda number=number: len(bench.done["lan"]) > number, within=5)  # type: ignore[misc]


async def test_a_failure_of_our_own_is_tried_a_few_times_and_does_not_hold_up_its_person_for_ever(
    store: SqlStore, clock: WoundClock, caplog: pytest.LogCaptureFixture
) -> None:
    bench, tried = Bench(), list[datetime]()

    async def work(arrival: Arrival) -> None:
        if arrival.body == "hỏng":
            tried.append(clock.now())
            raise RuntimeError("a defect of ours")
        bench.note(arrival)

    await keep(store, clock, ("lan", "hỏng"), ("lan", "sau"), ("hoa", "khác"))
    async with in_a_hurry(clock), running(Worker(store.arrivals, clock, "zalo", work)):
        await bench.until(lambda: bench.done["lan"] == ["sau"], within=20)
    assert len(tried) == ATTEMPTS
    assert bench.done["hoa"] == ["khác"]
    assert sum(record.exc_info is not None for record in caplog.records) == ATTEMPTS
    assert "hỏng" not in caplog.text


async def test_pauses_between_attempts_grow(store: SqlStore, clock: WoundClock) -> None:
    await keep(store, clock, ("lan", "hỏng"))
    failed = asyncio.Event()

    async def work(arrival: Arrival) -> None:
        failed.set()
        raise RuntimeError("a defect of ours")

    pauses = []
    for _ in range(2):
        failed.clear()
        async with running(Worker(store.arrivals, clock, "zalo", work)):
            await asyncio.wait_for(failed.wait(), 5)
        for tenths in range(1, 100):
            later = clock.now() + timedelta(seconds=tenths / 10)
            if claimed := await store.arrivals.claim("zalo", later, 1, later):
                pauses.append(tenths)
                await store.arrivals.again(claimed[0].id, clock.now())
                break
    assert len(pauses) == 2
    assert pauses[0] < pauses[1]


async def test_what_has_not_come_yet_is_looked_for_quietly(
    store: SqlStore, clock: WoundClock, caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench()

    async def work(arrival: Arrival) -> None:
        if arrival.attempts == 1:
            raise NotYet
        bench.note(arrival)

    await keep(store, clock, ("lan", "một"))
    async with in_a_hurry(clock), running(Worker(store.arrivals, clock, "zalo", work)):
        await bench.until(lambda: bench.done["lan"] == ["một"])
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_while_nothing_can_be_stored_it_goes_on_trying(store: SqlStore, clock: WoundClock) -> None:
    bench, tries = Bench(), 0

    async def work(arrival: Arrival) -> None:
        nonlocal tries
        tries += 1
        if tries <= 3:
            raise StorageUnavailable("full")
        bench.note(arrival)

    await keep(store, clock, ("lan", "một"), ("lan", "hai"))
    async with running(Worker(store.arrivals, clock, "zalo", work)):
        await bench.until(lambda: bench.done["lan"] == ["một", "hai"])
    assert tries == 5
    assert await left(store, clock) == []


async def test_a_database_that_comes_late_is_waited_for(
    clock: WoundClock, tmp_path: Path, sqlite_template: Path
) -> None:
    in_the_way = tmp_path / "test.db"
    in_the_way.mkdir()
    store, bench = create_store(f"sqlite+aiosqlite:///{in_the_way}"), Bench()
    async with running(Worker(store.arrivals, clock, "zalo", bench.work)):
        await asyncio.sleep(0.01)  # it has looked in vain
        in_the_way.rmdir()
        shutil.copyfile(sqlite_template, in_the_way)
        await keep(store, clock, ("lan", "một"))
        await bench.until(lambda: bench.done["lan"] == ["một"])
    await store.close()


async def test_an_ending_process_finishes_what_it_has_in_hand(store: SqlStore, clock: WoundClock) -> None:
    bench, begun, let_go = Bench(), asyncio.Event(), asyncio.Event()

    async def work(arrival: Arrival) -> None:
        begun.set()
        await let_go.wait()
        bench.note(arrival)

    await keep(store, clock, ("lan", "một"), ("lan", "hai"))
    worker = Worker(store.arrivals, clock, "zalo", work)
    task = asyncio.create_task(worker.run())
    await asyncio.wait_for(begun.wait(), 5)
    worker.stop()
    await task
    let_go.set()
    await worker.finish(5)
    assert bench.done["lan"] == ["một"]
    assert await left(store, clock) == ["hai"]


async def test_what_does_not_end_in_time_is_left_to_its_lease(store: SqlStore, clock: WoundClock) -> None:
    begun = asyncio.Event()

    async def work(arrival: Arrival) -> None:
        begun.set()
        await asyncio.Event().wait()

    await keep(store, clock, ("lan", "một"))
    worker = Worker(store.arrivals, clock, "zalo", work)
    task = asyncio.create_task(worker.run())
    await asyncio.wait_for(begun.wait(), 5)
    worker.stop()
    await task
    await worker.finish(0.01)
    assert not await store.arrivals.claim("zalo", clock.now(), 10, clock.now() + LEASE)
    clock.wind(LEASE)
    bench = Bench()
    async with running(Worker(store.arrivals, clock, "zalo", bench.work)):
        await bench.until(lambda: bench.done["lan"] == ["một"])


async def test_who_takes_longer_than_the_lease_is_not_overtaken_in_the_same_process(
    store: SqlStore, clock: WoundClock
) -> None:
    bench, begun, let_go, times = Bench(), asyncio.Event(), asyncio.Event(), 0

    async def work(arrival: Arrival) -> None:
        nonlocal times
        if arrival.person == "lan":
            times += 1
            begun.set()
            await let_go.wait()
        bench.note(arrival)

    await keep(store, clock, ("lan", "một"))
    worker = Worker(store.arrivals, clock, "zalo", work)
    async with running(worker):
        await asyncio.wait_for(begun.wait(), 5)
        clock.wind(LEASE + timedelta(seconds=1))
        await keep(store, clock, ("hoa", "hai"))
        worker.wake()
        await bench.until(lambda: bench.done["hoa"] == ["hai"])
        let_go.set()
        await bench.until(lambda: bench.done["lan"] == ["một"])
    assert times == 1
