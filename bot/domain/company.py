"""What a company has decided for itself: its trade, the steps of its sales, who gets a new lead."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.customers import Source
from bot.domain.pipeline import STANDARD, Pipeline


class Trade(StrEnum):
    """What the company sells, in so far as it sets when customers come back."""

    GENERAL = "general"
    RETAIL = "retail"
    SERVICE = "service"
    B2B = "b2b"


class AssignmentRule(StrEnum):
    """Who gets a new lead that came in by itself or through a manager."""

    KEEP = "keep"  # who wrote the customer down
    TURNS = "turns"  # one after the other
    LOAD = "load"  # who has the fewest customers still to be won
    SOURCE = "source"  # by where the lead came from


# From this total on a buyer is of high value, until the company says otherwise.
HIGH_VALUE_VND = 20_000_000


@dataclass(frozen=True, slots=True)
class Company:
    """The company's decisions. `name` is None until the owner has said it, `set_up_at` (UTC) until the first day is done;
    `source_owners` says who gets the leads of a source; up to `solve_limit_vnd` a rep may spend on solving a ticket without asking
    (None: nothing)."""

    name: str | None = None
    trade: Trade = Trade.GENERAL
    pipeline: Pipeline = STANDARD
    rule: AssignmentRule = AssignmentRule.KEEP
    source_owners: Mapping[Source, int] = field(default_factory=dict)
    last_assigned_id: int | None = None
    high_value_vnd: int = HIGH_VALUE_VND
    set_up_at: datetime | None = None
    solve_limit_vnd: int | None = None
