"""Tickets: a complaint or request with an assignee, a state and a clock."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket. Moments are UTC; `solution` is what the customer is told; `cost_vnd` what solving it gave away, in đồng."""

    id: int
    customer_id: int
    kind: TicketKind
    state: TicketState
    assignee_id: int
    text: str
    opened_at: datetime
    first_answer_at: datetime | None = None
    solved_at: datetime | None = None
    closed_at: datetime | None = None
    solution: str | None = None
    cost_vnd: int | None = None
    remind_at: datetime | None = None
