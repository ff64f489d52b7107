"""When a customer buys again."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cycle import cycle_days, next_purchase_on, purchase_window

DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
MANY = st.lists(DAYS, min_size=1, max_size=12)


def after(*gaps: int) -> list[date]:
    days = [date(2026, 1, 5)]
    for gap in gaps:
        days.append(days[-1] + timedelta(days=gap))
    return days


def test_one_purchase_tells_nothing_so_the_usual_cycle_holds() -> None:
    assert cycle_days(after(), 75) == 75
    assert next_purchase_on(after(), 30) == date(2026, 2, 4)
    assert next_purchase_on([], 30) is None
    assert purchase_window([], 30) is None


def test_the_cycle_is_the_median_of_the_customers_own_intervals() -> None:
    assert cycle_days(after(40, 44, 42), 75) == 42
    assert cycle_days(after(41, 300, 42), 75) == 42


def test_two_sales_of_one_day_are_one_purchase() -> None:
    assert cycle_days(after(0, 42, 0), 75) == 42


@given(MANY, st.integers(1, 400))
def test_the_order_in_which_sales_were_written_down_does_not_matter(days: list[date], default: int) -> None:
    assert cycle_days(days, default) == cycle_days(list(reversed(days)), default) >= 1


@given(st.lists(st.integers(1, 200), min_size=2, max_size=9), st.integers(1, 3000), st.data())
def test_one_outlier_never_takes_the_cycle_outside_the_other_intervals(
    gaps: list[int], outlier: int, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(gaps)))
    cycle = cycle_days(after(*gaps[:place], outlier, *gaps[place:]), 75)
    assert min(gaps) <= cycle <= max(gaps)


@given(MANY, st.integers(1, 400))
def test_the_next_purchase_lies_ahead_of_the_last_and_within_its_window(days: list[date], default: int) -> None:
    expected, window = next_purchase_on(days, default), purchase_window(days, default)
    assert expected is not None
    assert window is not None
    assert max(days) < expected
    assert window[0] < expected < window[1]
