"""The webhook's deliveries: signed, in no promised order, repeated when they fail, and given up at last."""

import asyncio
import hashlib
import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import aiohttp

ANSWER_WITHIN = 2.0
REPEATED_AFTER = (
    timedelta(seconds=30),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
    timedelta(hours=1),
)
# ZALO: assumed, an answer that is slower than ANSWER_WITHIN counts as none and is repeated
REMEMBERED = 20_000
# ZALO: assumed [L], how many events may be on their way at once; the two seconds begin when one is sent
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to hand over an event: the bytes and headers that went out, and the HTTP status that came back, 0 for none. `due` is
    when a failed one is tried again (UTC), by the stand-in's clock."""

    event: Mapping[str, Any]
    raw: bytes
    headers: Mapping[str, str]
    attempt: int = 0
    status: int = 0
    due: datetime | None = None


class ZaloWebhook:
    """The account's one address. With `spaced` the JSON has spaces; `disabled` is set when an event was given up."""

    def __init__(self, now: Callable[[], datetime], app_id: str, oa_secret: str, url: str = "") -> None:
        self._now = now
        self._app_id = app_id
        self._oa_secret = oa_secret
        self.url = url
        self.spaced = False
        self.disabled = False
        self.sent: deque[Delivery] = deque(maxlen=REMEMBERED)
        self.waiting: list[Delivery] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._timers: set[asyncio.TimerHandle] = set()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._session: aiohttp.ClientSession | None = None

    @property
    def events(self) -> list[Mapping[str, Any]]:
        """What has been told, repeats not counted, oldest first."""
        return [delivery.event for delivery in self.sent if delivery.attempt == 0]

    def tell(self, event: Mapping[str, Any], *, phone_event: bool = False) -> None:
        """Send an event on its way, if there is an address; `phone_event` of a template that went to a number."""
        if not self.url or self.disabled:
            return
        raw = self.written(event)
        headers = {"Content-Type": "application/json", "X-ZEvent-Signature": self.signature(event, raw)}
        if phone_event:
            headers["X-ZEvent-Server"] = "ZNS"
        self._start(Delivery(event, raw, headers))

    def written(self, event: Mapping[str, Any], *, spaced: bool = False) -> bytes:
        """The event as bytes: compact, or with spaces where wished here or for all."""
        separators = (", ", ": ") if spaced or self.spaced else (",", ":")
        return json.dumps(event, ensure_ascii=False, separators=separators).encode()

    def signature(self, event: Mapping[str, Any], raw: bytes) -> str:
        """`mac=` and the plain SHA-256 over app id, body, timestamp and OA secret."""
        return "mac=" + mac(self._app_id, raw, str(event.get("timestamp", "")), self._oa_secret)

    async def settled(self) -> None:
        """Wait until nothing is on its way; what failed waits for its time in `waiting`."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    def repeat_due(self) -> None:
        """Try again what is due by the stand-in's clock."""
        self._repeat([delivery for delivery in self.waiting if delivery.due and delivery.due <= self._now()])

    def repeat_all(self) -> None:
        """Try again everything that failed, without waiting for its time."""
        self._repeat(list(self.waiting))

    def enable(self, url: str = "") -> None:
        """What the operator does in Zalo's console after it was disabled; what was given up stays lost."""
        self.url = url or self.url
        self.disabled = False

    async def post(self, raw: bytes, headers: Mapping[str, str]) -> int:
        """Post any bytes to the address; the HTTP status, 0 without an answer in time."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_WITHIN))
        try:
            async with self._session.post(self.url, data=raw, headers=dict(headers)) as response:
                await response.read()
                return response.status
        except (aiohttp.ClientError, TimeoutError):
            return 0

    async def close(self) -> None:
        """Stop delivering."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        tasks, self._tasks = self._tasks, set()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _start(self, delivery: Delivery) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, delivery: Delivery) -> None:
        headers = dict(delivery.headers)
        if delivery.attempt:
            headers["num_retry"] = str(delivery.attempt)
        async with self._slots:
            status = await self.post(delivery.raw, headers)
        tried = replace(delivery, status=status)
        self.sent.append(tried)
        if status == 200:
            return
        if delivery.attempt == len(REPEATED_AFTER):
            self.disabled = True
            self.waiting.clear()
            return
        pause = REPEATED_AFTER[delivery.attempt]
        self.waiting.append(replace(tried, attempt=delivery.attempt + 1, due=self._now() + pause))
        self._timers.add(asyncio.get_running_loop().call_later(pause.total_seconds() + 0.1, self.repeat_due))

    def _repeat(self, deliveries: list[Delivery]) -> None:
        for delivery in deliveries:
            self.waiting.remove(delivery)
            self._start(delivery)


def mac(app_id: str, raw: bytes, timestamp: str, oa_secret: str) -> str:
    """The signature's hex digits."""
    return hashlib.sha256(app_id.encode() + raw + timestamp.encode() + oa_secret.encode()).hexdigest()
