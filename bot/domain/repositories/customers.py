"""Customers and what happened with them, as storage must offer them; always for an acting member (law 9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.customers import Customer, NewCustomer
from bot.domain.people import Member
from bot.domain.timeline import Interaction, InteractionKind, StoredFile


@dataclass(frozen=True, slots=True)
class Found:
    """One hit of a search; `score` 0-100, 100 an exact match with the same accents."""

    customer: Customer
    score: float


@dataclass(frozen=True, slots=True)
class DuplicateHint:
    """Somebody else's customer has this phone: no more than whose."""

    customer_id: int
    owner_id: int
    owner_name: str


class Customers(Protocol):
    """Customers, always for an acting member."""

    async def get(self, actor: Member, customer_id: int) -> Customer:
        """One customer. Raises NotFound when there is none, or it is not the actor's to see."""
        ...

    async def add(self, actor: Member, customer: NewCustomer, now: datetime) -> Customer:
        """Write down a customer of the actor's own."""
        ...

    async def update(self, customer: Customer, **changes: object) -> Customer:
        """The customer with fields changed (`phones` too)."""
        ...

    async def move(
        self, actor: Member, customer: Customer, stage: str, now: datetime, *, reason: str | None = None
    ) -> Customer:
        """The customer's deal at another step of the pipeline, or lost for a `reason`: the step and the move are written down."""
        ...

    async def by_phone(self, actor: Member, phone: str) -> Sequence[Customer]:
        """The actor's customers with this E.164 number."""
        ...

    async def duplicate_of(self, actor: Member, phones: Sequence[str]) -> DuplicateHint | None:
        """Whether a customer whom the actor may not see has one of these numbers."""
        ...

    async def named(self, actor: Member, name: str, honorific: str | None = None) -> Sequence[Customer]:
        """Own customers that `name` names: exact accents if any, else folded; a whole name or its last words ("Lan" names
        "Nguyễn Thị Lan"); the honorific decides among several only when it leaves one. At most 10, last talked about first."""
        ...

    async def recent(self, actor: Member, limit: int) -> Sequence[Customer]:
        """Those of the actor's own that were talked about last."""
        ...

    async def find(self, actor: Member, query: str, limit: int, offset: int = 0) -> tuple[Sequence[Found], int]:
        """Search by name (marks optional, typos forgiven, exact accents first), company, any part of a phone, or code; best first.
        Returns the page and how many there are in all (counted up to 100)."""
        ...


class Timeline(Protocol):
    """What happened."""

    async def add(
        self,
        actor: Member,
        customer_id: int,
        kind: InteractionKind,
        text: str,
        now: datetime,
        *,
        details: Mapping[str, str] | None = None,
        file: StoredFile | None = None,
    ) -> Interaction:
        """Write an entry."""
        ...

    async def page(
        self, actor: Member, customer_id: int, limit: int, offset: int = 0
    ) -> tuple[Sequence[Interaction], int]:
        """Entries of a customer's timeline, newest first, and how many there are. Raises NotFound as `Customers.get`."""
        ...

    async def files(
        self, actor: Member, customer_id: int, limit: int, offset: int = 0
    ) -> tuple[Sequence[Interaction], int]:
        """Entries that hold a file, newest first, and how many there are. Raises NotFound as `Customers.get`."""
        ...

    async def last_complaint(self, actor: Member, customer_id: int) -> Interaction | None:
        """The customer's latest complaint, None where there is none. Raises NotFound as `Customers.get`."""
        ...

    async def update(self, entry: Interaction, **changes: object) -> Interaction:
        """The entry with fields changed: a finer word for what was said, not an action of its own."""
        ...

    async def get(self, actor: Member, interaction_id: int) -> Interaction:
        """One entry. Raises NotFound."""
        ...
