"""Calls to the Zalo Bot Platform, and what each failure of one means for a message."""

import json
from collections.abc import Mapping
from typing import Any

import aiohttp
import orjson

from bot.domain.delivery import Trouble, Undeliverable

CALL_TIMEOUT = 25.0  # seconds; well within a delivery's lease, so that no other worker sends it meanwhile
NEVER_MADE = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)

# ZALO: assumed [M]: that errors carry these codes in `error_code`, else as the HTTP status.
UNAUTHORIZED, FORBIDDEN, IDLE, QUOTA_EXCEEDED = 401, 403, 408, 429
UNREADABLE = 0  # an answer that is none of the platform's: the HTML page of a proxy
# ZALO: assumed [L]: 429 says "quota exceeded" both to who is too quick and to whose month is used up, and never for how long. So all
# wait a little a few times; from then on only the message that meets it, longer and longer, while others are tried.
BRIEF_PAUSES = (2.0, 10.0, 30.0)
LONG_PAUSE, LONGEST_PAUSE = 60.0, 3600.0


class PlatformError(Exception):
    """The platform said no. `code` as in its answer, `UNREADABLE` where that was none."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description


# What a call may raise.
CALL_FAILED = (PlatformError, aiohttp.ClientError, TimeoutError)


class Platform:
    """A client of the bot platform's server at `url`. Its addresses hold the token: no exception of it is logged by its text."""

    def __init__(self, token: str, url: str) -> None:
        self._address = f"{url}/bot{token}/"
        self._session: aiohttp.ClientSession | None = None
        self.patience = CALL_TIMEOUT

    async def call(self, method: str, arguments: Mapping[str, object], *, holds: float = 0) -> Any:
        """A method's result; None where it has none. `holds` are seconds that the platform may take before it answers at all. Raises
        one of `CALL_FAILED`."""
        if self._session is None:
            self._session = aiohttp.ClientSession(json_serialize=lambda value: orjson.dumps(value).decode())
        timeout = aiohttp.ClientTimeout(total=self.patience + holds)
        async with self._session.post(self._address + method, json=dict(arguments), timeout=timeout) as response:
            return _result(response.status, await response.read())

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def _result(status: int, body: bytes) -> Any:
    try:
        answer = json.loads(body)  # not orjson, which refuses half an emoji: a text with one would be lost
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or "ok" not in answer:
        raise PlatformError(UNREADABLE, f"HTTP {status}")
    if answer["ok"]:
        return answer.get("result")
    code = answer.get("error_code")
    raise PlatformError(code if isinstance(code, int) else status, str(answer.get("description", "")))


def undeliverable(error: Exception, attempts: int) -> Undeliverable:
    """What a failed call means for a message that is tried for the `attempts`-th time (RELIABILITY rule 5)."""
    match error:
        case PlatformError(code=code):
            return _refused(code, error.description, attempts)
        case _ if isinstance(error, NEVER_MADE):
            return Undeliverable(Trouble.NEVER_SENT, type(error).__name__)
    return Undeliverable(Trouble.AMBIGUOUS, type(error).__name__)


def _refused(code: int, description: str, attempts: int) -> Undeliverable:
    if code == UNAUTHORIZED:
        return Undeliverable(Trouble.UNAUTHORIZED, description)
    if code == FORBIDDEN:
        return Undeliverable(Trouble.FORBIDDEN, description)
    if code == QUOTA_EXCEEDED:
        return _out_of_quota(description, max(attempts, 1))
    if 400 <= code < 500 and code != IDLE:
        return Undeliverable(Trouble.REFUSED, description)
    return Undeliverable(Trouble.AMBIGUOUS, f"{code} {description}".strip())


def _out_of_quota(description: str, attempts: int) -> Undeliverable:
    if attempts <= len(BRIEF_PAUSES):
        return Undeliverable(Trouble.SLOW_DOWN, description, retry_after=BRIEF_PAUSES[attempts - 1])
    pause = LONG_PAUSE * 2.0 ** min(attempts - len(BRIEF_PAUSES) - 1, 10)
    return Undeliverable(Trouble.LATER, description, retry_after=min(pause, LONGEST_PAUSE))
