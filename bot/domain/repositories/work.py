"""What is promised, what was sold, and taking it back, as storage must offer it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.domain.customers import Customer
from bot.domain.followups import FollowUp, NewFollowUp
from bot.domain.people import Member
from bot.domain.sales import NewSale, Purchases, Sale


class FollowUps(Protocol):
    """What is promised."""

    async def add(self, followup: NewFollowUp, now: datetime, *, push_at: datetime | None = None) -> FollowUp:
        """Write down a follow-up; `push_at` (UTC) as in `FollowUp`."""
        ...

    async def get(self, actor: Member, followup_id: int) -> FollowUp:
        """One follow-up about a customer whom the actor may see. Raises NotFound."""
        ...

    async def update(self, followup: FollowUp, **changes: object) -> FollowUp:
        """The follow-up with fields changed."""
        ...

    async def of_customer(self, actor: Member, customer_id: int, *, only_open: bool = True) -> Sequence[FollowUp]:
        """Those of one customer, next due first."""
        ...

    async def of_sale(self, actor: Member, sale_id: int) -> Sequence[FollowUp]:
        """All steps that a sale started, in the order planned."""
        ...

    async def due(self, member: Member, until: date, since: date | None = None) -> Sequence[tuple[FollowUp, Customer]]:
        """Open follow-ups of the member due from `since` (None: however long overdue) to `until`, both included; by date, then
        clock time."""
        ...

    async def any_done(self, member: Member, since: datetime) -> bool:
        """Whether a follow-up of the member has been done at or after `since` (UTC)."""
        ...

    async def pushes_due(self, now: datetime, limit: int) -> Sequence[FollowUp]:
        """Open follow-ups whose `push_at` has come, locked until the commit, by member and time."""
        ...

    async def next_push(self) -> datetime | None:
        """The earliest `push_at` of an open follow-up or `next_digest_at` of a member, or since when a hand-over is under way."""
        ...


class Sales(Protocol):
    """What was sold."""

    async def add(self, sale: NewSale) -> Sale:
        """Write down a sale."""
        ...

    async def get(self, actor: Member, sale_id: int) -> Sale:
        """One sale. Raises NotFound."""
        ...

    async def update(self, sale: Sale, **changes: object) -> Sale:
        """The sale with fields changed."""
        ...

    async def purchases(self, customer_ids: Collection[int]) -> Mapping[int, Purchases]:
        """What each of these customers bought so far."""
        ...


@dataclass(frozen=True, slots=True)
class Action:
    """Something saved that can be taken back; `customer_id` is whom it was about."""

    id: int
    member_id: int
    customer_id: int | None
    saved_at: datetime
    undone_at: datetime | None


class Actions(Protocol):
    """The journal of what can be taken back. The unit of work itself notes every row that it adds or changes."""

    async def record(self, actor: Member, customer_id: int | None, now: datetime) -> Action:
        """Write what this unit of work has added and changed since it began, or since the last record, as one action."""
        ...

    async def extend(self, action: Action) -> None:
        """What this unit of work has added and changed since it began, or since the last record, belongs to an earlier action and
        is taken back with it."""
        ...

    async def last(self, actor: Member, since: datetime) -> Action | None:
        """The actor's latest action after `since` that still stands."""
        ...

    async def get(self, actor: Member, action_id: int) -> Action:
        """One of the actor's own actions. Raises NotFound."""
        ...

    async def revert(self, actor: Member, action: Action, now: datetime) -> None:
        """Take it back: added rows go, changed fields return, pushes that wait are cancelled. Raises DomainError("undo_too_late")
        when later entries build on it, NotFound when a customer in it is not the actor's to see any more; then it changes nothing."""
        ...
