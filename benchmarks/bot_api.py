"""The least Bot API that a bot can be measured against: it accepts everything at once, so that only the bot is measured."""

import asyncio
import contextlib
import secrets
import time
from collections import Counter
from itertools import count
from typing import Any

import orjson
from aiohttp import web

ME = {"id": 4200, "is_bot": True, "first_name": "Bot", "username": "bench_bot", "can_join_groups": True}
LONG_POLL = 5.0  # seconds


class FastApi:
    """Answers sendMessage with a message, getUpdates with what persons have written, everything else with true; remembers when
    which chat was written to."""

    def __init__(self) -> None:
        self.sent: Counter[int] = Counter()
        self.moments: list[float] = []
        # Not from 1: a bot that remembers what it has seen must not take the first updates of another life for repeats.
        self._ids = count(secrets.randbelow(1 << 29))
        self._waiting: list[dict[str, Any]] = []
        self._written = asyncio.Event()
        self._runner: web.AppRunner | None = None

    def write(self, person: int, text: str) -> None:
        """A person writes; only for bots that poll."""
        number = next(self._ids)
        sender = {"id": person, "is_bot": False, "first_name": "Lan", "language_code": "vi"}
        chat = {"id": person, "type": "private", "first_name": "Lan"}
        message = {"message_id": number, "date": 1_780_000_000, "from": sender, "chat": chat, "text": text}
        self._waiting.append({"update_id": number, "message": message})
        self._written.set()

    async def start(self) -> str:
        """Listen; the address."""
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def close(self) -> None:
        """Stop."""
        if self._runner:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"].lower()
        body = await request.read()
        fields = orjson.loads(body) if request.content_type == "application/json" else await request.post()
        if method == "getupdates":
            return _json({"ok": True, "result": await self._updates(int(str(fields.get("offset") or 0)))})
        if method != "sendmessage":
            return _json({"ok": True, "result": ME if method == "getme" else True})
        chat = int(str(fields["chat_id"]))
        self.sent[chat] += 1
        self.moments.append(time.monotonic())
        message = {
            "message_id": next(self._ids),
            "date": 1_780_000_000,
            "chat": {"id": chat, "type": "private"},
            "text": "x",
        }
        return _json({"ok": True, "result": {**message, "from": ME}})

    async def _updates(self, offset: int) -> list[dict[str, Any]]:
        self._waiting = [update for update in self._waiting if update["update_id"] >= offset]
        if not self._waiting:
            self._written.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._written.wait(), LONG_POLL)
        return self._waiting


def _json(body: object) -> web.Response:
    return web.Response(body=orjson.dumps(body), content_type="application/json")
