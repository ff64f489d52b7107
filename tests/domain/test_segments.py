"""Where a customer stands, by the written rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.customers import Potential
from bot.domain.segments import (
    CustomerFacts,
    Lifecycle,
    Segment,
    has_next_step,
    is_about_to_buy,
    is_gone,
    lifecycle,
    score,
    segments,
)

TODAY = date(2026, 11, 23)
HIGH = 20_000_000
LEAD = CustomerFacts(1, 1, "Lan", "chị", None, datetime(2026, 11, 1, tzinfo=UTC), "consulting")


def bought(*days_ago: int, total_vnd: int = 5_000_000, **facts: object) -> CustomerFacts:
    sold_on = tuple(sorted(TODAY - timedelta(days=ago) for ago in days_ago))
    touched = datetime(2026, 11, 20, tzinfo=UTC)
    return replace(LEAD, sold_on=sold_on, total_vnd=total_vnd, **{"last_touch_at": touched, **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (LEAD, Lifecycle.NOT_BOUGHT),
        (bought(10), Lifecycle.BOUGHT),
        (bought(10, first_due_on=TODAY), Lifecycle.BOUGHT),
        (bought(10, first_due_on=TODAY - timedelta(days=1)), Lifecycle.NEEDS_CARE),
        (bought(10, last_touch_at=datetime(2026, 9, 23, tzinfo=UTC)), Lifecycle.NEEDS_CARE),
        (bought(10, potential=Potential.HIGH), Lifecycle.LIKELY),
        (bought(75), Lifecycle.LIKELY),
        (bought(75, first_due_on=TODAY - timedelta(days=1)), Lifecycle.LIKELY),
        (bought(75, potential=Potential.LOW), Lifecycle.BOUGHT),
        (bought(124, 82, 40), Lifecycle.LIKELY),
        (bought(200), Lifecycle.NEEDS_CARE),
        (bought(75, stopped_reason="price"), Lifecycle.STOPPED),
        (replace(LEAD, stopped_reason="price"), Lifecycle.STOPPED),
    ],
)
def test_the_lifecycle_follows_its_rules(facts: CustomerFacts, expected: Lifecycle) -> None:
    assert lifecycle(facts, TODAY) is expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (LEAD, {Segment.NEW}),
        (replace(LEAD, created_at=datetime(2026, 10, 1, tzinfo=UTC)), set()),
        (bought(3), {Segment.ONCE}),
        (bought(3, 3), {Segment.ONCE}),
        (bought(3, 40), {Segment.LOYAL}),
        (bought(3, total_vnd=HIGH), {Segment.ONCE, Segment.HIGH_VALUE}),
        (bought(3, referred=1), {Segment.ONCE, Segment.REFERRER}),
        (bought(200), {Segment.ONCE, Segment.WIN_BACK}),
        (bought(200, stopped_reason="moved"), {Segment.ONCE}),
        (bought(100, 110, 120), {Segment.LOYAL, Segment.WIN_BACK}),
    ],
)
def test_the_segments_follow_their_rules(facts: CustomerFacts, expected: set[Segment]) -> None:
    assert segments(facts, TODAY, HIGH) == expected


def test_half_a_year_is_gone_even_for_who_buys_once_a_year() -> None:
    yearly = bought(183, 548)
    assert is_gone(yearly, TODAY)
    assert not is_gone(bought(182, 547), TODAY)


def test_somebody_in_their_window_is_about_to_buy_unless_they_stopped() -> None:
    assert is_about_to_buy(bought(75), TODAY)
    assert not is_about_to_buy(bought(10), TODAY)
    assert not is_about_to_buy(LEAD, TODAY)
    assert not is_about_to_buy(bought(75, stopped_reason="price"), TODAY)


def test_the_trade_sets_the_cycle_of_who_bought_once() -> None:
    assert Segment.WIN_BACK in segments(bought(40), TODAY, HIGH, default_cycle=14)
    assert Segment.WIN_BACK not in segments(bought(40), TODAY, HIGH, default_cycle=75)


def test_the_score_counts_how_often_how_much_how_lately_and_who_was_brought() -> None:
    assert score(LEAD, TODAY, HIGH) == 0
    assert score(bought(3, 45, 87, total_vnd=HIGH, referred=2), TODAY, HIGH) == 10
    assert score(bought(3, total_vnd=HIGH // 10), TODAY, HIGH) == 5
    assert score(bought(400, total_vnd=1), TODAY, HIGH) == 1


@pytest.mark.parametrize(
    ("is_open_deal", "has_bought", "stopped", "planned", "expected"),
    [
        (True, False, None, 0, False),
        (True, False, None, 1, True),
        (False, True, None, 0, False),
        (False, True, "price", 0, True),
        (False, False, None, 0, True),
    ],
)
def test_an_open_deal_or_a_buyer_wants_a_next_step(
    is_open_deal: bool, has_bought: bool, stopped: str | None, planned: int, expected: bool
) -> None:
    facts = (
        bought(3, stopped_reason=stopped, open_followups=planned)
        if has_bought
        else replace(LEAD, stopped_reason=stopped, open_followups=planned)
    )
    assert has_next_step(facts, is_open_deal=is_open_deal) is expected


FACTS = st.builds(
    bought,
    st.integers(0, 900),
    st.integers(0, 900),
    total_vnd=st.integers(0, 10**12),
    referred=st.integers(0, 5),
    potential=st.sampled_from([None, *Potential]),
    stopped_reason=st.sampled_from([None, "price"]),
)


@given(FACTS)
def test_every_buyer_is_of_one_kind_and_the_score_stays_in_its_range(facts: CustomerFacts) -> None:
    found = segments(facts, TODAY, HIGH)
    assert len(found & {Segment.NEW, Segment.ONCE, Segment.LOYAL}) == 1
    assert 1 <= score(facts, TODAY, HIGH) <= 10
    assert (lifecycle(facts, TODAY) is Lifecycle.STOPPED) == facts.stopped
    assert not (facts.stopped and Segment.WIN_BACK in found)
