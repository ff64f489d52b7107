"""Order among what happens at once: one thing at a time for each person, and no more of one person than others can bear."""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum


@dataclass(slots=True)
class _Lane:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


class Lanes:
    """A queue for each key, first come first served; different keys do not wait for each other."""

    def __init__(self) -> None:
        self._lanes: dict[Hashable, _Lane] = {}

    @asynccontextmanager
    async def turn(self, key: Hashable) -> AsyncIterator[None]:
        """Wait for one's turn in the lane of `key`, and hold it."""
        lane = self._lanes.setdefault(key, _Lane())
        lane.waiting += 1
        try:
            async with lane.lock:
                yield
        finally:
            lane.waiting -= 1
            if not lane.waiting:
                del self._lanes[key]

    def waiting(self, key: Hashable) -> int:
        """How many are in the lane of `key`, the one whose turn it is included."""
        return lane.waiting if (lane := self._lanes.get(key)) else 0


class Admission(Enum):
    """What becomes of one more message of a person."""

    COME_IN = "come_in"
    TELL = "tell"  # turned away, and to be told so
    TURN_AWAY = "turn_away"


@dataclass(slots=True)
class _Flood:
    allowance: float
    at: float
    told: bool = False


class FloodGate:
    """Turns away who floods, so that others are still served, without ever holding up a person who is merely quick.

    Messages cost nothing until `PILE` of the same person wait at once, as only a flood or a long absence brings about. From
    there each costs a token of an allowance; once it is used up, the person is told and gets in at the refill rate
    until the allowance is whole again. Forwarding a hundred messages at once, the most that Telegram lets one do, fits in.
    """

    PILE = 40
    ALLOWANCE = 60.0
    PER_SECOND = 5.0

    def __init__(self) -> None:
        self._floods: dict[Hashable, _Flood] = {}

    def admit(self, key: Hashable, waiting: int, at: float) -> Admission:
        """Whether one more message may come in while `waiting` of the same person wait; `at` is monotonic seconds."""
        flood = self._floods.get(key)
        if flood is None:
            if waiting < self.PILE:
                return Admission.COME_IN
            flood = self._floods[key] = _Flood(self.ALLOWANCE, at)
        flood.allowance = min(self.ALLOWANCE, flood.allowance + (at - flood.at) * self.PER_SECOND)
        flood.at = at
        if waiting < self.PILE and (flood.allowance == self.ALLOWANCE or not flood.told):
            if flood.allowance == self.ALLOWANCE:
                del self._floods[key]
            return Admission.COME_IN
        if flood.allowance >= 1:
            flood.allowance -= 1
            return Admission.COME_IN
        told, flood.told = flood.told, True
        return Admission.TURN_AWAY if told else Admission.TELL
