"""Events of the Official Account are answered for once stored, and worked off once each, in the order of their person."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest
from markupsafe import Markup

from bot.channels.zalo.events import EVENTS
from bot.clock import WoundClock
from bot.conversation import GuestRoutes, Routes
from bot.domain.delivery import Audience, NewDelivery
from bot.messages import Choice, Reply
from bot.sandbox.zalo.server import ZaloServer
from bot.storage.store import SqlStore, create_store
from bot.turn import Guest, Turn
from tests.channels.zalo_desk import NOON, Desk, zalo_running

MESSAGE = "/v3.0/oa/message/cs"


async def note(turn: Turn) -> Reply:
    """A durable effect that shows order, losses and doubles: the member's name grows by what they write."""
    turn.member = await turn.uow.members.update(turn.member, name=f"{turn.member.name} {turn.words}".strip())
    return Reply(Markup("Đã lưu {}").format(turn.words), ((Choice("Xong", "done:1"), Choice("Dời", "later:1")),))


async def done(turn: Turn) -> Reply:
    return Reply(Markup("Đã xong {}").format(turn.incoming.message_ref))


async def later(turn: Turn) -> Reply:
    return Reply(Markup("Đã dời"))


async def score(turn: Turn) -> Reply:
    return Reply(Markup("Mấy sao ạ?"), (tuple(Choice(f"{n} 😍", f"scored:{n}") for n in range(5, 0, -1)),))


async def scored(turn: Turn) -> Reply:
    return Reply(Markup("Cảm ơn {} sao").format(turn.args[0]))


async def hello(guest: Guest) -> Reply:
    return Reply(Markup("Chào {}, ở {}").format(guest.incoming.peer.name or "bạn", guest.org))


async def shared(turn: Turn) -> Reply:
    contact = turn.incoming.contact
    assert contact
    return Reply(Markup("{} {} {}").format(contact.name, contact.phone, contact.own))


async def filed(turn: Turn) -> Reply:
    file = turn.incoming.file
    assert file
    return Reply(Markup("{} {} {}").format(file.kind, file.name, turn.incoming.text))


ROUTES = Routes(
    commands=(),
    choices={"done": done, "later": later, "scored": scored, "ask": score},
    questions={},
    passing=frozenset(),
    text=note,
    contact=shared,
    file=filed,
    problem=lambda t, problem: Markup("Không được: {}").format(problem.reason),
    apology=lambda t, reference: Markup("Xin lỗi, lỗi {}").format(reference),
    guests=GuestRoutes(commands={"start": hello}, choices={}, questions={}, other=hello),
)


@pytest.fixture
def clock() -> WoundClock:
    return WoundClock(NOON)


@pytest.fixture
async def zalo(clock: WoundClock) -> AsyncIterator[ZaloServer]:
    async with zalo_running(clock) as zalo:
        yield zalo


@pytest.fixture
def desk(store: SqlStore, clock: WoundClock, zalo: ZaloServer) -> Desk:
    return Desk(store, clock, zalo, ROUTES)


@pytest.fixture
def lan(zalo: ZaloServer) -> str:
    return zalo.people.add("Lan Nguyễn", phone="84912345678").user_id


@pytest.fixture
async def member(desk: Desk, lan: str) -> str:
    await desk.hire(lan)
    return lan


# Taking in ------------------------------------------------------------------------------------------------------------


async def test_a_message_is_answered(desk: Desk, zalo: ZaloServer, member: str) -> None:
    async with desk.open():
        zalo.people.say(member, "một")
        await desk.until(lambda: len(desk.answers(member)) == 1)
    assert desk.answers(member)[0].startswith("Đã lưu một")
    assert [delivery.status for delivery in zalo.webhook.sent if delivery.event["event_name"] == "user_send_text"] == [
        200
    ]


async def test_what_is_not_ours_is_refused_and_does_nothing(
    desk: Desk, zalo: ZaloServer, member: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Every forgery of the contract; each answered 401, counted, told once in the log."""
    async with desk.open():
        event = zalo.events.said(zalo.people.person(member), zalo.people.say(member, "thật"))
        await desk.worked_off()
        forged = {**event, "message": {"text": "giả", "msg_id": "f1"}}
        cases = zalo.cases
        forgers = (cases.wrong_mac, cases.unsigned, cases.hmac_instead, cases.altered, cases.other_app)
        assert {await forge(forged) for forge in forgers} == {401}
        await desk.worked_off()
    assert await desk.written(member) == ["thật"]
    assert desk.webhook.refused == 5
    assert sum("wrong signature" in record.message for record in caplog.records) == 1
    assert not [record for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR]


async def test_a_signature_in_odd_bytes_is_refused_quietly(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    async with desk.serving():
        host, port = desk.zalo.webhook.url.removeprefix("http://").removesuffix("/zalo").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            b'POST /zalo HTTP/1.1\r\nHost: x\r\nX-ZEvent-Signature: \xff\xfe\xe1\r\nContent-Length: 9\r\n\r\n{"a": "b"}'
        )
        assert (await reader.readline()).split()[1] in (b"400", b"401")
        writer.close()
    assert not [record for record in caplog.records if record.exc_info]


async def test_the_console_may_try_the_address(desk: Desk, zalo: ZaloServer, store: SqlStore) -> None:
    async with desk.serving(), aiohttp.ClientSession() as session:
        assert await zalo.cases.empty() == 200
        assert await zalo.cases.console_sample() == 200
        async with session.get(zalo.webhook.url) as response:
            assert response.status == 200
        assert not await store.arrivals.claim("zalo", desk.clock.now(), 10, desk.clock.now())


async def test_a_body_without_end_is_refused(desk: Desk, zalo: ZaloServer) -> None:
    body = BytesIO(b"x" * (1024 * 1024 + 1))
    async with (
        desk.serving(),
        aiohttp.ClientSession() as session,
        session.post(zalo.webhook.url, data=body) as response,
    ):
        assert response.status == 413


@pytest.mark.parametrize("spaced", [False, True])
async def test_five_deliveries_of_one_event_are_one_turn(
    desk: Desk, zalo: ZaloServer, member: str, *, spaced: bool
) -> None:
    """Compact or with spaces: the signature is over the bytes as they came."""
    async with desk.serving():
        zalo.webhook.spaced = spaced
        message = zalo.people.say(member, "Báo giá")
        event = zalo.events.said(zalo.people.person(member), message)
        assert await zalo.cases.repeated(event) == [200] * 5
        async with desk.working():
            await desk.worked_off()
            assert await zalo.cases.signed(event, retry=5) == 200
            await desk.worked_off()
            await desk.until(lambda: len(desk.answers(member)) == 1)
    assert await desk.written(member) == ["Báo", "giá"]


async def test_numbers_for_ids_and_decomposed_words_are_the_same(desk: Desk, zalo: ZaloServer, member: str) -> None:
    async with desk.open():
        event = zalo.events.said(zalo.people.person(member), zalo.people.say(member, "Nguyễn"))
        assert await zalo.cases.number_typed(event) == 200
        assert await zalo.cases.decomposed({**event, "message": {"text": "Trần", "msg_id": "n1"}}) == 200
        await desk.worked_off()
    assert await desk.written(member) == ["Nguyễn", "Trần"]


async def test_who_takes_long_holds_up_neither_the_webhook_nor_others(
    desk: Desk, zalo: ZaloServer, member: str
) -> None:
    """Zalo does not say what a stranger is called: after a while they are greeted without a name."""
    stranger = zalo.people.add("Khách").user_id
    zalo.faults.next("/v3.0/oa/user/detail", "timeout")
    async with desk.open():
        zalo.people.follow(stranger)
        await desk.until(lambda: zalo.faults.left == 0)
        zalo.people.say(stranger, "còn đó không")
        zalo.people.say(member, "nhanh")
        await desk.until(lambda: len(desk.answers(member)) == 1)
        assert desk.answers(stranger) == []
        await desk.until(lambda: len(desk.answers(stranger)) == 2)
        await zalo.webhook.settled()
        assert {delivery.status for delivery in zalo.webhook.sent} == {200}
    assert desk.answers(stranger)[0] == "Chào bạn, ở An Nhiên"


async def test_while_nothing_can_be_stored_zalo_is_asked_to_repeat(
    clock: WoundClock, zalo: ZaloServer, lan: str, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "test.db"
    in_the_way.mkdir()
    store = create_store(f"sqlite+aiosqlite:///{in_the_way}")
    desk = Desk(store, clock, zalo, ROUTES)
    zalo.people.follow(lan)
    async with desk.serving():
        zalo.people.say(lan, "một")
        zalo.people.say(lan, "hai")
        await zalo.webhook.settled()
        assert [sent.status for sent in zalo.webhook.sent if sent.event["event_name"] == "user_send_text"] == [503, 503]
        await desk.intake.finish(2)
        assert desk.answers(lan) == ["Hệ thống đang bận, tin này chưa lưu được. Em sẽ tự thử lại."]
        in_the_way.rmdir()
        await store.migrate()
        await desk.hire(lan)
        async with desk.working():
            zalo.webhook.repeat_all()
            await desk.worked_off()
            await desk.until(lambda: len(desk.answers(lan)) == 3)
    assert sorted(await desk.written(lan)) == ["hai", "một"]
    await store.close()


async def test_what_lies_long_back_is_nobodys_repeat(desk: Desk, zalo: ZaloServer, member: str) -> None:
    async with desk.open():
        event = zalo.events.said(zalo.people.person(member), zalo.people.say(member, "một"))
        await desk.worked_off()
        desk.clock.wind(timedelta(days=8))
        old = {**event, "message": {"text": "cũ", "msg_id": "o1"}}
        assert await zalo.cases.signed(old) == 200
        await desk.worked_off()
    assert await desk.written(member) == ["một"]


# Working off ----------------------------------------------------------------------------------------------------------


async def test_a_process_that_dies_after_the_200_leaves_it_to_the_next(
    desk: Desk, store: SqlStore, clock: WoundClock, zalo: ZaloServer, member: str
) -> None:
    """One dies before it looked, and another in the middle of its turn."""
    async with desk.serving():
        for word in ("một", "hai"):
            zalo.people.say(member, word)
            await zalo.webhook.settled()
    taken = await store.arrivals.claim("zalo", clock.now(), 8, clock.now() + timedelta(seconds=60))
    assert len(taken) == 1
    next_life = Desk(store, clock, zalo, ROUTES)
    async with next_life.working():
        clock.wind(timedelta(seconds=61))
        await next_life.worked_off()
    assert await next_life.written(member) == ["một", "hai"]
    await next_life.wire.close()


async def test_two_instances_work_each_off_once_and_one_persons_in_order(
    desk: Desk, database_url: str, clock: WoundClock, zalo: ZaloServer
) -> None:
    people = [zalo.people.add(f"Người {number}").user_id for number in range(6)]
    for person in people:
        await desk.hire(person)
    words = [f"tin{number}" for number in range(12)]
    async with AsyncExitStack() as stack:
        second_store = create_store(database_url)
        stack.push_async_callback(second_store.close)
        second = Desk(second_store, clock, zalo, ROUTES)
        stack.push_async_callback(second.wire.close)
        await stack.enter_async_context(desk.serving())
        for word in words:
            for person in people:
                zalo.people.say(person, word)
            await zalo.webhook.settled()
        await stack.enter_async_context(desk.working())
        await stack.enter_async_context(second.working())
        await desk.worked_off(within=30)
        await desk.until(lambda: all(len(desk.answers(person)) == 12 for person in people), within=30)
    for person in people:
        assert await desk.written(person) == words


async def test_who_floods_is_turned_away_and_told_once(desk: Desk, zalo: ZaloServer, member: str) -> None:
    async with desk.serving():
        event = zalo.events.said(zalo.people.person(member), zalo.people.say(member, "tin0000"))
        await zalo.webhook.settled()
        for number in range(1, 400):
            flood = {**event, "message": {"text": f"tin{number:04}", "msg_id": f"m{number}"}}
            assert await zalo.cases.signed(flood) == 200
        async with desk.working():
            await desk.worked_off(within=60)
            await desk.until(lambda: any(text.startswith("Tin gửi dồn dập") for text in desk.answers(member)))
    written = await desk.written(member)
    assert 100 <= len(written) < 250
    assert written == sorted(written)
    assert sum(text.startswith("Tin gửi dồn dập") for text in desk.answers(member)) == 1


async def test_every_event_is_worked_off_without_an_error(
    desk: Desk, zalo: ZaloServer, member: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever its name, for somebody known and for a stranger, whole and with hardly anything in it."""
    stranger = zalo.people.add("Khách").user_id
    async with desk.open():
        template = zalo.events.said(zalo.people.person(member), zalo.people.say(member, "một"))
        for name in (*EVENTS, "anonymous_send_text", "user_dances"):
            for person in (member, stranger):
                who = {"sender": {"id": person}, "follower": {"id": person}, "info": {"phone": "84912345678"}}
                message = {"text": "chào", "msg_id": f"{name}{person}", "msg_ids": ["x"], "rate": 5, "data": "Vâng"}
                assert await zalo.cases.signed({**template, **who, "event_name": name, "message": message}) == 200
            assert await zalo.cases.signed({**template, "event_name": name, "message": None}) == 200
        for _ in range(3):  # receipts and echoes look again for the message that they are about
            desk.clock.wind(timedelta(seconds=10))
            await asyncio.sleep(0)
        await desk.worked_off(within=30)
    serious = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert all("cannot be read and is left out" in record.message for record in serious), serious
    assert not [record for record in caplog.records if "chào" in record.message or "849123" in record.message]


# Choices --------------------------------------------------------------------------------------------------------------


async def test_a_tapped_button_is_its_choice(desk: Desk, zalo: ZaloServer, member: str) -> None:
    async with desk.open():
        zalo.people.say(member, "một")
        await desk.until(lambda: len(desk.answers(member)) == 1)
        first = zalo.people.messages(member)[-1]
        zalo.people.say(member, "hai")
        await desk.until(lambda: len(desk.answers(member)) == 2)
        await desk.sent_is_noted()
        zalo.people.tap(member, first, first.titles[0])
        await desk.until(lambda: len(desk.answers(member)) == 3)
    assert desk.answers(member)[-1] == f"Đã xong {first.id}"
    assert await desk.written(member) == ["một", "hai"]


@pytest.mark.parametrize("typed", ["2", "2.", " 2 ", "số 2", "Dời", "dời", "doi"])
async def test_a_typed_number_or_label_is_the_newest_messages_choice(
    desk: Desk, zalo: ZaloServer, member: str, typed: str
) -> None:
    async with desk.open():
        zalo.people.say(member, "một")
        await desk.until(lambda: len(desk.answers(member)) == 1)
        zalo.people.say(member, typed)
        await desk.until(lambda: len(desk.answers(member)) == 2)
    assert desk.answers(member)[-1] == "Đã dời"


async def test_a_number_typed_before_a_message_came_chooses_nothing_of_it(
    desk: Desk, zalo: ZaloServer, member: str
) -> None:
    """We stood still: what was typed below one message is read below another, which nobody had seen."""
    async with desk.serving():
        async with desk.working():
            zalo.people.say(member, "một")
            await desk.until(lambda: len(desk.answers(member)) == 1)
            await desk.sent_is_noted()
        zalo.people.say(member, "2")
        await zalo.webhook.settled()
        desk.clock.wind(timedelta(minutes=10))
        reply = Reply(Markup("Việc khác"), ((Choice("Xong", "done:2"), Choice("Dời", "later:2")),))
        async with desk.store.begin() as uow:
            new = NewDelivery("push", "zalo", member, Audience.MEMBER, "push", reply.to_record(), desk.clock.now())
            await uow.outbox.queue(new)
            await uow.commit()
        next_life = Desk(desk.store, desk.clock, zalo, ROUTES)
        sending = asyncio.create_task(next_life.dispatcher.run())
        await next_life.until(lambda: len(desk.answers(member)) == 2)
        async with next_life.working():
            await next_life.until(lambda: len(desk.answers(member)) == 3)
            assert desk.answers(member)[-1] == "Không được: old_button"
            zalo.people.say(member, "2")
            await next_life.until(lambda: len(desk.answers(member)) == 4)
        await sending
        await next_life.wire.close()
    assert desk.answers(member)[-1] == "Đã dời"


async def test_a_number_that_is_no_choice_is_words(desk: Desk, zalo: ZaloServer, member: str) -> None:
    async with desk.open():
        for said in ("9", "một", "9", "xong rồi em ơi", "/xong"):
            zalo.people.say(member, said)
            await desk.worked_off()
    assert await desk.written(member) == ["9", "một", "9", "xong", "rồi", "em", "ơi"]


async def test_a_quoted_message_is_the_one_that_a_number_chooses_from(
    desk: Desk, zalo: ZaloServer, member: str
) -> None:
    async with desk.open():
        zalo.people.say(member, "một")
        await desk.until(lambda: len(desk.answers(member)) == 1)
        first = zalo.people.messages(member)[-1]
        zalo.people.say(member, "hai")
        await desk.until(lambda: len(desk.answers(member)) == 2)
        await desk.sent_is_noted()
        zalo.people.say(member, "1", quote=first.id)
        await desk.until(lambda: len(desk.answers(member)) == 3)
        zalo.people.say(member, "7", quote=first.id)
        await desk.until(lambda: len(desk.answers(member)) == 4)
    assert desk.answers(member)[2] == f"Đã xong {first.id}"
    assert await desk.written(member) == ["một", "hai", "7"]


async def test_a_button_that_is_gone_or_was_never_here_is_out_of_date(
    desk: Desk, zalo: ZaloServer, member: str
) -> None:
    """A typed payload of a message in another chat, of a message that is forgotten, of a key that it never had."""
    other = zalo.people.add("Hoa").user_id
    await desk.hire(other)
    async with desk.open():
        zalo.people.say(other, "một")
        await desk.until(lambda: len(desk.answers(other)) == 1)
        theirs = zalo.people.messages(other)[-1].buttons[0].value
        zalo.people.say(member, "của em")
        await desk.until(lambda: len(desk.answers(member)) == 1)
        mine = zalo.people.messages(member)[-1].buttons[0].value
        for forged in (theirs, "ck:999999:1", mine.rpartition(":")[0] + ":77"):
            zalo.people.say(member, forged)
            await desk.worked_off()
        await desk.until(lambda: len(desk.answers(member)) == 4)
        await desk.sent_is_noted()
        await desk.store.ledger.prune(desk.clock.now() + timedelta(days=15))
        zalo.people.say(member, mine, hidden=True)
        await desk.until(lambda: len(desk.answers(member)) == 5)
    assert set(desk.answers(member)[1:]) == {"Không được: old_button"}
    assert await desk.written(member) == ["của", "em"]


# Persons --------------------------------------------------------------------------------------------------------------


async def test_a_stranger_is_asked_for_by_name_once(desk: Desk, zalo: ZaloServer, lan: str) -> None:
    async with desk.open():
        zalo.people.follow(lan)
        await desk.until(lambda: len(desk.answers(lan)) == 1)
    assert desk.answers(lan) == ["Chào Lan Nguyễn, ở An Nhiên"]


async def test_a_name_that_cannot_be_learned_holds_nobody_up(desk: Desk, zalo: ZaloServer, lan: str) -> None:
    zalo.faults.next("/v3.0/oa/user/detail", -32)
    async with desk.open():
        zalo.people.follow(lan)
        await desk.until(lambda: len(desk.answers(lan)) == 1)
    assert desk.answers(lan) == ["Chào bạn, ở An Nhiên"]


async def test_a_members_name_is_not_asked_for(desk: Desk, zalo: ZaloServer, member: str) -> None:
    async with desk.open():
        zalo.people.say(member, "một")
        await desk.until(lambda: len(desk.answers(member)) == 1)
    assert [call.path for call in zalo.calls] == [MESSAGE]


async def test_what_a_member_shares_and_sends_comes_in_whole(desk: Desk, zalo: ZaloServer, member: str) -> None:
    async with desk.open():
        zalo.people.submit_info(member)
        await desk.until(lambda: len(desk.answers(member)) == 1)
        zalo.people.send_file(member, "bao-gia.pdf", b"%PDF")
        await desk.until(lambda: len(desk.answers(member)) == 2)
        zalo.people.send_image(member, b"jpg", text="mẫu này")
        await desk.until(lambda: len(desk.answers(member)) == 3)
        zalo.people.send_location(member, 10.7626, 106.6601)
        await desk.until(lambda: len(desk.answers(member)) == 4)
        zalo.people.send_sticker(member)
        await desk.until(lambda: len(desk.answers(member)) == 5)
        zalo.people.send_link(member, "https://example.com/a", "Sofa")
        await desk.worked_off()
    assert desk.answers(member)[:5] == [
        "Lan Nguyễn 84912345678 True",
        "document bao-gia.pdf",
        "photo  mẫu này",
        "location",
        "Không được: not_kept",
    ]
    assert await desk.written(member) == ["Sofa", "https://example.com/a"]


async def test_when_a_member_last_interacted_is_noted_and_never_moved_back(
    desk: Desk, zalo: ZaloServer, member: str
) -> None:
    async with desk.open():
        message = zalo.people.say(member, "một")
        await desk.worked_off()
        assert abs(await desk.interacted_at(member) - message.at) < timedelta(milliseconds=2)
        event = zalo.events.said(zalo.people.person(member), message)
        hour = 3_600_000
        early = {**event, "message": {"text": "sớm", "msg_id": "e"}, "timestamp": str(int(event["timestamp"]) - hour)}
        assert await zalo.cases.signed(early) == 200
        await desk.worked_off()
        assert abs(await desk.interacted_at(member) - message.at) < timedelta(milliseconds=2)
        ahead = {
            **event,
            "message": {"text": "mai", "msg_id": "l"},
            "timestamp": str(int(event["timestamp"]) + 24 * hour),
        }
        assert await zalo.cases.signed(ahead) == 200
        await desk.worked_off()
        assert await desk.interacted_at(member) <= desk.clock.now()
        before = await desk.interacted_at(member)
        desk.clock.wind(timedelta(hours=1))
        zalo.people.see(member)
        await desk.worked_off()
        assert await desk.interacted_at(member) == before
        zalo.people.open_chat(member)
        await desk.worked_off()
        assert desk.clock.now() - await desk.interacted_at(member) < timedelta(seconds=10)
    assert await desk.written(member) == ["một", "sớm", "mai"]


async def test_a_members_farewell_that_comes_late_changes_nothing(desk: Desk, zalo: ZaloServer, member: str) -> None:
    gone = zalo.events.unfollowed(zalo.people.person(member), desk.clock.now())
    desk.clock.wind(timedelta(minutes=5))
    async with desk.open():
        zalo.people.say(member, "một")
        await desk.worked_off()
        assert await zalo.cases.signed(gone) == 200
        await desk.worked_off()
    assert desk.left == []


async def test_receipts_are_noted_even_before_their_message_is(desk: Desk, zalo: ZaloServer, member: str) -> None:
    async with desk.open():
        zalo.people.say(member, "một")
        await desk.until(lambda: len(desk.answers(member)) == 1)
        await desk.sent_is_noted()
        message = zalo.people.messages(member)[-1]
        zalo.people.see(member)
        await zalo.webhook.settled()
        desk.clock.wind(timedelta(seconds=5))
        await desk.worked_off()
        received_at, seen_at = await desk.receipt(message.id)
    assert received_at
    assert seen_at
    assert received_at <= seen_at
