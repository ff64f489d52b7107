"""Empties the outbox at the channels' pace, and keeps the ledger of what became of each message (RELIABILITY rules 3-5)."""

import asyncio
import contextlib
import logging
import os
import secrets
import socket
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from markupsafe import Markup

from bot.clock import Clock
from bot.domain.delivery import LEASE, Audience, Delivery, DeliveryState, Trouble, Undeliverable, after_failure
from bot.domain.mailroom import Address
from bot.domain.repositories import StorageUnavailable, Store
from bot.lanes import Lanes
from bot.logs import named
from bot.messages import Reply
from bot.pace import PER_SECOND, Pace

log = logging.getLogger(__name__)

IN_HAND = min(
    200, int(LEASE.total_seconds() * PER_SECOND / 4)
)  # due messages claimed at once: sent well within their lease
POLL_EVERY = 0.5  # seconds
REPORT_EVERY = (
    0.02  # seconds between two reports of answers that arrived; what is not reported is sent again after a crash
)
PATIENCE = LEASE.total_seconds() / 2  # seconds after which an answer that still waits is left to its lease
SILENCE_AFTER_401 = 300.0
COMPLAIN_EVERY = 3600.0  # seconds


class Channel(Protocol):
    """What the dispatcher needs of a channel."""

    name: str

    async def send(self, delivery: Delivery) -> str:
        """Send; the reference of the message on the channel. Raises Undeliverable."""
        ...


class Dispatcher:
    """Sends answers at once, and what is due at the pace; to one chat always in order, and each message under a lease.

    What other instances or a crashed run left behind comes back through `Ledger.claim`. `on_blocked` hears of persons who cannot
    be written to any more, `on_trouble` of members who have been silent for too long and of channels that are not in order;
    `repeat_note` stands above what a member may be getting a second time; `quiet_until` tells until when customers are left alone, the
    moment itself where they are not: what was held up until then is not what wakes them.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        channels: Sequence[Channel],
        on_blocked: Callable[[Address], Awaitable[None]],
        repeat_note: Markup,
        on_trouble: Callable[[Address, Trouble], Awaitable[None]] | None = None,
        quiet_until: Callable[[datetime], datetime] | None = None,
    ) -> None:
        self._ledger = store.ledger
        self._clock = clock
        self._channels: Mapping[str, Channel] = {channel.name: channel for channel in channels}
        self._paces = {channel.name: Pace() for channel in channels}
        self._on_blocked = on_blocked
        self._repeat_note = repeat_note
        self._on_trouble = on_trouble
        self._quiet_until = quiet_until
        self._complained_at: dict[str, float] = {}
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._lanes = Lanes()
        # Whatever happens to the clock and the leases, this process does not send one of these a second time.
        self._in_hand: set[int] = set()
        self._answers: set[asyncio.Task[None]] = set()
        self._due: set[asyncio.Task[None]] = set()
        self._idle: dict[int, tuple[asyncio.Task[None], Delivery]] = {}  # due, and waiting for a slot
        self._arrived: list[tuple[int, str]] = []
        self._to_report = asyncio.Event()
        self._reporting = asyncio.Lock()
        self._wake = asyncio.Event()
        self._claiming = asyncio.Lock()
        self._stopping = asyncio.Event()

    # Taking in --------------------------------------------------------------------------------------------------------

    def answer(self, deliveries: Sequence[Delivery]) -> None:
        """Send committed answers now; they are in state `sending` already."""
        for delivery in deliveries:
            self._take(delivery, self._send_answer(delivery), self._answers)

    def wake(self) -> None:
        """Something was queued in this process: look at once."""
        self._wake.set()

    async def run(self) -> None:
        """Send what falls due until `stop`."""
        while not self._stopping.is_set():
            try:
                async with self._claiming:
                    found = not self._stopping.is_set() and await self._claim()
            except StorageUnavailable:
                log.warning("the outbox cannot be read, trying again")
                found = False
            if not found:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), POLL_EVERY)
            self._wake.clear()

    async def _claim(self) -> bool:
        """Take due rows in hand; whether there may be more."""
        room = IN_HAND - len(self._due)
        if room < IN_HAND // 2:
            return False
        now = self._clock.now()
        next_due = await self._ledger.next_due()
        if next_due is None or next_due > now:
            return False
        if self._quiet_until and (morning := self._quiet_until(now)) > now:
            await self._ledger.put_off(now, morning)
        rows = await self._ledger.claim(now, room, self._owner, now + LEASE)
        for delivery in rows:
            if delivery.channel not in self._channels:
                failure = Undeliverable(Trouble.NOT_IN_ORDER, "the channel is not in service")
                await self._settle(delivery, failure)
            elif delivery.id not in self._in_hand:
                self._idle[delivery.id] = (self._take(delivery, self._send_due(delivery), self._due), delivery)
        return bool(rows)

    def _take(
        self, delivery: Delivery, work: Coroutine[Any, Any, None], kind: set[asyncio.Task[None]]
    ) -> asyncio.Task[None]:
        self._in_hand.add(delivery.id)
        task = asyncio.create_task(work)
        kind.add(task)
        task.add_done_callback(kind.discard)
        return task

    # Sending ----------------------------------------------------------------------------------------------------------

    async def _send_answer(self, delivery: Delivery) -> None:
        taken = time.monotonic()
        async with self._lanes.turn((delivery.channel, delivery.chat_id)):
            await self._paces[delivery.channel].answer(delivery.chat_id)
            if time.monotonic() - taken > PATIENCE:
                # The lease may run out in the middle of the call, and another instance send it too.
                self._in_hand.discard(delivery.id)
                return
            ref = await self._call(delivery)
        if ref is None:
            self._in_hand.discard(delivery.id)
        else:
            self._arrived.append((delivery.id, ref))
            self._to_report.set()

    async def _send_due(self, delivery: Delivery) -> None:
        ref = None
        try:
            async with self._lanes.turn((delivery.channel, delivery.chat_id)):
                await self._paces[delivery.channel].slot(delivery.chat_id)
                del self._idle[delivery.id]
                now = self._clock.now()
                if not await self._ledger.sending(delivery, self._owner, now, now + LEASE):
                    return
                ref = await self._call(replace(self._worded(delivery), attempts=delivery.attempts + 1))
                if ref is not None:
                    # At once: what is not reported when the process dies is sent again.
                    await self._report([(delivery.id, ref)])
        except StorageUnavailable:
            log.warning("delivery %s waits: nothing can be stored", delivery.id)
        finally:
            if ref is None:
                self._in_hand.discard(delivery.id)

    async def _call(self, delivery: Delivery) -> str | None:
        """Send; the reference, or None when it did not arrive, which is settled then."""
        try:
            return await self._channels[delivery.channel].send(delivery)
        except Undeliverable as failure:
            await self._settle(delivery, failure)
        except Exception as error:
            log.exception("delivery %s cannot be sent", delivery.id)
            await self._settle(delivery, Undeliverable(Trouble.REFUSED, named(error)))
        return None

    def _worded(self, delivery: Delivery) -> Delivery:
        """The delivery; with a note on it where the person may have it already. An edit repeats nothing."""
        may_have_arrived = not delivery.last_error or delivery.last_error.startswith(Trouble.AMBIGUOUS)
        if not delivery.attempts or not may_have_arrived or delivery.replace_ref:
            return delivery
        reply = Reply.from_record(delivery.payload)
        repeat = replace(reply, text=Markup("\n\n").join([self._repeat_note, reply.text]))
        return replace(delivery, payload=repeat.to_record())

    async def _settle(self, delivery: Delivery, failure: Undeliverable) -> None:
        """Write down a failure, and do what it asks for beyond the one message."""
        match failure.trouble:
            case Trouble.SLOW_DOWN:
                self._paces[delivery.channel].brake(failure.retry_after)
            case Trouble.UNAUTHORIZED:
                self._paces[delivery.channel].brake(SILENCE_AFTER_401)
                log.critical("%s refuses our token: nothing is sent any more", delivery.channel)
            case Trouble.NOT_IN_ORDER:
                self._complain(delivery.channel, failure.detail)
        verdict = after_failure(failure, delivery.audience, delivery.attempts, self._clock.now())
        log.info("delivery %s did not arrive (%s): %s", delivery.id, failure.trouble, verdict.state)
        try:
            error = f"{failure.trouble}: {failure.detail}"
            await self._ledger.settle(delivery, verdict.state, error, verdict.due_at, chat_id=failure.moved_to)
            if failure.trouble is Trouble.FORBIDDEN:
                address = Address(delivery.channel, delivery.chat_id)
                await self._ledger.block(address, self._clock.now())
                await self._on_blocked(address)
            elif self._on_trouble and _is_told(failure.trouble, delivery):
                await self._on_trouble(Address(delivery.channel, delivery.chat_id), failure.trouble)
        except StorageUnavailable:
            log.warning("delivery %s: what became of it cannot be stored, its lease decides", delivery.id)

    def _complain(self, channel: str, detail: str) -> None:
        """Once in a while: whoever runs us has to look."""
        if time.monotonic() - self._complained_at.get(channel, -COMPLAIN_EVERY) >= COMPLAIN_EVERY:
            self._complained_at[channel] = time.monotonic()
            log.critical("%s is not in order, whoever runs us has to act: %s", channel, detail)

    # Reporting --------------------------------------------------------------------------------------------------------

    async def report_answers(self) -> None:
        """Report answers that arrived, many in one transaction, until cancelled."""
        while True:
            await self._to_report.wait()
            await self._report_arrived()
            await asyncio.sleep(REPORT_EVERY)

    async def _report_arrived(self) -> None:
        async with self._reporting:
            arrived, self._arrived = self._arrived, []
            self._to_report.clear()
            if arrived:
                await self._report(arrived)

    async def _report(self, arrived: list[tuple[int, str]]) -> None:
        try:
            await self._ledger.sent(arrived, self._clock.now())
        except StorageUnavailable:
            log.warning("%s deliveries arrived, which cannot be stored yet", len(arrived))
            self._arrived += arrived
            self._to_report.set()
        else:
            self._in_hand.difference_update(delivery_id for delivery_id, _ in arrived)

    # Ending -----------------------------------------------------------------------------------------------------------

    async def stop(self, within: float) -> None:
        """Claim no more, let answers and calls under way end, at most `within` seconds, and report them. What waited for its
        slot is given back; what is cut off is found again when its lease runs out."""
        self._stopping.set()
        self._wake.set()
        async with self._claiming:
            given_back = list(self._idle.values())
        for task, _ in given_back:
            task.cancel()
        if under_way := self._due | self._answers:
            _, late = await asyncio.wait(under_way, timeout=within)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._report_arrived()
        try:
            for _, delivery in given_back:
                await self._ledger.settle(delivery, DeliveryState.DUE, "", delivery.due_at)
        except StorageUnavailable:
            log.warning("what was not sent could not be given back: it is found again when its lease runs out")


def _is_told(trouble: Trouble, delivery: Delivery) -> bool:
    """Whether somebody hears of a failure beyond its own message; a customer's silence is their rep's, who hears of it anyhow."""
    silent = trouble is Trouble.WINDOW_CLOSED and delivery.audience is Audience.MEMBER
    return silent or trouble is Trouble.NOT_IN_ORDER
