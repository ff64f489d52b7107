"""What a sale plans, what it closes, and in which order things are due."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.agenda import agenda_entries, due_together, for_digest, today_entries
from bot.domain.calendar import is_working_day
from bot.domain.care import DEFAULT_PLAYBOOK, PLAYBOOKS, REWARD, Asks, Playbook, Step, closed_by, plan, step_of
from bot.domain.company import Trade
from bot.domain.customers import Customer, Heat
from bot.domain.followups import FollowUp, FollowUpState
from bot.domain.people import DEFAULT_DAYS_OFF
from bot.domain.sales import Purchases, Sale
from bot.views.care import STEPS
from tests.domain.test_calendar import a_member, local

SATURDAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 5, tzinfo=UTC)


def a_followup(
    number: int,
    due_on: date,
    at: datetime | None = None,
    *,
    customer: int = 1,
    step: str | None = None,
    sale: int | None = None,
    state: FollowUpState = FollowUpState.OPEN,
    push_at: datetime | None = None,
    member: int = 1,
) -> FollowUp:
    return FollowUp(
        number, customer, member, "gọi lại", due_on, at, state, NOON, step=step, sale_id=sale, push_at=push_at
    )


def a_customer(number: int, heat: Heat | None = None) -> Customer:
    return Customer(number, f"Khách {number}", 1, NOON, heat=heat)


def a_sale(number: int = 2, sold_on: date = SATURDAY) -> Sale:
    return Sale(number, 1, 1, sold_on, NOON)


def planned(sold_on: date, today: date) -> dict[str, date]:
    return {step.step.key: step.on for step in plan(DEFAULT_PLAYBOOK, sold_on, today, DEFAULT_DAYS_OFF)}


def test_a_sale_plans_the_checklist_of_five_and_the_cadence() -> None:
    monday = date(2026, 11, 23)
    assert planned(monday, monday) == {
        "first_call": date(2026, 11, 26),
        "thanks": monday,
        "feedback": date(2026, 11, 30),
        "care_30": date(2026, 12, 23),
        "potential": date(2026, 12, 23),
        "feeling": date(2026, 11, 30),
        "check_in": date(2026, 12, 7),
        "repurchase": date(2027, 1, 22),
        "reactivation": date(2027, 5, 22),
    }
    assert sorted(step.checklist for step in DEFAULT_PLAYBOOK.steps if step.checklist) == [1, 2, 3, 4, 5]


def test_steps_that_fall_on_a_day_off_move_to_the_next_working_day() -> None:
    friday = date(2026, 11, 20)
    assert planned(friday, friday)["first_call"] == date(2026, 11, 23)
    thursday_before_tet = date(2027, 1, 29)
    assert planned(thursday_before_tet, thursday_before_tet)["feeling"] == date(2027, 2, 11)


def test_who_sells_on_a_sunday_sends_thanks_on_that_sunday() -> None:
    sunday = date(2026, 11, 22)
    assert planned(sunday, sunday)["thanks"] == sunday


def test_a_sale_written_down_late_has_its_missed_tasks_today_and_no_missed_cadence() -> None:
    late = planned(SATURDAY - timedelta(days=20), SATURDAY)
    assert [late[key] for key in ("first_call", "thanks", "feedback")] == [SATURDAY] * 3
    assert "feeling" not in late
    assert "check_in" not in late
    assert late["care_30"] == date(2026, 12, 1)


@given(st.dates(date(2020, 1, 1), date(2080, 1, 1)), st.integers(0, 400))
def test_no_step_is_ever_planned_in_the_past_or_on_a_day_off_ahead(sold_on: date, days_later: int) -> None:
    today = sold_on + timedelta(days=days_later)
    for step in plan(DEFAULT_PLAYBOOK, sold_on, today, DEFAULT_DAYS_OFF):
        assert step.on >= today
        assert step.on == today or is_working_day(step.on, DEFAULT_DAYS_OFF)


def test_a_new_sale_closes_the_repurchase_steps_of_earlier_sales_alone() -> None:
    later = SATURDAY + timedelta(days=60)
    steps = [
        a_followup(1, later, step="repurchase", sale=1),
        a_followup(2, later, step="reactivation", sale=1),
        a_followup(3, later, step="check_in", sale=1),
        a_followup(4, later, step="repurchase", sale=2),
        a_followup(5, later, step="repurchase", sale=1, state=FollowUpState.DONE),
        a_followup(6, later),
    ]
    assert [step.id for step in closed_by(a_sale(2), steps)] == [1, 2]


def test_a_playbook_is_data() -> None:
    fast = Playbook((Step("thanks", 0, checklist=1), Step("again", 10, repurchase=True)))
    assert [(step.step.key, step.on) for step in plan(fast, SATURDAY, SATURDAY, frozenset())] == [
        ("thanks", SATURDAY),
        ("again", date(2026, 12, 1)),
    ]
    assert step_of("never") is None
    assert step_of(None) is None
    assert {step.asks for playbook in (DEFAULT_PLAYBOOK, REWARD) for step in playbook.steps} == set(Asks)


@pytest.mark.parametrize("trade", Trade)
def test_every_trade_has_the_five_tasks_and_its_own_cadence(trade: Trade) -> None:
    steps = PLAYBOOKS[trade].steps
    assert [step.checklist for step in sorted(steps, key=lambda s: s.checklist or 9) if step.checklist] == [
        1,
        2,
        3,
        4,
        5,
    ]
    assert len({step.key for step in steps}) == len(steps)
    first = {Trade.GENERAL: 60, Trade.RETAIL: 10, Trade.SERVICE: 28, Trade.B2B: 90}
    assert min(step.day for step in steps if step.repurchase) == first[trade]
    for step in steps:
        assert step.key in STEPS
        found = step_of(step.key)
        assert found
        assert (found.asks, found.checklist, found.repurchase) == (step.asks, step.checklist, step.repurchase)


# What is due ----------------------------------------------------------------------------------------------------------


def test_one_entry_a_customer_overdue_first_then_the_most_valuable_call() -> None:
    yesterday = SATURDAY - timedelta(days=1)
    people = {number: a_customer(number) for number in (1, 4, 5)} | {
        2: a_customer(2, Heat.HOT),
        3: a_customer(3, Heat.WARM),
    }
    due = {1: [SATURDAY, SATURDAY], 2: [SATURDAY], 3: [SATURDAY], 4: [yesterday, SATURDAY], 5: [SATURDAY]}
    items = [
        (a_followup(key * 10 + n, day, customer=key), people[key])
        for key, days in due.items()
        for n, day in enumerate(days)
    ]
    bought = {1: Purchases(1, 5_000_000), 5: Purchases(1, 90_000_000)}
    entries = today_entries(items, bought, SATURDAY, high_value_vnd=90_000_001)
    assert [(entry.customer.id, len(entry.items)) for entry in entries] == [(4, 2), (2, 1), (5, 1), (1, 2), (3, 1)]
    assert [entry.days_overdue(SATURDAY) for entry in entries] == [1, 0, 0, 0, 0]
    starred = today_entries(items, bought, SATURDAY, high_value_vnd=90_000_000)
    assert [(entry.customer.id, entry.high_value) for entry in starred][:3] == [(4, False), (5, True), (2, False)]


def test_the_agenda_goes_day_by_day_and_a_customer_may_come_on_several() -> None:
    monday = SATURDAY + timedelta(days=2)
    nine, eight = local("2026-11-23T09:00"), local("2026-11-23T08:00")
    items = [
        (a_followup(1, monday, nine), a_customer(1)),
        (a_followup(2, monday, eight, customer=2), a_customer(2)),
        (a_followup(3, SATURDAY), a_customer(1)),
    ]
    assert [entry.first.id for entry in agenda_entries(items, {})] == [3, 2, 1]


def test_what_is_due_by_now_about_one_customer_is_one_card() -> None:
    tomorrow = SATURDAY + timedelta(days=1)
    items = [
        a_followup(1, SATURDAY),
        a_followup(2, SATURDAY - timedelta(days=3)),
        a_followup(3, tomorrow),
        a_followup(4, tomorrow),
        a_followup(5, SATURDAY, member=2),
    ]
    assert [item.id for item in due_together(items[0], items, SATURDAY)] == [1, 2]
    assert [item.id for item in due_together(items[2], items, SATURDAY)] == [3, 4]


def test_the_digest_leaves_out_what_comes_at_its_own_time() -> None:
    member = a_member()
    now = local("2026-11-23T08:00")
    monday = date(2026, 11, 23)
    items = {
        "a date only": a_followup(1, monday),
        "a time ahead": a_followup(2, monday, local("2026-11-23T09:00"), push_at=local("2026-11-23T09:00")),
        "pushed this morning": a_followup(3, monday, local("2026-11-23T07:30")),
        "missed in the night": a_followup(4, monday, local("2026-11-23T05:00"), push_at=local("2026-11-23T05:00")),
        "pushed on Friday": a_followup(5, monday - timedelta(days=3), local("2026-11-20T09:00")),
        "overdue": a_followup(6, monday - timedelta(days=9)),
    }
    told = for_digest([(item, a_customer(1)) for item in items.values()], member, now, now - timedelta(minutes=15))
    assert [item.id for item, _ in told] == [1, 4, 5, 6]


def test_on_a_day_off_the_digest_has_only_what_was_put_on_that_day() -> None:
    member = a_member()
    sunday = date(2026, 11, 22)
    now = local("2026-11-22T08:00")
    items = [(a_followup(1, sunday), a_customer(1)), (a_followup(2, SATURDAY), a_customer(2))]
    assert [item.id for item, _ in for_digest(items, member, now, now)] == [1]
