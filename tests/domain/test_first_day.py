"""What an owner types on the first day."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.company import Trade
from bot.domain.first_day import Habit, name_said, said_habit, said_trade


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Công ty mình tên là Mộc An", "Mộc An"),
        ("cong ty minh ten la Moc An", "Moc An"),
        ("Tên công ty là: Mộc An", "Mộc An"),
        ("Bên em là Mộc An ạ", "Mộc An"),
        ("Shop mình tên La Vie nhé", "La Vie"),
        ("Tên: “Mộc An”", "Mộc An"),
        ("là Mộc An", "Mộc An"),
        ("Our company is called Moc An", "Moc An"),
        ("We are Moc An", "Moc An"),
        ("Công ty TNHH Mộc An", "Công ty TNHH Mộc An"),
        ("La Vie", "La Vie"),
        ("Shop La Vie", "Shop La Vie"),
        ("Tên Lửa", "Tên Lửa"),
        ("Minh Long", "Minh Long"),
        ("Em Và Mẹ", "Em Và Mẹ"),
    ],
)
def test_a_name_is_read_out_of_its_sentence(text: str, name: str) -> None:
    assert name_said(text) == name


@given(st.text(max_size=80))
def test_whatever_was_typed_a_name_is_one_line_without_blanks_around_it(text: str) -> None:
    said = name_said(text)
    assert said == " ".join(said.split())


@pytest.mark.parametrize(
    ("text", "habit"),
    [
        ("Excel", Habit.EXCEL),
        ("google sheet", Habit.EXCEL),
        ("zalo", Habit.ZALO),
        ("sổ tay", Habit.NOTEBOOK),
        ("ghi vào sổ", Habit.NOTEBOOK),
        ("Chưa có", Habit.NOTHING),
        ("ờm", None),
    ],
)
def test_a_habit_is_known_by_its_words(text: str, habit: Habit | None) -> None:
    assert said_habit(text) is habit


@pytest.mark.parametrize(
    ("text", "trade"),
    [
        ("bán lẻ mỹ phẩm", Trade.RETAIL),
        ("bán cho doanh nghiệp", Trade.B2B),
        ("dịch vụ cho doanh nghiệp", Trade.B2B),
        ("spa", Trade.SERVICE),
        ("khac", Trade.GENERAL),
        ("ờm", None),
    ],
)
def test_a_trade_is_known_by_its_words(text: str, trade: Trade | None) -> None:
    assert said_trade(text) is trade
