"""When a customer buys again: learned from their own purchases, else what is usual in the company's trade."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from bot.domain.company import Trade

# PRODUCT section 5: fast retail 7-14 days, service monthly, B2B quarterly, the general default 60-90 days. In days.
USUAL_CYCLE: Mapping[Trade, int] = {Trade.GENERAL: 75, Trade.RETAIL: 14, Trade.SERVICE: 30, Trade.B2B: 90}
GENERAL_CYCLE = USUAL_CYCLE[Trade.GENERAL]


def cycle_days(sold_on: Iterable[date], default: int) -> int:
    """How many days lie between two purchases: the median of the customer's own intervals, so that one long pause or one quick
    second order does not change it; `default` until they have bought on two days. Several sales of one day are one purchase."""
    days = sorted(set(sold_on))
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    return round(median(gaps)) if gaps else default


def next_purchase_on(sold_on: Iterable[date], default: int) -> date | None:
    """The day on which the next purchase is expected: one cycle after the last one; None for who has never bought."""
    days = tuple(sold_on)
    return max(days) + timedelta(days=cycle_days(days, default)) if days else None


def purchase_window(sold_on: Iterable[date], default: int) -> tuple[date, date] | None:
    """The days on which the next purchase may well come, both included: from a fifth of the cycle before the expected day (3 to 14
    days) until half a cycle after it (at least 7 days). None for who has never bought."""
    days = tuple(sold_on)
    if not days:
        return None
    cycle = cycle_days(days, default)
    expected = max(days) + timedelta(days=cycle)
    before, after = min(14, max(3, cycle // 5)), max(7, cycle // 2)
    return expected - timedelta(days=before), expected + timedelta(days=after)
