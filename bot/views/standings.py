"""Where a customer stands, in words: the step of the deal, lifecycle and segments, when they buy again, whom they brought."""

from collections.abc import Collection
from datetime import date

from markupsafe import Markup

from bot.domain.company import Company
from bot.domain.customers import Customer, Stage
from bot.domain.cycle import USUAL_CYCLE, cycle_days, next_purchase_on
from bot.domain.pipeline import Pipeline
from bot.domain.segments import CustomerFacts, Segment, lifecycle, score, segments
from bot.i18n import Translator
from bot.views.words import (
    LIFECYCLES,
    LOST_REASONS,
    SEGMENTS,
    STOP_REASONS,
    reason_words,
    stage_words,
)


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
