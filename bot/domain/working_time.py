"""Working time: the minutes in which a company is at work."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot.domain.calendar import is_working_day
from bot.domain.people import DEFAULT_DAYS_OFF

OPENS, CLOSES = time(8, 0), time(17, 30)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@cache
def _is_worked(day: date) -> bool:
    return is_working_day(day, DEFAULT_DAYS_OFF)


def working_minutes(start: datetime, end: datetime, zone: ZoneInfo) -> int:
    """The whole working minutes from `start` to `end` (both aware): 08:00-17:30 in `zone` on working days, Sundays and public
    holidays off; 0 where the end is not after the start."""
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    worked = timedelta()
    while day <= last:
        if _is_worked(day):
            worked += _overlap(day, zone, start, end)
        day += DAY
    return worked // MINUTE


def _overlap(day: date, zone: ZoneInfo, start: datetime, end: datetime) -> timedelta:
    opens, closes = _hours(day, zone)
    return max(min(end, closes) - max(start, opens), timedelta())


@cache
def _hours(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    opens, closes = (datetime.combine(day, at, zone).astimezone(UTC) for at in (OPENS, CLOSES))
    return opens, closes
