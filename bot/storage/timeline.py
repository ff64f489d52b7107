"""What happened between a customer and the company."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ColumnElement, and_, bindparam, func, insert, or_, select, true, update

from bot.domain.errors import NotFound
from bot.domain.people import Member
from bot.domain.timeline import Interaction, InteractionKind, Sentiment, StoredFile
from bot.storage.access import IS_OF_TEAM, IS_THERE, led_team, visible_to
from bot.storage.columns import columns_of
from bot.storage.customers import SqlCustomers
from bot.storage.tables import customers, interactions
from bot.storage.transaction import Sql
from bot.storage.undo import Journal

_INTERACTION = select(*columns_of(interactions, Interaction))
_NEW = [interactions.c[name] for name in ("customer_id", "member_id", "kind", "text", "at", "details", "file")]
# One statement writes the entry and sees to it that the customer is the actor's to see.
_ADD = (
    insert(interactions)
    .from_select(
        [column.name for column in _NEW],
        select(*(bindparam(f"new_{column.name}", type_=column.type) for column in _NEW))
        .select_from(customers)
        .where(
            customers.c.id == bindparam("new_customer_id"),
            IS_THERE,
            or_(
                bindparam("sees_everyone", type_=Boolean),
                customers.c.owner_id == bindparam("new_member_id"),
                IS_OF_TEAM,
            ),
        ),
    )
    .returning(interactions.c.id)
)


class SqlTimeline:
    """`Timeline` in tables."""

    def __init__(self, sql: Sql, journal: Journal, customers_of: SqlCustomers) -> None:
        self._sql = sql
        self._journal = journal
        self._customers = customers_of

    async def add(
        self,
        actor: Member,
        customer_id: int,
        kind: InteractionKind,
        text: str,
        now: datetime,
        *,
        details: Mapping[str, str] | None = None,
        file: StoredFile | None = None,
    ) -> Interaction:
        """Write an entry. Raises NotFound as `Customers.get`."""
        values: dict[str, Any] = {
            "customer_id": customer_id,
            "member_id": actor.id,
            "kind": kind,
            "text": text,
            "at": now,
            "details": dict(details or {}),
        }
        row = {f"new_{name}": value for name, value in values.items()}
        row |= {"new_file": asdict(file) if file else None, "sees_everyone": actor.sees_everyone}
        row["owners_team_id"] = led_team(actor)
        interaction_id = await self._sql.scalar(_ADD, row) if actor.active else None
        if interaction_id is None:
            raise NotFound("customer_not_found")
        entry = Interaction(id=interaction_id, **values, file=file)
        self._journal.added(entry)
        return entry

    async def page(
        self, actor: Member, customer_id: int, limit: int, offset: int = 0
    ) -> tuple[Sequence[Interaction], int]:
        """Entries of a customer's timeline, newest first, and how many there are. Raises NotFound as `Customers.get`."""
        return await self._page(actor, customer_id, limit, offset, true())

    async def _page(
        self, actor: Member, customer_id: int, limit: int, offset: int, which: ColumnElement[bool]
    ) -> tuple[Sequence[Interaction], int]:
        await self._customers.get(actor, customer_id)
        of_customer = and_(interactions.c.customer_id == customer_id, which)
        count = await self._sql.scalar(select(func.count()).where(of_customer))
        newest_first = (interactions.c.at.desc(), interactions.c.id.desc())
        rows = await self._sql.rows(_INTERACTION.where(of_customer).order_by(*newest_first).limit(limit).offset(offset))
        return [interaction_of(row) for row in rows], count

    async def files(
        self, actor: Member, customer_id: int, limit: int, offset: int = 0
    ) -> tuple[Sequence[Interaction], int]:
        """Entries that hold a file, newest first, and how many there are. Raises NotFound as `Customers.get`."""
        return await self._page(actor, customer_id, limit, offset, interactions.c.file.is_not(None))

    async def last_complaint(self, actor: Member, customer_id: int) -> Interaction | None:
        """The customer's latest complaint, None where there is none. Raises NotFound as `Customers.get`."""
        await self._customers.get(actor, customer_id)
        is_complaint = interactions.c.details["sentiment"].as_string() == Sentiment.COMPLAINT.value
        theirs = (
            interactions.c.customer_id == customer_id,
            interactions.c.kind == InteractionKind.FEEDBACK,
            is_complaint,
        )
        row = await self._sql.row(_INTERACTION.where(*theirs).order_by(interactions.c.at.desc()).limit(1))
        return interaction_of(row) if row else None

    async def update(self, entry: Interaction, **changes: Any) -> Interaction:
        """The entry with fields changed: a finer word for what was said, which taking back the entry takes with it."""
        await self._sql.change(update(interactions).where(interactions.c.id == entry.id).values(**changes))
        return replace(entry, **changes)

    async def get(self, actor: Member, interaction_id: int) -> Interaction:
        """One entry. Raises NotFound."""
        visible = _INTERACTION.join(customers).where(interactions.c.id == interaction_id, visible_to(actor))
        row = await self._sql.row(visible)
        if row is None:
            raise NotFound("interaction_not_found")
        return interaction_of(row)


def interaction_of(row: Any) -> Interaction:
    """The entry in the columns of `Interaction`."""
    entry = Interaction(*row)
    return replace(entry, file=StoredFile(**row.file)) if row.file else entry
