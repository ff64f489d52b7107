"""Hand-overs: all customers of one member go to another; and what the new one has to know of each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.agenda import by_time
from bot.domain.customers import Customer
from bot.domain.followups import FollowUp
from bot.domain.mailroom import Address
from bot.domain.people import Member
from bot.domain.sales import Purchases
from bot.domain.timeline import Interaction


@dataclass(frozen=True, slots=True)
class Holding:
    """What a member has in hand: customers, open follow-ups about them or promised by the member, and how many are overdue."""

    member: Member
    customers: int
    followups: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Handover:
    """A hand-over, under way until `finished_at` (UTC). `total` customers were counted at its start, `moved` of them and
    `followups` have gone over so far. Its one message stands at `channel`, `chat_id`, `message_ref`."""

    id: int
    from_id: int
    to_id: int
    by_id: int
    started_at: datetime
    finished_at: datetime | None
    total: int
    moved: int
    followups: int
    channel: str
    chat_id: str
    message_ref: str

    @property
    def address(self) -> Address:
        """Where whoever started it is told of its progress."""
        return Address(self.channel, self.chat_id)


@dataclass(frozen=True, slots=True)
class Brief:
    """What a new owner has to know of a customer. `open_followups` come next due first; `complaint` is the last one."""

    customer: Customer
    purchases: Purchases
    open_followups: Sequence[FollowUp] = ()
    complaint: Interaction | None = None

    @property
    def promised(self) -> Sequence[FollowUp]:
        """What a person promised, and no playbook."""
        return [followup for followup in self.open_followups if followup.step is None]

    def overdue(self, today: date) -> Sequence[FollowUp]:
        """What should have been done before `today`."""
        return [followup for followup in self.open_followups if followup.due_on < today]

    def next(self, today: date) -> FollowUp | None:
        """What comes next; something overdue only where nothing else is planned."""
        planned = [followup for followup in self.open_followups if followup.due_on >= today]
        return min(planned or self.open_followups, key=by_time, default=None)


def pushed_again(moving: Collection[FollowUp], withdrawn: Mapping[int, datetime]) -> Mapping[int, datetime]:
    """When each follow-up of a withdrawn push is pushed anew: as it was. One card held what of a customer came on the same day."""
    again: dict[int, datetime] = {}
    for first in moving:
        if (pushed_at := withdrawn.get(first.id)) is None:
            continue
        for other in moving:
            same_card = (other.customer_id, other.due_on) == (first.customer_id, first.due_on)
            had_come = other.due_at is not None and other.due_at <= pushed_at and other.push_at is None
            if other.id == first.id or (same_card and had_come):
                again[other.id] = pushed_at
    return again
