"""Ticks. What is due lies in tables; APScheduler only says when to look (law 4)."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import Clock, SystemClock

log = logging.getLogger(__name__)

Job = Callable[[], Awaitable[None]]

WATCH_EVERY = 0.25  # seconds
DRIFT = 2.0  # seconds by which the clock may leave the monotonic one between two looks


class Scheduler:
    """Runs `tick` every few seconds and `housekeeping` once a day, whatever the clock does.

    An interval stalls when the clock steps back, so both are armed anew as soon as the clock and the monotonic clock part; that is
    also how a wound clock is noticed.
    """

    def __init__(self, clock: Clock, tick: Job, housekeeping: Job, *, every: float = 5.0) -> None:
        self._clock = clock
        self._jobs: dict[str, tuple[Job, float]] = {"tick": (tick, every), "housekeeping": (housekeeping, 86400.0)}
        self._ticking = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._watch: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[Any] | None] = set()

    def start(self) -> None:
        """Tick from now on."""
        for name, (job, every) in self._jobs.items():
            self._ticking.add_job(
                self._run,
                IntervalTrigger(seconds=every, timezone=UTC),
                [name, job],
                id=name,
                next_run_time=_machine_now(),
            )
        self._ticking.start()
        self._watch = asyncio.create_task(self._watch_clock())

    async def stop(self, within: float = 3.0) -> None:
        """Tick no more, and wait for a tick under way to end, at most `within` seconds."""
        self._ticking.pause()
        if self._running:
            await asyncio.wait([task for task in self._running if task], timeout=within)
        self._ticking.shutdown(wait=False)
        if self._watch:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)

    async def _watch_clock(self) -> None:
        apart = self._apart()
        while True:
            await asyncio.sleep(WATCH_EVERY)
            if abs((now := self._apart()) - apart) > DRIFT:
                log.info("the clock was moved by %.0f s: ticking at once", now - apart)
                self._arm()
            apart = now

    async def _run(self, name: str, job: Job) -> None:
        task = asyncio.current_task()
        self._running.add(task)
        try:
            await job()
        except Exception:
            # The next tick finds the same work again.
            log.exception("%s failed", name)
        finally:
            self._running.discard(task)

    def _apart(self) -> float:
        """How far the clock is from the monotonic one, in seconds: it stays the same until somebody moves the clock."""
        return self._clock.now().timestamp() - time.monotonic()

    def _arm(self) -> None:
        for name, (_, every) in self._jobs.items():
            self._ticking.reschedule_job(name, trigger=IntervalTrigger(seconds=every, timezone=UTC))
            self._ticking.modify_job(name, next_run_time=_machine_now())


def _machine_now() -> datetime:
    """APScheduler goes by the machine's clock, also where ours is wound."""
    return SystemClock().now()
