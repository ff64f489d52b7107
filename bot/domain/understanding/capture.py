"""What was understood of a message. A field that was not said stays empty; one that could mean two things is *unsure*."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from bot.domain.customers import Heat, Source, Stage
from bot.domain.timeline import InteractionKind, Sentiment


class Intent(StrEnum):
    """What the message is for, the first that applies."""

    LOOKUP = "lookup"
    CUSTOMER = "customer"
    SALE = "sale"
    FEEDBACK = "feedback"
    NOTE = "note"
    FOLLOWUP = "followup"
    OTHER = "other"


class ProblemKind(StrEnum):
    """Why something that was said cannot be used as it stands."""

    IMPOSSIBLE_DATE = "impossible_date"
    IMPOSSIBLE_TIME = "impossible_time"
    PAST_DATE = "past_date"
    NOT_POSITIVE = "not_positive"
    TOO_LARGE = "too_large"
    NOT_A_PHONE = "not_a_phone"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with `field`, in the person's own words."""

    field: str
    kind: ProblemKind
    phrase: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """A field that could be any of `candidates`, likeliest first: `Due`, int, Source, Intent, a name or a customer's id.

    No candidates: something vague was said (`hôm nào rảnh`).
    """

    field: str
    candidates: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due, local to the member; `at` only where a clock time was said."""

    on: date
    at: time | None = None
    phrase: str = ""
    task: str | None = None

    def isoformat(self) -> str:
        """`2026-11-27`, or `2026-11-27T09:00` where a time was said."""
        return f"{self.on.isoformat()}T{self.at:%H:%M}" if self.at else self.on.isoformat()


@dataclass(frozen=True, slots=True)
class Capture:
    """One message, understood.

    `phones` are E.164, the one to use first; `not_phones` are digits meant as a phone that are none. `source` is set for a new
    customer, `heat` for a customer or a note, `amount_vnd` (whole đồng) for a sale, `quoted_vnd` for what a deal may yet bring,
    `touch` a call, message or meeting that the message says has taken place. The
    `suggested_` fields are offered, never set; `suggested_loss` is a `LostReason`, or "" where none was said. `customer_ids` are the
    rep's own customers meant by the name, phone or code, likeliest first: exactly one is that customer, several are to be asked.
    `note` is what is worth keeping as the note's text."""

    text: str
    intent: Intent
    name: str | None = None
    honorific: str | None = None
    company: str | None = None
    code: str | None = None
    customer_ids: tuple[int, ...] = ()
    phones: tuple[str, ...] = ()
    not_phones: tuple[str, ...] = ()
    email: str | None = None
    source: Source | None = None
    referrer: str | None = None
    heat: Heat | None = None
    product: str | None = None
    quantity: int | None = None
    amount_vnd: int | None = None
    quoted_vnd: int | None = None
    touch: InteractionKind | None = None
    suggested_loss: str | None = None
    due: Due | None = None
    sentiment: Sentiment | None = None
    suggested_heat: Heat | None = None
    suggested_stage: Stage | None = None
    problems: tuple[Problem, ...] = ()
    unsure: tuple[Unsure, ...] = ()
    note: str = ""
