"""Whose customers a member may see, as the queries say it (law 9).

A rep sees their own, a manager in a team the team's, owners and managers without a team everyone's, who has left nobody's. Nobody
sees who was erased: their row only holds the figures together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, false, select, true

from bot.domain.people import Member
from bot.storage.tables import customers, members

# With parameters, so that the statements which use them can be made once.
IS_THERE = customers.c.erased_at.is_(None)
IS_OWN = customers.c.owner_id == bindparam("owner_id")
IS_OF_TEAM = customers.c.owner_id.in_(select(members.c.id).where(members.c.team_id == bindparam("owners_team_id")))


@dataclass(frozen=True, slots=True)
class Scope:
    """A condition on whose customers they are, with its parameters; none: everyone's. Whether they are there still (IS_THERE) is
    another question."""

    condition: ColumnElement[bool] | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


EVERYONE = Scope()


def scope_of(actor: Member) -> Scope:
    """Whose customers the actor may see, for statements that are made once."""
    if not actor.active:
        return Scope(false())
    if actor.sees_everyone:
        return EVERYONE
    if (team_id := led_team(actor)) is not None:
        return Scope(IS_OF_TEAM, {"owners_team_id": team_id})
    return Scope(IS_OWN, {"owner_id": actor.id})


def visible_to(actor: Member, owner: ColumnElement[int] = customers.c.owner_id) -> ColumnElement[bool]:
    """Whether a customer, whose `owner` it is, is the actor's to see."""
    return and_(IS_THERE, led_by(actor, owner))


def led_by(actor: Member, member: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether what is this member's is the actor's to see."""
    if not actor.active:
        return false()
    if actor.sees_everyone:
        return true()
    if (team_id := led_team(actor)) is not None:
        return member.in_(select(members.c.id).where(members.c.team_id == team_id))
    return member == actor.id


def led_team(actor: Member) -> int | None:
    """The team whose customers the actor sees: a manager's."""
    return actor.team_id if actor.manages else None
