"""Who works here: members, their roles and how each wants to be reminded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo


class Role(StrEnum):
    """What a member may do; an owner and a manager can do all that a rep does."""

    OWNER = "owner"
    MANAGER = "manager"
    REP = "rep"


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the company. Hours and dates are local to `timezone`; `next_digest_at`,
    `next_week_at` (when a manager's week comes by itself) and `learning_since` (who has not saved their first customer yet is shown
    how) are UTC."""

    id: int
    name: str
    role: Role
    active: bool
    locale: str
    timezone: str
    digest_at: time
    quiet_from: time
    quiet_until: time
    days_off: frozenset[int]
    next_digest_at: datetime | None = None
    last_customer_id: int | None = None
    team_id: int | None = None
    next_week_at: datetime | None = None
    learning_since: datetime | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The member's time zone."""
        return ZoneInfo(self.timezone)

    def local(self, moment: datetime) -> datetime:
        """`moment` on the member's own clock."""
        return moment.astimezone(self.zone)

    def today(self, now: datetime) -> date:
        """The date where the member is."""
        return self.local(now).date()

    @property
    def manages(self) -> bool:
        """Whether the member leads others: an owner or a manager."""
        return self.role is not Role.REP

    @property
    def sees_everyone(self) -> bool:
        """Whether the member sees the customers of the whole company: an owner, or a manager who is in no team. A manager in a
        team sees the team's, a rep their own."""
        return self.role is Role.OWNER or (self.role is Role.MANAGER and self.team_id is None)

    def leads(self, other: "Member") -> bool:
        """Whether the other member's customers are the member's to see."""
        return other.id == self.id or self.sees_everyone or (self.manages and other.team_id == self.team_id)

    def may_change(self, other: "Member") -> bool:
        """Whether role, team and place on the team of the other are the member's to decide: an owner's for everybody, a manager's
        for the reps they lead."""
        if self.role is Role.OWNER:
            return True
        return self.role is Role.MANAGER and other.role is Role.REP and self.leads(other)


def managers_over(member: Member, everyone: Iterable[Member]) -> list[Member]:
    """Who is told when the member needs a manager: the managers of the member's team, else those of everybody, else the owners.
    `everyone` are the active members."""
    others = [one for one in everyone if one.id != member.id and one.manages and one.leads(member)]
    managers = [one for one in others if one.role is Role.MANAGER]
    of_team = [one for one in managers if one.team_id is not None]
    return of_team or managers or others


# PRODUCT: digest 08:00, quiet hours 21:00-07:00, Sundays off (`date.weekday()` numbers, Monday 0).
DEFAULT_DIGEST = time(8, 0)
DEFAULT_QUIET_FROM = time(21, 0)
DEFAULT_QUIET_UNTIL = time(7, 0)
DEFAULT_DAYS_OFF = frozenset({6})
# The channels on which a member is written to, first of all where they need not have written lately.
WRITTEN_TO_BY = ("telegram", "zalo_bot", "zalo")
