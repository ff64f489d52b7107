"""What customers wrote and who is to answer."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, insert, select, update

from bot.domain.mailroom import Address
from bot.domain.relays import Relay
from bot.storage.columns import columns_of
from bot.storage.guest_tables import relays
from bot.storage.tables import outbox
from bot.storage.transaction import Sql

_RELAY = select(*columns_of(relays, Relay))
_WAITS = relays.c.answered_at.is_(None)
# The verb of the button under everything that shows a customer's talk with us: whoever replies to it answers the customer.
ANSWER = "relay.answer:"


class SqlRelays:
    """`Relays` in tables."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def wait(self, customer_id: int, member_id: int, wrote_at: datetime, remind_at: datetime) -> Relay:
        """A customer wrote; what waits already goes on waiting as it does."""
        waiting = await self._sql.row(_RELAY.where(relays.c.customer_id == customer_id, _WAITS))
        if waiting:
            return Relay(*waiting)
        values = {"customer_id": customer_id, "member_id": member_id, "wrote_at": wrote_at, "remind_at": remind_at}
        relay_id = await self._sql.scalar(insert(relays).values(**values).returning(relays.c.id))
        return Relay(relay_id, customer_id, member_id, wrote_at, None, remind_at)

    async def answered(self, customer_id: int, now: datetime) -> bool:
        """Whatever waits of this customer's is answered; whether something did."""
        waiting = update(relays).where(relays.c.customer_id == customer_id, _WAITS)
        return await self._sql.change(waiting.values(answered_at=now, remind_at=None)) > 0

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

    async def next_due(self) -> datetime | None:
        """The earliest `remind_at`."""
        moment: datetime | None = await self._sql.scalar(select(func.min(relays.c.remind_at)).where(_WAITS))
        return moment

    async def talked_about(self, address: Address, message_ref: str) -> int | None:
        """The customer whose talk with us the message with this reference shows, by the button under it."""
        here = (outbox.c.chat_id == address.chat_id, outbox.c.message_ref == message_ref)
        newest = select(outbox.c.payload).where(*here, outbox.c.channel == address.channel)
        payload = await self._sql.scalar(newest.order_by(outbox.c.id.desc()).limit(1))
        rows = payload.get("choices", ()) if payload else ()
        said = [data for row in rows for _, data, *_ in row if data.startswith(ANSWER)]
        return int(said[0].removeprefix(ANSWER)) if said else None
