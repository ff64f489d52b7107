"""What a customer has agreed to, on their card."""

from markupsafe import Markup

from bot.domain.consent import Consent
from bot.i18n import Translator


def consent_line(t: Translator, consent: Consent | None) -> Markup:
    """Whether they may be written to unasked; nothing where they were never asked."""
    if consent is None:
        return Markup()
    if consent.withdrawn_at:
        return t("🔕 Wants no care messages (since {day})", day=t.day(consent.withdrawn_at.astimezone(t.zone).date()))
    return t("🔔 Agreed to care messages on {day}", day=t.day(consent.given_at.astimezone(t.zone).date()))
