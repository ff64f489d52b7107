"""What is written down of who did what: rows that nobody changes, with numbers and names of fields and never a person's data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.customers import Customer


class What(StrEnum):
    """What a member did. With a customer: the first six; with another member (`about_member`): the others down to `ASSIGNED`."""

    SAW = "saw"
    CHANGED = "changed"  # `added`: kinds of what was written down; `fields`: "customer.phones" …
    UNDID = "undid"  # the same, taken back
    TOOK_FILE = "took_file"
    ASSIGNED = "assigned"  # a customer to another member
    HANDED_OVER = "handed_over"  # all of `about_member`; `to` whom and the `count` in the details
    INVITED = "invited"  # `role` in the details
    JOINED = "joined"
    LINKED = "linked"  # a second account
    ROLE_CHANGED = "role_changed"  # `role`
    TEAM_CHANGED = "team_changed"
    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"
    RESENT = "resent"
    EXPORTED = "exported"  # all that is held on a customer, as a file
    ERASED = "erased"  # a customer
    REQUESTED = "requested"  # a customer's request about their data was written down, answered or done; `fields`
    DECIDED = "decided"  # for the company; `fields` of `Company`, or what became of a `team`


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A row. `at` is UTC; `member` and `about_member` are names, the customer is there only where the reader may see them."""

    id: int
    at: datetime
    member: str | None
    what: What
    about_member: str | None
    customer: Customer | None
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who has seen a customer: on how many days, and when for the first time on the last of them (UTC)."""

    member: str
    days: int
    last_at: datetime
