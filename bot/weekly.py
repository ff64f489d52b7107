"""Monday's summary of the week before, by itself: to managers, to the groups that asked for it, and praise to who earned it.

The figures are read beside the writers; a short transaction then puts off the next one and queues this one under its unique key, so
that no second instance and no second tick says it again.
"""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.calendar import next_monday
from bot.domain.delivery import Audience, NewDelivery
from bot.domain.groups import HEARD_AT, GroupChat
from bot.domain.people import Member
from bot.domain.periods import DAY, week_of
from bot.domain.reports import Report
from bot.domain.repositories import Store, UnitOfWork
from bot.i18n import Translator
from bot.reporting import read_report
from bot.turn import Links, send_to_member
from bot.views import reports

Translators = Callable[[Member], Translator]
# Managers looked at in one tick; the next tick takes the rest.
MOST_A_TICK = 500


async def push_weeks(
    store: Store, now: datetime, translators: Translators, org: str, zone: ZoneInfo, link_to: Links = lambda _: ""
) -> int:
    """Queue last week's summary wherever its hour has come by `now` (UTC); returns how many messages were queued. `zone` is the
    company's. One that was missed still comes on its own Monday, and not later."""
    return await _Weeks(store, now, translators, org, zone, link_to).push()


class _Weeks:
    """One tick."""

    def __init__(
        self, store: Store, now: datetime, translators: Translators, org: str, zone: ZoneInfo, link_to: Links
    ) -> None:
        self._store = store
        self._now = now
        self._translators = translators
        self._org = org
        self._zone = zone
        self._link_to = link_to
        self._last_week = week_of(now.astimezone(zone).date()).previous()
        self._reports: dict[int | None, Report] = {}  # by team; one read serves all who lead it

    async def push(self) -> int:
        async with self._store.read() as uow:  # most ticks find nothing
            members = await uow.members.weeks_due(self._now, MOST_A_TICK)
            groups = await uow.group_chats.weeks_due(self._now)
            for member in members:
                if self._is_its_day(member.next_week_at, member.zone):
                    await self._read(uow, member)
            askers = {group.linked_by: await uow.members.get(group.linked_by) for group in groups}
            for group in groups:
                if self._may_hear(group, askers[group.linked_by]) and self._is_its_day(group.next_week_at, self._zone):
                    await self._read(uow, askers[group.linked_by])
        if not members and not groups:
            return 0
        queued = sum([await self._to_member(member) for member in members])
        queued += sum([await self._to_group(group, askers[group.linked_by]) for group in groups])
        return queued + await self._praise()

    def _is_its_day(self, due_at: datetime | None, zone: ZoneInfo) -> bool:
        return due_at is not None and due_at.astimezone(zone).date() == self._now.astimezone(zone).date()

    def _may_hear(self, group: GroupChat, asker: Member) -> bool:
        """Whether who asked may still have what the group gets: nobody who has left leaves a listener behind."""
        return asker.active and asker.manages and _team(asker) == group.team_id

    async def _read(self, uow: UnitOfWork, member: Member) -> None:
        if _team(member) not in self._reports:
            self._reports[_team(member)] = await read_report(
                uow, member, self._last_week, self._zone, self._now, self._org
            )

    async def _to_member(self, found: Member) -> bool:
        """One manager's week, unless another instance was faster or they lead nobody any more."""
        async with self._store.begin() as uow:
            member = await uow.members.get(found.id)
            due = [one for one in await uow.members.weeks_due(self._now, MOST_A_TICK) if one == member]
            if not due:
                return False
            upcoming = next_monday(member.digest_at, member.zone, self._now)
            await uow.members.update(member, next_week_at=upcoming)
            report = self._reports.get(_team(member))
            queued = False
            if report and not report.is_empty and self._is_its_day(member.next_week_at, member.zone):
                t = self._translators(member)
                reply = reports.week(t, report, reports.advice_rows(t, report))
                queued = await send_to_member(uow, member.id, self._key(member.id), "week", reply, self._now)
            await uow.commit()
        return queued

    async def _to_group(self, found: GroupChat, asker: Member) -> bool:
        async with self._store.begin() as uow:
            due = [group for group in await uow.group_chats.weeks_due(self._now) if group.address == found.address]
            if not due:
                return False
            report = self._reports.get(found.team_id)
            queued = False
            if not self._may_hear(found, asker):
                await uow.group_chats.unlink(found.address)
            else:
                await uow.group_chats.put_off(found, next_monday(HEARD_AT, self._zone, self._now))
                if report and not report.is_empty and self._is_its_day(found.next_week_at, self._zone):
                    queued = await uow.outbox.queue(self._group_delivery(found, asker, report))
            await uow.commit()
        return queued

    def _group_delivery(self, group: GroupChat, asker: Member, report: Report) -> NewDelivery:
        t = self._translators(asker)
        rows = reports.group_rows(t, self._link_to("tuan"), linked=True)
        reply = reports.week(t, report, rows, in_group=True)
        key = self._key(f"{group.channel}:{group.chat_id}")
        return NewDelivery(
            key, group.channel, group.chat_id, Audience.MEMBER, "week", reply.to_record(), due_at=self._now
        )

    async def _praise(self) -> int:
        """Who is named best in a summary hears it too, once."""
        best = {report.best.member_id: report for report in self._reports.values() if report.best}
        queued = 0
        for member_id, report in best.items():
            async with self._store.begin() as uow:
                member = await uow.members.get(member_id)
                reply = reports.praised(self._translators(member), report)
                key = f"praise:{member_id}:{self._monday()}"
                queued += await send_to_member(uow, member_id, key, "praise", reply, self._now)
                await uow.commit()
        return queued

    def _key(self, whose: object) -> str:
        return f"week:{whose}:{self._monday()}"

    def _monday(self) -> date:
        return self._last_week.last_day + DAY


def _team(member: Member) -> int | None:
    """Whose figures a manager hears: their team's, or (None) the company's."""
    return None if member.sees_everyone else member.team_id
