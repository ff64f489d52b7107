"""Taking a person out of every table. What is theirs alone goes; what figures are counted from stays, without a word of them; and
where they are named in what was written about others, they are named no more.

The whole of it is one transaction and looks through all texts: it is rare, and it has to be complete.
"""

import base64
import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    String,
    Table,
    Text,
    and_,
    case,
    cast,
    delete,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
    type_coerce,
    update,
)

from bot.domain.customers import Customer, LostReason, StopReason
from bot.domain.delivery import DeliveryState
from bot.domain.erasure import Person, all_without, person_of, spellings_of, without
from bot.domain.followups import FollowUpState
from bot.domain.names import folded
from bot.domain.reaching import TEMPLATES, TO_ACCOUNT, TO_PHONE
from bot.domain.tickets import UNSOLVED, TicketState
from bot.storage import guest_tables as guests
from bot.storage import tables
from bot.storage.channel_tables import arrivals
from bot.storage.columns import Words
from bot.storage.search import keys_of
from bot.storage.tables import customers, metadata
from bot.storage.transaction import Sql
from bot.storage.vocabulary import changed_for

# Theirs alone.
DROPPED = (
    *(guests.contacts, guests.consents, guests.unasked_messages, guests.referral_links, guests.testimonials),
    *(guests.askers, guests.reply_drafts),
    *(guests.survey_plans, guests.askers, guests.reply_drafts, tables.customer_phones, tables.own_words),
)
# What figures are counted from: what of it tells of a person goes.
EMPTIED = (tables.interactions, tables.followups, guests.survey_invitations, guests.tickets, guests.relays)
# Numbers and days, no person; what else may stand there is looked for by name.
KEPT = (
    *(tables.sales, tables.stage_moves, tables.handover_customers, guests.rewards, guests.data_requests),
    *(guests.erasures, tables.audit),
)
# In these nobody writes about a customer.
_NOT_LOOKED_THROUGH = frozenset(
    ("members", "teams", "company", "identities", "group_chats", "audit", "inbox", "spellings", "known_stamps")
)
# Of what a message is made of while it is under way, the whole goes.
_TALK = (tables.drafts, tables.questions, guests.unanswered)
_COUNTED = frozenset(("sentiment", "outcome", "direction"))
_WAITING = (DeliveryState.DUE, DeliveryState.CLAIMED, DeliveryState.FAILED, DeliveryState.UNKNOWN)
_NOTHING_SAID: dict[str, Any] = {"text": ""}


class Eraser:
    """Erases one customer."""

    def __init__(self, sql: Sql, customer: Customer, now: datetime) -> None:
        self._sql = sql
        self._customer = customer
        self._now = now

    async def erase(self) -> None:
        """Take the person out of every table; the row stays as a shell."""
        person = person_of(self._customer, await self._others_named_so())
        await self._forget_messages(person)
        await self._forget_actions()
        await self._empty_what_counts()
        await self._forget_questions()
        for table in DROPPED:
            await self._sql.change(delete(table).where(table.c.customer_id == self._customer.id))
        words = self._words()
        await self._leave_a_shell()
        await self._forget_spellings(words)
        await self._name_no_more(person)
        await changed_for(self._sql, self._customer.owner_id)

    async def _others_named_so(self) -> list[str]:
        """The folded names of other customers whose name ends in the same word."""
        last = folded(self._customer.name).split()[-1:] or [""]
        same = (customers.c.name_key == last[0], customers.c.name_key.startswith(f"{last[0]} ", autoescape=True))
        others = select(customers.c.name).where(or_(*same), customers.c.id != self._customer.id)
        return [folded(row.name) for row in await self._sql.rows(others)] if last[0] else []

    # What is theirs --------------------------------------------------------------------------------------------------

    async def _forget_questions(self) -> None:
        """What only they asked and nobody has answered."""
        asked = select(guests.askers.c.unanswered_id).where(guests.askers.c.customer_id == self._customer.id)
        only_theirs = (guests.unanswered.c.id.in_(asked), guests.unanswered.c.count == 1)
        await self._sql.change(delete(guests.unanswered).where(*only_theirs))

    async def _empty_what_counts(self) -> None:
        theirs = tables.interactions.c.customer_id == self._customer.id
        entries = await self._sql.rows(select(tables.interactions.c.id, tables.interactions.c.details).where(theirs))
        for entry in entries:
            counted = {name: value for name, value in entry.details.items() if name in _COUNTED}
            emptied = {"text": "", "details": counted, "file": None}
            await self._sql.change(
                update(tables.interactions).where(tables.interactions.c.id == entry.id).values(**emptied)
            )
        await self._empty(guests.survey_invitations, comment=None, expires_at=self._now, token_hash=_no_token())
        await self._empty(guests.relays, answered_at=_at_last(guests.relays.c.answered_at, self._now), remind_at=None)
        await self._close_followups()
        await self._close_tickets()
        done = update(guests.data_requests).where(guests.data_requests.c.customer_id == self._customer.id)
        over = {"done_at": _at_last(guests.data_requests.c.done_at, self._now), "remind_at": None}
        await self._sql.change(done.values(**over))

    async def _close_followups(self) -> None:
        was_open = tables.followups.c.state == FollowUpState.OPEN
        closed = {
            "state": case((was_open, FollowUpState.DROPPED.value), else_=type_coerce(tables.followups.c.state, String)),
            "done_at": case((was_open, self._now), else_=tables.followups.c.done_at),
        }
        await self._empty(tables.followups, text="", push_at=None, **closed)

    async def _close_tickets(self) -> None:
        tickets, was_open = guests.tickets, guests.tickets.c.state.in_(UNSOLVED)
        closed = {
            "state": case((was_open, TicketState.CLOSED.value), else_=type_coerce(tickets.c.state, String)),
            "closed_at": case((was_open, self._now), else_=tickets.c.closed_at),
        }
        await self._empty(tickets, text="", solution=None, asked_solution=None, remind_at=None, **closed)

    async def _empty(self, table: Table, **values: Any) -> None:
        await self._sql.change(update(table).where(table.c.customer_id == self._customer.id).values(**values))

    async def _leave_a_shell(self) -> None:
        lost, stopped = self._customer.lost_reason, self._customer.stopped_reason
        shell = {
            "name": "",
            "phones": (),
            **dict.fromkeys(("honorific", "company", "email", "referrer", "heat", "potential", "interest")),
            "lost_reason": lost if lost in list(LostReason) else None,
            "stopped_reason": stopped if stopped in list(StopReason) else None,
            "spoken_key": "",
            "name_key": "",
            "search_text": "",
            "erased_at": self._now,
        }
        await self._sql.change(update(customers).where(customers.c.id == self._customer.id).values(**shell))
        recommended = update(customers).where(customers.c.referrer_id == self._customer.id)
        await self._sql.change(recommended.values(referrer=None))
        bookmark = update(tables.members).where(tables.members.c.last_customer_id == self._customer.id)
        await self._sql.change(bookmark.values(last_customer_id=None))

    def _words(self) -> set[str]:
        """The words that search knew them by."""
        customer = self._customer
        return set(keys_of(customer.name, customer.company, customer.phones)["search_text"].split())

    async def _forget_spellings(self, words: set[str]) -> None:
        """What only they were called, a typo must not mean any more."""
        for word in sorted(words):
            used = select(customers.c.id).where(customers.c.search_text.contains(f" {word} ", autoescape=True)).limit(1)
            if await self._sql.row(used) is None:
                await self._sql.change(delete(tables.spellings).where(tables.spellings.c.word == word))

    # What was said and done --------------------------------------------------------------------------------------------

    async def _forget_messages(self, person: Person) -> None:
        """Messages to them go; of those that tell of them nothing is kept, and what still waits is not sent."""
        chats = await self._chats()
        await self._sql.change(delete(tables.outbox).where(tables.outbox.c.customer_id == self._customer.id))
        await self._forget_what_zalo_brought([user for _, _, user in chats])
        if chats:
            for table in (tables.outbox, tables.questions, tables.drafts):
                here = tuple_(table.c.channel, table.c.chat_id).in_([(channel, chat) for channel, chat, _ in chats])
                await self._sql.change(delete(table).where(here))
            same = tuple_(tables.guesses.c.channel, tables.guesses.c.user_id)
            await self._sql.change(
                delete(tables.guesses).where(same.in_([(channel, user) for channel, _, user in chats]))
            )
        buttons = await self._buttons()
        for row in await self._sql.rows(
            select(tables.outbox.c.id, tables.outbox.c.payload).where(self._may_tell(person))
        ):
            if _tells(row.payload, person, buttons):
                this_one = tables.outbox.c.id == row.id
                silenced = update(tables.outbox).where(this_one).values(payload=_NOTHING_SAID)
                await self._sql.change(silenced)
                stopped = update(tables.outbox).where(this_one, tables.outbox.c.state.in_(_WAITING))
                await self._sql.change(stopped.values(state=DeliveryState.CANCELLED, wake_at=None))

    async def _forget_what_zalo_brought(self, accounts: Sequence[str]) -> None:
        """What was handed to their account or number in a template's form goes; what came from there is worked off, and nobody's."""
        numbers = [phone.removeprefix("+") for phone in self._customer.phones]
        chats = [f"{TO_ACCOUNT}{account}" for account in accounts] + [f"{TO_PHONE}{number}" for number in numbers]
        handed = (tables.outbox.c.channel == TEMPLATES, tables.outbox.c.chat_id.in_(chats))
        await self._sql.change(delete(tables.outbox).where(*handed))
        # receipts and the like are in no person's lane, but name one
        told = or_(false(), *(_holds(arrivals.c.body, one, self._sql) for one in (*accounts, *numbers)))
        theirs = or_(arrivals.c.person.in_([*accounts, *numbers]), and_(arrivals.c.person == arrivals.c.key, told))
        done = {"person": "", "body": "", "wake_at": None}
        await self._sql.change(update(arrivals).where(theirs).values(**done))

    def _may_tell(self, person: Person) -> ColumnElement[bool]:
        """Whether a message is worth a closer look."""
        written = cast(tables.outbox.c.payload, Text)
        buttons = (f':{self._customer.id}"', f":{self._customer.id}:", '"due.', '"entry', '"checklist', '"document"')
        parts = [_holds(written, button, self._sql) for button in buttons]
        return or_(_is_like(tables.outbox.c.payload, person, self._sql), *parts)

    async def _chats(self) -> Sequence[tuple[str, str, str]]:
        theirs = guests.contacts.c.customer_id == self._customer.id
        found = select(guests.contacts.c.channel, guests.contacts.c.chat_id, guests.contacts.c.user_id).where(theirs)
        return [tuple(row) for row in await self._sql.rows(found)]

    async def _buttons(self) -> re.Pattern[str]:
        """What buttons about them hold: their own number or that of something of theirs."""
        ids = {
            name: await self._ids(table)
            for name, table in (
                ("due", tables.followups),
                ("checklist", tables.followups),
                ("entry", tables.interactions),
            )
        }
        about = rf"(?:customer|note|followup|sale|stage|timeline|files|assign|due\.customer|due\.clear)[a-z.]*:{self._customer.id}"
        others = [rf"{verb}[a-z.]*:(?:{'|'.join(map(str, found))})" for verb, found in ids.items() if found]
        return re.compile(rf"^(?:{'|'.join([about, *others])})(?::|$)")

    async def _ids(self, table: Table) -> list[int]:
        return [
            row.id for row in await self._sql.rows(select(table.c.id).where(table.c.customer_id == self._customer.id))
        ]

    async def _forget_actions(self) -> None:
        """What was saved about them cannot be taken back any more, and so need not be known."""
        actions, customer_id = tables.actions, self._customer.id
        await self._sql.change(delete(actions).where(actions.c.customer_id == customer_id))
        written = cast(actions.c.changes, Text)
        marks = (
            f'"customer_id": {customer_id},',
            f'"customer_id": {customer_id}}}',
            f'"customer", "id": {customer_id},',
        )
        among_others = select(actions.c.id, actions.c.changes).where(
            or_(*(written.contains(mark, autoescape=True) for mark in marks))
        )
        for row in await self._sql.rows(among_others):
            kept = [change for change in row.changes if not _is_about(change, customer_id)]
            await self._sql.change(update(actions).where(actions.c.id == row.id).values(changes=kept))

    # What was written about others ---------------------------------------------------------------------------------------

    async def _name_no_more(self, person: Person) -> None:
        for table in metadata.sorted_tables:
            if table.name in _NOT_LOOKED_THROUGH or table is tables.outbox:
                continue
            columns = [column for column in table.c if _may_name(column)]
            if columns:
                await self._look_through(table, columns, person)

    async def _look_through(self, table: Table, columns: Sequence[Any], person: Person) -> None:
        found = or_(*(_is_like(column, person, self._sql) for column in columns))
        keys = list(table.primary_key)
        for row in await self._sql.rows(select(*keys, *columns).where(found)):
            values = {column.name: getattr(row, column.name) for column in columns}
            cleaned = {name: all_without(value, person) for name, value in values.items()}
            if cleaned == values:
                continue
            this_one = and_(*(key == getattr(row, key.name) for key in keys))
            if table in _TALK or table is tables.own_words:
                await self._sql.change(delete(table).where(this_one))
            else:
                await self._sql.change(update(table).where(this_one).values(**cleaned))


def _no_token() -> ColumnElement[str]:
    """In place of the hash of a token: no token has it."""
    return literal("erased:") + cast(guests.survey_invitations.c.id, Text)


def _at_last(moment: Any, now: datetime) -> ColumnElement[datetime]:
    """The moment, or now where it never came."""
    return func.coalesce(moment, literal(now, moment.type))


def _may_name(column: Any) -> bool:
    """Whether somebody may be named there: free words, and records; but not what a customer of the same name is called."""
    if column.table is customers and column.name not in ("referrer", "interest"):
        return False
    return type(column.type) is Words or isinstance(column.type, JSON) or column is tables.stage_moves.c.reason


def _is_like(column: Any, person: Person, sql: Sql) -> ColumnElement[bool]:
    """Whether something like it is there; a text that is found is then looked at closely. Records are kept as JSON, in ASCII."""
    is_record = isinstance(column.type, JSON)
    written = cast(column, Text) if is_record else column
    asked = spellings_of(person)
    if is_record:
        asked = [json.dumps(spelling)[1:-1].lower() for spelling in asked]
    named = [_holds(func.lower(written), one, sql) for one in asked]
    compact = func.replace(func.replace(func.replace(written, " ", ""), ".", ""), "-", "")
    # the last two digits are rarely written apart: most texts need not be made compact
    digits = [(phone[-2:], phone.removeprefix("+84")) for phone in person.phones]
    called = [and_(_holds(written, end, sql), _holds(compact, number, sql)) for end, number in digits]
    return or_(false(), *named, *called)


def _holds(text: ColumnElement[str], part: str, sql: Sql) -> ColumnElement[bool]:
    """Whether the part is in the text, letter for letter: several times as fast as LIKE."""
    found = func.strpos(text, part) if sql.on_postgresql else func.instr(text, part)
    return found > 0


def _is_about(change: dict[str, Any], customer_id: int) -> bool:
    if change["kind"] == "customer":
        return bool(change["id"] == customer_id)
    return bool(change["after"].get("customer_id") == customer_id)


def _tells(payload: dict[str, Any], person: Person, buttons: re.Pattern[str]) -> bool:
    """Whether a message tells of the person: in its words, by its buttons, or in a file of ours."""
    data = (choice[1] for row in payload.get("choices", ()) for choice in row)
    if any(buttons.match(one) for one in data) or all_without(payload, person) != payload:
        return True
    files = (payload[name][1] for name in ("document",) if name in payload)
    return any(_file_tells(content, person) for content in files)


def _file_tells(content: str, person: Person) -> bool:
    text = base64.b64decode(content).decode("utf-8", "ignore")
    return without(text, person) != text
