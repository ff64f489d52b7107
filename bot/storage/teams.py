"""Teams, and what their members have on their hands."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import case, delete, func, insert, select, update

from bot.domain.errors import DomainError, NotFound
from bot.domain.followups import FollowUpState
from bot.domain.teams import Load, Team
from bot.storage.columns import columns_of
from bot.storage.tables import customers, followups, group_chats, invites, members, teams
from bot.storage.transaction import Sql

_TEAM = select(*columns_of(teams, Team))


class SqlTeams:
    """`Teams` in tables."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def everything(self) -> Sequence[Team]:
        """All of them, by name."""
        return [Team(*row) for row in await self._sql.rows(_TEAM.order_by(teams.c.name, teams.c.id))]

    async def get(self, team_id: int) -> Team:
        """One. Raises NotFound."""
        row = await self._sql.row(_TEAM.where(teams.c.id == team_id))
        if row is None:
            raise NotFound
        return Team(*row)

    async def add(self, name: str) -> Team:
        """A new one."""
        return Team(await self._sql.scalar(insert(teams).values(name=name).returning(teams.c.id)), name)

    async def rename(self, team: Team, name: str) -> Team:
        """The same with another name."""
        await self._sql.change(update(teams).where(teams.c.id == team.id).values(name=name))
        return Team(team.id, name)

    async def remove(self, team: Team) -> None:
        """The team is gone. Raises DomainError("team_not_empty") where somebody, active or not, is in it."""
        # who is put into it at the same moment waits for this lock, and then finds no such team
        await self._sql.row(_TEAM.where(teams.c.id == team.id).with_for_update())
        if await self._sql.row(select(members.c.id).where(members.c.team_id == team.id).limit(1)):
            raise DomainError("team_not_empty")
        # whoever is in no team may see the whole company: nothing that was for this team may become that
        await self._sql.change(delete(invites).where(invites.c.team_id == team.id))
        await self._sql.change(delete(group_chats).where(group_chats.c.team_id == team.id))
        await self._sql.change(delete(teams).where(teams.c.id == team.id))

    async def loads(self, member_ids: Collection[int], today: date) -> Mapping[int, Load]:
        """What each of these members has on their hands; `today` is the reader's date."""
        owned = (
            select(customers.c.owner_id, func.count().label("having"))
            .where(customers.c.owner_id.in_(member_ids))
            .group_by(customers.c.owner_id)
        )
        promised = (
            select(followups.c.member_id, func.count(), func.sum(case((followups.c.due_on < today, 1), else_=0)))
            .where(followups.c.member_id.in_(member_ids), followups.c.state == FollowUpState.OPEN)
            .group_by(followups.c.member_id)
        )
        having = {row.owner_id: row.having for row in await self._sql.rows(owned)}
        waiting = {member_id: (count, late) for member_id, count, late in await self._sql.rows(promised)}
        return {member_id: Load(having.get(member_id, 0), *waiting.get(member_id, (0, 0))) for member_id in member_ids}
