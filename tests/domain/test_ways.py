"""The order of the ways for all that can be the case, and the windows that it hangs on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reaching import (
    A_MONTH,
    CHANNELS,
    CONVERSATION_LASTS,
    MOST_A_MONTH,
    Contact,
    Means,
    Reachable,
    Route,
    Shut,
    Unasked,
    Way,
    decide,
    first_open,
    next_open_moment,
    too_many,
    why_shut,
)
from bot.domain.windows import FREE_FOR, OPEN_FOR, Opening, Window

HOME = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)  # Monday 10:00 at home
MINUTE = timedelta(minutes=1)

moments = st.integers(0, 10 * 24 * 60).map(lambda ago: NOW - ago * MINUTE)
maybe = st.none() | moments
contacts = st.builds(
    Contact,
    channel=st.sampled_from(["telegram", "zalo", "zalo_bot", "pigeon"]),
    user_id=st.sampled_from("123"),
    chat_id=st.sampled_from("123"),
    customer_id=st.just(1),
    linked_at=moments,
    last_wrote_at=maybe,
    blocked_at=maybe,
    interacted_at=maybe,
)
customers = st.builds(
    Reachable,
    contacts=st.lists(contacts, max_size=4),
    agreed=st.booleans(),
    refused=st.booleans(),
    last_said_at=maybe,
    unasked=st.lists(moments, max_size=4),
    phone=st.sampled_from(["", "+84912345678"]),
)
all_means = st.builds(
    Means,
    channels=st.lists(st.sampled_from(list(CHANNELS)), unique=True),
    paid=st.booleans(),
    template_by_user=st.booleans(),
    template_by_phone=st.booleans(),
)
times = st.integers(-24 * 60, 3 * 24 * 60).map(lambda ahead: NOW + ahead * MINUTE)


def by_the_book(customer: Reachable, at: datetime, means: Means) -> Route:
    """PRODUCT section 6, read aloud."""
    there = [one for one in customer.contacts if one.channel in means.channels and not one.blocked_at]
    on = {name: [one for one in there if one.channel == name] for name in ("telegram", "zalo", "zalo_bot")}
    since = [at - one.interacted_at for one in on["zalo"] if one.interacted_at]
    left_us = any(one.channel == "zalo" and one.blocked_at for one in customer.contacts)
    if on["telegram"]:
        return Route.TELEGRAM
    if any(ago < timedelta(hours=48) for ago in since):
        return Route.ZALO
    if on["zalo_bot"]:
        return Route.ZALO_BOT
    if means.paid and any(ago < timedelta(days=7) for ago in since):
        return Route.ZALO_PAID
    by_phone = customer.phone and means.template_by_phone and not left_us
    return Route.ZALO_TEMPLATE if (on["zalo"] and means.template_by_user) or by_phone else Route.TASK


@given(customer=customers, means=all_means, now=times)
def test_what_they_wait_for_goes_at_once_by_the_first_way_that_is_open(
    customer: Reachable, means: Means, now: datetime
) -> None:
    way = decide(customer, now, HOME, asked=True, means=means)
    assert isinstance(way, Way)
    assert way.due_at == now
    assert way.route is by_the_book(customer, now, means)
    check(way, customer, means)


@given(customer=customers, means=all_means, now=times)
def test_what_nobody_asked_for_keeps_to_consent_caps_and_hours_and_its_window_is_judged_when_it_goes(
    customer: Reachable, means: Means, now: datetime
) -> None:
    way = decide(customer, now, HOME, asked=False, means=means)
    due_at = next_open_moment(now, HOME)
    if isinstance(way, Unasked):
        talks = customer.last_said_at is not None and now - customer.last_said_at < CONVERSATION_LASTS
        reasons = {
            Unasked.NO_CONSENT: customer.refused or not customer.agreed,
            Unasked.TALKING: talks,
            Unasked.TOO_MANY: too_many(customer.unasked, due_at, HOME),
        }
        assert reasons[way]
        return
    assert not customer.refused
    check(way, customer, means)
    if way.route is Route.TASK:
        assert way.due_at == now
        return
    assert customer.agreed
    assert way.due_at == due_at
    assert way.route is by_the_book(customer, due_at, means)
    assert 7 <= due_at.astimezone(HOME).hour < 21
    assert not too_many(customer.unasked, due_at, HOME)
    assert len([one for one in customer.unasked if due_at - one < A_MONTH]) < MOST_A_MONTH


def check(way: Way, customer: Reachable, means: Means) -> None:
    """What holds of every way, whatever else is the case."""
    assert (way.address is None) == (way.route is Route.TASK)
    if way.contact:
        assert way.contact in customer.contacts
        assert way.contact.blocked_at is None
        assert way.contact.channel in means.channels
    if way.route is Route.ZALO_PAID:
        assert means.paid
        assert way.contact
        assert way.contact.opening(way.due_at) is Opening.PAID
    if way.route is Route.ZALO:
        assert way.contact
        assert way.contact.opening(way.due_at) is Opening.FREE
    if way.route is Route.ZALO_TEMPLATE:
        assert means.template_by_user if way.contact else means.template_by_phone and way.phone


@given(theirs=st.lists(contacts, max_size=4), means=all_means, now=times)
def test_who_talks_is_answered_where_nothing_is_in_the_way_and_told_why_where_nothing_is_open(
    theirs: Sequence[Contact], means: Means, now: datetime
) -> None:
    way = first_open(theirs, now, means)
    usable = [one for one in theirs if one.channel in means.channels and not one.blocked_at]
    if way is None:
        assert all(one.opening(now) is not Opening.FREE for one in usable)
        why = why_shut(theirs, now, means)
        assert (why in (Shut.SILENT, Shut.COSTS)) == bool(usable)
        assert why is not Shut.COSTS or not means.paid
        return
    assert way.contact in usable
    assert way.route in (Route.TELEGRAM, Route.ZALO, Route.ZALO_BOT, Route.ZALO_PAID)
    if way.route is Route.ZALO_PAID:
        assert all(one.opening(now) is not Opening.FREE for one in usable)


def test_who_is_to_hear_at_night_is_judged_by_the_window_of_the_morning() -> None:
    evening = datetime(2026, 11, 23, 22, tzinfo=HOME)
    lan = Contact("zalo", "7", "7", 1, NOW, interacted_at=evening - timedelta(hours=40))
    customer = Reachable([lan], agreed=True, refused=False, last_said_at=None, unasked=())
    means = Means(("zalo",), paid=False, template_by_user=True)
    way = decide(customer, evening, HOME, asked=False, means=means)
    assert isinstance(way, Way)
    assert way.route is Route.ZALO_TEMPLATE
    assert way.address
    assert (way.address.channel, way.address.chat_id) == ("zalo_template", "user:7")
    at_once = decide(customer, evening, HOME, asked=True, means=means)
    assert isinstance(at_once, Way)
    assert at_once.route is Route.ZALO


def test_a_number_is_written_to_as_zalo_writes_it() -> None:
    customer = Reachable([], agreed=True, refused=False, last_said_at=None, unasked=(), phone="+84912345678")
    way = decide(customer, NOW, HOME, asked=False, means=Means(("zalo",), template_by_phone=True))
    assert isinstance(way, Way)
    assert way.address
    assert way.address.chat_id == "phone:84912345678"


def test_who_blocked_the_account_gets_no_template_at_their_number_either() -> None:
    left = Contact("zalo", "7", "7", 1, NOW, blocked_at=NOW)
    customer = Reachable([left], agreed=True, refused=False, last_said_at=None, unasked=(), phone="+84912345678")
    way = decide(customer, NOW, HOME, asked=True, means=Means(("zalo",), template_by_phone=True))
    assert isinstance(way, Way)
    assert way.route is Route.TASK


def test_where_they_wrote_last_is_where_they_are_answered() -> None:
    telegram = Contact("telegram", "7", "7", 1, NOW, last_wrote_at=NOW - timedelta(hours=2))
    zalo = Contact("zalo", "8", "8", 1, NOW, last_wrote_at=NOW, interacted_at=NOW)
    assert first_open([telegram, zalo], NOW) == Way(Route.ZALO, zalo, NOW)
    in_three_days = NOW + timedelta(days=3)
    assert first_open([telegram, zalo], in_three_days) == Way(Route.TELEGRAM, telegram, in_three_days)
    blocked = replace(telegram, blocked_at=NOW)
    assert first_open([blocked, zalo], in_three_days) is None
    assert why_shut([blocked, zalo], in_three_days) is Shut.COSTS


# Windows --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "opening"),
    [
        (timedelta(0), Opening.FREE),
        (FREE_FOR - MINUTE, Opening.FREE),
        (FREE_FOR, Opening.PAID),
        (OPEN_FOR - MINUTE, Opening.PAID),
        (OPEN_FOR, Opening.CLOSED),
    ],
)
def test_each_limit_belongs_to_the_worse_side(after: timedelta, opening: Opening) -> None:
    assert Window(NOW).opening(NOW + after) is opening


def test_who_never_interacted_has_no_window() -> None:
    never = Window(None)
    assert never.opening(NOW) is Opening.CLOSED
    assert never.left(NOW) == timedelta(0)
    assert never.closes_at(paid=True) is None


@given(ago=st.integers(0, 10 * 24 * 60))
def test_what_is_left_ends_where_the_opening_changes(ago: int) -> None:
    window = Window(NOW - ago * MINUTE)
    left = window.left(NOW)
    if window.opening(NOW) is Opening.CLOSED:
        assert left == timedelta(0)
        return
    assert window.opening(NOW + left - MINUTE / 2) is window.opening(NOW)
    assert window.opening(NOW + left) is not window.opening(NOW)
    closes = window.closes_at(paid=True)
    assert closes
    assert window.opening(closes) is Opening.CLOSED
