"""What customers have agreed to."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from bot.domain.consent import Consent, Purpose
from bot.storage.columns import columns_of
from bot.storage.guest_tables import consents
from bot.storage.transaction import Sql

_CONSENT = select(*columns_of(consents, Consent))
# A refusal where nothing had been agreed to: the words are the customer's own and stand on their timeline.
_REFUSED = "refused"


class SqlConsents:
    """`Consents` in tables."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def give(
        self, customer_id: int, purpose: Purpose, channel: str, wording: str, evidence: str, now: datetime
    ) -> Consent:
        """They agreed, in these words."""
        return await self._add(customer_id, purpose, channel, wording, evidence, now, None)

    async def _add(
        self,
        customer_id: int,
        purpose: Purpose,
        channel: str,
        wording: str,
        evidence: str,
        now: datetime,
        withdrawn_at: datetime | None,
    ) -> Consent:
        consent = Consent(0, customer_id, purpose, now, channel, wording, evidence, withdrawn_at)
        values: dict[str, Any] = asdict(consent)
        del values["id"]
        consent_id = await self._sql.scalar(insert(consents).values(**values).returning(consents.c.id))
        return Consent(consent_id, **values)

    async def withdraw(self, customer_id: int, purpose: Purpose, now: datetime) -> bool:
        """They agree no longer; whether they had agreed until now."""
        standing = (
            consents.c.customer_id == customer_id,
            consents.c.purpose == purpose,
            consents.c.withdrawn_at.is_(None),
        )
        if await self._sql.change(update(consents).where(*standing).values(withdrawn_at=now)):
            return True
        if await self.latest(customer_id, purpose) is None:
            await self._add(customer_id, purpose, "", "", _REFUSED, now, now)
        return False

    async def latest(self, customer_id: int, purpose: Purpose) -> Consent | None:
        """Their last word about it, None where they were never heard."""
        theirs = _CONSENT.where(consents.c.customer_id == customer_id, consents.c.purpose == purpose)
        row = await self._sql.row(theirs.order_by(consents.c.id.desc()).limit(1))
        return Consent(*row) if row else None
