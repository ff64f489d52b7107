"""The figures of small, telling cases, on both databases."""

from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.metrics import summarise
from bot.domain.periods import week_of
from bot.domain.pipeline import STANDARD
from bot.storage.store import SqlStore
from tests.storage.team import NOW

HOME = ZoneInfo("Asia/Ho_Chi_Minh")


async def test_a_company_without_customers_has_empty_figures(store: SqlStore) -> None:
    week = week_of(date(2026, 11, 18))
    async with store.read() as uow:
        rows = await uow.figures.summary_rows(week, HOME, None, NOW)
    summary = summarise(rows, week, STANDARD, NOW)
    assert (summary.won, summary.money.revenue_vnd, summary.lifetime_vnd, summary.members) == (0, 0, None, [])
