"""Where a customer stands, in words: the step of the deal, lifecycle and segments, when they buy again, whom they brought."""

from collections.abc import Collection, Sequence
from datetime import date

from markupsafe import Markup

from bot.domain.company import Company
from bot.domain.customers import Customer, Stage
from bot.domain.cycle import USUAL_CYCLE, cycle_days, next_purchase_on
from bot.domain.pipeline import Pipeline
from bot.domain.segments import CustomerFacts, Segment, lifecycle, score, segments
from bot.domain.surveys import SCORES, LastScores, SurveyKind
from bot.domain.tickets import Ticket
from bot.i18n import Translator
from bot.views.words import (
    LIFECYCLES,
    LOST_REASONS,
    SEGMENTS,
    STOP_REASONS,
    TICKET_KINDS,
    reason_words,
    stage_words,
)

# Tickets that stand on a card.
TICKETS_TOLD = 3

SHORT = {SurveyKind.CSAT: "CSAT", SurveyKind.NPS: "NPS"}


def score_words(kind: SurveyKind, score: int) -> str:
    """CSAT 4/5."""
    return f"{SHORT[kind]} {score}/{SCORES[kind][-1]}"


def scores_line(t: Translator, scores: Sequence[LastScores]) -> Markup:
    """🗳 CSAT 4/5 ↗ (was 2) · NPS 9/10: the last answers and which way they go."""
    told = []
    for last in scores:
        words = Markup("<b>{}</b>").format(score_words(last.kind, last.score))
        if last.before is not None:
            sign = "↗" if last.score > last.before else "↘" if last.score < last.before else "→"
            words = t("{score} {sign} (was {before})", score=words, sign=sign, before=last.before)
        told.append(words)
    return Markup("🗳 ") + Markup(" · ").join(told) if told else Markup()


def stage_line(t: Translator, pipeline: Pipeline, customer: Customer, today: date) -> Markup:
    """Stage: quoted · 5 days · expected 12.500.000 ₫; or lost, and why."""
    parts = [t("Stage: {stage}", stage=stage_words(t, pipeline, customer.stage))]
    if customer.stage == Stage.LOST:
        if customer.lost_reason:
            parts.append(Markup("{}").format(reason_words(t, LOST_REASONS, customer.lost_reason)))
        return Markup(" · ").join(parts)
    since = customer.stage_since or customer.created_at
    if days := (today - since.astimezone(t.zone).date()).days:
        parts.append(t.plural("{count} day", "{count} days", days))
    if customer.expected_vnd is not None:
        parts.append(t("expected {amount}", amount=t.money(customer.expected_vnd)))
    return Markup(" · ").join(parts)


def stopped_line(t: Translator, customer: Customer) -> Markup:
    """Why and since when they buy no more; nothing where they do."""
    if customer.stopped_reason is None or customer.stopped_at is None:
        return Markup()
    since = customer.stopped_at.astimezone(t.zone).date()
    return t(
        "⛔ Care stopped on {day}: {reason}",
        day=t.day(since),
        reason=reason_words(t, STOP_REASONS, customer.stopped_reason),
    )


def standing_line(t: Translator, facts: CustomerFacts, company: Company, today: date) -> Markup:
    """Lifecycle: has bought · Group: bought once, high value · Rank: 7/10."""
    usual = USUAL_CYCLE[company.trade]
    parts = [t("Lifecycle: {lifecycle}", lifecycle=t(LIFECYCLES[lifecycle(facts, today, usual)]))]
    if found := segments(facts, today, company.high_value_vnd, usual):
        parts.append(t("Group: {segments}", segments=segment_words(t, found)))
    if rank := score(facts, today, company.high_value_vnd, usual):
        parts.append(t("Rank: {score}/10", score=rank))
    return Markup(" · ").join(parts)


def segment_words(t: Translator, found: Collection[Segment]) -> str:
    """bought once, high value: always in the same order."""
    return ", ".join(t(words) for segment, words in SEGMENTS.items() if segment in found)


def cycle_line(t: Translator, facts: CustomerFacts, company: Company, today: date) -> Markup:
    """🔁 Buys every ≈42 days, next around 12/12; nothing for who has not bought, or buys no more."""
    usual = USUAL_CYCLE[company.trade]
    expected = next_purchase_on(facts.sold_on, usual)
    if expected is None or facts.stopped:
        return Markup()
    days = cycle_days(facts.sold_on, usual)
    if expected < today:
        return t.plural(
            "🔁 Buys every ≈{count} day, was expected around {day}",
            "🔁 Buys every ≈{count} days, was expected around {day}",
            days,
            day=_near(expected, today),
        )
    return t.plural(
        "🔁 Buys every ≈{count} day, next around {day}",
        "🔁 Buys every ≈{count} days, next around {day}",
        days,
        day=_near(expected, today),
    )


def _near(day: date, today: date) -> str:
    """12/12, with the year where it is another one."""
    return f"{day:%d/%m}" if day.year == today.year else f"{day:%d/%m/%Y}"


def referral_line(t: Translator, customer: Customer, referred: int) -> Markup:
    """Who sent them, and how many they have sent."""
    parts = [t("Referred by: {name}", name=customer.referrer)] if customer.referrer else []
    if referred:
        parts.append(t.plural("has referred {count} customer", "has referred {count} customers", referred))
    return Markup("🤝 ") + Markup(" · ").join(parts) if parts else Markup()


def tickets_line(t: Translator, tickets: Sequence[Ticket]) -> Markup:
    """🎫 2 open tickets: P12 complaint, P15 question."""
    if not tickets:
        return Markup()
    told = ", ".join(f"{ticket.code} {t(TICKET_KINDS[ticket.kind]).unescape()}" for ticket in tickets[:TICKETS_TOLD])
    return t.plural(
        "🎫 <b>{count} open ticket</b>: {told}", "🎫 <b>{count} open tickets</b>: {told}", len(tickets), told=told
    )


def gifts_line(t: Translator, owed: int) -> Markup:
    """Gifts for recommendations that were earned and not given yet."""
    return t.plural("🎁 {count} gift to give", "🎁 {count} gifts to give", owed) if owed else Markup()
