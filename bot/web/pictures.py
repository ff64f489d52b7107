"""Pictures of messages, for a channel that takes a picture by its address alone: each under one that nobody can guess."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from hashlib import sha256
from urllib.parse import urlsplit

from aiohttp import web

from bot.charts import draw
from bot.domain.delivery import SECRET, Delivery, Trouble, Undeliverable
from bot.domain.mailroom import Ledger
from bot.domain.repositories import StorageUnavailable
from bot.domain.timeline import StoredFile
from bot.messages import File, Reply

PATH = r"/p/{id:\d{1,18}}/{mac:[0-9a-f]{32}}.png"
MAC_LENGTH = 32  # hexadecimal digits: 128 bits
KINDS = ((b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"), (b"RIFF", "image/webp"))
HEADERS = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex"}
THIS_MACHINE = ("127.0.0.1", "localhost", "::1")

Fetch = Callable[[StoredFile], Awaitable[File]]


class Pictures:
    """`GET /p/<delivery id>/<mac>.png`: the picture of a message, drawn or read from what the outbox keeps, for as long as it does.

    Nothing is stored for it: the mac, under a key of the bot's `token`, is the whole right to see it. `fetch` gets a picture that
    lies with another channel.
    """

    def __init__(self, channel: str, ledger: Ledger, token: str, public_url: str, fetch: Fetch) -> None:
        self._channel = channel
        self._ledger = ledger
        self._key = hmac.digest(token.encode(), b"pictures of messages", sha256)
        self._public_url = public_url if _is_reachable(public_url) else ""
        self._fetch = fetch

    def address(self, delivery: Delivery) -> str:
        """Where the picture of a delivery is shown; "" where there is no public address, and for one that is secret: it is gone
        from the outbox once it has arrived."""
        if not self._public_url or delivery.kind == SECRET:
            return ""
        return f"{self._public_url}/p/{delivery.id}/{self._mac(str(delivery.id))}.png"

    def routes(self) -> list[web.RouteDef]:
        """Where pictures are."""
        return [web.get(PATH, self.show)]

    async def show(self, request: web.Request) -> web.Response:
        """One picture; 404 for all that is none, in the same words whatever the reason."""
        delivery_id = request.match_info["id"]
        if not hmac.compare_digest(request.match_info["mac"], self._mac(delivery_id)):
            raise web.HTTPNotFound
        try:
            payload = await self._ledger.payload(self._channel, int(delivery_id))
            content = await self._picture(Reply.from_record(payload)) if payload else b""
        except StorageUnavailable:
            return web.Response(status=503, headers={"Retry-After": "2"})
        except Undeliverable as failure:
            return web.Response(status=404 if failure.trouble is Trouble.REFUSED else 503)
        kind = next((kind for beginning, kind in KINDS if content.startswith(beginning)), "")
        if not kind:
            raise web.HTTPNotFound
        return web.Response(body=content, content_type=kind, headers=HEADERS)

    async def _picture(self, reply: Reply) -> bytes:
        if reply.picture:
            return reply.picture.content
        if reply.chart:
            return await asyncio.to_thread(draw, reply.chart)
        if reply.stored_file and reply.stored_file.kind == "photo":
            return (await self._fetch(reply.stored_file)).content
        return b""

    def _mac(self, delivery_id: str) -> str:
        return hmac.new(self._key, delivery_id.encode(), sha256).hexdigest()[:MAC_LENGTH]


def _is_reachable(url: str) -> bool:
    """By anybody; on this machine, by a stand-in."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in THIS_MACHINE)
