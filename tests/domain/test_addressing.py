"""Customers are spoken to by their given name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.addressing import given_name


@pytest.mark.parametrize(
    ("name", "spoken_to_as"),
    [
        ("Nguyễn Thị Hồng", "Hồng"),
        ("nguyễn văn tuấn", "tuấn"),
        ("Nguyen Thi Hong", "Hong"),
        ("Trần Lan", "Lan"),
        ("Lê Hồng", "Hồng"),
        ("Hoàng Thị Lan Anh", "Anh"),
        ("Lan", "Lan"),
        ("Lan Anh", "Lan Anh"),
        ("Mai Anh", "Mai Anh"),
        ("Hồng Spa", "Hồng Spa"),
        ("Cao su Sao Vàng", "Cao su Sao Vàng"),
        ("Nguyễn Thị Hồng (Q7)", "Nguyễn Thị Hồng (Q7)"),
        ("John Smith", "John Smith"),
        ("", ""),
    ],
)
def test_the_given_name_stands_last_behind_a_family_name(name: str, spoken_to_as: str) -> None:
    assert given_name(name) == spoken_to_as


@given(st.text())
def test_it_is_the_name_or_its_last_word(name: str) -> None:
    assert given_name(name) in (name, *name.split()[-1:])
