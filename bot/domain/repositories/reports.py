"""What storage must offer for reports: targets, the people behind a figure, the groups that get the week."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.domain.groups import GroupChat
from bot.domain.mailroom import Address
from bot.domain.people import Member
from bot.domain.periods import Period
from bot.domain.targets import Measure
from bot.domain.worklists import Listed, Worklist


class Targets(Protocol):
    """What each member is to reach in a month."""

    async def of(self, member_ids: Collection[int]) -> Mapping[int, Mapping[Measure, int]]:
        """The targets of these members, by member; nothing of who has none."""
        ...

    async def change(self, member_id: int, changes: Mapping[Measure, int]) -> None:
        """Set these targets of a member; 0 takes one away, the others stay."""
        ...


class Worklists(Protocol):
    """The people behind a figure, always for an acting member (law 9)."""

    async def page(
        self,
        actor: Member,
        worklist: Worklist,
        period: Period,
        zone: ZoneInfo,
        now: datetime,
        *,
        limit: int,
        offset: int = 0,
        owner_id: int | None = None,
        stage: str | None = None,
    ) -> tuple[Sequence[Listed], int]:
        """A page of a list, most urgent first, and how many there are; as things stand now, for a period of the company in its `zone`.
        `owner_id` narrows it to one member's, `stage` is the step for STUCK. COMING and REFERRERS are for `Standings` to tell."""
        ...

    async def revenue_by_day(
        self, start: date, end: date, member_ids: Collection[int] | None
    ) -> Sequence[tuple[date, int]]:
        """Đồng sold on each day from `start` up to but not including `end`, by these members or (None) all."""
        ...


class GroupChats(Protocol):
    """The groups that get the week."""

    async def get(self, address: Address) -> GroupChat | None:
        """The group, where it gets the week."""
        ...

    async def link(self, group: GroupChat) -> None:
        """Let this group have the week from now on."""
        ...

    async def unlink(self, address: Address) -> None:
        """No week there any more."""
        ...

    async def weeks_due(self, now: datetime) -> Sequence[GroupChat]:
        """The groups whose `next_week_at` has come, locked until the commit where one writes."""
        ...

    async def put_off(self, group: GroupChat, until: datetime) -> None:
        """The next week comes there at `until` (UTC)."""
        ...
