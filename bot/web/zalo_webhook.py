"""Where Zalo calls: answered as soon as the event is stored, worked off afterwards."""

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from bot.domain.repositories import StorageUnavailable
from bot.logs import named
from bot.web.refusals import Refusals

log = logging.getLogger(__name__)

PATH = "/zalo"
FORM_PICTURE = (Path(__file__).parent / "templates" / "form.png").read_bytes()
SIGNATURE_HEADER = "X-ZEvent-Signature"

# Takes a body and its signature in; False where it is forged. Raises StorageUnavailable.
Receive = Callable[[bytes, str], Awaitable[bool]]


class ZaloWebhook:
    """`POST /zalo`: 200 once the event is stored; after any other answer, or none within two seconds, Zalo repeats it a few times."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._refusals = Refusals("events with a wrong signature, or for another app")

    @property
    def refused(self) -> int:
        """How many calls were turned away."""
        return self._refusals.count

    def routes(self) -> list[web.RouteDef]:
        """Where Zalo calls, where its console may look, and the picture that it shows on the form for a phone number."""
        return [web.post(PATH, self.take), web.get(PATH, self.stand), web.get(f"{PATH}/form.png", self.form_picture)]

    async def stand(self, _: web.Request) -> web.Response:
        """There is somebody here."""
        return web.Response()

    async def form_picture(self, _: web.Request) -> web.Response:
        """A phone on a blue ground."""
        return web.Response(
            body=FORM_PICTURE, content_type="image/png", headers={"Cache-Control": "public, max-age=86400"}
        )

    async def take(self, request: web.Request) -> web.Response:
        """One event."""
        raw = await request.read()
        try:
            is_genuine = await self._receive(raw, request.headers.get(SIGNATURE_HEADER, ""))
        except StorageUnavailable:
            return web.Response(status=503, headers={"Retry-After": "2"})
        except Exception as error:
            log.error("an event could not be taken in: %s", named(error), exc_info=True)
            return web.Response(status=500)
        return web.Response() if is_genuine else self._refusals.refuse()
