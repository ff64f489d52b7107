"""Targets said in one message, and how far somebody should be by now."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.metrics import FollowUpRecord, MemberFigures, Money, Share
from bot.domain.periods import month_of
from bot.domain.targets import Measure, read_targets, standings, working_days_passed

NOVEMBER = month_of(date(2026, 11, 1))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (
            "doanh thu 200tr, khách mới 30, đúng hẹn 90%",
            {Measure.REVENUE: 200_000_000, Measure.NEW_CUSTOMERS: 30, Measure.ON_TIME: 90},
        ),
        ("DT: 1,2 tỷ; khach moi = 12 khách", {Measure.REVENUE: 1_200_000_000, Measure.NEW_CUSTOMERS: 12}),
        ("khách cũ 50tr\nchăm khách 80%", {Measure.EXISTING: 50_000_000, Measure.COVERAGE: 80}),
        ("doanh thu khách cũ 1tr5", {Measure.EXISTING: 1_500_000}),
        (
            "revenue 200tr, new customers 30, on time 90 %",
            {Measure.REVENUE: 200_000_000, Measure.NEW_CUSTOMERS: 30, Measure.ON_TIME: 90},
        ),
        ("đúng hẹn 0", {Measure.ON_TIME: 0}),
        ("40tr", {Measure.REVENUE: 40_000_000}),
        ("1 tỷ 2", {Measure.REVENUE: 1_200_000_000}),
        ("40.000.000, khách mới 5", {Measure.REVENUE: 40_000_000, Measure.NEW_CUSTOMERS: 5}),
    ],
)
def test_targets_are_read_as_people_write_them(said: str, meant: dict[Measure, int]) -> None:
    read = read_targets(said)
    assert (dict(read.values), read.unclear) == (meant, ())


@pytest.mark.parametrize(
    "said", ["đúng hẹn 120%", "khách mới nhiều", "30", "chăm", "doanh thu âm", "khách mới -3", "!!"]
)
def test_what_is_no_target_is_said_back(said: str) -> None:
    read = read_targets(f"khách mới 5, {said}" if said[0].isalpha() else f"khách mới 5\n{said}")
    assert (dict(read.values), read.unclear) == ({Measure.NEW_CUSTOMERS: 5}, (said,))


@given(st.text(max_size=80))
def test_any_text_is_read_without_a_crash_and_within_bounds(text: str) -> None:
    for value in read_targets(text).values.values():
        assert 0 <= value <= 10**14


def test_the_pace_goes_by_working_days() -> None:
    # November 2026 has 25 days that are no Sunday; none of them is a public holiday
    assert working_days_passed(NOVEMBER, date(2026, 11, 1)) == (0, 25)
    assert working_days_passed(NOVEMBER, date(2026, 11, 14)) == (12, 25)
    assert working_days_passed(NOVEMBER, date(2026, 12, 1)) == (25, 25)


def test_a_member_stands_where_the_figures_say() -> None:
    figures = MemberFigures(1, 12, Money(3, 0, 90_000_000, 20_000_000), FollowUpRecord(9, 1, 0), Share(1, 2))
    targets = {Measure.REVENUE: 200_000_000, Measure.NEW_CUSTOMERS: 25, Measure.ON_TIME: 95, Measure.COVERAGE: 80}
    revenue, new, on_time, coverage = standings(figures, targets, NOVEMBER, date(2026, 11, 14))
    assert (revenue.reached, revenue.by_now, revenue.is_behind) == (90_000_000, 96_000_000, True)
    assert (new.reached, new.by_now, new.is_behind) == (12, 12, False)
    assert (on_time.share, on_time.is_behind) == (Share(9, 10), True)
    assert coverage.is_behind is None  # of two buyers nothing can be said
