"""Tickets: a complaint or request with an assignee, a state and a clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zlib import crc32

from bot.domain.calendar import next_working_day
from bot.domain.people import Member


class TicketKind(StrEnum):
    """What it is about."""

    COMPLAINT = "complaint"
    QUESTION = "question"
    RETURN = "return"
    WARRANTY = "warranty"


class TicketState(StrEnum):
    """Open until somebody answered; solved until the customer says whether it is; closed, or open again."""

    OPEN = "open"
    ANSWERED = "answered"
    SOLVED = "solved"
    CLOSED = "closed"


UNSOLVED = (TicketState.OPEN, TicketState.ANSWERED)
# In working days: the assignee hears of what is not answered, the manager of what is not solved.
ANSWER_WITHIN = 1
SOLVE_WITHIN = 3


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A ticket about to be opened; fields as in `Ticket`."""

    customer_id: int
    kind: TicketKind
    assignee_id: int
    text: str
    opened_at: datetime
    remind_at: datetime
    entry_id: int | None = None
    followup_id: int | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket. Moments are UTC; `solution` is what the customer is told; `cost_vnd` what solving it gave away, in đồng.

    It waits since it was opened, or since it was opened again. `entry_id` is where the timeline tells of it, `followup_id` the
    follow-up planned with it; `asked_solution` and `asked_cost_vnd` are what a manager has to agree to first.
    """

    id: int
    customer_id: int
    kind: TicketKind
    state: TicketState
    assignee_id: int
    text: str
    opened_at: datetime
    waiting_since: datetime
    first_answer_at: datetime | None = None
    solved_at: datetime | None = None
    closed_at: datetime | None = None
    solution: str | None = None
    cost_vnd: int | None = None
    remind_at: datetime | None = None
    entry_id: int | None = None
    followup_id: int | None = None
    asked_solution: str | None = None
    asked_cost_vnd: int | None = None

    @property
    def is_unsolved(self) -> bool:
        """Whether it is still somebody's to solve."""
        return self.state in UNSOLVED

    @property
    def asked_stamp(self) -> int | None:
        """By which a button knows what a manager was asked; None where nothing is."""
        if self.asked_solution is None or self.asked_cost_vnd is None:
            return None
        return crc32(f"{self.asked_cost_vnd} {self.asked_solution}".encode())

    @property
    def code(self) -> str:
        """How people call it: P12."""
        return f"P{self.id}"


def answer_due(member: Member, since: datetime) -> datetime:
    """Until when a ticket that waits `since` (aware) is to be answered by the member: the same clock time a working day later, UTC."""
    return _working_days_after(member, since, ANSWER_WITHIN)


def solve_due(member: Member, since: datetime) -> datetime:
    """Until when it is to be solved: three working days later."""
    return _working_days_after(member, since, SOLVE_WITHIN)


def _working_days_after(member: Member, since: datetime, days: int) -> datetime:
    moment = member.local(since)
    for _ in range(days):
        moment = moment.combine(
            next_working_day(moment.date() + timedelta(days=1), member.days_off), moment.time(), member.zone
        )
    return moment.astimezone(since.tzinfo)


def may_solve_alone(member: Member, cost_vnd: int, limit_vnd: int | None) -> bool:
    """Whether the member may give away so much, in đồng, without asking a manager."""
    return member.manages or cost_vnd <= (limit_vnd or 0)
