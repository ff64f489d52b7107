"""What happens around a customer's talk on the Official Account: they come, go, come back; a colleague answers in Zalo's own app."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.clock import WoundClock
from bot.domain.people import Member, Role
from bot.domain.relays import Relay
from bot.domain.timeline import InteractionKind
from bot.domain.zalo_templates import FieldValue, TemplateField, TemplateKind, ZaloTemplate
from bot.handlers.routes import ROUTES
from bot.messages import Reply
from bot.sandbox.zalo.server import ZaloServer
from bot.sandbox.zalo.templates import Template
from bot.storage.store import SqlStore
from bot.views.ways import channel_words
from tests.channels.zalo_desk import NOON, ZONE, Desk, zalo_running

SOON = timedelta(seconds=10)


@pytest.fixture
def clock() -> WoundClock:
    return WoundClock(NOON)


@pytest.fixture
async def zalo(clock: WoundClock) -> AsyncIterator[ZaloServer]:
    async with zalo_running(clock) as zalo:
        yield zalo


@pytest.fixture
async def owner(store: SqlStore, clock: WoundClock) -> Member:
    """The company's only member, on Telegram."""
    async with store.begin() as uow:
        member = await uow.members.add("Thu", Role.OWNER, "vi", ZONE.key, clock.now())
        await uow.members.link(member.id, "telegram", "1001", "1001")
        await uow.commit()
    return member


@pytest.fixture
async def desk(store: SqlStore, clock: WoundClock, zalo: ZaloServer, owner: Member) -> AsyncIterator[Desk]:
    desk = Desk(store, clock, zalo, ROUTES)
    async with desk.open():
        yield desk


@pytest.fixture
async def lan(desk: Desk, zalo: ZaloServer) -> str:
    """A customer who has followed, and given her number."""
    lan = zalo.people.add("Lan Nguyễn", phone="84912345678").user_id
    zalo.people.follow(lan)
    await desk.settled()
    zalo.people.submit_info(lan)
    await desk.settled()
    return lan


async def waiting(desk: Desk) -> list[Relay]:
    """What waits for an answer."""
    async with desk.store.read() as uow:
        return list(await uow.relays.due(desk.clock.now() + timedelta(days=30), 10))


async def entries(desk: Desk, user_id: str, kind: InteractionKind) -> list[str]:
    return [entry.text for entry in await desk.timeline(user_id) if entry.kind is kind]


async def test_whom_the_first_word_makes_a_customer_may_be_written_to(desk: Desk, zalo: ZaloServer, lan: str) -> None:
    contact = await desk.contact(lan)
    assert contact
    assert contact.interacted_at
    assert desk.clock.now() - contact.interacted_at < SOON
    async with desk.store.read() as uow:
        customer = await uow.contacts.customer("zalo", lan)
    assert customer
    assert customer.phones == ("+84912345678",)


async def test_who_unfollows_is_not_written_to_until_they_are_back(desk: Desk, zalo: ZaloServer, lan: str) -> None:
    desk.clock.wind(SOON)
    zalo.people.unfollow(lan)
    await desk.settled()
    contact = await desk.contact(lan)
    assert contact
    assert contact.blocked_at
    assert [address.chat_id for address in desk.left] == [lan]
    assert await entries(desk, lan, InteractionKind.CHANGE) != []
    assert "Đã bỏ quan tâm Zalo OA" in await entries(desk, lan, InteractionKind.CHANGE)
    desk.clock.wind(SOON)
    zalo.people.follow(lan)
    await desk.settled()
    contact = await desk.contact(lan)
    assert contact
    assert contact.blocked_at is None


async def test_a_farewell_that_comes_late_changes_nothing(desk: Desk, zalo: ZaloServer, lan: str) -> None:
    gone = zalo.events.unfollowed(zalo.people.person(lan), desk.clock.now() - timedelta(minutes=5))
    assert await zalo.cases.repeated(gone) == [200] * 5
    await desk.settled()
    contact = await desk.contact(lan)
    assert contact
    assert contact.blocked_at is None
    assert "Đã bỏ quan tâm Zalo OA" not in await entries(desk, lan, InteractionKind.CHANGE)


async def test_a_colleague_who_answers_in_zalos_own_app_has_answered(desk: Desk, zalo: ZaloServer, lan: str) -> None:
    zalo.people.say(lan, "Bàn này còn hàng không em?")
    await desk.settled()
    assert len(await waiting(desk)) == 1
    zalo.people.admin_says(lan, "Dạ còn 2 bộ chị ạ")
    await desk.settled()
    assert await waiting(desk) == []
    assert await entries(desk, lan, InteractionKind.MESSAGE) == ["Dạ còn 2 bộ chị ạ"]
    (said,) = [entry for entry in await desk.timeline(lan) if entry.kind is InteractionKind.MESSAGE]
    assert said.details == {"direction": "out", "route": "zalo", "about": "by_hand"}
    assert channel_words(desk.conversation.translator(), said) == "Zalo, trả lời ngoài trợ lý"


async def test_our_own_words_are_no_colleagues(desk: Desk, zalo: ZaloServer, lan: str) -> None:
    """An echo of what we sent, even one that names an admin and comes before the message is noted as sent."""
    zalo.people.say(lan, "Bàn này còn hàng không em?")
    await desk.settled()
    await desk.sent_is_noted()
    message = zalo.people.last(lan)
    assert message
    echo = zalo.events.echoed(message)
    assert await zalo.cases.signed(echo) == 200
    assert await zalo.cases.signed({**echo, "sender": {"id": zalo.oa_id, "admin_id": "77"}}) == 200
    await desk.settled()
    assert len(await waiting(desk)) == 1
    assert await entries(desk, lan, InteractionKind.MESSAGE) == []


async def test_a_colleague_who_writes_to_nobody_we_know_is_left_alone(desk: Desk, zalo: ZaloServer) -> None:
    stranger = zalo.people.add("Hoa").user_id
    zalo.people.admin_says(stranger, "Dạ em chào chị")
    await desk.settled()
    assert await desk.contact(stranger) is None


async def test_a_template_that_zalo_stops_is_told_to_the_owners_once(desk: Desk, zalo: ZaloServer) -> None:
    fields = (TemplateField("customer_name"),)
    ours = ZaloTemplate(TemplateKind.CSAT, "400777", "Chấm sao", fields, {"customer_name": FieldValue.CUSTOMER})
    async with desk.store.begin() as uow:
        await uow.zalo.keep_template(ours)
        await uow.commit()
    for template_id in ("400777", "400778"):
        zalo.templates.add(Template(template_id, "Chấm sao"))
        zalo.templates.change_status(template_id, "DISABLE")
    await desk.settled()
    now = desk.clock.now()
    waiting = await desk.store.ledger.claim(now, 10, "test", now + timedelta(minutes=1))
    told = [Reply.from_record(one.payload) for one in waiting if one.channel == "telegram"]
    assert len(told) == 1
    assert "Zalo đã ngừng mẫu tin <b>Chấm sao</b> (400777)" in told[0].text
