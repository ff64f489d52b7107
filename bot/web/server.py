"""The one HTTP server: what other machines call."""

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import orjson
from aiohttp import web

from bot.domain.repositories import StorageUnavailable, Store
from bot.logs import named
from bot.web.refusals import Refusals

log = logging.getLogger(__name__)

BODY_LIMIT = 1024 * 1024
HEALTH_PATIENCE = 3.0  # seconds
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
ZALO_BOT_SECRET_HEADER = "X-Bot-Api-Secret-Token"
SHUTDOWN_PATIENCE = 4.0  # seconds; aiohttp may wait twice as long

Receive = Callable[[dict[str, Any]], Awaitable[None]]


class SecretWebhook:
    """Takes in JSON objects from whoever knows the secret that stands in a header. 200 says that `receive` has done its work; the
    caller may deliver again what gets any other answer."""

    path = ""
    header = ""

    def __init__(self, secret: str, receive: Receive) -> None:
        if not secret:
            raise ValueError("a webhook without a secret would take in updates that anybody forged")
        self._secret = secret.encode()
        self._receive = receive
        self._refusals = Refusals(f"calls of {self.path} with a wrong secret")

    @property
    def refused(self) -> int:
        """How many calls were turned away."""
        return self._refusals.count

    def routes(self) -> list[web.RouteDef]:
        """Where it is called."""
        return [web.post(self.path, self.take)]

    async def take(self, request: web.Request) -> web.Response:
        """One update."""
        given = request.headers.get(self.header, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            return self._refusals.refuse()
        try:
            update = orjson.loads(await request.read())
        except orjson.JSONDecodeError:
            return web.Response(status=400)
        if not isinstance(update, dict):
            return web.Response(status=400)
        try:
            await self._receive(update)
        except StorageUnavailable:
            return web.Response(status=503, headers={"Retry-After": "2"})
        except Exception as error:
            log.error("an update could not be taken in: %s", named(error), exc_info=True)
            return web.Response(status=500)
        return web.Response()


class TelegramWebhook(SecretWebhook):
    """`POST /telegram`: answered when the update's turn is committed."""

    path = "/telegram"
    header = SECRET_HEADER


class ZaloBotWebhook(SecretWebhook):
    """`POST /zalo-bot`: answered when the event is stored, and worked off afterwards."""

    path = "/zalo-bot"
    header = ZALO_BOT_SECRET_HEADER


class Health:
    """`GET /healthz`: 200 while the database can be read, else 503."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[web.RouteDef]:
        """Where a supervisor looks."""
        return [web.get("/healthz", self.tell)]

    async def tell(self, _: web.Request) -> web.Response:
        """Whether all is well."""
        is_well = await database_answers(self._store)
        body = {"status": "ok" if is_well else "database unreachable"}
        return web.json_response(body, status=200 if is_well else 503)


async def database_answers(store: Store) -> bool:
    """Whether the database can be read within a few seconds."""
    try:
        async with asyncio.timeout(HEALTH_PATIENCE), store.read() as uow:
            await uow.followups.next_push()
    except (StorageUnavailable, TimeoutError):
        return False
    return True


class Server:
    """Serves routes on one address until it is closed."""

    def __init__(self, host: str, port: int, routes: Iterable[web.AbstractRouteDef]) -> None:
        app = web.Application(client_max_size=BODY_LIMIT)
        app.add_routes(routes)
        self.app = app
        self._host = host
        self._port = port
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=SHUTDOWN_PATIENCE)

    async def start(self) -> None:
        """Listen. Raises OSError when the address is taken."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()

    @property
    def port(self) -> int:
        """The port in use: the system chooses one where 0 was asked for."""
        return int(self._runner.addresses[0][1])

    async def close(self) -> None:
        """Accept no more, let requests under way end, close."""
        await self._runner.cleanup()
