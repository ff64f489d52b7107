"""Trouble on demand: the next calls of a path fail the way Zalo and the network between fail."""

import asyncio
from dataclasses import dataclass
from typing import Literal

from aiohttp import web

from bot.sandbox.faults import HTML_502, reset

Kind = Literal["timeout", "reset"] | int


@dataclass(slots=True)
class ZaloFault:
    """What will happen. `after_work`: the call takes effect, and only its answer is spoilt."""

    path: str
    kind: Kind
    left: int
    recipient: str
    after_work: bool


class ZaloFaults:
    """Faults in waiting, first come first served."""

    def __init__(self) -> None:
        self._waiting: list[ZaloFault] = []
        self._closing = asyncio.Event()

    def next(self, path: str, kind: Kind, times: int = 1, *, recipient: str = "", after_work: bool = False) -> None:
        """Spoil the next `times` calls of `path` (such as `/v3.0/oa/message/cs`, or `*` for any), to `recipient` (a user id or phone)
        only when one is given.

        A negative number is Zalo's own error code, with HTTP 200; 500 and 503 come as JSON, 502 as a web server's HTML page; `timeout`
        never answers; `reset` breaks the connection. With `after_work` the call has its effect all the same.
        """
        self._waiting.append(ZaloFault(path, kind, times, recipient, after_work))

    def clear(self) -> None:
        """No more faults; what hangs in a timeout goes on hanging."""
        self._waiting.clear()

    @property
    def left(self) -> int:
        """How many calls are still going to fail."""
        return sum(fault.left for fault in self._waiting)

    def take(self, path: str, recipient: str) -> ZaloFault | None:
        """The fault for this call, used up by it."""
        for fault in self._waiting:
            if fault.path in ("*", path) and fault.recipient in ("", recipient):
                fault.left -= 1
                if fault.left == 0:
                    self._waiting.remove(fault)
                return fault
        return None

    async def strike(self, fault: ZaloFault, request: web.Request) -> web.StreamResponse:
        """Answer a call as a fault wants that is no refusal of Zalo's."""
        match fault.kind:
            case "timeout":
                await self._closing.wait()
                raise web.HTTPServiceUnavailable
            case "reset":
                return reset(request)
            case 502:
                return web.Response(status=502, text=HTML_502, content_type="text/html")
        return web.json_response({"error": -200, "message": "Internal error"}, status=fault.kind)

    def close(self) -> None:
        """Let go of the calls that hang, so that the server can stop."""
        self._closing.set()
