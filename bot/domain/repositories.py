"""What the house can store and find, as the business speaks of it; `bot/storage/` does it.

Whatever belongs to a customer is fetched for an acting member: what that member may not see is `NotFound`, in the same words as what
does not exist (law 9). Everything happens inside one unit of work: committed once at the end, rolled back unless committed.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from bot.domain.customers import Customer, NewCustomer
from bot.domain.followups import FollowUp, NewFollowUp
from bot.domain.mailroom import Address, Inbox, Ledger, Outbox
from bot.domain.people import Member, Role
from bot.domain.sales import NewSale, Purchases, Sale
from bot.domain.timeline import Interaction, InteractionKind, StoredFile
from bot.domain.understanding import Known
from bot.domain.vocabulary import NewWord, OwnWord


@dataclass(frozen=True, slots=True)
class Question:
    """A question that waits for this person's answer: the half-finished form."""

    name: str
    data: dict[str, Any]
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Action:
    """Something saved that can be taken back; `customer_id` is whom it was about."""

    id: int
    member_id: int
    customer_id: int | None
    saved_at: datetime
    undone_at: datetime | None


class Members(Protocol):
    """The team."""

    async def by_identity(self, channel: str, user_id: str) -> Member | None:
        """The member behind a person of a channel, active or not; concurrent turns of the same person wait for each other here."""
        ...

    async def get(self, member_id: int) -> Member:
        """A member. Raises NotFound."""
        ...

    async def everyone(self) -> Sequence[Member]:
        """All active members, by id."""
        ...

    async def add(
        self,
        name: str,
        role: Role,
        locale: str,
        timezone: str,
        now: datetime,
        *,
        next_digest_at: datetime | None = None,
    ) -> Member:
        """A new active member with the default hours."""
        ...

    async def link(self, member_id: int, channel: str, user_id: str, chat_id: str) -> None:
        """This person of a channel is this member, and is written to at `chat_id`."""
        ...

    async def update(self, member: Member, **changes: object) -> Member:
        """The member with fields changed."""
        ...

    async def address(self, member_id: int) -> Address | None:
        """Where a member is written to; None when nowhere (never started, or blocked the bot)."""
        ...

    async def digests_due(self, now: datetime, limit: int) -> Sequence[Member]:
        """Active members whose `next_digest_at` has come, locked until the commit."""
        ...


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

    async def update(self, entry: Interaction, **changes: object) -> Interaction:
        """The entry with fields changed: a finer word for what was said, not an action of its own."""
        ...

    async def get(self, actor: Member, interaction_id: int) -> Interaction:
        """One entry. Raises NotFound."""
        ...


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
        """The earliest `push_at` of an open follow-up or `next_digest_at` of a member."""
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


class Actions(Protocol):
    """The journal of what can be taken back. The unit of work itself notes every row that it adds or changes."""

    async def record(self, actor: Member, customer_id: int | None, now: datetime) -> Action:
        """Write what this unit of work has added and changed since it began, or since the last record, as one action."""
        ...

    async def last(self, actor: Member, since: datetime) -> Action | None:
        """The actor's latest action after `since` that still stands."""
        ...

    async def get(self, actor: Member, action_id: int) -> Action:
        """One of the actor's own actions. Raises NotFound."""
        ...

    async def revert(self, action: Action, now: datetime) -> None:
        """Take it back: added rows go, changed fields return, pushes that wait are cancelled. Raises DomainError("undo_too_late")
        and changes nothing when later entries build on it."""
        ...


class Questions(Protocol):
    """Half-finished forms, one a person."""

    async def waiting(self, address: Address) -> Question | None:
        """The question that waits for this person."""
        ...

    async def ask(self, address: Address, name: str, data: Mapping[str, Any], now: datetime) -> None:
        """Let this question wait, in place of any other."""
        ...

    async def forget(self, address: Address) -> None:
        """No question waits any more."""
        ...


class Drafts(Protocol):
    """What a person sent that is not yet filed: kept until it is, so that nothing typed is lost."""

    async def keep(self, address: Address, data: Mapping[str, Any], now: datetime) -> int:
        """Keep it; its id for the buttons."""
        ...

    async def get(self, address: Address, draft_id: int) -> dict[str, Any]:
        """What this person sent. Raises DomainError("old_button") when it is filed already, or somebody else's."""
        ...

    async def drop(self, address: Address, draft_id: int) -> None:
        """It is filed, or not wanted."""
        ...

    async def drop_kept_before(self, moment: datetime) -> int:
        """Nobody comes back to those that were kept before `moment` (UTC); returns how many went."""
        ...


class Vocabulary(Protocol):
    """What the actor's messages are read against: their customers, the company's products and colleagues, and own words."""

    async def known(self, actor: Member) -> Known:
        """All of it, indexed; kept between turns until something of it changes."""
        ...

    async def words(self, actor: Member) -> Sequence[OwnWord]:
        """The actor's own words and the company's, by what was said."""
        ...

    async def learn(self, actor: Member, word: NewWord, *, shared: bool) -> OwnWord:
        """Remember a word, in place of what the same word meant before."""
        ...

    async def forget(self, actor: Member, word_id: int) -> None:
        """Forget one of the actor's own words; a shared one only for who sees everyone. Raises NotFound."""
        ...


class UnitOfWork(Protocol):
    """One transaction. Repositories of the business, and `commit`."""

    @property
    def members(self) -> Members:
        """The team."""
        ...

    @property
    def customers(self) -> Customers:
        """Customers, each for an acting member."""
        ...

    @property
    def timeline(self) -> Timeline:
        """What happened."""
        ...

    @property
    def followups(self) -> FollowUps:
        """What is promised."""
        ...

    @property
    def sales(self) -> Sales:
        """What was sold."""
        ...

    @property
    def actions(self) -> Actions:
        """What can be taken back."""
        ...

    @property
    def questions(self) -> Questions:
        """Half-finished forms."""
        ...

    @property
    def drafts(self) -> Drafts:
        """What is not filed yet."""
        ...

    @property
    def vocabulary(self) -> Vocabulary:
        """What messages are read against."""
        ...

    @property
    def inbox(self) -> Inbox:
        """What has been taken in."""
        ...

    @property
    def outbox(self) -> Outbox:
        """What is to be sent."""
        ...

    async def commit(self) -> None:
        """Make it all true. At most once; what is not committed is rolled back."""
        ...


class StorageUnavailable(Exception):
    """The database cannot be reached, is locked or full: nothing was saved, and trying again later is right."""


class Store(Protocol):
    """The database."""

    @property
    def ledger(self) -> Ledger:
        """The outbox, for the dispatcher."""
        ...

    def begin(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A unit of work that may write. Raises StorageUnavailable on entering, inside, or on commit."""
        ...

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A unit of work that only reads, beside the writers."""
        ...
