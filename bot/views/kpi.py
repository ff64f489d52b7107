"""Members against their targets, and how targets are set."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from bot.domain.metrics import MemberFigures
from bot.domain.people import Member
from bot.domain.reports import Scorecard
from bot.domain.targets import MONEY, SHARES, Measure, SaidTargets, Standing
from bot.i18n import Translator, mark
from bot.messages import Choice, Reply, Rows
from bot.views import buttons
from bot.views.cards import lines, pager, rows_of
from bot.views.figures import period_words, share_words, short_name
from bot.views.reports import group_rows, period_code

PAGE = 6
MEASURES = {
    Measure.REVENUE: mark("Revenue"),
    Measure.NEW_CUSTOMERS: mark("New customers"),
    Measure.ON_TIME: mark("On time"),
    Measure.EXISTING: mark("Revenue from existing customers"),
    Measure.COVERAGE: mark("Buyers cared for"),
}
_ALL = 0


def scorecard(t: Translator, card: Scorecard, offset: int, *, may_set: bool, replaces: bool = False) -> Reply:
    """A page of members, each measure with its target and how much of it should be reached by now."""
    shown = card.members[offset : offset + PAGE]
    blocks = [_member(t, member, figures, standings) for member, figures, standings in shown]
    target = (Choice("🎯 " + t("Set targets"), "kpi.set"),) if may_set else ()
    this, before = (f"kpi.month:{period_code(period)}" for period in (card.period, card.period.previous()))
    earlier = Choice(f"‹ {period_words(t, card.period.previous()).unescape()}", f"{before}:0")
    rows = rows_of(pager(this, offset, PAGE, len(card.members)), target, (earlier,))
    return Reply(Markup("\n\n").join([_heading(t, card), *blocks]), rows, replaces=replaces)


def _heading(t: Translator, card: Scorecard) -> Markup:
    passed = t("{passed} of {whole} working days over", passed=card.passed, whole=card.whole)
    return Markup("🎯 <b>KPI</b> · {} · {}").format(period_words(t, card.period), passed)


def _member(t: Translator, member: Member, figures: MemberFigures, standings: Sequence[Standing]) -> Markup:
    name = Markup("<b>{}</b>").format(short_name(member.name))
    if standings:
        return lines([name, *(_standing(t, standing) for standing in standings)])
    return lines([name, t("No target yet: {told}", told=_plain(t, figures))])


def _plain(t: Translator, figures: MemberFigures) -> Markup:
    told = [
        t("revenue {amount}", amount=t.short_money(figures.money.revenue_vnd)),
        t("new customers {count}", count=t.number(figures.new_customers)),
    ]
    if figures.followups.share.whole:
        told.append(t("on time {share}", share=share_words(t, figures.followups.share)))
    return Markup(", ").join(told)


def _standing(t: Translator, one: Standing) -> Markup:
    """`✅ Doanh thu 120 tr / 200 tr · đến nay cần 118 tr`."""
    sign = {True: "🔸", False: "✅", None: "▫️"}[one.is_behind]
    told = Markup("{} {} {} / {}").format(
        sign, t(MEASURES[one.measure]), _reached(t, one), value(t, one.measure, one.target)
    )
    if one.share is not None or one.reached >= one.target:
        return told
    by_now = t("{value} expected by now", value=value(t, one.measure, one.by_now))
    return Markup("{} · {}").format(told, by_now)


def _reached(t: Translator, one: Standing) -> str:
    if one.share is None:
        return value(t, one.measure, one.reached)
    return share_words(t, one.share) if one.share.whole else str(t("none yet"))


def value(t: Translator, measure: Measure, number: int) -> str:
    """A figure of a measure: 200 tr, 30, 90%."""
    if measure in MONEY:
        return t.short_money(number)
    return f"{number}%" if measure in SHARES else t.number(number)


def in_group(t: Translator, card: Scorecard, link: str, *, linked: bool) -> Reply:
    """For a group: all together against the sum of the targets, nobody alone."""
    together: dict[Measure, list[Standing]] = {}
    for _, _, standings in card.members:
        for one in standings:
            together.setdefault(one.measure, []).append(one)
    told = [
        _standing(
            t, Standing(measure, *(sum(getattr(one, name) for one in ones) for name in ("reached", "target", "by_now")))
        )
        for measure, ones in together.items()
        if measure not in SHARES
    ]
    return Reply(
        lines([_heading(t, card), *(told or [t("No target has been set yet.")])]), group_rows(t, link, linked=linked)
    )


# Setting targets --------------------------------------------------------------------------------------------------------


def choose_member(t: Translator, members: Sequence[Member]) -> Reply:
    """Whose targets?"""
    names = [Choice(short_name(member.name), f"kpi.for:{member.id}") for member in members]
    pairs = [tuple(names[place : place + 2]) for place in range(0, len(names), 2)]
    everyone = (Choice("👥 " + t("All of them alike"), f"kpi.for:{_ALL}"),)
    return Reply(t("Whose targets?"), rows_of(everyone, *pairs, (buttons.cancel(t),)), replaces=True)


def ask_targets(t: Translator, name: str, unclear: Sequence[str] = ()) -> Reply:
    """What to type, and what of the last message was no target."""
    wrong = [t("❓ I did not understand: {parts}", parts="; ".join(unclear))] if unclear else []
    asked = t(
        "🎯 Monthly targets of <b>{name}</b>, in one message. For example:\n"
        "<code>revenue 200m, new customers 30, on time 90%</code>\n"
        "Also: existing revenue, care %. 0 takes a target away.",
        name=name,
    )
    return Reply(lines([*wrong, asked]), ((buttons.cancel(t),),))


def targets_set(t: Translator, name: str, said: SaidTargets, undo_id: int) -> Reply:
    """What counts from now on, with the way back."""
    told = [
        Markup("• {}: <b>{}</b>").format(t(MEASURES[measure]), value(t, measure, number) if number else t("no target"))
        for measure, number in said.values.items()
    ]
    unclear = [t("❓ I did not understand: {parts}", parts="; ".join(said.unclear))] if said.unclear else []
    rows: Rows = ((Choice("↩️ " + t("As it was before"), f"kpi.back:{undo_id}"), Choice("🎯 KPI", "kpi.page:0")),)
    return Reply(lines([t("🎯 Monthly targets of <b>{name}</b>", name=name), *told, *unclear]), rows)


def targets_restored(t: Translator, name: str) -> Reply:
    """What counts is what counted before."""
    text = t("↩️ The monthly targets of <b>{name}</b> are as they were before.", name=name)
    return Reply(text, ((Choice("🎯 KPI", "kpi.page:0"),),), replaces=True)


def told_targets(t: Translator, by: str, values: Mapping[Measure, int]) -> Reply:
    """What a rep hears of their new targets."""
    told = [
        Markup("• {}: <b>{}</b>").format(t(MEASURES[measure]), value(t, measure, number) if number else t("no target"))
        for measure, number in values.items()
    ]
    return Reply(lines([t("🎯 {name} has set your monthly targets:", name=by), *told]))
