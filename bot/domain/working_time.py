"""Working time: the minutes in which a company is at work."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot.domain.calendar import is_working_day
from bot.domain.people import DEFAULT_DAYS_OFF

OPENS, CLOSES = time(8, 0), time(17, 30)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
A_WHOLE_DAY = timedelta(hours=9, minutes=30)


def working_minutes(start: datetime, end: datetime, zone: ZoneInfo) -> int:
    """The whole working minutes from `start` to `end` (both aware): 08:00-17:30 in `zone` on working days, Sundays and public
    holidays off; 0 where the end is not after the start."""
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    if first >= last:
        return _overlap(first, zone, start, end) // MINUTE
    at_both_ends = _overlap(first, zone, start, end) + _overlap(last, zone, start, end)
    return (at_both_ends + _working_days(first + DAY, last) * A_WHOLE_DAY) // MINUTE


def after_working_minutes(start: datetime, minutes: int, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which `minutes` of working time have passed since `start` (aware)."""
    left, day = minutes * MINUTE, start.astimezone(zone).date()
    while True:
        opens, closes = _hours(day, zone)
        begins = max(opens, start.astimezone(UTC))
        if begins + left <= closes:
            return begins + left
        left -= max(closes - begins, timedelta())
        day += DAY


def is_open(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether the company is at work at `moment` (aware)."""
    opens, closes = _hours(moment.astimezone(zone).date(), zone)
    return opens <= moment < closes


def next_opening(moment: datetime, zone: ZoneInfo) -> datetime:
    """When the company opens next after `moment` (aware): UTC."""
    day = moment.astimezone(zone).date()
    while not is_working_day(day, DEFAULT_DAYS_OFF) or _hours(day, zone)[0] <= moment:
        day += DAY
    return _hours(day, zone)[0]


def _overlap(day: date, zone: ZoneInfo, start: datetime, end: datetime) -> timedelta:
    opens, closes = _hours(day, zone)
    return max(min(end, closes) - max(start, opens), timedelta())


@cache
def _hours(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When the company opens and closes that day: UTC, the same moment on days off."""
    opens, closes = (datetime.combine(day, at, zone).astimezone(UTC) for at in (OPENS, CLOSES))
    return (opens, closes) if is_working_day(day, DEFAULT_DAYS_OFF) else (opens, opens)


def _working_days(start: date, end: date) -> int:
    """How many from `start` up to but not including `end`."""
    return sum(
        bisect_left(days, end) - bisect_left(days, start)
        for days in map(_working_days_of, range(start.year, end.year + 1))
    )


@cache
def _working_days_of(year: int) -> Sequence[date]:
    days = (date(year, 1, 1) + number * DAY for number in range(366))
    return [day for day in days if day.year == year and is_working_day(day, DEFAULT_DAYS_OFF)]
