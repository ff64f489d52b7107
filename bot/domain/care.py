"""Care after a sale: playbooks as data, and the dated steps that they plan."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.calendar import next_working_day
from bot.domain.followups import FollowUp
from bot.domain.sales import Sale


class Asks(StrEnum):
    """What finishing a step asks the rep for."""

    OUTCOME = "outcome"
    FEEDBACK = "feedback"
    POTENTIAL = "potential"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a playbook: `day` counts from the sale. `checklist` is its place among the five tasks that are shown at once;
    a `repurchase` step is pointless once they have bought again."""

    key: str
    day: int
    checklist: int | None = None
    asks: Asks = Asks.OUTCOME
    repurchase: bool = False


@dataclass(frozen=True, slots=True)
class Playbook:
    """The care plan that a sale starts."""

    steps: tuple[Step, ...]

    def step(self, key: str | None) -> Step | None:
        """The step of that key."""
        return next((step for step in self.steps if step.key == key), None)


# PRODUCT section 5: the checklist of five, in the order it is shown, and the cadence. Day 60-90 starts with the window, so that
# a rep can still move it inside.
DEFAULT_PLAYBOOK = Playbook(
    (
        Step("first_call", 3, checklist=1),
        Step("thanks", 0, checklist=2),
        Step("feedback", 7, checklist=3, asks=Asks.FEEDBACK),
        Step("care_30", 30, checklist=4),
        Step("potential", 30, checklist=5, asks=Asks.POTENTIAL),
        Step("feeling", 7),
        Step("check_in", 14),
        Step("repurchase", 60, repurchase=True),
        Step("reactivation", 180, repurchase=True),
    )
)


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step and its date."""

    step: Step
    on: date


def plan(playbook: Playbook, sold_on: date, today: date, days_off: Set[int]) -> list[PlannedStep]:
    """The dated steps of a sale, in the playbook's order; all dates local to the member.

    They lie on working days, but for day 0 itself: who sells on a Sunday is at work. For a sale that is written down late, tasks of
    the checklist whose day has passed are due today, and the rest of what has passed is left out.
    """
    planned = []
    for step in playbook.steps:
        on = sold_on + timedelta(days=step.day)
        if on < today:
            if step.checklist is None:
                continue
            on = today
        planned.append(PlannedStep(step, on if on == today else next_working_day(on, days_off)))
    return planned


def closed_by(sale: Sale, followups: Iterable[FollowUp], playbook: Playbook) -> list[FollowUp]:
    """Of a customer's follow-ups, the open repurchase steps of earlier sales: what they would remind of has just happened."""
    return [
        followup
        for followup in followups
        if followup.is_open
        and followup.sale_id != sale.id
        and (step := playbook.step(followup.step)) is not None
        and step.repurchase
    ]
