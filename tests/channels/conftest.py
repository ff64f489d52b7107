"""Our edges against the stand-ins, over real HTTP."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from markupsafe import Markup

from bot.channels.telegram import Telegram, connect
from bot.channels.zalo.wire import Wire
from bot.clock import SystemClock, WoundClock
from bot.domain.delivery import Audience, Delivery, DeliveryState
from bot.messages import Reply
from bot.sandbox.bot_api import BotApi
from bot.sandbox.chats import Chats
from bot.sandbox.zalo.messages import ZaloPerson
from bot.sandbox.zalo.server import ZaloServer
from bot.web.server import Server
from tests.channels.zalo_house import House

TOKEN = "4200:sandbox-token"
LAN = 1001
NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
APP, APP_SECRET, OA_SECRET, OA = "1234567890123456789", "app-secret", "oa-secret-demo", "388613280878808645"


@pytest.fixture
def api() -> BotApi:
    """A Bot API without rate limits, where Lan has pressed Start."""
    api = BotApi(SystemClock().now, TOKEN, pace=False)
    api.chats.add_person(LAN, "Lan", "Nguyễn", phone="84912345678").started = True
    return api


@pytest.fixture
async def api_url(api: BotApi) -> AsyncIterator[str]:
    """Where the Bot API listens."""
    server = Server("127.0.0.1", 0, ())
    api.install(server.app)
    await server.start()
    yield f"http://127.0.0.1:{server.port}"
    await server.close()


@pytest.fixture
def chats(api: BotApi) -> Chats:
    return api.chats


@pytest.fixture
async def telegram(api_url: str) -> AsyncIterator[Telegram]:
    channel = Telegram(connect(TOKEN, api_url))
    yield channel
    await channel.close()


def delivery(reply: Reply | str, *, chat: int = LAN, replace_ref: str = "") -> Delivery:
    """A reply on its way to a chat; text is taken as markup."""
    if isinstance(reply, str):
        reply = Reply(Markup(reply))
    return Delivery(
        id=1,
        channel="telegram",
        chat_id=str(chat),
        audience=Audience.MEMBER,
        kind="answer",
        payload=reply.to_record(),
        state=DeliveryState.SENDING,
        due_at=NOON,
        replace_ref=replace_ref,
    )


@pytest.fixture
def clock() -> WoundClock:
    return WoundClock(NOON)


@pytest.fixture
async def zalo(clock: WoundClock) -> AsyncIterator[ZaloServer]:
    """Zalo on a real port, with an Official Account that nobody follows yet."""
    zalo = ZaloServer(clock.now, app_id=APP, app_secret=APP_SECRET, oa_secret=OA_SECRET, oa_id=OA, name="Minh An")
    server = Server("127.0.0.1", 0, ())
    zalo.install(server.app)
    await server.start()
    zalo.address = f"http://127.0.0.1:{server.port}"
    yield zalo
    await server.close()


@pytest.fixture
async def house(zalo: ZaloServer, clock: WoundClock) -> AsyncIterator[House]:
    wire = Wire()
    yield House(zalo, clock, wire)
    await wire.close()


@pytest.fixture
def hoa(zalo: ZaloServer) -> ZaloPerson:
    """A customer who has just begun to follow the account."""
    person = zalo.people.add("Hoa", phone="84912345678")
    zalo.people.follow(person.user_id)
    return person
