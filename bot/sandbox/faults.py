"""Trouble on demand: the next calls of a method fail the way Telegram and the network between fail."""

import asyncio
import socket
import struct
from dataclasses import dataclass
from typing import Literal

from aiohttp import web

from bot.sandbox.refusals import Refusal, bad_request, blocked, migrated, too_many_requests, unauthorized

Kind = Literal[400, 401, 403, 429, 500, 502, "timeout", "reset", "migrated"]
HTML_502 = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
    "<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"
)


@dataclass(slots=True)
class Fault:
    """What will happen. `after_work`: the call takes effect, and only its answer is spoilt."""

    method: str
    kind: Kind
    left: int
    chat_id: int | str | None
    after_work: bool
    retry_after: int
    migrate_to: int


class Faults:
    """Faults in waiting, first come first served."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._closing = asyncio.Event()

    def next(
        self,
        method: str,
        status: Kind,
        times: int = 1,
        chat_id: int | str | None = None,
        *,
        after_work: bool = False,
        retry_after: int = 1,
        migrate_to: int = -1001000000000,
    ) -> None:
        """Spoil the next `times` calls of `method` (`*` for any), to `chat_id` only when it is given.

        429, 400, 401 and 403 are refusals; 500 comes as JSON, 502 as a web server's HTML page; `timeout` never answers;
        `reset` breaks the connection; `migrated` says that the group has a new id. With `after_work` the call has its
        effect all the same, which is what makes the ambiguous ones ambiguous.
        """
        self._waiting.append(Fault(method.lower(), status, times, chat_id, after_work, retry_after, migrate_to))

    def clear(self) -> None:
        """No more faults; what hangs in a timeout goes on hanging."""
        self._waiting.clear()

    @property
    def left(self) -> int:
        """How many calls are still going to fail."""
        return sum(fault.left for fault in self._waiting)

    def take(self, method: str, chat_id: int | str | None) -> Fault | None:
        """The fault for this call, used up by it."""
        for fault in self._waiting:
            if fault.method in ("*", method.lower()) and fault.chat_id in (None, chat_id):
                fault.left -= 1
                if fault.left == 0:
                    self._waiting.remove(fault)
                return fault
        return None

    async def strike(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        """Answer a call as the fault wants. Raises Refusal for those that the Bot API itself would send."""
        match fault.kind:
            case "timeout":
                await self._closing.wait()
                raise web.HTTPServiceUnavailable
            case "reset":
                return reset(request)
            case 502:
                return web.Response(status=502, text=HTML_502, content_type="text/html")
            case _:
                raise _refusal(fault)

    def close(self) -> None:
        """Let go of the calls that hang, so that the server can stop."""
        self._closing.set()


def _refusal(fault: Fault) -> Refusal:
    match fault.kind:
        case 429:
            return too_many_requests(fault.retry_after)
        case 401:
            return unauthorized()
        case 403:
            return blocked()
        case 500:
            return Refusal(500, "Internal Server Error")
        case "migrated":
            return migrated(fault.migrate_to)
    return bad_request("chat not found")


def reset(request: web.Request) -> web.Response:
    """Break the connection with RST, as a restarting balancer does."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response()
