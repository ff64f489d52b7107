"""Who saw, changed and took what, as storage must offer it: only ever added to."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.audit import AuditEntry, Viewer, What
from bot.domain.people import Member


class Audit(Protocol):
    """The audit. What a unit of work saves as an action, or takes back, it notes by itself, and whom it fetched it remembers."""

    async def note(
        self,
        actor: Member,
        what: What,
        *,
        now: datetime,
        about_member: int | None = None,
        customer: int | None = None,
        **details: str | int | Sequence[str],
    ) -> None:
        """Write down with the commit that the actor did it. Details are numbers and names of fields, never a person's data."""
        ...

    def noted(self) -> Sequence[object]:
        """What this unit of work would write down with the commit, for one that can: reading ones cannot."""
        ...

    def note_again(self, noted: Sequence[object]) -> None:
        """Write down with the commit what another unit of work has noted."""
        ...

    def seen_by(self, actor: Member) -> frozenset[int]:
        """The customers that this unit of work has fetched for the actor."""
        ...

    async def note_seen(self, actor: Member, customers: Collection[int], now: datetime) -> None:
        """Write down with the commit that the actor saw these customers: once a day each."""
        ...

    async def page(
        self, reader: Member, limit: int, offset: int = 0, *, member: int | None = None, customer: int | None = None
    ) -> tuple[Sequence[AuditEntry], int]:
        """What was done by those whom the reader leads (and only that of `member`, or about `customer`), newest first, and how much
        there is. Raises NotFound where the reader does not manage, or the customer is not theirs to see."""
        ...

    async def viewers(self, reader: Member, customer: int) -> Sequence[Viewer]:
        """Who has seen a customer, the latest first. Raises NotFound as `page`."""
        ...
