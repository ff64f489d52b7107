"""Templates that members are choosing, while Zalo is asked about them and while their fields are filled."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, insert, or_, select, update

from bot.domain.errors import NotFound
from bot.domain.zalo_templates import Description, Sort, TemplateCheck, TemplateField, TemplateKind
from bot.storage.channel_tables import template_checks
from bot.storage.columns import columns_of
from bot.storage.transaction import Sql

_COLUMNS = columns_of(template_checks, TemplateCheck)
_CHECK = select(*_COLUMNS)


def _waiting(now: datetime) -> Select[tuple[int]]:
    """What has waited for longest, of those that nobody has in hand."""
    free = or_(template_checks.c.claimed_until.is_(None), template_checks.c.claimed_until <= now)
    unknown = template_checks.c.description.is_(None)
    return select(template_checks.c.id).where(unknown, free).order_by(template_checks.c.id).limit(1)


class SqlChecks:
    """`Checks` in a table."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def ask(self, member_id: int, kind: TemplateKind, template_id: str, now: datetime) -> TemplateCheck:
        """A member wants this template for this kind; what they were choosing before is forgotten."""
        await self._sql.change(delete(template_checks).where(template_checks.c.member_id == member_id))
        values = {"member_id": member_id, "kind": kind, "template_id": template_id, "asked_at": now}
        new = insert(template_checks).values(**values, values={}).returning(template_checks.c.id)
        return TemplateCheck(await self._sql.scalar(new), member_id, kind, template_id, now)

    async def waiting(self, now: datetime) -> bool:
        """Whether Zalo is to be asked about one that nobody has in hand."""
        return await self._sql.scalar(_waiting(now)) is not None

    async def claim(self, now: datetime, until: datetime) -> TemplateCheck | None:
        """The next that Zalo is to be asked about, ours until that moment."""
        first = _waiting(now).with_for_update(skip_locked=True).scalar_subquery()
        claimed = update(template_checks).where(template_checks.c.id == first).values(claimed_until=until)
        row = await self._sql.row(claimed.returning(*_COLUMNS))
        return None if row is None else _check(row)

    async def get(self, check_id: int, member_id: int) -> TemplateCheck:
        """One of this member's that Zalo has described. Raises NotFound."""
        theirs = (template_checks.c.id == check_id, template_checks.c.member_id == member_id)
        row = await self._sql.row(_CHECK.where(*theirs, template_checks.c.description.is_not(None)))
        if row is None:
            raise NotFound("template_not_found")
        return _check(row)

    async def described(self, check: TemplateCheck, description: Description, values: Mapping[str, str]) -> bool:
        """Zalo describes it so; False where nobody waits for it any more."""
        waiting = update(template_checks).where(
            template_checks.c.id == check.id, template_checks.c.description.is_(None)
        )
        told = {"description": asdict(description), "values": dict(values)}
        return await self._sql.change(waiting.values(**told)) == 1

    async def fill(self, check: TemplateCheck, values: Mapping[str, str]) -> TemplateCheck:
        """Its fields are filled so from now on."""
        this_one = update(template_checks).where(template_checks.c.id == check.id)
        await self._sql.change(this_one.values(values=dict(values)))
        return replace(check, values=values)

    async def drop(self, check: TemplateCheck) -> bool:
        """It is saved, given up, or of no use; False where it had gone already."""
        return await self._sql.change(delete(template_checks).where(template_checks.c.id == check.id)) == 1


def _check(row: Sequence[Any]) -> TemplateCheck:
    check = TemplateCheck(*row)
    told: dict[str, Any] | None = check.description  # type: ignore[assignment]
    if told is None:
        return check
    fields = tuple(TemplateField(**one) for one in told["fields"])
    return replace(check, description=Description(**{**told, "fields": fields, "sort": Sort(told["sort"])}))
