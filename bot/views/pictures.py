"""A period's figures as a picture."""

from markupsafe import Markup

from bot.domain.periods import Period, PeriodKind
from bot.domain.reports import Report
from bot.i18n import Translator, mark
from bot.messages import Bar, Chart, Panel
from bot.views.figures import period_words, short_name, sources_told, with_record
from bot.views.words import stage_words

SOURCES_DRAWN, MEMBERS_DRAWN = 5, 10


def chart(t: Translator, report: Report, *, in_group: bool = False) -> Chart | None:
    """Revenue of the periods so far, new customers by source, follow-ups by member (in a group and for one rep: where deals wait)."""
    summary, period = report.summary, report.summary.period
    third = _waiting_panel(t, report) if in_group or report.member else _members_panel(t, report)
    sources = tuple(
        Bar(label, count, t.number(count)) for label, count in sources_told(t, summary.by_source, SOURCES_DRAWN)
    )
    panels = (
        Panel(_said(t(_COURSES[period.kind])), _course(t, report), _said(t("No sale yet")), columns=True),
        Panel(_said(t("New customers by source")), sources, _said(t("No new customer yet"))),
        third,
    )
    if not any(bar.value or bar.whole for panel in panels for bar in panel.bars):
        return None
    begun = f"{t.short_day(period.start)} – " if period.start < report.last_day else ""
    span = begun + t.day(report.last_day)
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
        for one in with_record(report)[:MEMBERS_DRAWN]
    )
    return Panel(_said(t("Follow-ups on time")), bars, _said(t("No follow-up was due")))


def _waiting_panel(t: Translator, report: Report) -> Panel:
    bars = tuple(
        Bar(str(stage_words(t, report.pipeline, one.stage.key)), one.waiting, t.number(one.waiting))
        for one in report.summary.stages
    )
    return Panel(_said(t("Open deals by step")), bars, _said(t("No open deal")))
