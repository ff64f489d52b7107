"""What customers wrote and who is to answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, Select, Text, and_, cast, exists, func, insert, literal, select, update

from bot.domain.deliveries import trouble_of
from bot.domain.delivery import Audience, DeliveryState, NotCarried, Trouble
from bot.domain.mailroom import Address
from bot.domain.relays import ANSWER, ANSWER_KEY, Relay, Returned, Talk
from bot.storage.columns import columns_of
from bot.storage.guest_tables import contacts, relays
from bot.storage.tables import customers, interactions, outbox
from bot.storage.transaction import Sql

_RELAY = select(*columns_of(relays, Relay))
_WAITS = relays.c.answered_at.is_(None)
_LAST_LETTER = "\U0010ffff"
# A message may have waited for days before it failed; that somebody was told of it is remembered for longer.
_LOOKS_BACK = timedelta(days=10)
# The kinds of messages that are nobody's own words, and of which the rep has to know where they do not arrive.
_OTHERS = ("survey", "ticket", "faq")
_RETURNED = (
    *(outbox.c.id, outbox.c.channel, outbox.c.chat_id, outbox.c.dedupe_key, outbox.c.kind),
    *(outbox.c.state, outbox.c.last_error, outbox.c.payload, outbox.c.due_at),
)


class SqlRelays:
    """`Relays` in tables."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def wait(self, customer_id: int, member_id: int, wrote_at: datetime, remind_at: datetime) -> Relay:
        """A customer wrote; what waits already goes on waiting as it does, unless everybody has been reminded of it: then this begins
        anew."""
        is_looked_after = (_WAITS, relays.c.remind_at.is_not(None))
        waiting = await self._sql.row(_RELAY.where(relays.c.customer_id == customer_id, *is_looked_after))
        if waiting:
            return Relay(*waiting)
        values = {"customer_id": customer_id, "member_id": member_id, "wrote_at": wrote_at, "remind_at": remind_at}
        relay_id = await self._sql.scalar(insert(relays).values(**values).returning(relays.c.id))
        return Relay(relay_id, customer_id, member_id, wrote_at, None, remind_at)

    async def answered(self, customer_id: int, now: datetime) -> bool:
        """Whatever waits of this customer's is answered; whether something did."""
        waiting = update(relays).where(relays.c.customer_id == customer_id, _WAITS)
        return await self._sql.change(waiting.values(answered_at=now, remind_at=None)) > 0

    async def waits_since(self, customer_id: int) -> datetime | None:
        """Since when this customer's last unanswered words wait."""
        moment: datetime | None = await self._sql.scalar(
            select(func.max(relays.c.wrote_at)).where(relays.c.customer_id == customer_id, _WAITS)
        )
        return moment

    async def last_answer(self, customer_id: int) -> datetime | None:
        """When this customer was last answered."""
        moment: datetime | None = await self._sql.scalar(
            select(func.max(relays.c.answered_at)).where(relays.c.customer_id == customer_id)
        )
        return moment

    async def due(self, now: datetime, limit: int) -> Sequence[Relay]:
        """Those whose `remind_at` has come, locked until the commit."""
        due = _RELAY.where(_WAITS, relays.c.remind_at <= now).order_by(relays.c.remind_at, relays.c.id).limit(limit)
        locked = due.with_for_update(skip_locked=True) if self._sql.writes else due
        return [Relay(*row) for row in await self._sql.rows(locked)]

    async def remind_next(self, relay: Relay, remind_at: datetime | None) -> None:
        """When somebody is told next that it waits; None: nobody any more."""
        await self._sql.change(update(relays).where(relays.c.id == relay.id).values(remind_at=remind_at))

    async def talked_about(self, address: Address, message_ref: str) -> Talk | None:
        """The customer whose talk with us the message with this reference shows, by the button under it."""
        here = (outbox.c.chat_id == address.chat_id, outbox.c.message_ref == message_ref)
        newest = select(outbox.c.payload).where(*here, outbox.c.channel == address.channel)
        payload = await self._sql.scalar(newest.order_by(outbox.c.id.desc()).limit(1))
        rows = payload.get("choices", ()) if payload else ()
        said = [data for row in rows for _, data, *_ in row if data.startswith(ANSWER)]
        return Talk(*map(int, said[0].removeprefix(ANSWER).split(":"))) if said else None

    async def returned(self, now: datetime, limit: int) -> Sequence[Returned]:
        """What customers were sent in the last days and did not arrive, or perhaps not, of which nobody has been told, locked until
        the commit; another instance takes the others."""
        answers = await self._answers_returned(now, limit)
        return [*answers, *await self._others_returned(now, limit)]

    async def _others_returned(self, now: datetime, limit: int) -> Sequence[Returned]:
        """Surveys, what became of tickets and what was asked: nobody's own words, so whose customer it is has to know."""
        theirs = and_(contacts.c.channel == outbox.c.channel, contacts.c.chat_id == outbox.c.chat_id)
        whose = customers.c.id == func.coalesce(outbox.c.customer_id, contacts.c.customer_id)
        troubled = (
            select(*_RETURNED, customers.c.owner_id, customers.c.id.label("whose_id"))
            .select_from(outbox.outerjoin(contacts, theirs).join(customers, whose))
            .where(*_untold(now), outbox.c.audience == Audience.CUSTOMER, outbox.c.kind.in_(_OTHERS))
        )
        rows = await self._locked(troubled, limit)
        words = (str(Markup(row.payload["text"]).striptags()) for row in rows)
        return [_returned(row, None, row.whose_id, row.owner_id, said) for row, said in zip(rows, words, strict=True)]

    async def _answers_returned(self, now: datetime, limit: int) -> Sequence[Returned]:
        """What members wrote to customers."""
        theirs = (outbox.c.dedupe_key >= ANSWER_KEY, outbox.c.dedupe_key < ANSWER_KEY + _LAST_LETTER)
        rows = await self._locked(select(*_RETURNED).where(*_untold(now), *theirs), limit)
        entry_of = {row.id: int(row.dedupe_key.split(":")[1]) for row in rows}
        columns = (interactions.c.id, interactions.c.customer_id, interactions.c.member_id, interactions.c.text)
        written = select(*columns).where(interactions.c.id.in_(entry_of.values()))
        entries = {entry.id: entry for entry in await self._sql.rows(written)}
        found = ((row, entries.get(entry_of[row.id])) for row in rows)
        return [_returned(row, one.id, one.customer_id, one.member_id, one.text) for row, one in found if one]

    async def _locked(self, troubled: Select[Any], limit: int) -> Sequence[Any]:
        oldest = troubled.order_by(outbox.c.id).limit(limit)
        return await self._sql.rows(oldest.with_for_update(of=outbox, skip_locked=True) if self._sql.writes else oldest)


def _returned(row: Any, entry_id: int | None, customer_id: int, member_id: int, words: str) -> Returned:
    address = Address(row.channel, row.chat_id)
    trouble = trouble_of(row.last_error)
    as_sent = (row.dedupe_key, row.kind, row.payload, row.due_at)
    why = next((one for one in NotCarried if row.last_error == f"{Trouble.REFUSED}: {one}"), None)
    return Returned(row.id, row.state, trouble, entry_id, customer_id, member_id, words, address, *as_sent, why)


def _untold(now: datetime) -> tuple[ColumnElement[bool], ...]:
    told = outbox.alias("told")
    told_key = literal("undelivered:") + cast(outbox.c.id, Text)
    return (
        outbox.c.state.in_([DeliveryState.FAILED, DeliveryState.UNKNOWN]),
        outbox.c.due_at > now - _LOOKS_BACK,
        ~exists(select(told.c.id).where(told.c.dedupe_key == told_key)),
    )


def next_answer_due() -> Any:
    """When somebody is told next that a customer waits, as a subquery."""
    return select(func.min(relays.c.remind_at)).where(_WAITS).scalar_subquery()
