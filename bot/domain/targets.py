"""What a member is to reach in a month, how a manager says so in one message, and how far they should be by now."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.calendar import is_working_day
from bot.domain.metrics import MemberFigures, Share
from bot.domain.names import folded
from bot.domain.people import DEFAULT_DAYS_OFF
from bot.domain.periods import DAY, Period
from bot.domain.understanding.amounts import parse_amount

# A target over this is a slip of the thumb.
MOST_VND = 10**14
MOST_CUSTOMERS = 100_000


class Measure(StrEnum):
    """What can be a target: money in đồng, customers as a number, the rest in per cent."""

    REVENUE = "revenue"
    NEW_CUSTOMERS = "new_customers"
    ON_TIME = "on_time"
    EXISTING = "existing"
    COVERAGE = "coverage"


MONEY = frozenset({Measure.REVENUE, Measure.EXISTING})
SHARES = frozenset({Measure.ON_TIME, Measure.COVERAGE})

# Longer phrases first: "khách cũ" must not be read as "khách".
_SAID: tuple[tuple[Measure, str], ...] = (
    (Measure.EXISTING, r"doanh thu khach cu|doanh so khach cu|khach cu|existing(?: revenue)?|repeat"),
    (Measure.REVENUE, r"doanh thu|doanh so|revenue|sales|dt|ds"),
    (Measure.NEW_CUSTOMERS, r"khach moi|khach hang moi|lead moi|new customers?|km"),
    (Measure.ON_TIME, r"dung hen|dung han|on time|dh"),
    (Measure.COVERAGE, r"cham soc|cham khach|cham|coverage|care"),
)
_PART = re.compile(r"[,;\n]+(?=\s*[^\W\d])|[;\n]+")

# Money by its unit or its noughts; "30" alone could be anything.
_MONEY = re.compile(
    r"\d[\d.,]*\s*(?:tr|trieu|ty|cu|m|b|million|billion)\s*\d{0,3}|\d{1,3}(?:[.,]\d{3}){2,}(?:\s*(?:d|vnd|dong))?"
)


@dataclass(frozen=True, slots=True)
class SaidTargets:
    """What a message asks for; `unclear` are its parts in which no target was found."""

    values: Mapping[Measure, int]
    unclear: tuple[str, ...] = ()


def read_targets(text: str) -> SaidTargets:
    """`doanh thu 200tr, khách mới 30, đúng hẹn 90%`: each part a measure and its figure; 0 takes the target away. An amount of money
    alone is revenue."""
    values: dict[Measure, int] = {}
    unclear = []
    for part in filter(None, (part.strip() for part in _PART.split(text))):
        found = _target(part)
        if found is None:
            unclear.append(part)
        else:
            values[found[0]] = found[1]
    return SaidTargets(values, tuple(unclear))


def _target(part: str) -> tuple[Measure, int] | None:
    flat = folded(part)
    for measure, said in _SAID:
        match = re.match(rf"(?:{said})\b\s*[:=]?\s*(.+)", flat)
        if match:
            value = _figure(measure, match[1])
            return None if value is None else (measure, value)
    if _MONEY.fullmatch(flat) and (revenue := _figure(Measure.REVENUE, flat)) is not None:
        return Measure.REVENUE, revenue
    return None


def _figure(measure: Measure, said: str) -> int | None:
    if measure in MONEY:
        amount = parse_amount(said)
        return amount if amount is not None and 0 <= amount <= MOST_VND else None
    match = re.fullmatch(r"(\d{1,6})\s*(%|phan tram|khach|nguoi|customers?)?", said.strip(" ."))
    most = 100 if measure in SHARES else MOST_CUSTOMERS
    return int(match[1]) if match and int(match[1]) <= most else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a member stands on a measure: what is reached, the target of the month, and what should be reached by now (for a share: the
    target itself). `share` is set where the measure is one."""

    measure: Measure
    reached: int
    target: int
    by_now: int
    share: Share | None = None

    @property
    def is_behind(self) -> bool | None:
        """Whether less is reached than should be by now; None of a share of too few cases."""
        if self.share is not None:
            percent = self.share.percent
            return None if percent is None else percent < self.target
        return self.reached < self.by_now


def standings(
    figures: MemberFigures, targets: Mapping[Measure, int], period: Period, today: date
) -> tuple[Standing, ...]:
    """How a member stands on each measure that has a target."""
    passed, whole = working_days_passed(period, today)
    return tuple(
        _standing(figures, measure, targets[measure], passed, whole) for measure in Measure if targets.get(measure)
    )


def _standing(figures: MemberFigures, measure: Measure, target: int, passed: int, whole: int) -> Standing:
    shares = {Measure.ON_TIME: figures.followups.share, Measure.COVERAGE: figures.coverage}
    if measure in shares:
        share = shares[measure]
        return Standing(measure, share.part, target, target, share)
    reached = {
        Measure.REVENUE: figures.money.revenue_vnd,
        Measure.EXISTING: figures.money.existing_vnd,
        Measure.NEW_CUSTOMERS: figures.new_customers,
    }[measure]
    return Standing(measure, reached, target, target * passed // whole)


def working_days_passed(period: Period, today: date) -> tuple[int, int]:
    """The working days of a period that are over with the end of `today`, and how many it has in all (at least 1)."""
    days = [period.start + number * DAY for number in range((period.end - period.start).days)]
    working = [day for day in days if is_working_day(day, DEFAULT_DAYS_OFF)]
    return sum(day <= today for day in working), max(1, len(working))
