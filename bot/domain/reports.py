"""What a report says, read and worked out, not yet worded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.advice import Advice
from bot.domain.customers import LostReason
from bot.domain.metrics import MemberFigures, Summary
from bot.domain.people import Member
from bot.domain.periods import Period
from bot.domain.pipeline import Pipeline
from bot.domain.targets import Standing
from bot.domain.worklists import Listed, Worklist


@dataclass(frozen=True, slots=True)
class Report:
    """A period's figures for one scope. `course` is the revenue of this period (the last one) and of those
    before it; `names` are the members'; `last_day` the last one that counts; `member` is set where it is one rep's own."""

    summary: Summary
    course: Sequence[tuple[Period, int]]
    names: Mapping[int, str]
    pipeline: Pipeline
    org: str
    last_day: date
    things: Sequence[Advice]
    best: MemberFigures | None
    member: Member | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all has happened, and nothing waits."""
        summary = self.summary
        counts = (summary.new_customers, summary.won, summary.lost, *(revenue for _, revenue in self.course))
        waits = (*(stage.waiting for stage in summary.stages), summary.followups.share.whole)
        return not any((*counts, *waits))

    def for_group(self) -> "Report":
        """The report without reasons that members typed: their own words may name the customer."""
        told = {None, *LostReason}
        reasons = {reason: count for reason, count in self.summary.lost_reasons.items() if reason in told}
        things = [one for one in self.things if one.reason in told]
        return replace(self, summary=replace(self.summary, lost_reasons=reasons), things=things)


@dataclass(frozen=True, slots=True)
class Review:
    """The month's answers: the first few people of each list, and how many there are."""

    report: Report
    answers: Mapping[Worklist, tuple[Sequence[Listed], int]]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """How each member stands this month; `passed` of `whole` working days are over."""

    period: Period
    members: Sequence[tuple[Member, MemberFigures, tuple[Standing, ...]]]
    passed: int
    whole: int
