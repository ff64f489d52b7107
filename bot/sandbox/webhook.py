"""Delivery of updates to the bot's address, with Telegram's order, patience and secret header."""

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.calls import Call
from bot.sandbox.refusals import bad_request
from bot.sandbox.updates import Update, Updates, expired, wanted_kinds

ANSWER_WITHIN = 60.0
LONGEST_DELAY = 60.0
LONGEST_RETRY_AFTER = 3600
DEFAULT_CONNECTIONS = 40


class Webhook:
    """The bot's address, while one is set. `on_call` runs the method that an answer may contain."""

    def __init__(
        self,
        updates: Updates,
        now: Callable[[], datetime],
        on_answer: Callable[[aiohttp.ClientResponse], Awaitable[None]],
    ) -> None:
        self._updates = updates
        self._now = now
        self._on_answer = on_answer
        self._queues: dict[tuple[str, int], deque[Update]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(DEFAULT_CONNECTIONS)
        self._session: aiohttp.ClientSession | None = None
        self._url = self._secret = ""
        self._connections = DEFAULT_CONNECTIONS
        self._last_error: tuple[datetime, str] | None = None

    async def set(self, call: Call) -> str:
        """setWebhook: what to say about it. Raises Refusal for an address or a secret that Telegram refuses."""
        url, secret = call.text("url"), call.text("secret_token")
        if not url:
            return await self.delete(call)
        _check(url, secret)
        if call.boolean("drop_pending_updates"):
            self._updates.drop_all()
        await self._stop()
        self._updates.allow(wanted_kinds(call))
        self._updates.end_polling()
        self._url, self._secret, self._last_error = url, secret, None
        self._connections = min(max(call.integer("max_connections", DEFAULT_CONNECTIONS), 1), 100)
        self._slots = asyncio.Semaphore(self._connections)
        timeout = aiohttp.ClientTimeout(total=ANSWER_WITHIN)
        self._session = aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=self._connections))
        self._updates.webhook_in_use, self._updates.on_arrival = True, self._enqueue
        for update in self._updates.waiting():
            self._enqueue(update)
        return "Webhook was set"

    async def delete(self, call: Call) -> str:
        """deleteWebhook: what to say about it."""
        if call.boolean("drop_pending_updates"):
            self._updates.drop_all()
        had_one = bool(self._url)
        await self._stop()
        return "Webhook was deleted" if had_one else "Webhook is already deleted"

    def info(self) -> dict[str, Any]:
        """getWebhookInfo"""
        pending = len(self._updates.waiting())
        body: dict[str, Any] = {"url": self._url, "has_custom_certificate": False, "pending_update_count": pending}
        if self._last_error:
            at, message = self._last_error
            body |= {"last_error_date": int(at.timestamp()), "last_error_message": message}
        if self._url:
            body["max_connections"] = self._connections
        if self._updates.allowed:
            body["allowed_updates"] = self._updates.allowed
        return body

    async def close(self) -> None:
        """Stop delivering; what is pending stays pending."""
        await self._stop()

    async def _stop(self) -> None:
        self._url = self._secret = ""
        self._updates.webhook_in_use, self._updates.on_arrival = False, None
        tasks, self._tasks = self._tasks, set()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._queues.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _enqueue(self, update: Update) -> None:
        """Behind what is on its way in the same queue; different queues go in parallel."""
        if update.queue in self._queues:
            self._queues[update.queue].append(update)
            return
        self._queues[update.queue] = deque([update])
        task = asyncio.get_running_loop().create_task(self._work_off(update.queue))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work_off(self, key: tuple[str, int]) -> None:
        waiting = self._queues[key]
        while waiting:
            await self._deliver(waiting[0])
            self._updates.confirm(waiting.popleft().id)
        del self._queues[key]

    async def _deliver(self, update: Update) -> None:
        """Until it is taken or expires: again at once, then after 2, 4, 8 … seconds, or when Retry-After says."""
        failures, delay = 0, 1.0
        while not expired(update, self._now()):
            async with self._slots:
                retry_after = await self._attempt(update)
            if retry_after is None:
                return
            if retry_after == 0 and failures:
                delay = min(delay * 2, LONGEST_DELAY)
                await asyncio.sleep(delay)
            else:
                await asyncio.sleep(min(retry_after, LONGEST_RETRY_AFTER))
            failures += 1

    async def _attempt(self, update: Update) -> int | None:
        """None when the bot took it, else the seconds that it asked for, 0 without any."""
        assert self._session is not None
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._secret} if self._secret else {}
        try:
            async with self._session.post(self._url, json=update.to_json(), headers=headers) as response:
                if 200 <= response.status < 300:
                    await self._on_answer(response)
                    return None
                asked = response.headers.get("Retry-After", "")
                self._failed(f"Wrong response from the webhook: {response.status} {response.reason}")
                return int(asked) if asked.isdigit() else 0
        except TimeoutError:
            self._failed("Read timeout expired")
        except aiohttp.ClientConnectorError:
            self._failed("Connection refused")
        except aiohttp.ClientError:
            self._failed("Connection reset by peer")
        return 0

    def _failed(self, message: str) -> None:
        self._last_error = (self._now(), message)


def _check(url: str, secret: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("invalid webhook URL specified")
    # Telegram takes HTTPS alone; on this machine there is nobody to listen in.
    if parts.scheme == "http" and not _is_this_machine(parts.hostname):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
