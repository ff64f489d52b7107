"""What customers wrote and who is to answer, as storage must offer it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.mailroom import Address
from bot.domain.relays import Relay, Returned, Talk


class Relays(Protocol):
    """Words of customers that wait for an answer. One waits at most for each customer."""

    async def wait(self, customer_id: int, member_id: int, wrote_at: datetime, remind_at: datetime) -> Relay:
        """A customer wrote; what waits already goes on waiting as it does."""
        ...

    async def answered(self, customer_id: int, now: datetime) -> bool:
        """Whatever waits of this customer's is answered; whether something did."""
        ...

    async def waits_since(self, customer_id: int) -> datetime | None:
        """Since when this customer's last unanswered words wait."""
        ...

    async def last_answer(self, customer_id: int) -> datetime | None:
        """When this customer was last answered."""
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[Relay]:
        """Those whose `remind_at` has come, locked until the commit."""
        ...

    async def remind_next(self, relay: Relay, remind_at: datetime | None) -> None:
        """When somebody is told next that it waits; None: nobody any more."""
        ...

    async def talked_about(self, address: Address, message_ref: str) -> Talk | None:
        """The customer whose words, or whose talk with us, the message with this reference at this address shows."""
        ...

    async def returned(self, now: datetime, limit: int) -> Sequence[Returned]:
        """Answers of the last days that did not arrive, or perhaps not, of which nobody has been told: a message under the key
        `undelivered:<delivery>` tells of one."""
        ...
