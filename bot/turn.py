"""A handler's context: who did what, the translator, and the unit of work in which it all happens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.company import Company
from bot.domain.customers import Customer
from bot.domain.delivery import Audience, NewDelivery
from bot.domain.errors import DomainError
from bot.domain.mailroom import Address
from bot.domain.people import Member
from bot.domain.reaching import WITH_WINDOW
from bot.domain.repositories import UnitOfWork
from bot.domain.understanding import Capture, Intent, understand, understand_all
from bot.i18n import Translator
from bot.messages import SHOWS_NOTICES, Incoming, Peer, Reply
from bot.silence import through_window

# How many customers are offered to tap where nobody was named.
OFFERED = 4


# The address of the assistant's private chat that begins with `/start <payload>`; "" where the channel has none.
Links = Callable[[str], str]


@dataclass(slots=True)
class Guest:
    """The context of who answers somebody who is not on the team (any more): `customer` where we know them as one. Nothing here
    reaches a member's view. Whoever joins becomes `member`. `words`, `args`, `data`, `offers_drafts` and `asked` are as in `Turn`.
    """

    incoming: Incoming
    now: datetime
    t: Translator
    uow: UnitOfWork
    org: str
    translator_of: Callable[[Member], Translator]
    link_to: Links
    member: Member | None = None
    customer: Customer | None = None
    words: str = ""
    args: Sequence[str] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    offers_drafts: bool = False
    asked: bool = False

    def arg(self, index: int) -> int:
        """The choice's part `index` as a row's number. Raises DomainError when somebody forged it."""
        return row_number(self.args, index)

    async def ask(self, question: str, **data: Any) -> None:
        """Let `question` (a name in the guests' routes) wait for the next message; `data` comes back with the answer."""
        await self.uow.questions.ask(address_of(self.incoming.peer), question, data, self.now)
        self.asked = True

    async def org_name(self) -> str:
        """What the company calls itself."""
        return (await self.uow.company.read()).name or self.org


@dataclass(slots=True)
class Turn:
    """A handler's context: who, what, `now` (UTC), the translator and the unit of work.

    `words` is the text after a command, or the whole text of an answer; `args` are the parts of a tapped choice after its verb;
    `data` is what the waiting question kept; `zone` is the company's, by which its weeks and months are told; `zalo_address` is where
    people write to our Official Account on Zalo, "" where there is none; `public_url` is where customers reach our pages, "" where
    they do not; `offers_drafts`: answers to customers can be drafted; `asked`: words are waited for from now on.
    """

    incoming: Incoming
    now: datetime
    member: Member
    t: Translator
    uow: UnitOfWork
    org: str
    translator_of: Callable[[Member], Translator]
    link_to: Links
    words: str = ""
    args: Sequence[str] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    zone: ZoneInfo = ZoneInfo("Asia/Ho_Chi_Minh")
    zalo_address: str = ""
    public_url: str = ""
    offers_drafts: bool = False
    asked: bool = False
    _company: Company | None = None

    async def company(self) -> Company:
        """What the company has decided."""
        if self._company is None:
            self._company = await self.uow.company.read()
        return self._company

    async def org_name(self) -> str:
        """What the company calls itself: as its owner said, else as the operator did."""
        return (await self.company()).name or self.org

    @property
    def today(self) -> date:
        """The date where the member is."""
        return self.member.today(self.now)

    @property
    def local_now(self) -> datetime:
        """`now` on the member's own clock."""
        return self.member.local(self.now)

    def arg(self, index: int) -> int:
        """The choice's part `index` as a row's number. Raises DomainError when somebody forged it."""
        return row_number(self.args, index)

    def amount(self, index: int) -> int:
        """The choice's part `index` as an amount in đồng. Raises DomainError when somebody forged it."""
        return _number(self.args, index, below=10**18)

    async def understand(self, text: str, intent: Intent | None = None, *, at: datetime | None = None) -> Capture:
        """What a text means to this member, said now or `at` (UTC); `intent` where a command has said it already."""
        known = await self.uow.vocabulary.known(self.member)
        return understand(text, self.member.local(at or self.now), known, intent)

    async def understand_all(self, text: str, *, at: datetime | None = None) -> list[Capture]:
        """As `understand`, with one meaning for each line that holds a customer."""
        return understand_all(text, self.member.local(at or self.now), await self.uow.vocabulary.known(self.member))

    async def last_talked_about(self) -> Sequence[Customer]:
        """The customers to offer first where nobody was named."""
        return await self.uow.customers.recent(self.member, OFFERED)

    async def ask(self, question: str, **data: Any) -> None:
        """Let `question` (a name in the routes) wait for the next message; `data` comes back with the answer."""
        await self.uow.questions.ask(address_of(self.incoming.peer), question, data, self.now)
        self.asked = True

    async def talks_about(self, customer_id: int) -> None:
        """Remember whom the member speaks of, for the next message that names nobody."""
        if self.member.last_customer_id != customer_id:
            self.member = await self.uow.members.update(self.member, last_customer_id=customer_id)

    async def saved(self, customer_id: int) -> int:
        """All that this turn wrote is one action; its id, for *Hoàn tác*."""
        await self.talks_about(customer_id)
        return (await self.uow.actions.record(self.member, customer_id, self.now)).id

    async def tell(self, member_id: int, key: str, reply: Reply) -> None:
        """Say something to another member, after the commit; once for each `key`."""
        await send_to_member(self.uow, member_id, key, "notice", reply, self.now)


def row_number(args: Sequence[str], index: int) -> int:
    """A choice's part `index` as a row's number. Raises DomainError when somebody forged it."""
    return _number(args, index, below=2**31)


def _number(args: Sequence[str], index: int, *, below: int) -> int:
    digits = args[index] if index < len(args) else ""
    # plain digits alone: int() takes ², ٣ and endless ones too
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18 and int(digits) < below):
        raise DomainError("old_button")
    return int(digits)


def address_of(peer: Peer) -> Address:
    """Where this person is answered."""
    return Address(peer.channel, peer.chat_id)


async def send_to_member(
    uow: UnitOfWork,
    member_id: int,
    key: str,
    kind: str,
    reply: Reply,
    now: datetime,
    expires_at: datetime | None = None,
) -> bool:
    """Queue a message to a member under a unique key; False when it was queued before or there is nowhere to write to. Where they have
    been silent on their channel for too long it is kept until they write."""
    address = await uow.members.address(member_id)
    if address is None:
        return False
    if address.channel not in SHOWS_NOTICES:
        reply = replace(reply, locale=(await uow.members.get(member_id)).locale)
    delivery = NewDelivery(
        key,
        address.channel,
        address.chat_id,
        Audience.MEMBER,
        kind,
        reply.to_record(),
        due_at=now,
        expires_at=expires_at,
    )
    if address.channel in WITH_WINDOW:
        return await through_window(uow, member_id, delivery, now)
    return await uow.outbox.queue(delivery)


GuestHandler = Callable[[Guest], Awaitable["Reply | Sequence[Reply]"]]
Handler = Callable[[Turn], Awaitable["Reply | Sequence[Reply]"]]
