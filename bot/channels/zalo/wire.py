"""The HTTP session to Zalo, and what a call means that got no answer of Zalo's."""

import mimetypes
from collections.abc import Mapping
from typing import Any

import aiohttp
import orjson

from bot.domain.delivery import Trouble, Undeliverable
from bot.messages import clean

CALL_TIMEOUT = 25.0  # seconds; well within a delivery's lease, so that no other worker sends it meanwhile
CONNECTION_NEVER_MADE = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)

Answer = dict[str, Any]


class Wire:
    """One session for all calls. Each raises Undeliverable where no answer of Zalo's came back, and returns its JSON otherwise,
    whatever that says. No address, header or body of a call is ever logged: they hold tokens."""

    def __init__(self, timeout: float = CALL_TIMEOUT) -> None:
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._session: aiohttp.ClientSession | None = None

    async def get(self, url: str, query: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """Read something."""
        return await self._call("GET", url, headers=headers, params=query)

    async def post(self, url: str, body: Answer, headers: Mapping[str, str]) -> Answer:
        """Send JSON."""
        content_type = {"Content-Type": "application/json"}
        return await self._call("POST", url, headers={**headers, **content_type}, data=orjson.dumps(body))

    async def submit(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """Send a form, urlencoded."""
        return await self._call("POST", url, headers=headers, data=dict(form))

    async def upload(self, url: str, name: str, content: bytes, headers: Mapping[str, str]) -> Answer:
        """Send a file, as the field `file` of a form."""
        # The name as it is, in UTF-8, as a browser writes it: what is percent-encoded would be shown so.
        form = aiohttp.FormData(quote_fields=False)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        form.add_field("file", content, filename=" ".join(clean(name).split()), content_type=kind)
        return await self._call("POST", url, headers=headers, data=form)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def _call(self, method: str, url: str, **request: Any) -> Answer:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        try:
            async with self._session.request(method, url, allow_redirects=False, **request) as response:
                return _answer(response.status, await response.read())
        except CONNECTION_NEVER_MADE as error:
            raise Undeliverable(Trouble.NEVER_SENT, type(error).__name__) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Undeliverable(Trouble.AMBIGUOUS, type(error).__name__) from error


def _answer(status: int, body: bytes) -> Answer:
    """What Zalo says: JSON, with HTTP 200 even where it refuses. Anything else comes from a server that is ill, or one on the way."""
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        answer = None
    if status >= 500 or not isinstance(answer, dict):
        raise Undeliverable(Trouble.AMBIGUOUS, f"HTTP {status}")
    return answer
