"""The audit: written with the commit of the work itself, in one statement, and never changed (triggers refuse it)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.domain.audit import AuditEntry, Viewer, What
from bot.domain.customers import Customer
from bot.domain.errors import NotFound
from bot.domain.people import Member
from bot.storage.access import led_by, visible_to
from bot.storage.columns import columns_of
from bot.storage.tables import audit, customers, members
from bot.storage.transaction import Sql

if TYPE_CHECKING:
    from bot.storage.customers import SqlCustomers

_NOTE = upsert(audit).on_conflict_do_nothing(index_elements=["once"])
_CUSTOMER = columns_of(customers, Customer)
_about = members.alias("about")
# An import of thousands in one turn is not thousands of looks.
_MOST_SEEN = 100


class Witness:
    """What a unit of work is going to note, and whom it has fetched for whom; the repositories write it."""

    def __init__(self) -> None:
        self._rows: list[dict[str, Any]] = []
        self._fetched: set[tuple[int, int]] = set()

    def note(
        self,
        member_id: int,
        what: What,
        now: datetime,
        *,
        customer: int | None = None,
        about_member: int | None = None,
        details: Mapping[str, Any] | None = None,
        once: str | None = None,
    ) -> None:
        """One row more."""
        row = {"at": now, "member_id": member_id, "what": what, "customer_id": customer}
        self._rows.append({**row, "about_member_id": about_member, "details": dict(details or {}), "once": once})

    def noted(self) -> Sequence[object]:
        """The rows so far."""
        return tuple(self._rows)

    def note_again(self, noted: Sequence[object]) -> None:
        """Rows of another's, as `noted` gave them."""
        self._rows += cast("Sequence[dict[str, Any]]", noted)

    def fetched(self, actor: Member, customer_id: int) -> None:
        """The actor has a customer before their eyes."""
        self._fetched.add((actor.id, customer_id))

    def seen_by(self, actor: Member) -> frozenset[int]:
        """Whom it has fetched for the actor."""
        return frozenset(customer_id for member_id, customer_id in self._fetched if member_id == actor.id)

    def touched(
        self, member_id: int, what: What, customer_id: int | None, changes: Iterable[Mapping[str, Any]], now: datetime
    ) -> None:
        """An action was saved or taken back: one row for each customer in it, with kinds and fields."""
        by_customer: dict[int | None, tuple[set[str], set[str]]] = {}
        for change in changes:
            added, fields = by_customer.setdefault(_customer_of(change, customer_id), (set(), set()))
            if change["before"] is None:
                added.add(change["kind"])
            else:
                fields |= {f"{change['kind']}.{name}" for name in change["after"]}
        for about, (added, fields) in by_customer.items():
            details = {"added": sorted(added), "fields": sorted(fields)}
            self.note(member_id, what, now, customer=about, details={name: d for name, d in details.items() if d})

    async def write(self, sql: Sql) -> None:
        """Write all rows, in one statement."""
        if rows := _each_thing_once(self._rows):
            await sql.change(_NOTE, sorted(rows, key=lambda row: row["once"] or ""))
            self._rows = []


def _each_thing_once(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the change of who takes care where the row of the assignment tells it: so with the note on the customer."""
    assigned = {row["customer_id"] for row in rows if row["what"] is What.ASSIGNED}
    told: list[dict[str, Any]] = []
    for row in rows:
        if row["what"] is What.CHANGED and row["customer_id"] in assigned:
            fields = [field for field in row["details"].get("fields", ()) if field != "customer.owner_id"]
            added = row["details"].get("added", [])
            if not fields and set(added) <= {"interaction"}:
                continue
            details = {"added": added, "fields": fields}
            row = row | {"details": {name: said for name, said in details.items() if said}}
        told.append(row)
    return told


def _customer_of(change: Mapping[str, Any], otherwise: int | None) -> int | None:
    """Whom a change of the journal is about."""
    if change["kind"] == "customer":
        return int(change["id"])
    customer_id: int | None = change["after"].get("customer_id", otherwise)
    return customer_id


class SqlAudit:
    """`Audit` in tables."""

    def __init__(self, sql: Sql, witness: Witness, customers_of: "SqlCustomers") -> None:
        self._sql = sql
        self._witness = witness
        self._customers = customers_of

    async def note(
        self,
        actor: Member,
        what: What,
        *,
        now: datetime,
        about_member: int | None = None,
        customer: int | None = None,
        **details: str | int | Sequence[str],
    ) -> None:
        """Write down with the commit that the actor did it."""
        self._witness.note(actor.id, what, now, customer=customer, about_member=about_member, details=details)

    def noted(self) -> Sequence[object]:
        """What this unit of work would write down with the commit, for one that can: reading ones cannot."""
        return self._witness.noted()

    def note_again(self, noted: Sequence[object]) -> None:
        """Write down with the commit what another unit of work has noted."""
        self._witness.note_again(noted)

    def seen_by(self, actor: Member) -> frozenset[int]:
        """The customers that this unit of work has fetched for the actor."""
        return self._witness.seen_by(actor)

    async def note_seen(self, actor: Member, customers: Collection[int], now: datetime) -> None:
        """Write down with the commit that the actor saw these customers: once a day each."""
        today = actor.today(now)
        for customer_id in sorted(customers)[:_MOST_SEEN]:
            once = f"saw:{actor.id}:{customer_id}:{today}"
            self._witness.note(actor.id, What.SAW, now, customer=customer_id, once=once)

    async def page(
        self, reader: Member, limit: int, offset: int = 0, *, member: int | None = None, customer: int | None = None
    ) -> tuple[Sequence[AuditEntry], int]:
        """What was done by those whom the reader leads, newest first, and how much there is."""
        wanted = await self._wanted(reader, member, customer)
        entries = (
            select(audit, members.c.name.label("member"), _about.c.name.label("about"), *_CUSTOMER)
            .outerjoin_from(audit, members, members.c.id == audit.c.member_id)
            .outerjoin(_about, _about.c.id == audit.c.about_member_id)
            .outerjoin(customers, and_(customers.c.id == audit.c.customer_id, visible_to(reader)))
            .where(wanted)
            .order_by(audit.c.at.desc(), audit.c.id.desc())
            .limit(limit)
            .offset(offset)
        )
        count = await self._sql.scalar(select(func.count()).select_from(audit).where(wanted))
        return [_entry(row) for row in await self._sql.rows(entries)], count

    async def viewers(self, reader: Member, customer: int) -> Sequence[Viewer]:
        """Who has seen a customer, the latest first."""
        wanted = await self._wanted(reader, None, customer)
        last = func.max(audit.c.at)
        seen = (
            select(members.c.name, func.count(), last)
            .join_from(audit, members, members.c.id == audit.c.member_id)
            .where(wanted, audit.c.what == What.SAW)
            .group_by(members.c.id, members.c.name)
            .order_by(last.desc(), members.c.id)
        )
        return [Viewer(*row) for row in await self._sql.rows(seen)]

    async def _wanted(self, reader: Member, member: int | None, customer: int | None) -> ColumnElement[bool]:
        if not (reader.active and reader.manages):
            raise NotFound
        if customer is not None:
            await self._customers.get(reader, customer)
        return and_(
            led_by(reader, audit.c.member_id),  # whom the reader leads: as with the customers in their care
            true() if member is None else audit.c.member_id == member,
            true() if customer is None else audit.c.customer_id == customer,
        )


def _entry(row: Any) -> AuditEntry:
    split = len(audit.c) + 2
    customer = Customer(*row[split:]) if row[split] is not None else None
    return AuditEntry(row[0], row[1], row.member, What(row.what), row.about, customer, row.details)
