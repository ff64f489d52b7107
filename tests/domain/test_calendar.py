"""Working days, holidays and quiet hours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import (
    is_public_holiday,
    is_quiet,
    is_working_day,
    next_decent_moment,
    next_digest,
    next_working_day,
    previous_working_day,
    public_holidays,
)
from bot.domain.people import (
    DEFAULT_DAYS_OFF,
    DEFAULT_DIGEST,
    DEFAULT_QUIET_FROM,
    DEFAULT_QUIET_UNTIL,
    Member,
    Role,
)

SUNDAY_OFF = DEFAULT_DAYS_OFF
HANOI = "Asia/Ho_Chi_Minh"


def a_member(
    timezone: str = HANOI,
    digest_at: time = DEFAULT_DIGEST,
    quiet_from: time = DEFAULT_QUIET_FROM,
    quiet_until: time = DEFAULT_QUIET_UNTIL,
    days_off: frozenset[int] = DEFAULT_DAYS_OFF,
) -> Member:
    return Member(1, "Minh", Role.REP, True, "vi", timezone, digest_at, quiet_from, quiet_until, days_off)


def local(text: str, timezone: str = HANOI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(timezone))


@pytest.mark.parametrize(
    ("new_year", "year"),
    [
        ("2007-02-17", 2007),  # the Chinese calendar has the 18th
        ("2024-02-10", 2024),
        ("2025-01-29", 2025),
        ("2026-02-17", 2026),
        ("2027-02-06", 2027),
        ("2030-02-02", 2030),  # the Chinese calendar has the 3rd
    ],
)
def test_tet_follows_the_vietnamese_lunar_calendar_from_its_eve_to_the_fourth(new_year: str, year: int) -> None:
    first = date.fromisoformat(new_year)
    tet = [first + timedelta(days=number) for number in range(-2, 6)]
    assert [is_public_holiday(day) for day in tet] == [False, True, True, True, True, True, False, False]


@pytest.mark.parametrize("day", ["2024-04-18", "2025-04-07", "2026-04-26", "2027-04-16"])
def test_gio_to_is_the_tenth_of_the_third_lunar_month(day: str) -> None:
    assert is_public_holiday(date.fromisoformat(day))


def test_solar_holidays_and_the_day_beside_national_day_are_off() -> None:
    assert {
        date(2025, 1, 1),
        date(2025, 4, 30),
        date(2025, 5, 1),
        date(2025, 9, 1),
        date(2025, 9, 2),
    } <= public_holidays(2025)
    assert date(2024, 9, 3) in public_holidays(2024)
    assert date(2026, 9, 1) in public_holidays(2026)


def test_other_days_people_celebrate_are_working_days() -> None:
    for day in (date(2026, 2, 14), date(2026, 10, 20), date(2026, 11, 20), date(2026, 12, 24), date(2026, 12, 25)):
        assert is_working_day(day, SUNDAY_OFF)


def test_a_holiday_on_a_sunday_is_made_up_for_on_the_next_working_day() -> None:
    assert date(2026, 4, 26).weekday() == 6
    assert not is_working_day(date(2026, 4, 27), SUNDAY_OFF)
    assert is_working_day(date(2026, 4, 28), SUNDAY_OFF)


def test_tet_2023_lasted_until_the_fifth_because_its_first_was_a_sunday() -> None:
    assert next_working_day(date(2023, 1, 21), SUNDAY_OFF) == date(2023, 1, 27)


def test_tet_2027_with_saturdays_off_too_is_made_up_for_on_two_days() -> None:
    assert next_working_day(date(2027, 2, 5), frozenset({5, 6})) == date(2027, 2, 12)


def test_the_next_working_day_is_the_day_itself_unless_it_is_off() -> None:
    assert next_working_day(date(2026, 11, 21), SUNDAY_OFF) == date(2026, 11, 21)
    assert next_working_day(date(2026, 11, 22), SUNDAY_OFF) == date(2026, 11, 23)
    assert next_working_day(date(2026, 11, 21), frozenset({5, 6})) == date(2026, 11, 23)
    assert previous_working_day(date(2026, 11, 23), SUNDAY_OFF) == date(2026, 11, 21)


def test_somebody_with_every_day_off_gets_an_answer_all_the_same() -> None:
    everything = frozenset(range(7))
    assert next_working_day(date(2026, 11, 21), everything) == date(2026, 11, 21)
    assert previous_working_day(date(2026, 11, 21), everything) == date(2026, 11, 20)


@given(st.dates(date(1900, 1, 1), date(2199, 1, 1)), st.frozensets(st.integers(0, 6), max_size=6))
def test_a_working_day_is_always_found_within_a_month(day: date, days_off: frozenset[int]) -> None:
    found = next_working_day(day, days_off)
    assert day <= found < day + timedelta(days=30)
    assert is_working_day(found, days_off)
    assert found.weekday() not in days_off
    assert previous_working_day(found, days_off) < day or found == day


@pytest.mark.parametrize(
    ("at", "quiet"),
    [("20:59", False), ("21:00", True), ("23:59", True), ("00:00", True), ("06:59", True), ("07:00", False)],
)
def test_quiet_hours_reach_over_midnight(at: str, quiet: bool) -> None:
    assert is_quiet(a_member(), local(f"2026-11-24T{at}")) is quiet


def test_quiet_hours_may_lie_within_a_day_or_be_none_at_all() -> None:
    siesta = a_member(quiet_from=time(12), quiet_until=time(14))
    assert is_quiet(siesta, local("2026-11-24T13:00"))
    assert not is_quiet(siesta, local("2026-11-24T23:00"))
    assert not is_quiet(a_member(quiet_from=time(0), quiet_until=time(0)), local("2026-11-24T03:00"))


@pytest.mark.parametrize(
    ("moment", "decent"),
    [
        ("2026-11-24T10:30", "2026-11-24T10:30"),
        ("2026-11-24T05:00", "2026-11-24T08:00"),  # this very morning
        ("2026-11-24T22:00", "2026-11-25T08:00"),
        ("2026-11-21T22:00", "2026-11-23T08:00"),  # Saturday night: Monday
        ("2026-11-22T10:00", "2026-11-23T08:00"),  # Sunday
        ("2027-02-04T22:00", "2027-02-11T08:00"),  # Tết, and the day that makes up for its Sunday
        ("2026-12-31T21:30", "2027-01-02T08:00"),
    ],
)
def test_what_falls_in_quiet_hours_or_on_a_day_off_waits_for_the_next_working_morning(moment: str, decent: str) -> None:
    assert next_decent_moment(a_member(), local(moment)) == local(decent)


def test_the_morning_of_somebody_with_an_evening_digest_begins_when_quiet_hours_end() -> None:
    assert next_decent_moment(a_member(digest_at=time(17)), local("2026-11-24T22:00")) == local("2026-11-25T07:00")
    assert next_decent_moment(a_member(digest_at=time(6)), local("2026-11-24T22:00")) == local("2026-11-25T07:00")


@pytest.mark.parametrize(
    ("after", "digest"),
    [
        ("2026-11-24T07:59", "2026-11-24T08:00"),
        ("2026-11-24T08:00", "2026-11-25T08:00"),
        ("2026-11-24T23:59", "2026-11-25T08:00"),
        ("2026-11-21T09:00", "2026-11-22T08:00"),  # Sundays too: what a rep put there by hand still comes
    ],
)
def test_the_next_digest_is_the_next_digest_hour_of_the_member(after: str, digest: str) -> None:
    assert next_digest(a_member(), local(after)) == local(digest)


def test_the_digest_hour_is_local_on_both_sides_of_midnight_utc() -> None:
    assert next_digest(a_member(digest_at=time(6)), datetime(2026, 11, 23, 22, 0, tzinfo=UTC)) == datetime(
        2026, 11, 23, 23, 0, tzinfo=UTC
    )
    auckland = a_member("Pacific/Auckland")
    assert next_digest(auckland, datetime(2026, 11, 23, 18, 0, tzinfo=UTC)) == datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
    los_angeles = a_member("America/Los_Angeles")
    assert next_digest(los_angeles, datetime(2026, 11, 24, 15, 0, tzinfo=UTC)) == datetime(
        2026, 11, 24, 16, 0, tzinfo=UTC
    )


def test_the_digest_keeps_its_hour_when_the_clocks_change() -> None:
    london = a_member("Europe/London")
    before = next_digest(london, local("2026-03-28T09:00", "Europe/London"))
    assert before.astimezone(london.zone).hour == 8
    assert next_digest(london, before) - before == timedelta(hours=24)
    assert next_digest(london, local("2026-03-27T09:00", "Europe/London")) + timedelta(hours=23) == before


@given(
    st.integers(0, 120 * 365 * 24 * 60).map(
        lambda minutes: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.sampled_from([HANOI, "Europe/London", "America/St_Johns"]),
)
def test_digests_and_decent_moments_never_lie_in_the_past(moment: datetime, timezone: str) -> None:
    member = a_member(timezone)
    digest, decent = next_digest(member, moment), next_decent_moment(member, moment)
    assert moment < digest <= moment + timedelta(hours=25)
    assert decent >= moment
    assert not is_quiet(member, decent)
    assert is_working_day(member.local(decent).date(), member.days_off)
