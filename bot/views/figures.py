"""A period's figures, each a line of words."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from bot.domain.customers import Source
from bot.domain.metrics import MemberFigures, Response, Share
from bot.domain.periods import Period, PeriodKind
from bot.domain.reports import Report
from bot.i18n import Translator, mark
from bot.views.words import LOST_REASONS, SOURCES, reason_words, stage_words

# What stands in a line of text.
SOURCES_TOLD = 3
MEMBERS_TOLD = 6
LONG_NAME = 18
_MINUTES = 60


# Periods ----------------------------------------------------------------------------------------------------------------


def period_words(t: Translator, period: Period) -> Markup:
    """Week 47, November 2026, quarter 4/2026, year 2026."""
    start = period.start
    match period.kind:
        case PeriodKind.WEEK:
            return t("Week {number}", number=start.isocalendar().week)
        case PeriodKind.MONTH:
            return t("Month {month}", month=f"{start:%m/%Y}")
        case PeriodKind.QUARTER:
            return t("Quarter {quarter}", quarter=f"{(start.month + 2) // 3}/{start.year}")
    return t("Year {year}", year=start.year)


def heading(t: Translator, report: Report) -> Markup:
    """Which period, and until when it is counted."""
    period = report.summary.period
    first, last = t.short_day(period.start), t.short_day(report.last_day)
    span = first if first == last else f"{first} – {last}"
    head = Markup("📊 <b>{}</b> · {}").format(period_words(t, period), span)
    if report.last_day != period.last_day:
        head = Markup("{} {}").format(head, t("(so far)"))
    return head


_BEFORE = {
    PeriodKind.WEEK: mark("the week before"),
    PeriodKind.MONTH: mark("the month before"),
    PeriodKind.QUARTER: mark("the quarter before"),
    PeriodKind.YEAR: mark("the year before"),
}


# Figures ----------------------------------------------------------------------------------------------------------------


def figures(t: Translator, report: Report, *, in_group: bool = False) -> list[Markup]:
    """Every figure in a line of its own, as far as there is something to say."""
    return [
        heading(t, report),
        *_money(t, report),
        _new_customers(t, report),
        _referrals(t, report),
        first_contact(t, report.summary.response),
        _deals(t, report),
        _steps(t, report),
        _stuck(t, report),
        _returned(t, report),
        _care(t, report),
        _followups(t, report),
        _tickets(t, report),
        Markup() if in_group or report.member else _members(report),
        _surveys(t, report),
    ]


def share_words(t: Translator, share: Share) -> str:
    """30/45 (67%), or 2/3 of few."""
    told = f"{t.number(share.part)}/{t.number(share.whole)}"
    return told if share.percent is None else f"{told} ({share.percent}%)"


def _money(t: Translator, report: Report) -> list[Markup]:
    summary = report.summary
    money, before = summary.money, summary.before
    if not money.sales and not before.sales:
        return [t("💰 No sale yet")]
    told = [t("💰 Revenue <b>{amount}</b>", amount=t.short_money(money.revenue_vnd))]
    told.append(t.plural("{count} sale", "{count} sales", money.sales))
    if money.unknown:
        told.append(t("{count} without amount", count=money.unknown))
    told.append(_change(t, report))
    revenue = Markup(", ").join(told)
    if not money.revenue_vnd:
        return [revenue]
    percent = money.existing_share.percent
    existing = t("🔁 From existing customers {amount}", amount=t.short_money(money.existing_vnd))
    return [revenue, existing if percent is None else Markup("{} ({}%)").format(existing, percent)]


def _change(t: Translator, report: Report) -> Markup:
    summary = report.summary
    before = t(_BEFORE[summary.period.kind])
    change = summary.revenue_change_percent
    if change is None:
        return Markup("{} {}").format(before, t.short_money(summary.before.revenue_vnd))
    if change < 0:
        return t("{percent}% less than {before}", percent=-change, before=before)
    return t("{percent}% more than {before}", percent=change, before=before)


def _new_customers(t: Translator, report: Report) -> Markup:
    told = t("🆕 New customers <b>{count}</b>", count=t.number(report.summary.new_customers))
    sources = sources_told(t, report.summary.by_source, SOURCES_TOLD)
    return _with_list(told, [f"{label} {t.number(count)}" for label, count in sources])


def _referrals(t: Translator, report: Report) -> Markup:
    count = report.summary.referrals
    if not count:
        return Markup()
    return t.plural("🤝 Recommended to us: {count} customer", "🤝 Recommended to us: {count} customers", count)


def _with_list(told: Markup, parts: Sequence[str]) -> Markup:
    return Markup("{}: {}").format(told, ", ".join(parts)) if parts else told


def sources_told(t: Translator, by_source: Mapping[Source | None, int], most: int) -> list[tuple[str, int]]:
    """The foremost sources, then the others together; a single other one says its name as shortly."""
    named = [(source, count) for source, count in by_source.items() if source is not None]
    most += len(named) == most + 1
    told = [(str(t(SOURCES[source])), count) for source, count in named[:most]]
    others = sum(count for _, count in named[most:])
    unknown = by_source.get(None, 0)
    return told + [
        (str(label), count) for label, count in ((t("others"), others), (t("source unknown"), unknown)) if count
    ]


def first_contact(t: Translator, response: Response) -> Markup:
    """How soon new customers were contacted, and how many still wait."""
    told = []
    if response.median_minutes == 0:
        told.append(t("usually at once"))
    elif response.median_minutes is not None:
        told.append(t("usually after {time}", time=_duration(t, response.median_minutes)))
    if response.in_time.whole:
        told.append(t("{share} within 4 hours", share=share_words(t, response.in_time)))
    if response.waiting:
        told.append(t("<b>{count}</b> still waiting", count=response.waiting))
    return t("⏱ First contact: {told}", told=Markup(", ").join(told)) if told else Markup()


def _duration(t: Translator, minutes: int) -> Markup:
    if minutes < _MINUTES:
        return t.plural("{count} minute", "{count} minutes", minutes)
    return t.plural("{count} working hour", "{count} working hours", (minutes + _MINUTES // 2) // _MINUTES)


def _deals(t: Translator, report: Report) -> Markup:
    summary = report.summary
    told = t("🎯 Won {won}, lost {lost}", won=t.number(summary.won), lost=t.number(summary.lost))
    reasons = [
        f"{reason_words(t, LOST_REASONS, reason) if reason else t('no reason given')} {count}"
        for reason, count in list(summary.lost_reasons.items())[:SOURCES_TOLD]
    ]
    return Markup("{} ({})").format(told, ", ".join(reasons)) if reasons else told


def _steps(t: Translator, report: Report) -> Markup:
    moved = [stage for stage in report.summary.stages if stage.forward.whole]
    told = [f"{stage_words(t, report.pipeline, one.stage.key)} {share_words(t, one.forward)}" for one in moved]
    return t("📶 Went on from: {steps}", steps=", ".join(told)) if told else Markup()


def _stuck(t: Translator, report: Report) -> Markup:
    stuck = report.summary.stuck
    if stuck is None:
        return Markup()
    return t(
        "🚧 Stuck at {step}: {count} deals, half of them for {days} days or longer",
        step=stage_words(t, report.pipeline, stuck.stage.key),
        count=t.number(stuck.waiting),
        days=stuck.median_days or 0,
    )


def _returned(t: Translator, report: Report) -> Markup:
    told = [
        t("{months} months {share}", months=months, share=share_words(t, share))
        for months, share in report.summary.returned.items()
        if share.whole
    ]
    return t("🛒 Bought again within {told}", told=Markup(", ").join(told)) if told else Markup()


def _care(t: Translator, report: Report) -> Markup:
    coverage = report.summary.coverage
    return t("💚 Buyers cared for {share}", share=share_words(t, coverage)) if coverage.whole else Markup()


def _followups(t: Translator, report: Report) -> Markup:
    record = report.summary.followups
    if not record.share.whole:
        return Markup()
    told = t("✅ Follow-ups on time {share}", share=share_words(t, record.share))
    overdue = t("<b>{count}</b> overdue", count=t.number(record.overdue))
    return Markup("{}, {}").format(told, overdue) if record.overdue else told


def _surveys(t: Translator, report: Report) -> Markup:
    csat, nps = report.summary.csat, report.summary.nps
    told = []
    if csat.whole:
        told.append(t("satisfied {share}", share=share_words(t, csat)))
    if nps.score is not None:
        told.append(t("NPS {score} of {count} answers", score=f"{nps.score:+d}", count=t.number(nps.answers)))
    elif nps.answers:
        told.append(t("would recommend us {share}", share=share_words(t, Share(nps.promoters, nps.answers))))
    return t("🗳 Surveys: {told}", told=Markup(", ").join(told)) if told else t("🗳 Surveys: none yet")


def _tickets(t: Translator, report: Report) -> Markup:
    figures = report.summary.tickets
    told = []
    if figures.open_complaints:
        told.append(t("<b>{count}</b> complaints open", count=t.number(figures.open_complaints)))
    if figures.opened:
        told.append(t("{count} new", count=t.number(figures.opened)))
    if figures.answer_minutes is not None:
        told.append(t("usually answered after {time}", time=_duration(t, figures.answer_minutes)))
    if figures.solve_minutes is not None:
        told.append(t("solved after {time}", time=_duration(t, figures.solve_minutes)))
    return t("🎫 Tickets: {told}", told=Markup(", ").join(told)) if told else Markup()


def _members(report: Report) -> Markup:
    had = with_record(report)
    told = [
        f"{short_name(report.names[one.member_id])} {one.followups.on_time}/{one.followups.share.whole}"
        for one in had[:MEMBERS_TOLD]
    ]
    if len(told) < 2:
        return Markup()
    more = f" … +{len(had) - MEMBERS_TOLD}" if len(had) > MEMBERS_TOLD else ""
    return Markup("👥 {}{}").format(" · ".join(told), more)


def with_record(report: Report) -> list[MemberFigures]:
    """The members who had something to do, best first."""
    had = [member for member in report.summary.members if member.followups.share.whole]
    return sorted(
        had,
        key=lambda one: (-one.followups.share.part / one.followups.share.whole, -one.followups.on_time, one.member_id),
    )


def short_name(name: str) -> str:
    """A long Vietnamese name as colleagues say it: its last words, where the given name stands."""
    words = name.split()
    while len(words) > 1 and len(" ".join(words)) > LONG_NAME:
        words.pop(0)
    return " ".join(words)
