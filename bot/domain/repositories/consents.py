"""What customers have agreed to, as storage must offer it."""

from datetime import datetime
from typing import Protocol

from bot.domain.consent import Consent, Purpose


class Consents(Protocol):
    """Consents, each with its words and evidence; withdrawn ones are kept."""

    async def give(
        self, customer_id: int, purpose: Purpose, channel: str, wording: str, evidence: str, now: datetime
    ) -> Consent:
        """They agreed, in these words."""
        ...

    async def withdraw(self, customer_id: int, purpose: Purpose, now: datetime) -> bool:
        """They agree no longer; whether they had agreed until now. What is withdrawn is withdrawn even where nothing was given:
        `latest` says so from then on."""
        ...

    async def latest(self, customer_id: int, purpose: Purpose) -> Consent | None:
        """Their last word about it, None where they were never heard."""
        ...
