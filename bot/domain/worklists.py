"""The people behind a figure: who is meant, and since when."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Worklist(StrEnum):
    """What a list is about. The first five stand behind the week's advice, the last three answer the month's questions."""

    OVERDUE = "overdue"  # something promised to them is late
    UNTOUCHED = "untouched"  # new, and nobody has called or written
    STUCK = "stuck"  # deals at the step where most wait
    LOST = "lost"  # deals lost in the period
    UNCARED = "uncared"  # buyers whom nobody cared for in time
    COMING = "coming"  # the next purchase is expected now
    REFERRERS = "referrers"  # have brought others
    COMPLAINTS = "complaints"  # what they complained of in the period


@dataclass(frozen=True, slots=True)
class Listed:
    """A customer on a worklist: `on` is the day that counts there (due, arrived, since, lost, last bought, said), local or UTC as it
    was written down; `text` what was promised, given as a reason or said; `count` and `amount_vnd` as the list has use for."""

    customer_id: int
    name: str
    honorific: str | None
    owner_id: int
    on: date | None = None
    text: str = ""
    count: int = 0
    amount_vnd: int = 0
