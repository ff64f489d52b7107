"""Working days, Vietnamese public holidays and quiet hours: when a member may be disturbed. Dates are local to the member."""

from collections.abc import Set
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from lunar_vn import SUPPORTED_YEAR_RANGE, convert_lunar_to_solar

from bot.domain.people import Member

DAY = timedelta(days=1)
NOON = time(12)
# Longer than any run of days off, Tết and weekly ones together: past it the search for a working day gives up.
SEARCH_DAYS = 30
# Longer than Tết with the days that make up for its Sundays.
MADE_UP_WITHIN = 14


@cache
def public_holidays(year: int) -> frozenset[date]:
    """The days off of the Labour Code, article 112: New Year, Tết (its eve and the first four days), Giỗ Tổ, 30/4, 1/5 and
    National Day with the day beside it. Lunar ones only where the lunar calendar is known (1900-2100)."""
    national_day = date(year, 9, 2)
    # the government has chosen the neighbour that makes the longer weekend
    beside = DAY if national_day.weekday() in (0, 3, 6) else -DAY
    days = {date(year, 1, 1), date(year, 4, 30), date(year, 5, 1), national_day, national_day + beside}
    if SUPPORTED_YEAR_RANGE[0] <= year <= SUPPORTED_YEAR_RANGE[1]:
        days |= _tet(year)
        days.add(convert_lunar_to_solar(10, 3, year))
    return frozenset(days)


@cache
def _tet(year: int) -> frozenset[date]:
    tet = convert_lunar_to_solar(1, 1, year)
    return frozenset(tet + number * DAY for number in range(-1, 4))


def is_tet(day: date) -> bool:
    """Whether it is Tết: its eve or one of the first four days; never where the lunar calendar is not known."""
    return SUPPORTED_YEAR_RANGE[0] <= day.year <= SUPPORTED_YEAR_RANGE[1] and day in _tet(day.year)


def is_public_holiday(day: date) -> bool:
    """Whether the whole country is off."""
    return day in public_holidays(day.year)


def is_working_day(day: date, days_off: Set[int]) -> bool:
    """Neither a weekly day off (`date.weekday()` numbers), nor a public holiday, nor taken in lieu of one (article 111.3: a
    holiday that falls on a weekly day off is made up for on the next working day)."""
    return not _is_off(day, days_off) and not _is_in_lieu(day, days_off)


def next_working_day(day: date, days_off: Set[int]) -> date:
    """`day` itself when it is a working day, else the first one after it; `day` where all days are off."""
    days = (day + number * DAY for number in range(SEARCH_DAYS))
    return next((found for found in days if is_working_day(found, days_off)), day)


def previous_working_day(day: date, days_off: Set[int]) -> date:
    """The last working day before `day`; the day before where all days are off."""
    days = (day - number * DAY for number in range(1, SEARCH_DAYS))
    return next((found for found in days if is_working_day(found, days_off)), day - DAY)


def _is_off(day: date, days_off: Set[int]) -> bool:
    return day.weekday() in days_off or is_public_holiday(day)


def _is_in_lieu(day: date, days_off: Set[int]) -> bool:
    """Whether an ordinary `day` makes up for a holiday that fell on a weekly day off shortly before it."""
    owed = 0
    for before in (day - number * DAY for number in range(MADE_UP_WITHIN, 0, -1)):
        if is_public_holiday(before) and before.weekday() in days_off:
            owed += 1
        elif owed and not _is_off(before, days_off):
            owed -= 1
    return owed > 0


def is_quiet(member: Member, moment: datetime) -> bool:
    """Whether `moment` (aware) lies in the member's quiet hours; the same hour at both ends means none."""
    at, start, end = member.local(moment).time(), member.quiet_from, member.quiet_until
    return start <= at < end if start <= end else at >= start or at < end


def next_decent_moment(member: Member, moment: datetime) -> datetime:
    """`moment` (aware) when it is a decent one, else the next working morning: UTC."""
    day = member.local(moment).date()
    if is_working_day(day, member.days_off):
        if not is_quiet(member, moment):
            return moment.astimezone(UTC)
        if (this_morning := _morning(member, day)) > moment:
            return this_morning
    return _morning(member, next_working_day(day + DAY, member.days_off))


def next_digest(member: Member, after: datetime) -> datetime:
    """The first of the member's digest hours strictly after `after` (aware), on whatever day: UTC."""
    day = member.local(after).date()
    today = moment_of(member, day, member.digest_at)
    return today if today > after else moment_of(member, day + DAY, member.digest_at)


def next_monday(at: time, zone: ZoneInfo, after: datetime) -> datetime:
    """The first Monday `at` that clock time in `zone` strictly after `after` (aware): UTC."""
    today = after.astimezone(zone).date()
    monday = today - today.weekday() * DAY
    moment = datetime.combine(monday, at, zone).astimezone(UTC)
    return moment if moment > after else datetime.combine(monday + 7 * DAY, at, zone).astimezone(UTC)


def moment_of(member: Member, day: date, at: time) -> datetime:
    """The UTC moment of a day and clock time where the member is."""
    return datetime.combine(day, at, member.zone).astimezone(UTC)


def _morning(member: Member, day: date) -> datetime:
    """When the member's day begins: with the digest where that is a morning one, so that there is one message and not two."""
    digest = moment_of(member, day, member.digest_at)
    if member.digest_at <= NOON and not is_quiet(member, digest):
        return digest
    return moment_of(member, day, member.quiet_until)
