"""Care after a sale: playbooks as data, and the dated steps that they plan."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.calendar import next_working_day
from bot.domain.company import Trade
from bot.domain.followups import FollowUp
from bot.domain.sales import Sale


class Asks(StrEnum):
    """What finishing a step asks the rep for."""

    OUTCOME = "outcome"
    FEEDBACK = "feedback"
    POTENTIAL = "potential"
    GIFT = "gift"


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


# PRODUCT section 5: the five tasks after every sale, in the order they are shown.
_CHECKLIST = (
    Step("first_call", 3, checklist=1),
    Step("thanks", 0, checklist=2),
    Step("feedback", 7, checklist=3, asks=Asks.FEEDBACK),
    Step("care_30", 30, checklist=4),
    Step("potential", 30, checklist=5, asks=Asks.POTENTIAL),
)

# The cadence beside them. Day 60-90 starts with the window, so that a rep can still move it inside.
DEFAULT_PLAYBOOK = Playbook(
    (
        *_CHECKLIST,
        Step("feeling", 7),
        Step("check_in", 14),
        Step("repurchase", 60, repurchase=True),
        Step("reactivation", 180, repurchase=True),
    )
)

# How often they come back sets the cadence: goods run out within two weeks, services recur by the month, business customers are
# looked after by the quarter and renew by the year.
PLAYBOOKS: Mapping[Trade, Playbook] = {
    Trade.GENERAL: DEFAULT_PLAYBOOK,
    Trade.RETAIL: Playbook(
        (
            *_CHECKLIST,
            Step("restock", 10, repurchase=True),
            Step("restock_again", 20, repurchase=True),
            Step("come_back", 60, repurchase=True),
            Step("reactivation", 180, repurchase=True),
        )
    ),
    Trade.SERVICE: Playbook(
        (
            *_CHECKLIST,
            Step("feeling", 7),
            Step("visit_1", 28, repurchase=True),
            Step("visit_2", 58, repurchase=True),
            Step("visit_3", 88, repurchase=True),
            Step("reactivation", 180, repurchase=True),
        )
    ),
    Trade.B2B: Playbook(
        (
            *_CHECKLIST,
            Step("check_in", 14),
            Step("quarter_1", 90, repurchase=True),
            Step("quarter_2", 180, repurchase=True),
            Step("quarter_3", 270, repurchase=True),
            Step("renewal", 335, repurchase=True),
        )
    ),
}

# A friend of a customer's has come: the customer is thanked, the friend hears from us while the good word is fresh.
THANK_REFERRER, MEET_REFERRED = "thank_referrer", "meet_referred"
REFERRAL = Playbook((Step(THANK_REFERRER, 0), Step(MEET_REFERRED, 1)))
# The friend has bought: both are thanked with a gift.
REWARD_REFERRER, REWARD_REFERRED = "reward_referrer", "reward_referred"
REWARD = Playbook((Step(REWARD_REFERRER, 1, asks=Asks.GIFT), Step(REWARD_REFERRED, 1, asks=Asks.GIFT)))

_STEPS = {step.key: step for playbook in (*PLAYBOOKS.values(), REFERRAL, REWARD) for step in playbook.steps}


def step_of(key: str | None) -> Step | None:
    """The step of that key, of whichever playbook: what was planned stays planned when the company takes another."""
    return _STEPS.get(key or "")


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


def closed_by(sale: Sale, followups: Iterable[FollowUp]) -> list[FollowUp]:
    """Of a customer's follow-ups, the open repurchase steps of earlier sales: what they would remind of has just happened."""
    return [
        followup
        for followup in followups
        if followup.is_open
        and followup.sale_id != sale.id
        and (step := step_of(followup.step)) is not None
        and step.repurchase
    ]
