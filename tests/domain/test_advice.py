"""What to act on first, and whom to praise."""

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.domain.advice import best_record, things_to_do
from bot.domain.metrics import (
    FollowUpRecord,
    MemberFigures,
    Response,
    Share,
    StageFigures,
    Summary,
    SummaryRows,
    summarise,
)
from bot.domain.periods import week_of
from bot.domain.pipeline import STANDARD
from bot.domain.worklists import Worklist

MONDAY = date(2026, 11, 23)
QUIET = summarise(SummaryRows(), week_of(MONDAY), STANDARD, datetime(2026, 11, 25, tzinfo=UTC))


def member(number: int, on_time: int = 0, late: int = 0, overdue: int = 0) -> MemberFigures:
    return MemberFigures(number, followups=FollowUpRecord(on_time, late, overdue))


def with_members(*members: MemberFigures) -> Summary:
    total = sum((one.followups for one in members), FollowUpRecord())
    return replace(QUIET, members=members, followups=total)


def test_a_quiet_week_asks_for_nothing() -> None:
    assert things_to_do(QUIET) == []
    assert best_record(QUIET.members) is None


def test_of_many_things_the_three_that_weigh_most_are_told() -> None:
    stuck = StageFigures(STANDARD.open[1], Share(), 9, 12)
    busy = replace(
        with_members(member(1, overdue=2), member(2, overdue=2)),
        response=Response(None, Share(), 4),
        stuck=stuck,
        coverage=Share(10, 13),
        lost_reasons={"price": 2},
    )
    told = things_to_do(busy)
    assert [one.worklist for one in told] == [Worklist.UNTOUCHED, Worklist.STUCK, Worklist.OVERDUE]
    assert (told[1].stage, told[1].days, told[1].count) == ("quoted", 12, 9)


def test_who_holds_most_of_what_is_overdue_is_named_and_nobody_of_a_few() -> None:
    assert things_to_do(with_members(member(1, overdue=1), member(2, overdue=6)))[0].member_id == 2
    assert things_to_do(with_members(member(1, overdue=1), member(2, overdue=3)))[0].member_id is None
    assert things_to_do(with_members(member(1, overdue=5), member(2, overdue=5)))[0].member_id is None
    assert things_to_do(with_members(member(1, overdue=9)))[0].member_id is None


def test_lost_deals_are_told_when_three_went_for_one_reason() -> None:
    assert things_to_do(replace(QUIET, lost_reasons={"price": 2, None: 2})) == []
    told = things_to_do(replace(QUIET, lost_reasons={"price": 3, "other": 1}))
    assert [(one.worklist, one.count, one.reason) for one in told] == [(Worklist.LOST, 3, "price")]


def test_the_best_record_has_five_done_then_the_highest_share_then_the_most() -> None:
    few, steady, most, late = member(1, on_time=4), member(2, 9, 1), member(3, 18, 2), member(4, 9, 1, overdue=5)
    assert best_record([few, steady, most, late]) == most
    assert best_record([few, steady, late]) == steady
    assert best_record([few]) is None
    assert best_record([member(1, late=6)]) is None
    assert best_record([member(2, 5), member(1, 5)]) == member(1, 5)
