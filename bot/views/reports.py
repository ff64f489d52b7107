"""A period on one phone screen: its figures, whom to praise, what to act on, and the ways on from there."""

from markupsafe import Markup

from bot.domain.advice import Advice
from bot.domain.periods import Period
from bot.domain.reports import Report
from bot.domain.worklists import Worklist
from bot.i18n import Translator, mark
from bot.messages import Choice, Reply, Rows
from bot.views.cards import lines
from bot.views.figures import figures, heading, period_words
from bot.views.pictures import chart
from bot.views.words import LOST_REASONS, group_called, reason_words, stage_words

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

# What is to be done carries a sign, since a count follows it.
_SIGNS = "①②③"


def week(t: Translator, report: Report, rows: Rows, *, in_group: bool = False) -> Reply:
    """The week: figures, praise, the three things to act on; `rows` are its buttons. In a group, nobody's record but the best."""
    report = report.for_group() if in_group else report
    parts = [lines(figures(t, report, in_group=in_group)), praise(t, report), _things(t, report, in_group=in_group)]
    return Reply(Markup("\n\n").join(filter(None, parts)), rows, chart=chart(t, report, in_group=in_group))


def nothing_yet(t: Translator, report: Report, rows: Rows) -> Reply:
    """There is nothing to tell of this period."""
    text = t("Nothing has been written down in this period yet. Type a customer to begin.")
    return Reply(lines([heading(t, report), text]), rows)


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
    head = t.plural("<b>{count} thing to act on</b>", "<b>{count} things to act on</b>", len(report.things))
    numbered = [
        Markup("{} {}").format(sign, advice_words(t, report, one, in_group=in_group))
        for sign, one in zip(_SIGNS, report.things, strict=False)
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


# Buttons ----------------------------------------------------------------------------------------------------------------


def period_code(period: Period) -> str:
    """A period in a button: `w20261116`."""
    return f"{period.kind.value[0]}{period.start:%Y%m%d}"


def advice_rows(t: Translator, report: Report) -> Rows:
    """A button to all the people behind each thing, whoever's they are."""
    code = period_code(report.summary.period)

    def data(advice: Advice) -> str:
        step = report.pipeline.place(advice.stage) if advice.stage else 0
        return f"report.who:{advice.worklist}:{code}:0:{step}:0"

    return tuple(
        (Choice(f"{sign} {t(LISTS[advice.worklist]).unescape()}", data(advice)),)
        for sign, advice in zip(_SIGNS, report.things, strict=False)
    )


def before_row(t: Translator, report: Report, verb: str) -> Rows:
    """*‹ Kỳ trước*."""
    before = report.summary.period.previous()
    return ((Choice(f"‹ {period_words(t, before).unescape()}", f"{verb}:{period_code(before)}"),),)


def offered(t: Translator, period: Period) -> Reply:
    """A plain sentence asked for a week's figures: they are a tap away."""
    words = period_words(t, period)
    return Reply(
        t("📊 The figures of {period}:", period=words),
        ((Choice(str(words.unescape()), f"week.show:{period_code(period)}"),),),
    )


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
        t(
            "🔔 Every Monday morning {group} gets last week's summary, without any customer's data.",
            group=group_called(t, group),
        ),
        ((Choice("🔕 " + t("Stop sending it here"), "group.stop"),),),
    )


def group_stopped(t: Translator) -> Reply:
    """It does not any more."""
    return Reply(
        t("🔕 The week does not come to this group any more."),
        ((Choice("🔔 " + t("Send it here every Monday"), "group.weekly"),),),
    )
