"""Delivery of events to a Zalo bot's address, with its secret in a header."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.calls import Call
from bot.sandbox.refusals import Refusal, bad_request
from bot.sandbox.zalo_bot_chats import ZaloBotChats, milliseconds

ANSWER_WITHIN = 10.0
PAUSES = (0.2, 1.0, 5.0)  # ZALO: assumed [L]: whether a failed delivery is repeated is documented nowhere
SECRET_HEADER = "X-Bot-Api-Secret-Token"
SECRET_LENGTHS = range(8, 257)


class ZaloBotWebhook:
    """The bot's address, while one is set. `flat`: bodies are `{"event_name", "message"}` without the envelope around them."""

    def __init__(self, chats: ZaloBotChats, now: Callable[[], datetime]) -> None:
        self._chats = chats
        self._now = now
        self._secret = ""
        self._updated_at: datetime | None = None
        self._work: asyncio.Task[None] | None = None
        self.url = ""
        self.flat = False

    async def set(self, call: Call) -> dict[str, Any]:
        """setWebhook. Raises Refusal for an address or a secret that the platform refuses."""
        url, secret = call.text("url"), call.text("secret_token")
        _check(url)
        if len(secret) not in SECRET_LENGTHS:
            raise bad_request("secret_token must have 8 to 256 characters")
        await self.close()
        self.url, self._secret, self._updated_at = url, secret, self._now()
        self._work = asyncio.create_task(self._deliver_all())
        return self._told()

    async def delete(self, _: Call) -> dict[str, Any]:
        """deleteWebhook."""
        await self.close()
        self.url, self._secret, self._updated_at = "", "", self._now()
        return self._told()

    def info(self, _: Call) -> dict[str, Any]:
        """getWebhookInfo. Raises Refusal where there never was one, as the platform was seen to do."""
        if self._updated_at is None:
            raise Refusal(404, "Not Found")
        return self._told()

    async def close(self) -> None:
        """Stop delivering; what waits goes on waiting."""
        work, self._work = self._work, None
        if work is not None:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    def _told(self) -> dict[str, Any]:
        assert self._updated_at is not None
        return {"url": self.url, "updated_at": milliseconds(self._updated_at)}

    async def _deliver_all(self) -> None:
        timeout = aiohttp.ClientTimeout(total=ANSWER_WITHIN)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while self._work is asyncio.current_task():  # a cancellation may get lost in what waits for changes
                while self._chats.waiting:
                    await self._deliver(session, self._chats.waiting[0])
                    self._chats.waiting.popleft()
                    self._chats.tell("delivered", "")
                await self._chats.changed(within=3600)

    async def _deliver(self, session: aiohttp.ClientSession, event: dict[str, Any]) -> None:
        body = event if self.flat else {"ok": True, "result": event}
        for pause in (*PAUSES, None):
            try:
                async with session.post(self.url, json=body, headers={SECRET_HEADER: self._secret}) as response:
                    if 200 <= response.status < 300:
                        return
            except (TimeoutError, aiohttp.ClientError):
                pass  # tried again like any answer that is not 2xx
            if pause is not None:
                await asyncio.sleep(pause)


def _check(url: str) -> None:
    """HTTPS and public; a server on this machine may do without, since there is nobody to listen in."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("url is invalid")
    try:
        address = ip_address("127.0.0.1" if parts.hostname == "localhost" else parts.hostname)
    except ValueError:
        address = None
    if address is not None and address.is_private and not address.is_loopback:
        raise bad_request("url must be public")
    if parts.scheme == "http" and not (address is not None and address.is_loopback):
        raise bad_request("url must use HTTPS")
