"""The monthly review: its figures, the four questions with names, the agenda of the meeting, and what was decided there."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from bot.domain.customers import Customer
from bot.domain.decisions import Unclear, Why
from bot.domain.followups import FollowUp
from bot.domain.reports import Report, Review
from bot.domain.worklists import Listed, Worklist
from bot.i18n import Translator, mark
from bot.messages import Choice, Reply, Rows
from bot.views import buttons
from bot.views.cards import lines
from bot.views.care import followup_line
from bot.views.figures import figures, period_words, short_name
from bot.views.pictures import chart
from bot.views.reports import LISTS, period_code, praise
from bot.views.words import called, shortened

QUESTIONS = {
    Worklist.UNCARED: mark("1. Who deserves care and got none?"),
    Worklist.COMING: mark("2. Who is about to buy again?"),
    Worklist.REFERRERS: mark("3. Who has referred others?"),
    Worklist.COMPLAINTS: mark("4. What did customers complain about?"),
}
# What each item of the 30 minutes is for.
AGENDA = {
    Worklist.UNCARED: (8, mark("Who calls them, and when?")),
    Worklist.COMING: (7, mark("What do we offer, and who does?")),
    Worklist.REFERRERS: (4, mark("Who thanks them, and how?")),
    Worklist.COMPLAINTS: (5, mark("What went wrong, and what do we change?")),
}
FIGURES_MINUTES, DECISIONS_MINUTES = 3, 3
_TEXT = 60


def review(t: Translator, found: Review, rows: Rows, *, in_group: bool = False) -> Reply:
    """The figures, then the four answers; in a group only how many there are."""
    report = found.report.for_group() if in_group else found.report
    told = [*figures(t, report, in_group=True), _beyond(t, report)]
    answers = [_answer(t, report, worklist, *found.answers[worklist], in_group=in_group) for worklist in QUESTIONS]
    text = Markup("\n\n").join(filter(None, [lines(told), praise(t, report), *answers]))
    return Reply(text, rows, chart=chart(t, report, in_group=in_group))


def _beyond(t: Translator, report: Report) -> Markup:
    """What a longer period tells besides: lifetime value, churn, forecast."""
    summary = report.summary
    told = []
    if summary.lifetime_vnd is not None:
        told.append(t("lifetime value {amount}", amount=t.short_money(summary.lifetime_vnd)))
    if summary.churn.whole:
        percent = summary.churn.percent
        churn = f"{summary.churn.part}/{summary.churn.whole}" if percent is None else f"{percent}%"
        told.append(t("left {share}", share=churn))
    if summary.forecast_vnd:
        told.append(t("forecast {amount} from open deals", amount=t.short_money(summary.forecast_vnd)))
    return Markup("💎 {}").format(Markup(" · ").join(told)) if told else Markup()


def _answer(
    t: Translator, report: Report, worklist: Worklist, people: Sequence[Listed], total: int, *, in_group: bool
) -> Markup:
    head = Markup("<b>{}</b> {}").format(t(QUESTIONS[worklist]), t.number(total))
    return lines([head, *([] if in_group else [_names(t, report, worklist, people, total)])])


def _names(t: Translator, report: Report, worklist: Worklist, people: Sequence[Listed], total: int) -> Markup:
    if not people:
        return Markup()
    told = Markup(", ").join(_named(t, report, worklist, one) for one in people)
    more = total - len(people)
    return Markup("{} … +{}").format(told, t.number(more)) if more > 0 else told


def _named(t: Translator, report: Report, worklist: Worklist, one: Listed) -> Markup:
    """`chị Lan (Trang)`, with what they said or how many they brought."""
    owner = short_name(report.names.get(one.owner_id, ""))
    details = {Worklist.COMPLAINTS: shortened(one.text, _TEXT), Worklist.REFERRERS: str(one.count)}
    detail = details.get(worklist) or owner
    return Markup("{} ({})").format(called(t, one), detail) if detail else Markup("{}").format(called(t, one))


def review_rows(t: Translator, report: Report) -> Rows:
    """A list behind each answer, the agenda, the period before."""
    period = report.summary.period
    code = period_code(period)
    lists = [
        Choice(f"{number}. {t(LISTS[worklist]).unescape()}", f"report.who:{worklist}:{code}:0:0:0")
        for number, worklist in enumerate(QUESTIONS, 1)
    ]
    before = period.previous()
    return (
        tuple(lists[:2]),
        tuple(lists[2:]),
        (Choice("🗓 " + t("Agenda for 30 minutes"), f"month.agenda:{code}"),),
        (Choice(f"‹ {period_words(t, before).unescape()}", f"month.show:{period_code(before)}"),),
    )


# The meeting ------------------------------------------------------------------------------------------------------------


def agenda(t: Translator, found: Review) -> Reply:
    """Half an hour, item by item, with the names to talk about."""
    report = found.report
    blocks = [Markup("🗓 <b>{}</b> · {}").format(t("Agenda for 30 minutes"), period_words(t, report.summary.period))]
    blocks.append(_item(t, 0, FIGURES_MINUTES, t("The figures"), figures(t, report, in_group=True)[1:3]))
    passed = FIGURES_MINUTES
    for worklist, (minutes, purpose) in AGENDA.items():
        people, total = found.answers[worklist]
        names = _names(t, report, worklist, people, total)
        told = [names, Markup("→ {}").format(t(purpose))] if names else [t("Nobody this time.")]
        blocks.append(_item(t, passed, minutes, t(LISTS[worklist]), told))
        passed += minutes
    last = t("Write the decisions down: each becomes a follow-up.")
    blocks.append(_item(t, passed, DECISIONS_MINUTES, t("Decisions"), [last]))
    rows = ((Choice("✍️ " + t("Write decisions"), "month.decide"),),)
    return Reply(Markup("\n\n").join(blocks), rows)


def _item(t: Translator, start: int, minutes: int, name: Markup, told: Sequence[Markup]) -> Markup:
    when = t("minute {first}–{last}", first=start, last=start + minutes)
    return lines([Markup("<b>{}</b> ({})").format(name, when), *told])


def ask_decisions(t: Translator) -> Reply:
    """What to type."""
    text = t(
        "✍️ One decision a line: who, what, which customer, when. For example:\n"
        "<code>Trang call Ms Lan back on Friday</code>\n<code>send Mr Minh the quote tomorrow 9:00</code>\n"
        "Without a colleague's name it goes to whoever looks after the customer."
    )
    return Reply(text, ((buttons.cancel(t),),))


# What was decided -------------------------------------------------------------------------------------------------------

_WHYS = {
    Why.NO_CUSTOMER: mark("which customer?"),
    Why.SEVERAL: mark("several customers of that name, please add the code: {detail}"),
    Why.NO_DAY: mark("by when?"),
    Why.NOT_THEIRS: mark("this customer is in the care of {detail}"),
    Why.SEVERAL_COLLEAGUES: mark("several colleagues of that name"),
}


def decided(
    t: Translator,
    planned: Sequence[tuple[FollowUp, Customer]],
    unclear: Sequence[Unclear],
    names: Mapping[int, str],
    action_id: int | None,
) -> Reply:
    """What became a follow-up of whom, and the lines that have to be said again."""
    parts = []
    if planned:
        head = t.plural("✅ {count} decision noted", "✅ {count} decisions noted", len(planned))
        parts.append(lines([head, *(_planned(t, item, customer, names) for item, customer in planned)]))
    if unclear:
        head = t("❓ I did not understand these. Please write them again:")
        parts.append(lines([head, *(_unclear(t, one) for one in unclear)]))
    rows: Rows = ((buttons.undo(t, action_id),),) if action_id is not None else ()
    rows += ((buttons.cancel(t),),) if unclear else ((Choice("✍️ " + t("Write decisions"), "month.decide"),),)
    return Reply(Markup("\n\n").join(parts), rows)


def _planned(t: Translator, item: FollowUp, customer: Customer, names: Mapping[int, str]) -> Markup:
    return Markup("• <b>{}</b> · {}: {}").format(
        short_name(names[item.member_id]), called(t, customer), followup_line(t, item)
    )


def _unclear(t: Translator, one: Unclear) -> Markup:
    return Markup("• <code>{}</code>: {}").format(one.line, t(_WHYS[one.why], detail=one.detail))


def entrusted(t: Translator, by: str, planned: Sequence[tuple[FollowUp, Customer]]) -> Reply:
    """What a colleague hears of what was decided for them."""
    head = t("🗓 {name} has planned for you at the monthly review:", name=by)
    told = [Markup("• {}: {}").format(called(t, customer), followup_line(t, item)) for item, customer in planned]
    rows = tuple(
        (Choice(f"👤 {shortened(called(t, customer), 24)}", f"customer.open:{customer.id}"),)
        for customer in list({customer.id: customer for _, customer in planned}.values())[:6]
    )
    return Reply(lines([head, *told]), rows)
