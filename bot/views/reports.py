"""A period's figures in words for one phone screen, and the same as a picture."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from bot.domain.advice import Advice
from bot.domain.customers import Source
from bot.domain.metrics import MemberFigures, Share
from bot.domain.periods import Period, PeriodKind
from bot.domain.reports import Report
from bot.domain.worklists import Worklist
from bot.i18n import Translator, mark
from bot.messages import Bar, Chart, Choice, Panel, Reply, Rows
from bot.views.cards import lines
from bot.views.words import LOST_REASONS, SOURCES, reason_words, stage_words

# What stands in a line of text, and in the picture.
SOURCES_TOLD, SOURCES_DRAWN = 3, 5
MEMBERS_TOLD, MEMBERS_DRAWN = 6, 10
LONG_NAME = 18
_MINUTES = 60

LISTS = {
    Worklist.OVERDUE: mark("Overdue follow-ups"),
    Worklist.UNTOUCHED: mark("New, not contacted yet"),
    Worklist.STUCK: mark("Stuck deals"),
    Worklist.LOST: mark("Lost deals"),
    Worklist.UNCARED: mark("Bought, not cared for"),
    Worklist.COMING: mark("About to buy again"),
    Worklist.REFERRERS: mark("Referred others"),
    Worklist.COMPLAINTS: mark("Complaints"),
}


def week(t: Translator, report: Report, rows: Rows, *, in_group: bool = False) -> Reply:
    """The week: figures, praise, the three things to act on; `rows` are its buttons. In a group, nobody's record but the best."""
    parts = [lines(figures(t, report, in_group=in_group)), praise(t, report), _things(t, report, in_group=in_group)]
    return Reply(Markup("\n\n").join(filter(None, parts)), rows, chart=chart(t, report, in_group=in_group))


def nothing_yet(t: Translator, report: Report, rows: Rows) -> Reply:
    """There is nothing to tell of this period."""
    text = t("Nothing has been written down in this period yet. Type a customer to begin.")
    return Reply(lines([heading(t, report), text]), rows)


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
        _response(t, report),
        _deals(t, report),
        _steps(t, report),
        _stuck(t, report),
        _returned(t, report),
        _care(t, report),
        _followups(t, report),
        Markup() if in_group or report.member else _members(report),
        t("🕗 Not measured yet: CSAT, NPS, tickets, referrals"),
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
    sources = _sources(t, report.summary.by_source, SOURCES_TOLD)
    return _with_list(told, [f"{label} {t.number(count)}" for label, count in sources])


def _with_list(told: Markup, parts: Sequence[str]) -> Markup:
    return Markup("{}: {}").format(told, ", ".join(parts)) if parts else told


def _sources(t: Translator, by_source: Mapping[Source | None, int], most: int) -> list[tuple[str, int]]:
    """The foremost sources, then the others together."""
    named = [(source, count) for source, count in by_source.items() if source is not None]
    told = [(str(t(SOURCES[source])), count) for source, count in named[:most]]
    others = sum(count for _, count in named[most:])
    unknown = by_source.get(None, 0)
    return told + [
        (str(label), count) for label, count in ((t("others"), others), (t("source unknown"), unknown)) if count
    ]


def _response(t: Translator, report: Report) -> Markup:
    response = report.summary.response
    told = []
    if response.median_minutes is not None:
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


def _members(report: Report) -> Markup:
    shown = _with_record(report)[:MEMBERS_TOLD]
    told = [
        f"{short_name(report.names[one.member_id])} {one.followups.on_time}/{one.followups.share.whole}"
        for one in shown
    ]
    return Markup("👥 {}").format(" · ".join(told)) if len(told) > 1 else Markup()


def _with_record(report: Report) -> list[MemberFigures]:
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


# Praise and advice ------------------------------------------------------------------------------------------------------


def praise(t: Translator, report: Report) -> Markup:
    """The best follow-up record, named."""
    best = report.best
    if best is None:
        return Markup()
    return t(
        "🏆 Best record: <b>{name}</b>, {on_time} of {all} follow-ups on time. Well done!",
        name=report.names[best.member_id],
        on_time=best.followups.on_time,
        all=best.followups.share.whole,
    )


def praised(t: Translator, report: Report) -> Reply:
    """What who had the best record hears."""
    best = report.best
    assert best is not None
    return Reply(
        t(
            "🏆 You kept your promises best last week: {on_time} of {all} follow-ups on time. Thank you!",
            on_time=best.followups.on_time,
            all=best.followups.share.whole,
        )
    )


def _things(t: Translator, report: Report, *, in_group: bool) -> Markup:
    if not report.things:
        return Markup()
    head = t.plural("<b>To act on</b>", "<b>{count} things to act on</b>", len(report.things))
    numbered = [
        Markup("{}. {}").format(n, advice_words(t, report, one, in_group=in_group))
        for n, one in enumerate(report.things, 1)
    ]
    return lines([head, *numbered])


def advice_words(t: Translator, report: Report, advice: Advice, *, in_group: bool = False) -> Markup:
    """One thing to act on, as a sentence; in a group nobody is named."""
    count = advice.count
    match advice.worklist:
        case Worklist.UNTOUCHED:
            return t.plural(
                "{count} new customer whom nobody has contacted: call today",
                "{count} new customers whom nobody has contacted: call today",
                count,
            )
        case Worklist.OVERDUE if advice.member_id is not None and not in_group:
            return t(
                "{count} overdue follow-ups, most of them with {name}: lend a hand or share them out",
                count=t.number(count),
                name=report.names[advice.member_id],
            )
        case Worklist.OVERDUE:
            return t.plural(
                "{count} overdue follow-up: do it or move it", "{count} overdue follow-ups: do them or move them", count
            )
        case Worklist.STUCK:
            step = stage_words(t, report.pipeline, advice.stage or "")
            return t("{count} deals stuck at {step}: ask what holds them up", count=t.number(count), step=step)
        case Worklist.LOST:
            reason = reason_words(t, LOST_REASONS, advice.reason) if advice.reason else t("no reason given")
            return t("{count} deals lost ({reason}): look at what could be said", count=t.number(count), reason=reason)
    return t.plural(
        "{count} buyer whom nobody has cared for: ask how they are",
        "{count} buyers whom nobody has cared for: ask how they are",
        count,
    )


# The picture ------------------------------------------------------------------------------------------------------------


def chart(t: Translator, report: Report, *, in_group: bool = False) -> Chart | None:
    """Revenue of the periods so far, new customers by source, follow-ups by member (in a group and for one rep: where deals wait)."""
    summary, period = report.summary, report.summary.period
    third = _waiting_panel(t, report) if in_group or report.member else _members_panel(t, report)
    sources = tuple(
        Bar(label, count, t.number(count)) for label, count in _sources(t, summary.by_source, SOURCES_DRAWN)
    )
    panels = (
        Panel(_said(t(_COURSES[period.kind])), _course(t, report), _said(t("No sale yet")), columns=True),
        Panel(_said(t("New customers by source")), sources, _said(t("No new customer yet"))),
        third,
    )
    if not any(bar.value or bar.whole for panel in panels for bar in panel.bars):
        return None
    span = f"{t.short_day(period.start)} – {t.day(report.last_day)}"
    return Chart(f"{_said(period_words(t, period))} · {report.org}", span, panels)


_COURSES = {
    PeriodKind.WEEK: mark("Revenue by week"),
    PeriodKind.MONTH: mark("Revenue by month"),
    PeriodKind.QUARTER: mark("Revenue by quarter"),
    PeriodKind.YEAR: mark("Revenue by year"),
}


def _said(text: Markup) -> str:
    """A text as plain words: a picture knows no markup."""
    return str(text.unescape())


def _course(t: Translator, report: Report) -> tuple[Bar, ...]:
    def label(period: Period) -> str:
        start = period.start
        return {
            PeriodKind.WEEK: f"{start:%d/%m}",
            PeriodKind.MONTH: f"{start.month}/{start:%y}",
            PeriodKind.QUARTER: f"{(start.month + 2) // 3}/{start:%y}",
            PeriodKind.YEAR: f"{start.year}",
        }[period.kind]

    return tuple(
        Bar(label(period), revenue, t.short_money(revenue), marked=period == report.summary.period)
        for period, revenue in report.course
    )


def _members_panel(t: Translator, report: Report) -> Panel:
    bars = tuple(
        Bar(
            short_name(report.names[one.member_id]),
            one.followups.on_time,
            f"{one.followups.on_time}/{one.followups.share.whole}",
            one.followups.share.whole,
            one == report.best,
        )
        for one in _with_record(report)[:MEMBERS_DRAWN]
    )
    return Panel(_said(t("Follow-ups on time")), bars, _said(t("No follow-up was due")))


def _waiting_panel(t: Translator, report: Report) -> Panel:
    bars = tuple(
        Bar(str(stage_words(t, report.pipeline, one.stage.key)), one.waiting, t.number(one.waiting))
        for one in report.summary.stages
    )
    return Panel(_said(t("Open deals by step")), bars, _said(t("No open deal")))


# Buttons ----------------------------------------------------------------------------------------------------------------


def period_code(period: Period) -> str:
    """A period in a button: `w20261116`."""
    return f"{period.kind.value[0]}{period.start:%Y%m%d}"


def advice_rows(t: Translator, report: Report) -> Rows:
    """A button to the people behind each thing."""
    code = period_code(report.summary.period)

    def data(advice: Advice) -> str:
        member = advice.member_id or 0
        step = report.pipeline.place(advice.stage) if advice.stage else 0
        return f"report.who:{advice.worklist}:{code}:{member}:{step}:0"

    return tuple(
        (Choice(f"{number}. {t(LISTS[advice.worklist]).unescape()}", data(advice)),)
        for number, advice in enumerate(report.things, 1)
    )


def before_row(t: Translator, report: Report, verb: str) -> Rows:
    """*‹ Kỳ trước*."""
    before = report.summary.period.previous()
    return ((Choice(f"‹ {period_words(t, before).unescape()}", f"{verb}:{period_code(before)}"),),)


def group_rows(t: Translator, link: str, *, linked: bool) -> Rows:
    """In a group: the way to the private chat, and whether the week comes here by itself."""
    weekly = (
        Choice("🔕 " + t("Stop sending it here"), "group.stop")
        if linked
        else Choice("🔔 " + t("Send it here every Monday"), "group.weekly")
    )
    private = Choice("💬 " + t("Details in our private chat"), url=link)
    return ((private,), (weekly,)) if link else ((weekly,),)


def group_linked(t: Translator, group: str) -> Reply:
    """The week comes to this group from now on."""
    return Reply(
        t("🔔 Every Monday morning {group} gets last week's summary, without any customer's data.", group=group),
        ((Choice("🔕 " + t("Stop sending it here"), "group.stop"),),),
    )


def group_stopped(t: Translator) -> Reply:
    """It does not any more."""
    return Reply(
        t("🔕 The week does not come to this group any more."),
        ((Choice("🔔 " + t("Send it here every Monday"), "group.weekly"),),),
    )
