"""The least Zalo that the assistant can be measured against: it accepts everything at once, so that only the assistant is measured."""

from itertools import count
from typing import Any

import orjson
from aiohttp import web

PAIR = {"access_token": "AT", "refresh_token": "RT", "expires_in": "90000"}


class FastZalo:
    """Answers a message with an id, whoever asks for a token with the same pair, and everything else with nothing in it; counts what
    was sent."""

    def __init__(self) -> None:
        self.sent = 0
        self._ids = count(1)
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        """Listen; the address."""
        app = web.Application()
        app.router.add_post("/v4/oa/access_token", self._token)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def close(self) -> None:
        """Stop."""
        if self._runner:
            await self._runner.cleanup()

    async def _token(self, request: web.Request) -> web.Response:
        await request.read()
        return _json(PAIR)

    async def _answer(self, request: web.Request) -> web.Response:
        await request.read()
        data: dict[str, Any] = {}
        if request.path.endswith("/message/cs"):
            self.sent += 1
            data = {"message_id": f"m{next(self._ids)}", "quota": {"quota_type": "reply"}}
        return _json({"error": 0, "message": "Success", "data": data})


def _json(body: object) -> web.Response:
    return web.Response(body=orjson.dumps(body), content_type="application/json")
