"""Who has how many customers, and all of them going to somebody else, as storage must offer it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from bot.domain.customers import Customer
from bot.domain.handovers import Handover, Holding
from bot.domain.mailroom import Address
from bot.domain.people import Member


class Handovers(Protocol):
    """Hand-overs and what members have in hand."""

    async def holdings(self, actor: Member) -> Sequence[Holding]:
        """What each member whom the actor leads has in hand, most customers first; who has left only while they have customers.
        Overdue ones are not counted here."""
        ...

    async def holding(self, actor: Member, member_id: int, today: date) -> Holding:
        """What one of them has in hand. Raises NotFound when the actor does not lead them."""
        ...

    async def loads(self, stages: Collection[str]) -> Mapping[int, int]:
        """How many customers at one of these steps each member has; who has none is not in it."""
        ...

    async def start(
        self, by: Member, giver: Holding, receiver: Member, at: Address, ref: str, now: datetime
    ) -> Handover:
        """Begin a hand-over whose message is `ref`; the one that this message began before, where there is one. Raises
        DomainError("handover_running") while another one would get into its way."""
        ...

    async def get(self, handover_id: int) -> Handover:
        """A hand-over: counts and who it concerns, no customer. Raises NotFound."""
        ...

    async def under_way(self) -> Handover | None:
        """An unfinished hand-over, locked until the commit; another instance takes another one."""
        ...

    async def move_some(self, handover: Handover, most: int, entry: str, now: datetime) -> Handover:
        """Give at most `most` customers with all that is open about them to the receiver, `entry` on each timeline."""
        ...

    async def is_empty(self, handover: Handover) -> bool:
        """Whether the giver has no customer and no open follow-up any more."""
        ...

    async def finish(self, handover: Handover, now: datetime) -> Handover:
        """It is done."""
        ...

    async def customers(
        self, actor: Member, handover_id: int, limit: int, offset: int = 0
    ) -> tuple[Sequence[Customer], int]:
        """A page of those that went over, as far as the actor may see them, and how many these are."""
        ...
