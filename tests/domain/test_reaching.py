"""By which way a customer is written to, and when: the decision alone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.consent import asks_to_resume, asks_to_stop
from bot.domain.reaching import (
    A_MONTH,
    MOST_A_MONTH,
    Contact,
    Reachable,
    Route,
    Unasked,
    Way,
    decide,
    first_open,
    next_open_moment,
)
from bot.domain.working_time import after_working_minutes, is_open, next_opening, working_minutes

HOME = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)  # Monday 10:00 at home
LAN = Contact("telegram", "7", "7", 1, NOW - timedelta(days=90))
moments = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def reachable(**changes: object) -> Reachable:
    values: dict[str, object] = {
        "contacts": [LAN],
        "agreed": True,
        "refused": False,
        "last_said_at": None,
        "unasked": [],
    }
    return Reachable(**{**values, **changes})  # type: ignore[arg-type]


def test_the_linked_channel_comes_first_and_the_rep_last() -> None:
    assert decide(reachable(), NOW, HOME, asked=False) == Way(Route.TELEGRAM, LAN, NOW)
    assert decide(reachable(contacts=[]), NOW, HOME, asked=False) == Way(Route.TASK, None, NOW)


def test_who_blocked_us_is_the_reps_even_where_they_asked() -> None:
    blocked = Contact("telegram", "7", "7", 1, NOW, blocked_at=NOW)
    assert decide(reachable(contacts=[blocked]), NOW, HOME, asked=True) == Way(Route.TASK, None, NOW)


@pytest.mark.parametrize(
    ("who", "why"),
    [
        (reachable(agreed=False), Unasked.NO_CONSENT),
        (reachable(agreed=False, refused=True), Unasked.NO_CONSENT),
        (reachable(contacts=[], agreed=False, refused=True), Unasked.NO_CONSENT),
        (reachable(last_said_at=NOW - timedelta(minutes=119)), Unasked.TALKING),
        (reachable(unasked=[NOW - timedelta(hours=1)]), Unasked.TOO_MANY),
        (reachable(unasked=[NOW - timedelta(days=day) for day in (2, 9, 29)]), Unasked.TOO_MANY),
    ],
)
def test_what_they_did_not_ask_for_may_not_go(who: Reachable, why: Unasked) -> None:
    assert decide(who, NOW, HOME, asked=False) is why
    assert isinstance(decide(who, NOW, HOME, asked=True), Way)


def test_of_two_accounts_the_one_that_wrote_last_is_answered() -> None:
    other = Contact("telegram", "8", "8", 1, NOW, last_wrote_at=NOW)
    assert first_open([LAN, other], NOW) == Way(Route.TELEGRAM, other, NOW)


def test_quiet_hours_and_tet_are_waited_out() -> None:
    night = datetime(2026, 11, 23, 21, tzinfo=HOME)
    assert next_open_moment(night, HOME) == datetime(2026, 11, 24, 7, tzinfo=HOME)
    early = datetime(2026, 11, 23, 6, 59, tzinfo=HOME)
    assert next_open_moment(early, HOME) == datetime(2026, 11, 23, 7, tzinfo=HOME)
    eve_of_tet = datetime(2026, 2, 16, 10, tzinfo=HOME)
    assert next_open_moment(eve_of_tet, HOME) == datetime(2026, 2, 21, 7, tzinfo=HOME)


@given(now=moments, gaps=st.lists(st.integers(0, 50), max_size=40))
def test_nobody_gets_more_than_one_a_day_and_three_in_a_month(now: datetime, gaps: list[int]) -> None:
    sent: list[datetime] = []
    for hours in gaps:
        now += timedelta(hours=hours)
        way = decide(reachable(unasked=list(sent)), now, HOME, asked=False)
        if isinstance(way, Way):
            assert 7 <= way.due_at.astimezone(HOME).hour < 21
            sent.append(way.due_at)
    days = [moment.astimezone(HOME).date() for moment in sent]
    assert len(days) == len(set(days))
    for moment in sent:
        assert len([other for other in sent if moment <= other < moment + A_MONTH]) <= MOST_A_MONTH


@given(start=moments, minutes=st.integers(1, 3000))
def test_so_many_working_minutes_later_so_many_have_passed(start: datetime, minutes: int) -> None:
    assert working_minutes(start, after_working_minutes(start, minutes, HOME), HOME) in (minutes, minutes - 1)
    assert is_open(next_opening(start, HOME), HOME)


STOPS = """DUNG|dừng|Dừng|STOP|stop.|đừng nhắn nữa|Đừng nhắn tin cho chị nữa|không muốn nhận tin|thôi đừng gửi|thôi đừng gửi nữa em
ko muốn nhận quảng cáo|đừng gửi tin nữa|em ơi đừng nhắn tin nữa nhé|dung nhan nua|đừng làm phiền tôi|hủy đăng ký|khỏi nhắn nữa
please stop messaging me|Don't text me|chị không muốn nhận tin nhắn nữa|không cần gửi thông báo đâu em|anh không nhận tin nữa nhé"""
GOES_ON = """đúng|Đúng rồi|đừng gửi hàng thứ 7 nhé|đừng|đừng giao buổi sáng|không nhận hàng nữa|chị muốn dừng đơn
gửi lại báo giá cho chị|không nhận được tin nhắn của em|đừng gửi hàng nữa, chị đổi ý|dừng xe ở cổng
em nhắn tin cho anh Minh nhé|sao không gửi nữa mẫu cho chị|không nhận được hàng nữa à
stop by the shop tomorrow|Chị Dung đây|bao giờ giao"""


@pytest.mark.parametrize("text", STOPS.replace("\n", "|").split("|"))
def test_stop_is_heard_in_a_word_and_in_words(text: str) -> None:
    assert asks_to_stop(text)


@pytest.mark.parametrize("text", GOES_ON.replace("\n", "|").split("|"))
def test_what_is_about_something_else_goes_to_the_rep(text: str) -> None:
    assert not asks_to_stop(text)
    assert not asks_to_resume(text)


@pytest.mark.parametrize("text", ["BAT LAI", "bật lại", "Bật lại.", "start again"])
def test_there_is_a_way_back(text: str) -> None:
    assert asks_to_resume(text)
