"""A Bot API server on a real port, a clock to wind, and a real aiogram client pointed at it; a Zalo Official Account likewise."""

import asyncio
import json
import struct
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import ClientResponse, ClientSession, FormData, web
from aiohttp.test_utils import TestServer

from bot.clock import WoundClock
from bot.sandbox.bot_api import BotApi
from bot.sandbox.chats import Chats
from bot.sandbox.zalo.messages import ZaloPerson
from bot.sandbox.zalo.server import ZaloServer

TOKEN = "4200:sandbox-token"
LAN, HUNG = 1001, 1002
NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


class PromptSession(AiohttpSession):
    """aiogram's own waits a quarter of a second for TLS to close; there is none here."""

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


@pytest.fixture
def clock() -> WoundClock:
    return WoundClock(NOON)


@pytest.fixture
def api(clock: WoundClock) -> BotApi:
    api = BotApi(clock.now, TOKEN)
    api.chats.add_person(LAN, "Lan", "Nguyễn", role_hint="nhân viên", phone="84912345678")
    api.chats.add_person(HUNG, "Hùng", role_hint="khách")
    return api


@pytest.fixture
def chats(api: BotApi) -> Chats:
    return api.chats


@pytest.fixture
async def server(api: BotApi) -> AsyncIterator[TestServer]:
    app = web.Application()
    api.install(app)
    server = TestServer(app)
    await server.start_server()
    yield server
    await server.close()


@pytest.fixture
async def bot(server: TestServer) -> AsyncIterator[Bot]:
    session = PromptSession(api=TelegramAPIServer.from_base(str(server.make_url("/"))))
    async with Bot(TOKEN, session, DefaultBotProperties(parse_mode="HTML")) as bot:
        yield bot


def png(width: int = 40, height: int = 30) -> bytes:
    """A real one-colour picture, made by hand so that no library is needed."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + b"\x33\x90\xec" * width for _ in range(height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


APP, APP_SECRET, OA_SECRET, OA = "1234567890123456789", "app-secret", "oa-secret-demo", "388613280878808645"


class Caller:
    """Somebody's own client for Zalo's APIs: no library in between. `headers` are those of the last answer."""

    def __init__(self, session: ClientSession, token: str) -> None:
        self._session = session
        self.token = token
        self.headers: Mapping[str, str] = {}

    async def post(self, path: str, body: object, **headers: str) -> dict[str, Any]:
        """Post JSON."""
        return await self._answer(self._session.post(path, json=body, headers={"access_token": self.token} | headers))

    async def get(self, path: str, data: object = None, **query: str) -> dict[str, Any]:
        """Get, with `data` as Zalo wants it: JSON in one parameter."""
        if data is not None:
            query["data"] = json.dumps(data)
        return await self._answer(self._session.get(path, params=query, headers={"access_token": self.token}))

    async def upload(self, kind: str, body: bytes, name: str, mime: str = "") -> dict[str, Any]:
        """Upload a file."""
        form = FormData()
        form.add_field("file", BytesIO(body), filename=name, content_type=mime or None)
        path = f"/v2.0/oa/upload/{kind}"
        return await self._answer(self._session.post(path, data=form, headers={"access_token": self.token}))

    async def oauth(self, form: dict[str, str], secret: str = APP_SECRET) -> dict[str, Any]:
        """Ask for a pair of tokens."""
        headers = {"secret_key": secret}
        return await self._answer(
            self._session.post("/v4/oa/access_token", data={"app_id": APP} | form, headers=headers)
        )

    async def say(self, user_id: str, text: str, **message: object) -> dict[str, Any]:
        """Send a consultation message."""
        return await self.send(user_id, {"text": text} | message)

    async def send(self, user_id: object, message: object) -> dict[str, Any]:
        """Send any consultation message."""
        return await self.post("/v3.0/oa/message/cs", {"recipient": {"user_id": user_id}, "message": message})

    async def _answer(self, request: AbstractAsyncContextManager[ClientResponse]) -> dict[str, Any]:
        async with request as response:
            assert response.status == 200, await response.text()
            self.headers = response.headers
            body: dict[str, Any] = await response.json()
            return body


class Receiver:
    """Our own webhook address as Zalo sees it: keeps what comes, answers as it is told."""

    def __init__(self) -> None:
        self.url = ""
        self.status = 200
        self.slow = False
        self.got: list[tuple[bytes, Mapping[str, str]]] = []
        self._hurry = asyncio.Event()

    @property
    def events(self) -> list[dict[str, Any]]:
        """What came, as JSON."""
        return [json.loads(raw) for raw, _ in self.got]

    @property
    def names(self) -> list[str]:
        """The events' names."""
        return [event.get("event_name", "") for event in self.events]

    async def take(self, request: web.Request) -> web.Response:
        """The address itself."""
        self.got.append((await request.read(), request.headers))
        if self.slow:
            await self._hurry.wait()
        return web.Response(status=self.status)

    def let_go(self) -> None:
        """Answer what hangs."""
        self._hurry.set()


@pytest.fixture
async def zalo(clock: WoundClock) -> AsyncIterator[ZaloServer]:
    """A Zalo server on a real port, with nobody in it yet."""
    zalo = ZaloServer(
        clock.now,
        app_id=APP,
        app_secret=APP_SECRET,
        oa_secret=OA_SECRET,
        oa_id=OA,
        name="Minh An",
        requests_a_minute=50,
    )
    app = web.Application()
    zalo.install(app)
    async with TestServer(app) as server:
        zalo.address = str(server.make_url("")).rstrip("/")
        yield zalo


@pytest.fixture
async def hoa(zalo: ZaloServer) -> ZaloPerson:
    """A customer who has just begun to follow the account."""
    person = zalo.people.add("Hoa Trần", phone="84912345678")
    zalo.people.follow(person.user_id)
    return person


@pytest.fixture
async def oa(zalo: ZaloServer) -> AsyncIterator[Caller]:
    async with ClientSession(zalo.address) as session:
        yield Caller(session, zalo.tokens.grant().access_token)


@pytest.fixture
async def receiver(zalo: ZaloServer) -> AsyncIterator[Receiver]:
    """An address that the account's webhook tells."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/zalo", receiver.take)
    async with TestServer(app) as server:
        zalo.webhook.url = receiver.url = str(server.make_url("/zalo"))
        yield receiver
        receiver.let_go()
