"""A Bot API server on a real port, a clock to wind, and a real aiogram client pointed at it."""

import struct
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.clock import WoundClock
from bot.sandbox.bot_api import BotApi
from bot.sandbox.chats import Chats

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
