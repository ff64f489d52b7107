"""Ticking goes on whatever the clock does, and a moved clock is noticed at once."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, tzinfo

import apscheduler.schedulers.base
import pytest

from bot import clock as clock_module
from bot.clock import WoundClock
from bot.scheduler import Scheduler


class Ticks:
    """Counts, and lets a test wait for the next."""

    def __init__(self) -> None:
        self.count = 0
        self.fails = False
        self._next = asyncio.Event()

    async def tick(self) -> None:
        self.count += 1
        self._next.set()
        self._next = asyncio.Event()
        if self.fails:
            raise RuntimeError("a defect of ours")

    async def next(self) -> None:
        """Wait for it; an hour's tick would come too late."""
        await asyncio.wait_for(self._next.wait(), 60)


async def nothing() -> None:
    """No housekeeping."""


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
async def clock() -> WoundClock:
    return WoundClock()


@pytest.fixture
async def scheduler(ticks: Ticks, clock: WoundClock) -> AsyncIterator[Scheduler]:
    scheduler = Scheduler(clock, ticks.tick, nothing, every=0.1)
    yield scheduler
    await scheduler.stop()


async def test_it_ticks_from_the_start_and_on(scheduler: Scheduler, ticks: Ticks) -> None:
    scheduler.start()
    for _ in range(3):
        await ticks.next()


async def test_a_tick_that_fails_is_logged_and_followed_by_the_next(
    scheduler: Scheduler, ticks: Ticks, caplog: pytest.LogCaptureFixture
) -> None:
    ticks.fails = True
    scheduler.start()
    for _ in range(3):
        await ticks.next()
    assert {record.message for record in caplog.records} == {"tick failed"}


@pytest.mark.parametrize("by", [timedelta(hours=1), timedelta(days=1), timedelta(hours=-1), timedelta(days=-1)])
async def test_a_moved_clock_brings_a_tick_at_once(ticks: Ticks, clock: WoundClock, by: timedelta) -> None:
    rare = Scheduler(clock, ticks.tick, nothing, every=3600)
    rare.start()
    await ticks.next()
    clock.wind(by)
    await ticks.next()
    await rare.stop()


@pytest.mark.parametrize("by", [timedelta(hours=-1), timedelta(days=-1), timedelta(days=1)])
async def test_the_machines_own_clock_may_jump_without_stalling_the_ticks(
    ticks: Ticks, monkeypatch: pytest.MonkeyPatch, by: timedelta
) -> None:
    """APScheduler's own clock and ours are shifted together under the running scheduler, as a wrong time server would."""
    shift = timedelta()

    def now(tz: tzinfo | None = None) -> datetime:
        return datetime.fromtimestamp(time.clock_gettime(time.CLOCK_REALTIME), tz) + shift

    shifted = type("Shifted", (datetime,), {"now": staticmethod(now)})
    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", shifted)
    monkeypatch.setattr(clock_module, "datetime", shifted)
    scheduler = Scheduler(clock_module.SystemClock(), ticks.tick, nothing, every=0.1)
    scheduler.start()
    for _ in range(2):
        await ticks.next()
    shift = by
    for _ in range(5):
        await ticks.next()
    await scheduler.stop()


async def test_ticks_never_overlap(clock: WoundClock) -> None:
    running, most, count = 0, 0, 0
    enough = asyncio.Event()

    async def slow() -> None:
        nonlocal running, most, count
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.25)
        running -= 1
        count += 1
        if count == 3:
            enough.set()

    scheduler = Scheduler(clock, slow, nothing, every=0.05)
    scheduler.start()
    await asyncio.wait_for(enough.wait(), 60)
    await scheduler.stop()
    assert most == 1
