"""The figures of a period: each is defined here once, in the words of its function (docs/metrics.md tells them with examples).

Storage counts (`SummaryRows`), the functions here make figures of the counts (`Summary`). A figure is told for a scope: the whole
company, or some members. What is about a customer belongs to the customer's owner of today, a sale to who sold it, a follow-up to
whom it is for. A period that is still under way ends today: `as_of` is the day after the last one that counts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.customers import Source, Stage
from bot.domain.periods import DAY, Period, PeriodKind, midnight, months_after
from bot.domain.pipeline import Pipeline, PipelineStage
from bot.domain.surveys import Band, SurveyKind, band
from bot.domain.timeline import InteractionKind

# No percentage of fewer cases.
FEWEST_CASES = 10
# PRODUCT section 5: a new lead is to be contacted within so many working minutes.
RESPONSE_MINUTES = 240
# Who bought within so many days is a buyer to care for; who did not buy for so long has gone.
BUYER_DAYS = 180
# In a week's summary a buyer is cared for who was touched within so many days.
CARE_DAYS = 30
# PRODUCT section 5: the first care call is due three days after the sale; before that nobody is left without care.
CARE_BEGINS_DAYS = 3
# Deals are stuck where at least so many wait, half of them for at least so many days.
STUCK_DEALS, STUCK_DAYS = 3, 7
RETURN_MONTHS = (3, 6)
# What reaches a new customer, and what is care of a buyer; a done follow-up is either.
TOUCH_KINDS = (InteractionKind.CALL, InteractionKind.MESSAGE, InteractionKind.MEETING, InteractionKind.SALE)
CARE_KINDS = (InteractionKind.CALL, InteractionKind.MESSAGE, InteractionKind.MEETING, InteractionKind.FEEDBACK)


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`. `cases` is how many people or things it is about, where whole counts something else (đồng)."""

    part: int = 0
    whole: int = 0
    cases: int | None = None

    @property
    def percent(self) -> int | None:
        """Per cent, rounded half up; None where it is about fewer than 10 cases: views then say "2/3"."""
        cases = self.whole if self.cases is None else self.cases
        return None if cases < FEWEST_CASES or self.whole <= 0 else (200 * self.part + self.whole) // (2 * self.whole)


@dataclass(frozen=True, slots=True)
class Response:
    """How fast new customers were touched; minutes are working minutes, None where nobody was touched."""

    median_minutes: int | None
    in_time: Share
    waiting: int


@dataclass(frozen=True, slots=True)
class TicketFigures:
    """What customers complained of or asked for: tickets opened in the period, complaints open at its end, and how fast tickets were
    answered and solved, as medians of working minutes (None where none was)."""

    opened: int = 0
    open_complaints: int = 0
    answer_minutes: int | None = None
    solved: int = 0
    solve_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Who would recommend us: answers of 9 and 10, of 6 and less, and all."""

    promoters: int = 0
    detractors: int = 0
    answers: int = 0

    @property
    def score(self) -> int | None:
        """NPS, -100 to 100: promoters less detractors in per cent of all, rounded half up; None of fewer than 10 answers."""
        if self.answers < FEWEST_CASES:
            return None
        return (200 * (self.promoters - self.detractors) + self.answers) // (2 * self.answers)


@dataclass(frozen=True, slots=True)
class StageFigures:
    """An open step of the pipeline: of the deals that left it, those that went forward; and who waits there now."""

    stage: PipelineStage
    forward: Share
    waiting: int
    median_days: int | None


@dataclass(frozen=True, slots=True)
class FollowUpRecord:
    """Follow-ups done in the period, on time or late, and those still overdue at its end."""

    on_time: int = 0
    late: int = 0
    overdue: int = 0

    @property
    def share(self) -> Share:
        """On time ÷ (on time + late + overdue)."""
        return Share(self.on_time, self.on_time + self.late + self.overdue)

    def __add__(self, other: "FollowUpRecord") -> "FollowUpRecord":
        return FollowUpRecord(self.on_time + other.on_time, self.late + other.late, self.overdue + other.overdue)


@dataclass(frozen=True, slots=True)
class Money:
    """What was sold: how many sales, how many of them without a known amount, their total in đồng, and the part of the total
    that existing customers paid."""

    sales: int = 0
    unknown: int = 0
    revenue_vnd: int = 0
    existing_vnd: int = 0

    @property
    def existing_share(self) -> Share:
        """Revenue from existing customers ÷ revenue; about the sales with a known amount."""
        return Share(self.existing_vnd, self.revenue_vnd, self.sales - self.unknown)

    def __add__(self, other: "Money") -> "Money":
        return Money(
            self.sales + other.sales,
            self.unknown + other.unknown,
            self.revenue_vnd + other.revenue_vnd,
            self.existing_vnd + other.existing_vnd,
        )


@dataclass(frozen=True, slots=True)
class MemberFigures:
    """The same definitions for one member."""

    member_id: int
    new_customers: int = 0
    money: Money = Money()
    followups: FollowUpRecord = FollowUpRecord()
    coverage: Share = Share()


@dataclass(frozen=True, slots=True)
class Summary:
    """Every figure of a period and a scope. `stages` are the open steps in order; `members` those who are active or have a figure, by
    id."""

    period: Period
    new_customers: int
    by_source: Mapping[Source | None, int]
    response: Response
    stages: Sequence[StageFigures]
    stuck: StageFigures | None
    won: int
    lost: int
    lost_reasons: Mapping[str | None, int]
    money: Money
    before: Money
    returned: Mapping[int, Share]
    coverage: Share
    followups: FollowUpRecord
    lifetime_vnd: int | None
    churn: Share
    forecast_vnd: int
    members: Sequence[MemberFigures]
    csat: Share = Share()
    nps: Recommendation = Recommendation()
    tickets: TicketFigures = TicketFigures()
    referrals: int = 0

    @property
    def revenue_change_percent(self) -> int | None:
        """Revenue against the whole period before, in per cent (+25, -40), rounded half up; None where one of the two has fewer
        than 10 sales with a known amount."""
        known = min(self.money.sales - self.money.unknown, self.before.sales - self.before.unknown)
        against = Share(self.money.revenue_vnd, self.before.revenue_vnd, known).percent
        return None if against is None else against - 100


# What storage counts ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Arrival:
    """A new customer: the working minutes until they were first touched, or until now while nobody has."""

    minutes: int
    touched: bool


@dataclass(frozen=True, slots=True)
class TicketRows:
    """How many tickets were opened, how many complaints are open at the end; the working minutes to the first answer of those that
    got it in the period, and to the solution of those solved in it."""

    opened: int = 0
    open_complaints: int = 0
    answers: Sequence[int] = ()
    solutions: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class StageMoves:
    """How many deals went from one step to another in the period."""

    from_stage: str
    to_stage: str
    count: int


@dataclass(frozen=True, slots=True)
class StageQueue:
    """The deals at one step now. `middle` are the moments since when the one or two in the middle are there; `expected_vnd`
    is the sum of those that have an expected amount, `unpriced` how many have none."""

    stage: str
    count: int
    middle: Sequence[datetime]
    expected_vnd: int
    unpriced: int


@dataclass(frozen=True, slots=True)
class SummaryRows:
    """Everything counted for a summary. Counts by member are keyed by the member's id; `active_members` are those of the scope."""

    active_members: Sequence[int] = ()
    new_customers: Mapping[tuple[int, Source | None], int] = field(default_factory=dict)
    arrivals: Sequence[Arrival] = ()
    moves: Sequence[StageMoves] = ()
    queues: Sequence[StageQueue] = ()
    lost: Mapping[str | None, int] = field(default_factory=dict)
    money: Mapping[int, Money] = field(default_factory=dict)
    before: Money = Money()
    returned: Mapping[int, Share] = field(default_factory=dict)
    coverage: Mapping[int, Share] = field(default_factory=dict)
    followups: Mapping[int, FollowUpRecord] = field(default_factory=dict)
    buyers: int = 0
    lifetime_revenue_vnd: int = 0
    churn: Share = Share()
    typical_sale_vnd: int | None = None
    tickets: TicketRows = TicketRows()
    surveys: Mapping[tuple[SurveyKind, int], int] = field(default_factory=dict)
    referrals: int = 0


# From when to when ------------------------------------------------------------------------------------------------------


def as_of(period: Period, zone: ZoneInfo, now: datetime) -> date:
    """The day after the last one that counts: the period's end, or tomorrow while it is under way."""
    return min(period.end, now.astimezone(zone).date() + DAY)


def care_window(period: Period, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    """When a touch counts as care (UTC, the end not included): a week's summary looks at the 30 days before its end, every longer
    period at itself."""
    end = as_of(period, zone, now)
    start = end - CARE_DAYS * DAY if period.kind is PeriodKind.WEEK else period.start
    return midnight(start, zone), midnight(end, zone)


@dataclass(frozen=True, slots=True)
class CohortDay:
    """A day of first purchases, and the day before which the next one counts as coming back within `months`."""

    months: int
    first_on: date
    back_before: date


def cohort_days(period: Period, zone: ZoneInfo, now: datetime) -> Sequence[CohortDay]:
    """The days of the first purchases whose buyers are asked about: for "within 3 months" the 3 months that ended 3 months before
    the period's end, for "within 6" likewise 6, so that everybody has had the whole time to come back."""
    end = as_of(period, zone, now)
    days = []
    for months in RETURN_MONTHS:
        day, last = months_after(end, -2 * months), months_after(end, -months)
        while day < last:
            days.append(CohortDay(months, day, months_after(day, months)))
            day += DAY
    return days


# The figures --------------------------------------------------------------------------------------------------------------


def summarise(rows: SummaryRows, period: Period, pipeline: Pipeline, now: datetime) -> Summary:
    """All figures of a period, from what storage counted."""
    stages = stage_figures(rows, pipeline, now)
    money = sum(rows.money.values(), Money())
    return Summary(
        period=period,
        new_customers=sum(rows.new_customers.values()),
        by_source=by_source(rows),
        response=response(rows.arrivals),
        stages=stages,
        stuck=stuck(stages),
        won=money.sales,
        lost=sum(rows.lost.values()),
        lost_reasons=dict(rows.lost),
        money=money,
        before=rows.before,
        returned={months: rows.returned.get(months, Share()) for months in RETURN_MONTHS},
        coverage=total(rows.coverage.values()),
        followups=sum(rows.followups.values(), FollowUpRecord()),
        lifetime_vnd=lifetime_value(rows),
        churn=rows.churn,
        forecast_vnd=forecast(rows, pipeline),
        members=member_figures(rows),
        csat=satisfaction(rows),
        nps=recommendation(rows),
        tickets=ticket_figures(rows.tickets),
        referrals=rows.referrals,
    )


def by_source(rows: SummaryRows) -> Mapping[Source | None, int]:
    """New customers by where they came from, most first; None is "not said"."""
    counts: Counter[Source | None] = Counter()
    for (_, source), count in rows.new_customers.items():
        counts[source] += count
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0] or "")))


def response(arrivals: Sequence[Arrival]) -> Response:
    """Response time: the working minutes (08:00-17:30 of working days, whole minutes) from a new customer's arrival to the first
    touch: a call, message, meeting, sale, done follow-up, or the deal taken to another step or lost, up to now. Told as the median of
    those touched, as the share touched within 4 working hours (of those touched or waiting longer than that), and as how many
    still wait."""
    touched = [arrival.minutes for arrival in arrivals if arrival.touched]
    waits = [arrival.minutes for arrival in arrivals if not arrival.touched]
    in_time = sum(minutes <= RESPONSE_MINUTES for minutes in touched)
    judged = len(touched) + sum(minutes > RESPONSE_MINUTES for minutes in waits)
    return Response(median(touched), Share(in_time, judged), len(waits))


def satisfaction(rows: SummaryRows) -> Share:
    """CSAT: of the surveys answered in the period, the share of 4 and 5."""
    return Share(_answers(rows, SurveyKind.CSAT, Band.HIGH), _answers(rows, SurveyKind.CSAT, *Band))


def recommendation(rows: SummaryRows) -> Recommendation:
    """NPS: of the surveys answered in the period, who would recommend us (9, 10) and who would not (0 to 6)."""
    kind = SurveyKind.NPS
    return Recommendation(_answers(rows, kind, Band.HIGH), _answers(rows, kind, Band.LOW), _answers(rows, kind, *Band))


def _answers(rows: SummaryRows, kind: SurveyKind, *bands: Band) -> int:
    """How many answers of the kind lie in one of the bands."""
    return sum(count for (asked, score), count in rows.surveys.items() if asked is kind and band(kind, score) in bands)


def ticket_figures(rows: TicketRows) -> TicketFigures:
    """Tickets: how many were opened in the period; complaints that are open at its end; the median working minutes from opening to
    the first answer, of those first answered in the period, and from opening to the solution, of those solved in it (and not
    opened again since)."""
    return TicketFigures(
        rows.opened, rows.open_complaints, median(rows.answers), len(rows.solutions), median(rows.solutions)
    )


def stage_figures(rows: SummaryRows, pipeline: Pipeline, now: datetime) -> Sequence[StageFigures]:
    """Conversion of each open step: of the times that a deal left it in the period for another step of the pipeline or was lost, the
    share that went to a later step, won included. Waiting: the deals at the step now, and the whole days (of 24 hours) since
    when the median one is there."""
    queues = {queue.stage: queue for queue in rows.queues}
    return [_stage(stage, rows.moves, queues.get(stage.key), pipeline, now) for stage in pipeline.open]


def _stage(
    stage: PipelineStage, moves: Iterable[StageMoves], queue: StageQueue | None, pipeline: Pipeline, now: datetime
) -> StageFigures:
    here = pipeline.place(stage.key)
    left = forward = 0
    for move in moves:
        there = pipeline.place(move.to_stage)
        if move.from_stage == stage.key and there != here and (there >= 0 or move.to_stage == Stage.LOST):
            left += move.count
            forward += move.count if there > here else 0
    if queue is None:
        return StageFigures(stage, Share(forward, left), 0, None)
    waited = sum((now - since for since in queue.middle), timedelta()) / len(queue.middle)
    return StageFigures(stage, Share(forward, left), queue.count, waited // DAY)


def stuck(stages: Iterable[StageFigures]) -> StageFigures | None:
    """Where deals are stuck: the open step with the longest median wait (the earlier one of two), among those where at least 3
    deals wait, half of them 7 days or longer; None where there is no such step."""
    waiting = [stage for stage in stages if stage.waiting >= STUCK_DEALS and (stage.median_days or 0) >= STUCK_DAYS]
    return max(waiting, key=lambda stage: stage.median_days or 0, default=None)


def lifetime_value(rows: SummaryRows) -> int | None:
    """Lifetime value: everything that the scope's customers have paid up to the period's end ÷ how many of them have bought, in whole
    đồng, rounded down; None without buyers."""
    return rows.lifetime_revenue_vnd // rows.buyers if rows.buyers else None


def forecast(rows: SummaryRows, pipeline: Pipeline) -> int:
    """Forecast: over the deals at open steps now, what each may bring times its step's chance, rounded down a step. What a deal may
    bring is its expected amount, else the median sale of the whole company in the last 180 days (nothing while there is none)."""
    chances = {stage.key: stage.chance for stage in pipeline.open}
    typical = rows.typical_sale_vnd or 0
    return sum(
        (queue.expected_vnd + queue.unpriced * typical) * chances.get(queue.stage, 0) // 100 for queue in rows.queues
    )


def member_figures(rows: SummaryRows) -> Sequence[MemberFigures]:
    """The same figures for each member who is active or has one, by id."""
    new: Counter[int] = Counter()
    for (member_id, _), count in rows.new_customers.items():
        new[member_id] += count
    ids = {*rows.active_members, *new, *rows.money, *rows.followups, *rows.coverage}
    return [
        MemberFigures(
            member_id,
            new[member_id],
            rows.money.get(member_id, Money()),
            rows.followups.get(member_id, FollowUpRecord()),
            rows.coverage.get(member_id, Share()),
        )
        for member_id in sorted(ids)
    ]


def total(shares: Iterable[Share]) -> Share:
    """The share of all together."""
    parts = list(shares)
    return Share(sum(share.part for share in parts), sum(share.whole for share in parts))


def median(values: Sequence[int]) -> int | None:
    """The middle value; of an even number of them the mean of the middle two, rounded down; None of none."""
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) // 2
