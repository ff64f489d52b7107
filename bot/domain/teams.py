"""Teams, and what their members have on their hands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Team:
    """A part of the company that has its own manager, perhaps."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Load:
    """What a member has on their hands: customers, open follow-ups, and how many of those are overdue."""

    customers: int = 0
    open_followups: int = 0
    overdue: int = 0
