"""Money where there is little room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import Translator

VI, EN = Translator("vi", "Asia/Ho_Chi_Minh"), Translator("en", "Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(
    ("amount", "vi", "en"),
    [
        (0, "0", "0"),
        (40, "0", "0"),
        (500, "0,5k", "0.5K"),
        (12_500_000, "12,5 tr", "12.5M"),
        (143_550_000, "143,6 tr", "143.6M"),
        (850_000, "850k", "850K"),
        (949_999, "950k", "950K"),
        (999_960_000, "1 tỷ", "1B"),
        (1_200_000_000, "1,2 tỷ", "1.2B"),
        (1_234_000_000_000, "1.234 tỷ", "1,234B"),
        (-5_000_000, "-5 tr", "-5M"),
    ],
)
def test_money_is_said_in_short_as_people_write_it(amount: int, vi: str, en: str) -> None:
    assert VI.short_money(amount).replace("\N{NO-BREAK SPACE}", " ") == vi
    assert EN.short_money(amount) == en


@given(st.integers(0, 10**14))
def test_it_is_never_further_off_than_half_a_tenth_of_its_unit(amount: int) -> None:
    figure, unit = EN.short_money(amount).replace(",", "")[:-1], EN.short_money(amount)[-1]
    size = {"B": 10**9, "M": 10**6, "K": 10**3, "0": 1}[unit]
    said = float(figure or 0) * size
    assert abs(said - amount) <= max(size / 20, 50)
