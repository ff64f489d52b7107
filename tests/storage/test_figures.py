"""The figures of small, telling cases, on both databases."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.customers import NewCustomer, Stage
from bot.domain.followups import FollowUpState, NewFollowUp
from bot.domain.metrics import FollowUpRecord, Money, Share, Summary, summarise
from bot.domain.people import Member, Role
from bot.domain.periods import Period, month_of, week_of
from bot.domain.pipeline import STANDARD
from bot.domain.sales import NewSale
from bot.domain.timeline import InteractionKind
from bot.storage.store import SqlStore
from tests.storage.team import NOW, member

HOME = ZoneInfo("Asia/Ho_Chi_Minh")
WEEK = week_of(date(2026, 11, 21))


async def _told(store: SqlStore, period: Period = WEEK, now: datetime = NOW, *members: int) -> Summary:
    async with store.read() as uow:
        rows = await uow.figures.summary_rows(period, HOME, members or None, now)
    return summarise(rows, period, STANDARD, now)


async def _customer(store: SqlStore, owner: Member, at: datetime) -> int:
    async with store.begin() as uow:
        added = await uow.customers.add(owner, NewCustomer("Lan"), at)
        await uow.commit()
    return added.id


async def _sold(store: SqlStore, seller: Member, customer_id: int, day: date, amount_vnd: int | None) -> None:
    async with store.begin() as uow:
        await uow.sales.add(NewSale(customer_id, seller.id, day, NOW, amount_vnd=amount_vnd))
        await uow.commit()


async def test_a_company_without_customers_has_empty_figures(store: SqlStore) -> None:
    summary = await _told(store)
    assert (summary.new_customers, summary.won, summary.lost, summary.forecast_vnd) == (0, 0, 0, 0)
    assert (summary.money, summary.coverage, summary.churn) == (Money(), Share(), Share())
    assert (summary.lifetime_vnd, summary.stuck, summary.response.median_minutes) == (None, None, None)
    assert [stage.stage.key for stage in summary.stages] == [stage.key for stage in STANDARD.open]
    assert (summary.members, summary.csat, summary.referrals) == ([], Share(), 0)


async def test_one_sale_is_told_as_it_is_and_not_in_per_cent(store: SqlStore) -> None:
    rep = await member(store)
    lan = await _customer(store, rep, NOW)
    await _sold(store, rep, lan, date(2026, 11, 21), 12_500_000)
    summary = await _told(store)
    assert summary.money == Money(1, 0, 12_500_000, 0)
    assert (summary.won, summary.lifetime_vnd) == (1, 12_500_000)
    assert (summary.coverage, summary.coverage.percent) == (Share(), None)  # the first care call is not due yet
    assert (summary.money.existing_share.percent, summary.revenue_change_percent) == (None, None)
    assert summary.forecast_vnd == 12_500_000 * 10 // 100  # still at the first step, for the typical amount
    assert [(figures.member_id, figures.money) for figures in summary.members] == [(rep.id, summary.money)]


async def test_a_buyer_is_to_be_cared_for_from_the_third_day_on(store: SqlStore) -> None:
    rep = await member(store)
    await _sold(store, rep, await _customer(store, rep, NOW), date(2026, 11, 18), 1)  # told on the 21st
    await _sold(store, rep, await _customer(store, rep, NOW), date(2026, 11, 19), 1)
    assert (await _told(store)).coverage == Share(0, 1)


async def test_the_deal_taken_on_or_lost_is_a_touch(store: SqlStore) -> None:
    rep = await member(store)
    quoted, waiting = await _customer(store, rep, NOW - timedelta(hours=2)), await _customer(store, rep, NOW)
    async with store.begin() as uow:
        await uow.customers.move(rep, await uow.customers.get(rep, quoted), Stage.LOST, NOW, reason="price")
        await uow.commit()
    assert (await _told(store)).response.waiting == 1
    assert waiting


async def test_who_bought_on_an_earlier_day_is_an_existing_customer(store: SqlStore) -> None:
    rep = await member(store)
    lan = await _customer(store, rep, NOW)
    for day, amount in ((19, 10), (19, 20), (21, 5)):
        await _sold(store, rep, lan, date(2026, 11, day), amount)
    await _sold(store, rep, lan, date(2026, 11, 23), None)  # next week's
    assert (await _told(store)).money == Money(3, 0, 35, 5)
    next_week = await _told(store, week_of(date(2026, 11, 23)), NOW + timedelta(days=7))
    assert (next_week.money, next_week.before.revenue_vnd) == (Money(1, 1, 0, 0), 35)


async def test_a_sale_is_the_sellers_and_its_buyer_the_owners(store: SqlStore) -> None:
    owner, seller = await member(store, "Hà"), await member(store, "Minh")
    await _sold(store, seller, await _customer(store, owner, NOW), date(2026, 11, 17), 7)
    hers, his = await _told(store, WEEK, NOW, owner.id), await _told(store, WEEK, NOW, seller.id)
    assert (hers.money.revenue_vnd, hers.coverage, hers.lifetime_vnd) == (0, Share(0, 1), 7)
    assert (his.money.revenue_vnd, his.coverage, his.lifetime_vnd) == (7, Share(), None)


async def test_who_writes_on_the_eve_of_tet_is_answered_in_time_on_the_first_working_day(store: SqlStore) -> None:
    rep = await member(store)
    eve = datetime(2026, 2, 16, 10, tzinfo=HOME)  # Tết 2026 is the 17th of February, off from the 16th to the 20th
    early, late = await _customer(store, rep, eve), await _customer(store, rep, eve + timedelta(hours=1))
    working_day = datetime(2026, 2, 21, 9, 0, tzinfo=HOME)
    async with store.begin() as uow:
        await uow.timeline.add(rep, early, InteractionKind.NOTE, "ghi", eve)  # a note reaches nobody
        await uow.timeline.add(rep, early, InteractionKind.CALL, "gọi", working_day.astimezone(UTC))
        await uow.commit()
    tet = week_of(date(2026, 2, 17))
    response = (await _told(store, tet, working_day + timedelta(hours=2))).response
    assert (response.median_minutes, response.in_time, response.waiting) == (60, Share(1, 1), 1)
    response = (await _told(store, tet, working_day + timedelta(hours=4))).response
    assert (response.in_time, response.waiting) == (Share(1, 2), 1)
    assert late


async def test_lost_and_taken_up_again_in_the_same_week_is_not_lost(store: SqlStore) -> None:
    rep = await member(store)
    back, gone = await _customer(store, rep, NOW), await _customer(store, rep, NOW)
    async with store.begin() as uow:
        for customer_id, last in ((back, Stage.QUOTED), (gone, Stage.LOST)):
            customer = await uow.customers.get(rep, customer_id)
            customer = await uow.customers.move(rep, customer, Stage.LOST, NOW, reason="price")
            customer = await uow.customers.move(rep, customer, Stage.QUOTED, NOW)
            await uow.customers.move(rep, customer, last, NOW, reason="rival" if last is Stage.LOST else None)
        await uow.commit()
    summary = await _told(store)
    assert (summary.lost, summary.lost_reasons) == (1, {"rival": 1})


async def test_follow_ups_are_judged_by_the_day_where_the_member_is(store: SqlStore) -> None:
    async with store.begin() as uow:
        away = await uow.members.add("Kim", Role.REP, "vi", "America/Los_Angeles", NOW)
        await uow.commit()
    lan = await _customer(store, away, NOW)
    friday = date(2026, 11, 20)
    # 23:30 on Friday there is Saturday afternoon at home; half an hour later it is Saturday there too
    for done_at in (datetime(2026, 11, 21, 7, 30, tzinfo=UTC), datetime(2026, 11, 21, 8, tzinfo=UTC)):
        async with store.begin() as uow:
            promised = await uow.followups.add(NewFollowUp(lan, away.id, "gọi", friday), NOW)
            await uow.followups.update(promised, state=FollowUpState.DONE, done_at=done_at)
            await uow.followups.add(NewFollowUp(lan, away.id, "gọi", date(2026, 11, 22)), NOW)
            await uow.commit()
    assert (await _told(store, WEEK, datetime(2026, 11, 22, 16, tzinfo=UTC))).followups == FollowUpRecord(1, 1, 0)
    # the company's week ends on Sunday 17:00 UTC, when it is still Sunday there; the month ends long after
    assert (await _told(store, WEEK, datetime(2026, 11, 25, tzinfo=UTC))).followups == FollowUpRecord(1, 1, 0)
    month = month_of(friday)
    assert (await _told(store, month, datetime(2026, 11, 23, 7, 59, tzinfo=UTC))).followups == FollowUpRecord(1, 1, 0)
    assert (await _told(store, month, datetime(2026, 11, 23, 8, tzinfo=UTC))).followups == FollowUpRecord(1, 1, 2)


async def test_a_follow_up_done_after_the_week_was_overdue_at_its_end(store: SqlStore) -> None:
    rep = await member(store)
    lan = await _customer(store, rep, NOW)
    async with store.begin() as uow:
        promised = await uow.followups.add(NewFollowUp(lan, rep.id, "gọi", date(2026, 11, 20)), NOW)
        await uow.followups.update(promised, state=FollowUpState.DONE, done_at=NOW + timedelta(days=3))
        await uow.commit()
    later = NOW + timedelta(days=5)
    assert (await _told(store, WEEK, later)).followups == FollowUpRecord(overdue=1)
    assert (await _told(store, week_of(date(2026, 11, 24)), later)).followups == FollowUpRecord(late=1)


async def test_who_bought_half_a_year_ago_and_not_since_has_gone(store: SqlStore) -> None:
    rep = await member(store)
    end = date(2026, 11, 22)  # the day after today: the week is under way
    for days_ago, again in ((181, None), (360, None), (181, 180), (361, None)):
        lan = await _customer(store, rep, NOW)
        await _sold(store, rep, lan, end - timedelta(days=days_ago), 5)
        if again is not None:
            await _sold(store, rep, lan, end - timedelta(days=again), 5)
    assert (await _told(store)).churn == Share(2, 3)
