"""What to act on first, and whom to praise: chosen from the figures by rule."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.metrics import MemberFigures, Summary
from bot.domain.worklists import Worklist

THINGS = 3
# How much one person on a list weighs against one on another: a new lead cools by the hour, a promise by the day.
_WEIGHTS = {
    Worklist.UNTOUCHED: 5,
    Worklist.OVERDUE: 3,
    Worklist.LOST: 3,
    Worklist.STUCK: 2,
    Worklist.UNCARED: 1,
}
# Lost deals are worth a look when so many went for the same reason.
LOST_TOGETHER = 3
# Who holds more than half of at least so many overdue items has too much on their hands.
OVERLOADED = 5
# PRODUCT: the best follow-up record of a week has at least so many done.
FEWEST_DONE = 5


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to act on, with how many people are behind it. `member_id`: who has most of it on their hands; `stage`: the step where
    deals are stuck and `days` the median wait there; `reason`: why deals were lost."""

    worklist: Worklist
    count: int
    member_id: int | None = None
    stage: str | None = None
    days: int = 0
    reason: str | None = None

    @property
    def weight(self) -> int:
        """The heavier, the sooner."""
        return self.count * _WEIGHTS[self.worklist]


def things_to_do(summary: Summary) -> Sequence[Advice]:
    """The three that weigh most, heaviest first; fewer where there is less to do."""
    found = [*_waiting(summary), *_overdue(summary), *_stuck(summary), *_lost(summary), *_uncared(summary)]
    return sorted(found, key=lambda advice: -advice.weight)[:THINGS]


def _waiting(summary: Summary) -> list[Advice]:
    waiting = summary.response.waiting
    return [Advice(Worklist.UNTOUCHED, waiting)] if waiting else []


def _overdue(summary: Summary) -> list[Advice]:
    overdue = summary.followups.overdue
    if not overdue:
        return []
    most = max(summary.members, key=lambda member: member.followups.overdue)
    has_most = overdue >= OVERLOADED and 2 * most.followups.overdue > overdue and len(summary.members) > 1
    return [Advice(Worklist.OVERDUE, overdue, most.member_id if has_most else None)]


def _stuck(summary: Summary) -> list[Advice]:
    stuck = summary.stuck
    if stuck is None:
        return []
    return [Advice(Worklist.STUCK, stuck.waiting, stage=stuck.stage.key, days=stuck.median_days or 0)]


def _lost(summary: Summary) -> list[Advice]:
    reason = max(summary.lost_reasons, key=lambda reason: summary.lost_reasons[reason], default=None)
    count = summary.lost_reasons.get(reason, 0)
    return [Advice(Worklist.LOST, count, reason=reason)] if count >= LOST_TOGETHER else []


def _uncared(summary: Summary) -> list[Advice]:
    uncared = summary.coverage.whole - summary.coverage.part
    return [Advice(Worklist.UNCARED, uncared)] if uncared > 0 else []


def best_record(members: Sequence[MemberFigures]) -> MemberFigures | None:
    """The best follow-up record: at least five done, the highest share on time, then the most on time, then who has been here longest.
    None where nobody has done five, or nobody anything on time."""
    done = [
        member
        for member in members
        if member.followups.on_time and member.followups.on_time + member.followups.late >= FEWEST_DONE
    ]
    return max(done, key=_record, default=None)


def _record(member: MemberFigures) -> tuple[float, int, int]:
    share = member.followups.share
    return share.part / share.whole, share.part, -member.member_id
