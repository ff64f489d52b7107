"""Every figure of a generated year, exactly as loops over the exported rows find it: by week, month, quarter and year, for the whole
company, a team and one member, on both databases."""

from collections.abc import Collection
from dataclasses import astuple
from datetime import date

from sqlalchemy import select

from bot.domain.metrics import FollowUpRecord, Money, Share, Summary, summarise
from bot.domain.periods import Period, month_of, quarter_of, week_of, year_of
from bot.storage.guest_tables import survey_invitations, tickets
from bot.storage.store import SqlStore
from bot.storage.tables import customers, followups, interactions, members, sales, stage_moves
from tests.storage import generated_year
from tests.storage.by_hand import ByHand, Figures, Rows
from tests.storage.generated_year import HOME, NOW, PIPELINE, TEAMS

EXPORTED = (members, customers, stage_moves, interactions, followups, sales, tickets, survey_invitations)
SCOPES: tuple[Collection[int] | None, ...] = (None, TEAMS[1], {3}, set())
PERIODS = (
    *(week_of(date(2026, month, day)) for month, day in ((1, 1), (2, 17), (6, 29), (11, 2), (12, 23))),
    *(month_of(date(2026, month, 1)) for month in (2, 10, 11, 12)),
    quarter_of(date(2026, 8, 1)),
    year_of(date(2026, 1, 1)),
)


async def _export(store: SqlStore) -> Rows:
    async with store._engines.reading() as sql:
        return {table.name: [dict(row._mapping) for row in await sql.rows(select(table))] for table in EXPORTED}


async def _summary(store: SqlStore, period: Period, scope: Collection[int] | None) -> Summary:
    async with store.read() as uow:
        return summarise(await uow.figures.summary_rows(period, HOME, scope, NOW), period, PIPELINE, NOW)


def _plain(summary: Summary) -> Figures:
    """The figures as plain values, by name."""
    return {
        "new_customers": summary.new_customers,
        "by_source": dict(summary.by_source),
        "referrals": summary.referrals,
        "response": (summary.response.median_minutes, _pair(summary.response.in_time), summary.response.waiting),
        "stages": [(s.stage.key, _pair(s.forward), s.waiting, s.median_days) for s in summary.stages],
        "stuck": summary.stuck and summary.stuck.stage.key,
        "won": summary.won,
        "lost": summary.lost,
        "lost_reasons": dict(summary.lost_reasons),
        "money": _money(summary.money),
        "before": _money(summary.before),
        "revenue_change_percent": summary.revenue_change_percent,
        "returned": {months: _pair(share) for months, share in summary.returned.items()},
        "coverage": _pair(summary.coverage),
        "followups": _record(summary.followups),
        "tickets": astuple(summary.tickets),
        "csat": _pair(summary.csat),
        "nps": (*astuple(summary.nps), summary.nps.score),
        "lifetime_vnd": summary.lifetime_vnd,
        "churn": _pair(summary.churn),
        "forecast_vnd": summary.forecast_vnd,
        "members": [
            (m.member_id, m.new_customers, _money(m.money), _record(m.followups), _pair(m.coverage))
            for m in summary.members
        ],
    }


def _pair(share: Share) -> tuple[int, int]:
    return share.part, share.whole


def _money(money: Money) -> tuple[int, int, int, int]:
    return money.sales, money.unknown, money.revenue_vnd, money.existing_vnd


def _record(record: FollowUpRecord) -> tuple[int, int, int]:
    return record.on_time, record.late, record.overdue


async def test_every_figure_of_a_generated_year_is_what_a_plain_count_finds(store: SqlStore) -> None:
    await generated_year.fill(store)
    rows = await _export(store)
    told: list[Figures] = []
    for scope in SCOPES:
        by_hand = ByHand(rows, HOME, NOW, scope)
        for period in PERIODS:
            expected = by_hand.figures(period.kind.value, period.start, period.end)
            found = _plain(await _summary(store, period, scope))
            for name, value in expected.items():
                assert found[name] == value, f"{name} of {period} for {scope}"
            assert found.keys() == expected.keys()
            told.append(found)
    # The year is rich enough that each figure is put to the test.
    for name in told[0]:
        assert len({str(figures[name]) for figures in told}) > 1, name
