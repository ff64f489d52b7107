"""The definitions: periods, working minutes, shares, and that docs/metrics.md names the same figures as the code."""

import re
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import metrics
from bot.domain.customers import Stage
from bot.domain.metrics import Arrival, Money, Share, StageMoves, StageQueue, Summary, SummaryRows, summarise
from bot.domain.periods import Period, PeriodKind, month_of, months_after, period_of, quarter_of, week_of, year_of
from bot.domain.pipeline import STANDARD
from bot.domain.working_time import working_minutes

HOME, AWAY = ZoneInfo("Asia/Ho_Chi_Minh"), ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
WEEK = week_of(date(2026, 11, 21))
PAGE = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text(encoding="utf-8")
_DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


def _home(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=HOME)


def _summary(**counted: object) -> Summary:
    return summarise(SummaryRows(**counted), WEEK, STANDARD, NOW)  # type: ignore[arg-type]


# The page ------------------------------------------------------------------------------------------------------------


def test_the_page_and_the_code_name_the_same_figures() -> None:
    named = [
        name
        for heading in re.findall(r"^## .*\((`.*`)\)$", PAGE, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", heading)
    ]
    assert named == [field.name for field in fields(Summary) if field.name != "period"]


def test_the_page_says_the_limits_that_the_code_has() -> None:
    flat = " ".join(PAGE.split())
    assert f"fewer than {metrics.FEWEST_CASES} cases" in flat
    assert f"within {metrics.RESPONSE_MINUTES // 60} working hours" in flat
    assert f"bought in the {metrics.BUYER_DAYS} days before the period's end" in flat
    assert f"within the {metrics.CARE_DAYS} days before its end" in flat
    assert f"at least {metrics.STUCK_DEALS} deals wait and half of them for {metrics.STUCK_DAYS} days" in flat
    assert all(f"ithin {months} months" in flat for months in metrics.RETURN_MONTHS)


# Periods -------------------------------------------------------------------------------------------------------------


@given(st.sampled_from(PeriodKind), _DAYS)
def test_every_day_is_in_one_period_of_a_kind_and_the_one_before_ends_where_it_begins(
    kind: PeriodKind, day: date
) -> None:
    period = period_of(kind, day)
    assert day in period
    assert period.previous().end == period.start
    assert period.end not in period
    assert period_of(kind, period.end).start == period.end
    assert period_of(kind, period.last_day) == period


def test_periods_are_those_of_the_calendar() -> None:
    day = date(2026, 11, 22)
    assert week_of(day) == Period(PeriodKind.WEEK, date(2026, 11, 16), date(2026, 11, 23))
    assert month_of(day) == Period(PeriodKind.MONTH, date(2026, 11, 1), date(2026, 12, 1))
    assert quarter_of(day) == Period(PeriodKind.QUARTER, date(2026, 10, 1), date(2027, 1, 1))
    assert year_of(day) == Period(PeriodKind.YEAR, date(2026, 1, 1), date(2027, 1, 1))
    assert month_of(date(2026, 1, 31)).previous() == month_of(date(2025, 12, 1))


def test_a_week_begins_at_its_own_midnight_also_when_clocks_change_in_it() -> None:
    assert WEEK.bounds(HOME) == (datetime(2026, 11, 15, 17, tzinfo=UTC), datetime(2026, 11, 22, 17, tzinfo=UTC))
    start, end = week_of(date(2026, 11, 1)).bounds(AWAY)
    assert end - start == timedelta(days=7, hours=1)


def test_a_month_without_that_day_has_its_last_one() -> None:
    assert months_after(date(2026, 5, 31), -3) == date(2026, 2, 28)
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_after(date(2026, 1, 15), -13) == date(2024, 12, 15)


# Working minutes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (_home(20, 9), _home(20, 9, 45), 45),
        (_home(20, 7), _home(20, 8, 10), 10),
        (_home(20, 17, 29), _home(20, 20), 1),
        (_home(21, 17), _home(23, 8, 15), 45),  # over a Sunday
        (_home(16, 0), _home(22, 0), 6 * 570),
        (_home(20, 10), _home(20, 9), 0),
        (_home(14, 17, month=2), _home(20, 12, month=2), 30),  # Tết: nobody works from the eve (16/2) to 20/2
        (_home(30, 8, month=4), _home(2, 8, 5, month=5), 5),  # 30/4 and 1/5
    ],
)
def test_minutes_count_only_while_the_company_is_at_work(start: datetime, end: datetime, minutes: int) -> None:
    assert working_minutes(start, end, HOME) == minutes
    assert working_minutes(start.astimezone(UTC), end.astimezone(UTC), HOME) == minutes


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1)), st.integers(0, 500_000), st.integers(0, 500_000))  # noqa: DTZ001
def test_working_time_adds_up(start: datetime, first: int, then: int) -> None:
    a = start.replace(second=0, microsecond=0, tzinfo=UTC)
    b = a + timedelta(minutes=first)
    c = b + timedelta(minutes=then)
    assert working_minutes(a, b, AWAY) + working_minutes(b, c, AWAY) == working_minutes(a, c, AWAY)


# Figures --------------------------------------------------------------------------------------------------------------


def test_there_is_no_percentage_of_three() -> None:
    assert Share(2, 3).percent is None
    assert Share(9, 9).percent is None
    assert Share(5, 10).percent == 50
    assert Share(1, 200).percent == 1  # half up
    assert Share(0, 0).percent is None
    assert Share(5_000_000, 20_000_000, cases=3).percent is None
    assert Share(5_000_000, 20_000_000, cases=10).percent == 25


def test_a_lead_that_waits_less_than_four_working_hours_is_not_judged_yet() -> None:
    arrivals = [Arrival(10, True), Arrival(240, True), Arrival(241, True), Arrival(240, False), Arrival(9_000, False)]
    told = metrics.response(arrivals)
    assert (told.median_minutes, told.in_time, told.waiting) == (240, Share(2, 4), 2)


def test_deals_that_went_back_or_were_lost_did_not_go_forward() -> None:
    moves = [
        StageMoves(Stage.QUOTED, Stage.DEMO, 8),
        StageMoves(Stage.QUOTED, Stage.WON, 1),
        StageMoves(Stage.QUOTED, Stage.LOST, 2),
        StageMoves(Stage.QUOTED, Stage.CONSULTING, 1),
        StageMoves(Stage.QUOTED, "of_an_older_pipeline", 5),
    ]
    quoted = _summary(moves=moves).stages[1]
    assert (quoted.forward, quoted.forward.percent) == (Share(9, 12), 75)


def test_deals_are_stuck_where_several_wait_for_long() -> None:
    def queue(stage: Stage, count: int, days: float) -> StageQueue:
        return StageQueue(stage, count, [NOW - timedelta(days=days)], 0, count)

    few_old, many = queue(Stage.CONSULTING, 2, 90), queue(Stage.QUOTED, 3, 7)
    assert _summary(queues=[few_old]).stuck is None
    assert _summary(queues=[queue(Stage.QUOTED, 30, 6.9)]).stuck is None
    stuck = _summary(queues=[few_old, many, queue(Stage.DEMO, 9, 7.5)]).stuck
    assert stuck is not None
    assert (stuck.stage.key, stuck.median_days) == (Stage.QUOTED, 7)  # the earlier of two


def test_the_forecast_takes_the_typical_sale_where_nothing_is_expected() -> None:
    queues = [StageQueue(Stage.QUOTED, 2, [NOW], 20_000_000, 1), StageQueue(Stage.DEMO, 1, [NOW], 1, 0)]
    assert _summary(queues=queues, typical_sale_vnd=10_000_000).forecast_vnd == 9_000_000
    assert _summary(queues=queues).forecast_vnd == 6_000_000


def test_the_change_on_the_week_before_needs_ten_sales_in_both() -> None:
    ten = {1: Money(10, 0, 120, 0)}
    assert _summary(money=ten, before=Money(10, 0, 100, 0)).revenue_change_percent == 20
    assert _summary(money=ten, before=Money(20, 5, 160, 0)).revenue_change_percent == -25
    assert _summary(money=ten, before=Money(10, 1, 100, 0)).revenue_change_percent is None
    assert _summary(money=ten).revenue_change_percent is None
