"""What is due for a member, as they see it: one entry a customer a day, the overdue first, then the most valuable call."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.calendar import is_working_day
from bot.domain.customers import Customer, Heat
from bot.domain.followups import FollowUp
from bot.domain.people import Member
from bot.domain.sales import Purchases

DueItem = tuple[FollowUp, Customer]


@dataclass(frozen=True, slots=True)
class DueEntry:
    """A customer and what is due for them together; `items` by date, then clock time. `high_value` in the lists of today."""

    customer: Customer
    items: tuple[FollowUp, ...]
    purchases: Purchases
    high_value: bool = False

    @property
    def first(self) -> FollowUp:
        """What has waited longest."""
        return self.items[0]

    def days_overdue(self, today: date) -> int:
        """How many days the first item is late; 0 when nothing is."""
        return max(0, (today - self.first.due_on).days)

    def foremost(self, today: date, limit: int) -> tuple[FollowUp, ...]:
        """At most `limit` (2 or more) of the items, in order: of what is overdue and of what is not, where there is both."""
        late = [item for item in self.items if item.due_on < today]
        ahead = self.items[len(late) :][: limit - bool(late)]
        return (*late[: limit - len(ahead)], *ahead)


def by_time(followup: FollowUp) -> tuple[date, float, int]:
    """The order in which things fall due: by date, those without a clock time first."""
    return followup.due_on, followup.due_at.timestamp() if followup.due_at else 0.0, followup.id


def today_entries(
    items: Iterable[DueItem], purchases: Mapping[int, Purchases], today: date, high_value_vnd: int
) -> list[DueEntry]:
    """One entry a customer: overdue ones first, in both halves the most valuable call first. From `high_value_vnd` đồng in all on, a
    buyer is of high value."""
    entries = (
        replace(entry, high_value=entry.purchases.count > 0 and entry.purchases.total_vnd >= high_value_vnd)
        for entry in _by_customer(items, purchases)
    )
    return sorted(entries, key=lambda entry: (entry.first.due_on >= today, *_value(entry)))


def agenda_entries(items: Iterable[DueItem], purchases: Mapping[int, Purchases]) -> list[DueEntry]:
    """One entry a customer and day, day by day, in the order of the clock."""
    days: dict[date, list[DueItem]] = {}
    for item in items:
        days.setdefault(item[0].due_on, []).append(item)
    return [
        entry
        for day in sorted(days)
        for entry in sorted(_by_customer(days[day], purchases), key=lambda entry: by_time(entry.first))
    ]


def due_together(followup: FollowUp, open_items: Iterable[FollowUp], today: date) -> tuple[FollowUp, ...]:
    """`followup` first, then what else stands on the same card: the same member's items about the same customer that are due by
    now, or on the same day when that lies ahead."""
    others = (
        other
        for other in open_items
        if other.id != followup.id
        and other.member_id == followup.member_id
        and other.is_open
        and (other.due_on <= today if followup.due_on <= today else other.due_on == followup.due_on)
    )
    return (followup, *sorted(others, key=by_time))


def for_digest(items: Iterable[DueItem], member: Member, now: datetime, missed_before: datetime) -> list[DueItem]:
    """What of the items due until today belongs into the member's digest at `now`.

    Those with a clock time come today at their time, unless that was before `missed_before` and the push never came. On a day off only
    what was put on that very day: playbooks plan none there, so it was a person who did.
    """
    today = member.today(now)
    working = is_working_day(today, member.days_off)

    def belongs(followup: FollowUp) -> bool:
        if followup.due_on < today:
            return working
        return followup.due_at is None or (followup.push_at is not None and followup.push_at < missed_before)

    return [item for item in items if belongs(item[0])]


def _by_customer(items: Iterable[DueItem], purchases: Mapping[int, Purchases]) -> list[DueEntry]:
    customers: dict[int, Customer] = {}
    followups: dict[int, list[FollowUp]] = {}
    for followup, customer in items:
        customers[customer.id] = customer
        followups.setdefault(customer.id, []).append(followup)
    return [
        DueEntry(customer, tuple(sorted(followups[key], key=by_time)), purchases.get(key, Purchases()))
        for key, customer in customers.items()
    ]


def _value(entry: DueEntry) -> tuple[int, int, date, float, int]:
    """Most valuable call first: those of high value, the hot, those who have bought by how much, then the warm, then the rest."""
    match entry.customer.heat:
        case _ if entry.high_value:
            rank = 0
        case Heat.HOT:
            rank = 1
        case _ if entry.purchases.count:
            rank = 2
        case Heat.WARM:
            rank = 3
        case _:
            rank = 4
    return rank, -entry.purchases.total_vnd, *by_time(entry.first)
