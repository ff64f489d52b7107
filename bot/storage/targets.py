"""What each member is to reach in a month."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.domain.targets import Measure
from bot.storage.tables import targets
from bot.storage.transaction import Sql


class SqlTargets:
    """`Targets` in tables."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def of(self, member_ids: Collection[int]) -> Mapping[int, Mapping[Measure, int]]:
        """The targets of these members, by member; nothing of who has none."""
        found: dict[int, dict[Measure, int]] = defaultdict(dict)
        theirs = select(targets).where(targets.c.member_id.in_(member_ids))
        for member_id, measure, value in await self._sql.rows(theirs):
            found[member_id][Measure(measure)] = value
        return found

    async def change(self, member_id: int, changes: Mapping[Measure, int]) -> None:
        """Set these targets of a member; 0 takes one away, the others stay."""
        for measure, value in changes.items():
            if value:
                row = {"member_id": member_id, "measure": str(measure), "value": value}
                setting = upsert(targets).values(row)
                await self._sql.change(
                    setting.on_conflict_do_update(index_elements=["member_id", "measure"], set_={"value": value})
                )
            else:
                this_one = (targets.c.member_id == member_id, targets.c.measure == str(measure))
                await self._sql.change(delete(targets).where(*this_one))
