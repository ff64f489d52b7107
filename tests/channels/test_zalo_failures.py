"""What each refusal of Zalo's means for a message, and what messages cost."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from markupsafe import Markup

from bot.channels.zalo.api import ZaloApi
from bot.channels.zalo.failures import TROUBLES
from bot.channels.zalo.wire import Wire
from bot.clock import WoundClock
from bot.domain.delivery import Trouble
from bot.domain.reaching import Route
from bot.messages import Choice, Reply, Template
from bot.sandbox.zalo.messages import ZaloPerson
from bot.sandbox.zalo.server import CS, TEMPLATE_BY_USER, ZaloServer
from tests.channels.zalo_house import House, after, failing, to

# The codes of Zalo's documents that we answer to, each with what it means.
MEANINGS = [
    *((code, Trouble.UNAUTHORIZED) for code in (-216, -220, -124)),
    (-32, Trouble.SLOW_DOWN),
    *((code, Trouble.LATER) for code in (-211, -144, -147, -1441, -218, -1471, -1472, -234, -133)),
    *((code, Trouble.FORBIDDEN) for code in (-213, -217, -227, -244, -141, -139, -114, -118, -119)),
    *((code, Trouble.WINDOW_CLOSED) for code in (-230, -232, -305, -311)),
    *((code, Trouble.REFUSED) for code in (-201, -210, -233, -100)),
    *((code, Trouble.REFUSED) for code in (-108, -109, -111, -112, -1121, -1122, -1124, -113, -249)),
    *((code, Trouble.NOT_IN_ORDER) for code in (-115, -136, -137, -320, -321, -221, -223, -224, -209, -212)),
    *((code, Trouble.NOT_IN_ORDER) for code in (-117, -131, -135, -240, -242, -1241)),
]


async def test_a_message_after_48_hours_costs_and_is_told_with_its_parts(
    house: House, hoa: ZaloPerson, clock: WoundClock
) -> None:
    clock.wind(timedelta(hours=47, minutes=59))
    await house.account.send(to(hoa, "Chào chị"))
    assert house.costs == []
    clock.wind(timedelta(minutes=2))
    await house.account.send(to(hoa, "Chào chị"))
    await house.account.send(to(hoa, "Dài " * 800))
    assert house.costs == [(7, Route.ZALO_PAID, 55), (7, Route.ZALO_PAID, 110)]
    assert house.zalo.spent_vnd == 165


async def test_what_was_paid_for_is_told_though_the_rest_fails_or_nothing_can_be_stored(
    house: House,
    hoa: ZaloPerson,
    clock: WoundClock,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock.wind(timedelta(days=3))
    reply = Reply(Markup("Chào"), ((Choice("Chép", copy="mẫu"),),))
    failed: list[bool] = []

    def spoil(*_: object) -> None:
        if house.zalo.people.messages(hoa.user_id) and not failed:
            failed.append(True)
            house.zalo.faults.next(CS, -217)

    monkeypatch.setattr(house.zalo.people, "deliver", after(house.zalo.people.deliver, spoil))
    assert (await failing(house.account.send(to(hoa, reply)))).trouble is Trouble.FORBIDDEN
    assert house.costs == [(7, Route.ZALO_PAID, 55)]
    house.storage_works = False
    with caplog.at_level(logging.WARNING):
        assert await house.account.send(to(hoa, "Chào"))
    assert "cannot be stored" in caplog.text


def test_every_code_that_we_know_is_tried() -> None:
    in_table = {code for codes in TROUBLES.values() for code in codes}
    assert in_table - {code for code, _ in MEANINGS} == {-219}


@pytest.mark.parametrize(("code", "trouble"), MEANINGS)
async def test_each_refusal_of_zalo_has_its_meaning(house: House, hoa: ZaloPerson, code: int, trouble: Trouble) -> None:
    house.zalo.faults.next(CS, code, times=2)
    failure = await failing(house.account.send(to(hoa, "Chào")))
    assert failure.trouble is trouble
    assert str(code) in failure.detail
    assert not house.zalo.people.messages(hoa.user_id)
    assert (failure.retry_after > 0) == (trouble in (Trouble.LATER, Trouble.SLOW_DOWN))
    assert house.access.refusals == (trouble is Trouble.UNAUTHORIZED), (
        "a token is asked for anew once, and for this alone"
    )
    by_template = to(f"user:{hoa.user_id}", Reply(template=Template("1", {})))
    house.zalo.faults.clear()
    house.zalo.faults.next(TEMPLATE_BY_USER, code, times=2)
    assert (await failing(house.templates.send(by_template))).trouble is trouble


async def test_a_token_that_zalo_refuses_is_changed_and_the_message_sent(house: House, hoa: ZaloPerson) -> None:
    house.zalo.faults.next(CS, -216)
    await house.account.send(to(hoa, "Chào"))
    assert [message.text for message in house.zalo.people.messages(hoa.user_id)] == ["Chào"]
    assert house.access.refusals == 1


async def test_a_code_that_nobody_knows_is_final_and_can_be_read(house: House, hoa: ZaloPerson) -> None:
    house.zalo.faults.next(CS, -98765)
    failure = await failing(house.account.send(to(hoa, "Chào")))
    assert (failure.trouble, failure.detail) == (Trouble.REFUSED, "-98765 On demand")


@pytest.mark.parametrize(
    ("code", "at", "until"),
    [
        (-211, datetime(2026, 11, 21, 1, 0, tzinfo=UTC), datetime(2026, 11, 22, 0, 0, tzinfo=UTC)),  # 08:00 -> 07:00
        (
            -144,
            datetime(2026, 11, 20, 22, 0, tzinfo=UTC),
            datetime(2026, 11, 22, 0, 0, tzinfo=UTC),
        ),  # 05:00 -> next day
        (-234, datetime(2026, 11, 21, 15, 30, tzinfo=UTC), datetime(2026, 11, 21, 23, 5, tzinfo=UTC)),  # 22:30 -> 06:05
        (-133, datetime(2026, 11, 21, 20, 0, tzinfo=UTC), datetime(2026, 11, 21, 23, 5, tzinfo=UTC)),  # 03:00 -> 06:05
    ],
)
async def test_what_is_too_much_waits_for_the_next_day_and_the_night_for_its_end(
    house: House, hoa: ZaloPerson, clock: WoundClock, code: int, at: datetime, until: datetime
) -> None:
    clock.wind_to(at)
    house.zalo.faults.next(CS, code)
    failure = await failing(house.account.send(to(hoa, "Chào")))
    assert failure.retry_after == pytest.approx((until - at).total_seconds(), abs=5)


@pytest.mark.parametrize("kind", ["reset", 500, 502, 503])
async def test_a_call_without_an_answer_may_have_arrived(house: House, hoa: ZaloPerson, kind: str | int) -> None:
    house.zalo.faults.next(CS, kind, after_work=True)  # type: ignore[arg-type]
    assert (await failing(house.account.send(to(hoa, "Chào")))).trouble is Trouble.AMBIGUOUS
    assert len(house.zalo.people.messages(hoa.user_id)) == 1


async def test_a_call_that_takes_too_long_may_have_arrived(
    zalo: ZaloServer, hoa: ZaloPerson, clock: WoundClock
) -> None:
    wire = Wire(timeout=0.2)
    zalo.faults.next(CS, "timeout")
    assert (await failing(House(zalo, clock, wire).account.send(to(hoa, "Chào")))).trouble is Trouble.AMBIGUOUS
    await wire.close()


async def test_a_connection_that_was_never_made_has_sent_nothing(
    house: House, hoa: ZaloPerson, clock: WoundClock
) -> None:
    wire = Wire()
    api = ZaloApi(wire, house.access, clock, api_url="http://127.0.0.1:1", zns_url="http://127.0.0.1:1")
    failure = await failing(api.consult(hoa.user_id, {"text": "Chào"}))
    assert failure.trouble is Trouble.NEVER_SENT
    await wire.close()


@pytest.mark.parametrize("code", [-32, -211, -216, -230, -221])
async def test_what_has_arrived_in_part_is_not_sent_again_as_a_whole(
    house: House, hoa: ZaloPerson, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def spoil(*_: object) -> None:
        house.zalo.faults.clear()
        house.zalo.faults.next(CS, code, times=2)

    monkeypatch.setattr(house.zalo.people, "deliver", after(house.zalo.people.deliver, spoil))
    failure = await failing(house.account.send(to(hoa, "Dài " * 800)))
    assert failure.trouble is Trouble.AMBIGUOUS
    assert "only 1 parts arrived" in failure.detail


async def test_a_window_that_has_closed_is_told_apart_from_who_blocked_us(
    house: House, hoa: ZaloPerson, clock: WoundClock
) -> None:
    clock.wind(timedelta(days=7))
    assert (await failing(house.account.send(to(hoa, "Chào")))).trouble is Trouble.WINDOW_CLOSED
    house.zalo.people.block(hoa.user_id)
    assert (await failing(house.account.send(to(hoa, "Chào")))).trouble is Trouble.FORBIDDEN


async def test_neither_tokens_nor_words_are_logged(
    house: House, hoa: ZaloPerson, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await house.account.send(to(hoa, "Dạ em chào chị"))
        house.zalo.faults.next(CS, -216, times=2)
        await failing(house.account.send(to(hoa, "Dạ em chào chị")))
    pair = house.zalo.tokens.pair
    assert pair
    assert pair.access_token not in caplog.text
    assert "em chào" not in caplog.text
