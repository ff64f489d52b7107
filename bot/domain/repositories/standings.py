"""Where customers stand, as storage must offer it: the facts that the rules of `bot/domain/segments.py` go by."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from bot.domain.people import Member
from bot.domain.segments import CustomerFacts


class Standings(Protocol):
    """Facts of customers, always for an acting member."""

    async def facts(self, actor: Member, customer_id: int) -> CustomerFacts:
        """Those of one customer. Raises NotFound as `Customers.get`."""
        ...

    def all(self, actor: Member) -> AsyncIterator[Sequence[CustomerFacts]]:
        """Those of every customer whom the actor may see, by id, some thousands at a time; who goes through them lets others have
        a turn between two pages (`await asyncio.sleep(0)`)."""
        ...
