"""The stand-in for the Zalo Bot Platform, tried with two clients that others wrote, and where they do not go, by hand."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pyzalo.main import PyZALO
from zalo_bot import Bot
from zalo_bot.error import InvalidToken, NetworkError

from bot.clock import WoundClock
from bot.sandbox.zalo_bot import ZaloBotServer
from bot.sandbox.zalo_bot_chats import ZaloBotChats
from bot.sandbox.zalo_bot_webhook import SECRET_HEADER

TOKEN = "12345689:abc-xyz"
LAN = "6ede9afa66b88fe6d6a9"
SECRET = "mot-bi-mat-dai"
NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> WoundClock:
    return WoundClock(NOON)


@pytest.fixture
def platform(clock: WoundClock) -> ZaloBotServer:
    platform = ZaloBotServer(clock.now, TOKEN)
    platform.chats.add_person("Lan", LAN)
    return platform


@pytest.fixture
def chats(platform: ZaloBotServer) -> ZaloBotChats:
    return platform.chats


@pytest.fixture
async def url(platform: ZaloBotServer) -> AsyncIterator[str]:
    app = web.Application()
    platform.install(app)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


@pytest.fixture
async def bot(url: str) -> AsyncIterator[Bot]:
    async with Bot(TOKEN, base_url=url) as bot:
        yield bot


async def called(base: str, method: str, /, **arguments: Any) -> tuple[int, dict[str, Any]]:
    """Status and body of a call."""
    address = f"{base}/bot{TOKEN}/{method}"
    async with aiohttp.ClientSession() as session, session.post(address, json=arguments) as response:
        return response.status, await response.json()


async def by_pyzalo(url: str, method: str, *arguments: Any) -> dict[str, Any]:
    """What the client of the other library, which blocks, got."""

    def call() -> dict[str, Any]:
        client = PyZALO(TOKEN, base_url=url)
        with client.session:
            result: dict[str, Any] = getattr(client, method)(*arguments)
            return result

    return await asyncio.to_thread(call)


# With python-zalo-bot ---------------------------------------------------------------------------------------------------


async def test_python_zalo_bot_reads_what_persons_do_one_event_a_poll(bot: Bot, chats: ZaloBotChats) -> None:
    chats.say(LAN, "/start")
    chats.send_photo(LAN, "https://photo.example/a.jpg", field="photo_url")
    chats.send_sticker(LAN, "bfe458bf64fa8da4d4eb")
    chats.send_voice(LAN, "https://voice.example/a.aac")
    chats.send_unsupported(LAN)

    updates = [await bot.get_update(timeout=1) for _ in range(5)]

    text, photo, sticker, voice, unsupported = (update.message for update in updates)
    assert text.text == "/start"
    assert (text.chat.id, text.chat.type, text.from_user.display_name) == (LAN, "PRIVATE", "Lan")
    assert text.date.timestamp() == pytest.approx(NOON.timestamp(), abs=60)
    assert photo.photo_url == "https://photo.example/a.jpg"
    assert sticker.sticker == "bfe458bf64fa8da4d4eb"
    assert voice.api_kwargs["voice_url"] == "https://voice.example/a.aac"
    assert unsupported.text is None
    assert [update.api_kwargs["event_name"] for update in updates] == [
        f"message.{kind}.received" for kind in ("text", "image", "sticker", "voice", "unsupported")
    ]
    assert len({update.message.message_id for update in updates}) == 5


async def test_python_zalo_bot_sends_what_appears_on_the_screen(bot: Bot, chats: ZaloBotChats) -> None:
    chats.say(LAN, "alo")

    sent = await bot.send_message(LAN, "Chào chị Lan")
    await bot.send_photo(LAN, "Bảng giá", "https://photo.example/gia.png")
    await bot.send_sticker(LAN, "e7ff8bcd")
    await bot.send_chat_action(LAN, "typing")

    shown = chats.screen(LAN)
    assert [(message.kind, message.text, message.url) for message in shown] == [
        ("text", "Chào chị Lan", ""),
        ("photo", "Bảng giá", "https://photo.example/gia.png"),
        ("sticker", "e7ff8bcd", ""),
    ]
    assert sent.message_id == shown[0].id


async def test_python_zalo_bot_meets_an_idle_poll_as_408(bot: Bot) -> None:
    with pytest.raises(NetworkError, match="Request timeout"):
        await bot.get_update(timeout=0)


async def test_python_zalo_bot_knows_itself_and_a_wrong_token_is_refused(bot: Bot, url: str) -> None:
    me = await bot.get_me()

    assert (me.id, me.account_name) == ("12345689", "bot.12345689")
    with pytest.raises(InvalidToken):
        async with Bot("12345689:wrong", base_url=url):
            pass


async def test_python_zalo_bot_sets_and_deletes_a_webhook(url: str, platform: ZaloBotServer) -> None:
    def set_and_look() -> str:
        looked: str = Bot(TOKEN, base_url=url).get_webhook_info().url
        return looked

    def put(address: str) -> bool:
        done: bool = Bot(TOKEN, base_url=url).set_webhook(address, SECRET)
        return done

    assert await asyncio.to_thread(put, "https://khach.example/zalo-bot")
    assert await asyncio.to_thread(set_and_look) == "https://khach.example/zalo-bot"
    assert await asyncio.to_thread(Bot(TOKEN, base_url=url).delete_webhook)
    assert await asyncio.to_thread(set_and_look) == ""
    assert platform.refused == []


# With pyzalo ------------------------------------------------------------------------------------------------------------


async def test_pyzalo_reads_and_answers(url: str, chats: ZaloBotChats) -> None:
    chats.say(LAN, "Cho chị hỏi giá")

    update = await by_pyzalo(url, "getUpdates", 1)
    assert update["ok"]
    assert update["result"]["message"]["text"] == "Cho chị hỏi giá"
    assert update["result"]["message"]["chat"] == {"id": LAN, "chat_type": "PRIVATE"}

    sent = await by_pyzalo(url, "sendMessage", LAN, "Dạ 12 triệu ạ")
    voice = await by_pyzalo(url, "sendVoice", LAN, "https://voice.example/a.aac")
    typing = await by_pyzalo(url, "sendChatAction", LAN)
    assert [message.id for message in chats.screen(LAN)] == [
        sent["result"]["message_id"],
        voice["result"]["message_id"],
    ]
    assert typing == {"ok": True}


async def test_pyzalo_meets_the_limits(url: str) -> None:
    idle = await by_pyzalo(url, "getUpdates", 0)
    stranger = await by_pyzalo(url, "sendMessage", LAN, "Chào chị")
    unknown = await by_pyzalo(url, "testWebhook")

    assert idle == {"ok": False, "description": "Request timeout", "error_code": 408}
    assert stranger["error_code"] == 400, "she has not written yet"
    assert unknown == {"ok": False, "description": "Not Found", "error_code": 404}


# By hand ----------------------------------------------------------------------------------------------------------------


async def test_calls_come_as_json_form_or_query(url: str, chats: ZaloBotChats) -> None:
    chats.say(LAN, "alo")
    arguments = {"chat_id": LAN, "text": "một"}
    async with aiohttp.ClientSession() as session:
        for sending in (
            session.post(f"{url}/bot{TOKEN}/sendMessage", json=arguments),
            session.post(f"{url}/bot{TOKEN}/sendMessage", data=arguments),
            session.get(f"{url}/bot{TOKEN}/sendMessage", params=arguments),
        ):
            async with sending as response:
                assert response.status == 200
    assert [message.text for message in chats.screen(LAN)] == ["một"] * 3


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("sendMessage", {"text": ""}),
        ("sendMessage", {"text": "a" * 2001}),
        ("sendMessage", {"text": "a", "parse_mode": "latex"}),
        ("sendMessage", {"text": "a", "chat_id": "00"}),
        ("sendPhoto", {"photo": "not an address"}),
        ("sendPhoto", {"photo": "https://photo.example/a.png", "caption": "a" * 2001}),
        ("sendSticker", {}),
        ("sendVoice", {"voice_url": ""}),
        ("sendChatAction", {"action": "dancing"}),
        ("setWebhook", {"url": "https://khach.example", "secret_token": "short"}),
        ("setWebhook", {"url": "https://khach.example"}),
        ("setWebhook", {"secret_token": SECRET}),
        ("setWebhook", {"url": "http://khach.example", "secret_token": SECRET}),
        ("setWebhook", {"url": "https://192.168.1.7/zalo", "secret_token": SECRET}),
    ],
)
async def test_what_the_platform_refuses_is_refused(
    url: str, chats: ZaloBotChats, method: str, arguments: dict[str, str]
) -> None:
    chats.say(LAN, "alo")

    status, answer = await called(url, method, **{"chat_id": LAN, **arguments})

    assert (status, answer["ok"], answer["error_code"]) == (400, False, 400)
    assert chats.screen(LAN) == []


async def test_the_month_has_so_many_messages_and_the_next_month_as_many_again(clock: WoundClock) -> None:
    platform = ZaloBotServer(clock.now, TOKEN, messages_a_month=2)
    platform.chats.add_person("Lan", LAN)
    platform.chats.say(LAN, "alo")
    app = web.Application()
    platform.install(app)
    async with TestServer(app) as server:
        url = str(server.make_url("")).rstrip("/")
        answers = [await called(url, "sendMessage", chat_id=LAN, text=str(number)) for number in range(3)]
        clock.wind_to(datetime(2026, 11, 30, 17, 0, tzinfo=UTC))  # December begins in Vietnam
        again, _ = await called(url, "sendMessage", chat_id=LAN, text="tháng mới")

    assert [status for status, _ in answers] == [200, 200, 429]
    assert answers[2][1] == {"ok": False, "description": "Quota exceeded", "error_code": 429}
    assert again == 200


async def test_the_plan_is_for_so_many_people(clock: WoundClock) -> None:
    platform = ZaloBotServer(clock.now, TOKEN, people=1)
    minh = platform.chats.add_person("Minh").id
    platform.chats.add_person("Lan", LAN)
    app = web.Application()
    platform.install(app)
    async with TestServer(app) as server:
        url = str(server.make_url("")).rstrip("/")
        for person in (LAN, minh):
            platform.chats.say(person, "alo")
        first, second, first_again = [
            (await called(url, "sendMessage", chat_id=person, text="chào"))[0] for person in (LAN, minh, LAN)
        ]
    assert (first, second, first_again) == (200, 429, 200)


async def test_polling_and_a_webhook_exclude_each_other(url: str, platform: ZaloBotServer) -> None:
    polling = asyncio.create_task(called(url, "getUpdates", timeout="30"))
    await platform.chats.until(lambda: platform.polling)
    await called(url, "setWebhook", url="https://khach.invalid/zalo-bot", secret_token=SECRET)

    assert (await polling)[0] == 408
    status, _ = await called(url, "getUpdates", timeout=0)
    assert status == 409
    await called(url, "deleteWebhook")
    assert (await called(url, "getUpdates", timeout=0))[0] == 408


async def test_a_bot_that_never_had_a_webhook_has_no_information_on_one(url: str) -> None:
    assert (await called(url, "getWebhookInfo"))[0] == 404


async def test_a_poll_wakes_when_somebody_writes_and_the_event_is_gone_then(url: str, platform: ZaloBotServer) -> None:
    polling = asyncio.create_task(called(url, "getUpdates", timeout=30))
    await platform.chats.until(lambda: platform.polling)
    platform.chats.say(LAN, "alo")

    _, answer = await asyncio.wait_for(polling, 5)
    assert answer["result"]["message"]["text"] == "alo"
    assert (await called(url, "getUpdates", timeout=0))[0] == 408


@pytest.mark.parametrize("flat", [False, True])
async def test_the_webhook_gets_events_with_the_secret_wrapped_or_flat(
    url: str, platform: ZaloBotServer, *, flat: bool
) -> None:
    got: list[tuple[str, dict[str, Any]]] = []

    async def take(request: web.Request) -> web.Response:
        got.append((request.headers[SECRET_HEADER], await request.json()))
        return web.Response(status=500 if len(got) == 1 else 200)

    app = web.Application()
    app.router.add_post("/hook", take)
    platform.webhook.flat = flat
    async with TestServer(app) as hook:
        platform.chats.say(LAN, "trước")
        await called(url, "setWebhook", url=str(hook.make_url("/hook")), secret_token=SECRET)
        platform.chats.say(LAN, "sau")
        await platform.chats.until(lambda: not platform.chats.waiting)

    bodies = [body if flat else body["result"] for _, body in got]
    assert [body["message"]["text"] for body in bodies] == ["trước", "trước", "sau"], "what was not taken came again"
    assert {secret for secret, _ in got} == {SECRET}
    assert all(("ok" in body) is not flat for _, body in got)


async def test_faults_come_on_demand(url: str, platform: ZaloBotServer) -> None:
    platform.chats.say(LAN, "alo")
    platform.faults.next("sendMessage", 429, chat_id=LAN)
    platform.faults.next("sendMessage", 502, after_work=True)

    quota, answer = await called(url, "sendMessage", chat_id=LAN, text="một")
    address = f"{url}/bot{TOKEN}/sendMessage"
    async with aiohttp.ClientSession() as session, session.post(address, json={"chat_id": LAN, "text": "hai"}) as html:
        assert (html.status, html.content_type) == (502, "text/html")

    assert (quota, answer) == (429, {"ok": False, "description": "Quota exceeded", "error_code": 429})
    assert [message.text for message in platform.chats.screen(LAN)] == ["hai"]
    assert [call.status for call in platform.refused] == [429, 502]


async def test_time_is_told_in_milliseconds(url: str, clock: WoundClock, chats: ZaloBotChats) -> None:
    clock.wind(timedelta(days=1))
    chats.say(LAN, "alo")
    _, answer = await called(url, "sendMessage", chat_id=LAN, text="chào")
    tomorrow = (NOON + timedelta(days=1)).timestamp() * 1000
    assert answer["result"]["date"] == pytest.approx(tomorrow, abs=60_000)
