"""What became of messages, as storage must offer it to who leads the people they went to."""

from datetime import datetime
from typing import Protocol

from bot.domain.deliveries import DeliveryLedger, Undelivered
from bot.domain.people import Member


class Deliveries(Protocol):
    """The outbox, as owners and managers read it; a manager in a team reads of the team alone."""

    async def ledger(self, reader: Member, since: datetime, limit: int, offset: int = 0) -> DeliveryLedger:
        """What was due at or after `since` (UTC), problems newest first. Raises NotFound where the reader does not manage."""
        ...

    async def send_again(self, reader: Member, delivery_id: int, now: datetime) -> Undelivered:
        """A failed or unknown one is due again, once: what it was. Raises NotFound as `ledger`, or where it is not theirs to see, or
        DomainError("not_sent_again") where it has been sent, is on its way, or its person cannot be written to."""
        ...
