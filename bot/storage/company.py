"""What the company has decided: one row."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.domain.company import Company
from bot.domain.customers import Source
from bot.domain.people import Member
from bot.domain.pipeline import Part, Pipeline, PipelineStage
from bot.storage.columns import Id, UtcDateTime, columns_of
from bot.storage.tables import company, customers, stage_moves
from bot.storage.transaction import Sql

_ONLY_ROW = 1
_READ = select(*columns_of(company, Company)).where(company.c.id == _ONLY_ROW)


class SqlDecisions:
    """`Decisions` in tables."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def read(self) -> Company:
        """All of them, or what holds until something is decided."""
        row = await self._sql.row(_READ)
        return _company(row._mapping) if row else Company()

    async def hold(self) -> Company:
        """As `read`, for who changes what was read: nobody else does meanwhile."""
        row = await self._sql.row(_READ.with_for_update())
        return _company(row._mapping) if row else Company()

    async def change(self, **changes: Any) -> Company:
        """Decide anew on some fields of `Company`."""
        changed = replace(await self.read(), **changes)
        values = _values(changed)
        await self._sql.change(
            upsert(company)
            .values(id=_ONLY_ROW, **values)
            .on_conflict_do_update(index_elements=["id"], set_={name: values[name] for name in changes})
        )
        return changed

    async def at_stages(self) -> Mapping[str, int]:
        """How many of the company's customers are at each step."""
        counted = select(customers.c.stage, func.count().label("count")).group_by(customers.c.stage)
        return {row.stage: row.count for row in await self._sql.rows(counted)}

    async def move_stages(self, actor: Member, moves: Mapping[str, str], now: datetime) -> int:
        """Bring all customers at the steps of `moves` to the step that it names, each written down as a move."""
        if not moves:
            return 0
        these = customers.c.stage.in_(moves)
        goal = case(moves, value=customers.c.stage)
        by, at = literal(actor.id, Id), literal(now, UtcDateTime)
        noted = select(customers.c.id, by, at, customers.c.stage, goal).where(these)
        columns = ["customer_id", "member_id", "at", "from_stage", "to_stage"]
        await self._sql.change(insert(stage_moves).from_select(columns, noted))
        return await self._sql.change(update(customers).where(these).values(stage=goal, stage_since=now))


def _values(decided: Company) -> dict[str, Any]:
    values = {name: getattr(decided, name) for name in Company.__dataclass_fields__}
    values["pipeline"] = [asdict(stage) for stage in decided.pipeline.stages]
    values["source_owners"] = {source.value: owner for source, owner in decided.source_owners.items()}
    return values


def _company(row: Mapping[str, Any]) -> Company:
    values = dict(row)
    stages = (PipelineStage(**{**stage, "part": Part(stage["part"])}) for stage in values["pipeline"])
    values["pipeline"] = Pipeline(tuple(stages))
    values["source_owners"] = {Source(source): owner for source, owner in values["source_owners"].items()}
    return Company(**values)
