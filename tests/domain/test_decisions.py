"""Decisions of a meeting, line by line."""

from datetime import time

import pytest

from bot.domain.decisions import decision_lines, named_first, without_when
from bot.domain.people import Member, Role


def member(number: int, name: str) -> Member:
    return Member(number, name, Role.REP, True, "vi", "Asia/Ho_Chi_Minh", time(8), time(21), time(7), frozenset({6}))


TEAM = [member(1, "Nguyễn Thị Trang"), member(2, "Trần Đức Minh"), member(3, "Lê Minh")]


@pytest.mark.parametrize(
    ("line", "meant", "rest"),
    [
        ("Trang gọi lại chị Lan thứ 6", [1], "gọi lại chị Lan thứ 6"),
        ("Thị Trang: gọi chị Lan", [1], "gọi chị Lan"),
        ("giao cho trang thăm anh Bảy mai", [1], "thăm anh Bảy mai"),
        ("Đức Minh gửi báo giá", [2], "gửi báo giá"),
        ("minh gửi báo giá", [2, 3], "gửi báo giá"),
        ("gọi lại chị Trang thứ 6", [], "gọi lại chị Trang thứ 6"),
        ("Trang", [], "Trang"),
        ("", [], ""),
    ],
)
def test_the_colleague_is_named_first(line: str, meant: list[int], rest: str) -> None:
    found, remains = named_first(line, TEAM)
    assert ([one.id for one in found], remains) == (meant, rest)


def test_bullets_numbers_and_empty_lines_are_no_part_of_a_decision() -> None:
    assert decision_lines("1. gọi chị Lan\n\n - thăm anh Bảy\n2) KH000012 mai\n  •  \n9h gọi") == [
        "gọi chị Lan",
        "thăm anh Bảy",
        "KH000012 mai",
        "9h gọi",
    ]


@pytest.mark.parametrize(
    ("text", "phrase", "left"),
    [
        ("cảm ơn anh Phúc 9h sáng mai", "9h sáng mai", "cảm ơn anh Phúc"),
        ("cảm ơn anh Phúc vào thứ 6", "thứ 6", "cảm ơn anh Phúc"),
        ("sáng mai, cảm ơn anh Phúc", "sáng mai", "cảm ơn anh Phúc"),
        ("mai", "mai", "mai"),
        ("gửi quà", "", "gửi quà"),
    ],
)
def test_when_something_is_due_is_taken_out_of_what_is_to_be_done(text: str, phrase: str, left: str) -> None:
    assert without_when(text, phrase) == left
