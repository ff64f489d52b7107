"""What a customer has agreed to, and what they ask of us (RELIABILITY L1, L2): no default yes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Purpose(StrEnum):
    """What a customer agrees to."""

    CARE = "care"  # care messages and surveys that they did not ask for
    TESTIMONIAL = "testimonial"  # their words may be shown to others


@dataclass(frozen=True, slots=True)
class Consent:
    """A yes with its time (UTC), channel, the words it was asked in and how it was given; withdrawn at a moment, or not."""

    id: int
    customer_id: int
    purpose: Purpose
    given_at: datetime
    channel: str
    wording: str
    evidence: str
    withdrawn_at: datetime | None = None


class RequestKind(StrEnum):
    """What the law lets a person ask for."""

    SEE = "see"
    CORRECT = "correct"
    DELETE = "delete"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class DataRequest:
    """A person's request about their own data: to be answered by `answer_by`, acted on by `act_by`; managers hear of it again at
    `remind_at` (all UTC)."""

    id: int
    customer_id: int
    kind: RequestKind
    asked_at: datetime
    answer_by: datetime
    act_by: datetime
    answered_at: datetime | None = None
    done_at: datetime | None = None
    remind_at: datetime | None = None
