"""Weeks, months, quarters and years: the spans of days that figures are told for."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
_MONTHS_OF_A_YEAR = 12


class PeriodKind(StrEnum):
    """How long a period is."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` up to but not including `end`, local to the company."""

    kind: PeriodKind
    start: date
    end: date

    @property
    def last_day(self) -> date:
        """The last day that belongs to it."""
        return self.end - DAY

    def previous(self) -> "Period":
        """The period of the same kind that ended where this one begins."""
        return period_of(self.kind, self.start - DAY)

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The UTC moments at which it begins and ends in `zone`: the first belongs to it, the second does not."""
        return midnight(self.start, zone), midnight(self.end, zone)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end


def week_of(day: date) -> Period:
    """The week of `day`, Monday to Sunday."""
    monday = day - day.weekday() * DAY
    return Period(PeriodKind.WEEK, monday, monday + 7 * DAY)


def month_of(day: date) -> Period:
    """The calendar month of `day`."""
    return _months(PeriodKind.MONTH, day, 1)


def quarter_of(day: date) -> Period:
    """The quarter of `day`: January to March, and so on."""
    return _months(PeriodKind.QUARTER, day, 3)


def year_of(day: date) -> Period:
    """The calendar year of `day`."""
    return _months(PeriodKind.YEAR, day, _MONTHS_OF_A_YEAR)


def period_of(kind: PeriodKind, day: date) -> Period:
    """The period of that kind in which `day` lies."""
    of = {
        PeriodKind.WEEK: week_of,
        PeriodKind.MONTH: month_of,
        PeriodKind.QUARTER: quarter_of,
        PeriodKind.YEAR: year_of,
    }
    return of[kind](day)


def months_after(day: date, months: int) -> date:
    """The same day so many months later (earlier, where negative); the month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, _MONTHS_OF_A_YEAR)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The UTC moment at which `day` begins in `zone`."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _months(kind: PeriodKind, day: date, length: int) -> Period:
    start = date(day.year, (day.month - 1) // length * length + 1, 1)
    return Period(kind, start, months_after(start, length))
