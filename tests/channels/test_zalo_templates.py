"""Approved templates: sent, paid for, described."""

from datetime import timedelta

import pytest
from markupsafe import Markup

from bot.channels.zalo.templates import ZaloCatalogue
from bot.clock import WoundClock
from bot.domain.delivery import Trouble
from bot.domain.reaching import Route
from bot.domain.zalo_templates import NoDescription, NotDescribed, Sort
from bot.messages import Reply, Template
from bot.sandbox.zalo import templates as stand_in
from bot.sandbox.zalo.messages import ZaloPerson
from bot.sandbox.zalo.server import TEMPLATE_BY_PHONE
from tests.channels.zalo_house import House, failing, to

SURVEY = stand_in.Template(
    "400123",
    "Khảo sát",
    (stand_in.Param("customer_name"), stand_in.Param("link", longest=200, required=False)),
    text="Xin chào <customer_name>",
    price_phone_vnd=800,
    price_user_vnd=560,
)


def filled(price_vnd: int) -> Reply:
    return Reply(Markup("Xin chào"), template=Template("400123", {"customer_name": "chị Lan"}, price_vnd))


async def test_a_template_goes_to_who_cannot_be_written_to_and_costs_its_price(
    house: House, hoa: ZaloPerson, clock: WoundClock
) -> None:
    house.zalo.templates.add(SURVEY)
    clock.wind(timedelta(days=30))
    ref = await house.templates.send(to(f"user:{hoa.user_id}", filled(560)))
    by_phone = await house.templates.send(to(f"phone:{hoa.phone}", filled(800)))
    first, second = house.zalo.people.messages(hoa.user_id)
    assert (first.id, second.id) == (ref, by_phone)
    assert first.template
    assert second.template
    assert (first.template.text, second.template.tracking_id) == ("Xin chào chị Lan", "d7")
    assert house.costs == [(7, Route.ZALO_TEMPLATE, 560), (7, Route.ZALO_TEMPLATE, 800)]
    assert house.zalo.spent_vnd == 1360


async def test_a_template_that_fails_costs_nothing(house: House, hoa: ZaloPerson) -> None:
    house.zalo.templates.add(SURVEY)
    hoa.takes_templates = False
    assert (await failing(house.templates.send(to(f"phone:{hoa.phone}", filled(800))))).trouble is Trouble.FORBIDDEN
    assert (await failing(house.templates.send(to("phone:84900000000", filled(800))))).trouble is Trouble.FORBIDDEN
    house.zalo.faults.next(TEMPLATE_BY_PHONE, "reset")
    assert (await failing(house.templates.send(to(f"phone:{hoa.phone}", filled(800))))).trouble is Trouble.AMBIGUOUS
    assert house.costs == []


async def test_a_template_arrives_though_its_cost_cannot_be_stored(house: House, hoa: ZaloPerson) -> None:
    house.zalo.templates.add(SURVEY)
    house.storage_works = False
    assert await house.templates.send(to(f"user:{hoa.user_id}", filled(560)))


@pytest.mark.parametrize("chat", ["user:", "mail:lan@example.vn", "user"])
async def test_a_template_without_an_address_or_a_reply_without_a_template_is_refused(house: House, chat: str) -> None:
    delivery = to(chat, filled(1))
    assert (await failing(house.templates.send(delivery))).trouble is Trouble.REFUSED
    assert (await failing(house.templates.send(to("user:1", "Chào")))).trouble is Trouble.REFUSED


async def test_zalo_describes_a_template(house: House) -> None:
    house.zalo.templates.add(SURVEY)
    told = await ZaloCatalogue(house.api).describe("400123")
    assert (told.name, told.status, told.sort) == ("Khảo sát", "ENABLE", Sort.CUSTOM)
    assert [(one.name, one.required, one.kind, one.longest) for one in told.fields] == [
        ("customer_name", True, "STRING", 30),
        ("link", False, "STRING", 200),
    ]
    assert (told.price_phone_vnd, told.price_user_vnd, told.by_user, told.by_phone) == (800, 560, True, True)
    assert told.preview_url.startswith("https://")
    house.zalo.templates.add(stand_in.Template("2", "Mã", kind=2))
    assert not (await ZaloCatalogue(house.api).describe("2")).by_user
    house.zalo.templates.add(stand_in.Template("5", "Sao", kind=5, status="REJECT", reason="sai chính tả"))
    rejected = await ZaloCatalogue(house.api).describe("5")
    assert (rejected.sort, rejected.status, rejected.reason) == (Sort.RATING, "REJECT", "sai chính tả")


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (-109, NoDescription.UNKNOWN),
        (-135, NoDescription.NO_RIGHT),
        (-124, NoDescription.NO_RIGHT),
        (-32, NoDescription.UNREACHABLE),
        (502, NoDescription.UNREACHABLE),
    ],
)
async def test_why_zalo_does_not_describe_a_template(house: House, code: int, why: NoDescription) -> None:
    house.zalo.faults.next("/template/info/v2", code, times=2)
    with pytest.raises(NotDescribed) as failure:
        await ZaloCatalogue(house.api).describe("1")
    assert failure.value.why is why
