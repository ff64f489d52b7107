"""The unit of work and the database itself."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bot.domain.mailroom import Arrivals, Inbox, Ledger, Outbox
from bot.domain.repositories.audit import Audit
from bot.domain.repositories.company import Decisions
from bot.domain.repositories.consents import Consents
from bot.domain.repositories.contacts import Contacts
from bot.domain.repositories.customers import Customers, Timeline
from bot.domain.repositories.deliveries import Deliveries
from bot.domain.repositories.faqs import Faqs, ReplyDrafts
from bot.domain.repositories.figures import Figures
from bot.domain.repositories.handovers import Handovers
from bot.domain.repositories.invites import Invites
from bot.domain.repositories.privacy import DataRequests, Privacy
from bot.domain.repositories.referrals import Referrals, Testimonials
from bot.domain.repositories.relays import Relays
from bot.domain.repositories.reports import GroupChats, Targets, Worklists
from bot.domain.repositories.standings import Standings
from bot.domain.repositories.surveys import Surveys
from bot.domain.repositories.talk import Drafts, Questions, Vocabulary
from bot.domain.repositories.team import Members
from bot.domain.repositories.teams import Teams
from bot.domain.repositories.tickets import Tickets
from bot.domain.repositories.work import Actions, FollowUps, Sales
from bot.domain.repositories.zalo import Charges, Checks, Tokens, Zalo


class UnitOfWork(Protocol):
    """One transaction. Repositories of the business, and `commit`."""

    @property
    def members(self) -> Members:
        """The team."""
        ...

    @property
    def teams(self) -> Teams:
        """Parts of the company."""
        ...

    @property
    def invites(self) -> Invites:
        """Invitations to join."""
        ...

    @property
    def company(self) -> Decisions:
        """What the company has decided."""
        ...

    @property
    def customers(self) -> Customers:
        """Customers, each for an acting member."""
        ...

    @property
    def contacts(self) -> Contacts:
        """Who a customer is on a channel."""
        ...

    @property
    def consents(self) -> Consents:
        """What customers have agreed to."""
        ...

    @property
    def relays(self) -> Relays:
        """What customers wrote, until it is answered."""
        ...

    @property
    def faqs(self) -> Faqs:
        """The company's question list."""
        ...

    @property
    def reply_drafts(self) -> ReplyDrafts:
        """Answers drafted for reps."""
        ...

    @property
    def surveys(self) -> Surveys:
        """What customers were asked, and answered."""
        ...

    @property
    def requests(self) -> DataRequests:
        """What customers ask about their own data."""
        ...

    @property
    def privacy(self) -> Privacy:
        """Everything held on a customer, and the end of it."""
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
    def referrals(self) -> Referrals:
        """Who brings whom."""
        ...

    @property
    def testimonials(self) -> Testimonials:
        """What customers let us show."""
        ...

    @property
    def tickets(self) -> Tickets:
        """What is to be solved."""
        ...

    @property
    def standings(self) -> Standings:
        """Where customers stand."""
        ...

    @property
    def handovers(self) -> Handovers:
        """Hand-overs, and what members have in hand."""
        ...

    @property
    def targets(self) -> Targets:
        """What is to be reached."""
        ...

    @property
    def worklists(self) -> Worklists:
        """The people behind a figure."""
        ...

    @property
    def group_chats(self) -> GroupChats:
        """The groups that get the week."""
        ...

    @property
    def actions(self) -> Actions:
        """What can be taken back."""
        ...

    @property
    def figures(self) -> Figures:
        """Counts for reports."""
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

    @property
    def deliveries(self) -> Deliveries:
        """What became of messages."""
        ...

    @property
    def zalo(self) -> Zalo:
        """What of Zalo is in service, its templates and costs."""
        ...

    @property
    def template_checks(self) -> Checks:
        """Templates that members are choosing."""
        ...

    @property
    def audit(self) -> Audit:
        """Who saw, changed and took what."""
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

    @property
    def arrivals(self) -> Arrivals:
        """What came in and waits to be worked off."""
        ...

    @property
    def tokens(self) -> Tokens:
        """The tokens of the Zalo Official Account."""
        ...

    @property
    def charges(self) -> Charges:
        """What messages cost."""
        ...

    def begin(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A unit of work that may write. Raises StorageUnavailable on entering, inside, or on commit."""
        ...

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A unit of work that only reads, beside the writers."""
        ...

    async def clean(self) -> bool:
        """Have the database's own files hold no more of what is gone from its tables; False where they are too busy just now."""
        ...
