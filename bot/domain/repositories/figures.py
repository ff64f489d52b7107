"""What storage must count for the figures of a period."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.domain.metrics import SummaryRows
from bot.domain.periods import Period


class Figures(Protocol):
    """Counts over everything, for reports; who may ask for which scope is for the asker to know."""

    async def summary_rows(
        self, period: Period, zone: ZoneInfo, member_ids: Collection[int] | None, now: datetime
    ) -> SummaryRows:
        """What `metrics.summarise` needs for a period in the company's `zone`, of these members, or (None) the whole company."""
        ...
