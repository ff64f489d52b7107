"""Events of the Zalo Bot Platform are taken in by polling and by webhook: stored first, worked off once, in their person's order."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from markupsafe import Markup
from sqlalchemy import func, select

from bot.channels.files import FilesAcross
from bot.channels.flooding import TOO_FAST
from bot.channels.zalo_bot import ZaloBot
from bot.channels.zalo_bot_intake import ZaloBotIntake
from bot.clock import SystemClock
from bot.conversation import Command, Conversation, GuestRoutes, Routes
from bot.dispatcher import Dispatcher
from bot.domain.mailroom import Address
from bot.domain.people import Role
from bot.i18n import Translator
from bot.messages import Choice, Reply
from bot.sandbox.zalo_bot import ZaloBotServer
from bot.sandbox.zalo_bot_webhook import SECRET_HEADER
from bot.storage.channel_tables import arrivals
from bot.storage.store import SqlStore, create_store
from bot.turn import Guest, Turn
from bot.web.server import Server, ZaloBotWebhook

TOKEN = "12345689:abc-xyz"
SECRET = "mot-bi-mat-dai"
LAN, HUNG = "6ede9afa66b88fe6d6a9", "0123456789abcdef0123"
CHOICES = ((Choice("Xong", "done:1"), Choice("Dời", "later:1")),)


async def note(turn: Turn) -> Reply:
    """A durable effect that shows order, losses and doubles: the member's name grows by what they write."""
    turn.member = await turn.uow.members.update(turn.member, name=f"{turn.member.name} {turn.words}")
    if turn.words == "hỏng":
        raise RuntimeError("a defect of ours")
    return Reply(Markup("Đã lưu {}").format(turn.words), CHOICES)


async def done(turn: Turn) -> Reply:
    return Reply(Markup("Đã xong"), replaces=True, toast="Xong rồi ạ")


async def later(turn: Turn) -> Reply:
    return Reply(Markup("Khi nào ạ?"), ((Choice("Mai", "tomorrow:1"), Choice("Tuần sau", "week:1")),))


async def tomorrow(turn: Turn) -> Reply:
    return Reply(Markup("Hẹn mai"))


async def kept(turn: Turn) -> Reply:
    file = turn.incoming.file
    assert file
    return Reply(Markup("{} {} {}").format(file.kind, file.file_id, turn.incoming.text))


async def welcomed(guest: Guest) -> Reply:
    return Reply(Markup("Xin chào {} từ {}").format(guest.incoming.peer.name, guest.org))


ROUTES = Routes(
    commands=(Command("homnay", "today", note, "Start"),),
    choices={"done": done, "later": later, "tomorrow": tomorrow, "week": later},
    questions={},
    passing=frozenset(),
    text=note,
    contact=note,
    file=kept,
    problem=lambda t, problem: Markup("Không được: {}").format(problem.reason),
    apology=lambda t, reference: Markup("Xin lỗi, lỗi {}").format(reference),
    guests=GuestRoutes(commands={}, choices={}, questions={}, other=welcomed),
)


class Edge:
    """One process: intake, dispatcher and store around the stand-in."""

    def __init__(self, store: SqlStore, platform: ZaloBotServer, url: str) -> None:
        self.store, self.platform = store, platform
        clock = SystemClock()
        self.conversation = Conversation(
            store, ROUTES, clock, org="Suối Xanh", locale="vi", timezone="Asia/Ho_Chi_Minh"
        )
        files = FilesAcross({}, lambda *_: Markup("(tệp)"))
        self.bot = ZaloBot(TOKEN, url, files, lambda _: "", Translator("vi", "Asia/Ho_Chi_Minh"))
        self.dispatcher = Dispatcher(store, clock, [self.bot], self._nobody_blocks, Markup("(gửi lại)"))
        self.intake = ZaloBotIntake(self.bot, self.conversation, store, clock, self.dispatcher.answer)

    async def _nobody_blocks(self, address: Address) -> None:
        raise AssertionError(address)

    async def written(self, person: str = LAN) -> list[str]:
        """What the member has written, as stored, in the order of the turns."""
        async with self.store.read() as uow:
            member = await uow.members.by_identity("zalo_bot", person)
        assert member
        return member.name.split()

    async def waiting(self) -> int:
        """How many wait in the stored inbox."""
        async with self.store._engines.reading() as sql:
            number: int = await sql.scalar(select(func.count()).where(arrivals.c.wake_at.is_not(None)))
        return number

    @asynccontextmanager
    async def doing(self, *work: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
        """A process that does this, and then ends as the app does."""
        tasks = [asyncio.create_task(one()) for one in (self.dispatcher.report_answers, *work)]
        try:
            yield
        finally:
            self.intake.stop()
            self.platform.end_polls()
            await self.intake.finish(5)
            await self.dispatcher.stop(5)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.bot.close()

    def polling(self) -> Any:
        """A process that polls and works."""
        return self.doing(self.intake.listen, self.intake.work)


@pytest.fixture
def platform() -> ZaloBotServer:
    platform = ZaloBotServer(SystemClock().now, TOKEN)
    platform.chats.add_person("Lan", LAN)
    platform.chats.add_person("Hùng", HUNG)
    return platform


@pytest.fixture
async def url(platform: ZaloBotServer) -> AsyncIterator[str]:
    server = Server("127.0.0.1", 0, ())
    platform.install(server.app)
    await server.start()
    yield f"http://127.0.0.1:{server.port}"
    await server.close()


async def hire(store: SqlStore, person: str = LAN) -> None:
    async with store.begin() as uow:
        member = await uow.members.add("", Role.REP, "vi", "Asia/Ho_Chi_Minh", SystemClock().now())
        await uow.members.link(member.id, "zalo_bot", person, person)
        await uow.commit()


@pytest.fixture
async def edge(store: SqlStore, platform: ZaloBotServer, url: str) -> AsyncIterator[Edge]:
    await hire(store)
    edge = Edge(store, platform, url)
    yield edge
    await edge.bot.close()


@pytest.fixture
async def hook(edge: Edge) -> AsyncIterator[str]:
    """The webhook's address, told to the platform; whoever works is up to the test."""
    server = Server("127.0.0.1", 0, ZaloBotWebhook(SECRET, edge.intake.receive).routes())
    await server.start()
    address = f"http://127.0.0.1:{server.port}/zalo-bot"
    await edge.bot.platform.call("setWebhook", {"url": address, "secret_token": SECRET})
    yield address
    await edge.bot.platform.call("deleteWebhook", {})
    await server.close()


def answers(edge: Edge, person: str = LAN) -> list[str]:
    return [message.text for message in edge.platform.chats.screen(person)]


async def answered(edge: Edge, *expected: str, person: str = LAN) -> None:
    """Wait until these are the first lines of the person's last answers."""
    last = len(expected)
    await edge.platform.chats.until(
        lambda: [text.split("\n")[0] for text in answers(edge, person)[-last:]] == list(expected)
    )


# Polling ----------------------------------------------------------------------------------------------------------------


async def test_a_message_is_answered_with_numbered_choices(edge: Edge) -> None:
    async with edge.polling():
        edge.platform.chats.say(LAN, "gọi")
        await answered(edge, "Đã lưu gọi")
    assert "1. Xong\n2. Dời" in answers(edge)[0]
    assert edge.platform.refused == []


async def test_a_stranger_is_welcomed_by_the_name_that_zalo_gives(edge: Edge) -> None:
    async with edge.polling():
        edge.platform.chats.say(HUNG, "alo")
        await answered(edge, "Xin chào Hùng từ Suối Xanh", person=HUNG)


async def test_a_burst_of_one_person_keeps_its_order_and_everything(edge: Edge) -> None:
    await hire(edge.store, HUNG)
    numbers = [str(number) for number in range(20)]
    async with edge.polling():
        for number in numbers:
            edge.platform.chats.say(LAN, f"tin{number}")
            edge.platform.chats.say(HUNG, f"tin{number}")
        await edge.platform.chats.until(lambda: len(answers(edge)) == len(answers(edge, HUNG)) == 20)
    for person in (LAN, HUNG):
        assert await edge.written(person) == [f"tin{number}" for number in numbers]
        assert [text.split("\n")[0] for text in answers(edge, person)] == [f"Đã lưu tin{number}" for number in numbers]


async def test_a_message_that_comes_twice_is_taken_once(edge: Edge) -> None:
    async with edge.polling():
        message = edge.platform.chats.say(LAN, "một")
        edge.platform.chats.redeliver(message)
        edge.platform.chats.say(LAN, "hai")
        await answered(edge, "Đã lưu một", "Đã lưu hai")
    assert await edge.written() == ["một", "hai"]


async def test_a_typed_number_or_label_chooses(edge: Edge) -> None:
    async with edge.polling():
        edge.platform.chats.say(LAN, "gọi")
        await answered(edge, "Đã lưu gọi")
        edge.platform.chats.say(LAN, "2")
        await answered(edge, "Khi nào ạ?")
        edge.platform.chats.say(LAN, "mai")
        await answered(edge, "Hẹn mai")
    assert await edge.written() == ["gọi"]


async def test_a_number_chooses_from_the_newest_choices_only_and_one_that_is_none_is_text(edge: Edge) -> None:
    async with edge.polling():
        edge.platform.chats.say(LAN, "gọi")
        await answered(edge, "Đã lưu gọi")
        edge.platform.chats.say(LAN, "Dời")
        await answered(edge, "Khi nào ạ?")
        edge.platform.chats.say(LAN, "1")
        await answered(edge, "Hẹn mai")
        edge.platform.chats.say(LAN, "7")
        await answered(edge, "Đã lưu 7")
    assert await edge.written() == ["gọi", "7"]


async def test_two_numbers_in_a_row_each_meet_what_stands_there_by_then(edge: Edge) -> None:
    async with edge.polling():
        edge.platform.chats.say(LAN, "gọi")
        edge.platform.chats.say(LAN, "2")
        edge.platform.chats.say(LAN, "1")
        await answered(edge, "Đã lưu gọi", "Khi nào ạ?", "Hẹn mai")


async def test_a_notice_is_said_above_the_answer(edge: Edge) -> None:
    async with edge.polling():
        edge.platform.chats.say(LAN, "gọi")
        await answered(edge, "Đã lưu gọi")
        edge.platform.chats.say(LAN, "1")
        await answered(edge, "Xong rồi ạ")
    assert answers(edge)[-1] == "Xong rồi ạ\n\nĐã xong"


async def test_photos_and_voices_are_files_and_what_cannot_be_kept_is_told(edge: Edge) -> None:
    photo, voice = "https://photo.example/a.jpg", "https://voice.example/a.aac"
    chats = edge.platform.chats
    async with edge.polling():
        chats.send_photo(LAN, photo, "sân nhà")
        chats.send_photo(LAN, photo, field="photo_url")
        chats.send_voice(LAN, voice)
        chats.send_sticker(LAN)
        chats.send_unsupported(LAN)
        told = "Không được: not_kept"
        await answered(edge, f"photo {photo} sân nhà", f"photo {photo}", f"voice {voice}", told, told)


async def test_odd_signs_in_a_text_do_not_cost_the_text(edge: Edge) -> None:
    async with edge.polling():
        edge.platform.chats.say(LAN, "Nguye\u0302\u0303n\x00 \ud83d xong")
        await answered(edge, "Đã lưu Nguyễn  xong")


async def test_groups_bots_reactions_and_what_cannot_be_read_are_left_out(
    edge: Edge, caplog: pytest.LogCaptureFixture
) -> None:
    chats = edge.platform.chats
    person = {"id": LAN, "display_name": "Lan", "is_bot": False}
    body = {"from": person, "chat": {"id": LAN, "chat_type": "PRIVATE"}, "text": "x", "message_id": "m", "date": 1}
    odd: list[Any] = [
        {"event_name": "message.reaction.received", "message": body},
        {"event_name": "message.text.received", "message": body | {"from": person | {"is_bot": True}}},
        {"event_name": "message.text.received", "message": body | {"from": None}},
        {"event_name": "message.text.received"},
        {"something": "else"},
        [],
    ]
    async with edge.polling():
        chats.say(LAN, "trong nhóm", group="fedcba98765432100000")
        chats.waiting.extend(odd)
        chats.say(LAN, "riêng")
        await answered(edge, "Đã lưu riêng")
    assert len(answers(edge)) == 1
    assert await edge.written() == ["riêng"]
    assert "cannot be read" in caplog.text
    assert "Lan" not in caplog.text


async def test_a_restart_loses_nothing_and_answers_nothing_twice(edge: Edge, url: str) -> None:
    async with edge.doing(edge.intake.listen):  # taken in, and the process ends before anything is worked off
        edge.platform.chats.say(LAN, "một")
        await edge.platform.chats.until(lambda: not edge.platform.chats.waiting)
    edge.platform.chats.say(LAN, "hai")
    assert await edge.written() == []
    assert await edge.waiting() == 1

    second = Edge(edge.store, edge.platform, url)
    async with second.polling():
        await answered(second, "Đã lưu một", "Đã lưu hai")
    third = Edge(edge.store, edge.platform, url)
    async with third.polling():
        edge.platform.chats.say(LAN, "ba")
        await answered(third, "Đã lưu một", "Đã lưu hai", "Đã lưu ba")
    assert await edge.written() == ["một", "hai", "ba"]
    assert len(answers(edge)) == 3


async def test_the_last_poll_is_not_broken_off(edge: Edge) -> None:
    """There is no offset: what is handed to a connection that is gone would be lost."""
    chats = edge.platform.chats
    listening = asyncio.create_task(edge.intake.listen())
    await chats.until(lambda: edge.platform.polling)
    edge.intake.stop()
    chats.say(LAN, "phút chót")
    await asyncio.wait_for(listening, 5)
    assert not chats.waiting, "it was handed out"
    assert await edge.waiting() == 1, "and stored"


async def test_idle_polls_and_passing_trouble_are_no_end(edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
    faults = edge.platform.faults
    for fault in (502, "reset"):
        faults.next("getUpdates", fault)
    async with edge.polling():
        await edge.platform.chats.until(lambda: edge.platform.polling)
        edge.platform.end_polls()
        edge.platform.chats.say(LAN, "vẫn")
        await answered(edge, "Đã lưu vẫn")
    assert faults.left == 0
    assert TOKEN not in caplog.text


async def test_a_refused_token_ends_polling_with_an_alarm(
    edge: Edge, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = Edge(edge.store, edge.platform, url)
    edge.platform.faults.next("getUpdates", 401)
    await asyncio.wait_for(wrong.intake.listen(), 5)

    (alarm,) = [record for record in caplog.records if record.levelno == logging.CRITICAL]
    assert "ZALO_BOT_TOKEN" in alarm.getMessage()
    assert TOKEN not in caplog.text
    await wrong.bot.close()


async def test_a_defect_of_ours_is_an_apology_and_holds_nobody_up(edge: Edge) -> None:
    async with edge.polling():
        edge.platform.chats.say(LAN, "hỏng")
        edge.platform.chats.say(LAN, "sau")
        await edge.platform.chats.until(lambda: len(answers(edge)) == 2)
    first, second = answers(edge)
    assert re.match(r"Xin lỗi, lỗi [0-9A-F]{6}", first)
    assert second.startswith("Đã lưu sau")
    assert await edge.written() == ["sau"]


async def test_who_floods_is_told_once_and_others_are_served(edge: Edge, url: str) -> None:
    await hire(edge.store, HUNG)
    for number in range(160):
        edge.platform.chats.say(LAN, f"{number}x")
    edge.platform.chats.say(HUNG, "tôi")
    async with edge.doing(edge.intake.listen):
        await edge.platform.chats.until(lambda: not edge.platform.chats.waiting, within=30)
        await edge.platform.chats.until(lambda: answers(edge))
    assert len(answers(edge)) == 1
    assert answers(edge) == [str(Translator("vi", "Asia/Ho_Chi_Minh")(TOO_FAST))]
    assert 40 < await edge.waiting() < 161
    # Hùng is behind nobody: of each person one at a time
    again = Edge(edge.store, edge.platform, url)
    async with again.doing(again.intake.work):
        await answered(again, "Đã lưu tôi", person=HUNG)


# The webhook ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flat", [False, True])
async def test_the_webhook_takes_both_shapes(edge: Edge, hook: str, *, flat: bool) -> None:
    edge.platform.webhook.flat = flat
    async with edge.doing(edge.intake.work):
        edge.platform.chats.say(LAN, "một")
        edge.platform.chats.send_photo(LAN, "https://photo.example/a.jpg")
        await answered(edge, "Đã lưu một", "photo https://photo.example/a.jpg")
    assert await edge.written() == ["một"]


async def posted(address: str, body: bytes | dict[str, Any], secret: str | None = SECRET) -> int:
    headers = {} if secret is None else {SECRET_HEADER: secret}
    sent: dict[str, Any] = {"data": body} if isinstance(body, bytes) else {"json": body}
    async with aiohttp.ClientSession() as session, session.post(address, headers=headers, **sent) as response:
        return response.status


def an_event(text: str, key: str = "m1") -> dict[str, Any]:
    person = {"id": LAN, "display_name": "Lan", "is_bot": False}
    chat = {"id": LAN, "chat_type": "PRIVATE"}
    message = {"from": person, "chat": chat, "text": text, "message_id": key, "date": 1795250000000}
    return {"ok": True, "result": {"event_name": "message.text.received", "message": message}}


async def test_the_webhook_answers_before_the_work(edge: Edge, hook: str) -> None:
    assert await posted(hook, an_event("một")) == 200
    assert await edge.waiting() == 1
    assert await edge.written() == []


async def test_the_same_event_five_times_at_once_is_one(edge: Edge, hook: str) -> None:
    assert await asyncio.gather(*(posted(hook, an_event("một")) for _ in range(5))) == [200] * 5
    async with edge.doing(edge.intake.work):
        edge.platform.chats.say(LAN, "hai")
        await answered(edge, "Đã lưu hai")
    assert await edge.written() == ["một", "hai"]


@pytest.mark.parametrize("secret", [None, "", "mot-bi-mat-khac", "mật-khẩu"])
async def test_a_wrong_secret_is_turned_away_and_nothing_kept(edge: Edge, hook: str, secret: str | None) -> None:
    assert await posted(hook, an_event("một"), secret) == 401
    assert await edge.waiting() == 0


async def test_what_is_no_event_is_refused_or_left_out(edge: Edge, hook: str) -> None:
    assert await posted(hook, b"{") == 400
    assert await posted(hook, b"[]") == 400
    assert await posted(hook, {}) == 200, "delivered again it would be no clearer"
    assert await edge.waiting() == 0


def test_a_webhook_without_a_secret_is_not_served(edge: Edge) -> None:
    with pytest.raises(ValueError, match="secret"):
        ZaloBotWebhook("", edge.intake.receive)


async def test_the_webhook_is_set_and_a_refused_token_is_an_alarm(
    edge: Edge, platform: ZaloBotServer, caplog: pytest.LogCaptureFixture
) -> None:
    address = "https://khach.invalid/zalo-bot"
    listening = asyncio.create_task(edge.intake.listen(address, SECRET))
    await platform.chats.until(lambda: platform.webhook.url == address)
    edge.intake.stop()
    await listening
    await edge.bot.platform.call("deleteWebhook", {})

    platform.faults.next("setWebhook", 401)
    another = ZaloBotIntake(edge.bot, edge.conversation, edge.store, SystemClock(), edge.dispatcher.answer)
    await asyncio.wait_for(another.listen(address, SECRET), 5)
    assert "ZALO_BOT_TOKEN" in caplog.text


# While nothing can be stored --------------------------------------------------------------------------------------------

NOT_SAVED = "Hệ thống đang bận, tin này chưa lưu được. Em sẽ tự thử lại."


@pytest.fixture
async def locked_out(tmp_path: Path, platform: ZaloBotServer, url: str) -> AsyncIterator[Edge]:
    """A process whose database cannot be opened, for it is a folder, until `let_in`."""
    (tmp_path / "in the way").mkdir()
    (tmp_path / "test.db").symlink_to(tmp_path / "in the way")
    store = create_store(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    yield Edge(store, platform, url)
    await store.close()


async def let_in(tmp_path: Path) -> None:
    """From one moment to the next the database is there, and Lan is in it."""
    store = create_store(f"sqlite+aiosqlite:///{tmp_path / 'made.db'}")
    await store.migrate()
    await hire(store)
    await store.close()
    (tmp_path / "link").symlink_to(tmp_path / "made.db")
    (tmp_path / "link").replace(tmp_path / "test.db")


async def test_polling_waits_with_what_it_has_fetched_and_says_so_once(locked_out: Edge, tmp_path: Path) -> None:
    chats = locked_out.platform.chats
    async with locked_out.polling():
        chats.say(LAN, "một")
        chats.say(LAN, "hai")
        await answered(locked_out, NOT_SAVED)
        assert len(chats.waiting) == 1, "the next is not asked for"
        await let_in(tmp_path)
        await answered(locked_out, NOT_SAVED, "Đã lưu một", "Đã lưu hai")
    assert await locked_out.written() == ["một", "hai"]


async def test_the_webhook_refuses_and_the_event_is_kept_as_soon_as_that_is_possible(
    locked_out: Edge, tmp_path: Path
) -> None:
    """Nobody knows whether the platform delivers again; where it does, the same event is still one."""
    locked_out.platform.chats.say(LAN, "alo")
    server = Server("127.0.0.1", 0, ZaloBotWebhook(SECRET, locked_out.intake.receive).routes())
    await server.start()
    address = f"http://127.0.0.1:{server.port}/zalo-bot"
    async with locked_out.doing(locked_out.intake.work):
        assert await posted(address, an_event("một")) == 503
        await answered(locked_out, NOT_SAVED)
        await let_in(tmp_path)
        await answered(locked_out, NOT_SAVED, "Đã lưu một")
        assert await posted(address, an_event("một")) == 200
        assert await posted(address, an_event("hai", "m2")) == 200
        await answered(locked_out, NOT_SAVED, "Đã lưu một", "Đã lưu hai")
    assert await locked_out.written() == ["một", "hai"]
    await server.close()


async def test_what_cannot_be_stored_by_the_end_is_logged_without_a_word_of_it(
    locked_out: Edge, caplog: pytest.LogCaptureFixture
) -> None:
    async with locked_out.polling():
        locked_out.platform.chats.say(LAN, "bí mật của tôi")
        await answered(locked_out, NOT_SAVED)
    assert "is lost" in caplog.text
    assert "bí mật" not in caplog.text
