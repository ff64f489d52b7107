"""Updates are taken in by polling and by webhook: each once, in the order of its person, confirmed only when committed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from markupsafe import Markup

from bot.channels.telegram import Telegram
from bot.channels.telegram_intake import TelegramIntake
from bot.clock import SystemClock
from bot.conversation import Command, Conversation, GuestRoutes, Routes
from bot.dispatcher import Dispatcher
from bot.domain.mailroom import Address
from bot.domain.people import Role
from bot.messages import Choice, Reply
from bot.sandbox.bot_api import BotApi
from bot.sandbox.chats import Chats
from bot.storage.store import SqlStore, create_store
from bot.turn import Guest, Turn
from bot.web.server import SECRET_HEADER, Health, Server, TelegramWebhook
from tests.channels.conftest import LAN

SECRET = "s3cret_of-the-webhook"
HUNG = 1002


async def note(turn: Turn) -> Reply:
    """A durable effect that shows order, losses and doubles: the member's name grows by what they write."""
    turn.member = await turn.uow.members.update(turn.member, name=f"{turn.member.name} {turn.words}")
    if turn.words == "break":
        raise RuntimeError("a defect of ours")
    return Reply(Markup("Đã lưu {}").format(turn.words), ((Choice("Xong", "done:1"),),))


async def done(turn: Turn) -> Reply:
    return Reply(Markup("Xong"), replaces=True, toast=str(turn.t("Start")))


async def broken(turn: Turn) -> Reply:
    raise RuntimeError("a defect of ours")


async def welcomed(guest: Guest) -> Reply:
    return Reply(Markup("Xin chào từ {}").format(guest.org))


ROUTES = Routes(
    commands=(
        Command("homnay", "today", note, "Start"),
        Command("moinv", "invite", note, "Start", frozenset({Role.OWNER})),
        Command("tuan", "week", note, "Start"),
    ),
    choices={"done": done, "broken": broken},
    questions={},
    passing=frozenset(),
    text=note,
    contact=note,
    file=note,
    problem=lambda t, problem: Markup("Không được: {}").format(problem.reason),
    apology=lambda t, reference: Markup("Xin lỗi, lỗi {}").format(reference),
    guests=GuestRoutes(commands={}, choices={}, questions={}, other=welcomed),
    in_groups=frozenset({"/tuan", "done"}),
)


@dataclass
class Edge:
    """Intake, dispatcher and store around one Bot API."""

    store: SqlStore
    telegram: Telegram
    api: BotApi

    def __post_init__(self) -> None:
        clock = SystemClock()
        self.conversation = Conversation(
            self.store, ROUTES, clock, org="Suối Xanh", locale="vi", timezone="Asia/Ho_Chi_Minh"
        )
        self.dispatcher = Dispatcher(self.store, clock, [self.telegram], self._nobody_blocks, Markup("(gửi lại)"))
        self.intake = TelegramIntake(self.telegram, self.conversation, ROUTES, self.dispatcher.answer)

    async def _nobody_blocks(self, address: Address) -> None:
        raise AssertionError(address)

    async def hire(self, person: int, role: Role = Role.REP) -> None:
        if person not in {known.id for known in self.api.chats.persons}:
            self.api.chats.add_person(person, f"Người {person}").started = True
        async with self.store.begin() as uow:
            member = await uow.members.add("", role, "vi", "Asia/Ho_Chi_Minh", SystemClock().now())
            await uow.members.link(member.id, "telegram", str(person), str(person))
            await uow.commit()

    async def written(self, person: int) -> list[str]:
        """What the member has written, as stored, in the order of the turns."""
        async with self.store.read() as uow:
            member = await uow.members.by_identity("telegram", str(person))
        assert member
        return member.name.split()

    @asynccontextmanager
    async def working(self, *work: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(one()) for one in (self.dispatcher.report_answers, *work)]
        yield
        self.intake.stop()
        await self.intake.finish(2)
        await self.dispatcher.stop(2)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def edge(store: SqlStore, telegram: Telegram, api: BotApi) -> Edge:
    edge = Edge(store, telegram, api)
    await edge.hire(LAN)
    return edge


@pytest.fixture
async def hook(edge: Edge) -> AsyncIterator[str]:
    """A webhook; where it listens."""
    server = Server(
        "127.0.0.1", 0, [*TelegramWebhook(SECRET, edge.intake.receive).routes(), *Health(edge.store).routes()]
    )
    await server.start()
    async with edge.working():
        yield f"http://127.0.0.1:{server.port}"
        await server.close()


def answers(chats: Chats, person: int = LAN) -> list[str]:
    return [message.text for message in chats.messages(person) if message.from_bot]


def a_message(update_id: int, text: str, person: int = LAN) -> dict[str, Any]:
    sender = {"id": person, "is_bot": False, "first_name": "Lan"}
    chat = {"id": person, "type": "private", "first_name": "Lan"}
    return {
        "update_id": update_id,
        "message": {"message_id": update_id, "date": 1, "from": sender, "chat": chat, "text": text},
    }


async def post(url: str, update: object, secret: str | None = SECRET) -> int:
    headers = {} if secret is None else {SECRET_HEADER: secret}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/telegram", json=update, headers=headers) as response,
    ):
        await response.read()
        return response.status


# Polling --------------------------------------------------------------------------------------------------------------


async def test_messages_are_answered_by_polling(edge: Edge, chats: Chats) -> None:
    async with edge.working(edge.intake.poll):
        chats.say(LAN, "một")
        await chats.until(lambda: answers(chats) == ["Đã lưu một"])
        press = chats.tap(LAN, chats.messages(LAN)[-1].id, "Xong")
        await chats.until(lambda: answers(chats) == ["Xong"])
        await chats.until(lambda: press.answer is not None)
    assert press.answer
    assert press.answer.text == "Bắt đầu"


async def test_twenty_messages_at_once_are_taken_one_by_one(edge: Edge, chats: Chats) -> None:
    expected = [str(number) for number in range(20)]
    for text in expected:
        chats.say(LAN, text)
    async with edge.working(edge.intake.poll):
        await chats.until(lambda: len(answers(chats)) == 20)
    assert await edge.written(LAN) == expected
    assert answers(chats) == [f"Đã lưu {text}" for text in expected]


async def test_updates_are_confirmed_only_when_committed(edge: Edge, chats: Chats, api: BotApi) -> None:
    """A process that dies between commit and confirmation gets the updates again, and does nothing twice."""
    for text in ("một", "hai"):
        chats.say(LAN, text)
    async with edge.working(edge.intake.poll):
        await chats.until(lambda: len(answers(chats)) == 2)
    next_life = Edge(edge.store, edge.telegram, api)
    async with next_life.working(next_life.intake.poll):  # its first getUpdates confirms nothing
        chats.say(LAN, "ba")
        await chats.until(lambda: len(answers(chats)) == 3)
    assert await edge.written(LAN) == ["một", "hai", "ba"]


async def test_an_update_that_nobody_can_read_does_not_hold_up_the_others(edge: Edge, chats: Chats) -> None:
    chats.say(LAN, "một")
    async with edge.working():
        await edge.intake.receive({"update_id": 1, "message": {"message_id": "of another age"}})
        await edge.intake.receive(a_message(2, "hai"))
    assert await edge.written(LAN) == ["hai"]


async def test_trouble_with_telegram_is_waited_out(edge: Edge, chats: Chats, api: BotApi) -> None:
    api.faults.next("getUpdates", 502)
    api.faults.next("getUpdates", 429, retry_after=1)
    chats.say(LAN, "một")
    async with edge.working(edge.intake.poll):
        await chats.until(lambda: answers(chats) == ["Đã lưu một"])


async def test_listening_ends_with_an_alarm_when_the_token_is_refused(
    edge: Edge, api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    api.faults.next("getUpdates", 401)
    await asyncio.wait_for(edge.intake.listen(), 60)
    assert [record.levelname for record in caplog.records] == ["CRITICAL"]


async def test_a_tap_is_answered_even_when_its_turn_fails(edge: Edge, chats: Chats, telegram: Telegram) -> None:
    async with edge.working(edge.intake.poll):
        sent = await telegram.bot.send_message(LAN, "?", reply_markup=None)
        press = chats.forge(LAN, "broken:1", sent.message_id)
        await chats.until(lambda: press.answer is not None)
        old = chats.forge(LAN, "nobody-knows:1", sent.message_id)
        await chats.until(lambda: old.answer is not None)
    assert press.answer
    assert old.answer
    assert press.answer.text.startswith("Xin lỗi, lỗi ")
    assert old.answer.text == "Không được: old_button"


async def test_a_failed_turn_leaves_nothing_behind_and_says_so(edge: Edge, chats: Chats) -> None:
    async with edge.working(edge.intake.poll):
        chats.say(LAN, "break")
        await chats.until(lambda: len(answers(chats)) == 1)
    assert answers(chats)[0].startswith("Xin lỗi, lỗi ")
    assert await edge.written(LAN) == []


async def test_each_member_has_the_menu_of_their_role_and_a_stranger_none(
    edge: Edge, chats: Chats, api: BotApi
) -> None:
    await edge.hire(HUNG, Role.OWNER)
    chats.add_person(1003, "Người lạ")
    async with edge.working(edge.intake.poll):
        await edge.intake.show_default_menus("Asia/Ho_Chi_Minh")
        for person in (LAN, HUNG, 1003):
            chats.say(person, "chào")
        await chats.until(lambda: all(answers(chats, person) for person in (LAN, HUNG, 1003)))
        await chats.until(lambda: len(menu(api, LAN)) == 2 and len(menu(api, HUNG)) == 3)
    assert menu(api, LAN) == ["homnay", "tuan"]
    assert menu(api, HUNG) == ["homnay", "moinv", "tuan"]
    assert menu(api, 1003) == ["start"]
    assert answers(chats, 1003) == ["Xin chào từ Suối Xanh"]


def menu(api: BotApi, person: int) -> list[str]:
    return [command["command"] for command in api.commands.shown_to(api.chats.person(person))]


async def test_who_floods_is_turned_away_and_told_once_while_others_are_served(edge: Edge, chats: Chats) -> None:
    """R13, small: the flooder's 2,000 updates stand before those of the others in Telegram's queue."""
    others = range(2000, 2020)
    for person in others:
        await edge.hire(person)
    for number in range(2000):
        chats.say(LAN, str(number))
    async with edge.working(edge.intake.poll):
        for person in others:
            chats.say(person, "việc")
        await chats.until(lambda: all(answers(chats, person) for person in others))
    taken_in = await edge.written(LAN)
    assert 100 <= len(taken_in) < 300
    assert taken_in == sorted(taken_in, key=int)
    assert sum(text.startswith("Tin gửi dồn dập") for text in answers(chats)) == 1


# Webhook --------------------------------------------------------------------------------------------------------------


async def test_messages_are_answered_by_webhook(hook: str, chats: Chats, telegram: Telegram) -> None:
    await telegram.bot.set_webhook(f"{hook}/telegram", secret_token=SECRET)
    chats.say(LAN, "một")
    await chats.until(lambda: answers(chats) == ["Đã lưu một"])
    await telegram.bot.delete_webhook()


async def test_200_means_committed(hook: str, edge: Edge) -> None:
    assert await post(hook, a_message(1, "một")) == 200
    assert await edge.written(LAN) == ["một"]


async def test_three_deliveries_of_one_update_do_it_once_and_answer_once(hook: str, edge: Edge, chats: Chats) -> None:
    posts = [post(hook, a_message(number, str(number))) for number in range(1, 31) for _ in range(3)]
    assert set(await asyncio.gather(*posts)) == {200}
    await chats.until(lambda: len(answers(chats)) >= 30)
    await edge.dispatcher.stop(2)
    assert sorted(await edge.written(LAN), key=int) == [str(number) for number in range(1, 31)]
    assert len(answers(chats)) == 30


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], "bí mật ñ", "\udcff"])
async def test_a_forged_call_is_refused_and_does_nothing(
    hook: str, edge: Edge, secret: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    assert await post(hook, a_message(1, "giả"), secret) == 401
    assert await edge.written(LAN) == []
    assert not [record for record in caplog.records if record.exc_info or record.levelname == "ERROR"]


async def test_a_secret_in_odd_bytes_is_refused_quietly(hook: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(hook.rpartition(":")[2]))
    head = b"POST /telegram HTTP/1.1\r\nHost: x\r\nX-Telegram-Bot-Api-Secret-Token: \xff\xfe\xe1\r\nContent-Length: 2\r\n\r\n{}"
    writer.write(head)
    assert (await reader.readline()).split()[1] in (b"400", b"401")
    writer.close()


@pytest.mark.parametrize(
    ("body", "status"), [(b"{", 400), (b"[]", 400), (b"\xff", 400), (b"x" * (1024 * 1024 + 1), 413)]
)
async def test_a_body_that_is_no_update_is_refused(hook: str, body: bytes, status: int) -> None:
    headers = {SECRET_HEADER: SECRET}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{hook}/telegram", data=BytesIO(body), headers=headers) as response,
    ):
        assert response.status == status


def test_there_is_no_webhook_without_a_secret(edge: Edge) -> None:
    with pytest.raises(ValueError, match="secret"):
        TelegramWebhook("", edge.intake.receive)


async def test_while_nothing_can_be_stored_the_webhook_asks_for_it_again(
    telegram: Telegram, api: BotApi, tmp_path: Path
) -> None:
    """The database cannot be opened: 503 and a word to the person; once it can, the same update succeeds."""
    in_the_way = tmp_path / "test.db"
    in_the_way.mkdir()
    store = create_store(f"sqlite+aiosqlite:///{in_the_way}")
    edge = Edge(store, telegram, api)
    server = Server("127.0.0.1", 0, [*TelegramWebhook(SECRET, edge.intake.receive).routes(), *Health(store).routes()])
    await server.start()
    url = f"http://127.0.0.1:{server.port}"
    async with edge.working(), aiohttp.ClientSession() as session:
        for _ in range(2):
            assert await post(url, a_message(1, "một")) == 503
        async with session.get(f"{url}/healthz") as response:
            assert response.status == 503
        await edge.intake.finish(2)
        assert answers(api.chats) == ["Hệ thống đang bận, tin này chưa lưu được. Em sẽ tự thử lại."]
        in_the_way.rmdir()
        await store.migrate()
        await edge.hire(LAN)
        assert await post(url, a_message(1, "một")) == 200
        await api.chats.until(lambda: answers(api.chats)[-1] == "Đã lưu một")
        async with session.get(f"{url}/healthz") as response:
            assert (response.status, await response.json()) == (200, {"status": "ok"})
        await server.close()
    await store.close()
