"""Customers, always for an acting member."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, not_, select, text, update

from bot.domain.customers import Customer, NewCustomer
from bot.domain.errors import NotFound
from bot.domain.people import Member
from bot.domain.pipeline import StageMove
from bot.domain.repositories import DuplicateHint, Found
from bot.storage import search
from bot.storage.access import IS_OF_TEAM, IS_OWN, IS_THERE, led_team, scope_of, visible_to
from bot.storage.audit import Witness
from bot.storage.columns import columns_of
from bot.storage.tables import actions, customer_phones, customers, interactions, members, stage_moves
from bot.storage.transaction import Sql
from bot.storage.undo import Journal
from bot.storage.vocabulary import changed_for, gone_over

CUSTOMER_COLUMNS = columns_of(customers, Customer)
_CUSTOMER = select(*CUSTOMER_COLUMNS)
_BY_ID = _CUSTOMER.where(customers.c.id == bindparam("customer_id"), IS_THERE)
# A turn that reads a customer may change them by what it read: on PostgreSQL the next such turn waits.
_BY_ID_LOCKED = _BY_ID.with_for_update(of=customers, key_share=True)
_ADD = insert(customers).returning(customers.c.id)
_ADD_MOVE = insert(stage_moves).returning(stage_moves.c.id)
_UPDATE = update(customers).where(customers.c.id == bindparam("row_id"))

_MAX_NAMED = 10
_last_talked = func.coalesce(
    select(func.max(interactions.c.at)).where(interactions.c.customer_id == customers.c.id).scalar_subquery(),
    customers.c.created_at,
)
_NAMED = (
    select(
        *CUSTOMER_COLUMNS,
        search.IS_SPOKEN.label("as_spoken"),
        (func.coalesce(customers.c.honorific, "") == bindparam("honorific")).label("called_so"),
        _last_talked.label("last_talked"),
    )
    .where(search.IS_NAMED)
    .order_by(text("as_spoken DESC"), text("called_so DESC"), text("last_talked DESC"), customers.c.id.desc())
    .limit(_MAX_NAMED)
)
_NAMED_OF_OWNER = _NAMED.where(IS_OWN)
_NAMED_OF_TEAM = _NAMED.where(IS_OF_TEAM)


class SqlCustomers:
    """`Customers` in tables."""

    def __init__(self, sql: Sql, journal: Journal, witness: Witness) -> None:
        self._sql = sql
        self._journal = journal
        self._witness = witness

    async def get(self, actor: Member, customer_id: int) -> Customer:
        """One customer. Raises NotFound when there is none, or it is not the actor's to see."""
        scope = scope_of(actor)
        by_id = _BY_ID_LOCKED if self._sql.writes else _BY_ID
        visible = by_id if scope.condition is None else by_id.where(scope.condition)
        row = await self._sql.row(visible, {"customer_id": customer_id, **scope.parameters})
        if row is None:
            raise NotFound("customer_not_found")
        self._witness.fetched(actor, customer_id)
        return Customer(*row)

    async def add(self, actor: Member, customer: NewCustomer, now: datetime) -> Customer:
        """Write down a customer of the actor's own."""
        values = {field.name: getattr(customer, field.name) for field in fields(NewCustomer)}
        values |= {"owner_id": actor.id, "created_at": now, "stage_since": now}
        keys = search.keys_of(customer.name, customer.company, customer.phones)
        customer_id = await self._sql.scalar(_ADD, {**values, **keys})
        await self._list_phones(customer_id, customer.phones)
        await search.learn_spellings(self._sql, keys)
        await changed_for(self._sql, actor.id)
        added = Customer(id=customer_id, **values)
        self._journal.added(added)
        await self._note_move(actor, added, None, now, None)
        return added

    async def update(self, customer: Customer, **changes: Any) -> Customer:
        """The customer with fields changed (`phones` too)."""
        changed = replace(customer, **changes)
        await self.rewrite(changed, changes)
        self._journal.changed(customer, changed, changes)
        return changed

    async def move(
        self, actor: Member, customer: Customer, stage: str, now: datetime, *, reason: str | None = None
    ) -> Customer:
        """The customer's deal at another step of the pipeline, or lost for a `reason`."""
        moved = await self.update(customer, stage=stage, stage_since=now, lost_reason=reason)
        await self._note_move(actor, moved, customer.stage, now, reason)
        return moved

    async def _note_move(
        self, actor: Member, customer: Customer, before: str | None, now: datetime, reason: str | None
    ) -> None:
        values: dict[str, Any] = {
            "customer_id": customer.id,
            "member_id": actor.id,
            "at": now,
            "from_stage": before,
            "to_stage": customer.stage,
            "reason": reason,
        }
        self._journal.added(StageMove(await self._sql.scalar(_ADD_MOVE, values), **values))

    async def by_phone(self, actor: Member, phone: str) -> Sequence[Customer]:
        """The customers whom the actor may see with this E.164 number, the actor's own first."""
        with_it = select(customer_phones.c.customer_id).where(customer_phones.c.phone == phone)
        found = _CUSTOMER.where(customers.c.id.in_(with_it), visible_to(actor))
        own_first = (customers.c.owner_id != actor.id, customers.c.id)
        return [Customer(*row) for row in await self._sql.rows(found.order_by(*own_first))]

    async def duplicate_of(self, actor: Member, phones: Sequence[str]) -> DuplicateHint | None:
        """Whether a customer whom the actor may not see has one of these numbers."""
        if not phones:
            return None
        somebody_elses = (
            select(customers.c.id, customers.c.owner_id, members.c.name)
            .join(customer_phones, customer_phones.c.customer_id == customers.c.id)
            .join(members, members.c.id == customers.c.owner_id)
            .where(customer_phones.c.phone.in_(phones), not_(visible_to(actor)))
            .order_by(customers.c.id)
            .limit(1)
        )
        row = await self._sql.row(somebody_elses)
        return None if row is None else DuplicateHint(*row)

    async def named(self, actor: Member, name: str, honorific: str | None = None) -> Sequence[Customer]:
        """The customers that `name` names: the actor's own, or where there are none those whom the actor may see."""
        keys = search.name_parameters(name)
        if not keys or not actor.active:
            return []
        asked = {**keys, "honorific": honorific or ""}
        rows = await self._sql.rows(_NAMED_OF_OWNER, {**asked, "owner_id": actor.id})
        if not rows and actor.sees_everyone:
            rows = await self._sql.rows(_NAMED, asked)
        elif not rows and (team_id := led_team(actor)) is not None:
            rows = await self._sql.rows(_NAMED_OF_TEAM, {**asked, "owners_team_id": team_id})
        exact = [row for row in rows if row.as_spoken] or list(rows)
        if honorific and [row.called_so for row in exact].count(True) == 1:
            exact = [row for row in exact if row.called_so]
        exact.sort(key=lambda row: (row.last_talked, row.id), reverse=True)
        return [Customer(*row[: len(CUSTOMER_COLUMNS)]) for row in exact]

    async def recent(self, actor: Member, limit: int) -> Sequence[Customer]:
        """Those whom the actor talked about last, by what they saved."""
        talked = (
            select(actions.c.customer_id, func.max(actions.c.id).label("last"))
            .where(actions.c.member_id == actor.id, actions.c.undone_at.is_(None))
            .group_by(actions.c.customer_id)
            .subquery()
        )
        found = _CUSTOMER.join(talked, talked.c.customer_id == customers.c.id).where(visible_to(actor))
        return [Customer(*row) for row in await self._sql.rows(found.order_by(talked.c.last.desc()).limit(limit))]

    async def find(self, actor: Member, query: str, limit: int, offset: int = 0) -> tuple[Sequence[Found], int]:
        """Search; returns the page, best first, and how many there are in all (counted up to 100)."""
        if not actor.active:
            return [], 0
        hits = await search.hits(self._sql, query, scope_of(actor))
        page = hits[offset : offset + limit]
        these = _CUSTOMER.where(customers.c.id.in_([hit.customer_id for hit in page]))
        found = {row.id: Customer(*row) for row in await self._sql.rows(these)}
        return [Found(found[hit.customer_id], hit.score) for hit in page], len(hits)

    async def rewrite(self, customer: Customer, changes: Mapping[str, Any]) -> None:
        """Bring the tables to `customer`, whose fields `changes` are new."""
        values = dict(changes)
        if changes.keys() & {"name", "company", "phones"}:
            keys = search.keys_of(customer.name, customer.company, customer.phones)
            values |= keys
            await search.learn_spellings(self._sql, keys)
        if "owner_id" in changes:
            owner_id = await self._sql.scalar(select(customers.c.owner_id).where(customers.c.id == customer.id))
            await gone_over(self._sql, [customer.id], owner_id, customer.owner_id)
        await self._sql.change(_UPDATE, {"row_id": customer.id, **values})
        if changes.keys() & {"name", "honorific", "phones"}:
            await changed_for(self._sql, customer.owner_id)
        if "phones" in changes:
            await self._sql.change(delete(customer_phones).where(customer_phones.c.customer_id == customer.id))
            await self._list_phones(customer.id, customer.phones)

    async def _list_phones(self, customer_id: int, phones: Sequence[str]) -> None:
        rows = [{"phone": phone, "customer_id": customer_id} for phone in sorted(set(phones))]
        if rows:
            await self._sql.change(insert(customer_phones), rows)
