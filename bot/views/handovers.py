"""Hand-overs: from whom, to whom, how far it is; and the four lines about each customer for who gets them."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from bot.domain.handovers import Brief, Handover, Holding
from bot.domain.people import Member
from bot.i18n import Translator
from bot.messages import Choice, Reply, Rows
from bot.views import buttons
from bot.views.cards import followup_words, lines, pager, phones, rows_of, sale_words, title
from bot.views.words import called, shortened

BRIEFS_A_PAGE = 3


def brief_words(t: Translator, brief: Brief, today: date) -> Markup:
    """Who it is, and four lines: what they bought, what was promised, what went wrong, what is next."""
    head = [title(t, brief.customer), phones(brief.customer)]
    return lines([*head, _bought(t, brief), _promised(t, brief), _wrong(t, brief, today), _next(t, brief, today)])


def _bought(t: Translator, brief: Brief) -> Markup:
    last = brief.purchases.last
    if last is None:
        interest = brief.customer.interest
        return t("🛒 Not bought yet · interested in {what}", what=interest) if interest else t("🛒 Not bought yet")
    bought = t.plural("{count} sale", "{count} sales", brief.purchases.count)
    return t("🛒 Bought: {sales}, last {day} {what}", sales=bought, day=t.day(last.sold_on), what=sale_words(t, last))


def _promised(t: Translator, brief: Brief) -> Markup:
    if not brief.promised:
        return t("🤝 Nothing promised")
    first = followup_words(t, brief.promised[0])
    if not (more := len(brief.promised) - 1):
        return t("🤝 Promised: {what}", what=first)
    return t("🤝 Promised: {what} (+{count})", what=first, count=more)


def _wrong(t: Translator, brief: Brief, today: date) -> Markup:
    troubles = []
    if brief.complaint:
        day = t.short_day(brief.complaint.at.astimezone(t.zone).date())
        troubles.append(t("complaint {day}: {words}", day=day, words=shortened(brief.complaint.text, 90)))
    if late := len(brief.overdue(today)):
        troubles.append(t.plural("{count} overdue follow-up", "{count} overdue follow-ups", late))
    return t("⚠️ Trouble: {what}", what=Markup(" · ").join(troubles)) if troubles else t("👍 No trouble so far")


def _next(t: Translator, brief: Brief, today: date) -> Markup:
    followup = brief.next(today)
    return t("➡️ Next: {what}", what=followup_words(t, followup)) if followup else t("➡️ No next step yet")


# Choosing -------------------------------------------------------------------------------------------------------------


def choose_giver(t: Translator, holdings: Sequence[Holding], *, replaces: bool) -> Reply:
    """Whose customers are handed over? Who has left and still has some stands first."""
    if not holdings:
        return Reply(t("Nobody in your team has any customers to hand over."), replaces=replaces)
    left_first = sorted(holdings, key=lambda holding: holding.member.active)
    rows = tuple((Choice(_label(t, holding), f"handover.from:{holding.member.id}"),) for holding in left_first)
    return Reply(t("🤝 <b>Hand-over</b>\nWhose customers are to go to somebody else?"), rows, replaces=replaces)


def _label(t: Translator, holding: Holding) -> Markup:
    count = t.plural("{count} customer", "{count} customers", holding.customers)
    name = holding.member.name
    who = Markup("{}").format(name) if holding.member.active else t("{name} (has left)", name=name)
    return Markup(" · ").join([who, count])


def choose_receiver(t: Translator, giver: Holding, others: Sequence[Holding], *, replaces: bool) -> Reply:
    """Who gets them?"""
    back = (Choice("‹ " + t("Somebody else"), "handover"),)
    if not others:
        text = t("There is nobody else in your team yet who could get them. Invite somebody with /invite.")
        return Reply(text, (back,), replaces=replaces)
    rows = tuple(
        (Choice(_label(t, holding), f"handover.to:{giver.member.id}:{holding.member.id}"),) for holding in others
    )
    text = lines([t("🤝 Hand over from <b>{name}</b>", name=giver.member.name), held(t, giver), t("Who gets them?")])
    return Reply(text, (*rows, back), replaces=replaces)


def held(t: Translator, holding: Holding) -> Markup:
    """300 khách · 412 việc · 12 quá hạn."""
    overdue = (
        t.plural("{count} overdue follow-up", "{count} overdue follow-ups", holding.overdue)
        if holding.overdue
        else Markup()
    )
    return Markup(" · ").join(part for part in (_went(t, holding.customers, holding.followups), overdue) if part)


def _went(t: Translator, customers: int, followups: int) -> Markup:
    counted = (
        t.plural("{count} customer", "{count} customers", customers),
        t.plural("{count} open follow-up", "{count} open follow-ups", followups),
    )
    return Markup(", ").join(counted)


def confirm(t: Translator, giver: Holding, receiver: Member) -> Reply:
    """All counted, before it begins."""
    text = lines(
        [
            t(
                "🤝 Hand over from <b>{giver}</b> to <b>{receiver}</b>?",
                giver=giver.member.name,
                receiver=receiver.name,
            ),
            held(t, giver),
            t("Every promise stays; {receiver} gets a short brief on each customer.", receiver=receiver.name),
        ]
    )
    start = Choice("✅ " + t("Hand over"), f"handover.start:{giver.member.id}:{receiver.id}")
    back = Choice("‹ " + t("Somebody else"), f"handover.from:{giver.member.id}")
    return Reply(text, ((start,), (back, buttons.cancel(t))), replaces=True)


# How far it is --------------------------------------------------------------------------------------------------------


def progress(t: Translator, handover: Handover, giver: Member, receiver: Member) -> Reply:
    """Its one message, while it goes on and when it is done."""
    names = {"giver": giver.name, "receiver": receiver.name}
    if handover.finished_at is None:
        total = max(handover.total, handover.moved)
        text = t("🔄 Handing over {moved}/{total}…", moved=t.number(handover.moved), total=t.number(total))
        return Reply(lines([text, t("from {giver} to {receiver}", **names)]), replaces=True)
    went = _went(t, handover.moved, handover.followups)
    if receiver.active:
        return Reply(t("✅ Done: {went} from {giver} to {receiver}", went=went, **names), replaces=True)
    text = t(
        "✋ Stopped: {receiver} has left meanwhile. {went} went over; the rest is still with {giver}.",
        went=went,
        **names,
    )
    return Reply(text, replaces=True)


def given_away(t: Translator, handover: Handover, receiver: Member) -> Reply:
    """What the giver hears."""
    went = _went(t, handover.moved, handover.followups)
    return Reply(
        t("🤝 {went} of yours are now with {receiver}. Thank you for your care.", went=went, receiver=receiver.name)
    )


def received(
    t: Translator, handover: Handover, giver: Member, briefs: Sequence[Brief], total: int, offset: int, today: date
) -> Reply:
    """What the receiver gets: how many, and the briefs, a few a page."""
    went = _went(t, handover.moved, handover.followups)
    head = t("🤝 You have taken over {went} from <b>{giver}</b>. In short:", went=went, giver=giver.name)
    parts = [head if briefs else went_quietly(t, went, giver), *(brief_words(t, brief, today) for brief in briefs)]
    return Reply(Markup("\n\n").join(parts), _brief_rows(t, handover, briefs, total, offset))


def went_quietly(t: Translator, went: Markup, giver: Member) -> Markup:
    """Only promises went over, or nothing that the reader may still see."""
    return t("🤝 You have taken over {went} from <b>{giver}</b>.", went=went, giver=giver.name)


def _brief_rows(t: Translator, handover: Handover, briefs: Sequence[Brief], total: int, offset: int) -> Rows:
    opening = tuple(
        Choice("👤 " + shortened(called(t, brief.customer), 20), f"customer.open:{brief.customer.id}")
        for brief in briefs
    )
    return rows_of(opening, pager(f"handover.briefs:{handover.id}", offset, BRIEFS_A_PAGE, total))
