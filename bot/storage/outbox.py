"""What is to be sent: queued inside a unit of work, emptied by dispatchers that may die at any moment (RELIABILITY rules 3-5)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.domain.delivery import RELAY, SECRET, Audience, Delivery, DeliveryState, NewDelivery
from bot.domain.mailroom import Address, Shown
from bot.domain.reaching import TEMPLATES, UNASKED_KEY
from bot.storage.columns import columns_of
from bot.storage.engine import Engines
from bot.storage.guest_tables import contacts
from bot.storage.held import HELD
from bot.storage.tables import TOLD_OF, actions, group_chats, identities, inbox, members, outbox
from bot.storage.transaction import Sql

_DELIVERY = columns_of(outbox, Delivery)
_STATE, _WAKE = outbox.c.state, outbox.c.wake_at
_WAITING = _STATE.in_([DeliveryState.DUE, DeliveryState.CLAIMED])
_IN_HAND = _STATE.in_([DeliveryState.CLAIMED, DeliveryState.SENDING])
_OVER = _STATE.in_([DeliveryState.SENT, DeliveryState.CANCELLED, DeliveryState.EXPIRED])
_MAY_STAND_THERE = (DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNKNOWN)
_LOOKED_BACK = 10
_LAST_LETTER = "\U0010ffff"
_PRUNED_AT_ONCE = 1000
_LEASE_UNTIL = bindparam("lease_until", type_=_WAKE.type)
_NOW = bindparam("now", type_=_WAKE.type)

_QUEUE = upsert(outbox).on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(outbox.c.id)
_ANSWER = insert(outbox).returning(outbox.c.id)

# What becomes of a row whose time has come. One found in `sending` past its lease may have arrived or not.
_is_late = outbox.c.expires_at <= _NOW
_may_have_arrived = _STATE == DeliveryState.SENDING
# A retry of what was under way while its member lost their access.
_has_left = exists().where(
    identities.c.channel == outbox.c.channel,
    identities.c.chat_id == outbox.c.chat_id,
    members.c.id == identities.c.member_id,
    members.c.active.is_(False),
)
_next_state = case(
    (_has_left, DeliveryState.CANCELLED),
    (and_(_may_have_arrived, or_(outbox.c.audience == Audience.CUSTOMER, _is_late)), DeliveryState.UNKNOWN),
    (_is_late, DeliveryState.EXPIRED),
    else_=DeliveryState.CLAIMED,
)
_is_over = or_(_has_left, _is_late, and_(_may_have_arrived, outbox.c.audience == Audience.CUSTOMER))
_ripe = select(outbox.c.id).where(_WAKE <= _NOW).order_by(_WAKE, outbox.c.id).limit(bindparam("most"))
_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(_ripe.with_for_update(skip_locked=True)))
    .values(
        state=_next_state,
        wake_at=case((_is_over, null()), else_=_LEASE_UNTIL),
        owner=bindparam("new_owner"),
    )
    .returning(*_DELIVERY)
)
_SENDING = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("delivery_id"),
        _STATE == DeliveryState.CLAIMED,
        outbox.c.owner == bindparam("the_owner"),
        _WAKE > _NOW,
    )
    .values(state=DeliveryState.SENDING, attempts=outbox.c.attempts + 1, wake_at=_LEASE_UNTIL)
)
# Once it has arrived. What went as a template holds the customer's own link, and nobody taps on it here.
_is_forgotten = or_(outbox.c.kind == SECRET, outbox.c.channel == TEMPLATES)
_SENT = (
    update(outbox)
    .where(outbox.c.id == bindparam("delivery_id"))
    .values(
        state=DeliveryState.SENT,
        message_ref=bindparam("ref"),
        sent_at=_NOW,
        wake_at=None,
        last_error="",
        payload=case((_is_forgotten, literal({"text": ""}, outbox.c.payload.type)), else_=outbox.c.payload),
    )
)


def _row(delivery: NewDelivery, state: DeliveryState, wake_at: datetime, attempts: int) -> dict[str, Any]:
    return {
        "dedupe_key": delivery.dedupe_key,
        "channel": delivery.channel,
        "chat_id": delivery.chat_id,
        "audience": delivery.audience,
        "kind": delivery.kind,
        "payload": delivery.payload,
        "state": state,
        "due_at": delivery.due_at,
        "wake_at": wake_at,
        "expires_at": delivery.expires_at,
        "owner": "",
        "attempts": attempts,
        "replace_ref": delivery.replace_ref,
        "message_ref": "",
        "last_error": "",
        "customer_id": delivery.customer_id,
    }


class SqlOutbox:
    """`Outbox` in tables."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def queue(self, delivery: NewDelivery) -> bool:
        """Queue a delivery; False when its key was queued before."""
        return await self._sql.row(_QUEUE, _row(delivery, DeliveryState.DUE, delivery.due_at, 0)) is not None

    async def answer(self, deliveries: Sequence[NewDelivery], lease_until: datetime) -> Sequence[Delivery]:
        """Queue answers that this process sends itself right after the commit: already `sending`, leased until then."""
        answers = []
        for delivery in deliveries:
            row = _row(delivery, DeliveryState.SENDING, lease_until, 1)
            row["id"] = await self._sql.scalar(_ANSWER, row)
            answers.append(Delivery(**{column.name: row[column.name] for column in _DELIVERY}))
        return answers

    async def cancel(self, key_prefix: str) -> int:
        """Cancel what still waits under keys that start so; returns how many. What is being sent is let go; to a
        customer it is not tried again, though."""
        under_it = (outbox.c.dedupe_key >= key_prefix, outbox.c.dedupe_key < key_prefix + _LAST_LETTER)
        on_its_way = (*under_it, _STATE == DeliveryState.SENDING, outbox.c.audience == Audience.CUSTOMER)
        await self._sql.change(update(outbox).where(*on_its_way).values(expires_at=outbox.c.due_at))
        cancel = update(outbox).where(*under_it, _WAITING).values(state=DeliveryState.CANCELLED, wake_at=None)
        return await self._sql.change(cancel)

    async def cancel_to(self, address: Address) -> int:
        """Cancel what still waits for this chat; returns how many. What is being sent is let go."""
        theirs = (outbox.c.channel == address.channel, outbox.c.chat_id == address.chat_id)
        waiting = update(outbox).where(*theirs, _WAKE.is_not(None), _WAITING)
        return await self._sql.change(waiting.values(state=DeliveryState.CANCELLED, wake_at=None))

    async def hold(self, delivery: NewDelivery, why: str) -> bool:
        """Keep what cannot be sent, as if the channel had refused it; False when its key was queued before."""
        kept = {**_row(delivery, DeliveryState.FAILED, delivery.due_at, 0), "wake_at": None, "last_error": why}
        return await self._sql.row(_QUEUE, kept) is not None

    async def first_held(self, address: Address) -> int | None:
        """The first message of those that a member was too silent for; None where there is none."""
        theirs = (outbox.c.channel == address.channel, outbox.c.chat_id == address.chat_id)
        first: int | None = await self._sql.scalar(select(func.min(outbox.c.id)).where(*theirs, *HELD))
        return first

    async def release(self, address: Address, now: datetime, *, but_not: Collection[str]) -> None:
        """They have written: what was kept for them is sent, but for these kinds, which are dropped."""
        theirs = (outbox.c.channel == address.channel, outbox.c.chat_id == address.chat_id, *HELD)
        dropped = update(outbox).where(*theirs, outbox.c.kind.in_(but_not))
        await self._sql.change(dropped.values(state=DeliveryState.CANCELLED))
        await self._sql.change(update(outbox).where(*theirs).values(state=DeliveryState.DUE, wake_at=now, owner=""))

    async def supersede(self, delivery_id: int) -> None:
        """What failed goes another way: it is not looked at any more."""
        failed = update(outbox).where(outbox.c.id == delivery_id, _STATE == DeliveryState.FAILED)
        await self._sql.change(failed.values(state=DeliveryState.CANCELLED, wake_at=None))

    async def never_again(self, member_ids: Collection[int]) -> None:
        """What did not reach these members is not sent again: they may not have all of it any more."""
        await never_again(self._sql, select(members.c.id).where(members.c.id.in_(member_ids)))

    async def withdraw(self, followup_ids: Collection[int]) -> Mapping[int, datetime]:
        """Cancel the pushes of these follow-ups that still wait, and free their keys; when each was to come."""
        pushes = (outbox.c.dedupe_key >= "followup:", outbox.c.dedupe_key < "followup:" + _LAST_LETTER)
        rows = await self._sql.rows(select(outbox.c.id, outbox.c.dedupe_key).where(_WAITING, *pushes))
        theirs = {row.id: int(row.dedupe_key.split(":")[1]) for row in rows}
        wanted = [row_id for row_id, followup_id in theirs.items() if followup_id in followup_ids]
        if not wanted:
            return {}
        withdrawn = update(outbox).where(outbox.c.id.in_(wanted), _WAITING)
        freed = literal("withdrawn:") + cast(outbox.c.id, Text) + ":" + outbox.c.dedupe_key
        values = {"state": DeliveryState.CANCELLED, "wake_at": None, "dedupe_key": freed}
        done = await self._sql.rows(withdrawn.values(**values).returning(outbox.c.id, outbox.c.due_at))
        return {theirs[row.id]: row.due_at for row in done}


async def never_again(sql: Sql, member_ids: Select[Any]) -> None:
    """What did not reach these members is over: nobody sends it again."""
    to_them = exists().where(
        identities.c.channel == outbox.c.channel,
        identities.c.chat_id == outbox.c.chat_id,
        identities.c.member_id.in_(member_ids),
    )
    did_not_arrive = _STATE.in_([DeliveryState.FAILED, DeliveryState.UNKNOWN])
    await sql.change(update(outbox).where(did_not_arrive, to_them).values(state=DeliveryState.EXPIRED))


class SqlLedger:
    """`Ledger` in tables: every call is a transaction of its own."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    async def claim(self, now: datetime, limit: int, owner: str, lease_until: datetime) -> Sequence[Delivery]:
        """Due rows, and rows whose lease ran out, now claimed by `owner`: oldest due first."""
        times = {"now": now, "lease_until": lease_until}
        async with self._engines.writing() as sql:
            rows = await sql.rows(_CLAIM, {**times, "most": limit, "new_owner": owner})
            if rows:
                await sql.commit()
        claimed = [Delivery(*row) for row in rows if row.state is DeliveryState.CLAIMED]
        return sorted(claimed, key=lambda delivery: (delivery.due_at, delivery.id))

    async def put_off(self, now: datetime, until: datetime) -> None:
        """What is due by now and no customer asked for waits until that moment."""
        unasked = (outbox.c.dedupe_key >= UNASKED_KEY, outbox.c.dedupe_key < UNASKED_KEY + _LAST_LETTER)
        late = update(outbox).where(outbox.c.wake_at <= now, _STATE == DeliveryState.DUE, *unasked)
        async with self._engines.writing() as sql:
            if await sql.change(late.values(wake_at=until)):
                await sql.commit()

    async def sending(self, delivery: Delivery, owner: str, now: datetime, lease_until: datetime) -> bool:
        """Commit that it is about to be sent; False (do not send) when `owner` lost it."""
        fence = {"delivery_id": delivery.id, "the_owner": owner, "now": now, "lease_until": lease_until}
        async with self._engines.writing() as sql:
            is_ours = await sql.change(_SENDING, fence) == 1
            if is_ours:
                await sql.commit()
        return is_ours

    async def sent(self, deliveries: Sequence[tuple[int, str]], now: datetime) -> None:
        """These (id, message_ref) arrived, whatever became of their rows meanwhile."""
        if not deliveries:
            return
        async with self._engines.writing() as sql:
            await sql.change(
                _SENT, [{"delivery_id": delivery_id, "ref": ref, "now": now} for delivery_id, ref in sorted(deliveries)]
            )
            await sql.commit()

    async def settle(
        self, delivery: Delivery, state: DeliveryState, error: str, due_at: datetime | None, *, chat_id: str = ""
    ) -> None:
        """It did not arrive: its new state, why, and when it is tried again; `chat_id` where the chat has moved."""
        wake_at = due_at if state is DeliveryState.DUE else None
        values: dict[str, Any] = {"state": state, "last_error": error, "wake_at": wake_at, "owner": ""}
        # Somebody who took the row over after our lease ran out, and is sending it, decides about it.
        not_taken_over = (_IN_HAND, outbox.c.attempts.in_([delivery.attempts, delivery.attempts + 1]))
        async with self._engines.writing() as sql:
            await sql.change(update(outbox).where(outbox.c.id == delivery.id, *not_taken_over).values(**values))
            if chat_id:
                await _move_chat(sql, Address(delivery.channel, delivery.chat_id), chat_id)
            await sql.commit()

    async def block(self, address: Address, now: datetime) -> None:
        """This person cannot be written to any more: what waits for them has failed."""
        theirs = (outbox.c.channel == address.channel, outbox.c.chat_id == address.chat_id)
        them = (identities.c.channel == address.channel, identities.c.chat_id == address.chat_id)
        failed = {"state": DeliveryState.FAILED, "last_error": "blocked", "wake_at": None}
        async with self._engines.writing() as sql:
            await sql.change(update(identities).where(*them).values(blocked_at=now))
            customer = (contacts.c.channel == address.channel, contacts.c.chat_id == address.chat_id)
            await sql.change(update(contacts).where(*customer).values(blocked_at=now))
            await sql.change(update(outbox).where(*theirs, _WAKE.is_not(None), _WAITING).values(**failed))
            await sql.commit()

    async def shown(self, address: Address, *, delivery_id: int = 0, message_ref: str = "") -> Shown | None:
        """A message of ours in this chat: that of the id, that of the reference, or else the newest that something typed may answer:
        it offers choices, asks for words, or holds a person's."""
        here = (outbox.c.channel == address.channel, outbox.c.chat_id == address.chat_id, _STATE.in_(_MAY_STAND_THERE))
        at = func.coalesce(outbox.c.sent_at, outbox.c.due_at).label("at")
        found = select(outbox.c.id, outbox.c.payload, outbox.c.message_ref, at, outbox.c.kind).where(*here)
        if delivery_id:
            found = found.where(outbox.c.id == delivery_id)
        elif message_ref:
            found = found.where(outbox.c.message_ref == message_ref)
        async with self._engines.reading() as sql:
            rows = await sql.rows(found.order_by(outbox.c.id.desc()).limit(_LOOKED_BACK))
        is_named = delivery_id or message_ref
        return next((Shown(*row[:4]) for row in rows if is_named or _may_be_answered(row)), None)

    async def arrived(
        self, channels: Collection[str], message_refs: Collection[str], at: datetime, *, seen: bool
    ) -> bool:
        """These messages reached the person's phone, or were seen, at this moment; False where none of them is known, or not yet."""
        theirs = (
            TOLD_OF,
            outbox.c.channel.in_(channels),
            outbox.c.message_ref.in_(message_refs),
            outbox.c.message_ref != "",
        )
        received = {"received_at": func.coalesce(outbox.c.received_at, at)}
        values = {**received, "seen_at": func.coalesce(outbox.c.seen_at, at)} if seen else received
        async with self._engines.writing() as sql:
            known = await sql.change(update(outbox).where(*theirs).values(**values))
            await sql.commit()
        return known > 0

    async def payload(self, channel: str, delivery_id: int) -> Mapping[str, Any] | None:
        """What a message on this channel says; None where it is not kept (any more)."""
        named = select(outbox.c.payload).where(outbox.c.id == delivery_id, outbox.c.channel == channel)
        async with self._engines.reading() as sql:
            payload: Mapping[str, Any] | None = await sql.scalar(named)
        return payload

    async def next_due(self) -> datetime | None:
        """When the next row falls due or the next lease runs out."""
        async with self._engines.reading() as sql:
            moment: datetime | None = await sql.scalar(select(func.min(_WAKE)))
        return moment

    async def latest_moment(self) -> datetime | None:
        """The latest moment (UTC) at which something is known to have happened: taken in, saved or sent; None in a new database."""
        moments = (
            select(func.max(inbox.c.taken_at)),
            select(actions.c.saved_at).order_by(actions.c.id.desc()).limit(1),
            select(func.max(outbox.c.due_at)).where(_STATE == DeliveryState.SENT),
        )
        async with self._engines.reading() as sql:
            return max(filter(None, [await sql.scalar(moment) for moment in moments]), default=None)

    async def prune(self, before: datetime) -> int:
        """Forget what was sent, cancelled or expired and due before, and updates taken in before; returns how many rows went.
        Failed and unknown rows stay for somebody to read."""
        old_rows = select(outbox.c.id).where(_OVER, outbox.c.due_at < before).limit(_PRUNED_AT_ONCE)
        old_updates = select(inbox.c.channel, inbox.c.update_id).where(inbox.c.taken_at < before).limit(_PRUNED_AT_ONCE)
        pruned = 0
        while True:
            async with self._engines.writing() as sql:
                rows = await sql.change(delete(outbox).where(outbox.c.id.in_(old_rows)))
                taken = (inbox.c.channel, inbox.c.update_id)
                updates = await sql.change(delete(inbox).where(tuple_(*taken).in_(old_updates)))
                await sql.commit()
            pruned += rows + updates
            if max(rows, updates) < _PRUNED_AT_ONCE:
                return pruned


def _may_be_answered(row: Any) -> bool:
    return bool(row.payload.get("choices") or row.payload.get("asks_words") or row.kind == RELAY)


async def _move_chat(sql: Sql, old: Address, chat_id: str) -> None:
    """The chat has a new id: for the person or the group, and for all that waits for them."""
    for table in (identities, contacts, outbox):
        same_chat = (table.c.channel == old.channel, table.c.chat_id == old.chat_id)
        still = (_WAKE.is_not(None),) if table is outbox else ()
        await sql.change(update(table).where(*same_chat, *still).values(chat_id=chat_id))
    this_channel, is_old = group_chats.c.channel == old.channel, group_chats.c.chat_id == old.chat_id
    if await sql.scalar(select(group_chats.c.title).where(this_channel, group_chats.c.chat_id == chat_id)):
        await sql.change(delete(group_chats).where(this_channel, is_old))  # somebody has linked it anew
    else:
        await sql.change(update(group_chats).where(this_channel, is_old).values(chat_id=chat_id))
