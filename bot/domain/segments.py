"""Where a customer stands: the lifecycle, the segments and the score, each by a written rule from a handful of facts."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.customers import Heat, Potential, Source
from bot.domain.cycle import GENERAL_CYCLE, purchase_window

# All in days.
NEW_FOR = 30
NEGLECTED_AFTER = 60
GONE_AFTER = 183


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """What the rules go by. `sold_on` are the sellers' local dates, in order; `total_vnd` is đồng; `last_touch_at` (UTC) the latest
    entry of the timeline; `first_due_on` the earliest open follow-up; `referred` how many customers they have brought; `phone` E.164.
    """

    customer_id: int
    owner_id: int
    name: str
    honorific: str | None
    phone: str | None
    created_at: datetime
    stage: str
    stage_since: datetime | None = None
    heat: Heat | None = None
    potential: Potential | None = None
    source: Source | None = None
    expected_vnd: int | None = None
    stopped_reason: str | None = None
    sold_on: tuple[date, ...] = ()
    total_vnd: int = 0
    last_product: str | None = None
    last_touch_at: datetime | None = None
    open_followups: int = 0
    first_due_on: date | None = None
    referred: int = 0

    @property
    def purchases(self) -> int:
        """How many sales there were."""
        return len(self.sold_on)

    @property
    def last_sold_on(self) -> date | None:
        """The day of the last sale."""
        return self.sold_on[-1] if self.sold_on else None

    @property
    def stopped(self) -> bool:
        """Whether they buy no more, for a reason that was given."""
        return self.stopped_reason is not None

    def is_overdue(self, today: date) -> bool:
        """Whether something promised to them is late."""
        return self.first_due_on is not None and self.first_due_on < today

    def days_untouched(self, today: date) -> int:
        """How many days ago something was last written down about them (by the UTC date: a day more or less does not matter here)."""
        return max(0, (today - (self.last_touch_at or self.created_at).date()).days)


class Lifecycle(StrEnum):
    """Where a customer is in their life with the company."""

    NOT_BOUGHT = "not_bought"
    BOUGHT = "bought"
    NEEDS_CARE = "needs_care"
    LIKELY = "likely"
    STOPPED = "stopped"


class Segment(StrEnum):
    """What a customer is for the company; one may be several."""

    NEW = "new"
    ONCE = "once"
    LOYAL = "loyal"
    WIN_BACK = "win_back"
    REFERRER = "referrer"
    HIGH_VALUE = "high_value"


def lifecycle(facts: CustomerFacts, today: date, default_cycle: int = GENERAL_CYCLE) -> Lifecycle:
    """The first of these that holds; `default_cycle` in days, for who has bought on one day only.

    STOPPED: a reason was given why they buy no more. NOT_BOUGHT: no sale yet. LIKELY: today lies in the window of the next purchase,
    and their potential was not called low. NEEDS_CARE: a follow-up is overdue, or that window has passed, or nothing was written
    down for over NEGLECTED_AFTER days. LIKELY: their potential was called high. BOUGHT: everybody else.
    """
    window = purchase_window(facts.sold_on, default_cycle)
    if facts.stopped:
        return Lifecycle.STOPPED
    if window is None:
        return Lifecycle.NOT_BOUGHT
    opens, closes = window
    if opens <= today <= closes and facts.potential is not Potential.LOW:
        return Lifecycle.LIKELY
    if facts.is_overdue(today) or today > closes or facts.days_untouched(today) > NEGLECTED_AFTER:
        return Lifecycle.NEEDS_CARE
    return Lifecycle.LIKELY if facts.potential is Potential.HIGH else Lifecycle.BOUGHT


def segments(
    facts: CustomerFacts, today: date, high_value_vnd: int, default_cycle: int = GENERAL_CYCLE
) -> frozenset[Segment]:
    """All that hold; sales of one day count as one purchase.

    NEW: written down in the last NEW_FOR days, no purchase yet. ONCE: one purchase. LOYAL: two or more. WIN_BACK: has bought, has not
    stopped, and is past the window of the next purchase or GONE_AFTER days past the last one. REFERRER: brought at least one customer.
    HIGH_VALUE: bought for `high_value_vnd` đồng or more in all.
    """
    times = len(set(facts.sold_on))
    rules = {
        Segment.NEW: times == 0 and (today - facts.created_at.date()).days <= NEW_FOR,
        Segment.ONCE: times == 1,
        Segment.LOYAL: times > 1,
        Segment.WIN_BACK: not facts.stopped and is_gone(facts, today, default_cycle),
        Segment.REFERRER: facts.referred > 0,
        Segment.HIGH_VALUE: times > 0 and facts.total_vnd >= high_value_vnd,
    }
    return frozenset(segment for segment, holds in rules.items() if holds)


def is_gone(facts: CustomerFacts, today: date, default_cycle: int = GENERAL_CYCLE) -> bool:
    """Whether a buyer has not come back: past the window of the next purchase, or GONE_AFTER days past the last one."""
    window, last = purchase_window(facts.sold_on, default_cycle), facts.last_sold_on
    return window is not None and last is not None and (today > window[1] or (today - last).days >= GONE_AFTER)


def is_about_to_buy(facts: CustomerFacts, today: date, default_cycle: int = GENERAL_CYCLE) -> bool:
    """Whether today lies in the window of the next purchase of somebody who has not stopped."""
    window = purchase_window(facts.sold_on, default_cycle)
    return not facts.stopped and window is not None and window[0] <= today <= window[1]


def score(facts: CustomerFacts, today: date, high_value_vnd: int, default_cycle: int = GENERAL_CYCLE) -> int:
    """The rank of a buyer from 1 to 10, 0 for who has not bought.

    How often they bought (1 point a purchase, at most 3), for how much (3 from `high_value_vnd` on, 2 from half of it, 1 from a
    tenth), how lately (3 before the window of the next purchase closes, 2 within GONE_AFTER days, 1 within twice that), and 1 for
    having brought somebody.
    """
    window, last = purchase_window(facts.sold_on, default_cycle), facts.last_sold_on
    if window is None or last is None:
        return 0
    often = min(3, len(set(facts.sold_on)))
    much = sum(facts.total_vnd * share >= high_value_vnd for share in (1, 2, 10))
    ago = (today - last).days
    lately = 3 if today <= window[1] else (ago <= GONE_AFTER) + (ago <= 2 * GONE_AFTER)
    return often + much + lately + (facts.referred > 0)


def has_next_step(facts: CustomerFacts, *, is_open_deal: bool) -> bool:
    """False for an open deal or a buyer, who has not stopped, about whom nothing is planned: somebody has to think of it."""
    wants_one = not facts.stopped and (is_open_deal or facts.purchases > 0)
    return facts.open_followups > 0 or not wants_one


@dataclass(frozen=True, slots=True)
class Standing:
    """A customer's facts and what the rules make of them on a day."""

    facts: CustomerFacts
    lifecycle: Lifecycle
    segments: frozenset[Segment]

    @property
    def is_winback(self) -> bool:
        """Whether they bought once, did not come back and did not say why."""
        return self.segments >= {Segment.ONCE, Segment.WIN_BACK}

    @property
    def worth(self) -> tuple[int, int, int]:
        """Sorts the most valuable first: by what they bought for, then by what their deal may bring."""
        return -self.facts.total_vnd, -(self.facts.expected_vnd or 0), self.facts.customer_id


def standing_of(facts: CustomerFacts, today: date, high_value_vnd: int, default_cycle: int) -> Standing:
    """What the rules make of these facts today."""
    return Standing(
        facts, lifecycle(facts, today, default_cycle), segments(facts, today, high_value_vnd, default_cycle)
    )
