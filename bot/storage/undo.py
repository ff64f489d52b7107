"""What was saved in one go, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, Table, delete, exc, insert, not_, select, update

from bot.domain.audit import What
from bot.domain.customers import Customer
from bot.domain.errors import DomainError, NotFound
from bot.domain.followups import FollowUp
from bot.domain.people import Member
from bot.domain.pipeline import StageMove
from bot.domain.referrals import Reward
from bot.domain.repositories import Action
from bot.domain.sales import Sale
from bot.domain.tickets import Ticket
from bot.domain.timeline import Interaction
from bot.storage.access import visible_to
from bot.storage.columns import UtcDateTime, columns_of
from bot.storage.guest_tables import rewards, tickets
from bot.storage.tables import actions, customers, followups, interactions, members, sales, stage_moves
from bot.storage.transaction import Sql
from bot.storage.vocabulary import changed_for

if TYPE_CHECKING:
    from bot.storage.audit import Witness
    from bot.storage.customers import SqlCustomers
    from bot.storage.outbox import SqlOutbox

Entity = Customer | Sale | Interaction | FollowUp | StageMove | Reward | Ticket
# In the order in which rows may go: what refers before what it refers to.
_KINDS: dict[str, tuple[type[Entity], Table]] = {
    "ticket": (Ticket, tickets),
    "reward": (Reward, rewards),
    "followup": (FollowUp, followups),
    "interaction": (Interaction, interactions),
    "sale": (Sale, sales),
    "stage_move": (StageMove, stage_moves),
    "customer": (Customer, customers),
}
_NAMES = {entity: name for name, (entity, _) in _KINDS.items()}
# The scheduler clears it when it pushes: that is not somebody building on the entry.
_NOT_COMPARED = frozenset({"push_at", "remind_at"})


@dataclass(slots=True)
class Change:
    """A row added (`before` is None) or changed: its fields as plain values."""

    kind: str
    id: int
    before: dict[str, Any] | None
    after: dict[str, Any]


class Journal:
    """What a unit of work has added and changed; the repositories write it."""

    def __init__(self) -> None:
        self._changes: dict[tuple[str, int], Change] = {}

    def added(self, entity: Entity) -> None:
        """A row is new."""
        kind = _NAMES[type(entity)]
        after = {} if isinstance(entity, Interaction) else _plain(asdict(entity))
        self._changes[kind, entity.id] = Change(kind, entity.id, None, after)

    def changed(self, before: Entity, after: Entity, names: Iterable[str]) -> None:
        """Fields of a row have new values."""
        kind = _NAMES[type(before)]
        change = self._changes.setdefault((kind, before.id), Change(kind, before.id, {}, {}))
        for name in names:
            if change.before is not None:
                change.before.setdefault(name, _plain_value(getattr(before, name)))
            change.after[name] = _plain_value(getattr(after, name))

    def take(self) -> list[dict[str, Any]]:
        """All changes so far, as a record; the journal starts anew."""
        record = [asdict(change) for change in self._changes.values()]
        self._changes.clear()
        return record


class SqlActions:
    """`Actions` in tables."""

    def __init__(
        self, sql: Sql, journal: Journal, customers_of: SqlCustomers, outbox: SqlOutbox, witness: Witness
    ) -> None:
        self._sql = sql
        self._journal = journal
        self._customers = customers_of
        self._outbox = outbox
        self._witness = witness

    async def record(self, actor: Member, customer_id: int | None, now: datetime) -> Action:
        """Write what this unit of work has added and changed since it began, or since the last record, as one action."""
        changes = self._journal.take()
        values = {"member_id": actor.id, "customer_id": customer_id, "saved_at": now, "changes": changes}
        action_id = await self._sql.scalar(_RECORD, values)
        self._witness.touched(actor.id, What.CHANGED, customer_id, changes, now)
        return Action(action_id, actor.id, customer_id, now, None)

    async def extend(self, action: Action) -> None:
        """What this unit of work has added and changed since it began, or since the last record, belongs to an earlier action and
        is taken back with it."""
        this_one = actions.c.id == action.id
        changes = await self._sql.scalar(select(actions.c.changes).where(this_one).with_for_update())
        await self._sql.change(update(actions).where(this_one).values(changes=[*changes, *self._journal.take()]))

    async def last(self, actor: Member, since: datetime) -> Action | None:
        """The actor's latest action after `since` that still stands."""
        standing = (
            _ACTION.where(actions.c.member_id == actor.id, actions.c.saved_at > since, actions.c.undone_at.is_(None))
            .order_by(actions.c.saved_at.desc(), actions.c.id.desc())
            .limit(1)
        )
        row = await self._sql.row(standing)
        return None if row is None else Action(*row)

    async def get(self, actor: Member, action_id: int) -> Action:
        """One of the actor's own actions. Raises NotFound."""
        row = await self._sql.row(_ACTION.where(actions.c.id == action_id, actions.c.member_id == actor.id))
        if row is None:
            raise NotFound("action_not_found")
        return Action(*row)

    async def revert(self, actor: Member, action: Action, now: datetime) -> None:
        """Take it back. Raises DomainError("undo_done"), ("undo_too_late") where later entries build on it, NotFound where a customer
        in it is not the actor's to see any more; then it changes nothing."""
        this_one = actions.c.id == action.id
        row = await self._sql.row(select(actions.c.changes, actions.c.undone_at).where(this_one).with_for_update())
        if row is None or row.undone_at is not None:
            raise DomainError("undo_done")
        changes = [Change(**change) for change in row.changes]
        current = await self._current(changes)
        if any(_has_moved_on(change, current.get((change.kind, change.id))) for change in changes):
            raise DomainError("undo_too_late")
        await self._demand_visible(actor, changes)
        try:
            async with self._sql.savepoint():
                await self._restore([change for change in changes if change.before is not None], current)
                await self._remove(action, [change for change in changes if change.before is None])
                await self._sql.change(update(actions).where(this_one).values(undone_at=now))
        except exc.IntegrityError:
            raise DomainError("undo_too_late") from None
        self._witness.touched(action.member_id, What.UNDID, action.customer_id, row.changes, now)

    async def _current(self, changes: list[Change]) -> dict[tuple[str, int], Entity]:
        current: dict[tuple[str, int], Entity] = {}
        for kind, ids in _by_kind(changes).items():
            entity, table = _KINDS[kind]
            if entity is not Interaction:
                rows = await self._sql.rows(
                    select(*columns_of(table, entity)).where(table.c.id.in_(ids)).with_for_update()
                )
                current |= {(kind, row.id): entity(*row) for row in rows}
        return current

    async def _demand_visible(self, actor: Member, changes: list[Change]) -> None:
        for kind, ids in _by_kind(changes).items():
            _, table = _KINDS[kind]
            concerned = table.c.id if table is customers else table.c.customer_id
            in_it = customers.c.id.in_(select(concerned).where(table.c.id.in_(ids)))
            if await self._sql.row(select(customers.c.id).where(in_it, not_(visible_to(actor))).limit(1)):
                raise NotFound("action_not_found")

    async def _restore(self, changes: list[Change], current: Mapping[tuple[str, int], Entity]) -> None:
        for change in changes:
            _, table = _KINDS[change.kind]
            before = {name: _value(table, name, plain) for name, plain in (change.before or {}).items()}
            entity = current[change.kind, change.id]
            if isinstance(entity, FollowUp) and "member_id" in before:
                # what the one has not got yet is for the other again
                withdrawn = await self._outbox.withdraw([entity.id])
                before["push_at"] = withdrawn.get(entity.id, before["push_at"])
            if isinstance(entity, Customer):
                await self._customers.rewrite(replace(entity, **before), before)
            else:
                await self._sql.change(update(table).where(table.c.id == change.id).values(**before))

    async def _remove(self, action: Action, changes: list[Change]) -> None:
        by_kind = _by_kind(changes)
        for kind, (_, table) in _KINDS.items():
            if ids := by_kind.get(kind):
                await self._sql.change(delete(table).where(table.c.id.in_(ids)))
        for followup_id in by_kind.get("followup", ()):
            await self._outbox.cancel(f"followup:{followup_id}:")
        for ticket_id in by_kind.get("ticket", ()):
            await self._outbox.cancel(f"ticket:{ticket_id}:")
        if gone := by_kind.get("customer"):
            owners = {change.after["owner_id"] for change in changes if change.kind == "customer"}
            for member_id in sorted({action.member_id, *owners}):
                await changed_for(self._sql, member_id)
            await self._sql.change(
                update(members).where(members.c.last_customer_id.in_(gone)).values(last_customer_id=None)
            )


_ACTION = select(*columns_of(actions, Action))
_RECORD = insert(actions).returning(actions.c.id)


def _by_kind(changes: Iterable[Change]) -> dict[str, list[int]]:
    ids: dict[str, list[int]] = {}
    for change in changes:
        ids.setdefault(change.kind, []).append(change.id)
    return ids


def _has_moved_on(change: Change, entity: Entity | None) -> bool:
    """Whether somebody has changed since then what the change left behind."""
    if change.kind == _NAMES[Interaction]:
        return False
    compared = change.after.keys() - _NOT_COMPARED
    return entity is None or any(_plain_value(getattr(entity, name)) != change.after[name] for name in compared)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain_value(value) for name, value in values.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _value(table: Table, name: str, plain: Any) -> Any:
    """The value that `_plain_value` made plain."""
    if name == "phones":
        return tuple(plain)
    if plain is None:
        return None
    if isinstance(table.c[name].type, UtcDateTime):
        return datetime.fromisoformat(plain)
    return date.fromisoformat(plain) if isinstance(table.c[name].type, Date) else plain
