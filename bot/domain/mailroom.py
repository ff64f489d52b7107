"""The boxes through which messages come in and go out; `bot/storage/` keeps them.

What was taken in is never taken in twice; what is to be sent is written with the change that causes it, and sent after the commit.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.domain.delivery import Delivery, DeliveryState, NewDelivery


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person can be written to."""

    channel: str
    chat_id: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A message that stands in somebody's chat: `payload` is the reply as `Reply.to_record` wrote it down. `at` (UTC) is when it was
    sent, or at the earliest."""

    delivery_id: int
    payload: Mapping[str, Any]
    message_ref: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a channel handed over, as it came: `body` is its text, `person` whose arrivals are worked off one after the other."""

    id: int
    channel: str
    person: str
    body: str
    arrived_at: datetime
    attempts: int = 0


class Arrivals(Protocol):
    """What came in and is answered for before it is worked off, each call a short transaction of its own."""

    async def keep(
        self, channel: str, key: str, person: str, body: str, now: datetime, *, interacted_at: datetime | None = None
    ) -> bool:
        """Keep an arrival under a key that is unique in its channel; False where it came before. `interacted_at` (UTC) where it is an
        act of the person's that opens their window: that is noted when it is claimed."""
        ...

    async def claim(
        self, channel: str, now: datetime, limit: int, lease_until: datetime, done: Collection[int] = ()
    ) -> Sequence[Arrival]:
        """What is to be worked off, who waits longest first, ours until the lease ends: of each person the oldest alone. Those in
        `done` are worked off, noted before the next are looked for."""
        ...

    async def done(self, arrival_ids: Collection[int]) -> None:
        """They are worked off: their texts are forgotten, their keys remembered."""
        ...

    async def again(self, arrival_id: int, at: datetime) -> None:
        """It could not be worked off; try again at this moment."""
        ...

    async def prune(self, before: datetime) -> None:
        """Forget those worked off that came before this moment."""
        ...


class Inbox(Protocol):
    """What has been taken in."""

    async def take(self, channel: str, update_id: str, now: datetime) -> bool:
        """Record this update; False when it was taken before."""
        ...


class Outbox(Protocol):
    """What is to be sent, inside a unit of work; the dispatcher empties it."""

    async def queue(self, delivery: NewDelivery) -> bool:
        """Queue a delivery; False when its key was queued before."""
        ...

    async def answer(self, deliveries: Sequence[NewDelivery], lease_until: datetime) -> Sequence[Delivery]:
        """Queue answers that this process sends itself right after the commit: already `sending`, leased until then."""
        ...

    async def cancel(self, key_prefix: str) -> int:
        """Cancel what still waits under keys that start so; returns how many."""
        ...

    async def hold(self, delivery: NewDelivery, why: str) -> bool:
        """Keep what cannot be sent, as if the channel had refused it; False when its key was queued before."""
        ...

    async def first_held(self, address: Address) -> int | None:
        """The first message of those that a member was too silent for; None where there is none."""
        ...

    async def release(self, address: Address, now: datetime, *, but_not: Collection[str]) -> None:
        """They have written: what was kept for them is sent, but for these kinds, which are dropped."""
        ...

    async def supersede(self, delivery_id: int) -> None:
        """What failed goes another way: it is not looked at any more."""
        ...

    async def never_again(self, member_ids: Collection[int]) -> None:
        """What did not reach these members is not sent again: they may not have all of it any more."""
        ...

    async def withdraw(self, followup_ids: Collection[int]) -> Mapping[int, datetime]:
        """Cancel the pushes of these follow-ups (keys `followup:<id>:…`) that still wait, so that they can be queued anew for somebody
        else; when each was to come (UTC). What is being sent is let go."""
        ...

    async def cancel_to(self, address: Address) -> int:
        """Cancel what still waits for this chat; returns how many. What is being sent is let go."""
        ...


class Ledger(Protocol):
    """The outbox as the dispatcher works it, each call a short transaction of its own."""

    async def claim(self, now: datetime, limit: int, owner: str, lease_until: datetime) -> Sequence[Delivery]:
        """Due rows, and rows whose lease ran out, now claimed by `owner`: oldest due first. A row found in `sending` past its
        lease comes back for members and becomes `unknown` for customers; a row past `expires_at` becomes `expired`."""
        ...

    async def put_off(self, now: datetime, until: datetime) -> None:
        """What is due by now and no customer asked for waits until that moment (UTC)."""
        ...

    async def sending(self, delivery: Delivery, owner: str, now: datetime, lease_until: datetime) -> bool:
        """Commit that it is about to be sent; False (do not send) when `owner` lost it."""
        ...

    async def sent(self, deliveries: Sequence[tuple[int, str]], now: datetime) -> None:
        """These (id, message_ref) arrived."""
        ...

    async def settle(
        self, delivery: Delivery, state: DeliveryState, error: str, due_at: datetime | None, *, chat_id: str = ""
    ) -> None:
        """It did not arrive: its new state, why, and when it is tried again; `chat_id` where the chat has moved."""
        ...

    async def block(self, address: Address, now: datetime) -> None:
        """This person cannot be written to any more."""
        ...

    async def shown(self, address: Address, *, delivery_id: int = 0, message_ref: str = "") -> Shown | None:
        """A message of ours in this chat: that of the id, that of the reference, or else the newest that something typed may answer:
        it offers choices, asks for words, or holds a person's."""
        ...

    async def arrived(
        self, channels: Collection[str], message_refs: Collection[str], at: datetime, *, seen: bool
    ) -> bool:
        """These messages reached the person's phone, or were seen, at this moment (UTC); False where none of them is known, or not
        yet."""
        ...

    async def payload(self, channel: str, delivery_id: int) -> Mapping[str, Any] | None:
        """What a message on this channel says, as `Reply.to_record` wrote it down; None where it is not kept (any more)."""
        ...

    async def next_due(self) -> datetime | None:
        """When the next row falls due or the next lease runs out."""
        ...
