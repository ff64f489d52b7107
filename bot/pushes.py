"""Conversations that the bot starts: what has fallen due is worded for its member and queued, in short transactions."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby, islice

from markupsafe import Markup

from bot.domain.agenda import DueItem, by_time, for_digest
from bot.domain.calendar import (
    is_quiet,
    is_working_day,
    next_decent_moment,
    next_digest,
    previous_working_day,
)
from bot.domain.errors import NotFound
from bot.domain.followups import FollowUp
from bot.domain.people import Member
from bot.domain.repositories import Store, UnitOfWork
from bot.i18n import Translator
from bot.messages import Reply
from bot.reminding import entries_of, read_reminder
from bot.turn import send_to_member
from bot.views import due_lists, reminders

Translators = Callable[[Member], Translator]

# A push later than this was held up by downtime: it is said so, and several become one message.
GRACE = timedelta(minutes=15)
# After so many days an overdue item is named to the managers, once.
MANAGERS_HEAR_AFTER = timedelta(days=3)
# What a list of today tells better than the messages of the days before.
LISTED = ("digest", "followup", "missed")
# Members a transaction: turns of people wait while it lasts.
BATCH = 20
# Pushes looked at in one tick; the next tick takes the rest.
MOST_A_TICK = 5000


async def push_due(store: Store, now: datetime, translators: Translators, org: str) -> int:
    """Queue every digest and reminder that has fallen due by `now` (UTC); returns how many messages were queued."""
    pushes = Pushes(store, now, translators, org)
    return await pushes.digests() + await pushes.at_their_time() + await pushes.after_silence()


class Pushes:
    """One tick."""

    def __init__(self, store: Store, now: datetime, translators: Translators, org: str) -> None:
        self._store = store
        self._now = now
        self._translators = translators
        self._org = org
        self._name: str | None = None
        self._overdue: dict[tuple[date, date], list[tuple[Member, Sequence[DueItem]]]] = {}

    async def _org_name(self, uow: UnitOfWork) -> str:
        """What the company calls itself: as its owner said, else as the operator did."""
        if self._name is None:
            self._name = (await uow.company.read()).name or self._org
        return self._name

    # Morning digests --------------------------------------------------------------------------------------------------

    async def digests(self) -> int:
        """The digests whose hour has come, a batch of members at a time."""
        async with self._store.read() as uow:  # most ticks find nothing, and need not wait for the writers to know
            if not await uow.members.digests_due(self._now, 1):
                return 0
        queued = 0
        while True:
            async with self._store.begin() as uow:
                members = await uow.members.digests_due(self._now, BATCH)
                queued += sum([await self._digest(uow, member) for member in members])
                await uow.commit()
            if len(members) < BATCH:
                return queued

    async def _digest(self, uow: UnitOfWork, member: Member) -> bool:
        """One member's digest, where there is something to say; one that was missed and would come in quiet hours waits."""
        due_at = member.next_digest_at or self._now
        await uow.members.update(member, next_digest_at=next_digest(member, self._now))
        if self._now - due_at > GRACE and is_quiet(member, self._now):
            return False
        today = member.today(self._now)
        t = self._translators(member)
        everything = await uow.followups.due(member, until=today)
        items = for_digest(everything, member, self._now, self._now - GRACE)
        team = await self._team_overdue(uow, member, due_at)
        if not items and not team:
            return False
        for followup, _ in items:
            if followup.push_at and followup.push_at <= self._now:
                await uow.followups.update(followup, push_at=None)
        reply = await self._digest_reply(uow, member, t, items, everything)
        if team:
            reply = due_lists.with_team_overdue(t, reply, team)
        return await send_to_member(uow, member.id, f"digest:{member.id}:{today}", "digest", reply, self._now)

    async def _digest_reply(
        self,
        uow: UnitOfWork,
        member: Member,
        t: Translator,
        items: Sequence[DueItem],
        everything: Sequence[DueItem],
    ) -> Reply:
        if not items:
            return Reply()
        today = member.today(self._now)
        at_their_time = [
            item for item in everything if item[0].due_on == today and item[0].push_at and item[0].push_at > self._now
        ]
        footer = due_lists.with_a_time(t, at_their_time)
        entries = await entries_of(uow, items, today)
        if len(entries) == 1:
            entry = entries[0]
            card = await read_reminder(uow, member, t, await self._org_name(uow), entry.customer, entry.items)
            return reminders.card(
                t, card, today, replaces=False, heading=due_lists.digest_heading(t, today), footer=footer
            )
        return due_lists.today_list(t, entries, today, 0, replaces=False, footer=footer)

    async def _team_overdue(
        self, uow: UnitOfWork, manager: Member, due_at: datetime
    ) -> list[tuple[str, Sequence[DueItem]]]:
        """What of the others has become three days overdue since the manager's last digest on a working day: each item once."""
        today = manager.today(self._now)
        if not manager.manages or not is_working_day(today, manager.days_off):
            return []
        last_told = previous_working_day(manager.today(due_at), manager.days_off)
        since, until = last_told - MANAGERS_HEAR_AFTER + timedelta(days=1), today - MANAGERS_HEAR_AFTER
        overdue = await self._overdue_between(uow, since, until)
        led = {member.id for member in await uow.members.everyone() if manager.leads(member)}
        told = [
            (member.name, [item for item in items if manager.sees_everyone or item[1].owner_id in led])
            for member, items in overdue
            if member.id in led - {manager.id}
        ]
        return [(name, items) for name, items in told if items]

    async def _overdue_between(
        self, uow: UnitOfWork, since: date, until: date
    ) -> list[tuple[Member, Sequence[DueItem]]]:
        """Who has open items due between these days; the same for all managers of a tick."""
        if (since, until) not in self._overdue:
            team = [(member, await uow.followups.due(member, until, since)) for member in await uow.members.everyone()]
            self._overdue[since, until] = [(member, items) for member, items in team if items]
        return self._overdue[since, until]

    # Items with a clock time ------------------------------------------------------------------------------------------

    async def at_their_time(self) -> int:
        """Reminders whose clock time has come, a batch of members at a time."""
        async with self._store.read() as uow:
            found = await uow.followups.pushes_due(self._now, MOST_A_TICK)
        by_member = iter([(key, list(group)) for key, group in groupby(found, key=lambda followup: followup.member_id)])
        queued = 0
        while batch := list(islice(by_member, BATCH)):
            async with self._store.begin() as uow:
                queued += sum([await self._for_member(uow, member_id, found) for member_id, found in batch])
                await uow.commit()
        return queued

    async def _for_member(self, uow: UnitOfWork, member_id: int, found: Sequence[FollowUp]) -> int:
        """One member's reminders: each customer's together on a card, what is late on one list."""
        member = await uow.members.get(member_id)
        if not member.active:
            return 0  # they left a moment ago: it waits for whoever gets their customers
        if member.next_digest_at and member.next_digest_at <= self._now:
            return 0  # another instance is at their digest, which may hold these; the next tick sees what is left
        items = [item for followup in found if (item := await self._still_due(uow, member, followup))]
        items = [item for item in items if not await self._waits(uow, member, item[0])]
        for followup, _ in items:
            await uow.followups.update(followup, push_at=None)
        late = [item for item in items if self._is_late(item[0])]
        on_time = [item for item in items if not self._is_late(item[0])]
        queued = await self._cards(uow, member, on_time, Markup())
        return queued + await self._late(uow, member, late)

    async def _still_due(self, uow: UnitOfWork, member: Member, found: FollowUp) -> DueItem | None:
        """The item and its customer, locked, unless it was pushed, moved or finished meanwhile; nothing goes to who may not see it."""
        try:
            followup = await uow.followups.get(member, found.id)
            customer = await uow.customers.get(member, followup.customer_id)
        except NotFound:
            # the customer is another member's by now, or gone: this push must not come up again at every tick
            await uow.followups.update(found, push_at=None)
            return None
        if not followup.is_open or followup.push_at is None or followup.push_at > self._now:
            return None
        return followup, customer

    def _is_late(self, followup: FollowUp) -> bool:
        return followup.push_at is not None and self._now - followup.push_at > GRACE

    async def _waits(self, uow: UnitOfWork, member: Member, followup: FollowUp) -> bool:
        """Whether a late push would come at a bad hour and is put off to the next working morning. One on time comes whatever the
        hour, and on its own day a day off is no reason either: a person chose both."""
        if not self._is_late(followup):
            return False
        today = member.today(self._now)
        if not is_quiet(member, self._now) and (followup.due_on == today or is_working_day(today, member.days_off)):
            return False
        await uow.followups.update(followup, push_at=next_decent_moment(member, self._now))
        return True

    async def _late(self, uow: UnitOfWork, member: Member, late: Sequence[DueItem]) -> int:
        """What downtime held up, as one message."""
        t, today = self._translators(member), member.today(self._now)
        if len({customer.id for _, customer in late}) <= 1:
            return await self._cards(uow, member, late, due_lists.late_heading(t))
        first = min((followup for followup, _ in late), key=by_time)
        reply = due_lists.late_list(t, await entries_of(uow, late, today), today)
        return await send_to_member(uow, member.id, f"missed:{member.id}:{_due(first)}", "missed", reply, self._now)

    async def _cards(self, uow: UnitOfWork, member: Member, items: Sequence[DueItem], heading: Markup) -> int:
        """A card for each customer."""
        t, today = self._translators(member), member.today(self._now)
        queued = 0
        for entry in await entries_of(uow, items, today):
            card = await read_reminder(uow, member, t, await self._org_name(uow), entry.customer, entry.items)
            reply = reminders.card(t, card, today, replaces=False, heading=heading)
            key = f"followup:{entry.first.id}:{_due(entry.first)}"
            queued += await send_to_member(uow, member.id, key, "followup", reply, self._now)
        return queued

    # Who was silent on Zalo for too long ------------------------------------------------------------------------------

    async def after_silence(self) -> int:
        """Who has written again gets what was kept for them; of what had been on lists and cards, the list as it is now."""
        async with self._store.read() as uow:
            if not await uow.members.back(self._now):
                return 0
        queued = 0
        async with self._store.begin() as uow:
            for member, address in await uow.members.back(self._now):
                await uow.outbox.release(address, self._now, but_not=LISTED)
                queued += 1 + await self._list_now(uow, member)
            await uow.commit()
        return queued

    async def _list_now(self, uow: UnitOfWork, member: Member) -> bool:
        today, t = member.today(self._now), self._translators(member)
        everything = await uow.followups.due(member, until=today)
        items = [item for item in everything if item[0].push_at is None or item[0].push_at <= self._now]
        if not items:
            return False
        reply = await self._digest_reply(uow, member, t, items, everything)
        return await send_to_member(uow, member.id, f"back:{member.id}:{self._now}", "digest", reply, self._now)


def _due(followup: FollowUp) -> str:
    """When it is due, as its unique key says it: `2026-11-24T02:00` in UTC."""
    return f"{followup.due_at:%Y-%m-%dT%H:%M}" if followup.due_at else followup.due_on.isoformat()
