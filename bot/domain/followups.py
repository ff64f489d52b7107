"""Follow-ups: what is due for a member about a customer, by hand or as a step of a playbook."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum


class FollowUpState(StrEnum):
    """Open until done or dropped."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Outcome(StrEnum):
    """What came of it, one tap after *Xong*."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    MESSAGED = "messaged"
    BOUGHT = "bought"
    NOT_INTERESTED = "not_interested"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Something promised. `due_on` is the date where the member is; `due_at` (UTC) is set only when a clock time was said.

    `step` names the playbook step that planned it (None: set by hand) and `checklist` its place among the five tasks after a
    sale (None: not one of them). `push_at` (UTC) is when it is to be pushed by itself; None: it comes in the morning digest.
    """

    id: int
    customer_id: int
    member_id: int
    text: str
    due_on: date
    due_at: datetime | None
    state: FollowUpState
    created_at: datetime
    step: str | None = None
    checklist: int | None = None
    sale_id: int | None = None
    push_at: datetime | None = None
    done_at: datetime | None = None
    outcome: Outcome | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return self.state is FollowUpState.OPEN


@dataclass(frozen=True, slots=True)
class NewFollowUp:
    """A follow-up about to be written down; fields as in `FollowUp`."""

    customer_id: int
    member_id: int
    text: str
    due_on: date
    due_at: datetime | None = None
    step: str | None = None
    checklist: int | None = None
    sale_id: int | None = None


@dataclass(frozen=True, slots=True)
class When:
    """A day, and a clock time where one was said; local to the member."""

    on: date
    at: time | None = None
