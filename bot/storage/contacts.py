"""Who a customer is on a channel."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Table, Update, bindparam, case, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.domain.customers import Customer
from bot.domain.mailroom import Address
from bot.domain.reaching import UNASKED_KEY, Contact
from bot.domain.timeline import InteractionKind
from bot.storage.columns import columns_of
from bot.storage.customers import CUSTOMER_COLUMNS
from bot.storage.guest_tables import (
    askers,
    consents,
    contacts,
    data_requests,
    relays,
    reply_drafts,
    survey_invitations,
    testimonials,
    tickets,
    unasked_messages,
)
from bot.storage.tables import customers, followups, identities, interactions, outbox, sales
from bot.storage.transaction import Sql
from bot.storage.vocabulary import changed_for

_CONTACT = select(*columns_of(contacts, Contact))
_CUSTOMER = (
    select(*CUSTOMER_COLUMNS)
    .join(contacts, contacts.c.customer_id == customers.c.id)
    .where(contacts.c.channel == bindparam("channel"), contacts.c.user_id == bindparam("user_id"))
)
# What is about a customer and goes with who they turn out to be.
_ABOUT = (
    *(contacts, consents, relays, tickets, testimonials, survey_invitations, unasked_messages, data_requests),
    *(interactions, followups, sales, askers, reply_drafts, outbox),
)
_LAST_LETTER = "\U0010ffff"
_CUSTOMER_LOCKED = _CUSTOMER.with_for_update(of=customers, key_share=True)


def _interacted(table: Table) -> Update:
    at = bindparam("at", type_=table.c.interacted_at.type)
    latest = case((table.c.interacted_at > at, table.c.interacted_at), else_=at)
    still_blocked = case((table.c.blocked_at > at, table.c.blocked_at))
    this_one = (table.c.channel == bindparam("the_channel"), table.c.user_id == bindparam("person"))
    return update(table).where(*this_one).values(interacted_at=latest, blocked_at=still_blocked)


# Somebody did something at a moment: customer or member.
INTERACTED = (_interacted(contacts), _interacted(identities))


class SqlContacts:
    """`Contacts` in tables."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def customer(self, channel: str, user_id: str) -> Customer | None:
        """The customer behind a person of a channel; concurrent turns of the same person wait for each other here."""
        who = {"channel": channel, "user_id": user_id}
        row = await self._sql.row(_CUSTOMER_LOCKED if self._sql.writes else _CUSTOMER, who)
        return None if row is None else Customer(*row)

    async def of_customer(self, customer_id: int) -> Sequence[Contact]:
        """Where a customer can be written to, Telegram before Zalo."""
        theirs = _CONTACT.where(contacts.c.customer_id == customer_id)
        return [
            Contact(*row) for row in await self._sql.rows(theirs.order_by(contacts.c.channel, contacts.c.linked_at))
        ]

    async def at(self, address: Address) -> Contact | None:
        """Whose chat it is."""
        here = (contacts.c.channel == address.channel, contacts.c.chat_id == address.chat_id)
        row = await self._sql.row(_CONTACT.where(*here))
        return None if row is None else Contact(*row)

    async def link(self, contact: Contact) -> None:
        """This person of a channel is this customer from now on."""
        values = asdict(contact)
        values["interacted_at"] = contact.interacted_at or contact.last_wrote_at
        keys = ("channel", "user_id")
        changed = {name: value for name, value in values.items() if name not in keys}
        linked = upsert(contacts).values(**values)
        changed["interacted_at"] = func.coalesce(linked.excluded.interacted_at, contacts.c.interacted_at)
        await self._sql.change(linked.on_conflict_do_update(index_elements=list(keys), set_=changed))

    async def wrote(self, channel: str, user_id: str, now: datetime) -> None:
        """They wrote just now, and so have not blocked us."""
        this_one = (contacts.c.channel == channel, contacts.c.user_id == user_id)
        await self._sql.change(update(contacts).where(*this_one).values(last_wrote_at=now, blocked_at=None))
        await self.interacted(channel, user_id, now)

    async def interacted(self, channel: str, user_id: str, at: datetime) -> bool:
        """They followed, wrote, tapped or called at this moment, customer or member, and so had not blocked us: what came late moves
        nothing back. False where they are neither."""
        who = {"the_channel": channel, "person": user_id, "at": at}
        known = [await self._sql.change(noted, who) for noted in INTERACTED]
        return any(known)

    async def silent(self, address: Address, *, since: datetime) -> None:
        """The channel said at some time after `since` that they had been silent for too long, whatever we thought; who has done
        something after it is not silent any more."""
        for table in (contacts, identities):
            here = (table.c.channel == address.channel, table.c.chat_id == address.chat_id)
            before = table.c.interacted_at <= since
            await self._sql.change(update(table).where(*here, before).values(interacted_at=None))

    async def unasked(self, customer_id: int, since: datetime) -> Sequence[datetime]:
        """When messages that this customer did not ask for went or will go, at or after `since`."""
        theirs = (unasked_messages.c.customer_id == customer_id, unasked_messages.c.at >= since)
        return [row.at for row in await self._sql.rows(select(unasked_messages.c.at).where(*theirs))]

    async def note_unasked(self, customer_id: int, about: str, at: datetime) -> None:
        """A message that they did not ask for goes at this moment."""
        await self._sql.change(insert(unasked_messages).values(customer_id=customer_id, about=about, at=at))

    async def forget_unasked(self, customer_id: int, at: datetime) -> None:
        """The one that was to go at this moment has not arrived."""
        this_one = (unasked_messages.c.customer_id == customer_id, unasked_messages.c.at == at)
        await self._sql.change(delete(unasked_messages).where(*this_one))

    async def drop_unasked(self, customer_id: int, after: datetime) -> None:
        """Those that were to go after this moment do not."""
        theirs = (unasked_messages.c.customer_id == customer_id, unasked_messages.c.at > after)
        await self._sql.change(delete(unasked_messages).where(*theirs))

    async def drop(self, lead: Customer) -> None:
        """The lead is no customer at all, and has bought nothing."""
        for table in (interactions, followups):
            await self._sql.change(delete(table).where(table.c.customer_id == lead.id))
        await self._sql.change(delete(customers).where(customers.c.id == lead.id))
        await changed_for(self._sql, lead.owner_id)

    async def merge(self, lead: Customer, known: Customer) -> None:
        """The lead turned out to be somebody known: all that is about them is about that one, and the lead is no more."""
        assigned = (interactions.c.customer_id == lead.id, interactions.c.kind == InteractionKind.CHANGE)
        await self._sql.change(delete(interactions).where(*assigned))
        for table in _ABOUT:
            theirs = update(table).where(table.c.customer_id == lead.id)
            await self._sql.change(theirs.values(customer_id=known.id))
        old, new = (f"{UNASKED_KEY}{one.id}:" for one in (lead, known))
        waiting = (outbox.c.dedupe_key >= old, outbox.c.dedupe_key < old + _LAST_LETTER)
        renamed = {"dedupe_key": func.replace(outbox.c.dedupe_key, old, new)}  # STOP finds it by that
        await self._sql.change(update(outbox).where(*waiting).values(**renamed))
        kept_by = followups.c.customer_id == known.id, followups.c.member_id == lead.owner_id
        await self._sql.change(update(followups).where(*kept_by).values(member_id=known.owner_id))
        await self._sql.change(update(customers).where(customers.c.referrer_id == lead.id).values(referrer_id=known.id))
        await self._sql.change(delete(customers).where(customers.c.id == lead.id))
        await changed_for(self._sql, lead.owner_id)
