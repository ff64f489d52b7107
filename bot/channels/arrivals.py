"""Works off what a channel has answered for: one person's arrivals in order, those of different persons beside each other."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.clock import Clock
from bot.domain.mailroom import Arrival, Arrivals
from bot.domain.repositories import StorageUnavailable

log = logging.getLogger(__name__)

TURNS_AT_ONCE = (
    4  # each one more is in the way of whoever delivers, and gets no more done: they wait for the database or for us
)
LEASE = timedelta(seconds=60)
POLL = 0.5  # seconds; what other instances left behind, and what is tried again
ATTEMPTS = 5  # of an arrival that fails for a reason of our own
FIRST_PAUSE = 0.5  # seconds, then twice as long each time
LONGEST_PAUSE = 10.0


class NotYet(Exception):
    """What the arrival is about has not been stored yet: it is worked off a little later, and nobody need hear of it."""


class Worker:
    """Works off a channel's arrivals, woken by whoever keeps one. `work` gets each at least once, and a second time where a process
    died over it: it must be one whose repetition does nothing.

    While nothing can be stored (StorageUnavailable), `work` is tried for ever; what fails for a reason of our own is given up
    after a few times: it must not hold up its person for ever.
    """

    def __init__(
        self, arrivals: Arrivals, clock: Clock, channel: str, work: Callable[[Arrival], Awaitable[None]]
    ) -> None:
        self._arrivals = arrivals
        self._clock = clock
        self._channel = channel
        self._work = work
        self._woken = asyncio.Event()
        self._stopping = asyncio.Event()
        self._in_hand: dict[int, asyncio.Task[None]] = {}
        self._done: list[int] = []  # and not noted yet

    def wake(self) -> None:
        """Something has arrived."""
        self._woken.set()

    async def run(self) -> None:
        """Work off what arrives, until `stop`."""
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                found = await self._begin_more()
            except StorageUnavailable:
                log.warning("what arrived on %s cannot be read, trying again", self._channel)
                await self._pause(POLL)
                continue
            except Exception:
                # Whatever it is: a channel that nobody works off any more would go unnoticed.
                log.exception("what arrived on %s cannot be worked off, trying again", self._channel)
                await self._pause(LONGEST_PAUSE)
                continue
            if not found:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), POLL)

    def stop(self) -> None:
        """Begin no more; what is in hand goes on to its end."""
        self._stopping.set()
        self._woken.set()

    async def finish(self, within: float) -> None:
        """Wait, at most `within` seconds, for what is in hand. What is not done by then is done after the lease, by any instance."""
        tasks = list(self._in_hand.values())
        if tasks:
            _, unfinished = await asyncio.wait(tasks, timeout=within)
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)
        if self._done:
            try:
                await self._arrivals.done(self._done)
            except StorageUnavailable:
                log.warning("what was worked off on %s cannot be noted: it will be looked at again", self._channel)

    async def _begin_more(self) -> bool:
        """Note what is done, and take in hand what there is room for; whether there may be more."""
        now, room, done = self._clock.now(), TURNS_AT_ONCE - len(self._in_hand), self._done[:]
        if not (room or done):
            return False
        claimed = await self._arrivals.claim(self._channel, now, room, now + LEASE, done)
        del self._done[: len(done)]
        for arrival in claimed:
            if arrival.id not in self._in_hand:  # else it is taking longer than its lease, which is longer by now
                task = self._in_hand[arrival.id] = asyncio.create_task(self._work_off(arrival))
                task.add_done_callback(lambda _, arrival=arrival: self._put_down(arrival))  # type: ignore[misc]
        return bool(claimed)

    def _put_down(self, arrival: Arrival) -> None:
        del self._in_hand[arrival.id]
        self._woken.set()  # the next of the same person

    async def _work_off(self, arrival: Arrival) -> None:
        try:
            await self._surely(lambda: self._work(arrival))
        except NotYet:
            is_over = False
        except Exception:
            log.exception("arrival %s on %s failed, attempt %s", arrival.id, self._channel, arrival.attempts)
            is_over = arrival.attempts >= ATTEMPTS
        else:
            is_over = True
        if is_over:
            self._done.append(arrival.id)
        else:
            await self._again(arrival)

    async def _again(self, arrival: Arrival) -> None:
        at = self._clock.now() + timedelta(seconds=FIRST_PAUSE * 2 ** (arrival.attempts - 1))
        await self._surely(lambda: self._arrivals.again(arrival.id, at))

    async def _surely(self, what: Callable[[], Awaitable[None]]) -> None:
        """Do it again and again while nothing can be stored; an ending process leaves it to the next one."""
        pause = 0.2
        while True:
            try:
                return await what()
            except StorageUnavailable:
                log.warning("nothing can be stored, an arrival on %s waits", self._channel)
                if self._stopping.is_set():
                    raise asyncio.CancelledError from None
            await self._pause(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
