"""Calendar arithmetic for what people say: the next Friday, the fifth of next month, mùng 6 Tết. Weeks run Monday to Sunday."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from lunar_vn import convert_lunar_to_solar, solar_to_lunar

_LUNAR_YEARS = range(1901, 2100)  # what the lunar tables cover
_AFTER_TET = 6  # the lunar day on which business starts again
_LAST_LUNAR_MONTH = 12


def in_days(today: date, days: int) -> date:
    """So many days on."""
    return today + timedelta(days=days)


def next_weekday(today: date, weekday: int) -> date:
    """The next such day (Monday 0) strictly after today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def weekday_of_week(today: date, weeks: int, weekday: int) -> date:
    """That weekday of the week so many weeks on; 0 is this week."""
    return today + timedelta(days=7 * weeks + weekday - today.weekday())


def in_months(today: date, months: int) -> date:
    """The same day so many months on, clipped to the month's end."""
    year, month = _month_after(today, months)
    return date(year, month, min(today.day, monthrange(year, month)[1]))


def of_month(today: date, months: int, day: int) -> date:
    """A day of the month so many months on, clipped to its end; 31 is the last day."""
    year, month = _month_after(today, months)
    return date(year, month, min(day, monthrange(year, month)[1]))


def next_day_of_month(today: date, day: int) -> date | None:
    """The next month's day of that number strictly after today, in a month that has it."""
    for months in range(13):
        year, month = _month_after(today, months)
        if 1 <= day <= monthrange(year, month)[1] and (found := date(year, month, day)) > today:
            return found
    return None


def next_date(today: date, day: int, month: int) -> date | None:
    """The next occurrence of a day and month, today included; None where no year has it."""
    if not 1 <= month <= 12:
        return None
    for year in range(today.year, today.year + 9):
        if 1 <= day <= monthrange(year, month)[1] and (found := date(year, month, day)) >= today:
            return found
    return None


def full_date(day: int, month: int, year: int) -> date | None:
    """A date as said, years of two digits in this century; None where there is none."""
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def next_lunar(today: date, day: int, month: int) -> date | None:
    """The next occurrence of a lunar day and month, today included; day 30 is the month's last."""
    return next((found for found in _lunar_occurrences(today, day, month) if found >= today), None)


def next_lunar_day(today: date, day: int) -> date | None:
    """The next lunar day of that number strictly after today, in whatever month."""
    months = (next(_after(_lunar_occurrences(today, day, month), today), None) for month in range(1, 13))
    return min((found for found in months if found), default=None)


def after_tet(today: date) -> date | None:
    """Mùng 6 of the next Tết, moved to Monday from a weekend."""
    for found in _lunar_occurrences(today, _AFTER_TET, 1):
        working = found if found.weekday() < 5 else next_weekday(found, 0)
        if working > today:
            return working
    return None


def last_lunar_day(today: date) -> date | None:
    """Giao thừa: the day before the next Tết."""
    return next((new_year - timedelta(days=1) for new_year in _after(_lunar_occurrences(today, 1, 1), today)), None)


def _after(days: Iterator[date], today: date) -> Iterator[date]:
    return (day for day in days if day > today)


def _lunar_occurrences(today: date, day: int, month: int) -> Iterator[date]:
    """Solar dates of a lunar day and month around this year, in order."""
    if today.year not in _LUNAR_YEARS or not (1 <= day <= 30 and 1 <= month <= _LAST_LUNAR_MONTH):
        return
    this_year = solar_to_lunar(today).year
    for year in range(this_year - 1, this_year + 3):
        if year in _LUNAR_YEARS:
            yield _to_solar(day, month, year)


def _to_solar(day: int, month: int, year: int) -> date:
    solar: date = convert_lunar_to_solar(day, month, year)
    # a short month has no day 30: its last day is meant, not the first of the next
    lunar = solar_to_lunar(solar)
    return solar if (lunar.day, lunar.month) == (day, month) else solar - timedelta(days=lunar.day)


def _month_after(today: date, months: int) -> tuple[int, int]:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return year, month + 1
